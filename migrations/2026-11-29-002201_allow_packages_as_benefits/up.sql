-- The constraint comes back wider at once.
-- squawk-ignore ban-drop-constraint
alter table rule_sets drop constraint rule_sets_benefit_known;
alter table rule_sets
add constraint rule_sets_benefit_known check (
    benefit ->> 'kind' in ('fixed', 'per_member', 'per_component', 'package')
) not valid;
