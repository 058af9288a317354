create table stock_sites (
    area_id int not null,
    id uuid not null,
    name text not null,
    kind text not null,
    village_code text not null,
    keeper text not null,
    closed_on date,
    version int not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint stock_sites_pkey primary key (area_id, id),
    constraint stock_sites_name_key unique (area_id, name),
    constraint stock_sites_kind_known check (kind in ('warehouse', 'office', 'village_hall', 'post', 'boat', 'other')),
    constraint stock_sites_version_positive check (version >= 1)
);
comment on table stock_sites is 'Places that keep goods of programs: warehouses, offices, village halls, posts, boats';
comment on column stock_sites.keeper is 'Office that answers for what is there; not a person';
comment on column stock_sites.closed_on is 'Day from which on nothing is kept there; null while it is open';

create table stock_lots (
    area_id int not null,
    id uuid not null,
    item text not null,
    unit text not null,
    counts_whole_units bool not null,
    program_id uuid,
    stock_site_id uuid not null,
    quantity numeric(18, 3) not null,
    source text not null,
    supplier text not null,
    delivery_note_number text not null,
    received_on date not null,
    expires_on date,
    quality text not null,
    remark text,
    recorded_by text not null,
    created_at timestamptz not null,
    constraint stock_lots_pkey primary key (area_id, id),
    constraint stock_lots_note_key unique (area_id, supplier, delivery_note_number, item),
    constraint stock_lots_program_fkey foreign key (program_id) references programs (id),
    constraint stock_lots_site_fkey foreign key (area_id, stock_site_id) references stock_sites (area_id, id),
    constraint stock_lots_quantity_positive check (quantity > 0),
    constraint stock_lots_quantity_whole check (not counts_whole_units or quantity = trunc(quantity)),
    constraint stock_lots_source_known check (source in ('government_reserve', 'procurement', 'donation', 'other')),
    constraint stock_lots_quality_known check (quality in ('good', 'fair', 'poor')),
    constraint stock_lots_days_order check (expires_on >= received_on)
);
create index stock_lots_program_idx on stock_lots (program_id, area_id, id);
create index stock_lots_site_idx on stock_lots (area_id, stock_site_id);
create index stock_lots_expiry_idx on stock_lots (area_id, expires_on);
comment on table stock_lots is 'Goods that came in together by one delivery note; never changed, what moves is in the ledger';
comment on column stock_lots.counts_whole_units is 'True where half a unit means nothing';
comment on column stock_lots.program_id is 'Program that it is for; null where it is for any that counts in its unit';
comment on column stock_lots.stock_site_id is 'Site that it came to';
comment on column stock_lots.quantity is 'How much came';
comment on column stock_lots.supplier is 'Office, firm or donor that brought it; not a person';

create table stock_places (
    area_id int not null,
    id uuid not null,
    stock_lot_id uuid not null,
    stock_site_id uuid not null,
    constraint stock_places_pkey primary key (area_id, id),
    constraint stock_places_lot_key unique (area_id, stock_lot_id, stock_site_id),
    constraint stock_places_lot_fkey foreign key (area_id, stock_lot_id) references stock_lots (area_id, id),
    constraint stock_places_site_fkey foreign key (area_id, stock_site_id) references stock_sites (area_id, id)
);
create index stock_places_site_idx on stock_places (area_id, stock_site_id);
comment on table stock_places is 'A lot at a site, which owns one account of the ledger';

create table stock_losses (
    area_id int not null,
    id uuid not null,
    stock_lot_id uuid not null,
    stock_site_id uuid not null,
    quantity numeric(18, 3) not null,
    reason text not null,
    remark text,
    lost_on date not null,
    minutes_number text not null,
    liable text not null,
    delivery_loss_id uuid,
    status text not null,
    proposed_by text not null,
    decided_by text,
    decided_at timestamptz,
    decision_reason text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint stock_losses_pkey primary key (area_id, id),
    constraint stock_losses_lot_fkey foreign key (area_id, stock_lot_id) references stock_lots (area_id, id),
    constraint stock_losses_site_fkey foreign key (area_id, stock_site_id) references stock_sites (area_id, id),
    constraint stock_losses_delivery_loss_fkey foreign key (area_id, delivery_loss_id)
    references delivery_losses (area_id, id),
    constraint stock_losses_quantity_positive check (quantity > 0),
    constraint stock_losses_reason_known check (reason in (
        'theft', 'accident', 'weather', 'spoilage', 'short_weight', 'pests', 'expired', 'other'
    )),
    constraint stock_losses_reason_told check (reason <> 'other' or remark is not null),
    constraint stock_losses_status_known check (status in ('proposed', 'agreed', 'refused')),
    constraint stock_losses_second_person check (decided_by <> proposed_by),
    constraint stock_losses_decided_whole check (
        (status = 'proposed') = (decided_at is null) and (status = 'proposed') = (decided_by is null)
    ),
    constraint stock_losses_refusal_whole check ((status = 'refused') = (decision_reason is not null))
);
create index stock_losses_lot_idx on stock_losses (area_id, stock_lot_id, id);
create index stock_losses_site_idx on stock_losses (area_id, stock_site_id, id);
create index stock_losses_delivery_loss_idx on stock_losses (area_id, delivery_loss_id);
comment on table stock_losses is 'Goods in stock that are gone: proposed by one person, booked when another one agrees';
comment on column stock_losses.minutes_number is 'Number of the minutes of the loss (berita acara)';
comment on column stock_losses.liable is 'Office, carrier or post that answers for it; not a person';
comment on column stock_losses.delivery_loss_id is 'Loss of a cycle that it was told with';

create table stock_movements (
    area_id int not null,
    id uuid not null,
    stock_lot_id uuid not null,
    kind text not null,
    from_site_id uuid,
    to_site_id uuid,
    quantity numeric(18, 3) not null,
    counted_quantity numeric(18, 3),
    moved_on date not null,
    document_number text not null,
    remark text,
    cycle_id uuid,
    delivery_id uuid,
    delivery_return_id uuid,
    stock_loss_id uuid,
    recorded_by text not null,
    created_at timestamptz not null,
    constraint stock_movements_pkey primary key (area_id, id),
    constraint stock_movements_lot_fkey foreign key (area_id, stock_lot_id) references stock_lots (area_id, id),
    constraint stock_movements_from_site_fkey foreign key (area_id, from_site_id) references stock_sites (area_id, id),
    constraint stock_movements_to_site_fkey foreign key (area_id, to_site_id) references stock_sites (area_id, id),
    constraint stock_movements_cycle_fkey foreign key (area_id, cycle_id) references cycles (area_id, id),
    constraint stock_movements_return_fkey foreign key (area_id, delivery_return_id)
    references delivery_returns (area_id, id),
    constraint stock_movements_loss_fkey foreign key (area_id, stock_loss_id) references stock_losses (area_id, id),
    constraint stock_movements_kind_known check (kind in (
        'receive', 'transfer', 'hand_out', 'take_back', 'deliver', 'put_back', 'return', 'lose', 'count'
    )),
    constraint stock_movements_quantity_positive check (quantity > 0 or kind = 'count' and quantity = 0),
    constraint stock_movements_sites_differ check (from_site_id <> to_site_id),
    constraint stock_movements_sites_fit check (
        case
            when kind = 'transfer' then from_site_id is not null and to_site_id is not null
            when kind in ('receive', 'take_back', 'put_back') then from_site_id is null and to_site_id is not null
            when kind = 'count' then (from_site_id is null) <> (to_site_id is null)
            else from_site_id is not null and to_site_id is null
        end
    ),
    constraint stock_movements_origin_fits check (
        (kind = 'count') = (counted_quantity is not null) and (kind in ('hand_out', 'take_back')) = (cycle_id is not null)
        and (kind in ('deliver', 'put_back')) = (delivery_id is not null)
        and (kind = 'put_back') = (delivery_return_id is not null) and (kind = 'lose') = (stock_loss_id is not null)
    )
);
create unique index stock_movements_loss_key on stock_movements (area_id, stock_loss_id) where stock_loss_id is not null;
create unique index stock_movements_return_key on stock_movements (area_id, delivery_return_id)
where delivery_return_id is not null;
create index stock_movements_lot_idx on stock_movements (area_id, stock_lot_id, id);
create index stock_movements_from_site_idx on stock_movements (area_id, from_site_id, id);
create index stock_movements_to_site_idx on stock_movements (area_id, to_site_id, id);
create index stock_movements_cycle_idx on stock_movements (area_id, cycle_id, id);
create index stock_movements_delivery_idx on stock_movements (area_id, delivery_id) where delivery_id is not null;
comment on table stock_movements is 'Why goods in stock moved; the ledger has a transfer of the same id; append-only';
comment on column stock_movements.counted_quantity is 'What was counted; the movement is what it differs by';
comment on column stock_movements.cycle_id is 'Cycle whose hand-over day it went to or came back from';
comment on column stock_movements.delivery_id is 'Delivery to a family that it went to or came back from';

do $$
declare
    stock_table text;
begin
    foreach stock_table in array array[
        'stock_sites', 'stock_lots', 'stock_places', 'stock_losses', 'stock_movements'
    ] loop
        execute format('alter table %I enable row level security', stock_table);
        execute format(
            'create policy area_scope on %I to sinergi_service using (area_id = any ((select visible_areas())::int []))',
            stock_table
        );
    end loop;
end
$$;
grant select, insert on stock_lots, stock_places, stock_movements to sinergi_service;
grant select, insert, update on stock_sites, stock_losses to sinergi_service;

-- Where what a family got came from.
alter table deliveries add column stock_lot_id uuid;
alter table deliveries add column stock_site_id uuid;
alter table deliveries add constraint deliveries_stock_whole check (
    (stock_lot_id is null) = (stock_site_id is null)
) not valid;
comment on column deliveries.stock_lot_id is 'Lot that it came from, where it came from stock';
comment on column deliveries.stock_site_id is 'Site that it came from';

-- Each constraint that allows more follows at once.
-- squawk-ignore ban-drop-constraint
alter table ledger_accounts drop constraint ledger_accounts_kind_known;
alter table ledger_accounts add constraint ledger_accounts_kind_known check (kind in (
    'promise', 'commitment', 'stock', 'reserved', 'delivered', 'cancelled', 'written_off', 'returned', 'lost', 'supply',
    'handed_out', 'counted'
)) not valid;
comment on column ledger_accounts.owner_id is
'Company for promise; pledge line, stock lot, or a lot at a site (stock place) for the others';

-- squawk-ignore ban-drop-constraint
alter table ledger_transfers drop constraint ledger_transfers_code_known;
alter table ledger_transfers add constraint ledger_transfers_code_known check (code in (
    'accept', 'receive', 'reserve', 'deliver', 'release', 'cancel', 'write_off', 'return', 'lose', 'correct', 'amend',
    'reallocate', 'transfer', 'hand_out', 'take_back', 'put_back', 'count'
)) not valid;
alter table ledger_transfers add column group_kind text not null default 'pledge';
alter table ledger_transfers add constraint ledger_transfers_group_known check (group_kind in ('pledge', 'lot')) not valid;
comment on column ledger_transfers.group_kind is 'What the movement is of';
comment on column ledger_transfers.group_id is 'Pledge or stock lot the movement is of';
