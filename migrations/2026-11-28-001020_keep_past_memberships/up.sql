-- A membership keeps what it was before: its relationship and its end can be read back to any instant.
-- Filled and required at once: a new column of few million rows is written in seconds, while nothing serves.
alter table memberships add column valid_from timestamptz;
comment on column memberships.valid_from is 'When the row became what it is; what it was is in memberships_history';

create table memberships_history (
    area_id int not null,
    id uuid not null,
    valid_from timestamptz not null,
    valid_to timestamptz not null,
    record jsonb not null,
    client_id text not null,
    constraint memberships_history_pkey primary key (area_id, id, valid_from),
    constraint memberships_history_order check (valid_from < valid_to)
);
comment on table memberships_history is 'What memberships were, half-open from valid_from to valid_to; append-only';
comment on column memberships_history.record is 'The row as it was';
comment on column memberships_history.client_id is 'Who replaced it';

-- What the versions of persons tell of their ties until now. Of two ties to one family the later one that had begun.
insert into memberships_history (area_id, id, valid_from, valid_to, record, client_id)
select
    h.area_id, t.id, h.valid_from, h.valid_to,
    to_jsonb(t) - 'valid_from' || jsonb_build_object('relationship', h.record -> 'relationship',
        'ended_on', h.record -> 'ended_on', 'end_reason', h.record -> 'end_reason'),
    h.client_id
from members_history as h
cross join lateral (
    select s.* from memberships as s
    where s.area_id = h.area_id and s.member_id = h.id and s.beneficiary_id = (h.record ->> 'beneficiary_id')::uuid
    order by s.started_on <= (h.valid_from at time zone 'Asia/Makassar')::date desc, s.started_on desc, s.id desc
    limit 1
) as t;
update memberships as t
set
    valid_from = coalesce(
        (select max(h.valid_to) from memberships_history as h where h.area_id = t.area_id and h.id = t.id),
        m.valid_from
    )
from members as m
where m.area_id = t.area_id and m.id = t.member_id;
-- squawk-ignore adding-not-nullable-field
alter table memberships alter column valid_from set not null;

create table collectors_history (
    area_id int not null,
    id uuid not null,
    valid_from timestamptz not null,
    valid_to timestamptz not null,
    version int not null,
    record jsonb not null,
    client_id text not null,
    constraint collectors_history_pkey primary key (area_id, id, valid_from),
    constraint collectors_history_order check (valid_from < valid_to)
);
comment on table collectors_history is 'Past versions of collectors, half-open from valid_from to valid_to; append-only';
comment on column collectors_history.record is 'The row as it was';
comment on column collectors_history.client_id is 'Who replaced this version';

-- Until now a collector was registered and then ended, and nothing else became of one.
insert into collectors_history (area_id, id, valid_from, valid_to, version, record, client_id)
select
    area_id, id, created_at, updated_at, 1,
    to_jsonb(c) || jsonb_build_object('ended_on', null, 'end_reason', null, 'version', 1, 'updated_at', created_at),
    recorded_by
from collectors as c
where version > 1 and created_at < updated_at;

alter table memberships_history enable row level security;
create policy area_scope on memberships_history to sinergi_service
using (area_id = any ((select visible_areas())::int []));
alter table collectors_history enable row level security;
create policy area_scope on collectors_history to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on memberships_history, collectors_history to sinergi_service;
