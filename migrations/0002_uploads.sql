create table uploads (name text not null primary key, user_id bigint not null references users (id) on delete cascade, shown_name text not null, bytes bigint not null, mime text not null, kind text not null, width bigint, height bigint, created_at bigint not null, used_at bigint);
create index uploads_by_user on uploads (user_id);
create index uploads_unused on uploads (created_at) where used_at is null;
