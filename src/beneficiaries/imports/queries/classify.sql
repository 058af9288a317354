-- Which family and which person each row is about. Everything here is gone at the end of the transaction.
set local work_mem = '64MB';
set local jit = off;
analyze staged;

create temporary table family on commit drop as
with cards as (
    select
        card_digest,
        min(line) as first_line,
        count(*)::int as row_count,
        (count(*) filter (where relationship = 'head'))::int as head_count
    from staged where card_digest is not null group by card_digest
)
select
    (row_number() over (order by cards.first_line))::int as ordinal,
    cards.card_digest,
    cards.first_line,
    cards.row_count,
    cards.head_count,
    s.faults is null as has_good_first_row,
    coalesce(known.id, s.family_id) as id,
    known.id is not null as is_known,
    claim.beneficiary_id is not null and known.id is null as is_elsewhere,
    s.card_sealed,
    s.card_as_nik,
    s.village_code,
    s.address,
    s.phone,
    s.decile,
    s.decile_source,
    s.decile_period,
    s.family_attributes as attributes,
    coalesce(
        known.village_code || '.' like (select full_list_of from import_context) || '.%', false
    ) as is_listed_whole,
    known.version as known_version,
    known.valid_from as known_from,
    known.head_name as known_head_name,
    known.member_count as known_member_count,
    known.village_code as known_village_code,
    known.address as known_address,
    known.phone as known_phone,
    known.decile as known_decile,
    known.decile_source as known_decile_source,
    known.decile_period as known_decile_period,
    known.attributes as known_attributes
from cards
inner join staged as s on s.line = cards.first_line
left join card_claims as claim on claim.card_digest = cards.card_digest
left join beneficiaries as known
    on known.area_id = claim.area_id and known.id = claim.beneficiary_id
    and known.area_id = (select area_id from import_context) and known.status = 'live';
analyze family;

-- Live members of the known families.
create temporary table kin on commit drop as
select f.ordinal, m.*, t.id as tie_id, t.relationship
from family as f
inner join memberships as t
    on t.area_id = (select area_id from import_context) and t.beneficiary_id = f.id and t.ended_on is null
inner join members as m on m.area_id = t.area_id and m.id = t.member_id
where f.is_known;
analyze kin;

-- A NIK tells who a row is; else, within the family, name and birth date. Where those stand for two, no one is taken.
create temporary table person on commit drop as
with by_name as (
    select ordinal, name, born_on, min(id::text)::uuid as id, count(*) as persons,
        (array_agg(nik_digest))[1] as nik_digest
    from kin group by ordinal, name, born_on
)
select
    s.*,
    f.ordinal,
    f.id as beneficiary_id,
    f.is_known as is_in_known_family,
    coalesce(by_nik.id, by_name.id) as known_id,
    coalesce(by_nik.nik_digest, by_name.nik_digest) as known_nik_digest,
    s.nik_digest is not null
    and s.nik_digest is distinct from coalesce(by_nik.nik_digest, by_name.nik_digest) as takes_nik,
    by_nik.id is null and coalesce(by_name.persons, 0) > 1 as is_ambiguous
from staged as s
inner join family as f on f.card_digest = s.card_digest
left join kin as by_nik on by_nik.ordinal = f.ordinal and by_nik.nik_digest = s.nik_digest
left join by_name
    on by_nik.id is null and by_name.ordinal = f.ordinal and by_name.name = s.name
    and by_name.born_on is not distinct from s.born_on
where s.faults is null;
analyze person;

-- Rows of known families that nobody is taken for by now: few, or none, so that few histories are looked into.
create temporary table unmatched on commit drop as
select line, ordinal, name, born_on from person where is_in_known_family and known_id is null;
analyze unmatched;

-- A name and birth date that were corrected since still tell who is meant, unless the file names that member already.
create temporary table once_called on commit drop as
select n.line, min(k.id::text)::uuid as id, count(distinct k.id) as persons
from unmatched as n
inner join kin as k on k.ordinal = n.ordinal
inner join members_history as h on h.area_id = (select area_id from import_context) and h.id = k.id
where
    h.record ->> 'name' = n.name and (h.record ->> 'born_on')::date is not distinct from n.born_on
    and not exists (select from person as p where p.known_id = k.id)
group by n.line;
analyze once_called;

-- The correction stays: such a row says nothing of name and birth date, and a NIK only where the member has none.
update person as p
set
    known_id = k.id,
    known_nik_digest = k.nik_digest,
    name = k.name,
    born_on = k.born_on,
    takes_nik = p.nik_digest is not null and k.nik_digest is null,
    is_ambiguous = o.persons > 1
from once_called as o, kin as k
where p.line = o.line and k.id = o.id and k.ordinal = p.ordinal;

-- Whom of a family nothing names: at the check whoever it is, where the family is listed whole; later who was shown then,
-- wherever the family is listed by now.
create temporary table leaving on commit drop as
select k.id, k.ordinal
from kin as k
inner join family as f on f.ordinal = k.ordinal
cross join import_context as c
where
    not exists (select from person as p where p.known_id = k.id)
    and not exists (select from staged as s where s.nik_digest = k.nik_digest)
    and case
        when c.becomes = 'checked' then f.is_listed_whole
        else exists (
            select from import_leavers as l
            where
                l.area_id = c.area_id and l.import_id = c.import_id
                and l.member_id = k.id and l.beneficiary_id = f.id
        )
    end;
analyze leaving;

create temporary table fault (line int not null, column_name text, code text not null) on commit drop;
create temporary table spoiled (ordinal int not null) on commit drop;
