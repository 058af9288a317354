-- The rows that a merger is about, table by table. Digests tell which number a row has; its seal stays in the row and its
-- versions, where a new key reaches it. Since when a membership is what it is goes on with each change.
select jsonb_build_object(
    'beneficiaries', (
        select coalesce(jsonb_agg(to_jsonb(b) - 'card_sealed' order by b.id), '[]') from beneficiaries as b
        where b.area_id = $1 and b.id = any ($2)
    ),
    'members', (
        select coalesce(jsonb_agg(to_jsonb(m) - 'nik_sealed' order by m.id), '[]') from members as m
        where m.area_id = $1 and m.id = any ($3)
    ),
    'memberships', (
        select coalesce(jsonb_agg(to_jsonb(t) - 'valid_from' order by t.id), '[]') from memberships as t
        where t.area_id = $1 and t.beneficiary_id = any ($2)
    ),
    'welfare_ranks', (
        select coalesce(jsonb_agg(to_jsonb(w) order by w.beneficiary_id, w.source, w.period), '[]')
        from welfare_ranks as w
        where w.area_id = $1 and w.beneficiary_id = any ($2)
    ),
    'identity_claims', (
        select coalesce(jsonb_agg(to_jsonb(c) order by c.nik_digest), '[]') from identity_claims as c
        where c.nik_digest = any ($4)
    ),
    'card_claims', (
        select coalesce(jsonb_agg(to_jsonb(c) order by c.card_digest), '[]') from card_claims as c
        where c.beneficiary_id = any ($2)
    ),
    'collectors', (
        select coalesce(jsonb_agg(to_jsonb(c) order by c.id), '[]') from collectors as c
        where c.area_id = $1 and c.beneficiary_id = any ($2)
    ),
    'enrollments', (
        select coalesce(jsonb_agg(to_jsonb(e) order by e.id), '[]') from enrollments as e
        where e.area_id = $1 and e.beneficiary_id = any ($2)
    ),
    'reserves', (
        select coalesce(jsonb_agg(to_jsonb(r) order by r.id), '[]') from reserves as r
        where r.area_id = $1 and r.beneficiary_id = any ($2)
    ),
    'needs', (
        select coalesce(jsonb_agg(to_jsonb(n) order by n.id), '[]') from needs as n
        where n.area_id = $1 and n.beneficiary_id = any ($2)
    ),
    'custodies', (
        select coalesce(jsonb_agg(to_jsonb(u) order by u.id), '[]') from custodies as u
        where u.area_id = $1 and u.beneficiary_id = any ($2)
    ),
    'empowerment_plans', (
        select coalesce(jsonb_agg(to_jsonb(p) order by p.id), '[]') from empowerment_plans as p
        where p.area_id = $1 and p.beneficiary_id = any ($2)
    ),
    'verification_tasks', (
        select coalesce(jsonb_agg(to_jsonb(k) order by k.id), '[]') from verification_tasks as k
        where k.area_id = $1 and k.id = any ($6)
    ),
    'carried_visits', (
        select coalesce(jsonb_agg(to_jsonb(v) order by v.beneficiary_id, v.visit_id), '[]') from carried_visits as v
        where v.area_id = $1 and v.beneficiary_id = any ($2)
    ),
    'entitlements', (
        select coalesce(jsonb_agg(e.id order by e.id), '[]') from entitlements as e
        where e.area_id = $1 and e.beneficiary_id = any ($2) and e.enrollment_id = any ($5)
    )
) as state
