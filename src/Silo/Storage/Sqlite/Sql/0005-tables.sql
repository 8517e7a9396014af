-- Tables of records that were described for an organization; those that Dataverse has from the beginning are known without.

create table crm_table
(
    org                 integer not null,
    logical_name        text    not null,
    email_columns       text    not null,       -- a JSON array
    name_column         text    not null,
    owner_column        text,
    state_column        text,
    is_activity_enabled integer not null,
    primary key (org, logical_name)
) strict, without rowid;

-- The account or contact that a record belongs to.
alter table record add column customer_table text;
alter table record add column customer_id blob;

-- The active cases and opportunities of a customer; a query must name the tables as here to be answered by it.
create index record_customer on record (org, customer_table, customer_id)
    where customer_id is not null and is_active = 1 and logical_name in ('incident', 'opportunity');
