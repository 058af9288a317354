create table relocations (
    area_id int not null,
    id uuid not null,
    beneficiary_id uuid not null,
    to_area_id int not null,
    from_village_code text not null,
    village_code text not null,
    address text,
    moved_on date not null,
    head_name text not null,
    member_count int not null,
    status text not null,
    reason text,
    offered_by text not null,
    decided_by text,
    decided_at timestamptz,
    decision_reason text,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint relocations_pkey primary key (area_id, id),
    constraint relocations_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint relocations_status_known check (status in ('offered', 'accepted', 'refused', 'withdrawn')),
    constraint relocations_decision_whole check (
        (status = 'offered') = (decided_by is null) and (decided_by is null) = (decided_at is null)
    )
);
create unique index relocations_open_key on relocations (area_id, beneficiary_id) where status = 'offered';
create index relocations_incoming_idx on relocations (to_area_id, id);
comment on table relocations is 'Moves of families to another village; into another sub-district offered by the one and accepted by the other';
comment on column relocations.area_id is 'Sub-district that the family leaves';
comment on column relocations.to_area_id is 'Sub-district that it goes to; it sees the row as well';
comment on column relocations.head_name is 'Name of the head when it was offered, for those who decide';

-- Both sub-districts see and decide an offer; only the one that the family leaves makes it.
alter table relocations enable row level security;
create policy area_scope on relocations for select to sinergi_service
using (area_id = any ((select visible_areas())::int []) or to_area_id = any ((select visible_areas())::int []));
create policy either_decides on relocations for update to sinergi_service
using (area_id = any ((select visible_areas())::int []) or to_area_id = any ((select visible_areas())::int []));
create policy own_area_offers on relocations for insert to sinergi_service
with check (area_id = any ((select visible_areas())::int []));
grant select, insert, update on relocations to sinergi_service;

create table carried_entitlements (
    area_id int not null,
    beneficiary_id uuid not null,
    program_id uuid not null,
    period date not null,
    constraint carried_entitlements_pkey primary key (area_id, beneficiary_id, program_id, period),
    constraint carried_entitlements_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint carried_entitlements_program_fkey foreign key (program_id) references programs (id)
);
comment on table carried_entitlements is 'Periods of programs of the state that a family brought along: due in the sub-district it came from, so not once more here';
alter table carried_entitlements enable row level security;
create policy area_scope on carried_entitlements to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on carried_entitlements to sinergi_service;

-- Claims and locators follow a family into another sub-district.
grant update (area_id) on identity_claims, card_claims, beneficiary_locators to sinergi_service;
