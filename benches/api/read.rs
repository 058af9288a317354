//! One family, and a filtered list of fifty: sign-in, scope and read records on.

use std::fmt::Write;
use std::path::PathBuf;

use crate::figure::tell_ratio;
use crate::load::{ROUNDS, pgbench, psql, script, wrk};
use crate::service::{AREA, Service};

/// What the service reads of each family of a list; it keeps in memory what a version of a family says.
const LISTED: &str = "area_id, village_code, updated_at, id, version";
/// The whole row, as of one that was not shown before.
const WHOLE: &str = "area_id, id, village_code, card_sealed, card_digest, address, phone, status, head_name, \
    member_count, decile, decile_source, decile_period, verified_at, verified_by, source, version, valid_from, \
    created_at, updated_at";
/// Families asked for in turn.
const FAMILIES: usize = 64;

pub(crate) fn run(service: &Service) {
    let token = service.token("sandbox-kecamatan");
    let found = psql(
        service,
        &format!(
            "select id from beneficiaries where area_id = {AREA} and status = 'live' order by md5(id::text) limit {FAMILIES}"
        ),
    );
    let ids: Vec<&str> = found.lines().collect();
    let paths: Vec<String> = ids.iter().map(|id| format!("/v1/beneficiaries/{id}")).collect();
    let one = |columns: &str, id: &str| {
        format!("select {columns} from beneficiaries where area_id = any('{{{AREA}}}') and id = any('{{{id}}}');")
    };
    let get = script(service, "get.lua", &requests(&token, &paths));
    for (peer, columns) in [("same SQL", "id, version"), ("whole rows", WHOLE)] {
        let statements = scripts(service, "get", ids.iter().map(|id| one(columns, id)));
        compare(service, ("GET /v1/beneficiaries/{id}", peer), &get, &statements);
    }

    let villages = psql(
        service,
        &format!(
            "select distinct village_code from beneficiaries where area_id = {AREA} and village_code like '64.02.10.%' order by 1"
        ),
    );
    let villages: Vec<&str> = villages.lines().collect();
    let address = |code: &&str| format!("/v1/beneficiaries?village_code={code}&decile_max=4&limit=50");
    let paths: Vec<String> = villages.iter().map(address).collect();
    let page = |columns: &str, code: &str| {
        format!(
            "select {columns} from beneficiaries where area_id = {AREA} and village_code = '{code}' and decile <= 4 \
             order by area_id, village_code, id limit 51;"
        )
    };
    let list = script(service, "list.lua", &requests(&token, &paths));
    for (peer, columns) in [("same SQL", LISTED), ("whole rows", WHOLE)] {
        let statements = scripts(service, "list", villages.iter().map(|code| page(columns, code)));
        compare(service, ("GET /v1/beneficiaries, 50 rows, filtered", peer), &list, &statements);
    }
}

fn scripts(service: &Service, name: &str, statements: impl Iterator<Item = String>) -> Vec<PathBuf> {
    statements.enumerate().map(|(index, sql)| script(service, &format!("{name}-{index}.sql"), &sql)).collect()
}

fn compare(service: &Service, (figure, peer): (&str, &str), load: &std::path::Path, statements: &[PathBuf]) {
    let round = |_| (wrk(service, load), pgbench(service, statements));
    let rounds: Vec<(f64, f64)> = (0..ROUNDS).map(round).collect();
    tell_ratio(figure, 0.6, &format!("pgbench -M prepared, {peer}"), &rounds);
}

/// A wrk script that asks for the paths in turn; it writes each request once, so that the load stays cheap.
fn requests(token: &str, paths: &[String]) -> String {
    let mut lua = String::from("local sent, turn = {}, 0\nfunction init()\n");
    writeln!(lua, "  wrk.headers['Authorization'] = 'Bearer {token}'").unwrap();
    for path in paths {
        writeln!(lua, "  sent[#sent + 1] = wrk.format('GET', '{path}')").unwrap();
    }
    lua.push_str("end\nfunction request()\n  turn = turn % #sent + 1\n  return sent[turn]\nend\n");
    lua
}
