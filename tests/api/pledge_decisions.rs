//! Decisions on pledges that bind already: who may, when, and what the state machine says of it.

use futures_util::future::join;
use serde_json::{Value, json};

use crate::support::{Cast, HAMBAU, KELEKAT, KENOHAN, line, line_id, tools_and_training};

fn reason() -> Value {
    json!({ "reason": "Alasan" })
}

/// The drawing in the documents, as rows of the state machine.
fn drawn() -> Vec<(String, String, String)> {
    let text = include_str!("../../docs/PLEDGES.md");
    let drawing = text.split("```mermaid").nth(1).unwrap().split("```").next().unwrap();
    let arrows = drawing.lines().filter_map(|line| line.trim().split_once(" --> "));
    let mut rows = Vec::new();
    for (from, rest) in arrows.filter(|(from, _)| *from != "[*]") {
        let (to, commands) = rest.split_once(" : ").unwrap();
        rows.extend(commands.split(", ").map(|command| (from.to_owned(), command.to_owned(), to.to_owned())));
    }
    rows.sort();
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn the_drawn_state_machine_is_the_served_one() {
    let cast = Cast::new().await;
    let machine = cast.company.get("/v1/pledges/state-machine").await.expect(200).body;
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let transitions = machine["transitions"].as_array().unwrap();
    let mut served: Vec<_> =
        transitions.iter().map(|row| (text(row, "from"), text(row, "command"), text(row, "to"))).collect();
    served.sort();
    // A drawing does not say by which side: calling off by either is one arrow.
    served.dedup();
    assert_eq!(drawn(), served);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_says_in_every_state_what_is_possible_instead() {
    let cast = Cast::new().await;
    let draft = cast.draft(&tools_and_training()).await.id();
    let free = json!({ "reason": "x", "pledge_line_id": uuid::Uuid::now_v7(), "quantity": "1" });
    let with = |name: &str, value: Value| {
        let mut body = free.clone();
        body[name] = value;
        body
    };
    let commands = [
        ("cancellations", reason()),
        ("write-offs", reason()),
        ("closures", reason()),
        ("reopenings", reason()),
        ("refunds", free.clone()),
        ("losses", with("site", json!("Gudang"))),
        ("reallocations", with("village_codes", json!([HAMBAU]))),
        ("corrections", json!({ "reason": "x", "transfer_id": uuid::Uuid::now_v7() })),
    ];
    for (noun, body) in &commands {
        let refused = cast.propose(&cast.first, &draft, noun, body).await;
        assert_eq!(refused.expect_problem(409, "command_not_possible").body["possible"], json!([]), "{noun}");
    }
    let refused = cast.propose(&cast.company, &draft, "amendments", &json!({ "reason": "x" })).await;
    let refused = refused.expect_problem(409, "command_not_possible");
    assert_eq!(refused.body["possible"], json!(["edit", "submit", "withdraw"]));
    let committed = cast.committed(&tools_and_training()).await.id();
    let refused = cast.propose(&cast.first, &committed, "reopenings", &reason()).await;
    let possible = refused.expect_problem(409, "command_not_possible").body["possible"].clone();
    for command in ["receive", "cancel", "write_off", "refund", "reallocate", "lose", "correct", "close"] {
        assert!(possible.as_array().unwrap().contains(&json!(command)), "{command} in {possible}");
    }
    for (noun, _) in &commands {
        let company = cast.propose(&cast.company, &committed, noun, &reason()).await;
        if *noun != "cancellations" {
            company.expect_problem(403, "insufficient_scope");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_waits_for_a_second_person_who_may_refuse_it() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    let body = json!({ "reason": "Rusak", "pledge_line_id": tractors, "quantity": "3" });
    let proposed = cast.propose(&cast.first, &id, "refunds", &body).await.expect(201);
    assert_eq!((&proposed.body["status"], &proposed.body["transfer_ids"]), (&json!("proposed"), &json!([])));
    assert_eq!(proposed.header("location"), format!("/v1/pledge-decisions/{}", proposed.id()));
    assert_eq!(cast.trail(&id).await["lines"][0]["free"], "10", "nothing moves before");
    cast.propose(&cast.second, &id, "refunds", &body).await.expect_problem(409, "pledge_decision_pending");
    let path = format!("/v1/pledge-decisions/{}", proposed.id());
    let refusals = format!("{path}/refusals");
    cast.first.post(&refusals, &reason()).await.expect_problem(409, "second_person_needed");
    let refused = cast.second.post(&refusals, &json!({ "reason": "Masih bisa dipakai" })).await.expect(200);
    assert_eq!(
        (&refused.body["status"], &refused.body["decision_reason"]),
        (&json!("refused"), &json!("Masih bisa dipakai"))
    );
    assert_eq!(cast.first.get(&path).await.expect(200).body, refused.body);
    cast.agree(&cast.second, &proposed).await.expect_problem(409, "pledge_decision_decided");
    cast.propose(&cast.second, &id, "refunds", &body).await.expect(201);
    let pending = cast.first.get(&format!("/v1/pledge-decisions?pledge_id={id}&status=proposed&kind=refund")).await;
    assert_eq!(pending.expect(200).body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_second_persons_at_once_one_finds_it_decided() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    let body = json!({ "reason": "Rusak", "pledge_line_id": tractors, "quantity": "3" });
    let proposed = cast.propose(&cast.first, &id, "refunds", &body).await.expect(201);
    let refusal = format!("/v1/pledge-decisions/{}/refusals", proposed.id());
    let third = cast.app.second_officer().await;
    let refused = reason();
    let (one, two) = join(cast.agree(&cast.second, &proposed), third.post(&refusal, &refused)).await;
    let mut answers = [one.status.as_u16(), two.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    let returned = if one.status.as_u16() == 200 { "3" } else { "0" };
    assert_eq!(cast.trail(&id).await["lines"][0]["returned"], returned);
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sees_or_decides_them() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    let body = json!({ "reason": "Rusak", "pledge_line_id": tractors, "quantity": "3" });
    let proposed = cast.propose(&cast.first, &id, "refunds", &body).await.expect(201);
    let (_, rival) = cast.app.company("PT Contoh Lain").await;
    let neighbour = cast.app.client("kecamatan_officer", KENOHAN).await;
    for stranger in [&rival, &neighbour] {
        stranger.get(&format!("/v1/pledge-decisions/{}", proposed.id())).await.expect_problem(404, "not_found");
        assert_eq!(stranger.get("/v1/pledge-decisions").await.expect(200).body["items"], json!([]));
        cast.agree(stranger, &proposed).await.expect_problem(404, "not_found");
        cast.propose(stranger, &id, "cancellations", &reason()).await.expect_problem(404, "not_found");
        stranger.get(&format!("/v1/pledges/{id}/installments")).await.expect_problem(404, "not_found");
    }
    assert_eq!(cast.company.get("/v1/pledge-decisions").await.expect(200).body["items"][0], proposed.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pledge_is_reopened_by_two_to_correct_it() {
    let cast = Cast::new().await;
    let pledge =
        cast.committed(&json!({ "title": "T", "year": 2026, "lines": [line("hand_tractor", "4", &[HAMBAU])] })).await;
    let id = pledge.id();
    let cancelled = cast.propose(&cast.company, &id, "cancellations", &reason()).await.expect(201);
    cast.first.post(&format!("/v1/pledges/{id}/evidence-packs"), &json!({})).await.expect(201);
    cast.propose(&cast.first, &id, "closures", &reason()).await.expect(201);
    let correction = json!({ "reason": "Salah batal", "transfer_id": cancelled.body["transfer_ids"][0] });
    let refused = cast.propose(&cast.first, &id, "corrections", &correction).await;
    assert_eq!(refused.expect_problem(409, "command_not_possible").body["possible"], json!(["reopen"]));
    cast.decided(&id, "reopenings", &reason()).await;
    cast.decided(&id, "corrections", &correction).await;
    let trail = cast.trail(&id).await;
    assert_eq!((&trail["status"], &trail["lines"][0]["outstanding"]), (&json!("committed"), &json!("4")));
    cast.receive(&id, &line_id(&pledge, 0), "4").await.expect(201);
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reopened_pledge_is_closed_on_evidence_made_after_it_was_opened_again() {
    let cast = Cast::new().await;
    let pledge =
        cast.committed(&json!({ "title": "T", "year": 2026, "lines": [line("hand_tractor", "4", &[HAMBAU])] })).await;
    let id = pledge.id();
    cast.propose(&cast.company, &id, "cancellations", &reason()).await.expect(201);
    let packs = format!("/v1/pledges/{id}/evidence-packs");
    cast.first.post(&packs, &json!({})).await.expect(201);
    cast.propose(&cast.first, &id, "closures", &reason()).await.expect(201);
    cast.decided(&id, "reopenings", &reason()).await;
    let refused = cast.propose(&cast.first, &id, "closures", &reason()).await;
    let refused = refused.expect_problem(409, "evidence_incomplete");
    assert!(refused.text.contains("Make an evidence pack of the pledge"), "{}", refused.text);
    let anew = cast.first.post(&packs, &json!({})).await.expect(201);
    assert_eq!(anew.body["version"], 2, "the reopening is told");
    cast.propose(&cast.first, &id, "closures", &reason()).await.expect(201);
    assert_eq!(cast.trail(&id).await["status"], "closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_of_a_line_that_has_changed_since_is_stale() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    let more = json!({ "reason": "Tambahan", "lines": [{ "pledge_line_id": tractors, "quantity": "12" }] });
    let amendment = cast.propose(&cast.company, &id, "amendments", &more).await.expect(201);
    let over =
        json!({ "reason": "Pindah desa", "pledge_line_id": tractors, "quantity": "4", "village_codes": [HAMBAU] });
    let moved = cast.propose(&cast.first, &id, "reallocations", &over).await.expect(201);
    cast.agree(&cast.company, &moved).await.expect(200);
    cast.agree(&cast.first, &amendment).await.expect_problem(409, "pledge_decision_stale");
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn installments_add_up_to_their_line_in_the_order_of_days() {
    let cast = Cast::new().await;
    let with = |parts: Value| {
        let mut tractors = line("hand_tractor", "10", &[HAMBAU]);
        tractors["installments"] = parts;
        json!({ "title": "T", "year": 2026, "lines": [tractors] })
    };
    for parts in [
        json!([{ "due_on": "2026-12-01", "quantity": "9" }]),
        json!([{ "due_on": "2026-12-01", "quantity": "5" }, { "due_on": "2026-11-01", "quantity": "5" }]),
        json!([{ "due_on": "2026-12-01", "quantity": "5" }, { "due_on": "2026-12-01", "quantity": "5" }]),
    ] {
        let refused = cast.company.post("/v1/pledges", &with(parts)).await.expect_problem(422, "invalid_fields");
        let fault = &refused.body["errors"][0];
        assert_eq!(
            (&fault["pointer"], &fault["code"]),
            (&json!("/lines/0/installments"), &json!("installments_differ"))
        );
    }
    let parts = json!([{ "due_on": "2026-12-01", "quantity": "4" }, { "due_on": "2026-12-15", "quantity": "6" }]);
    let pledge = cast.committed(&with(parts.clone())).await;
    assert_eq!(pledge.body["lines"][0]["installments"], parts);
    let line = line_id(&pledge, 0);
    let only = json!({ "reason": "x", "lines": [{ "pledge_line_id": line, "quantity": "8" }] });
    let refused = cast.propose(&cast.company, &pledge.id(), "amendments", &only).await;
    assert_eq!(refused.expect_problem(422, "invalid_fields").body["errors"][0]["code"], "installments_differ");
}

/// Nothing is due of a day before the pledge was accepted.
const ACCEPTED_EARLIER: &str = "update pledges set accepted_at = accepted_at - interval '30 days'";

#[tokio::test(flavor = "multi_thread")]
async fn a_past_day_is_told_by_the_plan_that_held_then() {
    let cast = Cast::new().await;
    let mut tractors = line("hand_tractor", "10", &[HAMBAU]);
    let first = json!([{ "due_on": "2026-02-01", "quantity": "4" }, { "due_on": "2099-01-01", "quantity": "6" }]);
    tractors["installments"] = first.clone();
    let pledge = cast.committed(&json!({ "title": "T", "year": 2026, "lines": [tractors] })).await;
    let (id, line_id) = (pledge.id(), line_id(&pledge, 0));
    let earlier = async |days: u32, which: &str| {
        // Transfers are never changed, but a test cannot wait for days.
        let update = format!("update ledger_transfers set at = at - interval '{days} days' where {which}");
        let (off, on) = ("disable trigger user", "enable trigger user");
        let table = "alter table ledger_transfers";
        cast.app.arrange(&format!("{table} {off}; {update}; {table} {on}")).await;
    };
    earlier(30, "true").await;
    cast.app.arrange(ACCEPTED_EARLIER).await;
    let amend = async |parts: Value, quantity: &str, more: Value| {
        let lines = json!([{ "pledge_line_id": line_id, "quantity": quantity, "installments": parts }]);
        cast.amended(&id, &json!({ "reason": "Jadwal digeser", "lines": lines, "new_lines": more })).await;
    };
    let second = json!([{ "due_on": "2026-03-01", "quantity": "12" }]);
    amend(second.clone(), "12", json!([line("training_seat", "5", &[HAMBAU])])).await;
    // That was twenty days ago; what follows is of ten days ago, and of today.
    cast.app.arrange("update pledge_line_plans set ended_at = ended_at - interval '20 days'").await;
    earlier(20, "code = 'amend'").await;
    amend(json!([{ "due_on": "2099-06-01", "quantity": "12" }]), "12", json!([])).await;
    let ten = "update pledge_line_plans set ended_at = ended_at - interval '10 days' where ended_at > now() - interval '1 day'";
    cast.app.arrange(ten).await;
    amend(json!([{ "due_on": "2099-07-01", "quantity": "12" }]), "12", json!([])).await;

    let today = sinergi::db::today();
    let told = async |days: u64| {
        let on = today - chrono::Days::new(days);
        cast.company.get(&format!("/v1/pledges/{id}/installments?on={on}")).await.expect(200).body["lines"].clone()
    };
    let parts = |lines: &Value| -> Vec<Value> {
        let all = lines[0]["installments"].as_array().unwrap().iter();
        all.map(|one| json!({ "due_on": one["due_on"], "quantity": one["quantity"] })).collect()
    };
    let before = told(25).await;
    assert_eq!((json!(parts(&before)), before.as_array().unwrap().len()), (first, 1), "the new line was not there");
    assert_eq!((&before[0]["outstanding"], &before[0]["overdue"]), (&json!("10"), &json!("4")));
    let between = told(15).await;
    assert_eq!((json!(parts(&between)), between.as_array().unwrap().len()), (second, 2));
    assert_eq!((&between[0]["outstanding"], &between[0]["overdue"]), (&json!("12"), &json!("12")));
    assert_eq!(told(5).await[0]["next_due_on"], "2099-06-01");
    assert_eq!(told(0).await[0]["next_due_on"], "2099-07-01");
    assert_eq!(cast.due(&id).await["lines"][0]["next_due_on"], "2099-07-01");
}

/// What is earmarked anew leaves the plan of its line from then on, and not before.
#[tokio::test(flavor = "multi_thread")]
async fn a_reallocation_changes_no_plan_of_the_past() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    let over =
        json!({ "reason": "Pindah desa", "pledge_line_id": tractors, "quantity": "4", "village_codes": [KELEKAT] });
    let moved = cast.propose(&cast.first, &id, "reallocations", &over).await.expect(201);
    cast.agree(&cast.company, &moved).await.expect(200);
    cast.app.arrange(ACCEPTED_EARLIER).await;
    let yesterday = sinergi::db::today() - chrono::Days::new(1);
    let then = cast.company.get(&format!("/v1/pledges/{id}/installments?on={yesterday}")).await.expect(200);
    assert_eq!(then.body["lines"].as_array().unwrap().len(), 1);
    assert_eq!(then.body["lines"][0]["installments"][0]["quantity"], "10");
    let now = cast.due(&id).await;
    let quantities: Vec<&Value> =
        now["lines"].as_array().unwrap().iter().map(|line| &line["installments"][0]["quantity"]).collect();
    assert_eq!(quantities, ["6", "4"]);
}
