-- Rice and tools in stock, how they moved, and a family that got some; names stand for known ids.

create temp table stocked on commit drop as
select area_id, created_at from cycles where id = :'CYCLE'
    and exists (select from beneficiaries where id = :'BENEFICIARY_FROM_STOCK');

insert into stock_sites (
    area_id, id, name, kind, village_code, keeper, version, created_at, updated_at
)
select s.area_id, one.id::uuid, one.name, one.kind, b.village_code, one.keeper, 1, s.created_at, s.created_at
from (values
    (:'STOCK_SITE', 'Gudang kecamatan (contoh)', 'warehouse', 'Seksi Kesejahteraan Sosial'),
    (:'STOCK_SITE_OF_VILLAGE', 'Balai desa (contoh)', 'village_hall', 'Kasi Kesejahteraan Desa'),
    (:'STOCK_SITE_TO_CHANGE', 'Perahu sembako (contoh)', 'boat', 'Seksi Kesejahteraan Sosial'),
    (:'STOCK_SITE_TO_CLOSE', 'Pos lama (contoh)', 'post', 'Seksi Kesejahteraan Sosial')
) as one (id, name, kind, keeper)
cross join stocked s
join beneficiaries b on b.id = :'BENEFICIARY_FROM_STOCK';

insert into stock_lots (
    area_id, id, item, unit, counts_whole_units, program_id, stock_site_id, quantity, source, supplier,
    delivery_note_number, received_on, expires_on, quality, recorded_by, created_at
)
select s.area_id, one.id::uuid, one.item, one.unit, one.counts_whole_units, one.program_id::uuid, :'STOCK_SITE',
    one.quantity, one.source, one.supplier, one.note, '2026-01-05', one.expires_on::date, 'good', 'sandbox-kecamatan',
    s.created_at
from (values
    (
        :'STOCK_LOT', 'Beras medium', 'kg', false, :'PROGRAM', 1000, 'government_reserve', 'Bulog (contoh sintetis)',
        'SJ/SINTETIS/2026/001', '2026-12-31'
    ),
    (
        :'STOCK_LOT_OF_TOOLS', 'Cangkul', 'unit', true, null, 40, 'procurement', 'Toko tani (contoh sintetis)',
        'SJ/SINTETIS/2026/002', null
    )
) as one (id, item, unit, counts_whole_units, program_id, quantity, source, supplier, note, expires_on)
cross join stocked s;

insert into stock_places (area_id, id, stock_lot_id, stock_site_id)
select s.area_id, derive_id(one.lot_id::uuid, one.site_id::uuid), one.lot_id::uuid, one.site_id::uuid
from (values
    (:'STOCK_LOT', :'STOCK_SITE'), (:'STOCK_LOT', :'STOCK_SITE_OF_VILLAGE'), (:'STOCK_LOT_OF_TOOLS', :'STOCK_SITE')
) as one (lot_id, site_id)
cross join stocked s;

insert into stock_losses (
    area_id, id, stock_lot_id, stock_site_id, quantity, reason, lost_on, minutes_number, liable, status, proposed_by,
    decided_by, decided_at, created_at, updated_at
)
select s.area_id, one.id::uuid, :'STOCK_LOT', :'STOCK_SITE', 20, one.reason, '2026-01-09', one.minutes,
    'Seksi Kesejahteraan Sosial (contoh sintetis)', one.status, 'sandbox-planner', one.decided_by,
    case when one.decided_by is null then null else s.created_at end, s.created_at, s.created_at
from (values
    (:'STOCK_LOSS', 'pests', 'BA/SINTETIS/2026/001', 'agreed', 'sandbox-second-officer'),
    (:'STOCK_LOSS_TO_AGREE', 'spoilage', 'BA/SINTETIS/2026/002', 'proposed', null),
    (:'STOCK_LOSS_TO_REFUSE', 'theft', 'BA/SINTETIS/2026/003', 'proposed', null)
) as one (id, reason, minutes, status, decided_by)
cross join stocked s;

insert into enrollments (
    area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by, started_on, quota_village_code,
    created_at, updated_at
)
select b.area_id, :'ENROLLMENT_FROM_STOCK', :'PROGRAM', b.id, :'RULE_SET', 'active', 'sandbox-kecamatan', :'PERIOD',
    b.village_code, b.created_at, b.created_at
from beneficiaries b where b.id = :'BENEFICIARY_FROM_STOCK';

insert into entitlements (
    area_id, period, id, cycle_id, program_id, beneficiary_id, enrollment_id, village_code, quantity, snapshot
)
select b.area_id, :'PERIOD', :'ENTITLEMENT_FROM_STOCK', :'CYCLE', :'PROGRAM', b.id, :'ENROLLMENT_FROM_STOCK',
    b.village_code, 10,
    jsonb_build_object('decile', b.decile, 'member_count', b.member_count, 'rule_set_number', 2)
from beneficiaries b where b.id = :'BENEFICIARY_FROM_STOCK';

insert into deliveries (
    area_id, period, id, entitlement_id, program_id, beneficiary_id, quantity, delivered_on, collector_kind,
    power_of_attorney, handover_number, stock_lot_id, stock_site_id, recorded_by, created_at
)
select e.area_id, e.period, :'DELIVERY_FROM_STOCK', e.id, e.program_id, e.beneficiary_id, 10, '2026-01-12', 'alternate',
    'SKU/SINTETIS/2026/103', 'BAST/SINTETIS/2026/103', :'STOCK_LOT', :'STOCK_SITE_OF_VILLAGE', 'sandbox-kecamatan',
    s.created_at
from entitlements e cross join stocked s where e.id = :'ENTITLEMENT_FROM_STOCK';

insert into stock_movements (
    area_id, id, stock_lot_id, kind, from_site_id, to_site_id, quantity, counted_quantity, moved_on, document_number,
    cycle_id, delivery_id, stock_loss_id, recorded_by, created_at
)
select s.area_id, coalesce(one.id::uuid, derive_id(one.lot_id::uuid, md5(one.kind)::uuid)), one.lot_id::uuid, one.kind,
    one.from_id::uuid, one.to_id::uuid, one.quantity, one.counted, one.moved_on::date, one.document, one.cycle_id::uuid,
    one.delivery_id::uuid, one.loss_id::uuid, 'sandbox-kecamatan', s.created_at
from (values
    (
        :'STOCK_MOVEMENT', :'STOCK_LOT', 'receive', null, :'STOCK_SITE', 1000, null, '2026-01-05',
        'SJ/SINTETIS/2026/001', null, null, null
    ),
    (
        null, :'STOCK_LOT_OF_TOOLS', 'receive', null, :'STOCK_SITE', 40, null, '2026-01-05', 'SJ/SINTETIS/2026/002',
        null, null, null
    ),
    (
        null, :'STOCK_LOT', 'transfer', :'STOCK_SITE', :'STOCK_SITE_OF_VILLAGE', 120, null, '2026-01-07',
        'SJ/SINTETIS/2026/003', null, null, null
    ),
    (
        null, :'STOCK_LOT', 'hand_out', :'STOCK_SITE', null, 200, null, '2026-01-08', 'BAST/SINTETIS/2026/101',
        :'CYCLE', null, null
    ),
    (
        null, :'STOCK_LOT', 'lose', :'STOCK_SITE', null, 20, null, '2026-01-09', 'BA/SINTETIS/2026/001', null, null,
        :'STOCK_LOSS'
    ),
    (
        null, :'STOCK_LOT', 'count', :'STOCK_SITE_OF_VILLAGE', null, 0.5, 119.5, '2026-01-10',
        'BA-SO/SINTETIS/2026/000', null, null, null
    ),
    (
        null, :'STOCK_LOT', 'deliver', :'STOCK_SITE_OF_VILLAGE', null, 10, null, '2026-01-12', 'BAST/SINTETIS/2026/103',
        null, :'DELIVERY_FROM_STOCK', null
    )
) as one (
    id, lot_id, kind, from_id, to_id, quantity, counted, moved_on, document, cycle_id, delivery_id, loss_id
)
cross join stocked s;

insert into ledger_accounts (id, area_id, kind, unit, owner_id, is_floored, created_at)
select derive_id(l.id, md5(k.kind)::uuid), l.area_id, k.kind, l.unit, l.id, k.kind not in ('supply', 'counted'),
    l.created_at
from stock_lots l
cross join unnest(array['supply', 'handed_out', 'delivered', 'returned', 'lost', 'counted']) as k (kind)
union all
select derive_id(p.id, md5('stock')::uuid), p.area_id, 'stock', l.unit, p.id, true, l.created_at
from stock_places p join stock_lots l on l.area_id = p.area_id and l.id = p.stock_lot_id;

insert into ledger_transfers (
    id, area_id, debit_account_id, credit_account_id, unit, quantity, code, group_id, group_kind, client_id, at
)
select m.id, m.area_id, coalesce(f.id, o.id), coalesce(t.id, o.id), l.unit, m.quantity, m.kind, l.id, 'lot',
    m.recorded_by, m.created_at
from stock_movements m
join stock_lots l on l.area_id = m.area_id and l.id = m.stock_lot_id
left join ledger_accounts f on f.kind = 'stock' and f.owner_id = derive_id(l.id, m.from_site_id)
left join ledger_accounts t on t.kind = 'stock' and t.owner_id = derive_id(l.id, m.to_site_id)
left join ledger_accounts o on o.owner_id = l.id and o.kind = case m.kind
    when 'receive' then 'supply' when 'hand_out' then 'handed_out' when 'lose' then 'lost' when 'count' then 'counted'
    when 'deliver' then 'delivered' end;

insert into ledger_balances (account_id, posted, is_floored)
select a.id, coalesce(sum(case t.credit_account_id when a.id then t.quantity else -t.quantity end), 0), a.is_floored
from ledger_accounts a left join ledger_transfers t on a.id in (t.debit_account_id, t.credit_account_id)
where a.owner_id in (select id from stock_lots union all select id from stock_places)
group by a.id;
