-- A look for duplicates that is over, and two pairs of it: one that is read, one that is decided on.

insert into duplicate_runs (
    area_id, id, client_id, status, step, members_read, comparisons, pairs_look, normalisation, created_at, finished_at
)
select area_id, :'DUPLICATE_RUN', 'sandbox-kecamatan', 'done', 'over', 128, 64, 2, 1, created_at, created_at
from beneficiaries where id = :'BENEFICIARY_REGISTERED_TWICE';

insert into duplicate_pairs (
    area_id, id, one_member_id, other_member_id, one_beneficiary_id, other_beneficiary_id, finding, is_found, centibits,
    fields, status, run_id, created_at, updated_at
)
select
    b.area_id, one.id::uuid, one.member_id::uuid, one.other_member_id::uuid, b.id, one.other_id::uuid, 'look', true, -120,
    '{"name": 4.5, "sex": 0.4, "born_on": 9.25, "nik": -4.0, "village_code": 1.5}', 'open', :'DUPLICATE_RUN',
    b.created_at, b.created_at
from (values
    (
        :'DUPLICATE_PAIR', :'MEMBER_REGISTERED_TWICE', :'MEMBER_REGISTERED_AGAIN', :'BENEFICIARY_REGISTERED_TWICE',
        :'BENEFICIARY_REGISTERED_AGAIN'
    ),
    (
        :'PAIR_TO_DECIDE', :'MEMBER_TO_DECIDE', :'OTHER_MEMBER_TO_DECIDE', :'BENEFICIARY_TO_DECIDE',
        :'OTHER_BENEFICIARY_TO_DECIDE'
    )
) as one (id, member_id, other_member_id, family_id, other_id)
join beneficiaries b on b.id = one.family_id::uuid;
