//! One family, and a filtered list of fifty: sign-in, scope and read records on.

use std::fmt::Write;
use std::path::PathBuf;

use crate::figure::tell_ratio;
use crate::load::{ROUNDS, pgbench, psql, script, wrk};
use crate::service::Service;

/// The columns that the service reads, in its order.
const COLUMNS: &str = "area_id, id, village_code, card_sealed, card_digest, address, phone, status, head_name, \
    member_count, decile, decile_source, decile_period, verified_at, verified_by, source, version, valid_from, \
    created_at, updated_at";
/// Families asked for in turn.
const FAMILIES: usize = 64;

pub(crate) fn run(service: &Service) {
    let token = service.token("sandbox-kecamatan");
    let found = psql(
        service,
        &format!(
            "select id from beneficiaries where area_id = 1 and status = 'live' order by md5(id::text) limit {FAMILIES}"
        ),
    );
    let ids: Vec<&str> = found.lines().collect();
    let paths: Vec<String> = ids.iter().map(|id| format!("/v1/beneficiaries/{id}")).collect();
    let statements: Vec<PathBuf> = ids
        .iter()
        .enumerate()
        .map(|(index, id)| {
            let sql =
                format!("select {COLUMNS} from beneficiaries where area_id = any('{{1}}') and id = '{id}' limit 1;");
            script(service, &format!("get-{index}.sql"), &sql)
        })
        .collect();
    let get = script(service, "get.lua", &requests(&token, &paths));
    compare(service, "GET /v1/beneficiaries/{id}", &get, &statements);

    let villages = psql(service, "select distinct village_code from beneficiaries where area_id = 1 order by 1");
    let villages: Vec<&str> = villages.lines().collect();
    let address = |code: &&str| format!("/v1/beneficiaries?village_code={code}&decile_max=4&limit=50");
    let paths: Vec<String> = villages.iter().map(address).collect();
    let statements: Vec<PathBuf> = villages
        .iter()
        .map(|code| {
            let sql = format!(
                "select {COLUMNS} from beneficiaries where area_id = any('{{1}}') and village_code = '{code}' \
                 and decile <= 4 order by area_id, village_code, id limit 51;"
            );
            script(service, &format!("list-{code}.sql"), &sql)
        })
        .collect();
    let list = script(service, "list.lua", &requests(&token, &paths));
    compare(service, "GET /v1/beneficiaries, 50 rows, filtered", &list, &statements);
}

fn compare(service: &Service, figure: &str, load: &std::path::Path, statements: &[PathBuf]) {
    let round = |_| (wrk(service, load), pgbench(service, statements));
    let rounds: Vec<(f64, f64)> = (0..ROUNDS).map(round).collect();
    tell_ratio(figure, 0.6, "pgbench -M prepared, same SQL", &rounds);
}

/// A wrk script that asks for the paths in turn.
fn requests(token: &str, paths: &[String]) -> String {
    let mut lua = format!("wrk.headers['Authorization'] = 'Bearer {token}'\nlocal paths = {{");
    for path in paths {
        write!(lua, "'{path}',").unwrap();
    }
    lua.push_str("}\nlocal turn = 0\nfunction request()\n  turn = turn % #paths + 1\n  return wrk.format('GET', paths[turn])\nend\n");
    lua
}
