drop view followed_aid;
drop table follow_ups;
