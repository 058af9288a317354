-- A quarter of PKH: one family is paid for its pupil, one for a victim and a pupil, another missed school and gets nothing;
-- names stand for known ids.

select make_month_partition(t, (:'PERIOD' - interval '3 months')::date)
from unnest(array['entitlements', 'deliveries']) as t;

insert into cycles (
    area_id, id, program_id, rule_set_id, period, status, planned_by, approved_by, approved_at, omission_count, created_at,
    updated_at
)
select b.area_id, :'CYCLE_OF_PKH', r.program_id, r.id, :'PERIOD' - interval '3 months', 'approved', 'sandbox-kecamatan',
    'sandbox-second-officer', b.created_at, 1, b.created_at, b.created_at
from beneficiaries b
cross join rule_sets r
where b.id = :'BENEFICIARY_WITH_PUPIL' and r.program_id = :'PROGRAM_OF_PKH' and r.number = 1;

insert into enrollments (
    area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, started_on, quota_village_code,
    created_at, updated_at
)
select b.area_id, one.id::uuid, c.program_id, b.id, c.rule_set_id, 'active', 'sandbox-kecamatan', c.period,
    b.village_code, b.created_at, b.created_at
from (values
    (:'ENROLLMENT_WITH_PUPIL', :'BENEFICIARY_WITH_PUPIL'),
    (:'ENROLLMENT_OF_VICTIM', :'BENEFICIARY_OF_VICTIM'),
    (:'ENROLLMENT_OMITTED', :'BENEFICIARY_OMITTED')
) as one (id, beneficiary_id)
join beneficiaries b on b.id = one.beneficiary_id::uuid
join cycles c on c.area_id = b.area_id and c.id = :'CYCLE_OF_PKH';

insert into duty_records (
    area_id, id, beneficiary_id, member_id, kind, period, due_count, done_count, version, corrects, recorded_by,
    created_at
)
select m.area_id, one.id::uuid, one.beneficiary_id::uuid, m.id, 'school_attendance',
    :'PERIOD' - make_interval(months => one.months), 22, one.done_count, one.version, one.corrects::uuid, 'sandbox-pkh',
    m.created_at
from (values
    (:'DUTY_RECORD', :'BENEFICIARY_WITH_PUPIL', :'PUPIL', 4, 21, 1, null),
    (:'DUTY_RECORD_OF_OMITTED', :'BENEFICIARY_OMITTED', :'PUPIL_ABSENT', 4, 22, 1, null),
    (:'DUTY_RECORD_CORRECTED', :'BENEFICIARY_OMITTED', :'PUPIL_ABSENT', 4, 15, 2, :'DUTY_RECORD_OF_OMITTED')
) as one (id, beneficiary_id, member_id, months, done_count, version, corrects)
join members m on m.id = one.member_id::uuid;

insert into entitlements (
    area_id, period, id, cycle_id, program_id, beneficiary_id, enrollment_id, village_code, quantity, snapshot, breakdown
)
select b.area_id, c.period, one.id::uuid, c.id, c.program_id, b.id, n.id, b.village_code, one.quantity,
    jsonb_build_object('decile', b.decile, 'member_count', b.member_count, 'rule_set_id', c.rule_set_id,
        'rule_set_number', 1),
    one.breakdown
from (values
    (:'ENTITLEMENT_WITH_PUPIL', :'ENROLLMENT_WITH_PUPIL', 225000, jsonb_build_array(
        jsonb_build_object('member_id', :'PUPIL', 'component', 'pupil_primary',
            'full_quantity', '225000', 'quantity', '225000', 'cuts', '[]'::jsonb))),
    (:'ENTITLEMENT_OF_VICTIM', :'ENROLLMENT_OF_VICTIM', 2925000, jsonb_build_array(
        jsonb_build_object('member_id', :'VICTIM', 'component', 'rights_violation_victim',
            'full_quantity', '2700000', 'quantity', '2700000', 'cuts', '[]'::jsonb),
        jsonb_build_object('member_id', :'CHILD_OF_VICTIM', 'component', 'pupil_primary',
            'full_quantity', '225000', 'quantity', '225000', 'cuts', '[]'::jsonb)))
) as one (id, enrollment_id, quantity, breakdown)
join enrollments n on n.id = one.enrollment_id::uuid
join beneficiaries b on b.area_id = n.area_id and b.id = n.beneficiary_id
join cycles c on c.area_id = b.area_id and c.id = :'CYCLE_OF_PKH';

insert into cycle_omissions (area_id, cycle_id, beneficiary_id, enrollment_id, village_code, reason, breakdown)
select b.area_id, c.id, b.id, n.id, b.village_code, 'duties_not_met',
    jsonb_build_array(jsonb_build_object('member_id', :'PUPIL_ABSENT', 'component', 'pupil_primary',
        'full_quantity', '225000', 'quantity', '0', 'cuts', jsonb_build_array(jsonb_build_object(
            'duty', 'school_attendance', 'from', (c.period - interval '3 months')::date,
            'to', c.period - 1, 'due_count', 22, 'done_count', 15, 'minimum_percent', 85, 'percent', 100))))
from enrollments n
join beneficiaries b on b.area_id = n.area_id and b.id = n.beneficiary_id
join cycles c on c.area_id = b.area_id and c.id = :'CYCLE_OF_PKH'
where n.id = :'ENROLLMENT_OMITTED';
