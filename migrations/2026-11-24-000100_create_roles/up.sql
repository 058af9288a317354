-- The service connects as this role; it owns nothing, so it can change no table and lift no policy.
-- Roles belong to the whole cluster: another database of it may have made this one already.
do $$
begin
    if not exists (select from pg_roles where rolname = 'sinergi_service') then
        create role sinergi_service nologin;
    end if;
end
$$;
grant sinergi_service to current_user;
grant usage on schema public to sinergi_service;

-- The sub-districts a transaction may see, from the setting its first statement makes.
-- Unset and empty both give null, and `area_id = any (null)` is never true: closed by default.
create function visible_areas() returns int []
language sql stable parallel safe
return string_to_array(nullif(current_setting('sinergi.area_ids', true), ''), ',')::int [];

comment on function visible_areas() is 'Areas of the caller; null, that is none, outside a scoped transaction';
