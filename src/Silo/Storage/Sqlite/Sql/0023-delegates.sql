-- Who tracks mail of a mailbox for its owner, and sees it.
create table mailbox_delegate
(
    org         integer not null,
    mailbox     text    not null,
    system_user blob    not null,
    added_by    text    not null,
    added_on    integer not null,
    primary key (org, mailbox, system_user)
) strict, without rowid;

create index mailbox_delegate_user on mailbox_delegate (org, system_user);
