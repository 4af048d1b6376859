create table users (id bigint not null primary key, username text not null, username_key text not null unique, name text not null, email text not null, email_key text not null unique, password_hash text not null, created_at bigint not null);
create table logins (key_hash text not null primary key, sid text not null unique, token_hash text not null unique, user_id bigint not null references users (id) on delete cascade, state text not null, created_at bigint not null, seen_at bigint not null, expires_at bigint not null);
create index logins_by_user on logins (user_id);
create index logins_by_expiry on logins (expires_at);
