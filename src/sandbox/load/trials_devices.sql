-- Devices, what one of them brought, and what of that could not be a delivery; names stand for known ids.

insert into devices (
    area_id, id, label, public_key, client_id, status, registered_by, created_at, updated_at
)
select c.area_id, one.id::uuid, one.label, one.public_key, 'sandbox-village', 'active', 'sandbox-kecamatan',
    c.created_at, c.created_at
from cycles c
cross join (values
    (:'DEVICE', 'Tablet perahu 1', 'yq7HJkmITUmLQdllC49LaavI4Q_hqtjdcCkoAjg5hHM'),
    (:'DEVICE_TO_REVOKE', 'Telepon pos Sirap', '_1QQDzdmxC5b7pqqC9tWuC7RxEiOTMrWLIrvaE9UN1A')
) as one (id, label, public_key)
where c.id = :'CYCLE';

-- The paper that the batch of the example shows.
insert into collectors (
    area_id, id, beneficiary_id, kind, name, power_of_attorney, granted_by_id, valid_from, valid_to, recorded_by,
    created_at, updated_at
)
select e.area_id, derive_id(e.id, md5('SKU/SINTETIS/2026/002')::uuid), e.beneficiary_id, 'alternate', 'Contoh Kerabat',
    'SKU/SINTETIS/2026/002', m.member_id, '2026-01-01', '2026-12-31', 'sandbox-kecamatan', d.created_at, d.created_at
from devices d
join entitlements e on e.area_id = d.area_id and e.id = '019b7542-7400-7000-8000-00000000e44c'
join memberships m on m.area_id = e.area_id and m.beneficiary_id = e.beneficiary_id and m.relationship = 'head'
    and m.ended_on is null
where d.id = :'DEVICE';

insert into delivery_batches (
    area_id, id, device_id, sequence, content_digest, signature, made_at, item_count, accepted_count, conflict_count,
    sent_by, created_at
)
select area_id, :'DELIVERY_BATCH', id, 1, sha256('batch'), repeat('A', 86), '2026-01-16T02:00:00Z', 3, 0, 3,
    'sandbox-kecamatan', created_at
from devices where id = :'DEVICE';

insert into delivery_batch_items (
    area_id, delivery_batch_id, item_number, id, content_digest, outcome, is_repeated, place
)
select b.area_id, b.id, one.item_number::smallint, one.id::uuid, sha256(one.id::bytea), 'conflict', false,
    'Dermaga Desa Sirap'
from delivery_batches b
cross join (values
    (1, :'DELIVERY_CONFLICT'), (2, :'CONFLICT_TO_DISMISS'), (3, :'CONFLICT_TO_APPLY')
) as one (item_number, id)
where b.id = :'DELIVERY_BATCH';

insert into delivery_conflicts (
    area_id, id, delivery_batch_id, device_id, entitlement_id, said, code, about, status, created_at, updated_at
)
select b.area_id, one.id::uuid, b.id, b.device_id, :'ENTITLEMENT_IN_CONFLICT',
    jsonb_build_object(
        'id', one.id, 'entitlement_id', :'ENTITLEMENT_IN_CONFLICT', 'quantity', one.quantity,
        'delivered_on', '2026-01-16', 'power_of_attorney', 'SKU/SINTETIS/2026/002',
        'receiver_name', 'Contoh Kerabat',
        'handover_number', 'BAST/SINTETIS/2026/039', 'place', 'Dermaga Desa Sirap'
    ),
    one.code, one.about, 'open', b.created_at, b.created_at
from delivery_batches b
cross join (values
    (:'DELIVERY_CONFLICT', '40', 'entitlement_used_up', '10 kg'),
    (:'CONFLICT_TO_DISMISS', '40', 'entitlement_used_up', '10 kg'),
    (:'CONFLICT_TO_APPLY', '5', 'program_suspended', null)
) as one (id, quantity, code, about)
where b.id = :'DELIVERY_BATCH';
