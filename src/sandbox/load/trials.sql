-- What the document's commands are tried on, each on rows of its own; names stand for known ids.

insert into needs (area_id, id, beneficiary_id, kind, quantity, status, recorded_by, created_at, updated_at)
select area_id, :'NEED_TO_WITHDRAW', id, 'hand_tractor', 1, 'open', 'sandbox-kecamatan', created_at, created_at
from beneficiaries where id = :'BENEFICIARY_WITHOUT_NEED';

insert into enrollments (
    area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, suspension_reason, started_on,
    created_at, updated_at
)
select b.area_id, one.id::uuid, r.program_id, b.id, r.id, one.status, 'sandbox-kecamatan', one.reason, :'PERIOD',
    b.created_at, b.created_at
from (values
    (:'ENROLLMENT_TO_SUSPEND', :'BENEFICIARY_TO_SUSPEND', 'active', null),
    (:'ENROLLMENT_TO_RESUME', :'BENEFICIARY_TO_RESUME', 'suspended', 'Away for the harvest'),
    (:'ENROLLMENT_TO_EXIT', :'BENEFICIARY_TO_EXIT', 'active', null)
) as one (id, beneficiary_id, status, reason)
join beneficiaries b on b.id = one.beneficiary_id::uuid
join rule_sets r on r.program_id = :'PROGRAM_TO_CHANGE';
