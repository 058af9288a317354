delete from cycles where status = 'cancelled';
alter table cycles
drop constraint cycles_cancellation_whole,
drop constraint cycles_approval_whole,
drop constraint cycles_status_known;
alter table cycles
add constraint cycles_status_known check (status in ('planned', 'approved', 'closed')),
add constraint cycles_approval_whole check (
    (status = 'planned') = (approved_by is null) and (approved_by is null) = (approved_at is null)
),
add constraint cycles_period_key unique (area_id, program_id, period);
drop index cycles_program_idx;
alter table cycles drop column cancellation_reason, drop column cancelled_at, drop column cancelled_by;
drop table cycle_months;
