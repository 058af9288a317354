drop table member_keys;
