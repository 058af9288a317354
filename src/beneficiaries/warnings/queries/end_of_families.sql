with ended as (
    select b.*, greatest($3, b.valid_from + interval '1 microsecond') as at
    from beneficiaries as b
    where b.area_id = $1 and b.id = any ($2) and b.status = 'live' and 'card_district_unknown' = any (b.warnings)
    order by b.id
    for update of b
),

kept as (
    -- What was locked, which can be newer than what the statement saw when it began.
    insert into beneficiaries_history (area_id, id, valid_from, valid_to, version, record, card_sealed, client_id, operation)
    select
        e.area_id, e.id, e.valid_from, e.at, e.version, to_jsonb(e) - '{card_sealed,card_digest,at}'::text [],
        e.card_sealed, $4, 'recheck_warnings'
    from ended as e
)

update beneficiaries as b
set
    warnings = array_remove(e.warnings, 'card_district_unknown'),
    version = e.version + 1,
    valid_from = e.at,
    updated_at = e.at
from ended as e
where b.area_id = $1 and b.id = e.id
