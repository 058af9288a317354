-- Overlap rules, quotas, a reserve list and a replacement; names stand for known ids.

insert into overlap_rules (
    id, owner_area_id, code, kind, most, legal_basis_title, legal_basis_number, legal_basis_article, effective_from,
    created_by, created_at, updated_at
)
select one.id::uuid, case when one.is_local then p.owner_area_id end, one.code, one.kind, 1, one.title, one.number,
    one.article, one.effective_from::date, 'sandbox-kecamatan', p.created_at, p.created_at
from programs p
cross join (values
    (:'OVERLAP_RULE', false, 'BLT-NOT-PKH', 'excludes',
        'Petunjuk Operasional atas Fokus Penggunaan Dana Desa Tahun 2024', 'Permendesa 13/2023', '3', '2024-01-01'),
    (:'OVERLAP_RULE_OF_FOOD', true, 'ONE-FOOD', 'one_of', 'Keputusan Camat (contoh sintetis)', 'CONTOH/5/2026', null,
        '2026-01-01'),
    (:'OVERLAP_RULE_TO_END', true, 'TOOLS-OR-TRAINING', 'one_of', 'Keputusan Camat (contoh sintetis)', 'CONTOH/6/2026',
        null, '2026-01-01')
) as one (id, is_local, code, kind, title, number, article, effective_from)
where p.id = :'PROGRAM_TO_CHANGE';

insert into overlap_rule_programs (rule_id, program_id, side)
select one.rule_id::uuid, p.id, one.side
from (values
    (:'OVERLAP_RULE', 'BLT-DD', 1::smallint), (:'OVERLAP_RULE', 'PKH', 2::smallint),
    (:'OVERLAP_RULE_OF_FOOD', 'SEMBAKO', 1::smallint), (:'OVERLAP_RULE_OF_FOOD', 'RICE-EXTRA', 1::smallint),
    (:'OVERLAP_RULE_TO_END', 'FARM-TOOLS', 1::smallint), (:'OVERLAP_RULE_TO_END', 'TRAINING', 1::smallint)
) as one (rule_id, code, side)
join programs p on p.code = one.code;

insert into quotas (
    area_id, id, program_id, village_code, places, decree_number, effective_from, set_by, created_at
)
select b.area_id, :'QUOTA', :'PROGRAM', '64.02.10.2004', 400, '140/02/KEP-CAMAT/2026', '2026-01-01', 'sandbox-kecamatan',
    b.created_at
from beneficiaries b where b.id = :'BENEFICIARY_WAITING';

insert into enrollments (
    area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, decree_number, exit_reason, started_on,
    ended_on, quota_village_code, created_at, updated_at
)
select b.area_id, one.id::uuid, r.program_id, b.id, r.id, one.status, 'sandbox-kecamatan',
    case when one.status <> 'proposed' then '140/03/KEP-CAMAT/2026' end, one.exit_reason, :'PERIOD',
    case when one.exit_reason is not null then :'PERIOD' end, coalesce(w.village_code, b.village_code), b.created_at,
    b.created_at
from (values
    (:'ENROLLMENT_TO_CONFIRM', :'BENEFICIARY_TO_CONFIRM', 'proposed', null, null),
    (:'ENROLLMENT_TO_ACTIVATE', :'BENEFICIARY_TO_ACTIVATE', 'confirmed', null, null),
    (:'ENROLLMENT_TO_REPLACE', :'BENEFICIARY_TO_REPLACE', 'active', null, :'BENEFICIARY_TO_FOLLOW'),
    (:'ENROLLMENT_REPLACED', :'BENEFICIARY_REPLACED', 'exited', 'moved', null),
    (:'ENROLLMENT_FOLLOWING', :'BENEFICIARY_FOLLOWING', 'active', null, :'BENEFICIARY_REPLACED')
) as one (id, beneficiary_id, status, exit_reason, of_village)
join beneficiaries b on b.id = one.beneficiary_id::uuid
left join beneficiaries w on w.id = one.of_village::uuid
join rule_sets r on r.id = :'RULE_SET';

-- On the cash of the village fund, and eligible for the program that it excludes.
insert into enrollments (
    area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, started_on, quota_village_code,
    created_at, updated_at
)
select b.area_id, derive_id(b.id, p.id), p.id, b.id, r.id, 'active', 'sandbox-kecamatan', :'PERIOD', b.village_code,
    b.created_at, b.created_at
from beneficiaries b join programs p on p.code = 'BLT-DD' join rule_sets r on r.program_id = p.id and r.number = 3
where b.id = :'BENEFICIARY_REPLACED';

insert into reserves (
    area_id, id, program_id, beneficiary_id, rule_set_id, village_code, place, status, reason, ordered_by, decile,
    decree_number, enrollment_id, placed_by, created_at, updated_at
)
select b.area_id, one.id::uuid, r.program_id, b.id, r.id, b.village_code, one.place, one.status, 'village_quota',
    'decile, lots of 140/03/KEP-CAMAT/2026', b.decile, '140/03/KEP-CAMAT/2026', one.enrollment_id::uuid,
    'sandbox-kecamatan', b.created_at, b.created_at
from (values
    (:'RESERVE_TAKEN', :'BENEFICIARY_FOLLOWING', 1, 'taken', :'ENROLLMENT_FOLLOWING'),
    (:'RESERVE_TO_FOLLOW', :'BENEFICIARY_TO_FOLLOW', 2, 'waiting', null),
    (:'RESERVE', :'BENEFICIARY_WAITING', 3, 'waiting', null),
    (:'RESERVE_TO_REMOVE', :'BENEFICIARY_TO_UNLIST', 4, 'waiting', null)
) as one (id, beneficiary_id, place, status, enrollment_id)
join beneficiaries b on b.id = one.beneficiary_id::uuid
join rule_sets r on r.id = :'RULE_SET';

insert into program_places (area_id, program_id, last_place)
select area_id, program_id, max(place) from reserves group by area_id, program_id;

insert into replacements (
    area_id, id, program_id, village_code, reason, enrollment_id, beneficiary_id, new_enrollment_id, new_beneficiary_id,
    reserve_place, sptjm_number, handover_number, replaced_on, decided_by, created_at, takes_over_due
)
select old.area_id, :'REPLACEMENT', old.program_id, old.quota_village_code, 'moved', old.id, old.beneficiary_id, new.id,
    new.beneficiary_id, 1, 'SPTJM/SINTETIS/2026/001', 'BAST/SINTETIS/2026/001', :'PERIOD', 'sandbox-kecamatan',
    old.created_at, true
from enrollments old join enrollments new on new.area_id = old.area_id and new.id = :'ENROLLMENT_FOLLOWING'
where old.id = :'ENROLLMENT_REPLACED';

-- What was due to the one is due to the other.
insert into entitlements (
    area_id, period, id, cycle_id, program_id, beneficiary_id, enrollment_id, village_code, quantity, snapshot
)
select e.area_id, :'PERIOD', one.id::uuid, :'CYCLE', e.program_id, e.beneficiary_id, e.id, e.quota_village_code, 10,
    jsonb_build_object('decile', b.decile, 'member_count', b.member_count, 'rule_set_number', 2)
from (values
    (:'ENTITLEMENT_PASSED', :'ENROLLMENT_REPLACED'), (:'ENTITLEMENT_TAKEN_OVER', :'ENROLLMENT_FOLLOWING')
) as one (id, enrollment_id)
join enrollments e on e.id = one.enrollment_id::uuid
join beneficiaries b on b.area_id = e.area_id and b.id = e.beneficiary_id;

insert into passed_entitlements (
    area_id, entitlement_id, new_entitlement_id, period, cycle_id, program_id, replacement_id, beneficiary_id,
    new_beneficiary_id, left_quantity, quantity, held_quantity, taken_over_on, created_at
)
select old.area_id, old.id, new.id, old.period, old.cycle_id, old.program_id, r.id, old.beneficiary_id,
    new.beneficiary_id, 10, 10, 0, r.replaced_on, r.created_at
from replacements r
join entitlements old on old.area_id = r.area_id and old.id = :'ENTITLEMENT_PASSED'
join entitlements new on new.area_id = r.area_id and new.id = :'ENTITLEMENT_TAKEN_OVER'
where r.id = :'REPLACEMENT';
