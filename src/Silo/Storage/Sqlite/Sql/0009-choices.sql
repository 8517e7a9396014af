-- A person chose this record for this address, for all mail. is_own: the record has the address itself, as it was loaded; a row that
-- is not its own is there by the choice alone. One choice for an address.
alter table record_address add column is_chosen integer not null default 0;
alter table record_address add column is_own integer not null default 1;

-- What a record's addresses are asked for with it, so that the index is all that is read.
drop index record_address_record;
create index record_address_record on record_address (org, logical_name, id, address, is_chosen, is_own);

create unique index record_address_chosen on record_address (org, address) where is_chosen;

-- Who chose a record for an address, and who took that back. The version is that of the directory: one that chooses another record
-- takes the first choice back in the same version.
create table address_choice_log
(
    org          integer not null,
    version      integer not null,
    cleared      integer not null,
    address      text    not null,
    logical_name text    not null,
    id           blob    not null,
    chosen_by    text    not null,
    chosen_on    integer not null,
    why          text,
    primary key (org, address, version, cleared)
) strict, without rowid;

create index address_choice_log_record on address_choice_log (org, logical_name, id, version);

-- For a resolve: the address of a party, which stands for the record in the act's email.
alter table act add column address text;

create index act_resolved on act (org, record_table, record_id) where address is not null;
