drop view empowerment_milestone_states;
drop table empowerment_milestones;
drop table empowerment_plans;
