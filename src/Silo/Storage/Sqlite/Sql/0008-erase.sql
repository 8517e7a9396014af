-- What was erased, by whom and why. Of an address only its digest is kept.
create table erasure
(
    id             blob    primary key,
    org            integer not null,
    kind           integer not null,
    address_digest blob    check (length(address_digest) = 32),
    erased_by      text    not null,
    erased_on      integer not null,
    why            text,
    emails         integer not null default 0,
    copies         integer not null default 0,
    bytes          integer not null default 0,
    swept_on       integer,
    finished_on    integer
) strict, without rowid;

create index erasure_erased on erasure (erased_on, org);

-- The emails of an erasure that is not finished, settled when it begins: who takes it up again needs no address.
create table erasure_email
(
    erasure_id blob    not null,
    email_key  blob    not null check (length(email_key) = 16),
    is_done    integer not null default 0,
    primary key (erasure_id, email_key)
) strict, without rowid;

create index erasure_email_due on erasure_email (erasure_id) where is_done = 0;
