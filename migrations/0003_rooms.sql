create table rooms (id text not null primary key, title text not null, permanent integer not null, created_by bigint, created_at bigint not null, epoch text not null, head_seq bigint not null);
create table events (room_id text not null, seq bigint not null, id text not null, kind text not null, author_id bigint not null, client_id text, digest text, body text not null, sent_at bigint not null, primary key (room_id, seq));
create unique index events_once on events (room_id, author_id, client_id) where client_id is not null;
