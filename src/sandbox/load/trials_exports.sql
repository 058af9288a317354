-- Exports of the sub-district's data office: one to fetch, one to cancel.

insert into exports (id, client_id, list, format, filter, fields, numbers, status, created_at, expires_at)
select one.id::uuid, 'sandbox-kecamatan', 'beneficiaries', one.format, '{"village_code": "64.02.10.2004"}',
    '{id,village_code,card_number,head_name,member_count,address,decile}', 'masked', 'ready', :'PERIOD', '2126-01-01'
from (values (:'EXPORT', 'csv'), (:'EXPORT_TO_CANCEL', 'xlsx')) as one (id, format);
