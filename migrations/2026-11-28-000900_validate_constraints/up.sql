-- What the migrations before added without a look at the rows that are there: in a transaction of its own, so that
-- readers and writers go on.
alter table beneficiaries validate constraint beneficiaries_continued_merged;
alter table memberships validate constraint memberships_end_reason_known;
alter table imports validate constraint imports_status_known;
alter table imports validate constraint imports_format_known;
alter table imports validate constraint imports_review_whole;
alter table verification_rounds validate constraint verification_rounds_program_fkey;
alter table verification_rounds validate constraint verification_rounds_sample_whole;
