create table need_kinds (
    code text not null,
    name text not null,
    category text not null,
    unit text not null,
    is_whole bool not null,
    family_quantity_max numeric(18, 3) not null,
    constraint need_kinds_pkey primary key (code),
    constraint need_kinds_code_form check (code ~ '^[a-z][a-z0-9_]{1,39}$'),
    constraint need_kinds_category_known check (category in ('money', 'goods', 'equipment', 'training', 'service')),
    constraint need_kinds_max_positive check (family_quantity_max > 0)
);
comment on table need_kinds is 'Kinds of help a family can need and a company can pledge';
comment on column need_kinds.is_whole is 'True where only whole units exist';
comment on column need_kinds.family_quantity_max is 'Most one family can need; the anonymous list counts in steps of it';
insert into need_kinds (code, name, category, unit, is_whole, family_quantity_max) values
('hand_tractor', 'Hand tractor', 'equipment', 'unit', true, 5),
('oil_palm_tools', 'Oil-palm harvest tools', 'equipment', 'set', true, 5),
('sewing_machine', 'Sewing machine', 'equipment', 'unit', true, 5),
('fishing_gear', 'Boat engine and nets', 'equipment', 'set', true, 5),
('training_seat', 'Seat in a skills training', 'training', 'seat', true, 10),
('seedlings', 'Oil-palm seedlings', 'goods', 'unit', true, 500),
('rice', 'Rice', 'goods', 'kg', false, 100),
('cash', 'Money', 'money', 'IDR', true, 10000000);

create table needs (
    area_id int not null,
    id uuid not null,
    beneficiary_id uuid not null,
    kind text not null,
    quantity numeric(18, 3) not null,
    met_quantity numeric(18, 3) not null default 0,
    status text not null,
    recorded_by text not null,
    withdrawal_reason text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint needs_pkey primary key (area_id, id),
    constraint needs_beneficiary_fkey foreign key (area_id, beneficiary_id) references beneficiaries (area_id, id),
    constraint needs_kind_fkey foreign key (kind) references need_kinds (code),
    constraint needs_status_known check (status in ('open', 'met', 'withdrawn')),
    constraint needs_quantity_positive check (quantity > 0),
    constraint needs_met_range check (met_quantity between 0 and quantity)
);
create unique index needs_open_key on needs (area_id, beneficiary_id, kind) where status = 'open';
create index needs_kind_idx on needs (area_id, kind, id);
comment on table needs is 'What a family needs to earn for itself or to live, by kind';
comment on column needs.met_quantity is 'Reserved or delivered from pledges';

create table pledges (
    id uuid not null,
    company_id uuid not null,
    area_id int not null,
    title text not null,
    year smallint not null,
    status text not null,
    agreement_number text,
    submitted_at timestamptz,
    first_accepted_by text,
    accepted_by text,
    accepted_at timestamptz,
    decision_reason text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint pledges_pkey primary key (id),
    constraint pledges_company_fkey foreign key (company_id) references companies (id),
    constraint pledges_area_fkey foreign key (area_id) references areas (area_id),
    constraint pledges_status_known check (status in (
        'draft', 'submitted', 'committed', 'closing', 'closed', 'rejected', 'withdrawn'
    )),
    constraint pledges_second_person check (accepted_by <> first_accepted_by),
    constraint pledges_acceptance_whole check (
        (accepted_by is null) = (accepted_at is null) and (accepted_by is null or first_accepted_by is not null)
    ),
    constraint pledges_year_range check (year between 2020 and 2100)
);
create index pledges_company_idx on pledges (company_id, id);
create index pledges_area_idx on pledges (area_id, id);
comment on table pledges is 'A promise of one company to one sub-district for one year';
comment on column pledges.area_id is 'Sub-district whose forum decides on it';

create table pledge_lines (
    id uuid not null,
    pledge_id uuid not null,
    kind text not null,
    quantity numeric(18, 3) not null,
    unit text not null,
    unit_value_rupiah bigint not null,
    valuation_basis text not null,
    village_codes text [] not null,
    constraint pledge_lines_pkey primary key (id),
    constraint pledge_lines_pledge_fkey foreign key (pledge_id) references pledges (id),
    constraint pledge_lines_kind_fkey foreign key (kind) references need_kinds (code),
    constraint pledge_lines_quantity_positive check (quantity > 0),
    constraint pledge_lines_value_range check (unit_value_rupiah between 0 and 1000000000000),
    constraint pledge_lines_basis_known check (valuation_basis in (
        'acquisition_value', 'fiscal_book_value', 'cost_of_goods_sold'
    )),
    constraint pledge_lines_earmark_some check (cardinality(village_codes) between 1 and 300)
);
create index pledge_lines_pledge_idx on pledge_lines (pledge_id, id);
comment on table pledge_lines is 'What is promised: a kind, a quantity and the villages it is for';
comment on column pledge_lines.valuation_basis is 'How unit_value_rupiah was found (PP 93/2010 art. 6)';
comment on column pledge_lines.village_codes is 'Earmark: villages whose families may get it';

create table receipts (
    id uuid not null,
    pledge_id uuid not null,
    pledge_line_id uuid not null,
    quantity numeric(18, 3) not null,
    handover_number text not null,
    received_on date not null,
    recorded_by text not null,
    transfer_id uuid not null,
    created_at timestamptz not null,
    constraint receipts_pkey primary key (id),
    constraint receipts_line_fkey foreign key (pledge_line_id) references pledge_lines (id),
    constraint receipts_quantity_positive check (quantity > 0)
);
create index receipts_pledge_idx on receipts (pledge_id, id);
comment on table receipts is 'What the company gave; append-only';
comment on column receipts.handover_number is 'Number of the handover minutes (BAST) or the bank reference';

create table allocations (
    area_id int not null,
    id uuid not null,
    pledge_id uuid not null,
    pledge_line_id uuid not null,
    need_id uuid not null,
    beneficiary_id uuid not null,
    village_code text not null,
    quantity numeric(18, 3) not null,
    delivered_quantity numeric(18, 3) not null default 0,
    run_id uuid,
    rank_in_run int,
    transfer_id uuid not null,
    status text not null,
    created_by text not null,
    release_reason text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint allocations_pkey primary key (area_id, id),
    constraint allocations_need_fkey foreign key (area_id, need_id) references needs (area_id, id),
    constraint allocations_beneficiary_fkey foreign key (area_id, beneficiary_id) references beneficiaries (area_id, id),
    constraint allocations_status_known check (status in ('reserved', 'delivered', 'released')),
    constraint allocations_quantity_positive check (quantity > 0),
    constraint allocations_delivered_range check (delivered_quantity between 0 and quantity),
    constraint allocations_run_whole check ((run_id is null) = (rank_in_run is null)),
    constraint allocations_delivered_whole check ((status = 'delivered') = (delivered_quantity = quantity)),
    constraint allocations_release_whole check ((status = 'released') = (release_reason is not null))
);
create index allocations_pledge_idx on allocations (area_id, pledge_id, id);
create index allocations_line_idx on allocations (area_id, pledge_line_id, id);
create index allocations_beneficiary_idx on allocations (area_id, beneficiary_id);
comment on table allocations is 'What of a pledge line is reserved for the need of one family';
comment on column allocations.run_id is 'Run that allocated it; null where an officer chose the family';
comment on column allocations.rank_in_run is 'Place in the order of need when it was allocated, 1 first';
comment on column allocations.transfer_id is 'Transfer that reserved it; one for all families of a run and line';

create table allocation_deliveries (
    area_id int not null,
    id uuid not null,
    allocation_id uuid not null,
    pledge_id uuid not null,
    pledge_line_id uuid not null,
    beneficiary_id uuid not null,
    quantity numeric(18, 3) not null,
    delivered_on date not null,
    collector_member_id uuid,
    collector_kind text not null,
    power_of_attorney text,
    handover_number text not null,
    proof_digest bytea not null,
    proof_media_type text not null,
    transfer_id uuid not null,
    recorded_by text not null,
    created_at timestamptz not null,
    constraint allocation_deliveries_pkey primary key (area_id, id),
    constraint allocation_deliveries_allocation_fkey foreign key (area_id, allocation_id)
    references allocations (area_id, id),
    constraint allocation_deliveries_quantity_positive check (quantity > 0),
    constraint allocation_deliveries_collector_known check (collector_kind in ('member', 'alternate')),
    constraint allocation_deliveries_collector_whole check (
        (collector_kind = 'member') = (collector_member_id is not null)
        and (collector_kind = 'alternate') = (power_of_attorney is not null)
    )
);
create index allocation_deliveries_pledge_idx on allocation_deliveries (area_id, pledge_id, id);
create index allocation_deliveries_allocation_idx on allocation_deliveries (area_id, allocation_id);
comment on table allocation_deliveries is 'Handover of pledged aid to a family, with proof; append-only';
comment on column allocation_deliveries.power_of_attorney is 'Number of the paper that lets an alternate collect';
comment on column allocation_deliveries.handover_number is 'Number of the handover minutes (BAST)';
comment on column allocation_deliveries.proof_digest is 'SHA-256 of the signature or photo kept by the village';

grant select on need_kinds to sinergi_service;
grant select, insert, update on needs, pledges, allocations to sinergi_service;
grant select, insert, delete on pledge_lines to sinergi_service;
grant select, insert on receipts, allocation_deliveries to sinergi_service;
