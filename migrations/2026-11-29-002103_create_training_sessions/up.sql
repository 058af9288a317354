create table training_sessions (
    area_id int not null,
    id uuid not null,
    training_id uuid not null,
    held_on date not null,
    lesson_hours smallint not null,
    topic text not null,
    place text,
    scheduled_by text not null,
    created_at timestamptz not null,
    constraint training_sessions_pkey primary key (area_id, id),
    constraint training_sessions_training_fkey foreign key (area_id, training_id) references trainings (area_id, id),
    constraint training_sessions_hours_range check (lesson_hours between 1 and 16)
);
create index training_sessions_training_idx on training_sessions (area_id, training_id, id);
comment on table training_sessions is 'Sessions of a training';
comment on column training_sessions.lesson_hours is 'Lesson hours (jam pelajaran); attendance is counted in them';
comment on column training_sessions.place is 'Where it is not at the place of the training';

alter table training_sessions enable row level security;
create policy area_scope on training_sessions to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on training_sessions to sinergi_service;

create table attendance_records (
    area_id int not null,
    session_id uuid not null,
    participant_id uuid not null,
    version int not null,
    mark text not null,
    recorded_by text not null,
    created_at timestamptz not null,
    constraint attendance_records_pkey primary key (area_id, session_id, participant_id, version),
    constraint attendance_records_session_fkey foreign key (area_id, session_id)
    references training_sessions (area_id, id),
    constraint attendance_records_participant_fkey foreign key (area_id, participant_id)
    references training_participants (area_id, id),
    constraint attendance_records_mark_known check (mark in ('present', 'excused', 'absent')),
    constraint attendance_records_version_positive check (version >= 1)
);
create index attendance_records_participant_idx on attendance_records (area_id, participant_id, session_id, version);
comment on table attendance_records is 'Who came to a session; never changed, a correction is the next version';
comment on column attendance_records.version is 'Counts from 1 for each participant of a session; the newest counts';

alter table attendance_records enable row level security;
create policy area_scope on attendance_records to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on attendance_records to sinergi_service;

create view training_attendance with (security_invoker = true) as
select
    p.area_id, p.training_id, p.id as participant_id, s.id as session_id, s.lesson_hours, a.mark, a.version,
    a.recorded_by, a.created_at
from training_participants as p
inner join training_sessions as s on s.area_id = p.area_id and s.training_id = p.training_id
left join lateral (
    select r.mark, r.version, r.recorded_by, r.created_at from attendance_records as r
    where r.area_id = p.area_id and r.participant_id = p.id and r.session_id = s.id
    order by r.version desc limit 1
) as a on true;
comment on view training_attendance is 'Each participant at each session of the training, with the mark that counts';
grant select on training_attendance to sinergi_service;
