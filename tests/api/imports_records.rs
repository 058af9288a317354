//! What files change of known records: ranks, warnings, and what histories tell of it.

use serde_json::{Value, json};

use crate::imports::{assert_counts, check, faults, file, finished, import, row, two_families};
use crate::support::{Client, TestApp};

async fn first_family(officer: &Client) -> Value {
    let families = officer.get("/v1/beneficiaries").await.expect(200).body["items"].clone();
    families.as_array().unwrap().iter().find(|family| family["head_name"] == "Satu Contoh").unwrap().clone()
}

fn rank(family: &Value) -> Value {
    json!(["decile", "decile_source", "decile_period"].map(|field| family[field].clone()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rank_that_differs_from_its_series_is_a_fault() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    import(&officer, file(&two_families())).await;
    let before = first_family(&officer).await;
    let path = format!("/v1/beneficiaries/{}", before["id"].as_str().unwrap());
    let mut rows = two_families();
    for row in &mut rows[..2] {
        *row = row.replace("RT 03,2,", "RT 09,3,");
    }
    let expected =
        [(2, "decile".to_owned(), "rank_differs".to_owned()), (3, String::new(), "family_row_faulty".to_owned())];
    let checked = check(&officer, "", file(&rows)).await;
    assert_eq!(faults(&officer, &checked).await, expected);
    let done = import(&officer, file(&rows)).await;
    assert_counts(&done, [0, 0, 1], [0, 0, 1]);
    assert_eq!(faults(&officer, &done).await, expected);
    let advice = officer.get(&format!("/v1/imports/{}/faults", done["id"].as_str().unwrap())).await.body;
    assert!(advice["items"][0]["detail"].as_str().unwrap().contains("A series is not overwritten"));
    assert_eq!(officer.get(&path).await.expect(200).body, before);
    // Another source for the same period is another series, and the latest word. The file again says nothing new.
    let survey = json!({ "source": "SURVEY", "period": "2026-10-01", "decile": 5 });
    officer.post(&format!("{path}/ranks"), &survey).await.expect(201);
    assert_counts(&import(&officer, file(&two_families())).await, [0, 0, 2], [0, 0, 3]);
    assert_eq!(rank(&officer.get(&path).await.expect(200).body), json!([5, "SURVEY", "2026-10-01"]));
    let newer = two_families().into_iter().map(|row| row.replace(",2,DTSEN,2026-10-01", ",4,DTSEN,2027-01-01"));
    assert_counts(&import(&officer, file(&newer.collect::<Vec<_>>())).await, [0, 2, 0], [0, 0, 3]);
    assert_eq!(rank(&officer.get(&path).await.expect(200).body), json!([4, "DTSEN", "2027-01-01"]));
}

/// Code and name of each warning that is listed.
async fn warnings(client: &Client) -> Vec<(String, String)> {
    let listed = client.get("/v1/warnings").await.expect(200).body["items"].clone();
    let text = |warning: &Value, field: &str| warning[field].as_str().unwrap().to_owned();
    listed.as_array().unwrap().iter().map(|one| (text(one, "code"), text(one, "name"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn warnings_are_those_of_the_record_that_a_row_leaves() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let card = "6402101001209001";
    let head = row(card, "6402104101909001", "Satu Contoh", "head");
    let child = row(card, "", "Dua Contoh", "child").replace("1990-01-01", "");
    assert_counts(&import(&officer, file(&[head.clone(), child.clone()])).await, [1, 0, 0], [2, 0, 0]);
    assert_eq!(warnings(&officer).await, []);
    let of = |code: &str, name: &str| (code.to_owned(), name.to_owned());

    // A first NIK of somebody whose birth date nobody knows; it tells the other sex.
    let numbered = child.replace(",,Dua", ",6402100101909002,Dua");
    assert_counts(&import(&officer, file(&[head.clone(), numbered.clone()])).await, [0, 1, 0], [0, 1, 1]);
    assert_eq!(warnings(&officer).await, [of("nik_sex_differs", "Dua Contoh")]);
    // The file again, also without the number, says nothing new.
    for known in [&numbered, &child] {
        assert_counts(&import(&officer, file(&[head.clone(), known.clone()])).await, [0, 0, 1], [0, 0, 2]);
    }
    // The sex is corrected by a row that tells neither number nor birth date: the warning is gone.
    let corrected = child.replace(",P,", ",L,");
    assert_counts(&import(&officer, file(&[head.clone(), corrected.clone()])).await, [0, 1, 0], [0, 1, 1]);
    assert_eq!(warnings(&officer).await, []);

    // The NIK beside the recorded birth date, and another sex.
    let other = head.replace(",P,1990-01-01,", ",L,,");
    assert_counts(&import(&officer, file(&[other, corrected.clone()])).await, [0, 1, 0], [0, 1, 1]);
    assert_eq!(warnings(&officer).await, [of("nik_sex_differs", "Satu Contoh")]);
    // What a birth date in the file says is reckoned with it; left out again, it is still the recorded one.
    for born_on in ["1991-02-02", ""] {
        let told = head.replace("1990-01-01", born_on);
        import(&officer, file(&[told, corrected.clone()])).await;
        assert_eq!(warnings(&officer).await, [of("nik_birth_date_differs", "Satu Contoh")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn histories_tell_who_applied_a_reviewed_file() {
    let app = TestApp::new().await;
    let (sender, decider) = (app.kecamatan().await, app.kecamatan().await);
    import(&sender, file(&two_families())).await;
    let family = first_family(&sender).await;
    let path = format!("/v1/beneficiaries/{}", family["id"].as_str().unwrap());
    let mut rows = two_families();
    for row in &mut rows[..2] {
        *row = row.replace("RT 03", "RT 07").replace("1990-01-01,child", "1990-01-01,other_kin");
    }
    let checked = check(&sender, "", file(&rows)).await;
    let import_path = format!("/v1/imports/{}", checked["id"].as_str().unwrap());
    decider.post(&format!("{import_path}/reviews"), &json!({})).await.expect(200);
    decider.post(&format!("{import_path}/applications"), &json!({})).await.expect(202);
    assert_eq!(finished(&sender, &import_path).await["status"], "applied");
    let rows: Vec<String> = rows.iter().map(|row| row.replace("RT 07", "RT 08")).collect();
    import(&sender, file(&rows)).await;
    let members = sender.get(&format!("{path}/members")).await.expect(200).body["items"].clone();
    let child = members.as_array().unwrap().iter().find(|one| one["name"] == "Dua Contoh").unwrap().clone();
    let told = async |path: &str| {
        let listed = sender.get(&format!("{path}/history?sort=version")).await.expect(200).body["items"].clone();
        let versions = listed.as_array().unwrap().iter().skip(1);
        json!(versions.map(|one| json!([one["operation"], one["client_id"]])).collect::<Vec<_>>())
    };
    let applied = json!(["apply_import", decider.id]);
    assert_eq!(told(&path).await, json!([applied, ["start_import", sender.id]]));
    let child = format!("/v1/members/{}", child["id"].as_str().unwrap());
    assert_eq!(told(&child).await, json!([applied]));
}
