-- How mail in a queue becomes records, in versions: that with the greatest number is in force. No body: the rule was removed.
create table creation_rule
(
    org        integer not null,
    queue      text    not null,
    version    integer not null,
    body       text,
    changed_by text    not null,
    changed_on integer not null,
    why        text,
    primary key (org, queue, version)
) strict, without rowid;

-- What a rule created of an email: by which version, and which of its items.
create table created_record
(
    org          integer not null,
    email_key    blob    not null check (length(email_key) = 16),
    queue        text    not null,
    logical_name text    not null,
    id           blob    not null check (length(id) = 16),
    rule_version integer not null,
    item         text    not null,
    created_on   integer not null,
    primary key (org, email_key, queue)
) strict, without rowid;

-- Whether anybody ever set a rule: without, nothing is asked for it.
alter table organization add column has_rules integer not null default 0;

-- When a record became inactive, as far as that is known.
alter table record add column inactive_on integer;

-- When a copy was first offered, whatever was decided then: the rule that was in force is the one that counts. Null: before it was noted.
alter table sighting add column seen_on integer;
