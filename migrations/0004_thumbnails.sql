alter table uploads add column thumb text;
alter table uploads add column thumb_bytes bigint not null default 0;
create unique index uploads_by_thumb on uploads (thumb) where thumb is not null;
