-- A log ends where its newest event is: a second place that says so had to be written with every batch.
alter table rooms drop column head_seq;
