-- Two families whose rice was handed over, one of which took some back, and a loss on the way; names stand for known ids.

insert into enrollments (
    area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, started_on, quota_village_code,
    created_at, updated_at
)
select b.area_id, one.id::uuid, :'PROGRAM', b.id, :'RULE_SET', 'active', 'sandbox-kecamatan', :'PERIOD',
    b.village_code, b.created_at, b.created_at
from (values
    (:'ENROLLMENT_TO_RETURN', :'BENEFICIARY_TO_RETURN'),
    (:'ENROLLMENT_RETURNED', :'BENEFICIARY_RETURNED')
) as one (id, beneficiary_id)
join beneficiaries b on b.id = one.beneficiary_id::uuid;

insert into entitlements (
    area_id, period, id, cycle_id, program_id, beneficiary_id, enrollment_id, village_code, quantity, snapshot
)
select b.area_id, :'PERIOD', one.id::uuid, :'CYCLE', :'PROGRAM', b.id, one.enrollment_id::uuid, b.village_code, 10,
    jsonb_build_object('decile', b.decile, 'member_count', b.member_count, 'rule_set_number', 2)
from (values
    (:'ENTITLEMENT_TO_RETURN', :'BENEFICIARY_TO_RETURN', :'ENROLLMENT_TO_RETURN'),
    (:'ENTITLEMENT_RETURNED', :'BENEFICIARY_RETURNED', :'ENROLLMENT_RETURNED')
) as one (id, beneficiary_id, enrollment_id)
join beneficiaries b on b.id = one.beneficiary_id::uuid;

insert into deliveries (
    area_id, period, id, entitlement_id, program_id, beneficiary_id, quantity, delivered_on, collector_kind,
    power_of_attorney, handover_number, recorded_by, created_at
)
select e.area_id, e.period, one.id::uuid, e.id, e.program_id, e.beneficiary_id, 10, '2026-01-12', 'alternate',
    'SKU/SINTETIS/2026/002', 'BAST/SINTETIS/2026/017', 'sandbox-kecamatan', b.created_at
from (values
    (:'DELIVERY_TO_RETURN', :'ENTITLEMENT_TO_RETURN'),
    (:'DELIVERY_RETURNED', :'ENTITLEMENT_RETURNED')
) as one (id, entitlement_id)
join entitlements e on e.id = one.entitlement_id::uuid
join beneficiaries b on b.area_id = e.area_id and b.id = e.beneficiary_id;

insert into delivery_returns (
    area_id, id, delivery_id, period, entitlement_id, cycle_id, program_id, beneficiary_id, quantity, is_due_again,
    takes_rest, delivered_on, returned_on, reason, handover_number, recorded_by, created_at
)
select d.area_id, :'DELIVERY_RETURN', d.id, d.period, d.entitlement_id, :'CYCLE', d.program_id, d.beneficiary_id, 2.5,
    true, false, d.delivered_on, '2026-01-14', 'damaged', 'BAST-R/SINTETIS/2026/001', 'sandbox-kecamatan', d.created_at
from deliveries d where d.id = :'DELIVERY_RETURNED';

insert into delivery_losses (
    area_id, id, cycle_id, program_id, quantity, stage, reason, lost_on, liable, police_report_number, recorded_by,
    created_at
)
select area_id, :'DELIVERY_LOSS', id, program_id, 20, 'transport', 'weather', '2026-01-10',
    'Angkutan sungai (contoh sintetis)', 'LP/SINTETIS/2026/003', 'sandbox-kecamatan', created_at
from cycles where id = :'CYCLE';
