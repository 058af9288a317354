with ended as (
    select
        m.*, t.beneficiary_id, t.relationship, t.ended_on, t.end_reason,
        greatest($3, m.valid_from + interval '1 microsecond') as at
    from members as m
    inner join memberships as t on t.area_id = m.area_id and t.member_id = m.id and t.ended_on is null
    where m.area_id = $1 and m.id = any ($2) and 'nik_district_unknown' = any (m.warnings)
    order by m.id
    for update of m
),

kept as (
    -- What was locked, which can be newer than what the statement saw when it began.
    insert into members_history (area_id, id, valid_from, valid_to, version, record, nik_sealed, client_id, operation)
    select
        e.area_id, e.id, e.valid_from, e.at, e.version, to_jsonb(e) - '{nik_sealed,nik_digest,at}'::text [],
        e.nik_sealed, $4, 'recheck_warnings'
    from ended as e
)

update members as m
set
    warnings = array_remove(e.warnings, 'nik_district_unknown'),
    version = e.version + 1,
    valid_from = e.at,
    updated_at = e.at
from ended as e
where m.area_id = $1 and m.id = e.id
