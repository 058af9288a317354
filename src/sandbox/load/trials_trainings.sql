-- Trainings on each of their steps, with participants, sessions, marks and certificates; names stand for known ids.

insert into trainings (
    area_id, id, title, kind, provider, village_code, place, seats, begins_on, ends_on, competence_standard,
    minimum_attendance_percent, status, planned_by, created_at, updated_at
)
select b.area_id, one.id::uuid, one.title, 'training_seat', 'BLK Contoh Sintetis', b.village_code, 'Balai Desa', 20,
    one.begins_on::date, one.ends_on::date, 'C.141110.001.01', 80, one.status, 'sandbox-kecamatan', b.created_at,
    b.created_at
from (values
    (:'TRAINING', 'Menjahit dasar', 'held', '2026-01-12', '2026-01-16'),
    (:'TRAINING_TO_CHANGE', 'Menjahit lanjutan', 'planned', '2026-12-07', '2026-12-11'),
    (:'TRAINING_TO_OPEN', 'Mengolah ikan', 'planned', '2026-12-07', '2026-12-11'),
    (:'TRAINING_TO_HOLD', 'Merawat kebun sawit', 'open', '2026-01-12', '2026-01-16'),
    (:'TRAINING_TO_CLOSE', 'Memangkas sawit', 'held', '2026-01-12', '2026-01-16'),
    (:'TRAINING_TO_CANCEL', 'Membuat anyaman', 'planned', '2026-12-07', '2026-12-11'),
    (:'TRAINING_TO_JOIN', 'Menjahit pakaian dasar', 'open', '2026-11-02', '2026-11-20'),
    (:'TRAINING_TO_RELEASE', 'Budidaya ikan keramba', 'open', '2026-12-07', '2026-12-11'),
    (:'TRAINING_TO_ATTEND', 'Mengelas', 'open', '2026-01-12', '2026-01-16'),
    (:'TRAINING_TO_ASSESS', 'Memperbaiki mesin perahu', 'held', '2026-01-12', '2026-01-16'),
    (:'TRAINING_TO_CERTIFY', 'Membuat kue', 'held', '2026-01-12', '2026-01-16')
) as one (id, title, status, begins_on, ends_on)
cross join (select * from beneficiaries where id = :'BENEFICIARY_TRAINED') as b;

insert into training_participants (
    area_id, id, training_id, beneficiary_id, member_id, registered_by, created_at, updated_at
)
select m.area_id, one.id::uuid, one.training_id::uuid, m.beneficiary_id, m.member_id, 'sandbox-puskesos', b.created_at,
    b.created_at
from (values
    (:'PARTICIPANT', :'TRAINING', :'BENEFICIARY_TRAINED'),
    (:'PARTICIPANT_TO_REVOKE', :'TRAINING', :'BENEFICIARY_TO_REVOKE'),
    (:'PARTICIPANT_TO_WITHDRAW', :'TRAINING_TO_JOIN', :'BENEFICIARY_TO_LEAVE_SEAT'),
    (:'PARTICIPANT_TO_ATTEND', :'TRAINING_TO_ATTEND', :'BENEFICIARY_TO_ATTEND'),
    (:'PARTICIPANT_TO_ASSESS', :'TRAINING_TO_ASSESS', :'BENEFICIARY_TO_ASSESS'),
    (:'PARTICIPANT_TO_CERTIFY', :'TRAINING_TO_CERTIFY', :'BENEFICIARY_TO_CERTIFY')
) as one (id, training_id, beneficiary_id)
inner join beneficiaries as b on b.id = one.beneficiary_id::uuid
inner join memberships as m
    on m.area_id = b.area_id and m.beneficiary_id = b.id and m.relationship = 'head' and m.ended_on is null;

-- Who moved away keeps the seat until it is released.
insert into training_participants (
    area_id, id, training_id, beneficiary_id, member_id, registered_by, created_at, updated_at
)
select area_id, :'PARTICIPANT_MOVED_AWAY', :'TRAINING_TO_RELEASE', beneficiary_id, member_id, 'sandbox-puskesos', valid_from,
    valid_from
from memberships where beneficiary_id = :'BENEFICIARY_LEFT' and member_id = :'MEMBER_MOVED_AWAY';

update memberships set ended_on = :'PERIOD', end_reason = 'moved' where member_id = :'MEMBER_MOVED_AWAY';
update beneficiaries set member_count = 1 where id = :'BENEFICIARY_LEFT';
delete from identity_claims where member_id = :'MEMBER_MOVED_AWAY';
delete from member_keys where member_id = :'MEMBER_MOVED_AWAY';

insert into training_sessions (area_id, id, training_id, held_on, lesson_hours, topic, scheduled_by, created_at)
select t.area_id, one.id::uuid, t.id, '2026-01-12', 8, 'Pengenalan', 'sandbox-kecamatan', t.created_at
from (values
    (:'SESSION', :'TRAINING'),
    (:'SESSION_TO_ATTEND', :'TRAINING_TO_ATTEND'),
    (:'SESSION_TO_HOLD', :'TRAINING_TO_HOLD'),
    (:'SESSION_TO_CERTIFY', :'TRAINING_TO_CERTIFY')
) as one (id, training_id)
inner join trainings as t on t.id = one.training_id::uuid;

insert into attendance_records (area_id, session_id, participant_id, version, mark, recorded_by, created_at)
select p.area_id, one.session_id::uuid, p.id, 1, 'present', 'sandbox-pkh', p.created_at
from (values
    (:'SESSION', :'PARTICIPANT'),
    (:'SESSION', :'PARTICIPANT_TO_REVOKE'),
    (:'SESSION_TO_CERTIFY', :'PARTICIPANT_TO_CERTIFY')
) as one (session_id, participant_id)
inner join training_participants as p on p.id = one.participant_id::uuid;

insert into training_certificates (
    area_id, id, training_id, participant_id, beneficiary_id, member_id, number, issued_on, competence,
    attended_percent, issued_by, created_at, updated_at
)
select p.area_id, one.id::uuid, p.training_id, p.id, p.beneficiary_id, p.member_id, one.number, '2026-01-19',
    'C.141110.001.01', 100, 'sandbox-second-officer', p.created_at, p.created_at
from (values
    (:'CERTIFICATE', :'PARTICIPANT', '421.5/PLT/2026/0001'),
    (:'CERTIFICATE_TO_REVOKE', :'PARTICIPANT_TO_REVOKE', '421.5/PLT/2026/0002')
) as one (id, participant_id, number)
inner join training_participants as p on p.id = one.participant_id::uuid;
