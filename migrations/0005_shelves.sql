create table shelves (shelf text not null, key text not null, value text not null, primary key (shelf, key));
