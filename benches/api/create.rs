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
select p.place, found.key, found.area_id, found.member_id from unnest(array[1, 2]) as p (place)
    cross join lateral (
    (select 0 as key, m.area_id, m.id as member_id from members m where m.area_id = any('{AREA}')
        and m.nik_digest = sha256(int8send(:one::bigint + p.place)) limit 41)
    union all (select 1, m.area_id, m.id from beneficiaries b
        join memberships t on t.area_id = b.area_id and t.beneficiary_id = b.id and t.ended_on is null
        join members m on m.area_id = t.area_id and m.id = t.member_id
        where b.area_id = any('{AREA}') and b.status = 'live' and m.sex = 'male'
            and b.card_digest = sha256(int8send(:one) || 'c') limit 41)
    KEYS
) as found;
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
insert into memberships (area_id, id, beneficiary_id, member_id, relationship, started_on, valid_from)
    values (AREA, md5(:one::text || 'h')::uuid, md5(:one::text)::uuid, md5(:two::text)::uuid, 'head', current_date, now()),
        (AREA, md5(:one::text || 'k')::uuid, md5(:one::text)::uuid, md5(:two::text || 'x')::uuid, 'child', current_date, now());
insert into member_keys (area_id, member_id, beneficiary_id, nik_start, nik_end, born_village, born_word, name_village,
        first_word, second_word, member_version, family_version, normalisation)
    values (AREA, md5(:two::text)::uuid, md5(:one::text)::uuid, :one::bigint + 1, :one::bigint + 2, :two::bigint,
        :one::bigint, :two::bigint + 1, :one::bigint + 3, :two::bigint + 2, 1, 1, 1),
        (AREA, md5(:two::text || 'x')::uuid, md5(:one::text)::uuid, null, null, :two::bigint + 3, :one::bigint + 4,
        :two::bigint + 4, :one::bigint + 5, :two::bigint + 5, 1, 1, 1);
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

/// The keys that a check looks for, each with what stands for it; nobody has a mother's name or a telephone.
const KEYS: [(&str, &str); 11] = [
    ("nik_start", ":one::bigint + 1 + p.place"),
    ("nik_end", ":one::bigint + 2 + p.place"),
    ("born_village", ":one::bigint + 3 + p.place"),
    ("born_word", ":one::bigint + 4 + p.place"),
    ("name_village", ":one::bigint + 5 + p.place"),
    ("first_word", ":one::bigint + 6 + p.place"),
    ("first_word", ":one::bigint + 7 + p.place"),
    ("second_word", ":one::bigint + 6 + p.place"),
    ("second_word", ":one::bigint + 7 + p.place"),
    ("name_mother", "null::bigint"),
    ("phone_sex", "null::bigint"),
];

fn statements() -> String {
    let looked_for = KEYS.iter().enumerate().map(|(way, (column, value))| {
        let way = way + 2;
        format!(
            "union all (select {way}, k.area_id, k.member_id from member_keys k \
             where k.area_id = any('{{AREA}}') and k.{column} = {value} limit 41)\n"
        )
    });
    STATEMENTS.replace("    KEYS\n", &looked_for.collect::<String>()).replace("AREA", AREA)
}

/// A wrk script that registers family after family with fresh numbers; names and birth dates are as many as in life, those of
/// children too, as a check compares whoever shares one.
fn requests(token: &str, start: usize) -> String {
    format!(
        r#"
wrk.headers['Authorization'] = 'Bearer {token}'
wrk.headers['Content-Type'] = 'application/json'
local syllables = {{'ba', 'ci', 'du', 'ga', 'hi', 'ka', 'lu', 'ma', 'no', 'pa', 'ri', 'sa', 'ti', 'wa', 'yu', 'en'}}
local function name(of)
  local words = {{}}
  for word = 1, 3 do
    local mixed = (of * 7919 + word * 104729) * 48271 % 2147483647
    local at = function(step) return syllables[1 + math.floor(mixed / 16 ^ step) % 16] end
    words[word] = at(1) .. at(3) .. at(5)
  end
  return table.concat(words, ' ')
end
local number = {start}
function request()
  number = number + 1
  local day, month = 1 + number % 28, 1 + math.floor(number / 28) % 12
  local year, serial = 60 + math.floor(number / 336) % 40, 1 + math.floor(number / 13440)
  local born = string.format('19%02d-%02d-%02d', year, month, day)
  local nik = string.format('640203%02d%02d%02d%04d', day, month, year, serial)
  local card = string.format('640204%02d%02d%02d%04d', day, month, year, serial)
  wrk.headers['Idempotency-Key'] = string.format('bench-%012d', number)
  local body = string.format('{{"card_number":"%s","village_code":"64.02.10.2004","address":"RT 03",' ..
    '"rank":{{"source":"DTSEN","period":"2026-10-01","decile":2}},"members":[' ..
    '{{"nik":"%s","name":"%s","sex":"male","born_on":"%s","relationship":"head"}},' ..
    '{{"name":"%s","sex":"male","born_on":"20%02d-%02d-%02d","relationship":"child"}}]}}', card, nik, name(number),
    born, name(number + 500000), 8 + math.floor(number / 336) % 18, month, day)
  return wrk.format('POST', '/v1/beneficiaries', nil, body)
end
"#
    )
}

pub(crate) fn run(service: &Service) {
    let token = service.token("sandbox-kecamatan");
    let statements = [script(service, "create.sql", &statements())];
    let rounds: Vec<(f64, f64)> = (0..ROUNDS)
        .map(|round| {
            let load = script(service, "create.lua", &requests(&token, round * NUMBERS_A_ROUND));
            (wrk(service, &load), pgbench(service, &statements))
        })
        .collect();
    tell_ratio("POST /v1/beneficiaries, durable", 0.6, "pgbench -M prepared, same statements", &rounds);
}
