-- A matching run that is committed: what it gave was given before it, so that it left nothing to be seen.

insert into matching_runs (
    area_id, id, status, policy, input_digest, line_count, family_count, served_family_count, portion_count, transcript,
    created_by, created_at, committed_by, committed_at
)
select
    area_id, :'MATCHING_RUN', 'committed',
    jsonb_build_object(
        'cap', 20, 'round_started_on', to_char(date_trunc('quarter', :'PERIOD'), 'YYYY-MM-DD'), 'is_turn_by_turn', true,
        'criteria', array['decile', 'months_since_aid'],
        'portions', jsonb_build_array(jsonb_build_object('kind', 'hand_tractor', 'quantity', '1')),
        'program_ids', null, 'seed', seed
    ),
    sha256('sandbox'), 1, 1, 1, 1,
    '{"cap":20,"is_turn_by_turn":true,"seed":"' || seed || '","lines":[{"kind":0,"portions":1,"places":[0],"cut_off":1}],'
    '"classes":[{"place":0,"kind":0,"cut_off":1}],"families":[{"key":"' || encode(key, 'hex')
    || '","standing":[0,0,0],"lot": '
    || ('x' || encode(substr(sha256(convert_to(seed, 'UTF8') || key), 1, 4), 'hex'))::bit(32)::bigint
    || ',"place":0,"aided":0,'
    '"needs":[{"kind":0,"portions":1,"grants":[{"line":0,"portions":1}]}],"granted":1,"verdict":"satisfied",'
    '"own":null,"cut_off":null,"lines":null,"classes":null,"portions":null}]}',
    'sandbox-planner', created_at, 'sandbox-kecamatan', created_at
from (
    select
        area_id, created_at, substr(sha256(uuid_send(id)), 1, 16) as key,
        '64.02.10/' || to_char(date_trunc('quarter', :'PERIOD'), 'YYYY-MM-DD') as seed
    from beneficiaries where id = :'BENEFICIARY'
) as family;

insert into matching_run_lines (
    run_id, pledge_line_id, area_id, pledge_id, company_id, kind, unit, portion, free_quantity, allocated_quantity,
    transfer_id
)
select :'MATCHING_RUN', l.id, p.area_id, p.id, p.company_id, l.kind, l.unit, 1, 1, 1, :'TRANSFER'
from pledge_lines l join pledges p on p.id = l.pledge_id where l.id = :'PLEDGE_LINE';

insert into matching_run_families (
    area_id, run_id, beneficiary_id, village_code, verdict, place, granted_portions, aided_portions, grants
)
select
    area_id, :'MATCHING_RUN', id, village_code, 'satisfied', 1, 1, 0,
    jsonb_build_array(jsonb_build_object(
        'pledge_line_id', :'PLEDGE_LINE', 'need_id', :'NEED', 'kind', 'hand_tractor', 'quantity', '1'
    ))
from beneficiaries where id = :'BENEFICIARY';
