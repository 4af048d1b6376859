-- Who has no account: 1 is a guest, 2 a guest who has given up the name and whose files are still in messages.
-- A guest has no e-mail address and no password. The texts that are unique among accounts are '~' and the id then: no name and no
-- address can be written like that.
alter table users add column guest bigint not null default 0;
create index users_guests on users (created_at) where guest = 1;
-- What user names look like, several rows a name; those of accounts from before are added at the start.
create table looks (look text not null, user_id bigint not null references users (id) on delete cascade, primary key (look, user_id));
create index looks_by_user on looks (user_id);
