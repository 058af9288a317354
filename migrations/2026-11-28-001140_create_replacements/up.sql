alter table rule_sets
add column replacement_source text not null default 'reserve',
add column replacement_needs_meeting bool not null default false,
add constraint rule_sets_replacement_known check (replacement_source in ('reserve', 'named')) not valid;
comment on column rule_sets.replacement_source is 'Who may take the place of a family that leaves: the next of the reserve list, or one that is named as well';
comment on column rule_sets.replacement_needs_meeting is 'A special village meeting has to decide each replacement';

create table replacements (
    area_id int not null,
    id uuid not null,
    program_id uuid not null,
    village_code text not null,
    reason text not null,
    enrollment_id uuid not null,
    beneficiary_id uuid not null,
    new_enrollment_id uuid not null,
    new_beneficiary_id uuid not null,
    reserve_place int,
    sptjm_number text not null,
    handover_number text not null,
    deliberation_id uuid,
    replaced_on date not null,
    decided_by text not null,
    created_at timestamptz not null,
    constraint replacements_pkey primary key (area_id, id),
    constraint replacements_enrollment_key unique (area_id, enrollment_id),
    constraint replacements_new_enrollment_key unique (area_id, new_enrollment_id),
    constraint replacements_enrollment_fkey foreign key (area_id, enrollment_id) references enrollments (area_id, id),
    constraint replacements_new_enrollment_fkey foreign key (area_id, new_enrollment_id)
    references enrollments (area_id, id),
    constraint replacements_program_fkey foreign key (program_id) references programs (id),
    constraint replacements_deliberation_fkey foreign key (area_id, deliberation_id)
    references deliberations (area_id, id),
    constraint replacements_reason_known check (reason in ('deceased', 'moved', 'duplicate', 'refused'))
);
create index replacements_day_idx on replacements (area_id, replaced_on, id);
comment on table replacements is 'Which family took the place of which, by which papers; append-only';
comment on column replacements.village_code is 'Village whose place it is';
comment on column replacements.reserve_place is 'Its place on the reserve list; null where it was named';
comment on column replacements.sptjm_number is 'Statement of absolute responsibility (SPTJM)';
comment on column replacements.handover_number is 'Minutes of the handover (BAST)';
comment on column replacements.deliberation_id is 'Special village meeting that decided it, where the rule set asks for one';
alter table replacements enable row level security;
create policy area_scope on replacements to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on replacements to sinergi_service;
