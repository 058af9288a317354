update members as m
set
    nik_sealed = case when x.takes_nik then x.nik_sealed else m.nik_sealed end,
    nik_digest = case when x.takes_nik then x.nik_digest else m.nik_digest end,
    nik_status = case when x.takes_nik then 'structure_ok' else m.nik_status end,
    nik_checked_at = case when x.takes_nik then null else m.nik_checked_at end,
    nik_checked_by = case when x.takes_nik then null else m.nik_checked_by end,
    name = x.name,
    sex = x.sex,
    born_on = coalesce(x.born_on, m.born_on),
    birth_place = coalesce(x.birth_place, m.birth_place),
    mother_name = coalesce(x.mother_name, m.mother_name),
    work = coalesce(x.work, m.work),
    is_pregnant = coalesce(x.is_pregnant, m.is_pregnant),
    has_disability = coalesce(x.has_disability, m.has_disability),
    in_school = coalesce(x.in_school, m.in_school),
    warnings = x.warnings,
    attributes = coalesce(x.member_attributes, m.attributes),
    attribute_schema_id = case when x.member_attributes is null then m.attribute_schema_id else c.member_schema_id end,
    version = x.known_version + 1,
    valid_from = x.at,
    updated_at = x.at
from changed_person as x, import_context as c
where m.area_id = $1 and m.id = x.known_id and m.version = x.known_version
