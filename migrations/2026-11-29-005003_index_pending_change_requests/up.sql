-- squawk-ignore require-concurrent-index-creation
create index change_requests_member_idx on change_requests (area_id, member_id) where status = 'pending' and member_id is not null;
