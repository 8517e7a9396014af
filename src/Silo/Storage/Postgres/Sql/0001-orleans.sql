-- What the Orleans ADO.NET providers need on PostgreSQL (invariant Npgsql): cluster membership, reminders and grain
-- state. A provider reads its statements from OrleansQuery when the silo starts and runs them as text with named
-- parameters, so the keys, the parameter names and the column names of the results are the contract (Orleans 10.4);
-- the tables are ours. Every statement below is one SQL statement, hence one transaction and one round trip.
--
-- The providers write OrleansQuery without a schema: their connection string carries Search Path=orleans.

create schema orleans;

create table orleans.OrleansQuery
(
    QueryKey  text primary key,
    QueryText text not null
);

-- Membership. One version row a cluster; every change of its members is a compare-and-swap on that version.

create table orleans.membership_version
(
    deployment_id text        primary key,
    version       int         not null default 0,
    changed_on    timestamptz not null default now()
);

create table orleans.membership
(
    deployment_id    text        not null references orleans.membership_version on delete cascade,
    address          text        not null,
    port             int         not null,
    generation       int         not null,
    silo_name        text        not null,
    host_name        text        not null,
    status           int         not null, -- Orleans.Runtime.SiloStatus: 3 active, 6 dead
    proxy_port       int         not null, -- 0: no gateway
    suspect_times    text,                 -- silo,time|silo,time: who voted against it, and when
    start_time       timestamptz not null,
    i_am_alive_time  timestamptz not null,
    primary key (deployment_id, address, port, generation)
);

-- Reminders.

-- Versions of reminders come from one sequence. Were they counted from zero in each row, a handle kept from before a
-- reminder was removed would fit the reminder registered again under the same name, and remove it.
create sequence orleans.reminder_version as int cycle;

create table orleans.reminder
(
    service_id    text        not null,
    grain_id      text        not null,
    reminder_name text        not null,
    start_time    timestamptz not null,
    period        bigint      not null, -- milliseconds
    grain_hash    int         not null, -- the uint32 of the ring in the bits of an int
    version       int         not null,
    primary key (service_id, grain_id, reminder_name)
);

create index reminder_by_hash on orleans.reminder (service_id, grain_hash);

-- Grain state.

-- The whole key is the primary key, so that two first writes of one grain cannot both become rows. The extension is
-- the key of a string-keyed grain and empty where Orleans hands null. The hash is no shortcut: it alone keeps the
-- string key 'a' apart from the integer key 0 with extension 'a', which agree in all other columns.
create table orleans.grain_state
(
    service_id   text        not null,
    state_name   text        not null, -- the provider's GrainTypeString: the state's name, not the grain's type
    id_hash      int         not null,
    id_n0        bigint      not null,
    id_n1        bigint      not null,
    id_extension text        not null,
    version      int         not null,
    payload      bytea,                -- null: cleared
    modified_on  timestamptz not null default now(),
    primary key (service_id, state_name, id_hash, id_n0, id_n1, id_extension)
);

insert into orleans.OrleansQuery (QueryKey, QueryText) values

-- Membership statements.

-- All silos of a new cluster start at once: one inserts the version row, the others find it.
('InsertMembershipVersionKey', $sql$
with inserted as (
    insert into orleans.membership_version (deployment_id)
    values (@DeploymentId)
    on conflict (deployment_id) do nothing
    returning 1
)
select exists (select from inserted)
$sql$),

-- Two silos join from the same view of the cluster. The version row is locked first and its version is checked again
-- after the wait, so one of them moves it and inserts; the other finds no row to move and hence has none to insert.
-- A silo that is there already leaves the version as it was.
('InsertMembershipKey', $sql$
with advanced as (
    update orleans.membership_version
    set version = version + 1, changed_on = now()
    where deployment_id = @DeploymentId
      and version = @Version
      and not exists (
          select from orleans.membership
          where deployment_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
    returning deployment_id
), inserted as (
    insert into orleans.membership
        (deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, i_am_alive_time)
    select deployment_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
    from advanced
    returning 1
)
select exists (select from inserted)
$sql$),

-- Two silos judge a third at once. As above: the version moves once, and only together with the member's row.
-- The writer copied the alive time from its view, which may be older than what the member has since said itself.
('UpdateMembershipKey', $sql$
with advanced as (
    update orleans.membership_version
    set version = version + 1, changed_on = now()
    where deployment_id = @DeploymentId
      and version = @Version
      and exists (
          select from orleans.membership
          where deployment_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
    returning deployment_id
), updated as (
    update orleans.membership member
    set status = @Status,
        suspect_times = @SuspectTimes,
        i_am_alive_time = greatest(member.i_am_alive_time, @IAmAliveTime)
    from advanced
    where member.deployment_id = advanced.deployment_id
      and member.address = @Address and member.port = @Port and member.generation = @Generation
    returning 1
)
select exists (select from updated)
$sql$),

-- A heartbeat is no change of the cluster: it leaves the version alone and races nobody.
('UpdateIAmAlivetimeKey', $sql$
update orleans.membership
set i_am_alive_time = @IAmAliveTime
where deployment_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$sql$),

-- The version row comes back even without a member: it is what the next change is compared with. One statement reads
-- both from one snapshot, so the version belongs to the members beside it.
('MembershipReadRowKey', $sql$
select version.version as Version, member.address as Address, member.port as Port, member.generation as Generation,
       member.silo_name as SiloName, member.host_name as HostName, member.status as Status, member.proxy_port as ProxyPort,
       member.suspect_times as SuspectTimes, member.start_time as StartTime, member.i_am_alive_time as IAmAliveTime
from orleans.membership_version version
left join orleans.membership member
  on member.deployment_id = version.deployment_id
 and member.address = @Address and member.port = @Port and member.generation = @Generation
where version.deployment_id = @DeploymentId
$sql$),

('MembershipReadAllKey', $sql$
select version.version as Version, member.address as Address, member.port as Port, member.generation as Generation,
       member.silo_name as SiloName, member.host_name as HostName, member.status as Status, member.proxy_port as ProxyPort,
       member.suspect_times as SuspectTimes, member.start_time as StartTime, member.i_am_alive_time as IAmAliveTime
from orleans.membership_version version
left join orleans.membership member on member.deployment_id = version.deployment_id
where version.deployment_id = @DeploymentId
$sql$),

('GatewaysQueryKey', $sql$
select address as Address, proxy_port as ProxyPort, generation as Generation
from orleans.membership
where deployment_id = @DeploymentId and status = @Status and proxy_port > 0
$sql$),

-- The members go with the version row (on delete cascade).
('DeleteMembershipTableEntriesKey', $sql$
delete from orleans.membership_version where deployment_id = @DeploymentId
$sql$),

-- Dead is final, and every row is judged as it is when it goes: there is no view to grow old.
('CleanupDefunctSiloEntriesKey', $sql$
delete from orleans.membership
where deployment_id = @DeploymentId and status = 6 and start_time < @IAmAliveTime and i_am_alive_time < @IAmAliveTime
$sql$),

-- Reminder statements.

-- Two activations register one reminder at once: the second waits for the first and overwrites it. The last one wins,
-- there is one row, and the version of the first no longer removes it.
('UpsertReminderRowKey', $sql$
insert into orleans.reminder (service_id, grain_id, reminder_name, start_time, period, grain_hash, version)
values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, nextval('orleans.reminder_version'))
on conflict (service_id, grain_id, reminder_name) do update
set start_time = excluded.start_time, period = excluded.period, grain_hash = excluded.grain_hash, version = excluded.version
returning version as version
$sql$),

('ReadReminderRowKey', $sql$
select grain_id as GrainId, reminder_name as ReminderName, start_time as StartTime, period as Period, version as Version
from orleans.reminder
where service_id = @ServiceId and grain_id = @GrainId and reminder_name = @ReminderName
$sql$),

('ReadReminderRowsKey', $sql$
select grain_id as GrainId, reminder_name as ReminderName, start_time as StartTime, period as Period, version as Version
from orleans.reminder
where service_id = @ServiceId and grain_id = @GrainId
$sql$),

-- A silo owns the hashes after the begin up to and with the end.
('ReadRangeRows1Key', $sql$
select grain_id as GrainId, reminder_name as ReminderName, start_time as StartTime, period as Period, version as Version
from orleans.reminder
where service_id = @ServiceId and grain_hash > @BeginHash and grain_hash <= @EndHash
$sql$),

-- The range passes the end of the ring (from the greatest int to the least), or is the whole ring (begin = end).
('ReadRangeRows2Key', $sql$
select grain_id as GrainId, reminder_name as ReminderName, start_time as StartTime, period as Period, version as Version
from orleans.reminder
where service_id = @ServiceId and (grain_hash > @BeginHash or grain_hash <= @EndHash)
$sql$),

-- Removed by one activation while another registers it again: only the version that was read is removed.
('DeleteReminderRowKey', $sql$
with deleted as (
    delete from orleans.reminder
    where service_id = @ServiceId and grain_id = @GrainId and reminder_name = @ReminderName and version = @Version
    returning 1
)
select exists (select from deleted)
$sql$),

('DeleteReminderRowsKey', $sql$
delete from orleans.reminder where service_id = @ServiceId
$sql$),

-- Grain state statements. Null as the new version is how the provider learns of a conflict.

-- While membership settles two activations of one grain may write.
--   Both write first (no version): the second waits in the primary key, does nothing and answers null.
--   Both update: the second waits for the row, then its version no longer fits and it answers null.
('WriteToStorageKey', $sql$
with inserted as (
    insert into orleans.grain_state (service_id, state_name, id_hash, id_n0, id_n1, id_extension, version, payload)
    select @ServiceId, @GrainTypeString, @GrainIdHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString::text, ''),
           1, @PayloadBinary
    where @GrainStateVersion::int is null
    on conflict (service_id, state_name, id_hash, id_n0, id_n1, id_extension) do nothing
    returning version
), updated as (
    update orleans.grain_state
    set version = version + 1, payload = @PayloadBinary, modified_on = now()
    where service_id = @ServiceId and state_name = @GrainTypeString and id_hash = @GrainIdHash
      and id_n0 = @GrainIdN0 and id_n1 = @GrainIdN1 and id_extension = coalesce(@GrainIdExtensionString::text, '')
      and version = @GrainStateVersion::int
    returning version
)
select (select version from inserted union all select version from updated) as NewGrainStateVersion
$sql$),

('ReadFromStorageKey', $sql$
select payload as PayloadBinary, version as Version
from orleans.grain_state
where service_id = @ServiceId and state_name = @GrainTypeString and id_hash = @GrainIdHash
  and id_n0 = @GrainIdN0 and id_n1 = @GrainIdN1 and id_extension = coalesce(@GrainIdExtensionString::text, '')
$sql$),

-- Clearing keeps the row and moves its version, so a stale activation meets a conflict afterwards as well. That is
-- why there is no DeleteStorageKey: in a row written anew the versions would begin again and fit an old activation.
('ClearStorageKey', $sql$
with cleared as (
    update orleans.grain_state
    set version = version + 1, payload = null, modified_on = now()
    where service_id = @ServiceId and state_name = @GrainTypeString and id_hash = @GrainIdHash
      and id_n0 = @GrainIdN0 and id_n1 = @GrainIdN1 and id_extension = coalesce(@GrainIdExtensionString::text, '')
      and version = @GrainStateVersion::int
    returning version
)
select (select version from cleared) as NewGrainStateVersion
$sql$);
