insert into beneficiaries (
    area_id, id, village_code, card_sealed, card_digest, address, phone, status, head_name, member_count,
    decile, decile_source, decile_period, attributes, attribute_schema_id, source, version, valid_from, created_at,
    updated_at
)
select
    c.area_id, f.id, f.village_code, f.card_sealed, f.card_digest, f.address, f.phone, 'live', head.name, f.row_count,
    f.decile, f.decile_source, f.decile_period, f.attributes,
    case when f.attributes is not null then c.family_schema_id end, 'import', 1, c.now, c.now, c.now
from family as f
cross join import_context as c
inner join person as head on head.ordinal = f.ordinal and head.relationship = 'head'
where not f.is_known and f.ordinal between $1 and $2
