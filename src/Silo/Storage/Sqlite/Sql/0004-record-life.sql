-- What became of a record: merged into another of its table, converted into one of another table, deleted. A deleted record is
-- kept with its addresses, so that it can be told that it was there; nobody is meant by them any more.
alter table record add column successor_table text;
alter table record add column successor_id blob;
alter table record add column deleted_on integer;

create index record_successor on record (org, successor_table, successor_id) where successor_id is not null;

-- Counts the changes of records.
alter table organization add column directory_version integer not null default 0;

-- A page of records that changed, and the addresses (a JSON array) that may stand for other records since: emails that have not
-- seen it are resolved anew. One row for a page: a load of a million records must stay cheap.
create table directory_change
(
    org        integer not null,
    version    integer not null,
    changed_on integer not null,
    addresses  text    not null,
    primary key (org, version)
) strict, without rowid;

-- Which version of the directory all parties of the email were resolved by, and how, as far as that is not plain.
alter table email add column directory_version integer not null default 0;
alter table email add column party_trace text;

create index email_regarding on email (org, regarding_id) where regarding_id is not null;
