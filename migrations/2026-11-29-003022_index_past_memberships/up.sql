-- A file of results asks for the family that a person was of when a list froze. A start migrates before it serves, so
-- nobody waits for this lock.
-- squawk-ignore require-concurrent-index-creation
create index memberships_ended_idx on memberships (area_id, member_id) where ended_on is not null;
