-- What people of villages complained of, and what was done about it; names stand for known ids.

insert into complaints (
    area_id, id, village_code, channel, category, beneficiary_id, program_id, pledge_id, complainant,
    complainant_beneficiary_id, description, status, received_on, due_on, assigned_to, referred_to, finding, answer,
    answered_on, answered_by, closed_by, is_reopened, lodged_by, version, created_at, updated_at
)
select p.area_id, one.id::uuid, l.village_codes[1], one.channel, one.category,
    case one.about when 'family' then b.id end, case one.about when 'program' then g.id end,
    case one.about when 'pledge' then p.id end,
    case when one.is_named and b.id is not null then 'family' else 'anonymous' end,
    case when one.is_named then b.id end, one.description, one.status, '2026-02-02',
    '2026-02-02'::date + one.days,
    case when one.status in ('assigned', 'answered', 'closed') then one.assignee end,
    case one.status when 'referred' then 'Dinas Sosial Kabupaten' end,
    case when one.answer is not null then 'founded' end, one.answer,
    case when one.answer is not null then '2026-02-09'::date end,
    case when one.answer is not null then one.assignee end,
    case one.status when 'closed' then 'sandbox-second-officer' end, one.status = 'reopened', 'sandbox-puskesos',
    one.version, p.created_at, p.created_at
from (values
    (
        :'COMPLAINT', 'desk', 'aid_late', 'pledge', true, 'Alat yang dijanjikan belum datang', 'closed', 20,
        'sandbox-puskesos', 'Kapal tertahan air surut; alat tiba tanggal 12', 4
    ),
    (
        :'COMPLAINT_TO_ASSIGN', 'musdes', 'exclusion', null, false, 'Tetangga kami tidak terdaftar padahal tidak mampu',
        'received', 20, null, null, 1
    ),
    (
        :'COMPLAINT_TO_ANSWER', 'desk', 'data_wrong', 'family', true, 'Jumlah anak di data tidak sesuai kartu',
        'assigned', 7, 'sandbox-puskesos', null, 2
    ),
    (
        :'COMPLAINT_TO_CLOSE', 'phone', 'aid_short', 'program', true, 'Beras yang diterima kurang dari 10 kg',
        'answered', 20, 'sandbox-puskesos', 'Kekurangan dua kilogram diserahkan kemudian', 3
    ),
    (
        :'COMPLAINT_TO_REFER', 'letter', 'inclusion', null, false, 'Ada penerima yang mempunyai kebun luas', 'received',
        20, null, null, 1
    ),
    (
        :'COMPLAINT_TO_WITHDRAW', 'digital', 'aid_quality', 'program', true, 'Beras berbau apek', 'received', 20, null,
        null, 1
    ),
    (
        :'COMPLAINT_TO_REOPEN', 'desk', 'other', null, true, 'Jadwal serah terima tidak diumumkan', 'closed', 20,
        'sandbox-puskesos', 'Jadwal ditempel di kantor desa', 4
    ),
    (
        :'COMPLAINT_REFERRED', 'letter', 'exclusion', null, false, 'Nama kami hilang dari daftar PKH', 'referred', 20,
        null, null, 2
    ),
    (
        :'COMPLAINT_WITHDRAWN', 'phone', 'aid_late', 'program', true, 'Beras bulan ini belum datang', 'withdrawn', 20,
        null, null, 2
    ),
    (
        :'COMPLAINT_REOPENED', 'desk', 'aid_quality', 'pledge', true, 'Mesin yang datang rusak', 'reopened', 20, null,
        null, 3
    ),
    (
        :'COMPLAINT_KEPT_CLOSE', 'phone', 'illegal_levy', 'program', false, 'Diminta uang saat mengambil beras',
        'assigned', 84, 'sandbox-kecamatan', null, 2
    )
) as one (id, channel, category, about, is_named, description, status, days, assignee, answer, version)
cross join pledges as p
inner join pledge_lines as l on l.id = :'PLEDGE_LINE'
inner join programs as g on g.id = :'PROGRAM'
left join beneficiaries as b on b.area_id = p.area_id and b.id = :'BENEFICIARY'
where p.id = :'PLEDGE';

insert into complaint_steps (
    area_id, id, complaint_id, command, from_status, to_status, assigned_to, referred_to, finding, note, recorded_by,
    created_at
)
select c.area_id, (left(c.id::text, 24) || '00006051' || right(c.id::text, 2) || '0' || one.number)::uuid, c.id,
    one.command, one.from_status, one.to_status, case one.command when 'assign' then c.assigned_to end,
    case one.command when 'refer' then c.referred_to end, case one.command when 'answer' then 'founded' end,
    coalesce(case one.command when 'answer' then c.answer end, one.note),
    case when one.command = 'close' then 'sandbox-second-officer' when c.category = 'illegal_levy' then c.assigned_to
        else 'sandbox-puskesos' end, c.created_at
from complaints as c
inner join (values
    ('assigned', 1, 'assign', 'received', 'assigned', 'Diperiksa di lapangan'),
    ('answered', 1, 'assign', 'received', 'assigned', 'Diperiksa di lapangan'),
    ('answered', 2, 'answer', 'assigned', 'answered', null),
    ('closed', 1, 'assign', 'received', 'assigned', 'Diperiksa di lapangan'),
    ('closed', 2, 'answer', 'assigned', 'answered', null),
    ('closed', 3, 'close', 'answered', 'closed', 'Pelapor menerima jawaban'),
    ('referred', 1, 'refer', 'received', 'referred', 'Data DTSEN diubah di kabupaten'),
    ('withdrawn', 1, 'withdraw', 'received', 'withdrawn', 'Bantuan datang keesokan harinya'),
    ('reopened', 1, 'answer', 'received', 'answered', 'Mesin akan diperiksa'),
    ('reopened', 2, 'reopen', 'answered', 'reopened', 'Mesin masih rusak')
) as one (status, number, command, from_status, to_status, note) on one.status = c.status;
