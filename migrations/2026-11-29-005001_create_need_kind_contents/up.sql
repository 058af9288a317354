-- A package is pledged, matched and handed over as one unit: no family gets the machine without the course.
-- squawk-ignore ban-drop-constraint
alter table need_kinds drop constraint need_kinds_category_known;
alter table need_kinds add constraint need_kinds_category_known check (
    category in ('money', 'goods', 'equipment', 'training', 'service', 'package')
) not valid;
alter table need_kinds add constraint need_kinds_package_whole check (category <> 'package' or is_whole) not valid;

-- Aid of families knows no packages: what is followed and asked for is the equipment in them.
-- A few dozen rows: the table is rewritten in a moment.
-- squawk-ignore adding-field-with-default
alter table need_kinds add column aid_kind text not null generated always as (
    case category when 'package' then 'equipment' else category end
) stored;
comment on column need_kinds.aid_kind is 'What families have of it, in the kinds of programs: a package is equipment';

create table need_kind_contents (
    package text not null,
    kind text not null,
    units int not null,
    constraint need_kind_contents_pkey primary key (package, kind),
    constraint need_kind_contents_package_fkey foreign key (package) references need_kinds (code),
    constraint need_kind_contents_kind_fkey foreign key (kind) references need_kinds (code),
    constraint need_kind_contents_units_range check (units between 1 and 1000),
    constraint need_kind_contents_not_itself check (package <> kind)
);
create index need_kind_contents_kind_idx on need_kind_contents (kind);
comment on table need_kind_contents is 'What one unit of a package is made of, by kind of help';
comment on column need_kind_contents.package is 'Kind of the category package';
comment on column need_kind_contents.kind is 'Kind that is in it';
comment on column need_kind_contents.units is 'How many units of that kind';
grant select on need_kind_contents to sinergi_service;

insert into need_kinds (code, name, category, unit, is_whole, family_quantity_max, field) values
('sewing_package', 'Sewing business: machine and course', 'package', 'package', true, 1, 'economy'),
('oil_palm_package', 'Oil-palm smallholding: tools, seedlings and course', 'package', 'package', true, 1, 'economy');
insert into need_kind_contents (package, kind, units) values
('sewing_package', 'sewing_machine', 1),
('sewing_package', 'training_seat', 1),
('oil_palm_package', 'oil_palm_tools', 1),
('oil_palm_package', 'seedlings', 50),
('oil_palm_package', 'training_seat', 1);

create or replace view followed_aid with (security_invoker = true) as
select
    e.area_id, e.id as aid_id, 'program' as source, e.beneficiary_id, e.village_code, e.program_id,
    null::uuid as pledge_id, p.name as title, p.kind, d.delivered_on
from entitlements as e
inner join programs as p on p.id = e.program_id
cross join lateral (
    select min(g.delivered_on) as delivered_on
    from (
        select h.delivered_on from aid_given as h
        where h.area_id = e.area_id and h.period = e.period and h.entitlement_id = e.id
        group by h.delivered_on having sum(h.quantity) > 0
    ) as g
) as d
where p.kind in ('equipment', 'training') and d.delivered_on is not null
union all
select
    a.area_id, a.id as aid_id, 'company' as source, a.beneficiary_id, a.village_code, null as program_id, a.pledge_id,
    k.name as title, k.aid_kind as kind, d.delivered_on
from allocations as a
inner join pledge_lines as l on l.id = a.pledge_line_id
inner join need_kinds as k on k.code = l.kind
cross join lateral (
    select min(g.delivered_on) as delivered_on
    from (
        select h.delivered_on from pledged_aid_given as h
        where h.area_id = a.area_id and h.allocation_id = a.id
        group by h.delivered_on having sum(h.quantity) > 0
    ) as g
) as d
where k.aid_kind in ('equipment', 'training') and a.delivered_quantity > a.returned_quantity;
