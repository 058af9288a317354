drop function visible_areas();
revoke all on schema public from sinergi_service;
