-- A full list that a family is no longer on tells what is reserved for it.
alter table imports add column allocations_reserved int not null default 0;
comment on column imports.allocations_reserved is 'Allocations that wait for families whom a full list no longer names';
