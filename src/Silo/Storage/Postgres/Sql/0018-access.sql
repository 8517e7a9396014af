-- Keys of programs. Of the secret only its SHA-256 is there.
create table api_key
(
    org          int         not null,
    id           text        not null,
    digest       text        not null,
    name         text        not null,
    role         smallint    not null,
    system_user  uuid,
    scopes       text        not null,
    created_by   text        not null,
    created_on   timestamptz not null,
    expires_on   timestamptz not null,
    revoked_by   text,
    revoked_on   timestamptz,
    last_used_on timestamptz,
    primary key (org, id)
);

-- What people are who sign in with the identity provider.
create table signed_in
(
    org         int         not null,
    subject     text        not null,
    name        text        not null,
    role        smallint    not null,
    system_user uuid,
    teams       text        not null,
    changed_by  text        not null,
    changed_on  timestamptz not null,
    primary key (org, subject)
);

create index signed_in_user on signed_in (org, system_user);

-- Who changed what through the door.
create table audit_log
(
    org         int         not null,
    number      bigint      generated always as identity,
    occurred_on timestamptz not null,
    by_id       text        not null,
    by_name     text        not null,
    action      text        not null,
    target      text        not null,
    outcome     smallint    not null,
    status      smallint,
    primary key (org, number)
);
