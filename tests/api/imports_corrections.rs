//! Files that still tell what was corrected in the register since.

use serde_json::{Value, json};

use crate::imports::{assert_counts, faults, file, import, row};
use crate::support::{Client, TestApp};

const CARD: &str = "6402101001209001";

fn head() -> String {
    row(CARD, "6402104101909001", "Satu Contoh", "head")
}

fn child(name: &str) -> String {
    row(CARD, "", name, "child")
}

/// Members of the one family.
async fn members(officer: &Client) -> Vec<Value> {
    let families = officer.get("/v1/beneficiaries").await.expect(200).body["items"].clone();
    let path = format!("/v1/beneficiaries/{}/members", families[0]["id"].as_str().unwrap());
    officer.get(&path).await.expect(200).body["items"].as_array().unwrap().clone()
}

/// Corrects the member of a name, as the office does.
async fn correct(officer: &Client, name: &str, changes: Value) -> Value {
    let member = members(officer).await.into_iter().find(|member| member["name"] == name).unwrap();
    let path = format!("/v1/members/{}", member["id"].as_str().unwrap());
    officer.patch(&path, &format!("\"{}\"", member["version"]), &changes).await.expect(200).body
}

async fn names(officer: &Client) -> Vec<String> {
    let name = |member: &Value| member["name"].as_str().unwrap().to_owned();
    let mut names: Vec<String> = members(officer).await.iter().map(name).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_neither_adds_whoever_was_corrected_nor_undoes_it() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let old = file(&[head(), child("Dua Contoh")]);
    assert_counts(&import(&officer, old.clone()).await, [1, 0, 0], [2, 0, 0]);
    correct(&officer, "Dua Contoh", json!({ "name": "Dewi Contoh" })).await;
    assert_counts(&import(&officer, old.clone()).await, [0, 0, 1], [0, 0, 2]);
    let corrected = correct(&officer, "Dewi Contoh", json!({ "born_on": "2012-03-04" })).await;
    assert_counts(&import(&officer, old.clone()).await, [0, 0, 1], [0, 0, 2]);
    // What was so in between finds the member as well, and what the file says beside it is taken.
    let between = child("Dewi Contoh").replace(",child,", ",grandchild,");
    assert_counts(&import(&officer, file(&[head(), between])).await, [0, 1, 0], [0, 1, 1]);
    let after = members(&officer).await;
    let after = after.iter().find(|member| member["id"] == corrected["id"]).unwrap();
    let told = ["name", "born_on", "relationship"].map(|field| after[field].clone());
    assert_eq!(told, ["Dewi Contoh", "2012-03-04", "grandchild"]);
    // Whom the family never had is new.
    let other = file(&[head(), child("Dua Contoh").replace("1990-01-01", "1991-01-01")]);
    assert_counts(&import(&officer, other).await, [0, 1, 0], [1, 0, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_name_takes_a_first_nik_and_never_another_one() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    import(&officer, file(&[head(), child("Dua Contoh")])).await;
    correct(&officer, "Dua Contoh", json!({ "name": "Dewi Contoh", "born_on": "1991-02-02" })).await;
    let numbered = |nik: &str| file(&[head(), row(CARD, nik, "Dua Contoh", "child")]);
    assert_counts(&import(&officer, numbered("6402104101909002")).await, [0, 1, 0], [0, 1, 1]);
    assert_counts(&import(&officer, numbered("6402104101909002")).await, [0, 1, 0], [0, 1, 1]);
    assert_eq!(
        names(&officer).await,
        ["Dua Contoh", "Satu Contoh"],
        "the NIK tells who it is, the file how they are called"
    );
    correct(&officer, "Dua Contoh", json!({ "name": "Dewi Contoh" })).await;
    let other = import(&officer, numbered("6402104101909003")).await;
    assert_counts(&other, [0, 0, 0], [0, 0, 0]);
    let expected =
        [(2, String::new(), "family_row_faulty".to_owned()), (3, "nik".to_owned(), "member_nik_differs".to_owned())];
    assert_eq!(faults(&officer, &other).await, expected);
    assert_eq!(names(&officer).await, ["Dewi Contoh", "Satu Contoh"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nik_that_comes_with_an_earlier_birth_date_is_compared_with_the_corrected_one() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    import(&officer, file(&[head(), child("Dua Contoh")])).await;
    correct(&officer, "Dua Contoh", json!({ "name": "Dewi Contoh", "born_on": "1991-02-02" })).await;
    let numbered = file(&[head(), row(CARD, "6402104101909002", "Dua Contoh", "child")]);
    import(&officer, numbered).await;
    let dewi = members(&officer).await.into_iter().find(|member| member["name"] == "Dewi Contoh").unwrap();
    assert_eq!((&dewi["warnings"], &dewi["nik_status"]), (&json!(["nik_birth_date_differs"]), &json!("structure_ok")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_name_stands_for_one_whom_nothing_else_names() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    import(&officer, file(&[head(), child("Dua Contoh"), child("Tiga Contoh")])).await;
    correct(&officer, "Dua Contoh", json!({ "name": "Dewi Contoh" })).await;
    correct(&officer, "Tiga Contoh", json!({ "name": "Dua Contoh" })).await;
    // Who is called so now comes before who was.
    assert_counts(&import(&officer, file(&[head(), child("Dua Contoh")])).await, [0, 0, 1], [0, 0, 2]);
    correct(&officer, "Dua Contoh", json!({ "name": "Dini Contoh" })).await;
    let unclear = import(&officer, file(&[head(), child("Dua Contoh")])).await;
    let expected =
        [(2, String::new(), "family_row_faulty".to_owned()), (3, "name".to_owned(), "member_ambiguous".to_owned())];
    assert_eq!(faults(&officer, &unclear).await, expected);
    // One of the two is named by the name of now: the other one is meant.
    let clear = file(&[head(), child("Dewi Contoh"), child("Dua Contoh")]);
    assert_counts(&import(&officer, clear).await, [0, 0, 1], [0, 0, 3]);
    // Both are: whoever is called so is somebody else.
    let another = file(&[head(), child("Dewi Contoh"), child("Dini Contoh"), child("Dua Contoh")]);
    assert_counts(&import(&officer, another).await, [0, 1, 0], [1, 0, 3]);
    assert_eq!(names(&officer).await, ["Dewi Contoh", "Dini Contoh", "Dua Contoh", "Satu Contoh"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_rows_by_an_earlier_and_a_later_name_are_one_person() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    import(&officer, file(&[head(), child("Dua Contoh")])).await;
    correct(&officer, "Dua Contoh", json!({ "name": "Dewi Contoh" })).await;
    correct(&officer, "Dewi Contoh", json!({ "name": "Dini Contoh" })).await;
    let twice = import(&officer, file(&[head(), child("Dua Contoh"), child("Dewi Contoh")])).await;
    let told: Vec<_> = faults(&officer, &twice).await.into_iter().map(|(row, _, code)| (row, code)).collect();
    let expected = [(2, "family_row_faulty"), (3, "family_row_faulty"), (4, "member_twice")];
    assert_eq!(told, expected.map(|(row, code)| (row, code.to_owned())));
}
