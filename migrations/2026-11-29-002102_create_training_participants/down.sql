drop table training_participants;
