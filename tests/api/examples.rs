//! Every example of the document, sent as it stands to a service with the sandbox: what Swagger UI sends at the
//! first click, without the browser.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use reqwest::Method;
use serde_json::{Value, json};
use sinergi::sandbox::known::register;
use sinergi::{app, auth, sandbox};

pub(crate) use crate::document::{filled_in, resolve, scopes_of};
use crate::support::{Client, TestApp, send, texts};

/// Lists that are best empty.
const MAY_BE_EMPTY: &[&str] = &["/v1/ledger/discrepancies"];

/// Writes by their form that leave no audit row of their name, or no event, each with the reason.
const UNTOLD: &[(&str, &str)] = &[
    ("search_beneficiaries", "a read, by what stands in no address"),
    ("check_duplicates", "a read, by what stands in no address"),
    ("disclose_numbers", "a read, for a purpose"),
    ("disclose_faulty_rows", "a read, for a purpose"),
    ("simulate_rules", "keeps nothing"),
    ("preview_suspension_order", "keeps nothing"),
    ("run_allocation", "its example is a preview"),
    ("commit_matching_run", "the run of its example is committed already"),
    ("import_deliveries", "told once the file is taken in"),
    ("import_ranks", "told once the file is taken in"),
    ("start_duplicate_run", "told when it is over"),
    ("start_export", "changes nothing that others follow"),
    ("cancel_export", "changes nothing that others follow"),
    ("test_webhook", "told to the webhook alone"),
    ("replay_webhook", "tells again what was told"),
];

/// Writes of several records of which each has an audit row of its own.
const OF_SEVERAL: &[&str] = &[
    "accept_relocation",
    "agree_to_asset_write_off",
    "agree_to_pledge_decision",
    "agree_to_stock_loss",
    "cancel_pledge",
    "close_pledge",
    "hand_back_asset",
    "hand_over_asset",
    "merge_beneficiary",
    "move_member",
    "receive_stock_lot",
    "record_asset_check",
    "refuse_relocation",
    "relocate_beneficiary",
    "replace_enrollment",
    "split_beneficiary",
    "transfer_asset",
    "withdraw_relocation",
];

/// Events of work that goes on behind the answers: they may come in between.
const BEHIND: &str = "'import.checked', 'import.applied', 'rank_import.applied', 'duplicate_run.finished', \
    'delivery_import.applied', 'warnings.rechecked'";

/// One operation with what its example sends.
struct Example {
    name: String,
    id: String,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<(String, String)>,
    scopes: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_works_at_the_first_try() {
    let app = TestApp::new().await;
    let clients = fill(&app).await;
    let (mut failed, mut untold, mut of_several) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for example in examples(&app::document()) {
        let client = clients.iter().find(|(_, role)| {
            let granted = auth::scopes_of(role);
            example.scopes.iter().all(|scope| granted.contains(&scope.as_str()))
        });
        let (client, _) = client.unwrap_or_else(|| panic!("no sandbox client may {}", example.name));
        let mut request = client.request(example.method.clone(), &example.path);
        for (name, value) in &example.headers {
            request = request.header(name, value);
        }
        if let Some((media_type, body)) = &example.body {
            request = request.header("Content-Type", media_type).body(body.clone());
        }
        let told = count(&app, EVENTS).await;
        let answer = send(request).await;
        if example.method != Method::GET && answer.status.is_success() {
            let (request_id, id) = (answer.header("x-request-id"), &example.id);
            let of_it = format!("audit_records where request_id = '{request_id}' and operation = '{id}'");
            let (rows, events) = (count(&app, &of_it).await, count(&app, EVENTS).await - told);
            if rows == 0 || events == 0 {
                untold.insert(id.clone());
            }
            // What goes on behind the answer may have its rows already, or not.
            if rows > 1 && !UNTOLD.iter().any(|(untold, _)| untold == id) {
                of_several.insert(id.clone());
            }
        }
        let shows_nothing =
            answer.body["items"] == json!([]) && !MAY_BE_EMPTY.iter().any(|path| example.path.starts_with(path));
        if !answer.status.is_success() || shows_nothing {
            failed.push(format!("{} {} as {}: {}", example.method, example.path, client.id, answer.text));
        }
    }
    assert!(failed.is_empty(), "{} examples do not work\n{}", failed.len(), failed.join("\n"));
    let known = UNTOLD.iter().map(|(id, _)| (*id).to_owned());
    assert_eq!(untold, known.collect::<BTreeSet<String>>(), "each write leaves an audit row of its name and an event");
    let known = OF_SEVERAL.iter().map(|id| (*id).to_owned());
    assert_eq!(of_several, known.collect::<BTreeSet<String>>(), "one audit row where one record is written");
}

const EVENTS: &str = "(select kind from outbox union all select kind from events) told where kind not in";

/// Counts rows past every scope.
async fn count(app: &TestApp, asked: &str) -> i64 {
    let kinds = if asked == EVENTS { format!("({BEHIND})") } else { String::new() };
    texts(app, &format!("select count(*)::text as found from {asked} {kinds}")).await[0].parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_that_an_undone_merger_left_alone_can_be_changed() {
    let app = TestApp::new().await;
    let clients = fill(&app).await;
    let (officer, _) = clients.iter().find(|(client, _)| client.id == "sandbox-kecamatan").unwrap();
    let undoing = format!("/v1/duplicates/mergers/{}/reversals", register::MERGER_TO_UNDO);
    officer.post(&undoing, &json!({ "reason": "Two children" })).await.expect(201);
    let family = format!("/v1/beneficiaries/{}", register::BENEFICIARY_TO_PART);
    for version in 1..=2 {
        let changes = json!({ "address": format!("RT 0{version}") });
        officer.patch(&family, &format!("\"{version}\""), &changes).await.expect(200);
    }
}

/// Fills the service with a small sandbox, its audit rows sealed, and signs its clients in, each with its role.
pub(crate) async fn fill(app: &TestApp) -> Vec<(Client, String)> {
    let today = sinergi::db::today();
    let as_of = NaiveDate::from_ymd_opt(today.year(), today.month0() / 3 * 3 + 1, 1).unwrap();
    let filling = sandbox::Filling { families: 300, seed: 1, as_of };
    sandbox::fill(app.database.owner_url(), Arc::clone(&app.services.keys), filling).await.unwrap();
    app.sealed().await;
    let folder = std::env::temp_dir().join(&app.database.name);
    std::fs::create_dir(&folder).unwrap();
    let made = sandbox::make_clients(&app.database.owner().await, &folder).await.unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    app.services.states.refresh(&app.services.db.unscoped().await.unwrap()).await.unwrap();
    let mut clients = Vec::new();
    for client in made {
        clients.push((Client::sign_in(&app.url, &client.client_id, &client.client_secret).await, client.role));
    }
    clients
}

fn examples(document: &Value) -> Vec<Example> {
    let paths = document["paths"].as_object().unwrap();
    let methods = ["get", "put", "post", "delete", "patch"];
    let all = paths.iter().flat_map(|(path, item)| methods.iter().map(move |method| (path, *method, &item[*method])));
    all.filter(|(_, _, node)| node.is_object())
        .map(|(path, method, node)| example(document, path, method, node))
        .collect()
}

fn example(document: &Value, path: &str, method: &str, node: &Value) -> Example {
    let mut example = Example {
        name: format!("{method} {path}"),
        id: node["operationId"].as_str().unwrap().to_owned(),
        method: method.to_uppercase().parse().unwrap(),
        path: path.to_owned(),
        headers: Vec::new(),
        body: body_of(document, node),
        scopes: scopes_of(node),
    };
    let mut query = Vec::new();
    for parameter in node["parameters"].as_array().into_iter().flatten() {
        let parameter = resolve(document, parameter);
        let name = parameter["name"].as_str().unwrap();
        let Some(value) = filled_in(document, parameter) else {
            assert_ne!(parameter["required"], true, "{}: {name} has no example", example.name);
            continue;
        };
        match parameter["in"].as_str().unwrap() {
            "path" => example.path = example.path.replace(&format!("{{{name}}}"), &value),
            "query" => query.push(format!("{name}={}", value.replace('+', "%2B").replace(' ', "%20"))),
            _ => example.headers.push((name.to_owned(), value)),
        }
    }
    if !query.is_empty() {
        example.path = format!("{}?{}", example.path, query.join("&"));
    }
    example
}

/// The first media type that is offered and the example of the body; every body has one.
fn body_of(document: &Value, node: &Value) -> Option<(String, String)> {
    let body = resolve(document, node.get("requestBody")?);
    let (media_type, media) = offered_first(body["content"].as_object().unwrap());
    let stated = media.get("example").or_else(|| media["examples"].as_object()?.values().next()?.get("value"));
    let stated = stated.unwrap_or_else(|| panic!("the body of {} has no example", node["operationId"]));
    let text = stated.as_str().map_or_else(|| stated.to_string(), ToOwned::to_owned);
    Some((media_type.clone(), text))
}

/// The media type that the document writes first: text, where there is any.
pub(crate) fn offered_first(content: &serde_json::Map<String, Value>) -> (&String, &Value) {
    content.iter().find(|(media_type, _)| media_type.starts_with("text/")).or_else(|| content.iter().next()).unwrap()
}
