alter table members_history drop column reason, drop column operation;
alter table beneficiaries_history drop column reason, drop column operation;
alter table beneficiaries drop constraint beneficiaries_continued_merged, drop column continued_in_id;
