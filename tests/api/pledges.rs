//! Pledges: drafts, decisions, receipts, trails.

use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use crate::support::{Cast, HAMBAU, KELEKAT, KENOHAN, event_kinds, handover, line, line_id, tools_and_training};

/// A pledge as a command answers it: how far it is, is told where it is read.
fn without_progress(pledge: &Value) -> Value {
    let mut pledge = pledge.clone();
    assert!(pledge.as_object_mut().unwrap().remove("progress").is_some());
    pledge
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pledge_is_drafted_submitted_and_accepted_by_two_officers() {
    let cast = Cast::new().await;
    let draft = cast.draft(&tools_and_training()).await;
    assert_eq!((&draft.body["status"], &draft.body["company_id"]), (&json!("draft"), &json!(cast.company_id)));
    assert_eq!((&draft.body["lines"][0]["unit"], &draft.body["lines"][1]["unit"]), (&json!("unit"), &json!("seat")));
    let address = format!("/v1/pledges/{}", draft.id());
    assert_eq!(draft.header("location"), address);
    let read = cast.company.get(&address).await.expect(200);
    assert_eq!((without_progress(&read.body), read.header("etag")), (draft.body.clone(), "\"1\""));

    let submitted = cast.company.post(&format!("{address}/submissions"), &json!({})).await.expect(200);
    assert_eq!(submitted.body["status"], "submitted");
    let acceptances = format!("{address}/acceptances");
    let once = cast.first.post(&acceptances, &json!({ "agreement_number": "PKS/45" })).await.expect(200);
    assert_eq!((&once.body["status"], &once.body["agreement_number"]), (&json!("submitted"), &json!("PKS/45")));
    assert_eq!(cast.trail(&draft.id()).await["lines"][0]["committed"], "0");
    cast.first.post(&acceptances, &json!({})).await.expect_problem(409, "second_person_needed");
    let twice = cast.second.post(&acceptances, &json!({})).await.expect(200);
    assert_eq!(twice.body["status"], "committed");
    assert_eq!(twice.body["transfer_ids"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&twice.body["first_accepted_by"], &twice.body["accepted_by"]),
        (&json!(cast.first.id), &json!(cast.second.id))
    );

    let trail = cast.trail(&draft.id()).await;
    let of_tractors = &trail["lines"][0];
    for (step, expected) in [("promised", "200"), ("committed", "200"), ("outstanding", "200"), ("received", "0")] {
        assert_eq!(of_tractors[step], expected, "{step}");
    }
    cast.assert_sums().await;
    let told: Vec<Value> = event_kinds(&cast.company, 5).await.iter().map(|event| event["type"].clone()).collect();
    let expected = ["company.added", "pledge.drafted", "pledge.submitted", "pledge.accepted_first", "pledge.committed"];
    assert_eq!(told, expected);
    for operation in ["draft_pledge", "submit_pledge"] {
        assert_eq!(cast.app.audited(operation).await, 1, "{operation}");
    }
    assert_eq!(cast.app.audited("accept_pledge").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_draft_is_told_at_once() {
    let cast = Cast::new().await;
    let wrong = json!({ "title": "X", "year": 1999, "lines": [
        line("helicopter", "1", &[HAMBAU]),
        line("hand_tractor", "0", &[HAMBAU, HAMBAU]),
        line("hand_tractor", "1.5", &["64.02.09.2001"]),
        line("rice", "1.5", &[]),
    ] });
    let refused = cast.company.post("/v1/pledges", &wrong).await.expect_problem(422, "invalid_fields");
    let told: Vec<(&str, &str)> = refused.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["pointer"].as_str().unwrap(), fault["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ("/year", "wrong_type"),
            ("/lines/0/kind", "reference_unknown"),
            ("/lines/1/quantity", "quantity_zero"),
            ("/lines/1/village_codes/1", "value_twice"),
            ("/lines/2/quantity", "quantity_not_whole"),
            ("/lines/2/village_codes/0", "village_unknown"),
            ("/lines/3/village_codes", "wrong_type"),
        ]
    );
    let none = json!({ "title": "X", "year": 2026, "lines": [] });
    cast.company.post("/v1/pledges", &none).await.expect_problem(422, "invalid_fields");
    let mut dear = tools_and_training();
    dear["lines"][0]["unit_value_rupiah"] = json!(1_000_000_000_001_i64);
    let refused = cast.company.post("/v1/pledges", &dear).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/lines/0/unit_value_rupiah");
    cast.first.post("/v1/pledges", &tools_and_training()).await.expect_problem(403, "insufficient_scope");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pledge_is_for_one_sub_district() {
    let cast = Cast::new().await;
    let wide = cast
        .app
        .client_of("company", &[1, KENOHAN], Some(sinergi::domain::CompanyId(cast.company_id.parse().unwrap())))
        .await;
    let apart = json!({ "title": "X", "year": 2026, "lines": [
        line("hand_tractor", "1", &[HAMBAU]), line("hand_tractor", "1", &["64.02.09.2001"]),
    ] });
    let refused = wide.post("/v1/pledges", &apart).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["code"], "villages_apart");
    let there = json!({ "title": "X", "year": 2026, "lines": [line("hand_tractor", "1", &["64.02.09.2001"])] });
    let id = wide.post("/v1/pledges", &there).await.expect(201).id();
    cast.first.get(&format!("/v1/pledges/{id}")).await.expect_problem(404, "not_found");
    cast.app.client("kecamatan_officer", KENOHAN).await.get(&format!("/v1/pledges/{id}")).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_can_be_changed_and_nothing_else() {
    let cast = Cast::new().await;
    let draft = cast.draft(&tools_and_training()).await;
    let address = format!("/v1/pledges/{}", draft.id());
    let changes =
        json!({ "title": "Alat saja", "agreement_number": "PKS/1", "lines": [line("hand_tractor", "50", &[HAMBAU])] });
    let edited = cast.company.patch(&address, "\"1\"", &changes).await.expect(200);
    assert_eq!(edited.header("etag"), "\"2\"");
    assert_eq!((&edited.body["title"], &edited.body["year"]), (&json!("Alat saja"), &json!(2026)));
    assert_eq!(edited.body["lines"].as_array().unwrap().len(), 1);
    assert_eq!(without_progress(&cast.company.get(&address).await.expect(200).body), edited.body);
    cast.company.patch(&address, "\"1\"", &changes).await.expect_problem(412, "version_stale");
    let cleared = cast.company.patch(&address, "\"2\"", &json!({ "agreement_number": null })).await.expect(200);
    assert_eq!((&cleared.body["agreement_number"], &cleared.body["lines"]), (&json!(null), &edited.body["lines"]));
    let wrong = json!({ "lines": [line("hand_tractor", "1", &["64.02.09.2001"])] });
    cast.company.patch(&address, "\"3\"", &wrong).await.expect_problem(422, "invalid_fields");
    cast.company
        .patch(&address, "\"3\"", &json!({ "status": "committed" }))
        .await
        .expect_problem(422, "invalid_fields");

    cast.company.post(&format!("{address}/submissions"), &json!({})).await.expect(200);
    let refused = cast.company.patch(&address, "\"4\"", &changes).await.expect_problem(409, "command_not_possible");
    assert_eq!(refused.body["possible"], json!(["withdraw"]));
    assert!(refused.body["detail"].as_str().unwrap().contains("the pledge is submitted"), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_pledge_is_a_draft_again_and_its_first_acceptance_is_void() {
    let cast = Cast::new().await;
    let id = cast.submitted(&tools_and_training()).await;
    let address = format!("/v1/pledges/{id}");
    cast.first.post(&format!("{address}/acceptances"), &json!({})).await.expect(200);
    let reason = json!({ "reason": "Desa tujuan ditinjau" });
    let returned = cast.second.post(&format!("{address}/returns"), &reason).await.expect(200);
    assert_eq!((&returned.body["status"], &returned.body["first_accepted_by"]), (&json!("draft"), &json!(null)));
    assert_eq!(returned.body["decision_reason"], "Desa tujuan ditinjau");
    let again = cast.company.post(&format!("{address}/submissions"), &json!({})).await.expect(200);
    assert_eq!(again.body["decision_reason"], json!(null));
    let once = cast.second.post(&format!("{address}/acceptances"), &json!({})).await.expect(200);
    assert_eq!(once.body["status"], "submitted");
    cast.second.post(&format!("{address}/returns"), &json!({})).await.expect_problem(422, "invalid_fields");
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_and_withdrawn_pledges_are_final_and_never_reach_the_ledger() {
    let cast = Cast::new().await;
    let reason = json!({ "reason": "Tidak sesuai kebutuhan" });
    let rejected = cast.submitted(&tools_and_training()).await;
    cast.first.post(&format!("/v1/pledges/{rejected}/rejections"), &reason).await.expect(200);
    let withdrawn = cast.draft(&tools_and_training()).await.id();
    cast.company.post(&format!("/v1/pledges/{withdrawn}/withdrawals"), &reason).await.expect(200);
    for id in [rejected, withdrawn] {
        let address = format!("/v1/pledges/{id}");
        let refused = cast.first.post(&format!("{address}/acceptances"), &json!({})).await;
        assert_eq!(refused.expect_problem(409, "command_not_possible").body["possible"], json!([]));
        let refused = cast.company.post(&format!("{address}/submissions"), &json!({})).await;
        refused.expect_problem(409, "command_not_possible");
        assert_eq!(cast.trail(&id).await["movements"], json!([]));
    }
    let listed = cast.first.get("/v1/pledges?status=rejected").await.expect(200);
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
}

/// Path and body of a command, and whether the company gives it.
fn request_of(command: &str) -> Option<(&'static str, Value, bool)> {
    let reason = json!({ "reason": "Alasan" });
    match command {
        "submit" => Some(("submissions", json!({}), true)),
        "withdraw" => Some(("withdrawals", reason, true)),
        "return" => Some(("returns", reason, false)),
        "reject" => Some(("rejections", reason, false)),
        "accept" => Some(("acceptances", json!({}), false)),
        "allocate" => Some(("allocation-runs", json!({}), false)),
        "receive" => {
            let line_id = uuid::Uuid::now_v7();
            let body = json!({ "pledge_line_id": line_id, "quantity": "1", "handover_number": "B", "received_on": "2026-11-01" });
            Some(("receipts", body, false))
        }
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_served_state_machine_does_not_have_is_refused() {
    let cast = Cast::new().await;
    let machine = cast.company.get("/v1/pledges/state-machine").await.expect(200).body;
    assert_eq!(machine["initial"], "draft");
    let transitions = machine["transitions"].as_array().unwrap();
    let ids = [
        ("draft", cast.draft(&tools_and_training()).await.id()),
        ("submitted", cast.submitted(&tools_and_training()).await),
        ("committed", cast.committed(&tools_and_training()).await.id()),
    ];
    let mut refusals = 0;
    for (status, id) in &ids {
        for command in ["submit", "withdraw", "return", "reject", "accept", "allocate", "receive"] {
            if transitions.iter().any(|row| row["from"] == *status && row["command"] == command) {
                continue;
            }
            let (path, body, is_company) = request_of(command).unwrap();
            let client = if is_company { &cast.company } else { &cast.first };
            let refused = client.post(&format!("/v1/pledges/{id}/{path}"), &body).await;
            let refused = refused.expect_problem(409, "command_not_possible");
            let side = if is_company { "company" } else { "officer" };
            for possible in refused.body["possible"].as_array().unwrap() {
                let is_told = |row: &&Value| row["from"] == *status && row["command"] == *possible && row["by"] == side;
                assert!(transitions.iter().any(|row| is_told(&row)), "{possible} in {status}");
            }
            refusals += 1;
        }
    }
    assert_eq!(refusals, 5 + 3 + 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_sees_its_own_pledges_and_officers_those_of_their_area() {
    let cast = Cast::new().await;
    let id = cast.committed(&tools_and_training()).await.id();
    let (_, rival) = cast.app.company("PT Contoh Lain").await;
    let neighbour = cast.app.client("kecamatan_officer", KENOHAN).await;
    for stranger in [&rival, &neighbour] {
        for path in ["", "/trail", "/receipts"] {
            stranger.get(&format!("/v1/pledges/{id}{path}")).await.expect_problem(404, "not_found");
        }
        assert_eq!(stranger.get("/v1/pledges").await.expect(200).body["items"], json!([]));
        let filtered = format!("/v1/pledges?company_id={}", cast.company_id);
        assert_eq!(stranger.get(&filtered).await.expect(200).body["items"], json!([]));
    }
    let reason = json!({ "reason": "x" });
    rival.post(&format!("/v1/pledges/{id}/withdrawals"), &reason).await.expect_problem(404, "not_found");
    rival.patch(&format!("/v1/pledges/{id}"), "\"1\"", &json!({ "title": "x" })).await.expect_problem(404, "not_found");
    for command in ["returns", "rejections"] {
        neighbour.post(&format!("/v1/pledges/{id}/{command}"), &reason).await.expect_problem(404, "not_found");
    }
    for command in ["acceptances", "allocation-runs"] {
        neighbour.post(&format!("/v1/pledges/{id}/{command}"), &json!({})).await.expect_problem(404, "not_found");
    }
    cast.company
        .post(&format!("/v1/pledges/{id}/acceptances"), &json!({}))
        .await
        .expect_problem(403, "insufficient_scope");
    for reader in [&cast.company, &cast.first] {
        let listed = reader.get("/v1/pledges?year=2026").await.expect(200);
        assert_eq!(listed.body["items"][0]["lines"].as_array().unwrap().len(), 2);
    }
    let feed = rival.get("/v1/events").await.expect(200);
    assert!(!feed.text.contains(&id));
}

#[tokio::test(flavor = "multi_thread")]
async fn pledges_are_listed_in_pages() {
    let cast = Cast::new().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(cast.draft(&tools_and_training()).await.id());
    }
    let first = cast.company.get("/v1/pledges?limit=2").await.expect(200);
    let next = first.body["next"].as_str().unwrap();
    let rest = cast.company.get(&format!("/v1/pledges?limit=2&cursor={next}")).await.expect(200);
    let all = first.body["items"].as_array().unwrap().iter().chain(rest.body["items"].as_array().unwrap());
    assert_eq!(all.map(|pledge| pledge["id"].as_str().unwrap()).collect::<Vec<_>>(), ids);
    cast.first.get(&format!("/v1/pledges?cursor={next}")).await.expect_problem(400, "cursor_invalid");
    cast.company.get("/v1/pledges?status=lost").await.expect_problem(400, "invalid_parameters");
}

#[tokio::test(flavor = "multi_thread")]
async fn at_most_what_is_outstanding_is_received() {
    let cast = Cast::new().await;
    let pledge = cast.committed(&tools_and_training()).await;
    let (id, tractors) = (pledge.id(), line_id(&pledge, 0));
    let receipt = cast.receive(&id, &tractors, "150").await.expect(201);
    let refused = cast.receive(&id, &tractors, "51").await.expect_problem(409, "not_enough_left");
    assert!(
        refused.body["detail"].as_str().unwrap().contains("50 unit still to be received, 51 asked"),
        "{}",
        refused.text
    );
    cast.receive(&id, &tractors, "50").await.expect(201);
    cast.receive(&id, &tractors, "1").await.expect_problem(409, "not_enough_left");
    let trail = cast.trail(&id).await;
    let line = &trail["lines"][0];
    assert_eq!((&line["received"], &line["free"], &line["outstanding"]), (&json!("200"), &json!("200"), &json!("0")));
    assert_eq!((&line["families_reached"], &trail["lines"][1]["received"]), (&json!(0), &json!("0")));

    let listed = cast.company.get(&format!("/v1/pledges/{id}/receipts?pledge_line_id={tractors}")).await.expect(200);
    let address = receipt.header("location");
    assert_eq!(cast.company.get(address).await.expect(200).body, listed.body["items"][0]);
    assert_eq!((&receipt.body["outstanding"], &receipt.body["id"]), (&json!("50"), &listed.body["items"][0]["id"]));
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 2);
    let wrong = [
        (json!({ "pledge_line_id": uuid::Uuid::now_v7() }), "/pledge_line_id", "reference_unknown"),
        (json!({ "quantity": "0.5" }), "/quantity", "quantity_not_whole"),
        (json!({ "received_on": "2099-01-01" }), "/received_on", "date_in_future"),
    ];
    for (change, pointer, code) in wrong {
        let mut new =
            json!({ "pledge_line_id": tractors, "quantity": "1", "handover_number": "B", "received_on": "2026-11-01" });
        new.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = cast.first.post(&format!("/v1/pledges/{id}/receipts"), &new).await;
        let refused = refused.expect_problem(422, "invalid_fields");
        assert_eq!(
            (&refused.body["errors"][0]["pointer"], &refused.body["errors"][0]["code"]),
            (&json!(pointer), &json!(code))
        );
    }
    let other = cast.committed(&tools_and_training()).await;
    let foreign = cast.receive(&other.id(), &tractors, "1").await.expect_problem(422, "invalid_fields");
    assert_eq!(foreign.body["errors"][0]["code"], "reference_unknown");
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_at_once_never_exceed_what_is_outstanding() {
    let cast = Cast::new().await;
    let pledge =
        cast.committed(&json!({ "title": "T", "year": 2026, "lines": [line("hand_tractor", "10", &[HAMBAU])] })).await;
    let (id, line) = (pledge.id(), line_id(&pledge, 0));
    let answers = join_all((0..12).map(|_| cast.receive(&id, &line, "3"))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 201).count(), 3);
    assert_eq!(cast.trail(&id).await["lines"][0]["outstanding"], "1");
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acceptance_and_withdrawal_at_once_have_one_winner() {
    let cast = Cast::new().await;
    for _ in 0..4 {
        let id = cast.submitted(&tools_and_training()).await;
        let address = format!("/v1/pledges/{id}");
        cast.first.post(&format!("{address}/acceptances"), &json!({})).await.expect(200);
        let reason = json!({ "reason": "Batal" });
        let (accepts, withdraws) = (format!("{address}/acceptances"), format!("{address}/withdrawals"));
        let nothing = json!({});
        let (by_officer, by_company) =
            join(cast.second.post(&accepts, &nothing), cast.company.post(&withdraws, &reason)).await;
        let statuses = (by_officer.status.as_u16(), by_company.status.as_u16());
        assert!(matches!(statuses, (200, 409) | (409, 200)), "{statuses:?}");
        let committed = &cast.trail(&id).await["lines"][0]["committed"];
        assert_eq!(*committed, if statuses.0 == 200 { json!("200") } else { json!("0") });
    }
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retried_acceptance_posts_once() {
    let cast = Cast::new().await;
    let id = cast.submitted(&tools_and_training()).await;
    let address = format!("/v1/pledges/{id}/acceptances");
    cast.first.post(&address, &json!({})).await.expect(200);
    let once = cast.second.post_keyed(&address, "acceptance-1", &json!({})).await.expect(200);
    let again = cast.second.post_keyed(&address, "acceptance-1", &json!({})).await.expect(200);
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &once.body));
    assert_eq!(cast.trail(&id).await["movements"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_tells_every_step_and_no_family() {
    let cast = Cast::new().await;
    let families = cast.app.needy_families(HAMBAU, 6, "hand_tractor", "1").await;
    let (id, line_id) = cast.stocked("10", &[HAMBAU, KELEKAT]).await;
    cast.run(&id, false).await.expect(201);
    let allocations = cast.first.get(&format!("/v1/allocations?pledge_id={id}")).await.expect(200);
    for (index, allocation) in allocations.body["items"].as_array().unwrap().iter().enumerate() {
        let address = format!("/v1/allocations/{}/deliveries", allocation["id"].as_str().unwrap());
        let member = allocation["beneficiary_id"].as_str().unwrap();
        cast.second.post(&address, &handover("1", member)).await.expect(201);
        let reached = &cast.trail(&id).await["lines"][0]["families_reached"];
        assert_eq!(*reached, if index < 4 { json!(null) } else { json!(5) }, "a company is told steps of five");
        let exact = cast.first.get(&format!("/v1/pledges/{id}/trail")).await.expect(200);
        let exact = &exact.body["lines"][0]["families_reached"];
        assert_eq!(*exact, if index < 4 { json!(null) } else { json!(index + 1) });
    }
    let trail = cast.trail(&id).await;
    let expected = json!([{
        "pledge_line_id": line_id, "kind": "hand_tractor", "unit": "unit", "promised": "10", "committed": "10",
        "outstanding": "0", "received": "10", "free": "4", "allocated": "6", "reserved": "0", "delivered": "6",
        "returned": "0", "lost": "0", "cancelled": "0", "written_off": "0", "families_reached": 5,
    }]);
    assert_eq!(trail["lines"], expected);
    let movements = trail["movements"].as_array().unwrap();
    let codes: Vec<&str> = movements.iter().map(|movement| movement["code"].as_str().unwrap()).collect();
    assert_eq!(
        codes,
        ["accept", "receive", "reserve", "deliver", "deliver", "deliver", "deliver", "deliver", "deliver"]
    );
    assert!(movements.is_sorted_by_key(|movement| movement["at"].as_str().unwrap()));

    let events = event_kinds(&cast.company, 13).await;
    assert_eq!(events.last().unwrap()["type"], "pledge.delivered");
    let receipts = cast.company.get(&format!("/v1/pledges/{id}/receipts")).await.expect(200).text;
    let pledge = cast.company.get(&format!("/v1/pledges/{id}")).await.expect(200).text;
    let seen = format!("{trail}{}{receipts}{pledge}", json!(events));
    assert!(!seen.contains("Kanari"));
    for family in families {
        assert!(!seen.contains(&family.beneficiary_id.to_string()) && !seen.contains(&family.need_id.to_string()));
    }
    for allocation in allocations.body["items"].as_array().unwrap() {
        assert!(!seen.contains(allocation["id"].as_str().unwrap()));
    }
    for path in
        ["/v1/allocations", &format!("/v1/allocations/{}", allocations.body["items"][0]["id"].as_str().unwrap())]
    {
        cast.company.get(path).await.expect_problem(403, "insufficient_scope");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn movements_are_told_in_pages() {
    let cast = Cast::new().await;
    let pledge = cast.committed(&tools_and_training()).await;
    let (id, line) = (pledge.id(), line_id(&pledge, 0));
    for _ in 0..3 {
        cast.receive(&id, &line, "1").await.expect(201);
    }
    let whole = cast.trail(&id).await["movements"].as_array().unwrap().clone();
    let mut paged = Vec::new();
    let mut query = "limit=2".to_owned();
    loop {
        let part = cast.company.get(&format!("/v1/pledges/{id}/trail?{query}")).await.expect(200).body;
        paged.extend(part["movements"].as_array().unwrap().clone());
        let Some(next) = part["next"].as_str() else { break };
        query = format!("limit=2&cursor={next}");
    }
    assert_eq!((paged.len(), paged), (5, whole));
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_a_pledge_is_follows_from_its_figures() {
    let cast = Cast::new().await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "2").await.remove(0);
    let mut late = line("hand_tractor", "2", &[HAMBAU]);
    late["installments"] =
        json!([{ "due_on": "2026-02-01", "quantity": "1" }, { "due_on": "2099-01-01", "quantity": "1" }]);
    let pledge = cast.committed(&json!({ "title": "Terlambat", "year": 2026, "lines": [late] })).await;
    let in_time =
        cast.committed(&json!({ "title": "Nanti", "year": 2099, "lines": [line("rice", "5", &[HAMBAU])] })).await;
    let past = cast.committed(&json!({ "title": "Lalu", "year": 2025, "lines": [line("rice", "5", &[HAMBAU])] })).await;
    cast.draft(&tools_and_training()).await;
    let (id, line_id) = (pledge.id(), line_id(&pledge, 0));
    let progress = async |id: &str| {
        let one = cast.company.get(&format!("/v1/pledges/{id}")).await.expect(200).body["progress"].clone();
        let trail = cast.trail(id).await["progress"].clone();
        let listed = cast.first.get("/v1/pledges?limit=200").await.expect(200).body["items"].clone();
        let listed = listed.as_array().unwrap().iter().find(|row| row["id"] == id).unwrap()["progress"].clone();
        assert_eq!((&one, &one), (&trail, &listed), "{id}");
        one
    };
    let told = |fulfilment: &str, allocation: &str, delivery: &str, evidence: &str, is_overdue: bool| {
        json!({ "fulfilment": fulfilment, "allocation": allocation, "delivery": delivery, "evidence": evidence,
                "is_overdue": is_overdue })
    };
    assert!(pledge.body.get("progress").is_none(), "an answer to a command tells what it did");
    assert_eq!(progress(&id).await, told("none", "none", "none", "missing", true));
    assert_eq!(progress(&in_time.id()).await, told("none", "none", "none", "missing", false));
    let overdue = async |is_overdue: bool| {
        let path = format!("/v1/pledges?is_overdue={is_overdue}&count=exact&limit=200");
        let page = cast.first.get(&path).await.expect(200).body;
        let ids: Vec<String> =
            page["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(page["total"], json!(ids.len()));
        ids
    };
    assert_eq!(overdue(true).await, [id.clone(), past.id()]);
    assert_eq!(overdue(false).await.len(), 2, "the other one and a draft");

    let path = format!("/v1/pledges/{id}");
    let before = cast.company.get(&path).await.expect(200).header("etag").to_owned();
    cast.receive(&id, &line_id, "1").await.expect(201);
    assert_eq!(progress(&id).await, told("partial", "none", "none", "missing", false));
    let known = cast.company.request(reqwest::Method::GET, &path).header("If-None-Match", before);
    crate::support::send(known).await.expect(200);
    cast.receive(&id, &line_id, "1").await.expect(201);
    cast.receive(&past.id(), &crate::support::line_id(&past, 0), "5").await.expect(201);
    assert_eq!(overdue(true).await, Vec::<String>::new());
    let new = json!({ "pledge_line_id": line_id, "need_id": family.need_id, "quantity": "2" });
    let allocation = cast.first.post(&format!("{path}/allocations"), &new).await.expect(201).id();
    assert_eq!(progress(&id).await, told("full", "full", "none", "missing", false));
    let deliveries = format!("/v1/allocations/{allocation}/deliveries");
    cast.second.post(&deliveries, &handover("1", &family.beneficiary_id.to_string())).await.expect(201);
    cast.first.post(&format!("{path}/evidence-packs"), &json!({})).await.expect(201);
    assert_eq!(progress(&id).await, told("full", "full", "partial", "complete", false));
    cast.second.post(&deliveries, &handover("1", &family.beneficiary_id.to_string())).await.expect(201);
    assert_eq!(progress(&id).await, told("full", "full", "full", "partial", false));
    let surplus = json!({ "pledge_line_id": line_id, "quantity": "1", "handover_number": "BAST/9",
                          "received_on": "2026-11-02", "is_surplus_taken": true });
    cast.first.post(&format!("{path}/receipts"), &surplus).await.expect(201);
    assert_eq!(progress(&id).await, told("over", "partial", "partial", "partial", false));
}
