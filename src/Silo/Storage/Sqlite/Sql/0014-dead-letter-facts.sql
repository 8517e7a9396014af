-- A retry decides as the first try would have: when the mailbox received the message, and whether it is old mail.
alter table dead_letter add column received_on integer;
alter table dead_letter add column is_backfill integer not null default 0;
