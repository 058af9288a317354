alter table rule_sets drop constraint rule_sets_benefit_known;
alter table rule_sets
add constraint rule_sets_benefit_known check (
    benefit ->> 'kind' in ('fixed', 'per_member', 'per_component')
);
