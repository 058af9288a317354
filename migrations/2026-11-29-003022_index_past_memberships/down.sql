-- squawk-ignore require-concurrent-index-deletion
drop index memberships_ended_idx;
