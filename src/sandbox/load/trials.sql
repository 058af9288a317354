-- What the document's commands are tried on, each on rows of its own; names stand for known ids.

insert into imports (
    area_id, id, client_id, status, file_digest, rows_read, rows_done, rows_faulty, families_unchanged,
    members_unchanged, created_at, finished_at, possible_duplicates
)
select area_id, :'IMPORT', 'sandbox-kecamatan', 'applied', sha256('sandbox'), 3, 3, 1, 1, 2, created_at, created_at,
    '{"same": 0, "look": 0, "left_out": 0, "skipped": "not_reviewed"}'
from beneficiaries where id = :'BENEFICIARY_TO_CORRECT';

insert into import_faults (area_id, import_id, row_number, fault_number, column_name, code)
select area_id, id, 4, 1, 'nik', 'nik_malformed' from imports where id = :'IMPORT';

insert into needs (area_id, id, beneficiary_id, kind, quantity, status, recorded_by, created_at, updated_at)
select area_id, :'NEED_TO_WITHDRAW', id, 'hand_tractor', 1, 'open', 'sandbox-kecamatan', created_at, created_at
from beneficiaries where id = :'BENEFICIARY_WITHOUT_NEED';

insert into enrollments (
    area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, suspension_reason, started_on,
    quota_village_code, created_at, updated_at
)
select b.area_id, one.id::uuid, r.program_id, b.id, r.id, one.status, 'sandbox-kecamatan', one.reason, :'PERIOD',
    b.village_code, b.created_at, b.created_at
from (values
    (:'ENROLLMENT_TO_SUSPEND', :'BENEFICIARY_TO_SUSPEND', 'active', null),
    (:'ENROLLMENT_TO_RESUME', :'BENEFICIARY_TO_RESUME', 'suspended', 'Away for the harvest'),
    (:'ENROLLMENT_TO_EXIT', :'BENEFICIARY_TO_EXIT', 'active', null)
) as one (id, beneficiary_id, status, reason)
join beneficiaries b on b.id = one.beneficiary_id::uuid
join rule_sets r on r.program_id = :'PROGRAM_TO_CHANGE';

insert into enrollments (
    area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, started_on, quota_village_code,
    created_at, updated_at
)
select area_id, :'ENROLLMENT_SERVED', :'PROGRAM', id, :'RULE_SET', 'active', 'sandbox-kecamatan', :'PERIOD',
    village_code, created_at, created_at
from beneficiaries where id = :'BENEFICIARY_SERVED';

insert into entitlements (
    area_id, period, id, cycle_id, program_id, beneficiary_id, enrollment_id, village_code, quantity, snapshot
)
select area_id, :'PERIOD', :'ENTITLEMENT_SERVED', :'CYCLE', :'PROGRAM', id, :'ENROLLMENT_SERVED', village_code, 10,
    jsonb_build_object('decile', decile, 'member_count', member_count, 'rule_set_number', 2)
from beneficiaries where id = :'BENEFICIARY_SERVED';

insert into deliveries (
    area_id, period, id, entitlement_id, program_id, beneficiary_id, quantity, delivered_on, collector_member_id,
    collector_kind, handover_number, recorded_by, created_at
)
select area_id, :'PERIOD', :'DELIVERY', :'ENTITLEMENT_SERVED', :'PROGRAM', id, 10, :'PERIOD', :'MEMBER_SERVED',
    'member', 'BAST/RICE/1', 'sandbox-kecamatan', created_at
from beneficiaries where id = :'BENEFICIARY_SERVED';

insert into suspension_orders (
    area_id, id, program_id, status, directive_title, directive_number, directive_dated_on, reason, effective_from,
    laid_by, created_at, updated_at
)
select owner_area_id, :'ORDER_TO_RELEASE', id, 'in_force', 'Surat edaran contoh', 'CONTOH/2/2026', :'PERIOD',
    'Penyaluran menunggu arahan', :'PERIOD', 'sandbox-kecamatan', created_at, created_at
from programs where id = :'PROGRAM_TO_CHANGE' and owner_area_id is not null;

insert into cycles (
    area_id, id, program_id, rule_set_id, period, status, planned_by, approved_by, approved_at, created_at, updated_at
)
select p.owner_area_id, :'CYCLE_TO_CLOSE', p.id, r.id, :'PERIOD', 'approved', 'sandbox-kecamatan',
    'sandbox-second-officer', p.created_at, p.created_at, p.created_at
from programs p join rule_sets r on r.program_id = p.id
where p.id = :'PROGRAM_TO_CHANGE' and p.owner_area_id is not null;

insert into cycles (area_id, id, program_id, rule_set_id, period, status, planned_by, created_at, updated_at)
select p.owner_area_id, :'CYCLE_TO_CANCEL', p.id, r.id, :'PERIOD' + interval '2 months', 'planned', 'sandbox-kecamatan',
    p.created_at, p.created_at
from programs p join rule_sets r on r.program_id = p.id
where p.id = :'PROGRAM_TO_CHANGE' and p.owner_area_id is not null;
