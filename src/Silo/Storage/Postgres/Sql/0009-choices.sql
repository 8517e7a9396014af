-- A person chose this record for this address, for all mail. is_own: the record has the address itself, as it was loaded; a row that
-- is not its own is there by the choice alone. One choice for an address.
alter table record_address add column is_chosen boolean not null default false, add column is_own boolean not null default true;

create unique index record_address_chosen on record_address (address, org) where is_chosen;

-- Who chose a record for an address, and who took that back. The version is that of the directory: one that chooses another record
-- takes the first choice back in the same version.
create table address_choice_log
(
    org          int         not null,
    version      bigint      not null,
    cleared      boolean     not null,
    address      text        not null,
    logical_name text        not null,
    id           uuid        not null,
    chosen_by    text        not null,
    chosen_on    timestamptz not null,
    why          text,
    primary key (address, org, version, cleared)
);

create index address_choice_log_record on address_choice_log (id, logical_name, org, version);

-- For a resolve: the address of a party, which stands for the record in the act's email.
alter table act add column address text;

create index act_resolved on act (record_id, record_table, org) where address is not null;
