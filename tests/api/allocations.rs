//! Allocations: runs by policy, single families, handover, release, and what many at once may not break.

use std::collections::HashMap;

use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use crate::support::{Answer, Cast, Client, HAMBAU, KELEKAT, KENOHAN, NeedyFamily, handover, line, line_id};

/// Clients that ask at once for a line of [`PLEDGED`]; the bench asks with 1,000 for 100.
const CLIENTS: i64 = 120;
/// What the line has for them.
const PLEDGED: usize = 30;

async fn allocations(client: &Client, query: &str) -> Vec<Value> {
    let listed = client.get(&format!("/v1/allocations?limit=200&{query}")).await.expect(200);
    listed.body["items"].as_array().unwrap().clone()
}

/// Asks for an allocation, one of many at once.
async fn allocate(client: &Client, pledge: &str, line: &str, family: &NeedyFamily, quantity: &str) -> Answer {
    let new = json!({ "pledge_line_id": line, "need_id": family.need_id, "quantity": quantity });
    client.post_patiently(&format!("/v1/pledges/{pledge}/allocations"), &new).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_serves_the_neediest_inside_the_earmark_until_the_stock_is_used_up() {
    let cast = Cast::new().await;
    cast.app.needy_families(HAMBAU, 8, "hand_tractor", "1").await;
    cast.app.needy_families(KELEKAT, 8, "hand_tractor", "1").await;
    cast.app.needy_families(HAMBAU, 4, "training_seat", "1").await;
    let (id, line) = cast.stocked("7", &[HAMBAU]).await;
    let preview = cast.run(&id, true).await.expect(200);
    assert_eq!(allocations(&cast.first, "").await.len(), 0);
    let run = cast.run(&id, false).await.expect(201);
    let (told, foretold) = (&run.body["lines"][0], &preview.body["lines"][0]);
    for field in ["allocated_quantity", "family_count", "free_quantity", "seed", "kind"] {
        assert_eq!(told[field], foretold[field], "{field}");
    }
    assert_eq!(
        (&told["allocated_quantity"], &told["family_count"], &told["seed"]),
        (&json!("7"), &json!(7), &json!(line))
    );
    assert!(preview.body.get("id").is_none() && foretold.get("transfer_id").is_none());

    let made = cast.first.get(run.header("location")).await.expect(200);
    let made = made.body["items"].as_array().unwrap();
    assert_eq!(made.len(), 7);
    assert!(made.iter().all(|one| one["village_code"] == HAMBAU && one["transfer_id"] == told["transfer_id"]));
    let mut ranked: Vec<&Value> = made.iter().collect();
    ranked.sort_by_key(|one| one["rank_in_run"].as_i64());
    let mut deciles = Vec::new();
    for one in &ranked {
        let family =
            cast.first.get(&format!("/v1/beneficiaries/{}/needs", one["beneficiary_id"].as_str().unwrap())).await;
        assert_eq!(family.expect(200).body["items"][0]["status"], "met");
        deciles.push(decile(&cast, one["beneficiary_id"].as_str().unwrap()).await);
    }
    // Two families each of the deciles 2, 3 and 4, and one of the two without a decile comes last.
    assert_eq!(deciles, [Some(2), Some(2), Some(3), Some(3), Some(4), Some(4), None]);
    let again = cast.run(&id, false).await.expect(201);
    assert_eq!(again.body["lines"][0]["family_count"], 0);
    let trail = cast.trail(&id).await;
    assert_eq!(trail["movements"].as_array().unwrap().iter().filter(|one| one["code"] == "reserve").count(), 1);
    cast.assert_sums().await;
    assert_eq!(cast.app.audited("run_allocation").await, 2);
}

async fn decile(cast: &Cast, beneficiary_id: &str) -> Option<i16> {
    use diesel::prelude::*;
    use diesel_async::RunQueryDsl;
    use sinergi::schema::beneficiaries;
    let id: uuid::Uuid = beneficiary_id.parse().unwrap();
    let mut owner = cast.app.database.owner().await;
    let decile = beneficiaries::table.filter(beneficiaries::id.eq(id)).select(beneficiaries::decile);
    decile.first(&mut owner).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn among_equals_who_waited_longest_comes_first_and_then_the_published_hash() {
    let cast = Cast::new().await;
    let families = cast.app.needy_families(HAMBAU, 6, "hand_tractor", "1").await;
    cast.app.needy_families(HAMBAU, 6, "rice", "10").await;
    cast.app
        .arrange("update beneficiaries set decile = 1, decile_source = 'DTSEN', decile_period = '2026-10-01'")
        .await;
    // One of them got something last month through another line.
    let served = &families[0];
    cast.app
        .arrange(&format!(
            "insert into allocations (area_id, id, pledge_id, pledge_line_id, need_id, beneficiary_id, village_code,
                 quantity, delivered_quantity, transfer_id, status, created_by, created_at, updated_at)
             values (1, '{0}', '{0}', '{0}', '{1}', '{0}', '{HAMBAU}', 1, 1, '{0}', 'delivered', 'x', now(), now());
             insert into allocation_deliveries (area_id, id, allocation_id, pledge_id, pledge_line_id, beneficiary_id,
                 quantity, delivered_on, collector_kind, power_of_attorney, handover_number, proof_digest,
                 proof_media_type, transfer_id, recorded_by, created_at)
             values (1, '{0}', '{0}', '{0}', '{0}', '{0}', 1, current_date - 40, 'alternate', 'SK/1', 'B', '\\x00',
                 'image/jpeg', '{0}', 'x', now())",
            served.beneficiary_id, served.need_id,
        ))
        .await;
    let (id, line) = cast.stocked("6", &[HAMBAU]).await;
    let run_id = cast.run(&id, false).await.expect(201).body["id"].clone();
    let made = allocations(&cast.first, &format!("run_id={}", run_id.as_str().unwrap())).await;
    let rank: HashMap<String, i64> = made
        .iter()
        .map(|one| (one["need_id"].as_str().unwrap().to_owned(), one["rank_in_run"].as_i64().unwrap()))
        .collect();
    assert_eq!(rank[&served.need_id.to_string()], 6, "who got aid last month comes last");
    let mut others: Vec<&NeedyFamily> = families[1..].iter().collect();
    others.sort_by_key(|family| {
        let digest =
            aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, format!("{line}{}", family.need_id).as_bytes());
        digest.as_ref().to_vec()
    });
    let by_hash: Vec<i64> = others.iter().map(|family| rank[&family.need_id.to_string()]).collect();
    assert_eq!(by_hash, [1, 2, 3, 4, 5], "anybody can check the order");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_verified_live_families_are_served_and_the_last_may_get_a_part() {
    let cast = Cast::new().await;
    cast.app.needy_families(HAMBAU, 3, "hand_tractor", "2").await;
    cast.app.arrange("update beneficiaries set verified_at = null").await;
    let ended = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "2").await;
    cast.app
        .arrange(&format!("update beneficiaries set status = 'ended' where id = '{}'", ended[0].beneficiary_id))
        .await;
    cast.app.needy_families(HAMBAU, 2, "hand_tractor", "2").await;
    let (id, _) = cast.stocked("3", &[HAMBAU]).await;
    let run = cast.run(&id, false).await.expect(201);
    assert_eq!(
        (&run.body["lines"][0]["family_count"], &run.body["lines"][0]["allocated_quantity"]),
        (&json!(2), &json!("3"))
    );
    let made = allocations(&cast.first, &format!("pledge_id={id}")).await;
    let mut quantities: Vec<&str> = made.iter().map(|one| one["quantity"].as_str().unwrap()).collect();
    quantities.sort_unstable();
    assert_eq!(quantities, ["1", "2"]);
    assert!(made.iter().all(|one| one["beneficiary_id"] != json!(ended[0].beneficiary_id)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_can_be_of_chosen_lines_of_its_own_pledge() {
    let cast = Cast::new().await;
    cast.app.needy_families(HAMBAU, 3, "hand_tractor", "1").await;
    let pledge = json!({ "title": "T", "year": 2026,
        "lines": [line("hand_tractor", "5", &[HAMBAU]), line("training_seat", "5", &[HAMBAU])] });
    let committed = cast.committed(&pledge).await;
    let address = format!("/v1/pledges/{}/allocation-runs", committed.id());
    let only = json!({ "pledge_line_ids": [line_id(&committed, 1)] });
    let run = cast.first.post(&address, &only).await.expect(201);
    assert_eq!(run.body["lines"].as_array().unwrap().len(), 1);
    let other = json!({ "pledge_line_ids": [line_id(&committed, 0), uuid::Uuid::now_v7()] });
    let refused = cast.first.post(&address, &other).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/pledge_line_ids/1");
    // Nothing was received, so nothing is allocated.
    assert_eq!(cast.run(&committed.id(), false).await.expect(201).body["lines"][0]["allocated_quantity"], "0");
    cast.company.post(&address, &json!({})).await.expect_problem(403, "insufficient_scope");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_clients_at_once_are_granted_exactly_what_is_there() {
    let cast = Cast::new().await;
    let families = cast.app.needy_families(HAMBAU, CLIENTS, "hand_tractor", "1").await;
    let (id, line) = cast.stocked(&PLEDGED.to_string(), &[HAMBAU]).await;
    let asks = families.iter().map(|family| allocate(&cast.first, &id, &line, family, "1"));
    let mut granted = 0;
    for answer in join_all(asks).await {
        match answer.status.as_u16() {
            201 => granted += 1,
            _ => drop(answer.expect_problem(409, "not_enough_left")),
        }
    }
    assert_eq!(granted, PLEDGED);
    let of_line = &cast.trail(&id).await["lines"][0];
    assert_eq!((&of_line["reserved"], &of_line["free"]), (&json!(PLEDGED.to_string()), &json!("0")));
    let made = allocations(&cast.first, &format!("pledge_id={id}")).await;
    assert_eq!(made.len(), PLEDGED);
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_and_single_grants_at_once_never_meet_a_need_twice() {
    let cast = Cast::new().await;
    let families = cast.app.needy_families(HAMBAU, 20, "hand_tractor", "1").await;
    let (one, one_line) = cast.stocked("15", &[HAMBAU]).await;
    let (other, _) = cast.stocked("15", &[HAMBAU]).await;
    let singles = families.iter().take(6).map(|family| allocate(&cast.first, &one, &one_line, family, "1"));
    let runs = [&one, &other, &one, &other].map(|id| async { cast.run(id, false).await.expect(201) });
    join(join_all(singles), join_all(runs)).await;
    let made = allocations(&cast.first, "").await;
    let mut needs: Vec<&str> = made.iter().map(|one| one["need_id"].as_str().unwrap()).collect();
    needs.sort_unstable();
    needs.dedup();
    assert_eq!((made.len(), needs.len()), (20, 20), "every family once");
    let reserved: i64 =
        [&cast.trail(&one).await["lines"][0]["reserved"], &cast.trail(&other).await["lines"][0]["reserved"]]
            .iter()
            .map(|quantity| quantity.as_str().unwrap().parse::<i64>().unwrap())
            .sum();
    assert_eq!(reserved, 20);
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_grant_says_why_it_is_refused() {
    let cast = Cast::new().await;
    let here = cast.app.needy_families(HAMBAU, 2, "hand_tractor", "2").await;
    let elsewhere = cast.app.needy_families(KELEKAT, 1, "hand_tractor", "1").await;
    let seats = cast.app.needy_families(HAMBAU, 1, "training_seat", "1").await;
    let unverified = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await;
    let ended = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await;
    cast.app
        .arrange(&format!("update beneficiaries set verified_at = null where id = '{}'", unverified[0].beneficiary_id))
        .await;
    cast.app
        .arrange(&format!("update beneficiaries set status = 'ended' where id = '{}'", ended[0].beneficiary_id))
        .await;
    let (id, line) = cast.stocked("10", &[HAMBAU]).await;
    let refused = [
        (&elsewhere[0], "1", "need_outside_earmark"),
        (&seats[0], "1", "need_kind_differs"),
        (&unverified[0], "1", "beneficiary_not_verified"),
        (&ended[0], "1", "beneficiary_not_live"),
        (&here[0], "3", "more_than_needed"),
    ];
    for (family, quantity, code) in refused {
        allocate(&cast.first, &id, &line, family, quantity).await.expect_problem(409, code);
    }
    let made = allocate(&cast.first, &id, &line, &here[0], "2").await.expect(201);
    assert_eq!(made.header("location"), format!("/v1/allocations/{}", made.id()));
    assert_eq!((&made.body["run_id"], &made.body["rank_in_run"]), (&json!(null), &json!(null)));
    allocate(&cast.first, &id, &line, &here[0], "1").await.expect_problem(409, "need_not_open");
    let unknown = json!({ "pledge_line_id": line, "need_id": uuid::Uuid::now_v7(), "quantity": "1" });
    let refused = cast.first.post(&format!("/v1/pledges/{id}/allocations"), &unknown).await;
    assert_eq!(refused.expect_problem(422, "invalid_fields").body["errors"][0]["pointer"], "/need_id");
    let neighbour = cast.app.client("kecamatan_officer", KENOHAN).await;
    allocate(&neighbour, &id, &line, &here[1], "1").await.expect_problem(404, "not_found");
    neighbour.get(&format!("/v1/allocations/{}", made.id())).await.expect_problem(404, "not_found");
    assert_eq!(allocations(&neighbour, "").await.len(), 0);
}

/// One family with two tractors reserved for it by the first officer.
async fn reserved(cast: &Cast) -> (String, String, NeedyFamily) {
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "2").await.remove(0);
    let (pledge, line) = cast.stocked("5", &[HAMBAU]).await;
    let id = allocate(&cast.first, &pledge, &line, &family, "2").await.expect(201).id();
    (pledge, format!("/v1/allocations/{id}"), family)
}

#[tokio::test(flavor = "multi_thread")]
async fn handover_needs_a_second_person_a_collector_and_a_proof() {
    let cast = Cast::new().await;
    let (pledge, allocation, family) = reserved(&cast).await;
    let (member, address) = (family.beneficiary_id.to_string(), format!("{allocation}/deliveries"));
    cast.first.post(&address, &handover("1", &member)).await.expect_problem(409, "second_person_needed");
    let stranger = uuid::Uuid::now_v7().to_string();
    cast.second.post(&address, &handover("1", &stranger)).await.expect_problem(422, "collector_not_member");
    for (field, value, code) in [
        ("proof_digest", json!("AB"), "digest_malformed"),
        ("proof_digest", json!(null), "wrong_type"),
        ("delivered_on", json!("2099-01-01"), "date_in_future"),
        ("collector_member_id", json!(null), "required"),
        ("power_of_attorney", json!("SK/1"), "wrong_type"),
        ("receiver_name", json!("Kerabat Contoh"), "unknown_field"),
        ("quantity", json!("0"), "quantity_zero"),
    ] {
        let mut new = handover("1", &member);
        new[field] = value;
        let refused = cast.second.post(&address, &new).await.expect_problem(422, "invalid_fields");
        assert_eq!(refused.body["errors"][0]["code"], code, "{field}: {}", refused.text);
    }
    let half = cast.second.post(&address, &handover("1", &member)).await.expect(201);
    assert_eq!((&half.body["collector_kind"], &half.body["recorded_by"]), (&json!("member"), &json!(cast.second.id)));
    let refused = cast.second.post(&address, &handover("2", &member)).await.expect_problem(409, "not_enough_left");
    assert!(refused.body["detail"].as_str().unwrap().contains("1 unit reserved, 2 asked"), "{}", refused.text);
    let mut by_alternate = handover("1", &member);
    by_alternate["collector_member_id"] = json!(null);
    by_alternate["power_of_attorney"] = json!("SK/7/2026");
    let refused = cast.second.post(&address, &by_alternate).await.expect_problem(422, "invalid_fields");
    let fault = &refused.body["errors"][0];
    assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/receiver_name"), &json!("required")));
    by_alternate["receiver_name"] = json!("Kerabat Contoh");
    let rest = cast.second.post(&address, &by_alternate).await.expect(201);
    assert_eq!(rest.body["collector_kind"], "alternate");
    // Officers and auditors read who it was; events tell nobody.
    let read = cast.first.get(rest.header("location")).await.expect(200).body;
    assert_eq!((&read["receiver_name"], &read), (&json!("Kerabat Contoh"), &rest.body));
    cast.company.get(rest.header("location")).await.expect_problem(403, "insufficient_scope");
    for client in [&cast.first, &cast.company] {
        cast.app.relayed().await;
        let told = client.get("/v1/events?limit=200").await.expect(200);
        assert!(told.text.contains("pledge.delivered") && !told.text.contains("Kerabat"), "{}", told.text);
    }
    cast.second.post(&address, &handover("1", &member)).await.expect_problem(409, "allocation_not_reserved");
    let read = cast.first.get(&allocation).await.expect(200);
    assert_eq!((&read.body["status"], &read.body["delivered_quantity"]), (&json!("delivered"), &json!("2")));
    let line = &cast.trail(&pledge).await["lines"][0];
    assert_eq!((&line["delivered"], &line["reserved"], &line["free"]), (&json!("2"), &json!("0"), &json!("3")));
    cast.assert_sums().await;
    assert_eq!(cast.app.audited("deliver_allocation").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_released_is_free_again_and_the_need_is_open_again() {
    let cast = Cast::new().await;
    let (pledge, allocation, family) = reserved(&cast).await;
    let member = family.beneficiary_id.to_string();
    cast.second.post(&format!("{allocation}/deliveries"), &handover("1", &member)).await.expect(201);
    let reason = json!({ "reason": "Satu cukup" });
    let released = cast.first.post(&format!("{allocation}/releases"), &reason).await.expect(200);
    assert_eq!((&released.body["status"], &released.body["delivered_quantity"]), (&json!("released"), &json!("1")));
    cast.first.post(&format!("{allocation}/releases"), &reason).await.expect_problem(409, "allocation_not_reserved");
    let line = &cast.trail(&pledge).await["lines"][0];
    assert_eq!((&line["delivered"], &line["allocated"], &line["free"]), (&json!("1"), &json!("1"), &json!("4")));
    let need = &cast.first.get(&format!("/v1/beneficiaries/{member}/needs")).await.expect(200).body["items"][0];
    assert_eq!((&need["status"], &need["met_quantity"]), (&json!("open"), &json!("1")));
    let run = cast.run(&pledge, false).await.expect(201);
    assert_eq!(run.body["lines"][0]["allocated_quantity"], "1");
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_does_not_reopen_a_need_beside_a_newer_one() {
    let cast = Cast::new().await;
    let (_, allocation, family) = reserved(&cast).await;
    let needs = format!("/v1/beneficiaries/{}/needs", family.beneficiary_id);
    let newer = cast.first.post(&needs, &json!({ "kind": "hand_tractor", "quantity": "1" })).await.expect(201);
    cast.first.post(&format!("{allocation}/releases"), &json!({ "reason": "Salah catat" })).await.expect(200);
    let all = cast.first.get(&needs).await.expect(200).body["items"].as_array().unwrap().clone();
    let status_of = |id: &str| all.iter().find(|need| need["id"] == id).unwrap()["status"].clone();
    assert_eq!(status_of(&newer.id()), "open");
    assert_eq!(status_of(&family.need_id.to_string()), "withdrawn");
}

#[tokio::test(flavor = "multi_thread")]
async fn handover_and_release_at_once_lose_nothing() {
    let cast = Cast::new().await;
    let (pledge, allocation, family) = reserved(&cast).await;
    let member = family.beneficiary_id.to_string();
    let address = format!("{allocation}/deliveries");
    let one = handover("1", &member);
    let deliveries = join_all((0..5).map(|_| cast.second.post(&address, &one)));
    let releases = format!("{allocation}/releases");
    let reason = json!({ "reason": "Batal" });
    let (delivered, _) = join(deliveries, cast.first.post(&releases, &reason)).await;
    let count = delivered.iter().filter(|answer| answer.status.as_u16() == 201).count();
    assert!(count <= 2);
    let line = &cast.trail(&pledge).await["lines"][0];
    assert_eq!(line["delivered"], count.to_string());
    assert_eq!((&line["received"], &line["reserved"]), (&json!("5"), &json!("0")));
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_that_is_not_live_any_more_gets_nothing_handed_over() {
    let cast = Cast::new().await;
    let (_, allocation, family) = reserved(&cast).await;
    cast.app.arrange("update beneficiaries set status = 'moved'").await;
    let answer =
        cast.second.post(&format!("{allocation}/deliveries"), &handover("1", &family.beneficiary_id.to_string())).await;
    answer.expect_problem(409, "beneficiary_not_live");
    cast.first.post(&format!("{allocation}/releases"), &json!({ "reason": "Pindah" })).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn handovers_are_read_with_their_proof_by_officers_and_auditors_and_by_no_company() {
    let cast = Cast::new().await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "2").await.remove(0);
    let (pledge, line) = cast.stocked("2", &[HAMBAU]).await;
    let allocation = allocate(&cast.first, &pledge, &line, &family, "2").await.expect(201).id();
    let (path, member) = (format!("/v1/allocations/{allocation}/deliveries"), family.beneficiary_id.to_string());
    let one = cast.second.post(&path, &handover("1", &member)).await.expect(201);
    let two = cast.second.post(&path, &handover("1", &member)).await.expect(201);
    assert_eq!(one.header("location"), format!("/v1/allocation-deliveries/{}", one.id()));
    let auditor = cast.app.client("auditor", 1).await;
    for reader in [&cast.first, &auditor] {
        assert_eq!(reader.get(one.header("location")).await.expect(200).body, one.body);
    }
    for name in ["handover_number", "proof_digest", "collector_member_id", "recorded_by", "transfer_id"] {
        assert!(one.body[name].is_string(), "{name}");
    }
    let listed = async |query: &str| {
        let page = auditor.get(&format!("/v1/allocation-deliveries?count=exact{query}")).await.expect(200).body;
        assert_eq!(page["total"], json!(page["items"].as_array().unwrap().len()));
        page["items"].clone()
    };
    let both = json!([one.body, two.body]);
    for query in [
        String::new(),
        format!("&allocation_id={allocation}"),
        format!("&pledge_id={pledge}"),
        format!("&pledge_line_id={line}"),
        format!("&beneficiary_id={member}&from=2026-11-12&to=2026-11-12"),
    ] {
        assert_eq!(listed(&query).await, both, "{query}");
    }
    assert_eq!(listed("&sort=-id").await, json!([two.body, one.body]));
    let none = uuid::Uuid::now_v7();
    for query in ["&from=2026-11-13".to_owned(), "&to=2026-11-11".to_owned(), format!("&allocation_id={none}")] {
        assert_eq!(listed(&query).await, json!([]), "{query}");
    }
    let neighbour = cast.app.client("auditor", KENOHAN).await;
    assert_eq!(neighbour.get("/v1/allocation-deliveries").await.expect(200).body["items"], json!([]));
    neighbour.get(one.header("location")).await.expect_problem(404, "not_found");
    cast.company.get("/v1/allocation-deliveries").await.expect_problem(403, "insufficient_scope");
    cast.company.get(one.header("location")).await.expect_problem(403, "insufficient_scope");

    // A return after several handovers names the one that the list told.
    let told = listed(&format!("&allocation_id={allocation}")).await[1]["id"].clone();
    let back = json!({ "quantity": "1", "returned_on": "2026-11-20", "reason": "not_used", "is_usable": true,
                       "is_still_needed": false, "handover_number": "BAST-R/1", "allocation_delivery_id": told });
    let back = cast.first.post(&format!("/v1/allocations/{allocation}/returns"), &back).await.expect(201);
    assert_eq!(back.body["allocation_delivery_id"], two.body["id"]);
}
