comment on column carried_entitlements.period is null;
comment on table carried_entitlements is 'Periods of programs of the state that a family brought along: due in the sub-district it came from, so not once more here';
delete from cycle_omissions where reason = 'already_given';
alter table cycle_omissions drop constraint cycle_omissions_reason_known;
alter table cycle_omissions
add constraint cycle_omissions_reason_known check (reason in ('no_component', 'too_few_members', 'duties_not_met'));
drop index beneficiaries_continued_in_idx;
drop table once_entitlements;
