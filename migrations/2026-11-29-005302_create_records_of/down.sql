drop function records_of(int [], uuid);
