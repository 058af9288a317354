drop function order_reaches(date, date, uuid [], uuid, date, text);
drop function months_of(text);
