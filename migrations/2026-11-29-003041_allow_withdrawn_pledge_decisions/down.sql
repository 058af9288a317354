comment on column pledge_decisions.decided_by is 'The second person; null where one is enough';
alter table pledge_decisions drop constraint pledge_decisions_refusal_whole;
alter table pledge_decisions add constraint pledge_decisions_refusal_whole check (
    (status = 'refused') = (decision_reason is not null)
);
alter table pledge_decisions drop constraint pledge_decisions_second_person;
alter table pledge_decisions add constraint pledge_decisions_second_person check (decided_by <> proposed_by);
alter table pledge_decisions drop constraint pledge_decisions_status_known;
alter table pledge_decisions add constraint pledge_decisions_status_known check (
    status in ('proposed', 'agreed', 'refused')
);
