-- Village meetings that the document's operations are tried on; names stand for known ids.

insert into enrollments (
    area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, started_on, quota_village_code,
    created_at, updated_at
)
select b.area_id, :'ENROLLMENT_REMOVED', r.program_id, b.id, r.id, 'active', 'sandbox-kecamatan', :'PERIOD',
    b.village_code, b.created_at, b.created_at
from beneficiaries b join rule_sets r on r.program_id = :'PROGRAM_TO_CHANGE'
where b.id = :'BENEFICIARY_REMOVED';

insert into deliberations (
    area_id, id, village_code, program_id, held_on, minutes_number, minutes_digest, minutes_media_type, attendee_count,
    decree_number, add_count, keep_count, remove_count, reserve_count, status, report_status, camat_letter_number,
    camat_letter_on, reported_by, reported_at, recorded_by, created_at, updated_at
)
select b.area_id, one.id::uuid, b.village_code, :'PROGRAM_TO_CHANGE', '2026-01-08', one.number, sha256('sandbox'),
    'application/pdf', 37, '7/KEPDES/2026', 0, 0, 1, 1, 'recorded', one.report,
    case when one.report <> 'recorded' then '140/030/2026' end, case when one.report <> 'recorded' then date '2026-01-09' end,
    case when one.report <> 'recorded' then 'sandbox-village' end,
    case when one.report <> 'recorded' then b.created_at end, 'sandbox-village', b.created_at, b.created_at
from (values
    (:'DELIBERATION', '140/BA-1/2026', 'recorded'), (:'DELIBERATION_TO_APPLY', '140/BA-2/2026', 'recorded'),
    (:'DELIBERATION_TO_REPORT', '140/BA-3/2026', 'recorded'),
    (:'DELIBERATION_TO_FORWARD', '140/BA-4/2026', 'reported_to_camat')
) as one (id, number, report)
join beneficiaries b on b.id = :'BENEFICIARY_REMOVED';

insert into deliberation_decisions (
    area_id, deliberation_id, number, beneficiary_id, decision, reason, exit_reason, reserve_order
)
select m.area_id, m.id, one.number, one.beneficiary_id::uuid, one.decision, one.reason, one.exit_reason, one.place
from deliberations m
cross join (values
    (1::smallint, :'BENEFICIARY_REMOVED', 'remove', 'Sudah mampu', 'graduated', null::smallint),
    (2::smallint, :'BENEFICIARY_RESERVED', 'reserve', 'Menunggu kuota', null, 1::smallint)
) as one (number, beneficiary_id, decision, reason, exit_reason, place);
