-- How mailboxes are read. A profile is JSON; no secret is in it, only where one is.
create table server_profile
(
    org  int  not null,
    name text not null,
    body text not null,
    primary key (name, org)
);

-- How a mailbox is read, and how that goes: the first part is written by people, from "state" on by whoever reads it.
create table mailbox_connection
(
    mailbox_id        bigint   primary key,
    org               int      not null,
    profile           text     not null,
    user_name         text     not null,
    secret            text,
    starts_on         date     not null,
    approval          smallint not null,
    is_enabled        boolean  not null,
    deletes_processed boolean  not null,
    approved_by       text,
    state             smallint not null default 0,
    since             timestamptz,
    last_read_on      timestamptz,
    problem_kind      smallint,
    problem           text,
    next_step         text,
    failures          int      not null default 0,
    retry_on          timestamptz
);

create index mailbox_connection_profile on mailbox_connection (profile, org);

-- A folder that was seen, and how far it was read: mark_next is null until it was. The change is the bits of an unsigned number.
create table mailbox_folder
(
    mailbox_id    bigint   not null,
    number        int      not null,
    server_id     text,
    path          text     not null,
    name          text     not null,
    role          smallint not null,
    validity      bigint   not null,
    mark_validity bigint,
    mark_next     bigint,
    mark_change   bigint,
    gone_on       timestamptz,
    primary key (mailbox_id, number)
);

-- A message that was dealt with. There are many of them: what was decided of it is its sighting's to say, whose item is
-- folder.validity.number, in the folder of this name, which stays when the folder has a new one.
create table mailbox_item
(
    mailbox_id   bigint      not null,
    validity     bigint      not null,
    number       bigint      not null check (number > 0),
    seen_on      timestamptz not null,
    gone_on      timestamptz,
    folder       int         not null,
    label        smallint    not null,
    place_folder text        not null,
    primary key (mailbox_id, folder, validity, number)
);

create index mailbox_item_seen on mailbox_item (mailbox_id, seen_on) where gone_on is null;
create index mailbox_item_gone on mailbox_item (mailbox_id, gone_on) where gone_on is not null;

-- The last alert of each subject.
create table alert
(
    org        int         not null,
    subject    text        not null,
    level      smallint    not null,
    cause      text        not null,
    next_step  text        not null,
    raised_on  timestamptz not null,
    cleared_on timestamptz,
    primary key (subject, org)
);

create index alert_standing on alert (org, raised_on) where cleared_on is null;
create index alert_cleared on alert (org, raised_on) where cleared_on is not null;

-- Whether a folder rule is in force, and for mail of which days.
alter table mailbox_tracking_folder
    add column state smallint not null default 0, add column from_day date, add column until_day date;
