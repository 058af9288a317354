-- Packages by milestones: a plan in progress, one that was completed, and rows for each command; names stand for known ids.

insert into programs (id, code, name, kind, unit, description, owner_area_id, created_at, updated_at)
select one.id::uuid, one.code, one.name, 'equipment', 'package', 'Training, a machine and visits; contoh sintetis', b.area_id,
    b.created_at, b.created_at
from (values
    (:'PROGRAM_OF_PACKAGES', 'PAKET-JAHIT', 'Paket usaha menjahit'),
    (:'PROGRAM_OF_COOKING', 'PAKET-BOGA', 'Paket usaha boga')
) as one (id, code, name)
cross join (select * from beneficiaries where id = :'BENEFICIARY_TO_PLAN') as b;

insert into rule_sets (
    id, program_id, number, eligibility, benefit_quantity, benefit, benefit_period, legal_basis_title,
    legal_basis_number, effective_from, created_by, created_at
)
select one.id::uuid, p.id, 1, 'family.decile <= 3', 1,
    jsonb_build_object('kind', 'package', 'milestones', jsonb_build_array(
        jsonb_build_object('number', 1, 'kind', 'training', 'title', 'Pelatihan dasar', 'due_after_days', 60),
        jsonb_build_object(
            'number', 2, 'kind', 'equipment', 'title', 'Serah terima mesin', 'due_after_days', 90,
            'needs', jsonb_build_array(1)
        ),
        jsonb_build_object(
            'number', 3, 'kind', 'visit', 'title', 'Kunjungan pendamping', 'due_after_days', 120,
            'needs', jsonb_build_array(2)
        )
    )), 'once', 'Tanggung jawab sosial dan lingkungan (contoh sintetis)', 'CONTOH/7/2026', '2026-01-01',
    'sandbox-kecamatan', p.created_at
from (values
    (:'RULE_SET_OF_PACKAGES', :'PROGRAM_OF_PACKAGES'), (:'RULE_SET_OF_COOKING', :'PROGRAM_OF_COOKING')
) as one (id, program_id)
inner join programs as p on p.id = one.program_id::uuid;

insert into enrollments (
    area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, started_on, quota_village_code,
    created_at, updated_at
)
select b.area_id, one.id::uuid, r.program_id, b.id, r.id, 'active', 'sandbox-kecamatan', '2026-01-05', b.village_code,
    b.created_at, b.created_at
from (values
    (:'ENROLLMENT_IN_PLAN', :'BENEFICIARY_IN_PLAN', :'RULE_SET_OF_PACKAGES'),
    (:'ENROLLMENT_ENDING_PLAN', :'BENEFICIARY_IN_PLAN', :'RULE_SET_OF_COOKING'),
    (:'ENROLLMENT_EMPOWERED', :'BENEFICIARY_EMPOWERED', :'RULE_SET_OF_PACKAGES'),
    (:'ENROLLMENT_GOING_ON', :'BENEFICIARY_EMPOWERED', :'RULE_SET_OF_COOKING'),
    (:'ENROLLMENT_TO_PLAN', :'BENEFICIARY_TO_PLAN', :'RULE_SET_OF_PACKAGES')
) as one (id, beneficiary_id, rule_set_id)
inner join beneficiaries as b on b.id = one.beneficiary_id::uuid
inner join rule_sets as r on r.id = one.rule_set_id::uuid;

-- What shows milestones: certificates, a machine, a visit.
insert into training_participants (
    area_id, id, training_id, beneficiary_id, member_id, registered_by, created_at, updated_at
)
select m.area_id, one.id::uuid, t.id, m.beneficiary_id, m.member_id, 'sandbox-puskesos', t.created_at, t.created_at
from (values
    (:'PARTICIPANT_IN_PLAN', :'BENEFICIARY_IN_PLAN'), (:'PARTICIPANT_EMPOWERED', :'BENEFICIARY_EMPOWERED')
) as one (id, beneficiary_id)
inner join trainings as t on t.id = :'TRAINING'
inner join memberships as m
    on
        m.area_id = t.area_id and m.beneficiary_id = one.beneficiary_id::uuid and m.relationship = 'head'
        and m.ended_on is null;

insert into attendance_records (area_id, session_id, participant_id, version, mark, recorded_by, created_at)
select p.area_id, :'SESSION', p.id, 1, 'present', 'sandbox-pkh', p.created_at
from training_participants as p where p.id in (:'PARTICIPANT_IN_PLAN', :'PARTICIPANT_EMPOWERED');

insert into training_certificates (
    area_id, id, training_id, participant_id, beneficiary_id, member_id, number, issued_on, competence,
    attended_percent, issued_by, created_at, updated_at
)
select p.area_id, one.id::uuid, p.training_id, p.id, p.beneficiary_id, p.member_id, one.number, '2026-01-19',
    'C.141110.001.01', 100, 'sandbox-second-officer', p.created_at, p.created_at
from (values
    (:'CERTIFICATE_IN_PLAN', :'PARTICIPANT_IN_PLAN', '421.5/PLT/2026/0003'),
    (:'CERTIFICATE_EMPOWERED', :'PARTICIPANT_EMPOWERED', '421.5/PLT/2026/0004')
) as one (id, participant_id, number)
inner join training_participants as p on p.id = one.participant_id::uuid;

insert into assets (
    area_id, id, asset_number, kind, serial_number, source, value_rupiah, acquired_on, status, status_since, condition,
    next_check_on, registered_by, created_at, updated_at
)
select b.area_id, :'ASSET_EMPOWERED', 'KJ-0013', 'sewing_machine', 'SINTETIS-0013', 'bought', 3200000, '2026-01-05',
    'in_store', '2026-02-10', 'good', '2026-05-10', 'sandbox-kecamatan', b.created_at, b.created_at
from beneficiaries as b where b.id = :'BENEFICIARY_EMPOWERED';

insert into custodies (
    area_id, id, asset_id, beneficiary_id, village_code, place, handover_number, started_on, handed_over_by,
    created_at, updated_at
)
select b.area_id, :'CUSTODY_EMPOWERED', :'ASSET_EMPOWERED', b.id, b.village_code, 'Rumah penerima, ruang depan',
    'BAST/ALAT/2026/0013', '2026-02-10', 'sandbox-kecamatan', b.created_at, b.created_at
from beneficiaries as b where b.id = :'BENEFICIARY_EMPOWERED';

update assets as a set status = 'in_custody', custody_id = c.id
from custodies as c where c.id = :'CUSTODY_EMPOWERED' and c.area_id = a.area_id and c.asset_id = a.id;

insert into visits (
    area_id, id, beneficiary_id, visited_at, finding, note, evidence, recorded_by, created_at
)
select b.area_id, :'VISIT_EMPOWERED', b.id, '2026-04-14 02:00:00+00', 'confirmed', 'Usaha berjalan', '[]', 'sandbox-pkh',
    b.created_at
from beneficiaries as b where b.id = :'BENEFICIARY_EMPOWERED';

insert into empowerment_plans (
    area_id, id, beneficiary_id, program_id, rule_set_id, enrollment_id, started_on, status, planned_by, completed_on,
    version, created_at, updated_at
)
select e.area_id, one.id::uuid, e.beneficiary_id, e.program_id, e.rule_set_id, e.id, e.started_on, one.status,
    'sandbox-planner', case when one.status = 'completed' then '2026-04-14'::date end, one.version, e.created_at,
    e.created_at
from (values
    (:'PLAN', :'ENROLLMENT_IN_PLAN', 'in_progress', 2),
    (:'PLAN_TO_END', :'ENROLLMENT_ENDING_PLAN', 'in_progress', 1),
    (:'PLAN_COMPLETED', :'ENROLLMENT_EMPOWERED', 'completed', 4),
    (:'PLAN_TO_GO_ON', :'ENROLLMENT_GOING_ON', 'in_progress', 1)
) as one (id, enrollment_id, status, version)
inner join enrollments as e on e.id = one.enrollment_id::uuid;

insert into empowerment_milestones (
    area_id, id, plan_id, number, kind, title, due_on, needs, planned_by, status, evidence_kind, evidence_id, reached_on,
    reached_by, version, created_at, updated_at
)
select p.area_id,
    case
        when p.id = :'PLAN' and s.number = 1 then :'MILESTONE'::uuid
        when p.id = :'PLAN_TO_GO_ON' and s.number = 1 then :'MILESTONE_TO_REACH'::uuid
        when p.id = :'PLAN_TO_GO_ON' and s.number = 2 then :'MILESTONE_TO_WAIVE'::uuid
        else derive_id(p.id, md5(s.number::text)::uuid)
    end,
    p.id, s.number, s.kind, s.title, p.started_on + s.due_after_days, coalesce(s.needs, '{}'), p.planned_by,
    case when v.id is null then 'pending' else 'reached' end, v.kind, v.id::uuid, v.happened_on::date,
    case when v.id is not null then 'sandbox-pkh' end, case when v.id is null then 1 else 2 end, p.created_at,
    p.created_at
from empowerment_plans as p
inner join rule_sets as r on r.id = p.rule_set_id
cross join jsonb_to_recordset(r.benefit -> 'milestones') as s (
    number smallint, kind text, title text, due_after_days int, needs smallint []
)
left join (values
    (:'PLAN', 1, 'training_certificate', :'CERTIFICATE_IN_PLAN', '2026-01-19'),
    (:'PLAN_COMPLETED', 1, 'training_certificate', :'CERTIFICATE_EMPOWERED', '2026-01-19'),
    (:'PLAN_COMPLETED', 2, 'custody', :'CUSTODY_EMPOWERED', '2026-02-10'),
    (:'PLAN_COMPLETED', 3, 'visit', :'VISIT_EMPOWERED', '2026-04-14')
) as v (plan_id, number, kind, id, happened_on) on v.plan_id::uuid = p.id and v.number = s.number
where p.planned_by = 'sandbox-planner';
