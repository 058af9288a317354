update memberships set end_reason = 'mistake' where end_reason = 'unlisted';
alter table memberships drop constraint memberships_end_reason_known;
alter table memberships add constraint memberships_end_reason_known check (
    end_reason in ('died', 'moved', 'split', 'merged', 'mistake')
);
