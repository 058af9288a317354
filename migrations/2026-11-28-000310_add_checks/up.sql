-- What a check found stays on the record: warnings of families beside those of members, and the civil registry's word.
alter table members
add column nik_checked_at timestamptz,
add column nik_checked_by text,
add constraint members_nik_checked_whole check (
    (nik_checked_at is null) = (nik_checked_by is null)
    and (nik_checked_at is not null) = (nik_status in ('matched', 'conflict'))
) not valid;
-- squawk-ignore constraint-missing-not-valid
alter table members validate constraint members_nik_checked_whole;
comment on column members.nik_checked_at is 'When the NIK was compared with the civil registry; null again once the NIK changes';
comment on column members.nik_checked_by is 'Client that recorded what came of it';

alter table beneficiaries add column warnings text [] not null default '{}';
comment on column beneficiaries.warnings is 'Codes of checks that hold now and do not refuse, such as card_district_unknown';

-- Few rows warn; the build is one pass.
-- squawk-ignore require-concurrent-index-creation
create index members_warned_idx on members (area_id, id) where warnings <> '{}';
-- squawk-ignore require-concurrent-index-creation
create index beneficiaries_warned_idx on beneficiaries (area_id, id) where warnings <> '{}';
