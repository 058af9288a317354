//! Programs of the state, loaded by the operator from a file.

use diesel_async::AsyncConnection as _;
use serde_json::{Value, json};
use sinergi::error::Error;
use sinergi::programs::{LoadedState, Misfit, Misfits, STATE_PROGRAMS, StateFile, load_state};

use crate::enrollments::enrol;
use crate::places::families;
use crate::programs::{define, rice, rules};
use crate::support::{Client, KENOHAN, TestApp, texts};

const JANGGUT: &str = "64.02.10.2004";

/// Loads a file in a transaction of its own, as the command does; else what is wrong with it.
async fn load(app: &TestApp, file: &Value) -> Result<LoadedState, Vec<Misfit>> {
    let file = StateFile::parse(&file.to_string()).map_err(|misfit| vec![misfit])?;
    let mut owner = app.database.owner().await;
    owner.transaction(async |conn| load_state(conn, &file).await).await.map_err(|error| match error {
        Error::Internal(source) => source.downcast::<Misfits>().unwrap().0,
        other => panic!("{other}"),
    })
}

fn shipped() -> Value {
    serde_json::from_str(STATE_PROGRAMS).unwrap()
}

/// BLT as it comes with the service, with one rule set more and none else.
fn blt_of(year: i32) -> Value {
    let mut blt = shipped()["programs"][1].clone();
    let mut next = blt["rule_sets"][3].clone();
    next["legal_basis"] = json!({ "title": format!("Fokus Penggunaan Dana Desa Tahun {year}"), "number": "CONTOH/1" });
    (next["effective_from"], next["effective_to"]) = (json!(format!("{year}-01-01")), json!(format!("{year}-12-31")));
    blt["rule_sets"] = json!([next]);
    json!({ "programs": [blt] })
}

async fn of_state(client: &Client, code: &str) -> Value {
    let listed = client.get("/v1/programs?is_of_state=true&limit=200").await.expect(200).body;
    listed["items"].as_array().unwrap().iter().find(|one| one["code"] == code).cloned().unwrap_or_default()
}

async fn rule_sets(client: &Client, code: &str) -> Vec<Value> {
    let id = of_state(client, code).await["id"].as_str().unwrap().to_owned();
    let listed = client.get(&format!("/v1/programs/{id}/rule-sets?sort=number")).await.expect(200).body;
    listed["items"].as_array().unwrap().clone()
}

fn pointers(refused: Result<LoadedState, Vec<Misfit>>) -> Vec<String> {
    refused.unwrap_err().into_iter().map(|misfit| misfit.place).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_with_the_service_is_loaded_once_and_used_by_every_sub_district() {
    let app = TestApp::new().await;
    let loaded = load(&app, &shipped()).await.unwrap();
    assert_eq!(loaded, LoadedState { programs: 4, renamed: 0, rule_sets: 8, overlap_rules: 1, ended: 0 });
    assert_eq!(load(&app, &shipped()).await.unwrap(), LoadedState::default());

    let (officer, neighbour) = (app.kecamatan().await, app.client("kecamatan_officer", KENOHAN).await);
    for client in [&officer, &neighbour] {
        assert_eq!(rule_sets(client, "BLT-DD").await.len(), 4);
        let pkh = rule_sets(client, "PKH").await.remove(0);
        assert_eq!(pkh["benefit"]["components"].as_array().unwrap().len(), 8);
        let overlaps = client.get("/v1/overlap-rules").await.expect(200).body;
        assert_eq!(
            (&overlaps["items"][0]["code"], &overlaps["items"][0]["is_of_state"]),
            (&json!("BLT-NOT-PKH"), &json!(true))
        );
        let kinds = app.told(client).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "rule_set.added").count(), 8, "{kinds:?}");
        assert_eq!(kinds.iter().filter(|kind| *kind == "program.defined").count(), 4);
    }
    let kinds = app.told(&app.company("PT Contoh").await.1).await;
    assert_eq!(kinds, ["company.added"], "no company is told of the state");
    let by_operator = "select operation || ' ' || count(*) as found from audit_records where client_id = 'operator'
        group by operation order by 1";
    assert_eq!(texts(&app, by_operator).await, ["add_overlap_rule 1", "add_rule_set 8", "define_program 4"]);

    let ids = families(&officer, 1, JANGGUT, &[1, 9]).await;
    let rice = of_state(&officer, "RICE").await["id"].as_str().unwrap().to_owned();
    let run = enrol(&officer, &rice, json!({ "beneficiary_ids": ids })).await;
    assert_eq!((&run["enrolled"], &run["not_eligible"]), (&json!(1), &json!(1)));
    let path = format!("/v1/programs/{rice}/rule-sets");
    officer.post(&path, &rules("true", "10", "month")).await.expect_problem(403, "program_not_yours");
    let taken = json!({ "code": "SEMBAKO", "name": "x", "kind": "money", "unit": "IDR", "description": "x" });
    officer.post("/v1/programs", &taken).await.expect_problem(409, "program_code_taken");
    assert_eq!(texts(&app, "select code as found from programs where owner_area_id is not null").await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_of_another_year_are_added_and_those_before_stay() {
    let app = TestApp::new().await;
    load(&app, &shipped()).await.unwrap();
    let officer = app.kecamatan().await;
    let before = rule_sets(&officer, "BLT-DD").await;
    let added = load(&app, &blt_of(2031)).await.unwrap();
    assert_eq!(added, LoadedState { rule_sets: 1, ..LoadedState::default() });
    assert_eq!(load(&app, &blt_of(2031)).await.unwrap(), LoadedState::default());
    let after = rule_sets(&officer, "BLT-DD").await;
    assert_eq!((&after[..4], after[4]["number"].as_i64()), (&before[..], Some(5)));
    assert_eq!(after[4]["effective_from"], "2031-01-01");

    let mut renamed = blt_of(2031);
    renamed["programs"][0]["program"]["description"] = json!("Cash of the village");
    assert_eq!(load(&app, &renamed).await.unwrap(), LoadedState { renamed: 1, ..LoadedState::default() });
    let blt = of_state(&officer, "BLT-DD").await;
    assert_eq!((&blt["description"], &blt["version"]), (&json!("Cash of the village"), &json!(2)));

    let mut ended = shipped();
    ended["programs"][1]["program"]["description"] = json!("Cash of the village");
    ended["overlap_rules"][0]["effective_to"] = json!("2026-12-31");
    assert_eq!(load(&app, &ended).await.unwrap(), LoadedState { ended: 1, ..LoadedState::default() });
    assert_eq!(load(&app, &ended).await.unwrap(), LoadedState::default());
    assert_eq!(app.told(&officer).await.last().unwrap(), "overlap_rule.ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_otherwise_is_refused_and_nothing_of_the_file_is_kept() {
    let app = TestApp::new().await;
    load(&app, &shipped()).await.unwrap();
    let officer = app.kecamatan().await;
    let before = (rule_sets(&officer, "BLT-DD").await, app.told(&officer).await.len());

    let mut file = shipped();
    file["programs"][0]["program"]["name"] = json!("Beras");
    file["programs"][0]["program"]["unit"] = json!("sack");
    file["programs"][1]["rule_sets"][3]["benefit_quantity"] = json!("400000");
    file["programs"][1]["rule_sets"][2]["effective_to"] = json!(null);
    file["overlap_rules"][0]["excluded_programs"] = json!(["PKH", "SEMBAKO"]);
    let mut new = file["programs"][3].clone();
    new["program"]["code"] = json!("NEW");
    file["programs"].as_array_mut().unwrap().push(new);
    let refused = load(&app, &file).await.unwrap_err();
    let told: Vec<String> = refused.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "/programs/0/program/unit: the program is there with another one, and it stays",
            "/programs/1/rule_sets/2: rule set 3 has the same legal basis and first day and another effective_to",
            "/programs/1/rule_sets/3: rule set 4 has the same legal basis and first day and another benefit",
            "/overlap_rules/0: the overlap rule is there with other terms: it can only get its last day",
        ]
    );
    assert_eq!((rule_sets(&officer, "BLT-DD").await, app.told(&officer).await.len()), before);
    assert_eq!(of_state(&officer, "NEW").await, json!(null));
    assert_eq!(of_state(&officer, "RICE").await["name"], "Bantuan pangan beras");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_checked_as_what_officers_send() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    define(&officer, &rice("RICE"), &rules("true", "10", "month")).await;
    assert_eq!(pointers(load(&app, &shipped()).await), ["/programs/0/program/code"], "a sub-district's own code");

    let mut file = shipped();
    file["programs"].as_array_mut().unwrap().remove(0);
    file["attribute_schemas"] = json!([]);
    file["programs"][0]["rule_sets"][0]["eligibility"] = json!("family.decile <= \"four\"");
    file["programs"][0]["rule_sets"][1]["effective_to"] = json!("2023-12-31");
    file["programs"][0]["rule_sets"][2]["eligibility"] = json!("!(\"NOBODY\" in family.programs)");
    file["programs"][2]["program"]["unit"] = json!("kg");
    file["overlap_rules"][0]["excluded_programs"] = json!(["NOBODY"]);
    let expected = [
        "/programs/2/program/unit",
        "/programs/0/rule_sets/0/eligibility",
        "/programs/0/rule_sets/1/effective_to",
        "/programs/0/rule_sets/2/eligibility",
        "/programs/1/rule_sets/0/eligibility",
        "/programs/1/rule_sets/0/benefit/components/0/condition",
        "/overlap_rules/0/excluded_programs/0",
    ];
    let mut found = pointers(load(&app, &file).await);
    found.dedup();
    assert_eq!(found, expected);

    let unknown = json!({ "programs": [], "program": [] });
    assert!(load(&app, &unknown).await.unwrap_err()[0].why.starts_with("unknown field"), "no member that nobody reads");
    let mut no_basis = shipped();
    no_basis["programs"][0]["rule_sets"][0].as_object_mut().unwrap().remove("legal_basis");
    assert_eq!(pointers(load(&app, &no_basis).await), ["programs[0].rule_sets[0]"]);
    assert_eq!(texts(&app, "select code as found from programs where owner_area_id is null").await, [""; 0]);
}
