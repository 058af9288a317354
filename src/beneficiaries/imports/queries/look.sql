-- NIKs that somebody else holds, looked up without claiming any: the card says one family, the NIK another one of the
-- sub-district, or somebody elsewhere.
insert into fault (line, column_name, code)
select
    p.line,
    'nik',
    case when i.area_id = c.area_id then 'card_and_nik_differ' else 'nik_already_registered' end
from person as p
cross join import_context as c
inner join identity_claims as i on i.nik_digest = p.nik_digest
where p.takes_nik and i.member_id <> coalesce(p.known_id, p.member_id);
