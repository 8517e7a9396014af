-- How mail in a queue becomes records, in versions: that with the greatest number is in force. No body: the rule was removed.
create table creation_rule
(
    org        int         not null,
    queue      text        not null,
    version    bigint      not null,
    body       text,
    changed_by text        not null,
    changed_on timestamptz not null,
    why        text,
    primary key (queue, org, version)
);

-- What a rule created of an email: by which version, and which of its items.
create table created_record
(
    org          int         not null,
    email_key    bytea       not null check (length(email_key) = 16),
    queue        text        not null,
    logical_name text        not null,
    id           uuid        not null,
    rule_version bigint      not null,
    item         text        not null,
    created_on   timestamptz not null,
    primary key (email_key, org, queue)
);

-- Whether anybody ever set a rule: without, nothing is asked for it.
alter table organization add column has_rules boolean not null default false;

-- When a record became inactive, as far as that is known.
alter table record add column inactive_on timestamptz;

-- When a copy was first offered, whatever was decided then: the rule that was in force is the one that counts. Null: before it was noted.
alter table sighting add column seen_on timestamptz;
