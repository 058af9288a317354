-- Faults of cells, as the rows were read.
insert into fault (line, column_name, code)
select s.line, nullif(split_part(told.fault, ':', 1), ''), split_part(told.fault, ':', 2)
from staged as s
cross join lateral unnest(string_to_array(s.faults, ' ')) as told (fault)
where s.faults is not null;

-- The card is held by a family of another sub-district, or by one that is gone.
insert into fault (line, column_name, code)
select first_line, 'card_number', 'card_already_registered' from family where is_elsewhere;

-- An earlier number of a family, or that of one that was merged into it, beside its own: both speak of one family.
insert into fault (line, column_name, code)
select f.first_line, 'card_number', 'card_already_registered'
from family as f
inner join beneficiaries as b on b.area_id = (select area_id from import_context) and b.id = f.id
where
    f.is_known and b.card_digest <> f.card_digest
    and exists (select from family as o where o.id = f.id and o.ordinal <> f.ordinal);

-- Rows of one card say one thing about the family.
insert into fault (line, column_name, code)
select
    p.line,
    case
        when p.village_code is distinct from f.village_code then 'village_code'
        when p.address is distinct from f.address then 'address'
        when p.phone is distinct from f.phone then 'phone'
        when p.decile is distinct from f.decile then 'decile'
        when p.decile_source is distinct from f.decile_source then 'decile_source'
        when p.decile_period is distinct from f.decile_period then 'decile_period'
        else (
            select 'beneficiaries.' || coalesce(a.name, b.name)
            from jsonb_each(p.family_attributes) as a (name, fact)
            full join jsonb_each(f.attributes) as b (name, fact) on b.name = a.name
            where a.fact is distinct from b.fact order by 1 limit 1
        )
    end,
    'family_rows_differ'
from person as p
inner join family as f on f.ordinal = p.ordinal
where
    p.line <> f.first_line and f.has_good_first_row
    and (p.village_code, p.address, p.phone, p.decile, p.decile_source, p.decile_period, p.family_attributes)
    is distinct from (f.village_code, f.address, f.phone, f.decile, f.decile_source, f.decile_period, f.attributes);

-- A rank is never overwritten: its source gave the family another decile for the period.
insert into fault (line, column_name, code)
select f.first_line, 'decile', 'rank_differs'
from family as f
inner join welfare_ranks as w
    on w.area_id = (select area_id from import_context) and w.beneficiary_id = f.id
    and w.source = f.decile_source and w.period = f.decile_period
where f.is_known and w.decile <> f.decile;

-- One head, counting those of a known family whom the file does not name and who stay; at most thirty members.
insert into fault (line, column_name, code)
select
    told.first_line,
    case when told.code = 'family_full' then null else 'relationship' end,
    told.code
from (
    select
        f.first_line,
        case
            when f.row_count + coalesce(unnamed.members, 0) > 30 then 'family_full'
            when f.head_count + coalesce(unnamed.heads, 0) = 0 then 'head_missing'
            when f.head_count + coalesce(unnamed.heads, 0) > 1 then 'head_twice'
        end as code
    from family as f
    left join (
        select k.ordinal, count(*) as members, count(*) filter (where k.relationship = 'head') as heads
        from kin as k
        where
            not exists (select from person as p where p.known_id = k.id)
            and not exists (select from leaving as l where l.id = k.id)
        group by k.ordinal
    ) as unnamed on unnamed.ordinal = f.ordinal
    where not exists (select from staged as s where s.faults is not null and s.card_digest = f.card_digest)
) as told
where told.code is not null;

-- Two members of the family have the name and birth date of the row, or had them before they were corrected.
insert into fault (line, column_name, code)
select line, 'name', 'member_ambiguous' from person where is_ambiguous;

-- By the name the row is about a member who was called so, by the NIK about somebody else.
insert into fault (line, column_name, code)
select p.line, 'nik', 'member_nik_differs'
from once_called as o
inner join person as p on p.line = o.line
where p.nik_digest <> p.known_nik_digest and not p.is_ambiguous;

-- A NIK, and a person, stand in one row.
insert into fault (line, column_name, code)
select p.line, 'nik', 'nik_twice'
from person as p
where p.nik_digest in (select nik_digest from person where nik_digest is not null group by nik_digest having count(*) > 1);

insert into fault (line, column_name, code)
select p.line, 'name', 'member_twice'
from person as p
inner join (
    select known_id, min(line) as first_line from person
    where known_id is not null and not is_ambiguous group by known_id having count(*) > 1
) as named on named.known_id = p.known_id and p.line > named.first_line
where not p.is_ambiguous;

insert into fault (line, column_name, code)
select p.line, 'name', 'member_twice'
from person as p
inner join (
    select ordinal, name, born_on, min(line) as first_line from person
    where nik_digest is null and known_id is null group by ordinal, name, born_on having count(*) > 1
) as named
    on named.ordinal = p.ordinal and named.name = p.name and named.born_on is not distinct from p.born_on
    and p.line > named.first_line
where p.nik_digest is null and p.known_id is null;

insert into fault (line, column_name, code)
select p.line, 'nik', 'card_number_is_nik'
from person as p
inner join family as f on f.ordinal = p.ordinal and f.card_as_nik = p.nik_digest;
