-- Why a setting was changed, in the words of who changed it.
alter table setting add column why text;

-- What the owner of a mailbox chose besides its filter, as JSON; null: nothing.
alter table mailbox add column options text;

-- By which a recipient's other addresses lead to its mailbox.
create index mailbox_owner on mailbox (owner_id, org) where owner_id is not null;

-- Who changed which option of a mailbox.
create table mailbox_change
(
    id         bigint      generated always as identity primary key,
    org        int         not null,
    mailbox    text        not null,
    name       text        not null,
    before     text        not null,
    after      text        not null,
    changed_by text        not null,
    changed_on timestamptz not null,
    why        text
);

create index mailbox_change_mailbox on mailbox_change (mailbox, org, id);
