-- The constraint that says the same goes on to hold.
alter table enrollments alter column quota_village_code drop not null;
