-- Decides on all rows of a staged file. Everything temporary here is gone at the end of the transaction.
set local work_mem = '64MB';
set local jit = off;
analyze staged_ranks;

create temporary table rank_fault (line int not null, column_name text, code text not null) on commit drop;

insert into rank_fault (line, column_name, code)
select s.line, nullif(split_part(told.fault, ':', 1), ''), split_part(told.fault, ':', 2)
from staged_ranks as s
cross join lateral unnest(string_to_array(s.faults, ' ')) as told (fault)
where s.faults is not null;

-- Which family each row is about: by the claim of its card, or by its id.
create temporary table ranked on commit drop as
select s.line, s.source, s.period, s.decile, s.card_digest is not null as is_by_card, b.id
from staged_ranks as s
cross join rank_import_context as c
left join card_claims as claim on claim.card_digest = s.card_digest and claim.area_id = c.area_id
left join beneficiaries as b
    on b.area_id = c.area_id and b.id = coalesce(s.beneficiary_id, claim.beneficiary_id) and b.status = 'live'
where s.faults is null;

insert into rank_fault (line, column_name, code)
select line, case when is_by_card then 'card_number' else 'beneficiary_id' end, 'family_unknown'
from ranked where id is null;

-- Two rows that give one rank two deciles: which one is right, nobody can tell.
insert into rank_fault (line, column_name, code)
select r.line, 'decile', 'rank_twice'
from ranked as r
inner join (
    select id, source, period from ranked where id is not null
    group by id, source, period having min(decile) <> max(decile)
) as twice on twice.id = r.id and twice.source = r.source and twice.period = r.period;

delete from ranked using rank_fault where rank_fault.line = ranked.line;
analyze ranked;

create temporary table added_rank on commit drop as
with added as (
    insert into welfare_ranks (area_id, beneficiary_id, source, period, decile, recorded_at)
    select distinct on (r.id, r.source, r.period) c.area_id, r.id, r.source, r.period, r.decile, c.now
    from ranked as r cross join rank_import_context as c
    order by r.id, r.source, r.period, r.line
    on conflict (area_id, beneficiary_id, source, period) do nothing
    returning beneficiary_id, source, period, decile
)
select * from added;
analyze added_rank;

-- What is there now, ours or not, is what the row says; else the row is at fault.
insert into rank_fault (line, column_name, code)
select r.line, 'decile', 'rank_differs'
from ranked as r
cross join rank_import_context as c
inner join welfare_ranks as w
    on w.area_id = c.area_id and w.beneficiary_id = r.id and w.source = r.source and w.period = r.period
where w.decile <> r.decile;

-- The latest of the new ranks becomes the rank of the family, where no later one is known.
create temporary table latest_rank on commit drop as
with latest as (
    select distinct on (a.beneficiary_id) a.*
    from added_rank as a order by a.beneficiary_id, a.period desc, a.source
)
select b.*, l.decile as new_decile, l.source as new_source, l.period as new_period,
    greatest(c.now, b.valid_from + interval '1 microsecond') as at
from latest as l
cross join rank_import_context as c
inner join beneficiaries as b on b.area_id = c.area_id and b.id = l.beneficiary_id
where
    b.status = 'live' and (b.decile_period is null or l.period >= b.decile_period)
    and (b.decile, b.decile_source, b.decile_period) is distinct from (l.decile, l.source, l.period)
order by b.id
for update of b;

insert into beneficiaries_history (area_id, id, valid_from, valid_to, version, record, card_sealed, client_id, operation)
select
    l.area_id, l.id, l.valid_from, l.at, l.version,
    to_jsonb(l) - '{card_sealed,card_digest,at,new_decile,new_source,new_period}'::text [], l.card_sealed, c.client_id,
    'import_ranks'
from latest_rank as l cross join rank_import_context as c;

update beneficiaries as b
set
    decile = l.new_decile,
    decile_source = l.new_source,
    decile_period = l.new_period,
    version = l.version + 1,
    valid_from = l.at,
    updated_at = l.at
from latest_rank as l
where b.area_id = l.area_id and b.id = l.id;

insert into rank_import_faults (area_id, rank_import_id, row_number, fault_number, column_name, code)
select
    c.area_id, c.rank_import_id, f.line,
    row_number() over (partition by f.line order by f.column_name nulls last, f.code),
    f.column_name, f.code
from rank_fault as f cross join rank_import_context as c;

update rank_imports as i
set
    status = 'applied',
    rows_faulty = (select count(distinct line) from rank_fault),
    ranks_added = (select count(*) from added_rank),
    ranks_known = i.rows_read - (select count(distinct line) from rank_fault) - (select count(*) from added_rank),
    families_changed = (select count(*) from latest_rank),
    -- Not the start of the transaction, which all its rows carry.
    finished_at = clock_timestamp()
from rank_import_context as c
where i.area_id = c.area_id and i.id = c.rank_import_id;
