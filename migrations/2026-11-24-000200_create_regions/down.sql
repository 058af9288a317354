drop table regions;
drop table region_editions;
drop table areas;
