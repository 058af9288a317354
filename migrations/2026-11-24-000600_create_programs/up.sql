create table programs (
    id uuid not null,
    code text not null,
    name text not null,
    kind text not null,
    unit text not null,
    description text not null,
    owner_area_id int,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint programs_pkey primary key (id),
    constraint programs_code_key unique nulls not distinct (owner_area_id, code),
    constraint programs_owner_fkey foreign key (owner_area_id) references areas (area_id),
    constraint programs_code_form check (code ~ '^[A-Z0-9][A-Z0-9-]{1,31}$'),
    constraint programs_kind_known check (kind in ('money', 'goods', 'equipment', 'training', 'service')),
    constraint programs_money_unit check ((kind = 'money') = (unit = 'IDR'))
);
comment on table programs is 'Aid programs: rice, BLT, PKH, tools, training';
comment on column programs.code is 'Short name used in rules, such as PKH; two sub-districts may each have one of that name';
comment on column programs.unit is 'What is counted: IDR, kg, unit, seat';
comment on column programs.owner_area_id is 'Sub-district that defined it; null for a program of the state';

create table rule_sets (
    id uuid not null,
    program_id uuid not null,
    number int not null,
    eligibility text not null,
    benefit_quantity numeric(18, 3) not null,
    benefit_period text not null,
    legal_basis_title text not null,
    legal_basis_number text not null,
    legal_basis_article text,
    effective_from date not null,
    effective_to date,
    created_by text not null,
    created_at timestamptz not null,
    constraint rule_sets_pkey primary key (id),
    constraint rule_sets_program_fkey foreign key (program_id) references programs (id),
    constraint rule_sets_number_key unique (program_id, number),
    constraint rule_sets_benefit_positive check (benefit_quantity > 0),
    constraint rule_sets_period_known check (benefit_period in ('month', 'quarter', 'year', 'once')),
    constraint rule_sets_dates_order check (effective_to >= effective_from)
);
comment on table rule_sets is 'Versions of the rules of a program, each with dates and legal basis; never changed';
comment on column rule_sets.number is '1 for the first version of the program';
comment on column rule_sets.eligibility is 'CEL expression over the catalogue of facts';
comment on column rule_sets.benefit_quantity is 'Due to a family in a period, in the unit of the program';
comment on column rule_sets.effective_to is 'Last day, inclusive; null while open';

create table enrollments (
    area_id int not null,
    id uuid not null,
    program_id uuid not null,
    beneficiary_id uuid not null,
    rule_set_id uuid not null,
    status text not null,
    decided_by text not null,
    decree_number text,
    suspension_reason text,
    exit_reason text,
    started_on date not null,
    ended_on date,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint enrollments_pkey primary key (area_id, id),
    constraint enrollments_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint enrollments_program_fkey foreign key (program_id) references programs (id),
    constraint enrollments_rule_set_fkey foreign key (rule_set_id) references rule_sets (id),
    constraint enrollments_status_known check (status in ('proposed', 'confirmed', 'active', 'suspended', 'exited')),
    constraint enrollments_suspension_whole check ((status = 'suspended') = (suspension_reason is not null)),
    constraint enrollments_exit_whole check (
        (status = 'exited') = (exit_reason is not null) and (status = 'exited') = (ended_on is not null)
    ),
    constraint enrollments_exit_reason_known check (exit_reason in (
        'graduated', 'deceased', 'moved', 'ineligible', 'replaced', 'duplicate', 'own_wish'
    ))
);
create unique index enrollments_live_key on enrollments (area_id, beneficiary_id, program_id)
where status <> 'exited';
create index enrollments_program_idx on enrollments (area_id, program_id, id);
create index enrollments_beneficiary_idx on enrollments (area_id, beneficiary_id, id);
comment on table enrollments is 'Which family is on which program; at most one live enrollment a family and program';
comment on column enrollments.decree_number is 'Decree or minutes that confirmed it';
comment on column enrollments.suspension_reason is 'Why it rests; only an explicit resumption ends that';

create table enrollments_history (
    area_id int not null,
    id uuid not null,
    valid_from timestamptz not null,
    valid_to timestamptz not null,
    version int not null,
    record jsonb not null,
    client_id text not null,
    constraint enrollments_history_pkey primary key (area_id, id, valid_from),
    constraint enrollments_history_order check (valid_from < valid_to)
);
comment on table enrollments_history is 'Past versions of enrollments, half-open from valid_from to valid_to; append-only';
comment on column enrollments_history.record is 'The row as it was';
comment on column enrollments_history.client_id is 'Who replaced this version';

create table cycles (
    area_id int not null,
    id uuid not null,
    program_id uuid not null,
    rule_set_id uuid not null,
    period date not null,
    status text not null,
    planned_by text not null,
    approved_by text,
    approved_at timestamptz,
    entitlement_count int not null default 0,
    entitled_quantity numeric(18, 3) not null default 0,
    closed_by text,
    closed_at timestamptz,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint cycles_pkey primary key (area_id, id),
    constraint cycles_program_fkey foreign key (program_id) references programs (id),
    constraint cycles_rule_set_fkey foreign key (rule_set_id) references rule_sets (id),
    constraint cycles_period_key unique (area_id, program_id, period),
    constraint cycles_status_known check (status in ('planned', 'approved', 'closed')),
    constraint cycles_approval_whole check (
        (status = 'planned') = (approved_by is null) and (approved_by is null) = (approved_at is null)
    ),
    constraint cycles_closure_whole check (
        (status = 'closed') = (closed_by is not null) and (closed_by is null) = (closed_at is null)
    ),
    constraint cycles_second_person check (approved_by <> planned_by),
    constraint cycles_period_first_day check (extract(day from period) = 1)
);
comment on table cycles is 'One period of a program in a sub-district; its list freezes when a second officer approves';
comment on column cycles.period is 'First day of the month, quarter or year';

create table entitlements (
    area_id int not null,
    period date not null,
    id uuid not null,
    cycle_id uuid not null,
    program_id uuid not null,
    beneficiary_id uuid not null,
    enrollment_id uuid not null,
    village_code text not null,
    quantity numeric(18, 3) not null,
    snapshot jsonb not null,
    constraint entitlements_pkey primary key (area_id, id, period),
    constraint entitlements_once_key unique (area_id, beneficiary_id, program_id, period),
    constraint entitlements_cycle_fkey foreign key (area_id, cycle_id) references cycles (area_id, id),
    constraint entitlements_enrollment_fkey foreign key (area_id, enrollment_id) references enrollments (area_id, id),
    constraint entitlements_quantity_positive check (quantity > 0)
) partition by range (period);
create index entitlements_cycle_idx on entitlements (area_id, cycle_id, village_code, id);
comment on table entitlements is 'What is due to one family in one cycle; never changed';
comment on column entitlements.snapshot is 'What the list was decided on: decile, members, rule set';

create table deliveries (
    area_id int not null,
    period date not null,
    id uuid not null,
    entitlement_id uuid not null,
    program_id uuid not null,
    beneficiary_id uuid not null,
    quantity numeric(18, 3) not null,
    delivered_on date not null,
    collector_member_id uuid,
    collector_kind text not null,
    power_of_attorney text,
    handover_number text not null,
    proof_digest bytea,
    proof_media_type text,
    recorded_by text not null,
    created_at timestamptz not null,
    constraint deliveries_pkey primary key (area_id, id, period),
    constraint deliveries_entitlement_fkey foreign key (area_id, period, entitlement_id)
    references entitlements (area_id, period, id),
    constraint deliveries_quantity_positive check (quantity > 0),
    constraint deliveries_collector_known check (collector_kind in ('member', 'alternate')),
    constraint deliveries_collector_whole check (
        (collector_kind = 'member') = (collector_member_id is not null)
        and (collector_kind = 'alternate') = (power_of_attorney is not null)
    ),
    constraint deliveries_proof_whole check ((proof_digest is null) = (proof_media_type is null))
) partition by range (period);
create index deliveries_entitlement_idx on deliveries (area_id, period, entitlement_id);
create index deliveries_beneficiary_idx on deliveries (area_id, beneficiary_id);
comment on table deliveries is 'What was handed over, to whom, with which proof; append-only';
comment on column deliveries.period is 'Period of the entitlement';
comment on column deliveries.collector_kind is 'member of the family, or alternate with power of attorney';
comment on column deliveries.power_of_attorney is 'Number of the paper that lets an alternate collect';
comment on column deliveries.handover_number is 'Number of the handover minutes (BAST)';
comment on column deliveries.proof_digest is 'SHA-256 of the signature or photo kept by the village';

create table suspension_orders (
    area_id int not null,
    id uuid not null,
    program_id uuid not null,
    status text not null,
    directive_title text not null,
    directive_number text not null,
    directive_article text,
    directive_dated_on date not null,
    reason text not null,
    effective_from date not null,
    effective_to date,
    laid_by text not null,
    outcome text,
    released_by text,
    released_at timestamptz,
    release_reason text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint suspension_orders_pkey primary key (area_id, id),
    constraint suspension_orders_program_fkey foreign key (program_id) references programs (id),
    constraint suspension_orders_status_known check (status in ('in_force', 'released')),
    constraint suspension_orders_release_whole check (
        (status = 'released') = (released_by is not null)
        and (released_by is null) = (released_at is null) and (released_by is null) = (release_reason is null)
        and (released_by is null) = (outcome is null)
    ),
    constraint suspension_orders_outcome_known check (outcome in ('released', 'reduced', 'voided')),
    constraint suspension_orders_dates_order check (effective_to >= effective_from)
);
create index suspension_orders_program_idx on suspension_orders (area_id, program_id);
comment on table suspension_orders is 'Cited directives that stop a program in a sub-district for a while';
comment on column suspension_orders.effective_from is 'First day of a period that is stopped: cycles with a day in reach are held';
comment on column suspension_orders.effective_to is 'Last such day, inclusive; null while the directive names none';
comment on column suspension_orders.outcome is 'What became of what was held: released, reduced or voided';

create table holds (
    area_id int not null,
    id uuid not null,
    suspension_order_id uuid not null,
    period date not null,
    entitlement_id uuid not null,
    beneficiary_id uuid not null,
    quantity numeric(18, 3) not null,
    status text not null,
    released_quantity numeric(18, 3) not null default 0,
    withdrawn_quantity numeric(18, 3) not null default 0,
    created_at timestamptz not null,
    ended_at timestamptz,
    constraint holds_pkey primary key (area_id, id),
    constraint holds_once_key unique (area_id, suspension_order_id, entitlement_id),
    constraint holds_order_fkey foreign key (area_id, suspension_order_id)
    references suspension_orders (area_id, id),
    constraint holds_entitlement_fkey foreign key (area_id, period, entitlement_id)
    references entitlements (area_id, period, id),
    constraint holds_status_known check (status in ('held', 'released', 'reduced', 'voided')),
    constraint holds_end_whole check ((status = 'held') = (ended_at is null)),
    constraint holds_quantity_positive check (quantity > 0),
    constraint holds_parts_positive check (released_quantity >= 0 and withdrawn_quantity >= 0),
    constraint holds_conserved check (
        released_quantity + withdrawn_quantity = case when status = 'held' then 0 else quantity end
    )
);
create index holds_entitlement_idx on holds (area_id, entitlement_id);
comment on table holds is 'What a suspension order keeps back, entitlement by entitlement';
comment on column holds.quantity is 'What was due and not yet delivered when the order took hold';
comment on column holds.released_quantity is 'Of it, what may be delivered again';
comment on column holds.withdrawn_quantity is 'Of it, what is never delivered: reduced away or voided';

-- Ids of rows that one statement makes: the time of the seed, which the service made, and a digest of seed and key.
-- The same seed gives the same ids, so doing it again is harmless; immutable, so the planner may spread it.
create function derive_id(seed uuid, key uuid) returns uuid
language sql immutable parallel safe
return (
    select encode(
        set_byte(set_byte(bytes, 6, 112 | (get_byte(bytes, 6) & 15)), 8, 128 | (get_byte(bytes, 8) & 63)), 'hex'
    )::uuid
    from (
        select substring(uuid_send(seed) for 6)
            || substring(sha256(uuid_send(seed) || uuid_send(key)) for 10) as bytes
    ) as digest
);
comment on function derive_id(uuid, uuid) is 'A UUIDv7 of the time of the seed, the same for the same seed and key';

grant select, insert on programs, rule_sets, enrollments_history, entitlements, deliveries to sinergi_service;
grant update on programs to sinergi_service;
-- A delivery locks its entitlement (select for update), which asks for the right to update some column.
grant update (quantity) on entitlements to sinergi_service;
grant select, insert, update on enrollments, cycles, suspension_orders, holds to sinergi_service;
