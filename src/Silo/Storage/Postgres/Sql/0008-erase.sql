-- What was erased, by whom and why. Of an address only its digest is kept.
create table erasure
(
    id             uuid        primary key,
    org            int         not null,
    kind           smallint    not null,
    address_digest bytea       check (octet_length(address_digest) = 32),
    erased_by      text        not null,
    erased_on      timestamptz not null,
    why            text,
    emails         bigint      not null default 0,
    copies         bigint      not null default 0,
    bytes          bigint      not null default 0,
    swept_on       timestamptz,
    finished_on    timestamptz
);

create index erasure_erased on erasure (erased_on, org);
create index erasure_open on erasure (org) where finished_on is null;

-- The emails of an erasure that is not finished, settled when it begins: who takes it up again needs no address.
create table erasure_email
(
    erasure_id uuid    not null,
    email_key  bytea   not null check (octet_length(email_key) = 16),
    is_done    boolean not null default false,
    primary key (erasure_id, email_key)
);

create index erasure_email_due on erasure_email (erasure_id) where not is_done;
