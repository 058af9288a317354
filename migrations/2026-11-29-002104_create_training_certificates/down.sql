drop table training_certificates;
