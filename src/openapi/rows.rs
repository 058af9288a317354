//! Lets every path name a row of the sandbox, so that each operation works at the first try.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Object, operations, text};
use crate::sandbox::known;

/// The row that a command is tried on, by operation: one that nothing else changes.
const BY_OPERATION: &[(&str, Uuid)] = &[
    ("update_beneficiary", known::register::BENEFICIARY_TO_CORRECT.0),
    ("verify_beneficiary", known::register::BENEFICIARY_TO_VERIFY.0),
    ("change_card", known::register::BENEFICIARY_OF_NEW_CARD.0),
    ("list_card_changes", known::register::BENEFICIARY_RECARDED.0),
    ("add_member", known::register::BENEFICIARY_TO_GROW.0),
    ("update_member", known::register::MEMBER_TO_CORRECT.0),
    ("end_membership", known::register::MEMBER_TO_DEPART.0),
    ("split_beneficiary", known::register::BENEFICIARY_TO_SPLIT.0),
    ("merge_beneficiary", known::register::BENEFICIARY_TO_MERGE.0),
    ("change_head", known::register::BENEFICIARY_TO_REHEAD.0),
    ("move_member", known::register::MEMBER_TO_MOVE.0),
    ("relocate_beneficiary", known::register::BENEFICIARY_TO_RELOCATE.0),
    ("accept_relocation", known::register::RELOCATION_TO_ACCEPT.0),
    ("refuse_relocation", known::register::RELOCATION_TO_REFUSE.0),
    ("withdraw_relocation", known::register::RELOCATION_TO_WITHDRAW.0),
    ("register_collector", known::register::BENEFICIARY_TO_COLLECT_FOR.0),
    ("list_collectors", known::register::BENEFICIARY_COLLECTED_FOR.0),
    ("revoke_collector", known::register::COLLECTOR_TO_REVOKE.0),
    ("record_rank", known::register::BENEFICIARY_TO_RANK.0),
    ("record_nik_check", known::register::MEMBER_TO_CHECK.0),
    ("decide_duplicate_pair", known::register::PAIR_TO_DECIDE.0),
    ("review_import", known::register::IMPORT_TO_REVIEW.0),
    ("apply_import", known::register::IMPORT_TO_APPLY.0),
    ("cancel_import", known::register::IMPORT_TO_CANCEL.0),
    ("list_import_leavers", known::register::IMPORT_TO_REVIEW.0),
    ("list_import_duplicates", known::register::IMPORT_TO_REVIEW.0),
    ("update_import_mapping", known::register::MAPPING_TO_CHANGE.0),
    ("undo_duplicate_merger", known::register::MERGER_TO_UNDO.0),
    ("record_need", known::pledges::BENEFICIARY_IN_NEED.0),
    ("withdraw_need", known::pledges::NEED_TO_WITHDRAW.0),
    ("cancel_export", known::register::EXPORT_TO_CANCEL.0),
    ("update_program", known::aid::PROGRAM_TO_CHANGE.0),
    ("add_rule_set", known::aid::PROGRAM_TO_CHANGE.0),
    ("enrol_eligible_beneficiaries", known::aid::PROGRAM_TO_CHANGE.0),
    ("open_cycle", known::aid::PROGRAM_TO_CHANGE.0),
    ("approve_cycle", known::aid::PLANNED_CYCLE.0),
    ("cancel_cycle", known::aid::CYCLE_TO_CANCEL.0),
    ("list_duty_compliance", known::aid::PROGRAM_OF_PKH.0),
    ("list_cycle_omissions", known::aid::CYCLE_OF_PKH.0),
    ("close_cycle", known::aid::CYCLE_TO_CLOSE.0),
    ("list_suspension_orders", known::aid::PROGRAM_TO_CHANGE.0),
    ("lay_suspension_order", known::aid::PROGRAM_TO_CHANGE.0),
    ("release_suspension_order", known::aid::ORDER_TO_RELEASE.0),
    ("revoke_device", known::aid::DEVICE_TO_REVOKE.0),
    ("dismiss_delivery_conflict", known::aid::CONFLICT_TO_DISMISS.0),
    ("apply_delivery_conflict", known::aid::CONFLICT_TO_APPLY.0),
    ("record_delivery_return", known::aid::DELIVERY_TO_RETURN.0),
    ("update_stock_site", known::stock::STOCK_SITE_TO_CHANGE.0),
    ("close_stock_site", known::stock::STOCK_SITE_TO_CLOSE.0),
    ("agree_to_stock_loss", known::stock::STOCK_LOSS_TO_AGREE.0),
    ("refuse_stock_loss", known::stock::STOCK_LOSS_TO_REFUSE.0),
    ("suspend_enrollment", known::aid::ENROLLMENT_TO_SUSPEND.0),
    ("resume_enrollment", known::aid::ENROLLMENT_TO_RESUME.0),
    ("exit_enrollment", known::aid::ENROLLMENT_TO_EXIT.0),
    ("end_overlap_rule", known::aid::OVERLAP_RULE_TO_END.0),
    ("set_quota", known::aid::PROGRAM_TO_CHANGE.0),
    ("list_overlaps", known::aid::PROGRAM_OF_PKH.0),
    ("count_overlaps", known::aid::PROGRAM_OF_PKH.0),
    ("propose_enrollments", known::aid::PROGRAM_TO_CHANGE.0),
    ("activate_enrollments", known::aid::PROGRAM_TO_CHANGE.0),
    ("confirm_enrollment", known::aid::ENROLLMENT_TO_CONFIRM.0),
    ("activate_enrollment", known::aid::ENROLLMENT_TO_ACTIVATE.0),
    ("replace_enrollment", known::aid::ENROLLMENT_TO_REPLACE.0),
    ("remove_reserve", known::aid::RESERVE_TO_REMOVE.0),
    ("explain_graduation", known::aid::BENEFICIARY_TO_GRADUATE.0),
    ("return_graduate", known::aid::GRADUATION_TO_RETURN.0),
    ("assign_complaint", known::complaints::COMPLAINT_TO_ASSIGN.0),
    ("answer_complaint", known::complaints::COMPLAINT_TO_ANSWER.0),
    ("close_complaint", known::complaints::COMPLAINT_TO_CLOSE.0),
    ("refer_complaint", known::complaints::COMPLAINT_TO_REFER.0),
    ("withdraw_complaint", known::complaints::COMPLAINT_TO_WITHDRAW.0),
    ("reopen_complaint", known::complaints::COMPLAINT_TO_REOPEN.0),
    ("hand_over_asset", known::assets::ASSET_TO_HAND_OVER.0),
    ("hand_back_asset", known::assets::ASSET_TO_HAND_BACK.0),
    ("transfer_asset", known::assets::ASSET_TO_TRANSFER.0),
    ("record_asset_check", known::assets::ASSET_TO_CHECK.0),
    ("start_asset_repair", known::assets::ASSET_TO_REPAIR.0),
    ("end_asset_repair", known::assets::ASSET_IN_REPAIR.0),
    ("recover_asset", known::assets::ASSET_TO_RECOVER.0),
    ("propose_asset_write_off", known::assets::ASSET_TO_WRITE_OFF.0),
    ("agree_to_asset_write_off", known::assets::WRITE_OFF_TO_AGREE.0),
    ("refuse_asset_write_off", known::assets::WRITE_OFF_TO_REFUSE.0),
    ("propose_family_change", known::register::BENEFICIARY_TO_PROPOSE.0),
    ("propose_member_change", known::register::MEMBER_TO_PROPOSE.0),
    ("approve_change_request", known::register::CHANGE_REQUEST_TO_APPROVE.0),
    ("reject_change_request", known::register::CHANGE_REQUEST_TO_REJECT.0),
    ("apply_deliberation", known::aid::DELIBERATION_TO_APPLY.0),
    ("report_deliberation", known::aid::DELIBERATION_TO_REPORT.0),
    ("forward_deliberation", known::aid::DELIBERATION_TO_FORWARD.0),
    ("get_targeting_error", known::register::SAMPLE_ROUND.0),
    ("close_verification_round", known::register::ROUND_TO_CLOSE.0),
    ("update_pledge", known::pledges::PLEDGE_TO_CHANGE.0),
    ("submit_pledge", known::pledges::PLEDGE_TO_SUBMIT.0),
    ("withdraw_pledge", known::pledges::PLEDGE_TO_WITHDRAW.0),
    ("accept_pledge", known::pledges::PLEDGE_TO_ACCEPT.0),
    ("return_pledge", known::pledges::PLEDGE_TO_RETURN.0),
    ("reject_pledge", known::pledges::PLEDGE_TO_REJECT.0),
    ("amend_pledge", known::pledges::PLEDGE_TO_AMEND.0),
    ("cancel_pledge", known::pledges::PLEDGE_TO_CANCEL.0),
    ("write_off_pledge", known::pledges::PLEDGE_TO_WRITE_OFF.0),
    ("refund_pledge", known::pledges::PLEDGE_TO_REFUND.0),
    ("reallocate_pledge", known::pledges::PLEDGE_TO_REALLOCATE.0),
    ("record_pledge_loss", known::pledges::PLEDGE_TO_LOSE.0),
    ("correct_pledge", known::pledges::PLEDGE_TO_CORRECT.0),
    ("close_pledge", known::pledges::PLEDGE_TO_CLOSE.0),
    ("reopen_pledge", known::pledges::PLEDGE_TO_REOPEN.0),
    ("agree_to_pledge_decision", known::pledges::DECISION_TO_AGREE.0),
    ("refuse_pledge_decision", known::pledges::DECISION_TO_REFUSE.0),
    ("withdraw_pledge_decision", known::pledges::DECISION_TO_WITHDRAW.0),
    ("update_webhook", known::register::WEBHOOK_TO_CHANGE.0),
    ("rotate_webhook_secret", known::register::WEBHOOK_TO_ROTATE.0),
    ("remove_webhook", known::register::WEBHOOK_TO_REMOVE.0),
    ("end_empowerment_plan", known::empowerment::PLAN_TO_END.0),
    ("reach_milestone", known::empowerment::MILESTONE_TO_REACH.0),
    ("waive_milestone", known::empowerment::MILESTONE_TO_WAIVE.0),
    ("update_training", known::trainings::TRAINING_TO_CHANGE.0),
    ("open_training", known::trainings::TRAINING_TO_OPEN.0),
    ("hold_training", known::trainings::TRAINING_TO_HOLD.0),
    ("close_training", known::trainings::TRAINING_TO_CLOSE.0),
    ("cancel_training", known::trainings::TRAINING_TO_CANCEL.0),
    ("register_participant", known::trainings::TRAINING_TO_JOIN.0),
    ("schedule_training_session", known::trainings::TRAINING_TO_JOIN.0),
    ("withdraw_participant", known::trainings::PARTICIPANT_TO_WITHDRAW.0),
    ("release_seats", known::trainings::TRAINING_TO_RELEASE.0),
    ("record_attendance", known::trainings::SESSION_TO_ATTEND.0),
    ("record_assessments", known::trainings::TRAINING_TO_ASSESS.0),
    ("issue_certificates", known::trainings::TRAINING_TO_CERTIFY.0),
    ("revoke_certificate", known::trainings::CERTIFICATE_TO_REVOKE.0),
    ("release_allocation", known::pledges::ALLOCATION_TO_RELEASE.0),
    ("record_allocation_return", known::pledges::ALLOCATION_TO_HAND_BACK.0),
];

/// The row that is only read, by the noun before it in the path or in its own name.
const BY_NOUN: &[(&str, Uuid)] = &[
    ("beneficiaries", known::register::BENEFICIARY.0),
    ("members", known::register::MEMBER.0),
    ("collectors", known::register::COLLECTOR.0),
    ("relocations", known::register::RELOCATION.0),
    ("attribute-schemas", known::register::ATTRIBUTE_SCHEMA.0),
    ("rank-imports", known::register::RANK_IMPORT.0),
    ("imports", known::register::IMPORT.0),
    ("exports", known::register::EXPORT.0),
    ("runs", known::register::DUPLICATE_RUN.0),
    ("mergers", known::register::DUPLICATE_MERGER.0),
    ("pairs", known::register::DUPLICATE_PAIR.0),
    ("import-mappings", known::register::MAPPING.0),
    ("programs", known::aid::PROGRAM.0),
    ("rule-sets", known::aid::RULE_SET.0),
    ("overlap-rules", known::aid::OVERLAP_RULE.0),
    ("quotas", known::aid::QUOTA.0),
    ("reserves", known::aid::RESERVE.0),
    ("replacements", known::aid::REPLACEMENT.0),
    ("enrollments", known::aid::ENROLLMENT.0),
    ("graduation-criteria", known::aid::GRADUATION_CRITERIA.0),
    ("graduations", known::aid::GRADUATION.0),
    ("cycles", known::aid::CYCLE.0),
    ("entitlements", known::aid::ENTITLEMENT.0),
    ("deliveries", known::aid::DELIVERY.0),
    ("duty-records", known::aid::DUTY_RECORD.0),
    ("empowerment-plans", known::empowerment::PLAN.0),
    ("empowerment-milestones", known::empowerment::MILESTONE.0),
    ("trainings", known::trainings::TRAINING.0),
    ("training-participants", known::trainings::PARTICIPANT.0),
    ("training-sessions", known::trainings::SESSION.0),
    ("training-certificates", known::trainings::CERTIFICATE.0),
    ("follow-ups", known::aid::FOLLOW_UP.0),
    ("complaints", known::complaints::COMPLAINT.0),
    ("assets", known::assets::ASSET.0),
    ("custodies", known::assets::CUSTODY.0),
    ("asset-checks", known::assets::ASSET_CHECK.0),
    ("asset-write-offs", known::assets::WRITE_OFF.0),
    ("delivery-returns", known::aid::DELIVERY_RETURN.0),
    ("devices", known::aid::DEVICE.0),
    ("delivery-batches", known::aid::DELIVERY_BATCH.0),
    ("delivery-conflicts", known::aid::DELIVERY_CONFLICT.0),
    ("delivery-imports", known::aid::DELIVERY_IMPORT.0),
    ("delivery-losses", known::aid::DELIVERY_LOSS.0),
    ("stock-sites", known::stock::STOCK_SITE.0),
    ("stock-lots", known::stock::STOCK_LOT.0),
    ("stock-losses", known::stock::STOCK_LOSS.0),
    ("stock-movements", known::stock::STOCK_MOVEMENT.0),
    ("suspension-orders", known::aid::ORDER.0),
    ("change-requests", known::register::CHANGE_REQUEST.0),
    ("deliberations", known::aid::DELIBERATION.0),
    ("verification-rounds", known::register::VERIFICATION_ROUND.0),
    ("visits", known::register::VISIT.0),
    ("companies", known::pledges::COMPANY.0),
    ("needs", known::pledges::NEED.0),
    ("pledges", known::pledges::PLEDGE.0),
    ("pledge-disclosures", known::pledges::DISCLOSURE.0),
    ("pledge-decisions", known::pledges::DECISION.0),
    ("matching-runs", known::pledges::MATCHING_RUN.0),
    ("evidence-packs", known::pledges::EVIDENCE_PACK.0),
    ("receipts", known::pledges::RECEIPT.0),
    ("transfers", known::pledges::TRANSFER.0),
    ("allocations", known::pledges::ALLOCATION.0),
    ("allocation-deliveries", known::pledges::ALLOCATION_DELIVERY.0),
    ("allocation-returns", known::pledges::ALLOCATION_RETURN.0),
    ("webhooks", known::register::WEBHOOK.0),
    ("audit-records", known::register::AUDIT_RECORD.0),
];

pub(super) fn complete(document: &mut Value) {
    operations::for_each(document, |operation| {
        let id = text(operation.node, "operationId").unwrap_or_default();
        let own = BY_OPERATION.iter().find(|(known, _)| *known == id).map(|(_, row)| *row);
        let path = operation.path;
        let parameters = operation.node.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten().filter_map(Value::as_object_mut) {
            match text(parameter, "in") {
                Some("path") => fill_in(parameter, path, own),
                Some("query") if parameter.get("required") != Some(&Value::Bool(true)) => leave_open(parameter),
                _ => {}
            }
        }
    });
}

/// Names the row, or else the example of the type: pages fill in what the parameter says itself.
fn fill_in(parameter: &mut Object, path: &str, own: Option<Uuid>) {
    let name = text(parameter, "name").unwrap_or_default();
    let own = own.filter(|_| name == "id");
    if own.is_none() && parameter.contains_key("example") {
        return;
    }
    let row = own.or_else(|| row_of(&noun(path, name)));
    let example = row.map(|row| row.to_string().into()).or_else(|| of_schema(parameter));
    if let Some(example) = example {
        parameter.insert("example".into(), example);
    }
}

/// A filter that was filled in would hide rows from whoever only presses the button, so its example is shown in the
/// form that pages do not fill in.
fn leave_open(parameter: &mut Object) {
    let own = parameter.remove("example");
    let Some(schema) = parameter.get_mut("schema").and_then(Value::as_object_mut) else { return };
    let of_type = schema.remove("example");
    if let Some(example) = own.or(of_type) {
        schema.entry("examples").or_insert_with(|| json!([example]));
    }
}

/// The first example of its type.
fn of_schema(parameter: &Object) -> Option<Value> {
    parameter.get("schema")?.get("examples")?.get(0).cloned()
}

/// What the parameter is an id of: `/v1/programs/{id}` or `{program_id}` anywhere are of programs.
fn noun(path: &str, name: &str) -> String {
    let Some(singular) = name.strip_suffix("_id") else {
        let before = path.split(&format!("/{{{name}}}")).next().unwrap_or_default();
        return before.rsplit('/').next().unwrap_or_default().to_owned();
    };
    let singular = singular.replace('_', "-");
    match singular.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{singular}s"),
    }
}

fn row_of(noun: &str) -> Option<Uuid> {
    BY_NOUN.iter().find(|(known, _)| *known == noun).map(|(_, row)| *row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples(path: &str, id: &str, names: &[&str]) -> Vec<Value> {
        let parameters: Vec<Value> = names.iter().map(|name| json!({ "in": "path", "name": name })).collect();
        let mut document = json!({ "paths": { path: { "get": { "operationId": id, "parameters": parameters } } } });
        complete(&mut document);
        let operation = document["paths"][path]["get"].clone();
        operation["parameters"].as_array().unwrap().iter().map(|one| one["example"].clone()).collect()
    }

    #[test]
    fn a_path_names_a_row_of_the_sandbox() {
        let made = examples("/v1/programs/{id}/eligibility/{beneficiary_id}", "explain", &["id", "beneficiary_id"]);
        assert_eq!(made, [json!(known::aid::PROGRAM), json!(known::register::BENEFICIARY)]);
        assert_eq!(examples("/v1/companies/{id}", "get_company", &["id"]), [json!(known::pledges::COMPANY)]);
    }

    #[test]
    fn a_filter_is_left_open() {
        let schema = json!({ "type": "string", "format": "date-time", "example": "2026-03-14T02:30:00Z" });
        let mut document = json!({ "paths": { "/v1/a": { "get": {
            "parameters": [{ "in": "query", "name": "as_of", "schema": schema }] } } } });
        complete(&mut document);
        let schema = document.pointer("/paths/~1v1~1a/get/parameters/0/schema").unwrap();
        assert!(schema.get("example").is_none());
        assert_eq!(schema["examples"], json!(["2026-03-14T02:30:00Z"]));
    }

    #[test]
    fn a_command_has_a_row_of_its_own() {
        let made = examples("/v1/beneficiaries/{id}", "update_beneficiary", &["id"]);
        assert_eq!(made, [json!(known::register::BENEFICIARY_TO_CORRECT)]);
    }
}
