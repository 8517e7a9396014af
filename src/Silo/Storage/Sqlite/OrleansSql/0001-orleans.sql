-- What the Orleans ADO.NET grain storage needs on SQLite (invariant System.Data.SQLite, which loads
-- Microsoft.Data.Sqlite), in a database file of its own: the provider writes from any thread, the tracking tables have
-- one writer. Membership and reminders have no SQLite form: the embedded silo runs alone.
--
-- The provider reads its statements from OrleansQuery when the silo starts and runs them as text with named
-- parameters, so the keys, the parameter names and the column names of the results are the contract (Orleans 10.4).

create table OrleansQuery
(
    QueryKey  text not null primary key,
    QueryText text not null
) strict;

-- The whole key is the primary key, so that two first writes of one grain cannot both become rows. The extension is
-- the key of a string-keyed grain and empty where Orleans hands null. The hash is no shortcut: it alone keeps the
-- string key 'a' apart from the integer key 0 with extension 'a', which agree in all other columns.
create table grain_state
(
    service_id   text    not null,
    state_name   text    not null, -- the provider's GrainTypeString: the state's name, not the grain's type
    id_hash      integer not null,
    id_n0        integer not null,
    id_n1        integer not null,
    id_extension text    not null,
    version      integer not null,
    payload      blob,             -- null: cleared
    modified_on  text    not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    primary key (service_id, state_name, id_hash, id_n0, id_n1, id_extension)
) strict;

insert into OrleansQuery (QueryKey, QueryText) values

-- While a failed activation is replaced two of one grain may write. Each text below writes with one statement, and an
-- SQLite writer is alone, so the one that comes second sees what the first did:
--   Both write first (no version): the second meets the row, which has no version null, and changes nothing.
--   Both update: the second finds another version, has nothing to insert and changes nothing.
-- Nothing changed is answered with one row that holds null: the provider's word for a conflict.
('WriteToStorageKey', '
insert into grain_state (service_id, state_name, id_hash, id_n0, id_n1, id_extension, version, payload)
select @ServiceId, @GrainTypeString, @GrainIdHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''''), 1, @PayloadBinary
where @GrainStateVersion is null
   or exists (
       select 1 from grain_state
       where service_id = @ServiceId and state_name = @GrainTypeString and id_hash = @GrainIdHash
         and id_n0 = @GrainIdN0 and id_n1 = @GrainIdN1 and id_extension = coalesce(@GrainIdExtensionString, '''')
         and version = @GrainStateVersion)
on conflict (service_id, state_name, id_hash, id_n0, id_n1, id_extension) do update
set version = grain_state.version + 1, payload = excluded.payload, modified_on = excluded.modified_on
where grain_state.version = @GrainStateVersion
returning version as NewGrainStateVersion;

select null as NewGrainStateVersion where changes() = 0;
'),

('ReadFromStorageKey', '
select payload as PayloadBinary, version as Version
from grain_state
where service_id = @ServiceId and state_name = @GrainTypeString and id_hash = @GrainIdHash
  and id_n0 = @GrainIdN0 and id_n1 = @GrainIdN1 and id_extension = coalesce(@GrainIdExtensionString, '''')
'),

-- Clearing keeps the row and moves its version, so a stale activation meets a conflict afterwards as well. That is
-- why there is no DeleteStorageKey: in a row written anew the versions would begin again and fit an old activation.
('ClearStorageKey', '
update grain_state
set version = version + 1, payload = null, modified_on = strftime(''%Y-%m-%dT%H:%M:%fZ'', ''now'')
where service_id = @ServiceId and state_name = @GrainTypeString and id_hash = @GrainIdHash
  and id_n0 = @GrainIdN0 and id_n1 = @GrainIdN1 and id_extension = coalesce(@GrainIdExtensionString, '''')
  and version = @GrainStateVersion
returning version as NewGrainStateVersion;

select null as NewGrainStateVersion where changes() = 0;
');
