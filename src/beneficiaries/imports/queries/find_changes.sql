-- What the file says anew of known members and families. An empty cell says nothing.
create temporary table changed_person on commit drop as
select
    p.*,
    k.tie_id as known_tie_id,
    k.relationship as known_relationship,
    k.version as known_version,
    greatest(c.now, k.valid_from + interval '1 microsecond') as at
from person as p
inner join kin as k on k.id = p.known_id and k.ordinal = p.ordinal
cross join import_context as c
where
    p.takes_nik
    or p.name <> k.name
    or p.sex <> k.sex
    or p.relationship <> k.relationship
    or coalesce(p.born_on, k.born_on) is distinct from k.born_on
    or coalesce(p.birth_place, k.birth_place) is distinct from k.birth_place
    or coalesce(p.mother_name, k.mother_name) is distinct from k.mother_name
    or coalesce(p.work, k.work) is distinct from k.work
    or coalesce(p.is_pregnant, k.is_pregnant) <> k.is_pregnant
    or coalesce(p.has_disability, k.has_disability) <> k.has_disability
    or coalesce(p.in_school, k.in_school) <> k.in_school
    or p.warnings <> k.warnings
    or p.member_attributes is not null;

create temporary table changed_family on commit drop as
select told.*, greatest(c.now, told.known_from + interval '1 microsecond') as at
from (
    select
        f.ordinal,
        f.id,
        f.known_version,
        f.known_from,
        f.village_code,
        coalesce(f.address, f.known_address) as address,
        coalesce(f.phone, f.known_phone) as phone,
        coalesce(head.name, f.known_head_name) as head_name,
        (f.known_member_count + coalesce(joined.members, 0) - coalesce(gone.members, 0))::int as member_count,
        coalesce(joined.members, 0) + coalesce(gone.members, 0) > 0 as is_recounted,
        case when f.is_newer then f.decile else f.known_decile end as decile,
        case when f.is_newer then f.decile_source else f.known_decile_source end as decile_source,
        case when f.is_newer then f.decile_period else f.known_decile_period end as decile_period,
        f.known_village_code,
        f.known_address,
        f.known_phone,
        f.known_head_name,
        f.known_member_count,
        f.known_decile,
        f.known_decile_source,
        f.known_decile_period,
        f.attributes
    from (
        select
            family.*,
            family.decile is not null
            and (known_decile_period is null or family.decile_period >= known_decile_period)
            -- One that is in its series already changes nothing, unless the family has that very one.
            and (w.decile is null or (w.source = known_decile_source and w.period = known_decile_period)) as is_newer
        from family
        left join welfare_ranks as w
            on w.area_id = (select area_id from import_context) and w.beneficiary_id = family.id
            and w.source = family.decile_source and w.period = family.decile_period
        where is_known
    ) as f
    left join person as head on head.ordinal = f.ordinal and head.relationship = 'head'
    left join (
        select ordinal, count(*) as members from person
        where known_id is null and is_in_known_family group by ordinal
    ) as joined on joined.ordinal = f.ordinal
    left join (select ordinal, count(*) as members from leaving group by ordinal) as gone on gone.ordinal = f.ordinal
) as told
cross join import_context as c
where
    is_recounted
    or attributes is not null
    or (village_code, address, phone, head_name, member_count, decile, decile_source, decile_period)
    is distinct from (
        known_village_code, known_address, known_phone, known_head_name, known_member_count,
        known_decile, known_decile_source, known_decile_period
    );
create index on person (ordinal);
create index on family (ordinal);
