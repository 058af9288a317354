-- A proposal can be taken back, also by who made it. Each constraint that allows more follows at once.
-- squawk-ignore ban-drop-constraint
alter table pledge_decisions drop constraint pledge_decisions_status_known;
alter table pledge_decisions add constraint pledge_decisions_status_known check (
    status in ('proposed', 'agreed', 'refused', 'withdrawn')
) not valid;
-- squawk-ignore ban-drop-constraint
alter table pledge_decisions drop constraint pledge_decisions_second_person;
alter table pledge_decisions add constraint pledge_decisions_second_person check (
    status = 'withdrawn' or decided_by <> proposed_by
) not valid;
-- squawk-ignore ban-drop-constraint
alter table pledge_decisions drop constraint pledge_decisions_refusal_whole;
alter table pledge_decisions add constraint pledge_decisions_refusal_whole check (
    (status in ('refused', 'withdrawn')) = (decision_reason is not null)
) not valid;
comment on column pledge_decisions.decided_by is 'The second person, or who took it back; null where one is enough';
