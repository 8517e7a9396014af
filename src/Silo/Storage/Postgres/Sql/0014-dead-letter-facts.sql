-- A retry decides as the first try would have: when the mailbox received the message, and whether it is old mail.
alter table dead_letter add column received_on timestamptz, add column is_backfill boolean not null default false;
