-- A family is told what its place is made of and which aid counts to its cap; it may get what was left of a line.
-- squawk-ignore ban-drop-constraint
alter table matching_run_families drop constraint matching_run_families_verdict_known;
alter table matching_run_families add constraint matching_run_families_verdict_known check (
    verdict in ('satisfied', 'got_rest', 'cap_reached', 'no_line', 'outranked', 'not_verified')
) not valid;
alter table matching_run_families add column decile int;
alter table matching_run_families add column months_since_aid int;
alter table matching_run_families add column lot bigint;
alter table matching_run_families add column aids jsonb not null default '[]';
comment on table matching_run_families is
'What a run did, or would do, for each family, and why no more; goes with a preview that nobody committed';
comment on column matching_run_families.decile is 'Decile when the run looked';
comment on column matching_run_families.months_since_aid is 'Whole months since the last aid then, twelve at most';
comment on column matching_run_families.lot is 'Lot that it drew under the seed of the run';
comment on column matching_run_families.aids is 'Aid of the round of aid that counts to the cap';
comment on table matching_run_lines is
'What a run takes, or would take, of each line; of no family; goes with a preview that nobody committed';

-- A preview that nobody committed is forgotten after a while; what was committed never is.
create policy previews_go on matching_runs as restrictive for delete to sinergi_service
using (status = 'previewed');
create policy previews_go on matching_run_families as restrictive for delete to sinergi_service
using (exists (
    select from matching_runs as r
    where r.area_id = matching_run_families.area_id and r.id = matching_run_families.run_id
        and r.status = 'previewed'
));
grant delete on matching_runs, matching_run_families, matching_run_lines to sinergi_service;
