-- The second lock on scope (the first is `area_id = any ($1)` in every query): the service's role sees
-- only rows of the areas its transaction names. The subselect is evaluated once a statement, not once a row.
do $$
declare
    family_table text;
begin
    foreach family_table in array array[
        'beneficiaries', 'beneficiaries_history', 'members', 'members_history', 'memberships', 'welfare_ranks',
        'imports', 'import_faults', 'enrollments', 'enrollments_history', 'cycles', 'entitlements', 'deliveries',
        'suspension_orders', 'holds', 'needs', 'allocations', 'allocation_deliveries'
    ] loop
        execute format('alter table %I enable row level security', family_table);
        execute format(
            'create policy area_scope on %I to sinergi_service using (area_id = any ((select visible_areas())::int []))',
            family_table
        );
    end loop;
end
$$;

-- Records of reads are written outside any area's transaction; read they are by their area only.
alter table audit_records enable row level security;
create policy area_scope on audit_records for select to sinergi_service
using (area_id = any ((select visible_areas())::int []));
create policy anyone_may_add on audit_records for insert to sinergi_service with check (true);
