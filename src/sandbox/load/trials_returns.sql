-- Families whose rice was handed over, of which one took some back, a loss on the way, and a file of results; names stand
-- for known ids.

insert into enrollments (
    area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, started_on, quota_village_code,
    created_at, updated_at
)
select b.area_id, one.id::uuid, :'PROGRAM', b.id, :'RULE_SET', 'active', 'sandbox-kecamatan', :'PERIOD',
    b.village_code, b.created_at, b.created_at
from (values
    (:'ENROLLMENT_TO_RETURN', :'BENEFICIARY_TO_RETURN'),
    (:'ENROLLMENT_RETURNED', :'BENEFICIARY_RETURNED'),
    (:'ENROLLMENT_IN_RESULTS', :'BENEFICIARY_IN_RESULTS'),
    (:'ENROLLMENT_AFLOAT', :'BENEFICIARY_AFLOAT'),
    (:'ENROLLMENT_IN_CONFLICT', :'BENEFICIARY_IN_CONFLICT')
) as one (id, beneficiary_id)
join beneficiaries b on b.id = one.beneficiary_id::uuid;

insert into entitlements (
    area_id, period, id, cycle_id, program_id, beneficiary_id, enrollment_id, village_code, quantity, snapshot
)
select b.area_id, :'PERIOD', one.id::uuid, :'CYCLE', :'PROGRAM', b.id, one.enrollment_id::uuid, b.village_code, 10,
    jsonb_build_object('decile', b.decile, 'member_count', b.member_count, 'rule_set_number', 2)
from (values
    (:'ENTITLEMENT_TO_RETURN', :'BENEFICIARY_TO_RETURN', :'ENROLLMENT_TO_RETURN'),
    (:'ENTITLEMENT_RETURNED', :'BENEFICIARY_RETURNED', :'ENROLLMENT_RETURNED'),
    (:'ENTITLEMENT_IN_RESULTS', :'BENEFICIARY_IN_RESULTS', :'ENROLLMENT_IN_RESULTS'),
    (:'ENTITLEMENT_AFLOAT', :'BENEFICIARY_AFLOAT', :'ENROLLMENT_AFLOAT'),
    (:'ENTITLEMENT_IN_CONFLICT', :'BENEFICIARY_IN_CONFLICT', :'ENROLLMENT_IN_CONFLICT')
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

insert into delivery_imports (
    area_id, id, cycle_id, program_id, client_id, status, file_digest, rows_read, rows_faulty, rows_failed, created_at,
    finished_at
)
select area_id, :'DELIVERY_IMPORT', id, program_id, 'sandbox-kecamatan', 'applied', sha256('results'), 2, 1, 1, created_at,
    created_at
from cycles where id = :'CYCLE';

insert into delivery_import_rows (
    area_id, delivery_import_id, row_number, fault_number, outcome, entitlement_id, failed_on, failure_reason,
    column_name, code
)
select i.area_id, i.id, one.row_number, 1, one.outcome, one.entitlement_id::uuid, one.failed_on::date, one.reason,
    one.column_name, one.code
from delivery_imports i
cross join (values
    (2, 'faulty', null, null, null, 'card_number', 'family_unknown'),
    (3, 'failed', :'ENTITLEMENT_IN_RESULTS', '2026-01-15', 'Rekening tidak aktif', null, null)
) as one (row_number, outcome, entitlement_id, failed_on, reason, column_name, code)
where i.id = :'DELIVERY_IMPORT';
