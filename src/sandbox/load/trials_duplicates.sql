-- A look for duplicates that is over, and two pairs of it: one that is read, one that is decided on.

insert into duplicate_runs (
    area_id, id, client_id, status, step, members_read, comparisons, pairs_same, pairs_look, persons_registered_again,
    normalisation, created_at, finished_at
)
select area_id, :'DUPLICATE_RUN', 'sandbox-kecamatan', 'done', 'over', 128, 64, 1, 2, 1, 1, created_at, created_at
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

insert into duplicate_pairs (
    area_id, id, one_member_id, other_member_id, one_beneficiary_id, other_beneficiary_id, finding, is_found, centibits,
    fields, status, run_id, decided_by, decided_at, decision_reason, created_at, updated_at
)
select
    area_id, :'PAIR_TO_MERGE', :'MEMBER_TO_KEEP', :'MEMBER_TO_MERGE', id, :'BENEFICIARY_DOUBLED', 'same', true, 940,
    '{"name": 4.5, "sex": 0.4, "born_on": 9.25}', 'same', :'DUPLICATE_RUN', 'sandbox-kecamatan', created_at,
    'Registered again after moving house', created_at, created_at
from beneficiaries where id = :'BENEFICIARY_TO_KEEP';

insert into duplicate_clusters (area_id, id, run_id, member_ids, beneficiary_ids, member_count)
select
    area_id, derive_id(:'DUPLICATE_RUN', id), :'DUPLICATE_RUN',
    array[:'MEMBER_TO_KEEP', :'MEMBER_TO_MERGE']::uuid [], array[id, :'BENEFICIARY_DOUBLED'], 2
from beneficiaries where id = :'BENEFICIARY_TO_KEEP';

-- Mergers that left nothing to be seen: the rows before are those after.
insert into duplicate_mergers (
    area_id, id, beneficiary_id, merged_beneficiary_id, is_whole, persons, moved_enrollment_ids, before, after, told,
    reason, status, client_id, created_at
)
select
    b.area_id, one.id::uuid, b.id, b.id, false, '[]', '{}', kept.state, kept.state,
    '{"carried_enrollment_ids": [], "ended_enrollment_ids": [], "carried_need_ids": [], "overlaps": []}',
    'One child stood on the card twice', 'merged', 'sandbox-kecamatan', b.created_at
from (values
    (:'DUPLICATE_MERGER', :'BENEFICIARY_MERGED'), (:'MERGER_TO_UNDO', :'BENEFICIARY_TO_PART')
) as one (id, family_id)
join beneficiaries b on b.id = one.family_id::uuid
cross join lateral pg_temp.merger_state(
    b.area_id, array[b.id], array(select t.member_id from memberships t where t.beneficiary_id = b.id),
    array(
        select m.nik_digest from memberships t join members m on m.area_id = t.area_id and m.id = t.member_id
        where t.beneficiary_id = b.id and m.nik_digest is not null
    ), '{}', '{}'
) as kept (state);
