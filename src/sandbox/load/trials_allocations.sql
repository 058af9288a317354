-- Families that got seedlings from a company, of which one gave some back; names stand for known ids.

create temp table handed_back on commit drop as
select b.area_id, b.id as beneficiary_id, b.village_code, b.created_at as at, one.id::uuid as allocation_id,
    one.returned_quantity, derive_id(one.id::uuid, b.id) as need_id
from (values
    (:'ALLOCATION_TO_HAND_BACK', :'BENEFICIARY_TO_HAND_BACK', 0),
    (:'ALLOCATION_HANDED_BACK', :'BENEFICIARY_HANDED_BACK', 1)
) as one (id, beneficiary_id, returned_quantity)
inner join beneficiaries as b on b.id = one.beneficiary_id::uuid;

insert into needs (
    area_id, id, beneficiary_id, kind, quantity, met_quantity, status, recorded_by, created_at, updated_at
)
select area_id, need_id, beneficiary_id, 'seedlings', 2, 2, 'met', 'sandbox-puskesos', at, at from handed_back;

insert into allocations (
    area_id, id, pledge_id, pledge_line_id, need_id, beneficiary_id, village_code, quantity, delivered_quantity,
    returned_quantity, transfer_id, status, created_by, created_at, updated_at
)
select area_id, allocation_id, :'PLEDGE_HANDED_BACK', :'LINE_HANDED_BACK', need_id, beneficiary_id, village_code, 2, 2,
    returned_quantity, derive_id(allocation_id, md5('reserve')::uuid), 'delivered', 'sandbox-kecamatan', at, at
from handed_back;

-- Who hands over is not who takes back; a third person did, so that either officer may.
insert into allocation_deliveries (
    area_id, id, allocation_id, pledge_id, pledge_line_id, beneficiary_id, quantity, delivered_on, collector_kind,
    power_of_attorney, receiver_name, handover_number, proof_digest, proof_media_type, transfer_id, recorded_by,
    created_at
)
select area_id,
    case id when :'ALLOCATION_HANDED_BACK' then :'ALLOCATION_DELIVERY' else derive_id(id, md5('handover')::uuid) end,
    id, pledge_id, pledge_line_id, beneficiary_id, quantity,
    '2026-01-12', 'alternate', 'SKU/SINTETIS/2026/004', 'Contoh Kerabat', 'BAST/BIBIT/2/2026', sha256(uuid_send(id)), 'image/jpeg',
    derive_id(id, md5('deliver')::uuid), 'sandbox-planner', created_at
from allocations where pledge_line_id = :'LINE_HANDED_BACK';

insert into allocation_returns (
    area_id, id, allocation_id, allocation_delivery_id, pledge_id, pledge_line_id, beneficiary_id, quantity, is_usable,
    is_still_needed, takes_rest, delivered_on, returned_on, reason, handover_number, transfer_id, recorded_by, created_at
)
select area_id, :'ALLOCATION_RETURN', allocation_id, id, pledge_id, pledge_line_id, beneficiary_id, 1, true, false, false,
    delivered_on, '2026-01-20', 'not_used', 'BAST-R/BIBIT/1/2026', derive_id(allocation_id, md5('put_back')::uuid),
    'sandbox-kecamatan', created_at
from allocation_deliveries where allocation_id = :'ALLOCATION_HANDED_BACK';

insert into ledger_transfers (
    id, area_id, debit_account_id, credit_account_id, unit, quantity, code, group_id, client_id, at
)
select m.id, a.area_id, f.id, t.id, 'unit', m.quantity, m.code, a.pledge_id, m.client_id, a.created_at
from allocations as a
inner join allocation_deliveries as d on d.area_id = a.area_id and d.allocation_id = a.id
left join allocation_returns as r on r.area_id = a.area_id and r.allocation_id = a.id
cross join lateral (values
    (a.transfer_id, 'reserve', 'stock', 'reserved', a.quantity, a.created_by),
    (d.transfer_id, 'deliver', 'reserved', 'delivered', d.quantity, d.recorded_by),
    (r.transfer_id, 'put_back', 'delivered', 'stock', r.quantity, r.recorded_by)
) as m (id, code, source, target, quantity, client_id)
inner join ledger_accounts as f on f.owner_id = a.pledge_line_id and f.kind = m.source
inner join ledger_accounts as t on t.owner_id = a.pledge_line_id and t.kind = m.target
where a.pledge_line_id = :'LINE_HANDED_BACK' and m.id is not null;

update ledger_balances as b set posted = (
    select coalesce(sum(case t.credit_account_id when a.id then t.quantity else -t.quantity end), 0)
    from ledger_transfers as t where a.id in (t.debit_account_id, t.credit_account_id)
)
from ledger_accounts as a where a.id = b.account_id and a.owner_id = :'LINE_HANDED_BACK';
