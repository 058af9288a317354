-- Whoever keeps the NIK that a row does not name keeps its warnings as well.
update person as p
set warnings = k.warnings
from kin as k
where
    k.id = p.known_id and k.ordinal = p.ordinal
    and p.nik_digest is null and k.nik_digest is not null and p.warnings <> k.warnings;

-- Unless the row tells the other sex; and a NIK beside which no birth date stands, or one that was corrected since, is
-- compared with the recorded one.
create temporary table unreckoned on commit drop as
select
    p.line,
    p.sex,
    coalesce(p.born_on, k.born_on) as born_on,
    case when p.nik_digest is null then k.id else p.member_id end as sealed_for,
    case when p.nik_digest is null then k.nik_sealed else p.nik_sealed end as nik_sealed
from person as p
inner join kin as k on k.id = p.known_id and k.ordinal = p.ordinal
where
    (p.nik_digest is null and k.nik_digest is not null and p.sex <> k.sex)
    or (p.nik_digest is not null and p.born_on is null and k.born_on is not null)
    or (p.takes_nik and p.line in (select o.line from once_called as o));
create index on unreckoned (line);
