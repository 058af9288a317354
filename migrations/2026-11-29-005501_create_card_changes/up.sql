create table card_changes (
    area_id int not null,
    id uuid not null,
    beneficiary_id uuid not null,
    reason text not null,
    changed_on date not null,
    family_version int not null,
    client_id text not null,
    created_at timestamptz not null,
    constraint card_changes_pkey primary key (area_id, id),
    constraint card_changes_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint card_changes_reason_known check (reason in ('reissued', 'corrected')),
    constraint card_changes_version_range check (family_version > 1)
);
create index card_changes_family_idx on card_changes (area_id, beneficiary_id, created_at, id);
comment on table card_changes is
'When families got another card number, and why; the numbers are in the history of the family; append-only';
comment on column card_changes.reason is 'reissued: the earlier number leads to the family still; corrected: it was never one of its own';
comment on column card_changes.changed_on is 'Day of the new card, or of the correction';
comment on column card_changes.family_version is 'Version of the family that has the new number';
comment on table card_claims is
'Card numbers that lead to a live family: its own, earlier ones, and those of families that it took in';

grant select, insert on card_changes to sinergi_service;
alter table card_changes enable row level security;
create policy area_scope on card_changes to sinergi_service using (area_id = any ((select visible_areas())::int []));
