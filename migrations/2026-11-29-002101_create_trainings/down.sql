drop table trainings;
