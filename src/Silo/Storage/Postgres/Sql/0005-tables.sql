-- Tables of records that were described for an organization; those that Dataverse has from the beginning are known without.

create table crm_table
(
    org                 int     not null,
    logical_name        text    not null,
    email_columns       text[]  not null,
    name_column         text    not null,
    owner_column        text,
    state_column        text,
    is_activity_enabled boolean not null,
    primary key (logical_name, org)
);

-- The account or contact that a record belongs to.
alter table record add column customer_table text, add column customer_id uuid;

-- The active cases and opportunities of a customer; a query must name the tables as here to be answered by it.
create index record_customer on record (customer_id, customer_table, org)
    where customer_id is not null and is_active and logical_name in ('incident', 'opportunity');
