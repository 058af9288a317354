-- The constraint that allows more follows at once.
-- squawk-ignore ban-drop-constraint
alter table memberships drop constraint memberships_end_reason_known;
alter table memberships add constraint memberships_end_reason_known check (
    end_reason in ('died', 'moved', 'split', 'merged', 'mistake', 'unlisted')
) not valid;
