//! Nobody reads or changes what is not theirs: every operation of the document, without a token, with too little
//! right, and with the token of another sub-district or company.
//!
//! A new operation needs one row in [`ROWS`], and where its path or body names a new kind of record, one of that
//! kind in [`World`]. Everything else is read from the document.

pub(crate) mod operation;
pub(crate) mod world;

use std::collections::BTreeSet;

use sinergi::auth::PERMISSIONS;

use crate::support::{Answer, Client, TestApp};
use operation::{Operation, operations};
use world::World;

/// What somebody else gets who asks for what is not theirs.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Elsewhere {
    /// 404, the same answer as for an id that nobody has.
    Missing,
    /// A list without any of it.
    Empty,
    /// The same for everybody: it belongs to nobody.
    Same,
    /// A list that is empty for everybody, unless something is wrong.
    Nothing,
    /// A refusal of the body that names it.
    Refused,
    /// A record of their own, which those of the other side cannot see.
    Own,
}
use Elsewhere::{Empty, Missing, Nothing, Own, Refused, Same};

/// Every operation, by its id.
const ROWS: &[(&str, Elsewhere)] = &[
    ("list_regions", Same),
    ("get_region", Same),
    ("list_beneficiaries", Empty),
    ("get_beneficiary", Missing),
    ("register_beneficiary", Refused),
    ("update_beneficiary", Missing),
    ("list_members", Missing),
    ("get_member", Missing),
    ("change_card", Missing),
    ("list_card_changes", Missing),
    ("add_member", Missing),
    ("update_member", Missing),
    ("end_membership", Missing),
    ("split_beneficiary", Missing),
    ("merge_beneficiary", Missing),
    ("change_head", Missing),
    ("move_member", Missing),
    ("list_relocations", Empty),
    ("get_relocation", Missing),
    ("relocate_beneficiary", Missing),
    ("accept_relocation", Missing),
    ("refuse_relocation", Missing),
    ("withdraw_relocation", Missing),
    ("list_collectors", Missing),
    ("get_collector", Missing),
    ("register_collector", Missing),
    ("revoke_collector", Missing),
    ("list_memberships", Missing),
    ("list_beneficiary_versions", Missing),
    ("list_member_versions", Missing),
    ("record_nik_check", Missing),
    ("list_warnings", Empty),
    ("count_warnings", Empty),
    ("search_beneficiaries", Empty),
    ("disclose_numbers", Missing),
    ("verify_beneficiary", Missing),
    ("list_attribute_schemas", Empty),
    ("get_attribute_schema", Missing),
    ("register_attribute_schema", Own),
    ("list_ranks", Missing),
    ("record_rank", Missing),
    ("list_rank_disagreements", Empty),
    ("count_rank_disagreements", Empty),
    ("import_ranks", Own),
    ("list_rank_imports", Empty),
    ("get_rank_import", Missing),
    ("list_rank_import_faults", Missing),
    ("check_duplicates", Refused),
    ("start_duplicate_run", Refused),
    ("list_duplicate_runs", Empty),
    ("get_duplicate_run", Missing),
    ("list_duplicate_clusters", Missing),
    ("list_duplicate_pairs", Empty),
    ("get_duplicate_pair", Missing),
    ("decide_duplicate_pair", Missing),
    ("merge_duplicates", Refused),
    ("list_duplicate_mergers", Empty),
    ("get_duplicate_merger", Missing),
    ("undo_duplicate_merger", Missing),
    ("start_import", Own),
    ("list_imports", Empty),
    ("get_import", Missing),
    ("list_import_faults", Missing),
    ("disclose_faulty_rows", Missing),
    ("list_import_leavers", Missing),
    ("list_import_duplicates", Missing),
    ("review_import", Missing),
    ("apply_import", Missing),
    ("cancel_import", Missing),
    ("list_import_mappings", Empty),
    ("get_import_mapping", Missing),
    ("add_import_mapping", Own),
    ("update_import_mapping", Missing),
    ("list_facts", Same),
    ("get_fact", Same),
    ("list_programs", Empty),
    ("get_program", Missing),
    ("define_program", Own),
    ("update_program", Missing),
    ("list_rule_sets", Missing),
    ("get_rule_set", Missing),
    ("add_rule_set", Missing),
    ("count_eligible_beneficiaries", Missing),
    ("list_eligible_beneficiaries", Missing),
    ("explain_eligibility", Missing),
    ("simulate_rules", Missing),
    ("list_overlap_rules", Empty),
    ("get_overlap_rule", Missing),
    ("add_overlap_rule", Refused),
    ("end_overlap_rule", Missing),
    ("list_quotas", Missing),
    ("get_quota", Missing),
    ("set_quota", Missing),
    ("list_overlaps", Missing),
    ("count_overlaps", Missing),
    ("propose_enrollments", Missing),
    ("activate_enrollments", Missing),
    ("confirm_enrollment", Missing),
    ("activate_enrollment", Missing),
    ("count_places", Missing),
    ("list_reserves", Missing),
    ("get_reserve", Missing),
    ("remove_reserve", Missing),
    ("list_replacements", Empty),
    ("count_replacements", Empty),
    ("get_replacement", Missing),
    ("replace_enrollment", Missing),
    ("list_graduation_criteria", Empty),
    ("get_graduation_criteria", Missing),
    ("set_graduation_criteria", Own),
    ("list_graduation_candidates", Empty),
    ("explain_graduation", Missing),
    ("list_graduations", Empty),
    ("get_graduation", Missing),
    ("graduate_beneficiary", Refused),
    ("return_graduate", Missing),
    ("enrol_eligible_beneficiaries", Missing),
    ("list_enrollments", Empty),
    ("get_enrollment", Missing),
    ("exit_enrollment", Missing),
    ("suspend_enrollment", Missing),
    ("resume_enrollment", Missing),
    ("list_deliberations", Empty),
    ("get_deliberation", Missing),
    ("record_deliberation", Refused),
    ("apply_deliberation", Missing),
    ("report_deliberation", Missing),
    ("forward_deliberation", Missing),
    ("list_deliberation_decisions", Missing),
    ("get_deliberation_report", Missing),
    ("list_change_requests", Empty),
    ("get_change_request", Missing),
    ("propose_family_change", Missing),
    ("propose_member_change", Missing),
    ("approve_change_request", Missing),
    ("reject_change_request", Missing),
    ("list_verification_rounds", Empty),
    ("get_verification_round", Missing),
    ("open_verification_round", Refused),
    ("close_verification_round", Missing),
    ("list_verification_tasks", Missing),
    ("get_round_progress", Missing),
    ("get_targeting_error", Missing),
    ("list_visits", Empty),
    ("get_visit", Missing),
    ("record_visit", Refused),
    ("list_verification_coverage", Empty),
    ("lay_suspension_order", Missing),
    ("preview_suspension_order", Missing),
    ("list_suspension_orders", Missing),
    ("get_suspension_order", Missing),
    ("release_suspension_order", Missing),
    ("list_holds", Missing),
    ("list_cycles", Missing),
    ("get_cycle", Missing),
    ("open_cycle", Missing),
    ("approve_cycle", Missing),
    ("cancel_cycle", Missing),
    ("close_cycle", Missing),
    ("list_cycle_omissions", Missing),
    ("list_duty_compliance", Missing),
    ("list_duty_records", Empty),
    ("get_duty_record", Missing),
    ("record_duty", Refused),
    ("list_entitlements", Empty),
    ("get_entitlement", Missing),
    ("list_aid", Empty),
    ("total_aid", Empty),
    ("list_double_aid", Empty),
    ("list_trainings", Empty),
    ("get_training", Missing),
    ("plan_training", Refused),
    ("update_training", Missing),
    ("open_training", Missing),
    ("hold_training", Missing),
    ("close_training", Missing),
    ("cancel_training", Missing),
    ("list_training_participants", Missing),
    ("get_training_participant", Missing),
    ("register_participant", Missing),
    ("withdraw_participant", Missing),
    ("release_seats", Missing),
    ("record_assessments", Missing),
    ("list_training_sessions", Missing),
    ("get_training_session", Missing),
    ("schedule_training_session", Missing),
    ("list_attendance", Missing),
    ("record_attendance", Missing),
    ("list_training_certificates", Empty),
    ("get_training_certificate", Missing),
    ("issue_certificates", Missing),
    ("revoke_certificate", Missing),
    ("list_complaints", Empty),
    ("get_complaint", Missing),
    ("list_complaint_steps", Missing),
    ("count_complaints", Empty),
    ("lodge_complaint", Refused),
    ("assign_complaint", Missing),
    ("answer_complaint", Missing),
    ("close_complaint", Missing),
    ("refer_complaint", Missing),
    ("withdraw_complaint", Missing),
    ("reopen_complaint", Missing),
    ("list_due_follow_ups", Empty),
    ("list_follow_ups", Empty),
    ("get_follow_up", Missing),
    ("record_follow_up", Refused),
    ("list_follow_up_outcomes", Empty),
    ("list_empowerment_plans", Empty),
    ("get_empowerment_plan", Missing),
    ("plan_empowerment", Refused),
    ("end_empowerment_plan", Missing),
    ("count_empowerment_plans", Empty),
    ("list_due_milestones", Empty),
    ("get_milestone", Missing),
    ("reach_milestone", Missing),
    ("waive_milestone", Missing),
    ("list_assets", Empty),
    ("get_asset", Missing),
    ("register_asset", Own),
    ("start_asset_repair", Missing),
    ("end_asset_repair", Missing),
    ("recover_asset", Missing),
    ("list_custodies", Empty),
    ("get_custody", Missing),
    ("hand_over_asset", Missing),
    ("hand_back_asset", Missing),
    ("transfer_asset", Missing),
    ("list_due_asset_checks", Empty),
    ("list_asset_checks", Empty),
    ("get_asset_check", Missing),
    ("record_asset_check", Missing),
    ("list_asset_write_offs", Empty),
    ("get_asset_write_off", Missing),
    ("propose_asset_write_off", Missing),
    ("agree_to_asset_write_off", Missing),
    ("refuse_asset_write_off", Missing),
    ("count_assets", Empty),
    ("list_deliveries", Empty),
    ("get_delivery", Missing),
    ("record_delivery", Refused),
    ("list_delivery_returns", Empty),
    ("get_delivery_return", Missing),
    ("record_delivery_return", Missing),
    ("list_devices", Empty),
    ("get_device", Missing),
    ("register_device", Refused),
    ("revoke_device", Missing),
    ("list_delivery_batches", Empty),
    ("get_delivery_batch", Missing),
    ("take_delivery_batch", Refused),
    ("list_delivery_conflicts", Empty),
    ("get_delivery_conflict", Missing),
    ("dismiss_delivery_conflict", Missing),
    ("apply_delivery_conflict", Missing),
    ("list_delivery_imports", Empty),
    ("get_delivery_import", Missing),
    ("import_deliveries", Missing),
    ("list_delivery_import_rows", Missing),
    ("list_delivery_losses", Empty),
    ("get_delivery_loss", Missing),
    ("record_delivery_loss", Missing),
    ("list_stock_sites", Empty),
    ("get_stock_site", Missing),
    ("add_stock_site", Refused),
    ("update_stock_site", Missing),
    ("close_stock_site", Missing),
    ("list_stock_lots", Empty),
    ("get_stock_lot", Missing),
    ("receive_stock_lot", Refused),
    ("list_stock_balances", Empty),
    ("list_stock_movements", Empty),
    ("get_stock_movement", Missing),
    ("transfer_stock", Missing),
    ("hand_out_stock", Missing),
    ("take_stock_back", Missing),
    ("return_stock", Missing),
    ("count_stock", Missing),
    ("list_stock_losses", Empty),
    ("get_stock_loss", Missing),
    ("propose_stock_loss", Refused),
    ("agree_to_stock_loss", Missing),
    ("refuse_stock_loss", Missing),
    ("list_companies", Empty),
    ("get_company", Missing),
    ("add_company", Own),
    ("update_company", Missing),
    ("list_need_kinds", Same),
    ("get_need_kind", Same),
    ("list_needs", Empty),
    ("get_need_reach", Empty),
    ("list_family_needs", Missing),
    ("get_need", Missing),
    ("record_need", Missing),
    ("withdraw_need", Missing),
    ("start_export", Own),
    ("list_exports", Empty),
    ("get_export", Missing),
    ("get_export_file", Missing),
    ("cancel_export", Missing),
    ("get_pledge_state_machine", Same),
    ("list_pledges", Empty),
    ("get_pledge", Missing),
    ("draft_pledge", Refused),
    ("update_pledge", Missing),
    ("submit_pledge", Missing),
    ("withdraw_pledge", Missing),
    ("return_pledge", Missing),
    ("reject_pledge", Missing),
    ("accept_pledge", Missing),
    ("amend_pledge", Missing),
    ("cancel_pledge", Missing),
    ("write_off_pledge", Missing),
    ("refund_pledge", Missing),
    ("reallocate_pledge", Missing),
    ("record_pledge_loss", Missing),
    ("correct_pledge", Missing),
    ("close_pledge", Missing),
    ("reopen_pledge", Missing),
    ("agree_to_pledge_decision", Missing),
    ("refuse_pledge_decision", Missing),
    ("withdraw_pledge_decision", Missing),
    ("list_pledge_decisions", Empty),
    ("get_pledge_decision", Missing),
    ("get_pledge_installments", Missing),
    ("list_pledge_disclosures", Missing),
    ("get_pledge_disclosure", Missing),
    ("add_pledge_disclosure", Missing),
    ("list_evidence_packs", Missing),
    ("get_evidence_pack", Missing),
    ("get_evidence_pack_file", Missing),
    ("make_evidence_pack", Missing),
    ("list_annual_evidence_packs", Empty),
    ("make_annual_evidence_pack", Refused),
    ("list_receipts", Missing),
    ("get_receipt", Missing),
    ("record_receipt", Missing),
    ("run_allocation", Missing),
    ("list_matching_runs", Empty),
    ("get_matching_run", Missing),
    ("start_matching_run", Own),
    ("commit_matching_run", Missing),
    ("list_matching_run_lines", Missing),
    ("list_matching_run_families", Missing),
    ("get_matching_run_family", Missing),
    ("get_matching_run_transcript", Missing),
    ("list_allocations", Empty),
    ("get_allocation", Missing),
    ("allocate_to_need", Missing),
    ("deliver_allocation", Missing),
    ("release_allocation", Missing),
    ("list_allocation_deliveries", Empty),
    ("get_allocation_delivery", Missing),
    ("list_allocation_returns", Empty),
    ("get_allocation_return", Missing),
    ("record_allocation_return", Missing),
    ("get_pledge_trail", Missing),
    ("list_realisations", Empty),
    ("total_realisations", Empty),
    ("list_accounts", Empty),
    ("list_transfers", Empty),
    ("get_transfer", Missing),
    ("list_discrepancies", Nothing),
    ("list_audit_records", Empty),
    ("get_audit_record", Missing),
    ("prove_audit_record", Missing),
    ("list_audit_blocks", Same),
    ("list_events", Empty),
    ("list_webhooks", Empty),
    ("create_webhook", Own),
    ("rotate_webhook_secret", Missing),
    ("list_webhook_deliveries", Missing),
    ("test_webhook", Missing),
    ("replay_webhook", Missing),
    ("get_webhook", Missing),
    ("update_webhook", Missing),
    ("remove_webhook", Missing),
];

/// Operations that need no token. This list may only shrink.
const PUBLIC: &[&str] = &[];

fn row(operation: &Operation) -> Elsewhere {
    let row = ROWS.iter().find(|(id, _)| *id == operation.id);
    row.unwrap_or_else(|| panic!("add a row for `{}` to ROWS in tests/api/authorization/mod.rs", operation.id)).1
}

#[test]
fn every_operation_has_its_row() {
    let operations = operations();
    let missing: Vec<&str> = operations
        .iter()
        .map(|operation| operation.id.as_str())
        .filter(|id| !ROWS.iter().any(|(known, _)| known == id) && !PUBLIC.contains(id))
        .collect();
    assert!(missing.is_empty(), "add rows to ROWS in tests/api/authorization/mod.rs: {missing:?}");
    let gone = ROWS.iter().filter(|(id, _)| !operations.iter().any(|operation| operation.id == *id));
    let gone: Vec<&str> = gone.map(|(id, _)| *id).collect();
    assert!(gone.is_empty(), "no such operations: {gone:?}");
    let public =
        operations.iter().filter(|operation| operation.scope.is_empty()).map(|operation| operation.id.as_str());
    assert_eq!(public.collect::<Vec<_>>(), PUBLIC);
}

#[test]
fn every_name_of_a_record_says_of_what_kind() {
    let operations = operations();
    let unknown = operations.iter().map(|one| (&one.id, one.unknown_names())).filter(|(_, names)| !names.is_empty());
    let unknown: Vec<_> = unknown.collect();
    assert!(unknown.is_empty(), "add their kinds to KINDS in tests/api/authorization/world.rs: {unknown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_every_operation_answers_401() {
    let app = TestApp::new().await;
    let world = World::empty();
    for operation in operations() {
        let answer = operation.call(&app.stranger(), &world, &world).await;
        assert_eq!(answer.status.as_u16(), 401, "{}: {}", operation.id, answer.text);
        assert_eq!(answer.body["code"], "token_missing", "{}", operation.id);
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{}", operation.id);
        let forged = app.stranger().with_token("a.b.c");
        let answer = operation.call(&forged, &world, &world).await;
        assert_eq!(answer.body["code"], "token_invalid", "{}", operation.id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_permission_every_operation_answers_403() {
    let app = TestApp::new().await;
    let world = World::empty();
    let clients = world::clients(&app, 1).await;
    for operation in operations() {
        let (_, _, roles) = PERMISSIONS.iter().find(|(scope, ..)| *scope == operation.scope).unwrap();
        for (role, client) in clients.iter().filter(|(role, _)| !roles.contains(role)) {
            let answer = operation.call(client, &world, &world).await;
            assert_eq!(answer.status.as_u16(), 403, "{} as {role}: {}", operation.id, answer.text);
            let told = format!(r#"Bearer error="insufficient_scope", scope="{}""#, operation.scope);
            assert_eq!(answer.header("www-authenticate"), told, "{}", operation.id);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_with_less_than_the_role_may_answers_403() {
    let app = TestApp::new().await;
    let world = World::empty();
    let clients = world::clients(&app, 1).await;
    for operation in operations() {
        let (_, _, roles) = PERMISSIONS.iter().find(|(scope, ..)| *scope == operation.scope).unwrap();
        let client = &clients.iter().find(|(role, _)| roles.contains(role)).unwrap().1;
        let other = if operation.scope == "events:read" { "regions:read" } else { "events:read" };
        let answer = operation.call(&narrowed(client, other).await, &world, &world).await;
        assert_eq!(answer.status.as_u16(), 403, "{}: {}", operation.id, answer.text);
    }
}

/// The same client with one scope only.
async fn narrowed(client: &Client, scope: &str) -> Client {
    let request = client.request(reqwest::Method::POST, "/oauth2/token");
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &client.id),
        ("client_secret", &client.secret),
        ("scope", scope),
    ];
    // The token of the client itself must not go along: the form says who it is.
    let mut request = request.form(&form).build().unwrap();
    request.headers_mut().remove("authorization");
    let answer: serde_json::Value = reqwest::Client::new().execute(request).await.unwrap().json().await.unwrap();
    client.with_token(answer["access_token"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_others_is_out_of_reach() {
    let app = TestApp::new().await;
    let here = World::new(&app, 1).await;
    let there = World::new(&app, 2).await;
    // Another company of the same sub-district: nothing but the company parts the two.
    let rival = ("company", world::company(&app, 1).await.1);
    let operations = operations();
    let mut of_one_row = BTreeSet::new();
    // Reads first: a write may end what a later read asks for.
    let (reads, writes): (Vec<_>, Vec<_>) = operations.iter().partition(|operation| operation.method == "GET");
    let (removals, writes): (Vec<_>, Vec<_>) = writes.into_iter().partition(|operation| operation.method == "DELETE");
    for operation in reads.into_iter().chain(writes).chain(removals) {
        let mut strangers: Vec<&(&str, Client)> = there.clients.iter().collect();
        if operation.is_of_companies() {
            strangers.push(&rival);
        }
        for (role, stranger) in strangers.into_iter().filter(|(role, _)| operation.is_allowed_to(role)) {
            let what = format!("{} as {role} of elsewhere", operation.id);
            if expect_nothing(&app, operation, &here, &there, stranger, &what).await {
                of_one_row.insert(operation.id.as_str());
            }
        }
        expect_something(operation, &here).await;
    }
    let unsaid: Vec<&str> = of_one_row.into_iter().filter(|id| !ONE_ROW.contains(id)).collect();
    assert!(unsaid.is_empty(), "make two in World, or say so in ONE_ROW: {unsaid:?}");
}

/// Asks for what is here with the token of somebody from there; tells whether it is a list of one row.
async fn expect_nothing(
    app: &TestApp,
    operation: &Operation,
    here: &World,
    there: &World,
    stranger: &Client,
    what: &str,
) -> bool {
    let answer = operation.call(stranger, here, here).await;
    match row(operation) {
        Missing => {
            assert_eq!(answer.status.as_u16(), 404, "{what}: {}", answer.text);
            let unknown = operation.call(stranger, &World::empty(), here).await;
            assert_eq!(without_ids(&answer), without_ids(&unknown), "{what}: not the answer to an unknown id");
        }
        Nothing => assert_eq!(answer.body["items"], serde_json::json!([]), "{what}"),
        Empty => {
            assert_eq!(answer.status.as_u16(), 200, "{what}: {}", answer.text);
            expect_no_mark(&answer, here, what);
        }
        Same => {
            let own = here.clients.iter().find(|(role, _)| operation.is_allowed_to(role)).unwrap();
            let own = operation.call(&own.1, here, here).await;
            assert_eq!(answer.body["items"], own.body["items"], "{what}: not the same for everybody");
        }
        Refused => {
            assert!([400, 404, 409, 422].contains(&answer.status.as_u16()), "{what}: {}", answer.text);
            expect_no_mark(&answer, here, what);
        }
        Own => {
            assert!(answer.status.is_success(), "{what}: {}", answer.text);
            let made = answer.header("location").to_owned();
            for (role, client) in &here.clients {
                let seen = client.get(&made).await.status.as_u16();
                assert!([403, 404].contains(&seen), "{what}: {made} is seen by {role}");
            }
        }
    }
    // A body of there that names a record of here, under a path of there.
    if operation.body_names_records() && row(operation) == Missing {
        let mixed = operation.call(stranger, there, here).await;
        assert!([400, 404, 409, 422].contains(&mixed.status.as_u16()), "{what}, ids in the body: {}", mixed.text);
    }
    // The same by what the example does not name.
    for (member, kind) in operation.named_besides() {
        if UNREAD.contains(&(operation.id.as_str(), member)) {
            continue;
        }
        let mixed = operation.call_naming(stranger, there, (member, here.id(kind))).await;
        assert!([400, 404, 409, 412, 422].contains(&mixed.status.as_u16()), "{what}, {member}: {}", mixed.text);
        expect_no_mark_but(&mixed, here, here.id(kind), &format!("{what}, {member}"));
    }
    for (parameter, kind) in operation.filters() {
        let filtered = operation.call_with(stranger, there, &format!("{parameter}={}", here.id(kind))).await;
        assert!([200, 400, 404, 422].contains(&filtered.status.as_u16()), "{what}, {parameter}: {}", filtered.text);
        if filtered.status.is_success() && row(operation) != Same {
            expect_no_mark_but(&filtered, here, here.id(kind), &format!("{what}, {parameter}"));
        }
    }
    if operation.has_cursor() {
        return expect_no_foreign_cursor(app, operation, here, there, stranger).await;
    }
    false
}

/// Lists of which a world has one row, or none: no page of them has a cursor to take. This list may only shrink.
const ONE_ROW: &[&str] = &[
    "count_rank_disagreements",
    "count_warnings",
    "list_allocation_returns",
    "list_allocations",
    "list_annual_evidence_packs",
    "list_asset_checks",
    "list_asset_write_offs",
    "list_assets",
    "list_attendance",
    "list_attribute_schemas",
    "list_card_changes",
    "list_change_requests",
    "list_complaint_steps",
    "list_complaints",
    "list_custodies",
    "list_cycle_omissions",
    "list_cycles",
    "list_deliberation_decisions",
    "list_deliberations",
    "list_deliveries",
    "list_delivery_batches",
    "list_delivery_conflicts",
    "list_delivery_import_rows",
    "list_delivery_imports",
    "list_delivery_losses",
    "list_delivery_returns",
    "list_devices",
    "list_due_asset_checks",
    "list_due_follow_ups",
    "list_duplicate_clusters",
    "list_duplicate_mergers",
    "list_duplicate_runs",
    "list_duty_compliance",
    "list_duty_records",
    "list_empowerment_plans",
    "list_evidence_packs",
    "list_exports",
    "list_follow_ups",
    "list_graduation_criteria",
    "list_graduations",
    "list_import_duplicates",
    "list_import_faults",
    "list_import_leavers",
    "list_import_mappings",
    "list_imports",
    "list_matching_run_lines",
    "list_matching_runs",
    "list_member_versions",
    "list_needs",
    "list_overlap_rules",
    "list_overlaps",
    "list_pledge_decisions",
    "list_pledge_disclosures",
    "list_pledges",
    "list_quotas",
    "list_rank_import_faults",
    "list_rank_imports",
    "list_receipts",
    "list_relocations",
    "list_replacements",
    "list_reserves",
    "list_rule_sets",
    "list_stock_balances",
    "list_stock_losses",
    "list_stock_lots",
    "list_stock_movements",
    "list_stock_sites",
    "list_suspension_orders",
    "list_training_certificates",
    "list_training_participants",
    "list_training_sessions",
    "list_trainings",
    "list_verification_coverage",
    "list_verification_rounds",
    "list_visits",
    "list_webhook_deliveries",
    "list_webhooks",
];

/// Members of bodies that nobody reads of this world's records: who leaves here is no head, so nobody follows.
const UNREAD: &[(&str, &str)] = &[("end_membership", "successor_id")];

/// Takes the cursor of a page of here there, and one of another list; tells whether here is no second page.
async fn expect_no_foreign_cursor(
    app: &TestApp,
    operation: &Operation,
    here: &World,
    there: &World,
    stranger: &Client,
) -> bool {
    let regions = stranger.get("/v1/regions?limit=2").await.expect(200);
    let other_list = regions.body["next"].as_str().unwrap().to_owned();
    let (mut cursors, mut has_one_row) = (vec![("of another list", other_list)], false);
    let neighbours =
        here.clients.iter().filter(|(role, client)| operation.is_allowed_to(role) && client.id != stranger.id);
    for (_, neighbour) in neighbours.take(1) {
        let page = operation.call_with(neighbour, here, "limit=1").await;
        let cursor = page.body["next"].as_str().map(|cursor| ("of another caller", cursor.to_owned()));
        has_one_row |= cursor.is_none();
        cursors.extend(cursor);
    }
    for (whose, cursor) in cursors {
        if whose == "of another list" && operation.id == "list_regions" {
            continue;
        }
        let answer = operation.call_with(stranger, there, &format!("cursor={cursor}")).await;
        assert_eq!(answer.body["code"], "cursor_invalid", "{}: a cursor {whose} on {}", operation.id, app.url);
    }
    has_one_row
}

/// The proof that the ids were right: somebody from here is not told that they are unknown.
async fn expect_something(operation: &Operation, here: &World) {
    let mut answers = Vec::new();
    for (role, client) in here.clients.iter().filter(|(role, _)| operation.is_allowed_to(role)) {
        let answer = operation.call(client, here, here).await;
        answers.push(format!("{role}: {} {}", answer.status, answer.text));
        let is_found = ![401, 403, 404].contains(&answer.status.as_u16()) && !answer.status.is_server_error();
        // Sums of needs name nothing that is here; that they are more than nothing is all they show.
        let is_counted = answer.body["families_at_least"].as_i64() > Some(0);
        let is_shown =
            row(operation) != Empty || is_counted || here.marks().iter().any(|mark| answer.text.contains(mark));
        if is_found && is_shown {
            return;
        }
    }
    panic!("{}: nobody of here sees what is here, so this proves nothing:\n{}", operation.id, answers.join("\n"));
}

fn expect_no_mark(answer: &Answer, here: &World, what: &str) {
    expect_no_mark_but(answer, here, "-", what);
}

/// What was asked for by its id may be told back in an address.
fn expect_no_mark_but(answer: &Answer, here: &World, asked: &str, what: &str) {
    for mark in here.marks().into_iter().filter(|mark| mark != asked) {
        assert!(!answer.text.contains(&mark), "{what} shows {mark}: {}", answer.text);
    }
}

/// A refusal without what differs in each.
fn without_ids(answer: &Answer) -> serde_json::Value {
    let mut body = answer.body.clone();
    for name in ["trace_id", "instance"] {
        body.as_object_mut().map(|body| body.remove(name));
    }
    body
}
