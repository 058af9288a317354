drop function facts_over(jsonb, jsonb);
