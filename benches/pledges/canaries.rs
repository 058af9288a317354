//! Random requests of companies after every personal column got a canary: none may come back.

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::canary::{self, NAMED, PLANT};
use crate::draw::Draw;
use crate::figure::tell_exact;
use crate::fuzz::{FAMILIES, Fuzz, IDS};
use crate::load::{lines, psql, psql_file};
use crate::officer::{Officer, new_key};
use crate::service::Service;

/// Clients of companies, several of each.
const CLIENTS: usize = 9;
const COMPANIES: [&str; 3] = ["sandbox-company", "sandbox-company-b", "sandbox-company-c"];
/// Cursors that are kept to be tried elsewhere.
const CURSORS: usize = 200;

/// What came of the requests.
#[derive(Default)]
struct Told {
    statuses: BTreeMap<u16, usize>,
    leaks: Vec<String>,
    cursors: Vec<String>,
}

pub(crate) fn run(service: &Service, requests: usize) {
    let officer = Officer::new(service, "sandbox-kecamatan");
    officer.post("/v1/beneficiaries", &canary::family());
    psql_file(service, PLANT);
    let planted = lines(service, "select place from canary_columns order by place");
    for column in NAMED {
        assert!(planted.iter().any(|place| place == column), "no canary in {column}");
    }
    eprintln!("canaries in {} columns", planted.len());
    make_packs(service);
    let families: HashSet<String> = lines(service, FAMILIES).into_iter().collect();
    let fuzz = Fuzz::new(&sinergi::app::document(), "company", &lines(service, IDS));
    let told = Mutex::new(Told::default());
    std::thread::scope(|scope| {
        for number in 0..CLIENTS {
            let client_id = COMPANIES[number % COMPANIES.len()];
            let company = company_of(service, client_id);
            let client = Officer::new(service, client_id);
            let (fuzz, families, told) = (&fuzz, &families, &told);
            scope.spawn(move || {
                let mut draw = Draw::new(u64::try_from(number).unwrap());
                for _ in 0..requests / CLIENTS {
                    ask(&client, (fuzz, &mut draw), (&company, families), told);
                }
            });
        }
    });
    let told = told.into_inner().unwrap();
    for leak in told.leaks.iter().take(10) {
        eprintln!("{leak}");
    }
    eprintln!("answers by status: {:?}", told.statuses);
    let all: usize = told.statuses.values().sum();
    let shown = told.statuses.get(&200).copied().unwrap_or_default();
    assert!(shown * 3 > all, "{shown} of {all} requests were answered with something");
    tell_exact(&format!("leaks in {all} requests of companies, {shown} of them answered"), told.leaks.len(), 0);
    let failed: usize = told.statuses.iter().filter(|(status, _)| **status >= 500).map(|(_, count)| count).sum();
    tell_exact("answers 500 to companies", failed, 0);
}

fn company_of(service: &Service, client_id: &str) -> String {
    psql(service, &format!("select company_id from clients where id = '{client_id}'")).trim().to_owned()
}

/// Evidence that is made now is made from what has canaries in it.
fn make_packs(service: &Service) {
    for client_id in COMPANIES {
        let company = Officer::new(service, client_id);
        let pledges = company.get("/v1/pledges?limit=200");
        for pledge in pledges["items"].as_array().unwrap().iter().take(20) {
            let path = format!("/v1/pledges/{}/evidence-packs", pledge["id"].as_str().unwrap());
            company.send(&path, &json!({}), &new_key()).unwrap();
        }
    }
}

fn ask(
    client: &Officer,
    (fuzz, draw): (&Fuzz, &mut Draw),
    (company, families): (&str, &HashSet<String>),
    told: &Mutex<Told>,
) {
    let cursors = told.lock().unwrap().cursors.clone();
    let request = fuzz.request(draw, &cursors);
    let (status, text) = client.read_as(&request.path, request.accept.as_deref()).unwrap();
    let leak = canary::leak(&text, &request.path, company, families);
    let next = serde_json::from_str::<Value>(&text).ok().and_then(|body| body["next"].as_str().map(ToOwned::to_owned));
    let mut told = told.lock().unwrap();
    *told.statuses.entry(status).or_default() += 1;
    if let Some(leak) = leak {
        told.leaks.push(format!("{} {status} tells {leak}", request.path));
    }
    if let Some(next) = next {
        told.cursors.push(next);
        if told.cursors.len() > CURSORS {
            told.cursors.swap_remove(draw.below(CURSORS));
        }
    }
}
