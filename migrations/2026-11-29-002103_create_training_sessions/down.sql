drop view training_attendance;
drop table attendance_records;
drop table training_sessions;
