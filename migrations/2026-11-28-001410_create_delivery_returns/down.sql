drop view aid_given;
drop table delivery_returns;
