drop index beneficiaries_warned_idx;
drop index members_warned_idx;
alter table beneficiaries drop column warnings;
alter table members
drop constraint members_nik_checked_whole,
drop column nik_checked_by,
drop column nik_checked_at;
