drop table duty_records;
