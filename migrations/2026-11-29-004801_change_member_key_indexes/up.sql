-- Those who share a key are read from its index alone; each was read from the table as well, somewhere else in it, though
-- only who it is was asked. A start migrates before it serves, so nobody waits for these locks.
-- squawk-ignore require-concurrent-index-creation
create index member_keys_nik_start_new on member_keys (area_id, nik_start) include (member_id) where nik_start is not null;
-- squawk-ignore require-concurrent-index-creation
create index member_keys_born_village_new on member_keys (area_id, born_village) include (member_id) where born_village is not null;
-- squawk-ignore require-concurrent-index-creation
create index member_keys_name_village_new on member_keys (area_id, name_village) include (member_id) where name_village is not null;
-- squawk-ignore require-concurrent-index-creation
create index member_keys_first_word_new on member_keys (area_id, first_word) include (member_id) where first_word is not null;
-- squawk-ignore require-concurrent-index-creation
create index member_keys_second_word_new on member_keys (area_id, second_word) include (member_id) where second_word is not null;
-- squawk-ignore require-concurrent-index-creation
create index member_keys_phone_sex_new on member_keys (area_id, phone_sex) include (member_id) where phone_sex is not null;
-- squawk-ignore require-concurrent-index-deletion
drop index member_keys_nik_start_idx;
-- squawk-ignore renaming-object
alter index member_keys_nik_start_new rename to member_keys_nik_start_idx;
-- squawk-ignore require-concurrent-index-deletion
drop index member_keys_born_village_idx;
-- squawk-ignore renaming-object
alter index member_keys_born_village_new rename to member_keys_born_village_idx;
-- squawk-ignore require-concurrent-index-deletion
drop index member_keys_name_village_idx;
-- squawk-ignore renaming-object
alter index member_keys_name_village_new rename to member_keys_name_village_idx;
-- squawk-ignore require-concurrent-index-deletion
drop index member_keys_first_word_idx;
-- squawk-ignore renaming-object
alter index member_keys_first_word_new rename to member_keys_first_word_idx;
-- squawk-ignore require-concurrent-index-deletion
drop index member_keys_second_word_idx;
-- squawk-ignore renaming-object
alter index member_keys_second_word_new rename to member_keys_second_word_idx;
-- squawk-ignore require-concurrent-index-deletion
drop index member_keys_phone_sex_idx;
-- squawk-ignore renaming-object
alter index member_keys_phone_sex_new rename to member_keys_phone_sex_idx;
