-- Rounds and visits that the document's operations are tried on; names stand for known ids.

insert into verification_rounds (
    area_id, id, title, rule, reference_on, due_on, status, opened_by, created_at, updated_at
)
select b.area_id, one.id::uuid, one.title, 'family.decile <= 4', :'PERIOD', (:'PERIOD' + interval '3 months')::date,
    'open', 'sandbox-kecamatan', b.created_at, b.created_at
from (values
    (:'VERIFICATION_ROUND', 'Verifikasi contoh'), (:'ROUND_TO_CLOSE', 'Verifikasi contoh yang selesai')
) as one (id, title)
join beneficiaries b on b.id = :'BENEFICIARY_TO_VISIT';

insert into verification_rounds (
    area_id, id, title, rule, reference_on, due_on, status, opened_by, created_at, updated_at, program_id, seed, strata
)
select b.area_id, :'SAMPLE_ROUND', 'Sampel contoh', 'true', :'PERIOD', (:'PERIOD' + interval '3 months')::date, 'open',
    'sandbox-kecamatan', b.created_at, b.created_at, :'PROGRAM', 7,
    jsonb_build_array(jsonb_build_object('village_code', b.village_code, 'population', 100, 'drawn', 10))
from beneficiaries b where b.id = :'BENEFICIARY_TO_VISIT';

insert into visits (
    area_id, id, beneficiary_id, round_id, visited_at, finding, note, evidence, recorded_by, created_at
)
select area_id, :'VISIT', id, :'VERIFICATION_ROUND', created_at, 'confirmed', 'Ditemui di rumah',
    jsonb_build_array(jsonb_build_object(
        'digest', encode(sha256('sandbox'), 'hex'), 'media_type', 'image/jpeg', 'place', 'RT 03'
    )),
    'sandbox-pkh', created_at
from beneficiaries where id = :'BENEFICIARY_VISITED';

insert into verification_tasks (
    area_id, id, round_id, beneficiary_id, village_code, decile, assigned_to, finding, visit_id, visited_at
)
select b.area_id, derive_id(r.id, b.id), r.id, b.id, b.village_code, b.decile, 'sandbox-pkh', v.finding, v.id,
    v.visited_at
from verification_rounds r
join beneficiaries b on b.area_id = r.area_id
    and (b.id in (:'BENEFICIARY_TO_VISIT', :'BENEFICIARY_VISITED') or b.id in (
        select f.id from beneficiaries f where f.area_id = r.area_id and f.decile <= 4 order by f.id desc limit 8
    ))
left join visits v on v.area_id = r.area_id and v.round_id = r.id and v.beneficiary_id = b.id;

update verification_rounds r set task_count = (
    select count(*) from verification_tasks t where t.area_id = r.area_id and t.round_id = r.id
);

insert into change_requests (
    area_id, id, beneficiary_id, status, fields, changes, before, base_version, reason, evidence, requested_by,
    created_at, updated_at
)
select b.area_id, one.id::uuid, b.id, 'pending', array['address'], jsonb_build_object('address', 'RT 07 Jalan Belayan'),
    jsonb_build_object('address', b.address), b.version, 'Keluarga pindah rumah di desa yang sama', '[]',
    'sandbox-puskesos', b.created_at, b.created_at
from (values
    (:'CHANGE_REQUEST', :'BENEFICIARY_PROPOSED'), (:'CHANGE_REQUEST_TO_APPROVE', :'BENEFICIARY_TO_APPROVE'),
    (:'CHANGE_REQUEST_TO_REJECT', :'BENEFICIARY_TO_REJECT')
) as one (id, beneficiary_id)
join beneficiaries b on b.id = one.beneficiary_id::uuid;
