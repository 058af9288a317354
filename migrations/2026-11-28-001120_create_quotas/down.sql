update duplicate_mergers as m set
    before = jsonb_set(m.before, '{enrollments}', (
        select coalesce(jsonb_agg(r - 'quota_village_code' order by r ->> 'id'), '[]')
        from jsonb_array_elements(m.before -> 'enrollments') as r
    )),
    after = jsonb_set(m.after, '{enrollments}', (
        select coalesce(jsonb_agg(r - 'quota_village_code' order by r ->> 'id'), '[]')
        from jsonb_array_elements(m.after -> 'enrollments') as r
    ));
alter table enrollments drop column quota_village_code;
drop table program_places;
drop table quotas;
