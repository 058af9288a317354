create table collectors (
    area_id int not null,
    id uuid not null,
    beneficiary_id uuid not null,
    kind text not null,
    member_id uuid,
    name text,
    power_of_attorney text,
    granted_by_id uuid,
    valid_from date not null,
    valid_to date,
    ended_on date,
    end_reason text,
    recorded_by text not null,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint collectors_pkey primary key (area_id, id),
    constraint collectors_beneficiary_fkey foreign key (area_id, beneficiary_id) references beneficiaries (area_id, id),
    constraint collectors_member_fkey foreign key (area_id, member_id) references members (area_id, id),
    constraint collectors_granter_fkey foreign key (area_id, granted_by_id) references members (area_id, id),
    constraint collectors_kind_known check (kind in ('member', 'alternate')),
    constraint collectors_kind_whole check (
        (kind = 'member') = (member_id is not null) and (kind = 'alternate') = (name is not null)
        and (name is null) = (power_of_attorney is null) and (name is null) = (granted_by_id is null)
        and (kind = 'member' or valid_to is not null)
    ),
    constraint collectors_dates_order check (valid_to >= valid_from and ended_on >= valid_from),
    constraint collectors_end_whole check ((ended_on is null) = (end_reason is null)),
    constraint collectors_end_reason_known check (end_reason in ('replaced', 'revoked', 'left'))
);
create unique index collectors_member_key on collectors (area_id, beneficiary_id)
where kind = 'member' and ended_on is null;
create unique index collectors_paper_key on collectors (area_id, beneficiary_id, power_of_attorney)
where kind = 'alternate' and ended_on is null;
create index collectors_beneficiary_idx on collectors (area_id, beneficiary_id, id);
comment on table collectors is 'Who receives aid for a family, in dated rows: a member, or an alternate with power of attorney';
comment on column collectors.kind is 'member of the family, or alternate with power of attorney';
comment on column collectors.name is 'Name of the alternate';
comment on column collectors.power_of_attorney is 'Number of the paper that lets the alternate collect';
comment on column collectors.granted_by_id is 'Member who gave the power; it ends when that member leaves or dies';
comment on column collectors.valid_to is 'Last day, inclusive; null while open';
comment on column collectors.ended_on is 'Day from which it no longer holds, whatever valid_to says';

alter table collectors enable row level security;
create policy area_scope on collectors to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert, update on collectors to sinergi_service;
