-- A constraint that was checked once goes on to hold; nothing to take back.
select 1;
