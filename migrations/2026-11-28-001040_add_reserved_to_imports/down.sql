alter table imports drop column allocations_reserved;
