-- Persons who would be new, as their records would be: what a file leaves empty of a known family stays as it is.
create temporary table newcomer on commit drop as
select
    p.line,
    p.member_id,
    p.family_id,
    p.beneficiary_id,
    p.nik_sealed,
    p.card_sealed,
    p.name,
    p.sex,
    p.birth_place,
    p.born_on,
    p.mother_name,
    p.relationship,
    f.village_code,
    coalesce(f.address, f.known_address) as address,
    coalesce(f.phone, f.known_phone) as phone
from person as p
inner join family as f on f.ordinal = p.ordinal
where p.known_id is null;
create index on newcomer (line);
analyze newcomer;
