-- Stock and programs ask the same, and stock knows nothing of programs. Both are one expression, which is written into
-- the statement that calls them.
create function months_of(benefit_period text) returns int
language sql immutable parallel safe
return case benefit_period when 'year' then 12 when 'quarter' then 3 else 1 end;
comment on function months_of(text) is 'How many months a cycle of a rule set stands for';

create function order_reaches(
    effective_from date, effective_to date, cycle_ids uuid [], cycle_id uuid, period date, benefit_period text
) returns bool
language sql immutable parallel safe
return effective_from < period + make_interval(months => months_of(benefit_period))
and (effective_to is null or effective_to >= period)
and (cycle_ids = '{}' or cycle_id = any(cycle_ids));
comment on function order_reaches(date, date, uuid [], uuid, date, text)
is 'Whether a suspension order reaches a cycle: it has a day in the dates of the order, and is among the cycles that it names';
