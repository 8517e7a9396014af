-- How mailboxes are read. A profile is JSON; no secret is in it, only where one is.
create table server_profile
(
    org  integer not null,
    name text    not null,
    body text    not null,
    primary key (org, name)
) strict, without rowid;

-- How a mailbox is read, and how that goes: the first part is written by people, from "state" on by whoever reads it. Days are
-- texts, year first.
create table mailbox_connection
(
    mailbox_id        integer primary key,
    org               integer not null,
    profile           text    not null,
    user_name         text    not null,
    secret            text,
    starts_on         text    not null,
    approval          integer not null,
    is_enabled        integer not null,
    deletes_processed integer not null,
    approved_by       text,
    state             integer not null default 0,
    since             integer,
    last_read_on      integer,
    problem_kind      integer,
    problem           text,
    next_step         text,
    failures          integer not null default 0,
    retry_on          integer
) strict;

create index mailbox_connection_profile on mailbox_connection (org, profile);

-- A folder that was seen, and how far it was read: mark_next is null until it was. The change is the bits of an unsigned number.
create table mailbox_folder
(
    mailbox_id    integer not null,
    number        integer not null,
    server_id     text,
    path          text    not null,
    name          text    not null,
    role          integer not null,
    validity      integer not null,
    mark_validity integer,
    mark_next     integer,
    mark_change   integer,
    gone_on       integer,
    primary key (mailbox_id, number)
) strict, without rowid;

-- A message that was dealt with. There are many of them: what was decided of it is its sighting's to say, whose item is
-- folder.validity.number, in the folder of this name, which stays when the folder has a new one.
create table mailbox_item
(
    mailbox_id   integer not null,
    folder       integer not null,
    validity     integer not null,
    number       integer not null check (number > 0),
    place_folder text    not null,
    label        integer not null,
    seen_on      integer not null,
    gone_on      integer,
    primary key (mailbox_id, folder, validity, number)
) strict, without rowid;

create index mailbox_item_seen on mailbox_item (mailbox_id, seen_on) where gone_on is null;
create index mailbox_item_gone on mailbox_item (mailbox_id, gone_on) where gone_on is not null;

-- The last alert of each subject.
create table alert
(
    org        integer not null,
    subject    text    not null,
    level      integer not null,
    cause      text    not null,
    next_step  text    not null,
    raised_on  integer not null,
    cleared_on integer,
    primary key (org, subject)
) strict, without rowid;

create index alert_standing on alert (org, raised_on) where cleared_on is null;
create index alert_cleared on alert (org, raised_on) where cleared_on is not null;

-- Whether a folder rule is in force, and for mail of which days.
alter table mailbox_tracking_folder add column state integer not null default 0;
alter table mailbox_tracking_folder add column from_day text;
alter table mailbox_tracking_folder add column until_day text;
