-- What became of a record: merged into another of its table, converted into one of another table, deleted. A deleted record is
-- kept with its addresses, so that it can be told that it was there; nobody is meant by them any more.
alter table record add column successor_table text, add column successor_id uuid, add column deleted_on timestamptz;

create index record_successor on record (successor_id, successor_table, org) where successor_id is not null;

-- Counts the changes of records. Who changes records locks this row first: versions are in the order of the commits.
alter table organization add column directory_version bigint not null default 0;

-- A page of records that changed, and the addresses that may stand for other records since: emails that have not seen it are
-- resolved anew. One row for a page: a load of a million records must stay cheap.
create table directory_change
(
    org        int         not null,
    version    bigint      not null,
    changed_on timestamptz not null,
    addresses  text[]      not null,
    primary key (org, version)
);

-- Which version of the directory all parties of the email were resolved by, and how, as far as that is not plain.
alter table email add column directory_version bigint not null default 0, add column party_trace text;

create index email_regarding on email (regarding_id, org) where regarding_id is not null;
