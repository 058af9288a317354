//! Registering a family, durable, against the same statements from pgbench.

use crate::figure::tell_ratio;
use crate::load::{ROUNDS, pgbench, script, wrk};
use crate::service::{AREA, Service};

/// Each round starts where the one before cannot have got.
const NUMBERS_A_ROUND: usize = 1_000_000;

/// The statements of one registration, in the service's order, with random keys of the same lengths.
const STATEMENTS: &str = r"
\set one random(1, 9000000000000000000)
\set two random(1, 9000000000000000000)
begin;
select set_config('sinergi.area_ids', 'AREA', true);
select pg_try_advisory_xact_lock(:one);
select body_digest, status, headers, body from idempotency_keys
    where client_id = 'bench' and route = 'POST /v1/beneficiaries' and key = md5(:one::text);
select regions.area_id from regions join region_editions using (edition)
    where is_current and code = '64.02.10.2004' and level = 'village' and area_id = any('{AREA}') limit 1;
select distinct code from regions where level = 'district' and edition = any(select edition from region_editions)
    and parent_code = any('{64.02}');
insert into card_claims values (sha256(int8send(:one) || 'c'), AREA, md5(:one::text)::uuid) on conflict do nothing;
insert into identity_claims values (sha256(int8send(:one) || 'n'), AREA, md5(:two::text)::uuid) on conflict do nothing
    returning nik_digest;
insert into beneficiaries (area_id, id, village_code, card_sealed, card_digest, address, phone, status, head_name,
        member_count, decile, decile_source, decile_period, source, version, valid_from, created_at, updated_at)
    values (AREA, md5(:one::text)::uuid, '64.02.10.2004', sha256(int8send(:two)) || '\x00112233445566778899aabbcc',
        sha256(int8send(:one) || 'c'), 'RT 03', null, 'live', 'Contoh Sintetis', 2, 2, 'DTSEN', '2026-10-01', 'form',
        1, now(), now(), now());
insert into beneficiary_locators values (md5(:one::text)::uuid, AREA);
insert into welfare_ranks values (AREA, md5(:one::text)::uuid, 'DTSEN', '2026-10-01', 2, now());
insert into members (area_id, id, nik_sealed, nik_digest, nik_status, name, sex, born_on, warnings, valid_from,
        created_at, updated_at)
    values (AREA, md5(:two::text)::uuid, sha256(int8send(:two)) || '\x00112233445566778899aabbcc',
        sha256(int8send(:one) || 'n'), 'structure_ok', 'Contoh Sintetis', 'female', '1990-01-01', '{}', now(), now(),
        now()),
        (AREA, md5(:two::text || 'x')::uuid, null, null, 'none', 'Anak Contoh', 'male', '2019-05-02', '{}', now(), now(),
        now());
insert into memberships (area_id, id, beneficiary_id, member_id, relationship, started_on)
    values (AREA, md5(:one::text || 'h')::uuid, md5(:one::text)::uuid, md5(:two::text)::uuid, 'head', current_date),
        (AREA, md5(:one::text || 'k')::uuid, md5(:one::text)::uuid, md5(:two::text || 'x')::uuid, 'child', current_date);
insert into audit_records (area_id, at, id, client_id, operation, resource, resource_id, request_id, record_count,
        after_digest)
    values (AREA, now(), md5(:one::text || 'a')::uuid, 'bench', 'register_beneficiary', 'beneficiaries',
        md5(:one::text)::uuid, md5(:two::text), 1, sha256(int8send(:one)));
insert into outbox values (md5(:one::text || 'o')::uuid, 'beneficiary.registered', AREA, null, 'beneficiaries',
        md5(:one::text)::uuid, '{}', now());
insert into idempotency_keys values ('bench', 'POST /v1/beneficiaries', md5(:one::text),
        sha256(int8send(:one)), 201, '{}', decode(repeat('00', 520), 'hex'), now());
commit;
";

/// A wrk script that registers family after family with fresh numbers; birth dates stay real.
fn requests(token: &str, start: usize) -> String {
    format!(
        r#"
wrk.headers['Authorization'] = 'Bearer {token}'
wrk.headers['Content-Type'] = 'application/json'
local number = {start}
function request()
  number = number + 1
  local day, month = 1 + math.floor(number / 9000) % 28, 1 + math.floor(number / 252000) % 12
  local year = 60 + math.floor(number / 3024000) % 40
  local serial = 1 + number % 9000
  local nik = string.format('640299%02d%02d%02d%04d', day, month, year, serial)
  local card = string.format('640298%02d%02d%02d%04d', day, month, year, serial)
  wrk.headers['Idempotency-Key'] = string.format('bench-%012d', number)
  local body = string.format('{{"card_number":"%s","village_code":"64.02.10.2004","address":"RT 03",' ..
    '"rank":{{"source":"DTSEN","period":"2026-10-01","decile":2}},"members":[' ..
    '{{"nik":"%s","name":"Contoh Sintetis","sex":"male","born_on":"1990-01-01","relationship":"head"}},' ..
    '{{"name":"Anak Contoh","sex":"male","born_on":"2019-05-02","relationship":"child"}}]}}', card, nik)
  return wrk.format('POST', '/v1/beneficiaries', nil, body)
end
"#
    )
}

pub(crate) fn run(service: &Service) {
    let token = service.token("sandbox-kecamatan");
    let statements = [script(service, "create.sql", &STATEMENTS.replace("AREA", AREA))];
    let rounds: Vec<(f64, f64)> = (0..ROUNDS)
        .map(|round| {
            let load = script(service, "create.lua", &requests(&token, round * NUMBERS_A_ROUND));
            (wrk(service, &load), pgbench(service, &statements))
        })
        .collect();
    tell_ratio("POST /v1/beneficiaries, durable", 0.6, "pgbench -M prepared, same statements", &rounds);
}
