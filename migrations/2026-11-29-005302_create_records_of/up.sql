-- What a family was due or got under another record is asked for in many places; which records these are, in one.
create function records_of(areas int [], family uuid) returns table (area_id int, id uuid)
language sql stable parallel safe rows 4
as $$
    with recursive record as (
        select b.area_id, b.id from beneficiaries as b where b.area_id = any (areas) and b.id = family
        union
        select b.area_id, b.id
        from record as r inner join beneficiaries as b on b.area_id = r.area_id and b.continued_in_id = r.id
    )
    select r.area_id, r.id from record as r
$$;
comment on function records_of(int [], uuid)
is 'A family, and the records that went on in it, through mergers of mergers, of duplicates and of households';
