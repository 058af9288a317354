create table empowerment_plans (
    area_id int not null,
    id uuid not null,
    beneficiary_id uuid not null,
    program_id uuid not null,
    rule_set_id uuid not null,
    enrollment_id uuid not null,
    started_on date not null,
    status text not null,
    planned_by text not null,
    completed_on date,
    ended_on date,
    end_reason text,
    end_note text,
    ended_by text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint empowerment_plans_pkey primary key (area_id, id),
    constraint empowerment_plans_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint empowerment_plans_program_fkey foreign key (program_id) references programs (id),
    constraint empowerment_plans_rule_set_fkey foreign key (rule_set_id) references rule_sets (id),
    constraint empowerment_plans_enrollment_fkey foreign key (area_id, enrollment_id)
    references enrollments (area_id, id),
    constraint empowerment_plans_status_known check (status in ('in_progress', 'completed', 'ended')),
    constraint empowerment_plans_completion_whole check ((status = 'completed') = (completed_on is not null)),
    constraint empowerment_plans_end_reason_known check (
        end_reason in ('moved', 'refused', 'died', 'merged', 'other')
    ),
    constraint empowerment_plans_end_whole check (
        (status = 'ended') = (ended_on is not null) and (ended_on is null) = (end_reason is null)
        and (ended_on is null) = (ended_by is null) and (end_note is null or ended_on is not null)
    ),
    constraint empowerment_plans_version_positive check (version >= 1)
);
create unique index empowerment_plans_live_key on empowerment_plans (area_id, beneficiary_id, program_id)
where status = 'in_progress';
create index empowerment_plans_beneficiary_idx on empowerment_plans (area_id, beneficiary_id, id);
create index empowerment_plans_program_idx on empowerment_plans (area_id, program_id, id);
create index empowerment_plans_enrollment_idx on empowerment_plans (area_id, enrollment_id);
comment on table empowerment_plans is 'A package of a program for one family, delivered in milestones';
comment on column empowerment_plans.beneficiary_id is 'Family; a live plan goes over with a merger';
comment on column empowerment_plans.rule_set_id is 'Rule set whose package was planned';
comment on column empowerment_plans.enrollment_id is 'Enrollment that was active when it was planned';
comment on column empowerment_plans.started_on is 'Day from which the days of its milestones are counted';
comment on column empowerment_plans.end_reason is 'Why it ended before all was reached';

create table empowerment_milestones (
    area_id int not null,
    id uuid not null,
    plan_id uuid not null,
    number smallint not null,
    kind text not null,
    title text not null,
    due_on date not null,
    needs smallint [] not null,
    planned_by text not null,
    status text not null,
    evidence_kind text,
    evidence_id uuid,
    evidence_period date,
    reached_on date,
    reached_by text,
    waived_on date,
    waived_by text,
    waiver_reason text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    certificate_id uuid generated always as (
        case when evidence_kind = 'training_certificate' then evidence_id end
    ) stored,
    custody_id uuid generated always as (case when evidence_kind = 'custody' then evidence_id end) stored,
    delivery_id uuid generated always as (case when evidence_kind = 'delivery' then evidence_id end) stored,
    allocation_delivery_id uuid generated always as (
        case when evidence_kind = 'allocation_delivery' then evidence_id end
    ) stored,
    follow_up_id uuid generated always as (case when evidence_kind = 'follow_up' then evidence_id end) stored,
    visit_id uuid generated always as (case when evidence_kind = 'visit' then evidence_id end) stored,
    constraint empowerment_milestones_pkey primary key (area_id, id),
    constraint empowerment_milestones_number_key unique (area_id, plan_id, number),
    constraint empowerment_milestones_evidence_key unique (area_id, plan_id, evidence_id),
    constraint empowerment_milestones_plan_fkey foreign key (area_id, plan_id)
    references empowerment_plans (area_id, id),
    constraint empowerment_milestones_certificate_fkey foreign key (area_id, certificate_id)
    references training_certificates (area_id, id),
    constraint empowerment_milestones_custody_fkey foreign key (area_id, custody_id) references custodies (area_id, id),
    constraint empowerment_milestones_delivery_fkey foreign key (area_id, delivery_id, evidence_period)
    references deliveries (area_id, id, period),
    constraint empowerment_milestones_allocation_delivery_fkey foreign key (area_id, allocation_delivery_id)
    references allocation_deliveries (area_id, id),
    constraint empowerment_milestones_follow_up_fkey foreign key (area_id, follow_up_id)
    references follow_ups (area_id, id),
    constraint empowerment_milestones_visit_fkey foreign key (area_id, visit_id) references visits (area_id, id),
    constraint empowerment_milestones_number_range check (number between 1 and 20),
    constraint empowerment_milestones_kind_known check (kind in ('training', 'equipment', 'goods', 'visit')),
    constraint empowerment_milestones_needs_earlier check (
        array_position(needs, null) is null and number > all (needs)
    ),
    constraint empowerment_milestones_status_known check (status in ('pending', 'reached', 'waived')),
    constraint empowerment_milestones_evidence_known check (evidence_kind is null or (
        kind = 'training' and evidence_kind = 'training_certificate'
        or kind = 'equipment' and evidence_kind in ('custody', 'delivery', 'allocation_delivery')
        or kind = 'goods' and evidence_kind in ('delivery', 'allocation_delivery')
        or kind = 'visit' and evidence_kind in ('follow_up', 'visit')
    )),
    constraint empowerment_milestones_reached_whole check (
        (status = 'reached') = (evidence_id is not null) and (evidence_id is null) = (evidence_kind is null)
        and (evidence_id is null) = (reached_on is null) and (evidence_id is null) = (reached_by is null)
        and (evidence_period is not null) = (evidence_kind is not null and evidence_kind = 'delivery')
    ),
    constraint empowerment_milestones_waiver_whole check (
        (status = 'waived') = (waived_on is not null) and (waived_on is null) = (waived_by is null)
        and (waived_on is null) = (waiver_reason is null)
    ),
    constraint empowerment_milestones_second_person check (waived_by <> planned_by),
    constraint empowerment_milestones_version_positive check (version >= 1)
);
create index empowerment_milestones_due_idx on empowerment_milestones (area_id, due_on, id) where status <> 'waived';
create index empowerment_milestones_evidence_idx on empowerment_milestones (area_id, evidence_id);
comment on table empowerment_milestones is 'Steps of empowerment plans, each reached by evidence or waived by a second officer';
comment on column empowerment_milestones.due_on is 'Day by which it is to be reached';
comment on column empowerment_milestones.needs is 'Numbers of milestones of the plan that are reached before';
comment on column empowerment_milestones.planned_by is 'Who made the plan, and cannot waive';
comment on column empowerment_milestones.evidence_id is 'What shows it: a record of the kind in evidence_kind, once in a plan';
comment on column empowerment_milestones.evidence_period is 'Period of a delivery, for the key';
comment on column empowerment_milestones.reached_on is 'Day that the evidence tells';
comment on column empowerment_milestones.certificate_id is 'The evidence, where it is a certificate; so that the key holds';
comment on column empowerment_milestones.custody_id is 'The evidence, where it is equipment in custody';
comment on column empowerment_milestones.delivery_id is 'The evidence, where it is a delivery of a program';
comment on column empowerment_milestones.allocation_delivery_id is 'The evidence, where it is a handover of a pledge';
comment on column empowerment_milestones.follow_up_id is 'The evidence, where it is a follow-up';
comment on column empowerment_milestones.visit_id is 'The evidence, where it is a home visit';

create view empowerment_milestone_states with (security_invoker = true) as
select
    m.area_id, m.id, m.plan_id, m.number, m.kind, m.title, m.due_on, m.needs,
    case when l.reason is not null then 'lapsed' else m.status end as status, l.reason as lapse_reason,
    m.evidence_kind, m.evidence_id, m.reached_on, m.reached_by, m.waived_on, m.waived_by, m.waiver_reason, m.version,
    m.updated_at
from empowerment_milestones as m
left join lateral (
    select case m.evidence_kind
        when 'training_certificate' then (
            select 'certificate_revoked' from training_certificates as c
            where c.area_id = m.area_id and c.id = m.certificate_id and c.revoked_at is not null
        )
        when 'custody' then (
            select 'custody_ended' from custodies as c
            where c.area_id = m.area_id and c.id = m.custody_id and c.ended_on is not null
        )
        when 'delivery' then (
            select 'delivery_returned' from aid_given as g
            where g.area_id = m.area_id and g.period = m.evidence_period and g.delivery_id = m.delivery_id
            having sum(g.quantity) <= 0
        )
        when 'follow_up' then (
            select 'visit_corrected' from follow_ups as f
            inner join follow_ups as n
                on
                    n.area_id = f.area_id and n.aid_id = f.aid_id and n.month_mark = f.month_mark
                    and n.version > f.version
            where f.area_id = m.area_id and f.id = m.follow_up_id and not n.is_found and not exists (
                select from follow_ups as o where o.area_id = n.area_id and o.corrects = n.id
            )
        )
    end as reason
) as l on true;
comment on view empowerment_milestone_states is 'Milestones as they stand: lapsed where the evidence does not hold any more';
comment on column empowerment_milestone_states.lapse_reason is 'What became of the evidence';

do $$
declare
    family_table text;
begin
    foreach family_table in array array['empowerment_plans', 'empowerment_milestones'] loop
        execute format('alter table %I enable row level security', family_table);
        execute format(
            'create policy area_scope on %I to sinergi_service using (area_id = any ((select visible_areas())::int []))',
            family_table
        );
    end loop;
end
$$;
grant select, insert, update on empowerment_plans, empowerment_milestones to sinergi_service;
grant select on empowerment_milestone_states to sinergi_service;
