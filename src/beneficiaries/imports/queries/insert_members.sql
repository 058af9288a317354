insert into members (
    area_id, id, nik_sealed, nik_digest, nik_status, name, sex, born_on, birth_place, mother_name, work,
    is_pregnant, has_disability, in_school, warnings, attributes, attribute_schema_id, version, valid_from, created_at,
    updated_at
)
select
    c.area_id, p.member_id, p.nik_sealed, p.nik_digest,
    case when p.nik_sealed is null then 'none' else 'structure_ok' end,
    p.name, p.sex, p.born_on, p.birth_place, p.mother_name, p.work,
    coalesce(p.is_pregnant, false), coalesce(p.has_disability, false), coalesce(p.in_school, false),
    p.warnings, p.member_attributes, case when p.member_attributes is not null then c.member_schema_id end,
    1, c.now, c.now, c.now
from person as p cross join import_context as c
where p.known_id is null and p.ordinal between $1 and $2
