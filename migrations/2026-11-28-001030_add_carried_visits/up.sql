-- A household that was registered twice was visited under either record: once they are one, each visit counts for it.
create table carried_visits (
    area_id int not null,
    beneficiary_id uuid not null,
    visit_id uuid not null,
    constraint carried_visits_pkey primary key (area_id, beneficiary_id, visit_id),
    constraint carried_visits_beneficiary_fkey foreign key (area_id, beneficiary_id)
    references beneficiaries (area_id, id),
    constraint carried_visits_visit_fkey foreign key (area_id, visit_id) references visits (area_id, id)
);
comment on table carried_visits is 'Visits of records that a merger of duplicates made one with a family, and that count for it; gone once it is undone';
alter table carried_visits enable row level security;
create policy area_scope on carried_visits to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert, delete on carried_visits to sinergi_service;

create view family_visits with (security_invoker = true) as
select v.area_id, v.beneficiary_id, v.id, v.visited_at, v.finding, v.created_at from visits as v
union all
select c.area_id, c.beneficiary_id, v.id, v.visited_at, v.finding, v.created_at
from carried_visits as c inner join visits as v on v.area_id = c.area_id and v.id = c.visit_id;
comment on view family_visits is 'Visits by the family that each counts for';
grant select on family_visits to sinergi_service;

-- A family that comes from another sub-district brings attributes along that a schema of that one checked.
create policy brought_along on attribute_schemas for select to sinergi_service
using (exists (
    select from relocations as r
    where r.area_id = attribute_schemas.area_id and r.to_area_id = any ((select visible_areas())::int [])
        and r.status = 'accepted'
));
