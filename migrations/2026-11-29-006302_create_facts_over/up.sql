-- Facts told now over those that are known, but for the ones that were seen later; null where nothing of it is new.
create function facts_over(known jsonb, told jsonb) returns jsonb
language sql immutable parallel safe
return nullif(
    coalesce(known, '{}') || coalesce((
        select jsonb_object_agg(t.name, t.fact)
        from jsonb_each(told) as t (name, fact)
        where (known -> t.name ->> 'observed_on' > t.fact ->> 'observed_on') is not true
    ), '{}'),
    coalesce(known, '{}')
);
