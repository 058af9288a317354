create table quotas (
    area_id int not null,
    id uuid not null,
    program_id uuid not null,
    village_code text,
    places int not null,
    decree_number text not null,
    effective_from date not null,
    effective_to date,
    set_by text not null,
    created_at timestamptz not null,
    constraint quotas_pkey primary key (area_id, id),
    constraint quotas_program_fkey foreign key (program_id) references programs (id),
    constraint quotas_places_range check (places between 0 and 10000000),
    constraint quotas_dates_order check (effective_to >= effective_from)
);
create index quotas_program_idx on quotas (area_id, program_id, id);
comment on table quotas is 'How many families of a village, or of the sub-district, a program takes; never changed, the newest counts';
comment on column quotas.village_code is 'Null where it is for the sub-district as a whole';
comment on column quotas.decree_number is 'Decree or letter that gives the places';
comment on column quotas.effective_to is 'Last day, inclusive; null while open';

create table program_places (
    area_id int not null,
    program_id uuid not null,
    last_place int not null default 0,
    constraint program_places_pkey primary key (area_id, program_id),
    constraint program_places_program_fkey foreign key (program_id) references programs (id)
);
comment on table program_places is 'Held by whoever gives places of a program in a sub-district, so that two do not give the same one';
comment on column program_places.last_place is 'Last place of the reserve list that was given';

alter table enrollments add column quota_village_code text;
update enrollments as e set quota_village_code = b.village_code
from beneficiaries as b where b.area_id = e.area_id and b.id = e.beneficiary_id;
alter table enrollments
add constraint enrollments_quota_village_given check (quota_village_code is not null) not valid;
comment on column enrollments.quota_village_code is 'Village whose quota it counts for: where the family lived when it got its place';
-- squawk-ignore require-concurrent-index-creation
create index enrollments_place_idx on enrollments (area_id, program_id, quota_village_code)
where status in ('confirmed', 'active', 'suspended');

-- What was kept for undoing mergers is what the rows are now.
update duplicate_mergers as m set
    before = jsonb_set(m.before, '{enrollments}', (
        select coalesce(jsonb_agg(
            r || jsonb_build_object('quota_village_code', e.quota_village_code) order by r ->> 'id'
        ), '[]')
        from jsonb_array_elements(m.before -> 'enrollments') as r
        inner join enrollments as e on e.area_id = m.area_id and e.id = (r ->> 'id')::uuid
    )),
    after = jsonb_set(m.after, '{enrollments}', (
        select coalesce(jsonb_agg(
            r || jsonb_build_object('quota_village_code', e.quota_village_code) order by r ->> 'id'
        ), '[]')
        from jsonb_array_elements(m.after -> 'enrollments') as r
        inner join enrollments as e on e.area_id = m.area_id and e.id = (r ->> 'id')::uuid
    ));

do $$
declare
    family_table text;
begin
    foreach family_table in array array['quotas', 'program_places'] loop
        execute format('alter table %I enable row level security', family_table);
        execute format(
            'create policy area_scope on %I to sinergi_service using (area_id = any ((select visible_areas())::int []))',
            family_table
        );
    end loop;
end
$$;
grant select, insert on quotas to sinergi_service;
grant select, insert, update on program_places to sinergi_service;
