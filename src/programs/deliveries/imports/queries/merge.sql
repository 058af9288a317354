-- Decides on all rows of a staged file. The cycle is shared. Everything temporary here is gone at the end.
set local work_mem = '64MB';
set local jit = off;
analyze staged_results;

create temporary table result_fault (line int not null, column_name text, code text not null) on commit drop;

insert into result_fault (line, column_name, code)
select s.line, nullif(split_part(told.fault, ':', 1), ''), split_part(told.fault, ':', 2)
from staged_results as s
cross join lateral unnest(string_to_array(s.faults, ' ')) as told (fault)
where s.faults is not null;

-- When the list froze, and the first day on which aid of it can have been handed over.
create temporary table listing on commit drop as
select y.approved_at, least(y.period, (y.approved_at at time zone 'Asia/Makassar')::date) as first_on
from delivery_import_context as c
inner join cycles as y on y.area_id = c.area_id and y.id = c.cycle_id;

-- Who has each NIK, whoever claims it now: a claim is released by a death, and follows a family elsewhere.
create temporary table person on commit drop as
select s.line, m.id as member_id, tie.beneficiary_id, tie.valid_from
from staged_results as s
cross join delivery_import_context as c
inner join members as m on m.area_id = c.area_id and m.nik_digest = s.nik_digest
left join memberships as tie on tie.area_id = c.area_id and tie.member_id = m.id and tie.ended_on is null
where s.faults is null;
analyze person;

-- The family that each was of when the list froze: who has paid out went by the list.
create temporary table tie_then on commit drop as
select p.line, p.beneficiary_id
from person as p cross join listing as l
where p.valid_from <= l.approved_at;
analyze tie_then;

insert into tie_then (line, beneficiary_id)
select p.line, tie.beneficiary_id
from person as p
cross join listing as l
cross join delivery_import_context as c
inner join memberships as tie on tie.area_id = c.area_id and tie.member_id = p.member_id
where
    not exists (select from tie_then as t where t.line = p.line)
    and case
        when tie.valid_from <= l.approved_at then tie.ended_on is null
        else exists (
            select from memberships_history as h
            where
                h.area_id = c.area_id and h.id = tie.id and h.valid_from <= l.approved_at
                and h.valid_to > l.approved_at and h.record ->> 'ended_on' is null
        )
    end;

-- Who was of none then is of the family of today.
create temporary table of_nik on commit drop as
select line, min(beneficiary_id::text)::uuid as family_id, count(distinct beneficiary_id) > 1 as is_ambiguous
from (
    select line, beneficiary_id from tie_then
    union all
    select p.line, p.beneficiary_id
    from person as p
    where p.beneficiary_id is not null and not exists (select from tie_then as t where t.line = p.line)
) as tie
group by line;
analyze of_nik;

-- Whom each row is about: by the id of what is due, by the claim of the card, or by the NIK.
create temporary table named on commit drop as
select
    s.line, s.quantity::numeric as quantity, s.told_on, s.is_failed, s.reference, s.failure_reason,
    s.component, s.entitlement_id as named_id, s.card_digest, coalesce(card.beneficiary_id, of_nik.family_id) as family_id,
    coalesce(s.entitlement_id is null and card.beneficiary_id is null and of_nik.is_ambiguous, false) as is_ambiguous,
    case
        when s.entitlement_id is not null then 'entitlement_id'
        when s.card_digest is not null then 'card_number'
        else 'nik'
    end as column_name
from staged_results as s
cross join delivery_import_context as c
left join card_claims as card on card.card_digest = s.card_digest and card.area_id = c.area_id
left join of_nik on of_nik.line = s.line
where s.faults is null;
analyze named;

insert into result_fault (line, column_name, code)
select line, column_name, 'family_ambiguous' from named where is_ambiguous;

create temporary table result on commit drop as
select
    n.*, coalesce(by_id.id, by_family.id) as id, coalesce(by_id.beneficiary_id, by_family.beneficiary_id)
        as beneficiary_id
from named as n
cross join delivery_import_context as c
left join entitlements as by_id
    on by_id.area_id = c.area_id and by_id.period = c.period and by_id.cycle_id = c.cycle_id
    and by_id.id = n.named_id
left join entitlements as by_family
    on by_family.area_id = c.area_id and by_family.period = c.period and by_family.program_id = c.program_id
    and by_family.beneficiary_id = n.family_id
where not n.is_ambiguous;

-- What was due to one record that has since become one with the family.
update result as r
set id = merged.id, beneficiary_id = merged.beneficiary_id
from (
    select b.continued_in_id as family_id, min(e.id::text)::uuid as id, min(b.id::text)::uuid as beneficiary_id
    from delivery_import_context as c
    inner join entitlements as e
        on e.area_id = c.area_id and e.period = c.period and e.cycle_id = c.cycle_id
    inner join beneficiaries as b
        on b.area_id = e.area_id and b.id = e.beneficiary_id and b.continued_in_id is not null
    group by b.continued_in_id having count(*) = 1
) as merged
where r.id is null and merged.family_id = r.family_id;

-- The card of a family that is here no more: nobody claims it, or it is claimed where the family lives now.
update result as r
set id = gone.id, beneficiary_id = gone.beneficiary_id, family_id = gone.beneficiary_id
from (
    select n.line, min(e.id::text)::uuid as id, min(b.id::text)::uuid as beneficiary_id
    from result as n
    cross join delivery_import_context as c
    inner join beneficiaries as b
        on b.area_id = c.area_id and b.card_digest = n.card_digest and b.status <> 'live'
    inner join entitlements as e
        on e.area_id = c.area_id and e.period = c.period and e.program_id = c.program_id and e.beneficiary_id = b.id
    where n.id is null and n.family_id is null and n.named_id is null
    group by n.line having count(*) = 1
) as gone
where gone.line = r.line;

insert into result_fault (line, column_name, code)
select
    line, column_name,
    case
        when named_id is not null then 'reference_unknown'
        when family_id is null then 'family_unknown'
        else 'family_not_on_list'
    end
from result where id is null;

insert into result_fault (line, column_name, code)
select r.line, 'quantity', 'quantity_not_whole'
from result as r cross join delivery_import_context as c
where c.is_whole and not r.is_failed and trunc(r.quantity) <> r.quantity;

-- Nothing is taken of a cycle that has been closed since the file began to arrive.
insert into result_fault (line, column_name, code)
select r.line, null, c.block_code
from result as r cross join delivery_import_context as c
where c.block_code is not null and not r.is_failed;

delete from result using result_fault as f where f.line = result.line;
analyze result;

-- Other deliveries and returns of what these rows are of wait from here on, and are seen by what follows.
create temporary table due on commit drop as
select e.id, e.quantity
from entitlements as e cross join delivery_import_context as c
where
    e.area_id = c.area_id and e.period = c.period and e.cycle_id = c.cycle_id
    and e.id in (select r.id from result as r where not r.is_failed)
order by e.id
for update of e;
analyze due;

-- The reference says which delivery it is: one that is there is known, and has to say the same.
create temporary table known on commit drop as
select
    r.line, bool_or(
        d.quantity = r.quantity and d.delivered_on = r.told_on and coalesce(d.component = r.component, true)
    ) as is_same
from result as r
cross join delivery_import_context as c
inner join deliveries as d
    on d.area_id = c.area_id and d.period = c.period and d.entitlement_id = r.id and d.handover_number = r.reference
where not r.is_failed
group by r.line;

-- The same for a row that stands in the file more than once; the one that names its component is taken.
insert into known (line, is_same)
select line, is_same
from (
    select
        r.line, row_number() over (partition by r.id, r.reference order by r.component is null, r.line) as place,
        min(r.quantity) over same_one = max(r.quantity) over same_one
        and min(r.told_on) over same_one = max(r.told_on) over same_one
        and coalesce(min(r.component) over same_one = max(r.component) over same_one, true) as is_same
    from result as r
    where not r.is_failed and not exists (select from known as k where k.line = r.line)
    window same_one as (partition by r.id, r.reference)
) as told
where place > 1 or not is_same;

insert into result_fault (line, column_name, code)
select line, 'reference', 'delivery_differs' from known where not is_same;
delete from result using result_fault as f where f.line = result.line;

create temporary table added on commit drop as
select r.line, r.id, r.beneficiary_id, r.quantity, r.told_on, r.reference, r.component
from result as r
where not r.is_failed and not exists (select from known as k where k.line = r.line);
analyze added;

insert into result_fault (line, column_name, code)
select a.line, 'on', 'handover_too_early'
from added as a
cross join listing as l
cross join delivery_import_context as c
left join passed_entitlements as p on p.area_id = c.area_id and p.new_entitlement_id = a.id
where a.told_on < coalesce(p.taken_over_on, l.first_on);
delete from added using result_fault as f where f.line = added.line;

-- What is left of each and what orders hold of it, and who is at the head of its family, or of the one that goes on
-- for it.
create temporary table room on commit drop as
select due.id, due.quantity - coalesce(g.gone, 0) - coalesce(h.withdrawn, 0) as left_over, coalesce(h.held, 0) as held
from due
cross join delivery_import_context as c
left join lateral (
    select sum(quantity + withdrawn) as gone from aid_given
    where area_id = c.area_id and period = c.period and entitlement_id = due.id
) as g on true
left join lateral (
    select sum(withdrawn_quantity) as withdrawn, sum(quantity) filter (where status = 'held') as held
    from holds where area_id = c.area_id and entitlement_id = due.id
) as h on true;
analyze room;

insert into result_fault (line, column_name, code)
select a.line, 'quantity', 'entitlement_used_up'
from added as a inner join room as r on r.id = a.id
where a.quantity > r.left_over and r.held < r.left_over;
-- What an order holds is not delivered. Where it holds all that is left, that is why.
insert into result_fault (line, column_name, code)
select
    a.line, case when r.held = 0 then 'quantity' end,
    case when r.held = 0 then 'entitlement_used_up' else 'program_suspended' end
from added as a inner join room as r on r.id = a.id
where a.quantity > r.left_over - r.held and not exists (select from result_fault as f where f.line = a.line);
delete from added using result_fault as f where f.line = added.line;

-- What is left for the components that rows name, and what orders on them hold of it. Rows of one take it in the order of
-- the file.
create temporary table component_room on commit drop as
select
    told.id, told.component,
    share.quantity - coalesce(passed.quantity, 0) - coalesce(given.gone, 0) - coalesce(h.withdrawn, 0) as left_over,
    coalesce(h.held, 0) as held
from (select distinct id, component from added where component is not null) as told
cross join delivery_import_context as c
inner join entitlements as e on e.area_id = c.area_id and e.period = c.period and e.id = told.id
inner join lateral (
    select sum((part.value ->> 'quantity')::numeric) as quantity
    from jsonb_array_elements(e.breakdown) as part (value)
    where part.value ->> 'component' = told.component
    having count(*) > 0
) as share on true
left join lateral (
    select sum((part.value ->> 'quantity')::numeric) as quantity
    from passed_entitlements as p
    inner join entitlements as n on n.area_id = p.area_id and n.period = p.period and n.id = p.new_entitlement_id
    cross join jsonb_array_elements(n.breakdown) as part (value)
    where p.area_id = c.area_id and p.entitlement_id = told.id and part.value ->> 'component' = told.component
) as passed on true
left join lateral (
    select sum(quantity + withdrawn) as gone from component_aid_given
    where area_id = c.area_id and period = c.period and entitlement_id = told.id and component = told.component
) as given on true
left join lateral (
    select sum(t.withdrawn_quantity) as withdrawn, sum(t.quantity) filter (where t.status = 'held') as held
    from holds as t
    inner join suspension_orders as o on o.area_id = t.area_id and o.id = t.suspension_order_id
    where t.area_id = c.area_id and t.entitlement_id = told.id and o.component = told.component
) as h on true;
analyze component_room;

-- What is too much by itself takes no room from the rows after it.
insert into result_fault (line, column_name, code)
select
    a.line,
    case when r.id is null then 'component' when a.quantity > r.left_over then 'quantity' end,
    case
        when r.id is null then 'reference_unknown'
        when a.quantity > r.left_over then 'entitlement_used_up'
        else 'program_suspended'
    end
from added as a
left join component_room as r on r.id = a.id and r.component = a.component
where a.component is not null and (r.id is null or a.quantity > r.left_over - r.held);
delete from added using result_fault as f where f.line = added.line;

insert into result_fault (line, column_name, code)
select
    a.line, case when a.up_to > r.left_over then 'quantity' end,
    case when a.up_to > r.left_over then 'entitlement_used_up' else 'program_suspended' end
from (select line, id, component, sum(quantity) over (partition by id, component order by line) as up_to from added) as a
inner join component_room as r on r.id = a.id and r.component = a.component
where a.up_to > r.left_over - r.held;
delete from added using result_fault as f where f.line = added.line;

-- Several rows of one entitlement take what is left in the order of the file.
insert into result_fault (line, column_name, code)
select
    a.line, case when a.up_to > r.left_over then 'quantity' end,
    case when a.up_to > r.left_over then 'entitlement_used_up' else 'program_suspended' end
from (select line, id, sum(quantity) over (partition by id order by line) as up_to from added) as a
inner join room as r on r.id = a.id
where a.up_to > r.left_over - r.held;
delete from added using result_fault as f where f.line = added.line;

create temporary table collector on commit drop as
with recursive step as (
    select distinct beneficiary_id, beneficiary_id as at, 0 as depth from added
    union all
    select s.beneficiary_id, b.continued_in_id, s.depth + 1
    from step as s
    cross join delivery_import_context as c
    inner join beneficiaries as b
        on b.area_id = c.area_id and b.id = s.at and b.continued_in_id is not null
    where s.depth < 50
),

family as (
    select distinct on (beneficiary_id) beneficiary_id, at from step order by beneficiary_id, depth desc
)

select f.beneficiary_id, tie.member_id
from family as f
cross join delivery_import_context as c
inner join memberships as tie
    on tie.area_id = c.area_id and tie.beneficiary_id = f.at and tie.ended_on is null and tie.relationship = 'head'
for share of tie;
analyze collector;

-- Nobody of it lives here any more: what was paid went to who was at its head when the list froze.
insert into collector (beneficiary_id, member_id)
select distinct on (gone.beneficiary_id) gone.beneficiary_id, tie.member_id
from (
    select a.beneficiary_id from added as a
    where not exists (select from collector as k where k.beneficiary_id = a.beneficiary_id)
) as gone
cross join listing as l
cross join delivery_import_context as c
inner join memberships as tie on tie.area_id = c.area_id and tie.beneficiary_id = gone.beneficiary_id
where
    case
        when tie.valid_from <= l.approved_at then tie.ended_on is null and tie.relationship = 'head'
        else exists (
            select from memberships_history as h
            where
                h.area_id = c.area_id and h.id = tie.id and h.valid_from <= l.approved_at
                and h.valid_to > l.approved_at and h.record ->> 'ended_on' is null
                and h.record ->> 'relationship' = 'head'
        )
    end
order by gone.beneficiary_id, tie.id;
analyze collector;

insert into result_fault (line, column_name, code)
select a.line, null, 'head_missing'
from added as a left join collector as k on k.beneficiary_id = a.beneficiary_id
where k.member_id is null;
delete from added using result_fault as f where f.line = added.line;

insert into deliveries (
    area_id, period, id, entitlement_id, program_id, beneficiary_id, quantity, delivered_on, collector_member_id,
    collector_kind, handover_number, recorded_by, created_at, delivery_import_id, component
)
select
    c.area_id, c.period, derive_id(c.delivery_import_id, md5(a.id::text || ' ' || a.line)::uuid), a.id, c.program_id,
    a.beneficiary_id, a.quantity, a.told_on, k.member_id, 'member', a.reference, c.client_id, c.now,
    c.delivery_import_id, a.component
from added as a
cross join delivery_import_context as c
inner join collector as k on k.beneficiary_id = a.beneficiary_id;

insert into delivery_import_rows (
    area_id, delivery_import_id, row_number, fault_number, outcome, entitlement_id, column_name, code
)
select
    c.area_id, c.delivery_import_id, f.line,
    row_number() over (partition by f.line order by f.column_name nulls last, f.code), 'faulty', n.named_id,
    f.column_name, f.code
from result_fault as f
cross join delivery_import_context as c
left join named as n on n.line = f.line;

insert into delivery_import_rows (
    area_id, delivery_import_id, row_number, fault_number, outcome, entitlement_id, failed_on, failure_reason
)
select c.area_id, c.delivery_import_id, r.line, 1, 'failed', r.id, r.told_on, r.failure_reason
from result as r cross join delivery_import_context as c
where r.is_failed;

update delivery_imports as i
set
    status = 'applied',
    rows_faulty = (select count(distinct line) from result_fault),
    rows_failed = (select count(*) from result where is_failed),
    deliveries_added = (select count(*) from added),
    deliveries_known = i.rows_read - (select count(distinct line) from result_fault)
        - (select count(*) from result where is_failed) - (select count(*) from added),
    quantity_added = coalesce((select sum(quantity) from added), 0),
    -- Not the start of the transaction, which all its rows carry.
    finished_at = clock_timestamp()
from delivery_import_context as c
where i.area_id = c.area_id and i.id = c.delivery_import_id;
