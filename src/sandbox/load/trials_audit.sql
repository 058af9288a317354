-- A read that the sandbox remembers; its time is the one that its id tells: 2026-01-01 in Asia/Makassar.

select make_month_partition('audit_records', date '2025-12-01');

insert into audit_records (
    area_id, at, id, client_id, operation, resource, resource_id, request_id, record_count
)
select area_id, '2025-12-31T16:34:08Z', :'AUDIT_RECORD', 'sandbox-kecamatan', 'get_beneficiary', 'beneficiaries', id,
    '019b7542-7400-7000-8000-00000000ad02', 1
from beneficiaries where id = :'BENEFICIARY_SERVED';
