-- Criteria for graduating, and families that are ready, that graduated and that come back; names stand for known ids.

insert into graduation_criteria (
    area_id, id, number, readiness, after_care_months, decree_number, effective_from, created_by, created_at
)
select b.area_id, :'GRADUATION_CRITERIA', 1, 'family.decile >= 4 && members.exists(m, m.age >= 18 && m.age < 60)', 12,
    '140/20/KEP-CAMAT/2026', '2026-01-01', 'sandbox-kecamatan', b.created_at
from beneficiaries as b
where b.id = :'BENEFICIARY_TO_GRADUATE';

-- They earn more than the others that commands are tried on.
update beneficiaries set decile = 6
where id in (:'BENEFICIARY_TO_GRADUATE', :'BENEFICIARY_GRADUATED', :'BENEFICIARY_COMING_BACK');

insert into enrollments (
    area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, decree_number, exit_reason, started_on,
    ended_on, quota_village_code, created_at, updated_at
)
select b.area_id, derive_id(b.id, r.program_id), r.program_id, b.id, r.id, one.status, 'sandbox-kecamatan',
    '140/03/KEP-CAMAT/2026', one.exit_reason, '2026-01-01',
    case when one.exit_reason is not null then :'PERIOD' end, b.village_code, b.created_at, b.created_at
from (values
    (:'BENEFICIARY_TO_GRADUATE', 'active', null),
    (:'BENEFICIARY_GRADUATED', 'exited', 'graduated'),
    (:'BENEFICIARY_COMING_BACK', 'exited', 'graduated')
) as one (beneficiary_id, status, exit_reason)
inner join beneficiaries as b on b.id = one.beneficiary_id::uuid
inner join rule_sets as r on r.id = :'RULE_SET';

insert into graduations (
    area_id, id, beneficiary_id, village_code, criteria_id, graduated_on, after_care_until, enrollment_ids, note,
    decided_by, created_at, updated_at
)
select e.area_id, one.id::uuid, e.beneficiary_id, e.quota_village_code, :'GRADUATION_CRITERIA', :'PERIOD',
    (:'PERIOD' + interval '12 months')::date, array[e.id], 'Contoh sintetis', 'sandbox-kecamatan', e.created_at,
    e.created_at
from (values
    (:'GRADUATION', :'BENEFICIARY_GRADUATED'),
    (:'GRADUATION_TO_RETURN', :'BENEFICIARY_COMING_BACK')
) as one (id, beneficiary_id)
inner join enrollments as e on e.beneficiary_id = one.beneficiary_id::uuid and e.exit_reason = 'graduated';
