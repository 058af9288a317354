drop table reserves;
