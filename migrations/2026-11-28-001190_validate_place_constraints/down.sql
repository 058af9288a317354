-- A constraint that holds goes on to hold: there is nothing to take back.
select 1;
