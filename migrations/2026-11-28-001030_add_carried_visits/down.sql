drop policy brought_along on attribute_schemas;
drop view family_visits;
drop table carried_visits;
