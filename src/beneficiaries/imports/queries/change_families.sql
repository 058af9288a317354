update beneficiaries as b
set
    village_code = x.village_code,
    address = x.address,
    phone = x.phone,
    head_name = x.head_name,
    member_count = x.member_count,
    decile = x.decile,
    decile_source = x.decile_source,
    decile_period = x.decile_period,
    attributes = coalesce(x.attributes, b.attributes),
    attribute_schema_id = case when x.attributes is null then b.attribute_schema_id else c.family_schema_id end,
    version = x.known_version + 1,
    valid_from = x.at,
    updated_at = x.at
from changed_family as x, import_context as c
where b.area_id = $1 and b.id = x.id and b.version = x.known_version and b.status = 'live'
