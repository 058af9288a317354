-- squawk-ignore require-concurrent-index-deletion
drop index training_participants_aid_idx;
