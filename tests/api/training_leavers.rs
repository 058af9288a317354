//! Participants who died or moved away: their seats are told, and freed at once, but for those who earned the certificate.

use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use crate::households::settle;
use crate::support::{Answer, Client, KEMBANG_JANGGUT, KENOHAN, TestApp};
use crate::trainings::{certify, heads, mark, opened, planned, seat, session, sewing, step};

async fn died(officer: &Client, member: &str) {
    let death = json!({ "reason": "died", "on": "2026-02-03" });
    officer.post(&format!("/v1/members/{member}/departures"), &death).await.expect(201);
}

async fn release(client: &Client, training: &str) -> Answer {
    let reason = json!({ "reason": "Tidak lagi tercatat di kecamatan" });
    client.post(&format!("/v1/trainings/{training}/seat-releases"), &reason).await
}

/// The ids of participants of a list of an answer.
fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

/// A training of five with as many participants, each with the member who has the seat: of one family the head, spouse
/// and child, who are moved by other commands than the heads of the two other families.
async fn five(app: &TestApp, officer: &Client) -> (String, Vec<String>, Vec<String>) {
    let training = opened(officer, 5).await;
    let home = settle(officer, 1).await;
    officer.post(&format!("{}/verifications", home.path), &json!({})).await.expect(201);
    let members: Vec<String> = home.members[..3].iter().cloned().chain(heads(app, 2).await).collect();
    let mut participants = Vec::new();
    for member in &members {
        participants.push(seat(officer, &training, member).await.expect(201).id());
    }
    (training, members, participants)
}

#[tokio::test(flavor = "multi_thread")]
async fn seats_of_those_who_left_are_told_and_freed_at_once() {
    let app = TestApp::new().await;
    let (officer, puskesos) = (app.kecamatan().await, app.puskesos().await);
    let (training, members, participants) = five(&app, &officer).await;
    let path = format!("/v1/trainings/{training}");
    let nobody = release(&officer, &training).await.expect(200);
    assert_eq!(nobody.body, json!({ "released": [], "kept": [] }));
    let version = officer.get(&path).await.expect(200).body["version"].clone();

    // One dies; one marries into another family of the sub-district and stays; one moves away.
    died(&officer, &members[3]).await;
    let other = settle(&officer, 2).await.id;
    let marriage = json!({ "beneficiary_id": other, "relationship": "other_kin", "on": "2026-02-03" });
    officer.post(&format!("/v1/members/{}/moves", members[2]), &marriage).await.expect(201);
    let away = json!({ "reason": "moved", "on": "2026-02-03" });
    officer.post(&format!("/v1/members/{}/departures", members[1]), &away).await.expect(201);
    let mut left = [participants[1].as_str(), participants[3].as_str()];
    left.sort_unstable();
    let listed = puskesos.get(&format!("{path}/participants?has_left=true&count=exact")).await.expect(200);
    assert_eq!((ids(&listed.body["items"]), &listed.body["total"]), (left.to_vec(), &json!(2)));
    let others = puskesos.get(&format!("{path}/participants?has_left=false&count=exact")).await.expect(200);
    assert_eq!(others.body["total"], 3);
    let new = heads(&app, 1).await.remove(0);
    seat(&officer, &training, &new).await.expect_problem(409, "training_full");
    assert_eq!(officer.get(&path).await.expect(200).body["version"], version, "nothing is freed by itself");

    let elsewhere = app.client("kecamatan_officer", KENOHAN).await;
    release(&elsewhere, &training).await.expect_problem(404, "not_found");
    let village = app.client("village_office", KEMBANG_JANGGUT).await;
    release(&village, &training).await.expect_problem(403, "insufficient_scope");
    let released = release(&puskesos, &training).await.expect(200);
    assert_eq!((ids(&released.body["released"]), &released.body["kept"]), (left.to_vec(), &json!([])));
    for one in released.body["released"].as_array().unwrap() {
        let told = ["has_left", "withdrawn_by", "withdrawal_reason", "version"].map(|name| one[name].clone());
        let reason = "Tidak lagi tercatat di kecamatan";
        assert_eq!(told, [json!(false), json!(puskesos.id), json!(reason), json!(2)]);
        let read = officer.get(&format!("/v1/training-participants/{}", one["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(&read.body, one);
    }
    assert_eq!(release(&puskesos, &training).await.expect(200).body["released"], json!([]));
    assert_eq!(app.audited("release_seats").await, 1);
    let kinds = app.told(&officer).await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "training_participant.withdrawn").count(), 2);
    seat(&officer, &training, &new).await.expect(201);
    assert_eq!(officer.get(&path).await.expect(200).body["participants"], 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_family_that_another_sub_district_took_over_has_left() {
    let app = TestApp::new().await;
    let (officer, neighbour) = (app.kecamatan().await, app.client("kecamatan_officer", KENOHAN).await);
    let (training, _, participants) = five(&app, &officer).await;
    let family = officer.get(&format!("/v1/training-participants/{}", participants[0])).await.expect(200);
    let family = family.body["beneficiary_id"].as_str().unwrap().to_owned();
    let going = json!({ "village_code": "64.02.09.2001", "on": "2026-02-03" });
    let offer = officer.post(&format!("/v1/beneficiaries/{family}/relocations"), &going).await.expect(201);
    assert_eq!(release(&officer, &training).await.expect(200).body["released"], json!([]), "only offered");
    neighbour.post(&format!("{}/acceptances", offer.header("location")), &json!({})).await.expect(200);
    let released = release(&officer, &training).await.expect(200);
    assert_eq!(ids(&released.body["released"]), participants[..3]);
    neighbour.get(&format!("/v1/trainings/{training}/participants")).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_stay_and_no_earned_certificate_is_lost() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (training, members, participants) = five(&app, &officer).await;
    let [present, absent, failed] = [&participants[2], &participants[3], &participants[4]].map(String::as_str);
    let first = session(&officer, &training, "2026-01-05", 8).await.expect(201).id();
    let second = session(&officer, &training, "2026-01-06", 2).await.expect(201).id();
    mark(&officer, &first, &[(present, "present"), (absent, "absent"), (failed, "present")]).await.expect(200);
    mark(&officer, &second, &[(absent, "present")]).await.expect(200);
    let result = json!({ "results": [{ "participant_id": failed, "result": "not_yet_competent" }] });
    officer.post(&format!("/v1/trainings/{training}/assessments"), &result).await.expect(200);
    for member in &members[2..] {
        died(&officer, member).await;
    }
    let released = release(&officer, &training).await.expect(200);
    assert_eq!(ids(&released.body["kept"]), [present]);
    assert_eq!(
        (&released.body["kept"][0]["has_left"], &released.body["kept"][0]["version"]),
        (&json!(true), &json!(1))
    );
    let mut freed = [absent, failed];
    freed.sort_unstable();
    assert_eq!(ids(&released.body["released"]), freed);
    let of_absent = officer.get(&format!("/v1/training-participants/{absent}")).await.expect(200);
    assert_eq!((&of_absent.body["attended_hours"], &of_absent.body["attended_percent"]), (&json!(2), &json!(20)));
    let marks = officer.get(&format!("/v1/training-sessions/{first}/attendance?count=exact")).await.expect(200);
    assert!(marks.text.contains(absent) && marks.text.contains(failed), "{}", marks.text);

    step(&officer, &training, "completions").await.expect(200);
    release(&officer, &training).await.expect_problem(409, "command_not_possible");
    let issued = certify(&officer, &training, "421.5/PLT").await.expect(200);
    assert_eq!(issued.body["issued"][0]["participant_id"], json!(present));
    assert_eq!(issued.body["issued"].as_array().unwrap().len(), 1);
    let over = officer.get(&format!("/v1/trainings/{training}/participants?has_left=true")).await.expect(200);
    assert_eq!(over.body["items"], json!([]), "nothing waits any more");
    let planned = planned(&officer, &sewing(5)).await;
    release(&officer, &planned).await.expect_problem(409, "command_not_possible");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_is_freed_once_and_never_given_twice_whoever_asks_at_once() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (training, members, participants) = five(&app, &officer).await;
    for member in &members[3..] {
        died(&officer, member).await;
    }
    let asking = heads(&app, 6).await;
    let withdrawal = format!("/v1/training-participants/{}/withdrawals", participants[3]);
    let reason = json!({ "reason": "Meninggal" });
    let releases = join_all((0..3).map(|_| release(&officer, &training)));
    let seats = join_all(asking.iter().map(|member| seat(&officer, &training, member)));
    let ((released, seated), withdrawn) = join(join(releases, seats), officer.post(&withdrawal, &reason)).await;
    let freed: usize = released.iter().map(|answer| ids(&answer.body["released"]).len()).sum();
    let by_hand = usize::from(withdrawn.status.as_u16() == 200);
    assert_eq!(freed + by_hand, 2);
    let taken = seated.iter().filter(|answer| answer.status.as_u16() == 201).count();
    assert!(taken <= 2, "{taken} of two seats");
    let read = officer.get(&format!("/v1/trainings/{training}")).await.expect(200);
    assert_eq!(read.body["participants"], 3 + taken);
    let kinds = app.told(&officer).await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "training_participant.withdrawn").count(), 2);
}
