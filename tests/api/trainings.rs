//! Trainings: a life in steps, seats that are never overbooked, marks that are corrected and never added up twice, and
//! certificates for those who were there.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::duplicates_mergers::{decided, merger, two_cards};
use crate::support::{Answer, Cast, Client, HAMBAU, KELEKAT, KEMBANG_JANGGUT, KENOHAN, TestApp, line, line_id};

pub(crate) fn sewing(seats: i64) -> Value {
    json!({ "title": "Menjahit dasar", "kind": "training_seat", "provider": "BLK Contoh", "village_code": HAMBAU,
            "place": "Balai Desa", "seats": seats, "begins_on": "2026-01-05", "ends_on": "2026-01-09" })
}

/// A pledge of twenty seats that were received; its id and that of its line.
async fn twenty_seats(cast: &Cast) -> (String, String) {
    let seats = json!({ "title": "Kursi", "year": 2026, "lines": [line("training_seat", "20", &[HAMBAU, KELEKAT])] });
    let seats = cast.committed(&seats).await;
    let line = line_id(&seats, 0);
    cast.receive(&seats.id(), &line, "20").await.expect(201);
    (seats.id(), line)
}

pub(crate) async fn planned(client: &Client, body: &Value) -> String {
    client.post("/v1/trainings", body).await.expect(201).id()
}

pub(crate) async fn step(client: &Client, id: &str, noun: &str) -> Answer {
    client.post(&format!("/v1/trainings/{id}/{noun}"), &json!({})).await
}

pub(crate) async fn opened(client: &Client, seats: i64) -> String {
    let id = planned(client, &sewing(seats)).await;
    step(client, &id, "openings").await.expect(200);
    id
}

/// Heads of verified families, all of age; a head has the id of its family.
pub(crate) async fn heads(app: &TestApp, count: i64) -> Vec<String> {
    let families = app.needy_families(HAMBAU, count, "training_seat", "1").await;
    app.arrange("update members set born_on = '1990-05-01' where born_on is null").await;
    families.iter().map(|family| family.beneficiary_id.to_string()).collect()
}

pub(crate) async fn seat(client: &Client, training: &str, member: &str) -> Answer {
    client.post_patiently(&format!("/v1/trainings/{training}/participants"), &json!({ "member_id": member })).await
}

pub(crate) async fn session(client: &Client, training: &str, day: &str, hours: i64) -> Answer {
    let new = json!({ "held_on": day, "lesson_hours": hours, "topic": "Mengenal mesin" });
    client.post(&format!("/v1/trainings/{training}/sessions"), &new).await
}

pub(crate) async fn mark(client: &Client, session: &str, marks: &[(&str, &str)]) -> Answer {
    let one = |(id, mark): &(&str, &str)| json!({ "participant_id": id, "mark": mark });
    let marks: Vec<Value> = marks.iter().map(one).collect();
    client.post(&format!("/v1/training-sessions/{session}/attendance"), &json!({ "marks": marks })).await
}

pub(crate) async fn certify(client: &Client, training: &str, prefix: &str) -> Answer {
    let new = json!({ "number_prefix": prefix, "issued_on": "2026-01-12" });
    client.post(&format!("/v1/trainings/{training}/certificates"), &new).await
}

/// A held training of ten lesson hours: the first was there for all of them, the second for eight, the third for six.
async fn held(cast: &Cast) -> (String, Vec<String>) {
    let training = opened(&cast.first, 5).await;
    let mut participants = Vec::new();
    for member in heads(&cast.app, 3).await {
        participants.push(seat(&cast.first, &training, &member).await.expect(201).id());
    }
    let [one, two, three] = [&participants[0], &participants[1], &participants[2]].map(String::as_str);
    for (day, hours, marks) in [
        ("2026-01-05", 6, ["present", "present", "present"]),
        ("2026-01-06", 2, ["present", "present", "excused"]),
        ("2026-01-07", 2, ["present", "absent", "absent"]),
    ] {
        let session = session(&cast.first, &training, day, hours).await.expect(201).id();
        let marks = [(one, marks[0]), (two, marks[1]), (three, marks[2])];
        mark(&cast.first, &session, &marks).await.expect(200);
    }
    step(&cast.first, &training, "completions").await.expect(200);
    (training, participants)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_training_goes_through_its_steps_and_no_other_way() {
    let cast = Cast::new().await;
    let made = cast.first.post("/v1/trainings", &sewing(20)).await.expect(201);
    let id = made.id();
    assert_eq!((&made.body["status"], &made.body["minimum_attendance_percent"]), (&json!("planned"), &json!(80)));
    let path = format!("/v1/trainings/{id}");
    let changed = cast.first.patch(&path, "\"1\"", &json!({ "seats": 25, "competence_standard": "C.1.2" })).await;
    let changed = changed.expect(200);
    assert_eq!((&changed.body["seats"], &changed.body["competence_standard"]), (&json!(25), &json!("C.1.2")));
    cast.first.patch(&path, "\"1\"", &json!({ "seats": 30 })).await.expect_problem(412, "version_stale");
    session(&cast.first, &id, "2026-01-10", 2).await.expect_problem(409, "session_outside_training");
    session(&cast.first, &id, "2026-01-09", 2).await.expect(201);
    let short = cast.first.patch(&path, "\"2\"", &json!({ "ends_on": "2026-01-08" })).await;
    short.expect_problem(409, "session_outside_training");

    let early = step(&cast.first, &id, "completions").await.expect_problem(409, "command_not_possible");
    assert_eq!(early.body["possible"], json!(["edit", "schedule", "open", "cancel"]));
    let opened = step(&cast.first, &id, "openings").await.expect(200);
    assert_eq!(opened.body["status"], "open");
    cast.first.patch(&path, "\"3\"", &json!({ "seats": 30 })).await.expect_problem(409, "command_not_possible");
    step(&cast.first, &id, "completions").await.expect(200);
    let cancellation = json!({ "reason": "Terlambat" });
    cast.first.post(&format!("{path}/cancellations"), &cancellation).await.expect_problem(409, "command_not_possible");
    let closed = step(&cast.first, &id, "closures").await.expect(200);
    let read = cast.first.get(&path).await.expect(200);
    assert_eq!(read.body, closed.body);
    let last = step(&cast.first, &id, "closures").await.expect_problem(409, "command_not_possible");
    assert_eq!(last.body["possible"], json!([]));

    let other = planned(&cast.first, &sewing(3)).await;
    step(&cast.first, &other, "openings").await.expect(200);
    step(&cast.first, &other, "completions").await.expect_problem(409, "training_sessions_ahead");
    let off = cast.first.post(&format!("/v1/trainings/{other}/cancellations"), &cancellation).await.expect(200);
    assert_eq!((&off.body["status"], &off.body["cancellation_reason"]), (&json!("cancelled"), &json!("Terlambat")));
    let listed = cast.first.get("/v1/trainings?status=cancelled&count=exact").await.expect(200);
    assert_eq!((&listed.body["total"], &listed.body["items"][0]["id"]), (&json!(1), &json!(other)));
    let none = cast.first.get("/v1/trainings?from=2026-01-10&count=exact").await.expect(200);
    assert_eq!(none.body["total"], 0);
    assert_eq!(cast.app.audited("hold_training").await, 1);
    let kinds = cast.app.told(&cast.first).await;
    for kind in ["training.planned", "training.changed", "training.opened", "training.held", "training.closed"] {
        assert!(kinds.iter().any(|told| told.contains(kind)), "{kind} in {kinds:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_training_says_is_checked() {
    let cast = Cast::new().await;
    let pointers = async |changes: Value| -> Vec<Value> {
        let mut body = sewing(10);
        changes.as_object().unwrap().iter().for_each(|(name, value)| body[name] = value.clone());
        let refused = cast.first.post("/v1/trainings", &body).await.expect_problem(422, "invalid_fields");
        refused.body["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].clone()).collect()
    };
    let nobody = uuid::Uuid::now_v7();
    assert_eq!(pointers(json!({ "seats": 0, "ends_on": "2026-01-04" })).await, ["/seats", "/ends_on"]);
    assert_eq!(pointers(json!({ "minimum_attendance_percent": 101 })).await, ["/minimum_attendance_percent"]);
    assert_eq!(pointers(json!({ "kind": "rice" })).await, ["/kind"]);
    assert_eq!(pointers(json!({ "village_code": "64.02.09.2001" })).await, ["/village_code"]);
    assert_eq!(pointers(json!({ "program_id": nobody })).await, ["/program_id"]);
    assert_eq!(pointers(json!({ "pledge_line_id": nobody })).await, ["/pledge_line_id"]);
    assert_eq!(pointers(json!({ "program_id": nobody, "pledge_line_id": nobody })).await, ["/pledge_line_id"]);
    let tractors = json!({ "title": "Traktor", "year": 2026, "lines": [line("hand_tractor", "5", &[HAMBAU])] });
    let tractors = cast.committed(&tractors).await;
    assert_eq!(pointers(json!({ "pledge_line_id": line_id(&tractors, 0) })).await, ["/pledge_line_id"]);
    cast.second.post("/v1/trainings", &sewing(10)).await.expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_ask_for_five_seats_and_five_get_one() {
    let cast = Cast::new().await;
    let training = opened(&cast.first, 5).await;
    let members = heads(&cast.app, 16).await;
    let asked = members.iter().map(|member| seat(&cast.first, &training, member));
    let answers = join_all(asked).await;
    let (seated, refused): (Vec<Answer>, Vec<Answer>) =
        answers.into_iter().partition(|answer| answer.status.as_u16() == 201);
    assert_eq!((seated.len(), refused.len()), (5, 11));
    for answer in refused {
        answer.expect_problem(409, "training_full");
    }
    let path = format!("/v1/trainings/{training}");
    assert_eq!(cast.first.get(&path).await.expect(200).body["participants"], 5);

    let leaver = &seated[0];
    let reason = json!({ "reason": "Bekerja di luar kota" });
    let withdrawal = format!("/v1/training-participants/{}/withdrawals", leaver.body["id"].as_str().unwrap());
    let gone = cast.first.post(&withdrawal, &reason).await.expect(200);
    assert_eq!(gone.body["withdrawal_reason"], reason["reason"]);
    cast.first.post(&withdrawal, &reason).await.expect_problem(409, "participant_withdrawn");
    let member = leaver.body["member_id"].as_str().unwrap();
    seat(&cast.first, &training, member).await.expect(201);
    let listed = cast.first.get(&format!("{path}/participants?is_withdrawn=true&count=exact")).await.expect(200);
    assert_eq!((&listed.body["total"], &listed.body["items"][0]), (&json!(1), &gone.body));
    assert_eq!(cast.app.audited("withdraw_participant").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_is_for_a_member_of_age_of_a_verified_family_once() {
    let cast = Cast::new().await;
    let training = planned(&cast.first, &sewing(10)).await;
    let members = heads(&cast.app, 4).await;
    seat(&cast.first, &training, &members[0]).await.expect_problem(409, "command_not_possible");
    step(&cast.first, &training, "openings").await.expect(200);
    let pkh = cast.app.client_of("pkh_facilitator", &[KEMBANG_JANGGUT], None).await;
    let seated = seat(&pkh, &training, &members[0]).await.expect(201);
    let read = cast.first.get(seated.header("location")).await.expect(200);
    assert_eq!(read.body, seated.body);
    seat(&cast.first, &training, &members[0]).await.expect_problem(409, "participant_already_registered");
    let young = format!("update members set born_on = '2011-01-06' where id = '{}'", members[1]);
    cast.app.arrange(&young).await;
    seat(&cast.first, &training, &members[1]).await.expect_problem(409, "member_too_young");
    cast.app.arrange(&young.replace("'2011-01-06'", "null")).await;
    seat(&cast.first, &training, &members[1]).await.expect_problem(409, "member_age_unknown");
    cast.app.arrange(&young.replace("01-06", "01-05")).await;
    seat(&cast.first, &training, &members[1]).await.expect(201);
    let unseen = "update beneficiaries set verified_at = null, verified_by = null where id = '{}'";
    cast.app.arrange(&unseen.replace("{}", &members[2])).await;
    seat(&cast.first, &training, &members[2]).await.expect_problem(409, "beneficiary_not_verified");
    let nobody = seat(&cast.first, &training, &uuid::Uuid::now_v7().to_string()).await;
    assert_eq!(nobody.expect_problem(422, "invalid_fields").body["errors"][0]["pointer"], "/member_id");
    let aid = json!({ "member_id": members[3], "aid_id": uuid::Uuid::now_v7() });
    let aid = cast.first.post(&format!("/v1/trainings/{training}/participants"), &aid).await;
    assert_eq!(aid.expect_problem(422, "invalid_fields").body["errors"][0]["pointer"], "/aid_id");
    let elsewhere = cast.app.client_of("kecamatan_officer", &[KENOHAN], None).await;
    seat(&elsewhere, &training, &members[3]).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_are_corrected_and_totals_follow() {
    let cast = Cast::new().await;
    let (training, pkh) =
        (opened(&cast.first, 5).await, cast.app.client_of("pkh_facilitator", &[KEMBANG_JANGGUT], None).await);
    let members = heads(&cast.app, 2).await;
    let one = seat(&cast.first, &training, &members[0]).await.expect(201).id();
    let two = seat(&cast.first, &training, &members[1]).await.expect(201).id();
    let first = session(&cast.first, &training, "2026-01-05", 6).await.expect(201).id();
    session(&cast.first, &training, "2026-01-06", 2).await.expect(201);
    let both = [(one.as_str(), "present"), (two.as_str(), "absent")];
    let recorded = mark(&pkh, &first, &both).await.expect(200);
    assert_eq!(recorded.body["changed"], 2);
    let again = mark(&cast.first, &first, &both).await.expect(200);
    assert_eq!((&again.body["changed"], &again.body["items"]), (&json!(0), &recorded.body["items"]));
    let percent = async |id: &str| {
        let read = cast.first.get(&format!("/v1/training-participants/{id}")).await.expect(200);
        (read.body["attended_hours"].clone(), read.body["attended_percent"].clone())
    };
    assert_eq!(percent(&one).await, (json!(6), json!(75)));
    assert_eq!(percent(&two).await, (json!(0), json!(0)));
    let better = mark(&cast.first, &first, &[(&two, "present"), (&one, "present")]).await.expect(200);
    assert_eq!(better.body["changed"], 1);
    assert_eq!(percent(&two).await, (json!(6), json!(75)));
    let path = format!("/v1/training-sessions/{first}/attendance");
    let listed = cast.first.get(&format!("{path}?mark=present&count=exact")).await.expect(200);
    let of_two = listed.body["items"].as_array().unwrap().iter().find(|row| row["participant_id"] == json!(two));
    assert_eq!((&listed.body["total"], &of_two.unwrap()["version"]), (&json!(2), &json!(2)));
    assert_eq!(of_two.unwrap()["recorded_by"], json!(cast.first.id));

    let refused = async |session: &str, marks: &[(&str, &str)]| {
        let refused = mark(&cast.first, session, marks).await.expect_problem(422, "invalid_fields");
        (refused.body["errors"][0]["pointer"].clone(), refused.body["errors"][0]["code"].clone())
    };
    let nobody = uuid::Uuid::now_v7().to_string();
    let at = |index: usize, code: &str| (json!(format!("/marks/{index}/participant_id")), json!(code));
    assert_eq!(refused(&first, &[both[0], (&nobody, "absent")]).await, at(1, "reference_unknown"));
    assert_eq!(refused(&first, &[both[0], both[0]]).await, at(1, "value_twice"));
    let ahead = json!({ "begins_on": "2026-01-05", "ends_on": "2099-01-09" });
    let mut later = sewing(5);
    later["ends_on"] = ahead["ends_on"].clone();
    let later = planned(&cast.first, &later).await;
    step(&cast.first, &later, "openings").await.expect(200);
    let third = seat(&cast.first, &later, &members[0]).await.expect(201).id();
    let far = session(&cast.first, &later, "2099-01-09", 2).await.expect(201).id();
    mark(&cast.first, &far, &[(&third, "present")]).await.expect_problem(409, "session_ahead");
    step(&cast.first, &later, "completions").await.expect_problem(409, "training_sessions_ahead");
    let village = cast.app.client_of("village_office", &[KEMBANG_JANGGUT], None).await;
    mark(&village, &first, &both).await.expect(403);
    assert_eq!(cast.app.audited("record_attendance").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_correct_at_once_leave_one_mark_that_counts() {
    let cast = Cast::new().await;
    let training = opened(&cast.first, 5).await;
    let member = heads(&cast.app, 1).await.remove(0);
    let one = seat(&cast.first, &training, &member).await.expect(201).id();
    let only = session(&cast.first, &training, "2026-01-05", 6).await.expect(201).id();
    let marks = ["present", "absent", "excused", "present", "absent", "excused"];
    let tries: Vec<_> = marks.iter().map(|text| [(one.as_str(), *text)]).collect();
    for answer in join_all(tries.iter().map(|marks| mark(&cast.first, &only, marks))).await {
        answer.expect(200);
    }
    let listed = cast.first.get(&format!("/v1/training-sessions/{only}/attendance")).await.expect(200);
    let version = listed.body["items"][0]["version"].as_i64().unwrap();
    assert_eq!(cast.app.audited("record_attendance").await, version, "each version is one correction");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_for_those_who_were_there() {
    let cast = Cast::new().await;
    let (training, participants) = held(&cast).await;
    let issued = certify(&cast.first, &training, "421/PLT").await.expect(200);
    let numbers: Vec<Value> =
        issued.body["issued"].as_array().unwrap().iter().map(|one| one["number"].clone()).collect();
    assert_eq!(numbers, ["421/PLT/0001", "421/PLT/0002"]);
    let expected = json!([{ "participant_id": participants[2], "reason": "attendance_too_low", "attended_percent": 60,
                            "minimum_attendance_percent": 80 }]);
    assert_eq!(issued.body["refused"], expected);
    assert_eq!(issued.body["issued"][0]["competence"], "Menjahit dasar");
    let again = certify(&cast.first, &training, "421/PLT").await.expect(200);
    assert_eq!(again.body["issued"], json!([]));
    let reasons: Vec<&Value> = again.body["refused"].as_array().unwrap().iter().map(|one| &one["reason"]).collect();
    assert_eq!(reasons, ["already_certified", "already_certified", "attendance_too_low"]);
    assert_eq!(cast.app.audited("issue_certificates").await, 1);

    let id = issued.body["issued"][0]["id"].as_str().unwrap();
    let (path, reason) = (format!("/v1/training-certificates/{id}"), json!({ "reason": "Daftar hadir keliru" }));
    let revocation = format!("{path}/revocations");
    cast.first.post(&revocation, &reason).await.expect_problem(409, "second_person_needed");
    let revoked = cast.second.post(&revocation, &reason).await.expect(200);
    assert_eq!(revoked.body["revoked_by"], json!(cast.second.id));
    cast.second.post(&revocation, &reason).await.expect_problem(409, "certificate_revoked");
    assert_eq!(cast.first.get(&path).await.expect(200).body, revoked.body);
    let figures = cast.first.get(&format!("/v1/trainings/{training}")).await.expect(200);
    assert_eq!(figures.body["certificates"], 1);
    // The number stays with the certificate that was revoked.
    let third = certify(&cast.first, &training, "421/PLT").await.expect(200);
    assert_eq!(third.body["issued"][0]["number"], "421/PLT/0003");
    let path = format!("/v1/training-certificates?training_id={training}&is_revoked=false&count=exact");
    assert_eq!(cast.first.get(&path).await.expect(200).body["total"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assessment_and_a_late_mark_count() {
    let cast = Cast::new().await;
    let (training, participants) = held(&cast).await;
    let path = format!("/v1/trainings/{training}");
    let results = json!({ "results": [{ "participant_id": participants[0], "result": "not_yet_competent" }] });
    let assessed = cast.first.post(&format!("{path}/assessments"), &results).await.expect(200);
    assert_eq!(assessed.body["items"][0]["assessment"], "not_yet_competent");
    let nobody = json!({ "results": [{ "participant_id": uuid::Uuid::now_v7(), "result": "competent" }] });
    let nobody = cast.first.post(&format!("{path}/assessments"), &nobody).await;
    let refused = nobody.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/results/0/participant_id");
    let sessions = cast.first.get(&format!("{path}/sessions?held_on=2026-01-06")).await.expect(200);
    let second = sessions.body["items"][0]["id"].as_str().unwrap();
    mark(&cast.first, second, &[(&participants[2], "present")]).await.expect(200);
    let early = json!({ "number_prefix": "A", "issued_on": "2026-01-06" });
    let early = cast.first.post(&format!("{path}/certificates"), &early).await;
    assert_eq!(early.expect_problem(422, "invalid_fields").body["errors"][0]["pointer"], "/issued_on");
    let issued = certify(&cast.second, &training, "A").await.expect(200);
    let certified: Vec<&Value> =
        issued.body["issued"].as_array().unwrap().iter().map(|one| &one["participant_id"]).collect();
    assert_eq!(certified, [&json!(participants[1]), &json!(participants[2])]);
    assert_eq!(issued.body["refused"][0]["reason"], "not_yet_competent");

    let (other, _) = held(&cast).await;
    certify(&cast.first, &other, "A").await.expect_problem(409, "certificate_number_taken");
    certify(&cast.first, &other, "B").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_with_a_seat_is_not_merged_away() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (one, other) = two_cards(&officer).await;
    for family in [&one, &other] {
        officer.post(&format!("/v1/beneficiaries/{family}/verifications"), &json!({})).await.expect(201);
    }
    let pair = decided(&officer).await;
    let training = opened(&officer, 5).await;
    let kept = merger(&pair, "one_member_id", &json!({ "merges_families": true }));
    let ended = pair["other_member_id"].as_str().unwrap();
    let participant = seat(&officer, &training, ended).await.expect(201).id();
    let refused = officer.post("/v1/duplicates/mergers", &kept).await.expect_problem(409, "member_in_training");
    assert!(refused.body["related"].to_string().contains(&training), "{}", refused.text);
    let withdrawal = format!("/v1/training-participants/{participant}/withdrawals");
    officer.post(&withdrawal, &json!({ "reason": "Tercatat dua kali" })).await.expect(200);
    officer.post("/v1/duplicates/mergers", &kept).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_is_told_figures_of_what_it_pays_and_of_no_person() {
    let cast = Cast::new().await;
    let (pledge, line) = twenty_seats(&cast).await;
    let mut body = sewing(10);
    body["pledge_line_id"] = json!(line);
    let training = planned(&cast.first, &body).await;
    planned(&cast.first, &sewing(10)).await;
    step(&cast.first, &training, "openings").await.expect(200);
    let family = cast.app.needy_families(HAMBAU, 1, "training_seat", "1").await.remove(0);
    cast.app.arrange("update members set born_on = '1990-05-01' where born_on is null").await;
    let allocation = json!({ "pledge_line_id": line, "need_id": family.need_id, "quantity": "1" });
    let path = format!("/v1/pledges/{pledge}/allocations");
    let allocation = cast.first.post(&path, &allocation).await.expect(201).id();
    let member = json!({ "member_id": family.beneficiary_id, "aid_id": allocation });
    let seated = cast.first.post(&format!("/v1/trainings/{training}/participants"), &member).await.expect(201);
    assert_eq!(seated.body["aid_id"], json!(allocation));

    let listed = cast.company.get("/v1/trainings?count=exact").await.expect(200);
    assert_eq!(listed.body["total"], 1);
    let figures = ["seats", "participants", "certificates"].map(|name| listed.body["items"][0][name].clone());
    assert_eq!(figures, [json!(10), json!(1), json!(0)]);
    cast.company.get(&format!("/v1/trainings/{training}")).await.expect(200);
    cast.company.get(&format!("/v1/trainings/{training}/participants")).await.expect(403);
    cast.company.get("/v1/training-certificates").await.expect(403);
    let (_, rival) = cast.app.company("PT Lain").await;
    rival.get(&format!("/v1/trainings/{training}")).await.expect_problem(404, "not_found");
    let told = cast.app.told(&cast.company).await.join(" ");
    assert!(told.contains("training.opened") && !told.contains("training_participant"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_that_a_company_gives_is_had_once() {
    let cast = Cast::new().await;
    let (pledge, line) = twenty_seats(&cast).await;
    let mut body = sewing(5);
    body["pledge_line_id"] = json!(line);
    let family = cast.app.needy_families(HAMBAU, 1, "training_seat", "1").await.remove(0);
    cast.app.arrange("update members set born_on = '1990-05-01' where born_on is null").await;
    let allocation = json!({ "pledge_line_id": line, "need_id": family.need_id, "quantity": "1" });
    let path = format!("/v1/pledges/{pledge}/allocations");
    let allocation = cast.first.post(&path, &allocation).await.expect(201).id();
    let member = json!({ "member_id": family.beneficiary_id, "aid_id": allocation });
    let mut paths = Vec::new();
    for _ in 0..4 {
        let training = planned(&cast.first, &body).await;
        step(&cast.first, &training, "openings").await.expect(200);
        paths.push(format!("/v1/trainings/{training}/participants"));
    }
    // Two trainings at once, then a third: one of them has the seat.
    let answers = join_all(paths[..2].iter().map(|path| cast.first.post_patiently(path, &member))).await;
    let seated = answers.iter().position(|answer| answer.status == 201).unwrap();
    assert_eq!(answers[1 - seated].body["code"], "seats_of_aid_taken");
    cast.first.post(&paths[2], &member).await.expect_problem(409, "seats_of_aid_taken");
    let withdrawal = format!("/v1/training-participants/{}/withdrawals", answers[seated].body["id"].as_str().unwrap());
    cast.first.post(&withdrawal, &json!({ "reason": "Sakit" })).await.expect(200);
    cast.first.post(&paths[3], &member).await.expect(201);
}
