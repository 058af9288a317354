insert into welfare_ranks (area_id, beneficiary_id, source, period, decile, recorded_at)
select c.area_id, f.id, f.decile_source, f.decile_period, f.decile, c.now
from family as f cross join import_context as c
where f.decile is not null and f.ordinal between $1 and $2
on conflict (area_id, beneficiary_id, source, period) do nothing
