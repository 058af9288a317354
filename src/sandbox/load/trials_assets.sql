-- Equipment of the sub-district, who has it and what becomes of it; names stand for known ids.

insert into assets (
    area_id, id, asset_number, kind, serial_number, source, value_rupiah, acquired_on, status, status_since,
    status_reason, status_minutes_number, condition, last_checked_on, next_check_on, registered_by, created_at, updated_at
)
select b.area_id, one.id::uuid, 'KJ-' || one.number, one.kind, 'SINTETIS-' || one.number, 'bought', one.value_rupiah,
    '2026-01-05', one.status, '2026-01-12', one.reason,
    case when one.reason is not null then 'BA/ALAT/2026/' || one.number end, one.condition, one.checked_on::date,
    one.next_on::date, 'sandbox-kecamatan', b.created_at, b.created_at
from (values
    (:'ASSET_TO_HAND_OVER', '0002', 'hand_tractor', 24500000, 'in_store', null, 'good', null, '2026-07-05'),
    (:'ASSET_TO_HAND_BACK', '0003', 'hand_tractor', 24500000, 'in_store', null, 'good', null, '2026-04-12'),
    (:'ASSET_TO_TRANSFER', '0004', 'sewing_machine', 3200000, 'in_store', null, 'good', null, '2026-04-12'),
    (:'ASSET_TO_CHECK', '0005', 'hand_tractor', 24500000, 'in_store', null, 'good', null, '2026-04-12'),
    (:'ASSET_TO_REPAIR', '0006', 'hand_tractor', 24500000, 'in_store', null, 'broken', '2026-02-02', '2026-08-02'),
    (
        :'ASSET_IN_REPAIR', '0007', 'sewing_machine', 3200000, 'under_repair', 'Motor terbakar', 'broken',
        '2026-02-02', '2026-08-02'
    ),
    (
        :'ASSET_TO_RECOVER', '0008', 'sewing_machine', 3200000, 'lost', 'Tidak ada di tempat', 'missing',
        '2026-02-02', '2026-08-02'
    ),
    (:'ASSET_TO_WRITE_OFF', '0009', 'hand_tractor', 24500000, 'in_store', null, 'missing', '2026-02-02', '2026-08-02'),
    (:'ASSET_TO_AGREE', '0010', 'sewing_machine', 3200000, 'in_store', null, 'missing', '2026-02-02', '2026-08-02'),
    (:'ASSET_TO_REFUSE', '0011', 'sewing_machine', 3200000, 'in_store', null, 'missing', '2026-02-02', '2026-08-02'),
    (
        :'ASSET_RETIRED', '0012', 'hand_tractor', 18000000, 'retired', 'Rangka patah', 'broken', '2026-02-02',
        '2026-08-02'
    )
) as one (id, number, kind, value_rupiah, status, reason, condition, checked_on, next_on)
inner join beneficiaries as b on b.id = :'BENEFICIARY_TO_EQUIP';

-- One that a company gave.
insert into assets (
    area_id, id, asset_number, kind, serial_number, source, allocation_delivery_id, aid_id, pledge_id, value_rupiah,
    acquired_on, status, status_since, condition, last_checked_on, next_check_on, registered_by, created_at, updated_at
)
select d.area_id, :'ASSET', 'KJ-0001', l.kind, 'SINTETIS-0001', 'company', d.id, d.allocation_id, d.pledge_id, 3200000,
    d.delivered_on, 'in_store', d.delivered_on, 'good', '2026-04-12', '2026-10-12', 'sandbox-kecamatan', d.created_at,
    d.created_at
from allocation_deliveries as d
inner join pledge_lines as l on l.id = d.pledge_line_id
where d.allocation_id = :'ALLOCATION_FOLLOWED' limit 1;

insert into custodies (
    area_id, id, asset_id, beneficiary_id, village_code, place, handover_number, terms, started_on, handed_over_by,
    created_at, updated_at
)
select b.area_id, one.id::uuid, a.id, b.id, b.village_code, 'Rumah penerima, ruang depan', 'BAST/ALAT/2026/' || a.asset_number,
    'Dirawat dan tidak dipindahtangankan', a.status_since, 'sandbox-kecamatan', a.created_at, a.created_at
from (values
    (:'CUSTODY_TO_END', :'ASSET_TO_HAND_BACK', :'BENEFICIARY_HANDING_BACK'),
    (:'CUSTODY_TO_TRANSFER', :'ASSET_TO_TRANSFER', :'BENEFICIARY_TO_TRANSFER_FROM'),
    (:'CUSTODY_TO_CHECK', :'ASSET_TO_CHECK', :'BENEFICIARY_TO_CHECK_AT'),
    (:'CUSTODY_OF_MISSING', :'ASSET_TO_WRITE_OFF', :'BENEFICIARY_MISSING_IT')
) as one (id, asset_id, beneficiary_id)
inner join assets as a on a.id = one.asset_id::uuid
inner join beneficiaries as b on b.area_id = a.area_id and b.id = one.beneficiary_id::uuid
union all
select b.area_id, :'CUSTODY', a.id, b.id, b.village_code, 'Rumah penerima, ruang depan', 'BAST/ALAT/2026/' || a.asset_number,
    'Dirawat dan tidak dipindahtangankan', a.status_since, 'sandbox-kecamatan', a.created_at, a.created_at
from assets as a
inner join allocation_deliveries as d on d.area_id = a.area_id and d.id = a.allocation_delivery_id
inner join beneficiaries as b on b.area_id = d.area_id and b.id = d.beneficiary_id
where a.id = :'ASSET';

update assets as a set status = 'in_custody', custody_id = c.id
from custodies as c where c.area_id = a.area_id and c.asset_id = a.id;

insert into asset_checks (
    area_id, id, asset_id, custody_id, village_code, checked_on, condition, is_in_use, note, evidence, next_check_on,
    checked_by, created_at
)
select a.area_id,
    case when a.id = :'ASSET' then :'ASSET_CHECK'::uuid else derive_id(a.id, md5('check')::uuid) end, a.id, c.id,
    c.village_code, a.last_checked_on, a.condition, a.id = :'ASSET', 'Contoh sintetis', '[]', a.next_check_on,
    'sandbox-puskesos', a.created_at
from assets as a
left join custodies as c on c.area_id = a.area_id and c.id = a.custody_id
where a.last_checked_on is not null;

insert into asset_write_offs (
    area_id, id, asset_id, kind, happened_on, reason, minutes_number, proposed_by, status, decided_by, decided_at,
    created_at, updated_at
)
select a.area_id, one.id::uuid, a.id, one.kind, '2026-02-03', one.reason, 'BA/ALAT/2026/' || a.asset_number,
    'sandbox-planner', one.status, one.decided_by, case when one.decided_by is not null then a.created_at end,
    a.created_at, a.created_at
from (values
    (:'WRITE_OFF', :'ASSET_RETIRED', 'retired', 'Rangka patah', 'agreed', 'sandbox-second-officer'),
    (:'WRITE_OFF_TO_AGREE', :'ASSET_TO_AGREE', 'lost', 'Hilang saat banjir', 'proposed', null),
    (:'WRITE_OFF_TO_REFUSE', :'ASSET_TO_REFUSE', 'lost', 'Tidak ada di gudang', 'proposed', null)
) as one (id, asset_id, kind, reason, status, decided_by)
inner join assets as a on a.id = one.asset_id::uuid;
