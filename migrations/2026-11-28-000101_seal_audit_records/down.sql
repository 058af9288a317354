drop function continue_audit_transactions();
drop function unsealed_audit_records(int);
drop table audit_blocks;
revoke insert (
    area_id, at, id, client_id, operation, purpose, resource, resource_id, company_id, request_id, record_count,
    before_digest, after_digest
) on audit_records from sinergi_service;
grant insert on audit_records to sinergi_service;
drop index audit_records_transaction_idx;
alter table audit_records drop column transaction_number;
drop function audit_transaction_base();
