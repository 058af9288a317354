create or replace function derive_id(seed uuid, key uuid) returns uuid
language sql immutable parallel safe
return (
    select encode(
        set_byte(set_byte(bytes, 6, 112 | (get_byte(bytes, 6) & 15)), 8, 128 | (get_byte(bytes, 8) & 63)), 'hex'
    )::uuid
    from (
        select substring(uuid_send(seed) for 6)
            || substring(sha256(uuid_send(seed) || uuid_send(key)) for 10) as bytes
    ) as digest
);
