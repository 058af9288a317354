drop policy anyone_may_add on audit_records;
drop policy area_scope on audit_records;
alter table audit_records disable row level security;

do $$
declare
    family_table text;
begin
    foreach family_table in array array[
        'beneficiaries', 'beneficiaries_history', 'members', 'members_history', 'memberships', 'welfare_ranks',
        'imports', 'import_faults', 'enrollments', 'enrollments_history', 'cycles', 'entitlements', 'deliveries',
        'suspension_orders', 'holds', 'needs', 'allocations', 'allocation_deliveries'
    ] loop
        execute format('drop policy area_scope on %I', family_table);
        execute format('alter table %I disable row level security', family_table);
    end loop;
end
$$;
