-- What is valid stays so.
select 1;
