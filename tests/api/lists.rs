//! What every list of the document takes beside its own filter: `fields`, `count` and `sort`.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use sinergi::domain::Scope;
use sinergi::{app, auth};

use crate::beneficiaries::family;
use crate::examples::{fill, filled_in, resolve, scopes_of};
use crate::support::{Cast, Client, HAMBAU, KELEKAT, KEMBANG_JANGGUT, KENOHAN, TestApp, texts, tools_and_training};

/// A list of the document, asked for by a client of the sandbox that may.
struct Listed<'a> {
    path: String,
    client: &'a Client,
    /// Names of the fields of its rows.
    fields: Vec<String>,
    /// The orders that it can be read in.
    orders: Vec<String>,
    default_order: String,
}

/// Every list of the document: each GET that is answered with a page.
fn lists<'a>(document: &Value, clients: &'a [(Client, String)]) -> Vec<Listed<'a>> {
    let paths = document["paths"].as_object().unwrap();
    let mut all: Vec<Listed<'a>> = paths
        .iter()
        .filter_map(|(path, item)| {
            let page = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].as_str()?;
            let page = page.contains("/Page_").then(|| document.pointer(page.trim_start_matches('#')))??;
            Some(listed(document, clients, path, &item["get"], page))
        })
        .collect();
    // What the other lists are read for is recorded there: it stands still where it comes first.
    all.sort_by_key(|list| !list.path.contains("audit"));
    assert!(all.len() > 20, "the document names {} lists", all.len());
    all
}

fn listed<'a>(document: &Value, clients: &'a [(Client, String)], path: &str, node: &Value, page: &Value) -> Listed<'a> {
    let mut own = path.to_owned();
    let (mut orders, mut default_order) = (Value::Null, Value::Null);
    for parameter in node["parameters"].as_array().into_iter().flatten() {
        let parameter = resolve(document, parameter);
        let name = parameter["name"].as_str().unwrap();
        if parameter["in"] == "path" {
            own = own.replace(&format!("{{{name}}}"), &filled_in(document, parameter).unwrap());
        }
        if name == "sort" {
            (orders, default_order) = (parameter["schema"]["enum"].clone(), parameter["schema"]["default"].clone());
        }
    }
    let scopes = scopes_of(node);
    let may = |role: &str| scopes.iter().all(|scope| auth::scopes_of(role).contains(&scope.as_str()));
    let row = resolve(document, &page["properties"]["items"]["items"]);
    Listed {
        client: &clients.iter().find(|(_, role)| may(role)).unwrap().0,
        fields: row["properties"].as_object().unwrap().keys().cloned().collect(),
        orders: serde_json::from_value(orders).unwrap_or_else(|_| panic!("{path} has no `sort`")),
        default_order: default_order.as_str().unwrap_or_else(|| panic!("{path} has no default order")).to_owned(),
        path: own,
    }
}

impl Listed<'_> {
    async fn page(&self, query: &str) -> Value {
        self.client.get(&format!("{}?{query}", self.path)).await.expect(200).body
    }

    /// All items, three on a page, with the total that each page told.
    async fn walk(&self, query: &str) -> (Vec<Value>, Option<i64>) {
        let (mut items, mut cursor, mut total) = (Vec::new(), String::new(), None);
        loop {
            let page = self.page(&format!("limit=3&{query}{cursor}")).await;
            assert!(cursor.is_empty() || page["total"].as_i64() == total, "{}: {total:?} and {page}", self.path);
            total = page["total"].as_i64();
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_str() else { return (items, total) };
            cursor = format!("&cursor={next}");
        }
    }

    async fn refuses(&self, query: &str, parameter: &str, code: &str) {
        let answer = self.client.get(&format!("{}?{query}", self.path)).await;
        let answer = answer.expect_problem(400, "invalid_parameters");
        assert_eq!(answer.body["errors"][0]["pointer"], parameter, "{}: {}", self.path, answer.text);
        assert_eq!(answer.body["errors"][0]["code"], code, "{}: {}", self.path, answer.text);
    }
}

fn only(row: &Value, names: &[&str]) -> Value {
    let members = row.as_object().unwrap().iter().filter(|(name, _)| names.contains(&name.as_str()));
    members.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>().into()
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_are_those_that_were_named_on_every_list() {
    let app = TestApp::new().await;
    let clients = fill(&app).await;
    for list in lists(&app::document(), &clients) {
        let whole = list.page("limit=3").await["items"].as_array().unwrap().clone();
        assert!(!whole.is_empty(), "{} shows nothing", list.path);
        let names: Vec<&str> = list.fields.iter().map(String::as_str).collect();
        let all = list.page(&format!("limit=3&fields={}", names.join(","))).await;
        assert_eq!(all["items"], json!(whole), "{}", list.path);
        for named in names.chunks(2).chain([&names[..1]]) {
            let page = list.page(&format!("fields={}&limit=3", named.join(","))).await;
            let expected: Vec<Value> = whole.iter().map(|row| only(row, named)).collect();
            assert_eq!(page["items"], json!(expected), "{} with {named:?}", list.path);
        }
        for unknown in ["nonsense", "", "area_id", "ID", &format!("{},", names[0]), &format!("{},nonsense", names[0])] {
            list.refuses(&format!("fields={unknown}"), "fields", "row_field_unknown").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_total_is_the_number_of_items_of_every_list() {
    let app = TestApp::new().await;
    let clients = fill(&app).await;
    for list in lists(&app::document(), &clients) {
        let (items, total) = list.walk("count=exact").await;
        assert_eq!(total, Some(i64::try_from(items.len()).unwrap()), "{}", list.path);
        assert!(list.page("limit=1").await.get("total").is_none(), "{} counts unasked", list.path);
        let first = list.fields[0].as_str();
        let sparse = list.page(&format!("limit=1&count=exact&fields={first}")).await;
        assert_eq!(sparse["total"].as_i64(), total, "{}", list.path);
        list.refuses("count=all", "count", "value_unknown").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_of_every_list_walks_the_whole_list() {
    let app = TestApp::new().await;
    let clients = fill(&app).await;
    for list in lists(&app::document(), &clients) {
        let (unsorted, _) = list.walk("").await;
        let all: HashSet<String> = unsorted.iter().map(ToString::to_string).collect();
        for order in &list.orders {
            let (items, _) = list.walk(&format!("sort={order}")).await;
            let seen: HashSet<String> = items.iter().map(ToString::to_string).collect();
            assert_eq!((items.len(), &seen), (unsorted.len(), &all), "{} by {order}", list.path);
            if *order == list.default_order {
                assert_eq!(items, unsorted, "{} by {order}", list.path);
            }
            expect_order(&list, order, &items);
            if let Some(field) = order.strip_prefix('-') {
                let (mut upwards, _) = list.walk(&format!("sort={field}")).await;
                upwards.reverse();
                assert_eq!(items, upwards, "{} by {order}", list.path);
            }
        }
        list.refuses("sort=nonsense", "sort", "value_unknown").await;
        // A place of one order is none of another.
        let [one, other] = &list.orders[..2] else { panic!("{} has one order", list.path) };
        if let Some(cursor) = list.page(&format!("limit=1&sort={one}")).await["next"].as_str() {
            let path = format!("{}?limit=1&sort={other}&cursor={cursor}", list.path);
            list.client.get(&path).await.expect_problem(400, "cursor_invalid");
        }
    }
}

/// The field that the order is named for rises or falls.
fn expect_order(list: &Listed<'_>, order: &str, items: &[Value]) {
    let field = order.trim_start_matches('-');
    let place = |row: &Value| match &row[field] {
        // Seconds stand with and without a part of them.
        Value::String(text) if field.ends_with("at") => {
            text.parse::<DateTime<Utc>>().unwrap().timestamp_micros().to_string()
        }
        Value::String(text) => text.clone(),
        Value::Number(number) => format!("{:>30.4}", number.as_f64().unwrap() + 1e9),
        other => panic!("{} has no `{field}`, but {other}", list.path),
    };
    let mut places: Vec<String> = items.iter().map(place).collect();
    if order.starts_with('-') {
        places.reverse();
    }
    assert!(places.is_sorted(), "{} by {order}: {places:?}", list.path);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_refused_reads_nothing() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    officer.get("/v1/beneficiaries?fields=nik").await.expect_problem(400, "invalid_parameters");
    officer.get("/v1/beneficiaries?fields=id").await.expect(200);
    app.reads_recorded().await;
    assert_eq!(app.audited("list_beneficiaries").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_total_counts_nothing_out_of_reach() {
    let app = TestApp::new().await;
    for (area_id, village, families) in [(KEMBANG_JANGGUT, HAMBAU, 2), (KENOHAN, "64.02.09.2001", 1)] {
        let puskesos = app.client("puskesos", area_id).await;
        for number in 1..=families {
            let mut new =
                family(&format!("640210100120{area_id}00{number}"), &format!("640210410190{area_id}00{number}"));
            new["village_code"] = json!(village);
            puskesos.post("/v1/beneficiaries", &new).await.expect(201);
        }
    }
    let areas: [(&[i32], i64); 3] = [(&[KEMBANG_JANGGUT], 2), (&[KENOHAN], 1), (&[KEMBANG_JANGGUT, KENOHAN], 3)];
    for (area_ids, families) in areas {
        let office = app.client_of("village_office", area_ids, None).await;
        for query in ["", "&sort=-updated_at", "&as_of=2199", "&status=live"] {
            let now = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true);
            let query = query.replace("2199", &now);
            let page = office.get(&format!("/v1/beneficiaries?count=exact{query}")).await.expect(200);
            assert_eq!(page.body["total"], families, "{area_ids:?} {query}");
            let shown = i64::try_from(page.body["items"].as_array().unwrap().len()).unwrap();
            assert_eq!(shown, families, "{area_ids:?} {query}");
        }
        let none = office.get("/v1/beneficiaries?count=exact&status=moved").await.expect(200);
        assert_eq!(none.body["total"], 0, "{area_ids:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_counts_only_its_own() {
    let cast = Cast::new().await;
    let (_, rival) = cast.app.company("PT Contoh Lain").await;
    cast.draft(&tools_and_training()).await;
    cast.draft(&tools_and_training()).await;
    let total = async |client: &Client, path: &str| client.get(path).await.expect(200).body["total"].clone();
    for (client, pledges, companies) in [(&cast.company, 2, 1), (&rival, 0, 1), (&cast.first, 2, 2)] {
        assert_eq!(total(client, "/v1/pledges?count=exact&limit=1").await, pledges);
        assert_eq!(total(client, "/v1/companies?count=exact&limit=1").await, companies);
    }
    let foreign = format!("/v1/pledges?count=exact&company_id={}", cast.company_id);
    assert_eq!(total(&rival, &foreign).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_total_of_anonymous_needs_tells_of_shown_rows_only() {
    let app = TestApp::new().await;
    app.needy_families(HAMBAU, 12, "hand_tractor", "1").await;
    app.needy_families(KELEKAT, 4, "hand_tractor", "1").await;
    app.needy_families(KELEKAT, 4, "training_seat", "1").await;
    let (_, company) = app.company("PT Contoh").await;
    let queries =
        ["", "&kind=hand_tractor", "&sort=-village_code", "&village_code=64.02.10.2005", "&kind=training_seat"];
    let totals = async || {
        let mut totals = Vec::new();
        for query in queries {
            let page = company.get(&format!("/v1/needs?count=exact&limit=1&fields=kind{query}")).await.expect(200);
            totals.push(page.body["total"].as_i64().unwrap());
        }
        totals
    };
    assert_eq!(totals().await, [1, 1, 1, 0, 0]);
    // Whether there are four families below the line or none: no answer differs.
    app.arrange(&format!("update beneficiaries set status = 'ended' where village_code = '{KELEKAT}'")).await;
    assert_eq!(totals().await, [1, 1, 1, 0, 0]);
    for wrong in ["sort=unmet_quantity", "sort=families_at_least", "fields=families", "fields=beneficiary_id"] {
        company.get(&format!("/v1/needs?{wrong}")).await.expect_problem(400, "invalid_parameters");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn families_are_found_by_their_latest_change_over_several_areas() {
    let app = TestApp::new().await;
    let mut made = Vec::new();
    for (number, (area_id, village)) in
        [(KENOHAN, "64.02.09.2001"), (KEMBANG_JANGGUT, HAMBAU), (KENOHAN, "64.02.09.2001")].into_iter().enumerate()
    {
        let mut new = family(&format!("640210100120900{number}"), &format!("640210410190900{number}"));
        new["village_code"] = json!(village);
        made.push(app.client("puskesos", area_id).await.post("/v1/beneficiaries", &new).await.expect(201).id());
    }
    let first = format!("/v1/beneficiaries/{}", made[0]);
    let then = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true);
    tokio::time::sleep(Duration::from_millis(2)).await;
    app.client("puskesos", KENOHAN).await.patch(&first, "\"1\"", &json!({ "address": "RT 09" })).await.expect(200);
    let office = app.client_of("village_office", &[KEMBANG_JANGGUT, KENOHAN], None).await;
    let ids = async |query: &str| -> Vec<String> {
        let page = office.get(&format!("/v1/beneficiaries?fields=id&{query}")).await.expect(200).body;
        page["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("sort=-updated_at").await, [&made[0], &made[2], &made[1]].map(String::clone));
    assert_eq!(ids("sort=updated_at").await, [&made[1], &made[2], &made[0]].map(String::clone));
    // As of a moment, by what had changed until then.
    assert_eq!(ids(&format!("sort=-updated_at&as_of={then}")).await, [&made[2], &made[1], &made[0]].map(String::clone));
    assert_eq!(ids(&format!("sort=updated_at&as_of={then}")).await, made);
}

/// How often an index was read, as the statistics tell it once the reader's session is idle.
async fn scans(app: &TestApp, index: &str) -> i64 {
    let query = format!("select idx_scan::text as found from pg_stat_all_indexes where indexrelname = '{index}'");
    texts(app, &query).await[0].parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_orders_of_families_are_read_from_an_index() {
    let app = TestApp::new().await;
    let clients = fill(&app).await;
    let (officer, _) = clients.iter().find(|(_, role)| role == "kecamatan_officer").unwrap();
    app.arrange("analyze beneficiaries").await;
    for (order, index) in [
        ("village_code", "beneficiaries_village_idx"),
        ("updated_at", "beneficiaries_updated_idx"),
        ("-updated_at", "beneficiaries_updated_idx"),
    ] {
        let before = scans(&app, index).await;
        let mut tries = 0;
        while scans(&app, index).await == before {
            tries += 1;
            assert!(tries < 150, "no scan of {index} for {order}");
            officer.get(&format!("/v1/beneficiaries?limit=1&sort={order}")).await.expect(200);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_may_not_run_for_ever() {
    use diesel_async::RunQueryDsl;

    #[derive(diesel::QueryableByName)]
    struct Setting {
        #[diesel(sql_type = diesel::sql_types::Text)]
        statement_timeout: String,
    }
    let app = TestApp::new().await;
    let scope = Scope { area_ids: vec![KEMBANG_JANGGUT], company_id: None };
    let conn = app.services.db.read(&scope).await.unwrap();
    let setting: Setting = diesel::sql_query("show statement_timeout").get_result(&mut &*conn).await.unwrap();
    assert_eq!(setting.statement_timeout, "20s");
    // What the database then says is a matter of the moment, not a fault of the service.
    let slow = diesel::sql_query("set statement_timeout = '20ms'").execute(&mut &*conn).await;
    slow.unwrap();
    let stopped = diesel::sql_query("select pg_sleep(5)").execute(&mut &*conn).await.unwrap_err();
    assert!(matches!(sinergi::error::Error::from(stopped), sinergi::error::Error::Unavailable(_)));
}
