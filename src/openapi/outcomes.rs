//! Says of each command what is so once it is done.
//!
//! A command answers the record as it is then, and more is known of that record than of one that is only read: an
//! approved cycle has its status, and by whom and when it was approved is never missing. Each such answer has a schema
//! of its own, so that a client that got one need not ask again, and a command that does not do so is found out.

use serde_json::{Value, json};

use super::operations::{self, Operation};
use super::{Object, object_at, parameters, references};

/// What is known of a property then.
enum Known {
    /// One of these.
    Is(&'static [&'static str]),
    /// It holds.
    Holds,
    /// It does not hold.
    Not,
    /// It is told.
    Told,
    /// There is nothing to tell.
    Untold,
    /// It is a number of at least so much.
    From(u8),
}

use Known::{From, Holds, Is, Not, Told, Untold};

type Facts = &'static [(&'static str, Known)];

const LEFT: Facts = &[("left_on", Told), ("left_because", Told)];
const STAYING: Facts = &[("left_on", Untold), ("left_because", Untold)];
const OWN: Facts = &[("is_of_state", Not)];

/// Operation, name of its answer, and what is known of it.
const OUTCOMES: &[(&str, &str, Facts)] = &[
    ("register_beneficiary", "RegisteredBeneficiary", &[("status", Is(&["live"]))]),
    ("update_beneficiary", "CorrectedBeneficiary", &[("status", Is(&["live"]))]),
    (
        "verify_beneficiary",
        "VerifiedBeneficiary",
        &[("status", Is(&["live"])), ("verified_at", Told), ("verified_by", Told)],
    ),
    (
        "split_beneficiary",
        "SplitBeneficiary",
        &[("status", Is(&["live"])), ("verified_at", Untold), ("decile", Untold)],
    ),
    ("change_head", "ReheadedBeneficiary", &[("status", Is(&["live"]))]),
    ("move_member", "MovedMember", &[("left_on", Untold), ("left_because", Untold), ("version", From(2))]),
    ("relocate_beneficiary", "RecordedRelocation", &[("status", Is(&["offered", "accepted"]))]),
    (
        "accept_relocation",
        "AcceptedRelocation",
        &[("status", Is(&["accepted"])), ("decided_by", Told), ("decided_at", Told)],
    ),
    (
        "refuse_relocation",
        "RefusedRelocation",
        &[("status", Is(&["refused"])), ("decided_by", Told), ("decided_at", Told), ("decision_reason", Told)],
    ),
    (
        "withdraw_relocation",
        "WithdrawnRelocation",
        &[("status", Is(&["withdrawn"])), ("decided_by", Told), ("decided_at", Told), ("decision_reason", Told)],
    ),
    ("register_collector", "RegisteredCollector", &[("ended_on", Untold), ("end_reason", Untold)]),
    (
        "revoke_collector",
        "RevokedCollector",
        &[("ended_on", Told), ("end_reason", Is(&["revoked"])), ("version", From(2))],
    ),
    ("add_member", "AddedMember", STAYING),
    ("update_member", "CorrectedMember", STAYING),
    ("end_membership", "DepartedMember", LEFT),
    (
        "record_nik_check",
        "CheckedMember",
        &[("nik_status", Is(&["matched", "conflict"])), ("nik_checked_at", Told), ("nik_checked_by", Told)],
    ),
    ("import_ranks", "StartedRankImport", &[("status", Is(&["running"]))]),
    (
        "register_device",
        "RegisteredDevice",
        &[("status", Is(&["active"])), ("revoked_at", Untold), ("revoked_by", Untold)],
    ),
    (
        "revoke_device",
        "RevokedDevice",
        &[("status", Is(&["revoked"])), ("revoked_by", Told), ("revoked_at", Told), ("revocation_reason", Told)],
    ),
    (
        "dismiss_delivery_conflict",
        "DismissedConflict",
        &[("status", Is(&["dismissed"])), ("settled_by", Told), ("settled_at", Told), ("settlement_reason", Told)],
    ),
    (
        "apply_delivery_conflict",
        "AppliedConflict",
        &[("status", Is(&["applied"])), ("settled_by", Told), ("settled_at", Told), ("settlement_reason", Untold)],
    ),
    (
        "register_asset",
        "RegisteredAsset",
        &[
            ("status", Is(&["in_store"])),
            ("custody_id", Untold),
            ("status_reason", Untold),
            ("last_checked_on", Untold),
        ],
    ),
    ("hand_over_asset", "BegunCustody", &[("ended_on", Untold), ("end_reason", Untold), ("follows_id", Untold)]),
    (
        "hand_back_asset",
        "EndedCustody",
        &[
            ("ended_on", Told),
            ("end_reason", Told),
            ("return_condition", Told),
            ("ended_by", Told),
            ("version", From(2)),
        ],
    ),
    ("transfer_asset", "TransferredCustody", &[("ended_on", Untold), ("end_reason", Untold), ("follows_id", Told)]),
    (
        "start_asset_repair",
        "AssetInRepair",
        &[("status", Is(&["under_repair"])), ("status_reason", Told), ("status_minutes_number", Told)],
    ),
    (
        "end_asset_repair",
        "RepairedAsset",
        &[("status", Is(&["in_store", "in_custody"])), ("status_reason", Untold), ("status_minutes_number", Untold)],
    ),
    (
        "recover_asset",
        "RecoveredAsset",
        &[("status", Is(&["in_store"])), ("custody_id", Untold), ("status_reason", Untold)],
    ),
    (
        "propose_asset_write_off",
        "ProposedAssetWriteOff",
        &[("status", Is(&["proposed"])), ("decided_by", Untold), ("decided_at", Untold), ("refusal_reason", Untold)],
    ),
    (
        "agree_to_asset_write_off",
        "AgreedAssetWriteOff",
        &[("status", Is(&["agreed"])), ("decided_by", Told), ("decided_at", Told), ("refusal_reason", Untold)],
    ),
    (
        "refuse_asset_write_off",
        "RefusedAssetWriteOff",
        &[("status", Is(&["refused"])), ("decided_by", Told), ("decided_at", Told), ("refusal_reason", Told)],
    ),
    ("add_stock_site", "AddedStockSite", &[("closed_on", Untold)]),
    ("close_stock_site", "ClosedStockSite", &[("closed_on", Told), ("version", From(2))]),
    (
        "propose_stock_loss",
        "ProposedStockLoss",
        &[("status", Is(&["proposed"])), ("decided_by", Untold), ("decided_at", Untold)],
    ),
    (
        "agree_to_stock_loss",
        "AgreedStockLoss",
        &[("status", Is(&["agreed"])), ("decided_by", Told), ("decided_at", Told), ("decision_reason", Untold)],
    ),
    (
        "refuse_stock_loss",
        "RefusedStockLoss",
        &[("status", Is(&["refused"])), ("decided_by", Told), ("decided_at", Told), ("decision_reason", Told)],
    ),
    (
        "transfer_stock",
        "TransferredStock",
        &[("kind", Is(&["transfer"])), ("from_site_id", Told), ("to_site_id", Told)],
    ),
    ("hand_out_stock", "HandedOutStock", &[("kind", Is(&["hand_out"])), ("from_site_id", Told), ("cycle_id", Told)]),
    ("take_stock_back", "StockTakenBack", &[("kind", Is(&["take_back"])), ("to_site_id", Told), ("cycle_id", Told)]),
    ("return_stock", "ReturnedStock", &[("kind", Is(&["return"])), ("from_site_id", Told), ("remark", Told)]),
    ("count_stock", "CountedStock", &[("kind", Is(&["count"])), ("counted_quantity", Told)]),
    ("import_deliveries", "StartedDeliveryImport", &[("status", Is(&["running"]))]),
    ("start_import", "StartedImport", &[("status", Is(&["running", "uploaded"]))]),
    ("review_import", "ReviewedImport", &[("status", Is(&["reviewed"])), ("reviewed_at", Told), ("reviewed_by", Told)]),
    ("apply_import", "ApplyingImport", &[("status", Is(&["running"])), ("decided_by", Told)]),
    (
        "cancel_import",
        "CancelledImport",
        &[("status", Is(&["cancelled"])), ("decided_by", Told), ("finished_at", Told)],
    ),
    ("update_import_mapping", "ChangedMapping", &[("version", From(2))]),
    ("start_export", "StartedExport", &[("status", Is(&["ready"])), ("started_at", Untold), ("finished_at", Untold)]),
    ("cancel_export", "CancelledExport", &[("status", Is(&["cancelled"])), ("finished_at", Told)]),
    ("define_program", "DefinedProgram", OWN),
    ("update_program", "ChangedProgram", OWN),
    (
        "end_overlap_rule",
        "EndedOverlapRule",
        &[("effective_to", Told), ("ended_by", Told), ("ended_at", Told), ("is_of_state", Not)],
    ),
    ("add_overlap_rule", "AddedOverlapRule", &[("ended_at", Untold), ("ended_by", Untold), ("is_of_state", Not)]),
    ("confirm_enrollment", "ConfirmedEnrollment", &[("status", Is(&["confirmed"])), ("decree_number", Told)]),
    ("activate_enrollment", "ActivatedEnrollment", &[("status", Is(&["active"]))]),
    ("remove_reserve", "RemovedReserve", &[("status", Is(&["removed"])), ("removal_reason", Told)]),
    ("suspend_enrollment", "SuspendedEnrollment", &[("status", Is(&["suspended"])), ("suspension_reason", Told)]),
    ("resume_enrollment", "ResumedEnrollment", &[("status", Is(&["active"]))]),
    ("exit_enrollment", "ExitedEnrollment", &[("status", Is(&["exited"])), ("ended_on", Told), ("exit_reason", Told)]),
    ("plan_training", "PlannedTraining", &[("status", Is(&["planned"])), ("cancellation_reason", Untold)]),
    ("update_training", "ChangedTraining", &[("status", Is(&["planned"])), ("version", From(2))]),
    ("open_training", "OpenedTraining", &[("status", Is(&["open"])), ("version", From(2))]),
    ("hold_training", "HeldTraining", &[("status", Is(&["held"])), ("version", From(2))]),
    ("close_training", "ClosedTraining", &[("status", Is(&["closed"])), ("version", From(2))]),
    (
        "cancel_training",
        "CancelledTraining",
        &[("status", Is(&["cancelled"])), ("cancellation_reason", Told), ("version", From(2))],
    ),
    (
        "register_participant",
        "RegisteredParticipant",
        &[("withdrawn_at", Untold), ("withdrawn_by", Untold), ("withdrawal_reason", Untold)],
    ),
    (
        "withdraw_participant",
        "WithdrawnParticipant",
        &[("withdrawn_at", Told), ("withdrawn_by", Told), ("withdrawal_reason", Told)],
    ),
    (
        "revoke_certificate",
        "RevokedCertificate",
        &[("revoked_at", Told), ("revoked_by", Told), ("revocation_reason", Told), ("version", From(2))],
    ),
    ("propose_family_change", "ProposedFamilyChange", &[("status", Is(&["pending"])), ("decided_at", Untold)]),
    ("propose_member_change", "ProposedMemberChange", &[("status", Is(&["pending"])), ("member_id", Told)]),
    (
        "approve_change_request",
        "AppliedChange",
        &[("status", Is(&["applied"])), ("decided_by", Told), ("decided_at", Told), ("is_stale", Not)],
    ),
    (
        "reject_change_request",
        "RejectedChange",
        &[("status", Is(&["rejected"])), ("decided_by", Told), ("decided_at", Told), ("decision_reason", Told)],
    ),
    (
        "record_deliberation",
        "RecordedDeliberation",
        &[("status", Is(&["recorded"])), ("report_status", Is(&["recorded"]))],
    ),
    (
        "apply_deliberation",
        "AppliedDeliberation",
        &[
            ("status", Is(&["applied"])),
            ("decree_number", Told),
            ("effective_on", Told),
            ("applied_by", Told),
            ("applied_at", Told),
        ],
    ),
    (
        "report_deliberation",
        "ReportedDeliberation",
        &[
            ("report_status", Is(&["reported_to_camat"])),
            ("camat_letter_number", Told),
            ("camat_letter_on", Told),
            ("reported_by", Told),
            ("reported_at", Told),
        ],
    ),
    (
        "forward_deliberation",
        "ForwardedDeliberation",
        &[
            ("report_status", Is(&["forwarded_to_regent"])),
            ("regent_letter_number", Told),
            ("regent_letter_on", Told),
            ("forwarded_by", Told),
            ("forwarded_at", Told),
        ],
    ),
    ("open_verification_round", "OpenedRound", &[("status", Is(&["open"]))]),
    (
        "close_verification_round",
        "ClosedRound",
        &[("status", Is(&["closed"])), ("closed_at", Told), ("closed_by", Told), ("version", From(2))],
    ),
    ("open_cycle", "OpenedCycle", &[("status", Is(&["planned"]))]),
    ("approve_cycle", "ApprovedCycle", &[("status", Is(&["approved"])), ("approved_at", Told), ("approved_by", Told)]),
    (
        "close_cycle",
        "ClosedCycle",
        &[
            ("status", Is(&["closed"])),
            ("approved_at", Told),
            ("approved_by", Told),
            ("closed_at", Told),
            ("closed_by", Told),
        ],
    ),
    ("lay_suspension_order", "LaidOrder", &[("status", Is(&["in_force"]))]),
    (
        "release_suspension_order",
        "ReleasedOrder",
        &[
            ("status", Is(&["released"])),
            ("outcome", Told),
            ("released_at", Told),
            ("released_by", Told),
            ("release_reason", Told),
        ],
    ),
    ("record_need", "RecordedNeed", &[("status", Is(&["open"]))]),
    ("withdraw_need", "WithdrawnNeed", &[("status", Is(&["withdrawn"]))]),
    ("draft_pledge", "DraftedPledge", &[("status", Is(&["draft"]))]),
    ("update_pledge", "ChangedPledge", &[("status", Is(&["draft"]))]),
    ("submit_pledge", "SubmittedPledge", &[("status", Is(&["submitted"])), ("submitted_at", Told)]),
    ("return_pledge", "ReturnedPledge", &[("status", Is(&["draft"])), ("decision_reason", Told)]),
    ("reject_pledge", "RejectedPledge", &[("status", Is(&["rejected"])), ("decision_reason", Told)]),
    ("withdraw_pledge", "WithdrawnPledge", &[("status", Is(&["withdrawn"])), ("decision_reason", Told)]),
    // The first of two officers leaves it submitted.
    ("accept_pledge", "AcceptedPledge", &[("status", Is(&["submitted", "committed"])), ("first_accepted_by", Told)]),
    ("allocate_to_need", "ReservedAllocation", &[("status", Is(&["reserved"]))]),
    (
        "create_webhook",
        "CreatedWebhook",
        &[
            ("is_enabled", Holds),
            ("disabled_reason", Untold),
            ("failing_since", Untold),
            ("earlier_secret_until", Untold),
        ],
    ),
    ("update_webhook", "ChangedWebhook", &[("version", From(2))]),
    ("rotate_webhook_secret", "RotatedWebhook", &[("version", From(2)), ("earlier_secret_until", Told)]),
    ("release_allocation", "ReleasedAllocation", &[("status", Is(&["released"])), ("release_reason", Told)]),
];

pub(super) fn complete(document: &mut Value) {
    let records = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut made = Object::new();
    operations::for_each(document, |operation| {
        let id = operation.node.get("operationId").and_then(Value::as_str).unwrap_or_default();
        let outcome = OUTCOMES.iter().find(|(known, ..)| *known == id);
        if let Some((id, name, facts)) = outcome
            && let Some(record) = operation.answer_name().filter(|answer| answer != name)
            && let Some(record) = records.get(record)
        {
            made.insert((*name).into(), narrow(record.clone(), id, facts));
            answer_with(operation, name);
        }
    });
    let schemas = document.get_mut("components").and_then(Value::as_object_mut);
    if let Some(schemas) = schemas.and_then(|components| object_at(components, "schemas")) {
        schemas.extend(made);
    }
    references::drop_unused(document);
}

/// The schema of the record with what is known of it after the command.
fn narrow(mut record: Value, id: &str, facts: Facts) -> Value {
    let Some(schema) = record.as_object_mut() else { return record };
    let description = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    schema.insert("description".into(), format!("{description} As `{id}` leaves it.").into());
    for (name, known) in facts {
        let property = schema.get_mut("properties").and_then(|all| all.get_mut(name)).and_then(Value::as_object_mut);
        if let Some(property) = property {
            tell(property, known);
        }
        // What is never told may as well be left out.
        let required = schema.entry("required").or_insert_with(|| json!([])).as_array_mut();
        let is_new = |required: &&mut Vec<Value>| !required.iter().any(|one| one == name);
        if let Some(required) = required.filter(|_| !matches!(known, Untold)).filter(is_new) {
            required.push((*name).into());
        }
    }
    record
}

fn tell(property: &mut Object, known: &Known) {
    match known {
        Is([only]) => {
            property.remove("enum");
            property.insert("const".into(), (*only).into());
        }
        Is(values) => {
            property.insert("enum".into(), json!(values));
        }
        Holds | Not => {
            property.insert("const".into(), matches!(known, Holds).into());
        }
        From(least) => {
            property.insert("minimum".into(), (*least).into());
        }
        Told => parameters::rule_out_null(property),
        Untold => {
            property.retain(|key, _| key == "description");
            property.insert("type".into(), "null".into());
        }
    }
}

fn answer_with(operation: &mut Operation<'_>, name: &str) {
    let responses = operation.node.get_mut("responses").and_then(Value::as_object_mut);
    for (_, answer) in responses.into_iter().flatten().filter(|(status, _)| status.starts_with('2')) {
        if let Some(schema) = answer.pointer_mut("/content/application~1json/schema") {
            *schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Value {
        json!({
            "paths": { "/v1/cycles/{id}": { "get": { "responses": { "200": { "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Cycle" } } } } } } },
                "/v1/cycles/{id}/approvals": { "post": { "operationId": "approve_cycle", "responses": { "200": {
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Cycle" } } } } } } } },
            "components": { "schemas": { "Cycle": {
                "type": "object", "description": "A period.", "required": ["status"], "properties": {
                    "status": { "type": "string", "enum": ["planned", "approved"] },
                    "approved_at": { "type": ["string", "null"], "format": "date-time" } } } } } })
    }

    #[test]
    fn a_command_tells_what_is_so_then() {
        let mut document = document();
        complete(&mut document);
        let approved = document.pointer("/components/schemas/ApprovedCycle").unwrap();
        assert_eq!(approved["properties"]["status"]["const"], "approved");
        assert_eq!(approved["properties"]["approved_at"]["type"], "string");
        assert!(approved["required"].as_array().unwrap().contains(&json!("approved_at")));
        assert_eq!(document.pointer("/components/schemas/Cycle/properties/status/const"), None);
        let told = document.pointer("/paths/~1v1~1cycles~1{id}~1approvals/post/responses/200/content");
        assert_eq!(told.unwrap()["application/json"]["schema"]["$ref"], "#/components/schemas/ApprovedCycle");
    }

    #[test]
    fn a_second_pass_changes_nothing() {
        let mut document = document();
        complete(&mut document);
        let once = document.clone();
        complete(&mut document);
        assert_eq!(document, once);
    }
}
