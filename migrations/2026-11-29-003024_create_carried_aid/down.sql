drop view family_aid_given;
-- squawk-ignore ban-drop-table
drop table carried_handovers;
-- squawk-ignore ban-drop-table
drop table carried_aid;
