-- Keys of programs. Of the secret only its SHA-256 is there.
create table api_key
(
    org          integer not null,
    id           text    not null,
    digest       text    not null,
    name         text    not null,
    role         integer not null,
    system_user  blob,
    scopes       text    not null,
    created_by   text    not null,
    created_on   integer not null,
    expires_on   integer not null,
    revoked_by   text,
    revoked_on   integer,
    last_used_on integer,
    primary key (org, id)
) strict, without rowid;

-- What people are who sign in with the identity provider.
create table signed_in
(
    org         integer not null,
    subject     text    not null,
    name        text    not null,
    role        integer not null,
    system_user blob,
    teams       text    not null,
    changed_by  text    not null,
    changed_on  integer not null,
    primary key (org, subject)
) strict, without rowid;

create index signed_in_user on signed_in (org, system_user);

-- Who changed what through the door.
create table audit_log
(
    number      integer primary key autoincrement,
    org         integer not null,
    occurred_on integer not null,
    by_id       text    not null,
    by_name     text    not null,
    action      text    not null,
    target      text    not null,
    outcome     integer not null,
    status      integer
) strict;

create index audit_log_org on audit_log (org, number);
