-- The seats of one entitlement or allocation are counted before another is given. A start migrates before it serves, so
-- nobody waits for this lock.
-- squawk-ignore require-concurrent-index-creation
create index training_participants_aid_idx on training_participants (area_id, aid_id) where aid_id is not null;
