-- Pledges that bind already, one for each decision on such, and one of which families gave something back; names stand for known ids.

create temp table decided (
    pledge_id uuid, line_id uuid, title text, status text, year smallint, received numeric, cancelled numeric
) on commit drop;
insert into decided values
(:'PLEDGE_TO_AMEND', :'LINE_TO_AMEND', 'Bibit sawit', 'committed', 2026, 4, 0),
(:'PLEDGE_TO_CANCEL', :'LINE_TO_CANCEL', 'Bibit sawit, tahap dua', 'committed', 2026, 4, 0),
(:'PLEDGE_TO_WRITE_OFF', :'LINE_TO_WRITE_OFF', 'Bibit sawit 2024', 'committed', 2024, 4, 0),
(:'PLEDGE_TO_REFUND', :'LINE_TO_REFUND', 'Bibit sawit, tahap tiga', 'committed', 2026, 4, 0),
(:'PLEDGE_TO_REALLOCATE', :'LINE_TO_REALLOCATE', 'Bibit sawit, tahap empat', 'committed', 2026, 4, 0),
(:'PLEDGE_TO_LOSE', :'LINE_TO_LOSE', 'Bibit sawit, tahap lima', 'committed', 2026, 4, 0),
(:'PLEDGE_TO_CORRECT', :'LINE_TO_CORRECT', 'Bibit sawit, tahap enam', 'committed', 2026, 4, 0),
(:'PLEDGE_TO_CLOSE', :'LINE_TO_CLOSE', 'Bibit sawit, batal', 'closing', 2026, 0, 10),
(:'PLEDGE_TO_REOPEN', :'LINE_TO_REOPEN', 'Bibit sawit, selesai', 'closed', 2026, 0, 10),
(:'PLEDGE_TO_DECIDE', :'LINE_TO_DECIDE', 'Bibit sawit, tahap tujuh', 'committed', 2026, 4, 0),
(:'PLEDGE_HANDED_BACK', :'LINE_HANDED_BACK', 'Bibit sawit, tahap delapan', 'committed', 2026, 10, 0);

insert into pledges (
    id, company_id, area_id, title, year, status, agreement_number, submitted_at, first_accepted_by, accepted_by,
    accepted_at, created_at, updated_at
)
select d.pledge_id, p.company_id, p.area_id, d.title, d.year, d.status, p.agreement_number, p.submitted_at,
    p.first_accepted_by, p.accepted_by, p.accepted_at, p.created_at, p.updated_at
from decided d cross join pledges p where p.id = :'PLEDGE';

insert into pledge_lines (id, pledge_id, kind, quantity, unit, unit_value_rupiah, valuation_basis, village_codes, field)
select d.line_id, d.pledge_id, 'seedlings', 10, 'unit', 25000, l.valuation_basis, l.village_codes, l.field
from decided d cross join pledge_lines l where l.id = :'PLEDGE_LINE';

insert into ledger_accounts (id, area_id, kind, unit, owner_id, is_floored, created_at)
select derive_id(case k.kind when 'promise' then p.company_id else d.line_id end, md5(k.kind)::uuid), p.area_id, k.kind, 'unit', case k.kind when 'promise' then p.company_id else d.line_id end,
    k.kind <> 'promise', p.created_at
from decided d join pledges p on p.id = d.pledge_id
cross join unnest(array[
    'promise', 'commitment', 'stock', 'reserved', 'delivered', 'cancelled', 'written_off', 'returned', 'lost'
]) as k (kind)
on conflict do nothing;

insert into ledger_transfers (
    id, area_id, debit_account_id, credit_account_id, unit, quantity, code, group_id, client_id, at
)
select case when m.code = 'receive' and p.id = :'PLEDGE_TO_CORRECT' then :'TRANSFER_TO_CORRECT'
        else derive_id(d.line_id, md5(m.code)::uuid) end,
    p.area_id, f.id, t.id, 'unit', m.quantity, m.code, p.id, p.accepted_by, p.created_at
from decided d join pledges p on p.id = d.pledge_id
cross join lateral (values
    ('accept', 'promise', 'commitment', 10), ('receive', 'commitment', 'stock', d.received),
    ('cancel', 'commitment', 'cancelled', d.cancelled)
) as m (code, source, target, quantity)
join ledger_accounts f on f.kind = m.source and f.unit = 'unit' and f.area_id = p.area_id
    and f.owner_id = case m.source when 'promise' then p.company_id else d.line_id end
join ledger_accounts t on t.kind = m.target and t.unit = 'unit' and t.area_id = p.area_id and t.owner_id = d.line_id
where m.quantity > 0;

insert into receipts (
    id, pledge_id, pledge_line_id, quantity, handover_number, received_on, recorded_by, transfer_id, created_at
)
select derive_id(d.line_id, md5('receipt')::uuid), t.group_id, d.line_id, t.quantity, 'BAST/BIBIT/1/2026', '2026-01-05', 'sandbox-kecamatan', t.id,
    t.at
from decided d join ledger_transfers t on t.group_id = d.pledge_id and t.code = 'receive';

insert into ledger_balances (account_id, posted, is_floored)
select a.id, coalesce(sum(case t.credit_account_id when a.id then t.quantity else -t.quantity end), 0), a.is_floored
from ledger_accounts a left join ledger_transfers t on a.id in (t.debit_account_id, t.credit_account_id)
where a.owner_id in (select line_id from decided) or a.kind = 'promise' and a.unit = 'unit'
group by a.id
on conflict (account_id) do update set posted = excluded.posted;

insert into pledge_decisions (
    id, pledge_id, company_id, area_id, kind, status, reason, terms, transfer_ids, proposed_by, decided_by, decided_at,
    decision_reason, created_at, updated_at
)
select w.id::uuid, p.id, p.company_id, p.area_id, w.kind, w.status, 'Sebagian bibit layu',
    jsonb_build_object(
        'lines', jsonb_build_array(jsonb_build_object(
            'pledge_line_id', :'LINE_TO_DECIDE', 'quantity', '1', 'former_quantity', null, 'unit', 'unit',
            'installments', '[]'::jsonb
        )),
        'new_lines', '[]'::jsonb, 'former_village_codes', '[]'::jsonb, 'village_codes', '[]'::jsonb, 'site', w.site,
        'corrects_id', null
    ),
    '{}', 'sandbox-planner', w.decided_by, case when w.decided_by is null then null else p.created_at end, w.refusal,
    p.created_at, p.created_at
from (values
    (:'DECISION', 'refund', 'refused', null, 'sandbox-second-officer', 'Bibit sudah diganti'),
    (:'DECISION_TO_AGREE', 'refund', 'proposed', null, null, null),
    (:'DECISION_TO_REFUSE', 'loss', 'proposed', 'Gudang kecamatan', null, null),
    (:'DECISION_TO_WITHDRAW', 'write_off', 'proposed', null, null, null)
) as w (id, kind, status, site, decided_by, refusal)
join pledges p on p.id = :'PLEDGE_TO_DECIDE';

insert into pledge_disclosures (
    id, pledge_id, version, operation_site, site_ring, ppm_field, overhead_rupiah, transport_rupiah, lines, disclosed_by,
    created_at
)
select :'DISCLOSURE', p.id, 1, 'Kebun Contoh Belayan', 1, 'economic_independence', 12000000, 3500000,
    jsonb_build_array(jsonb_build_object(
        'pledge_line_id', l.id, 'sdg_targets', jsonb_build_array('1.4', '8.3'), 'gri', jsonb_build_array('203-1', '413-1'),
        'seojk', jsonb_build_array('F.25'), 'b4si', 'in_kind'
    )), 'sandbox-company', p.created_at
from pledges as p inner join pledge_lines as l on l.pledge_id = p.id where l.id = :'PLEDGE_LINE';
