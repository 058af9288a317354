//! Lets every path name a row of the sandbox, so that each operation works at the first try.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Object, operations, text};
use crate::sandbox::known;

/// The row that a command is tried on, by operation: one that nothing else changes.
const BY_OPERATION: &[(&str, Uuid)] = &[
    ("update_beneficiary", known::BENEFICIARY_TO_CORRECT.0),
    ("verify_beneficiary", known::BENEFICIARY_TO_VERIFY.0),
    ("add_member", known::BENEFICIARY_TO_GROW.0),
    ("update_member", known::MEMBER_TO_CORRECT.0),
    ("end_membership", known::MEMBER_TO_DEPART.0),
    ("split_beneficiary", known::BENEFICIARY_TO_SPLIT.0),
    ("merge_beneficiary", known::BENEFICIARY_TO_MERGE.0),
    ("change_head", known::BENEFICIARY_TO_REHEAD.0),
    ("move_member", known::MEMBER_TO_MOVE.0),
    ("relocate_beneficiary", known::BENEFICIARY_TO_RELOCATE.0),
    ("accept_relocation", known::RELOCATION_TO_ACCEPT.0),
    ("refuse_relocation", known::RELOCATION_TO_REFUSE.0),
    ("withdraw_relocation", known::RELOCATION_TO_WITHDRAW.0),
    ("register_collector", known::BENEFICIARY_TO_COLLECT_FOR.0),
    ("list_collectors", known::BENEFICIARY_COLLECTED_FOR.0),
    ("revoke_collector", known::COLLECTOR_TO_REVOKE.0),
    ("record_rank", known::BENEFICIARY_TO_RANK.0),
    ("record_nik_check", known::MEMBER_TO_CHECK.0),
    ("decide_duplicate_pair", known::PAIR_TO_DECIDE.0),
    ("review_import", known::IMPORT_TO_REVIEW.0),
    ("apply_import", known::IMPORT_TO_APPLY.0),
    ("cancel_import", known::IMPORT_TO_CANCEL.0),
    ("list_import_leavers", known::IMPORT_TO_REVIEW.0),
    ("update_import_mapping", known::MAPPING_TO_CHANGE.0),
    ("undo_duplicate_merger", known::MERGER_TO_UNDO.0),
    ("record_need", known::BENEFICIARY_IN_NEED.0),
    ("withdraw_need", known::NEED_TO_WITHDRAW.0),
    ("cancel_export", known::EXPORT_TO_CANCEL.0),
    ("update_program", known::PROGRAM_TO_CHANGE.0),
    ("add_rule_set", known::PROGRAM_TO_CHANGE.0),
    ("enrol_eligible_beneficiaries", known::PROGRAM_TO_CHANGE.0),
    ("open_cycle", known::PROGRAM_TO_CHANGE.0),
    ("approve_cycle", known::PLANNED_CYCLE.0),
    ("list_duty_compliance", known::PROGRAM_OF_PKH.0),
    ("list_cycle_omissions", known::CYCLE_OF_PKH.0),
    ("close_cycle", known::CYCLE_TO_CLOSE.0),
    ("list_suspension_orders", known::PROGRAM_TO_CHANGE.0),
    ("lay_suspension_order", known::PROGRAM_TO_CHANGE.0),
    ("release_suspension_order", known::ORDER_TO_RELEASE.0),
    ("revoke_device", known::DEVICE_TO_REVOKE.0),
    ("dismiss_delivery_conflict", known::CONFLICT_TO_DISMISS.0),
    ("apply_delivery_conflict", known::CONFLICT_TO_APPLY.0),
    ("record_delivery_return", known::DELIVERY_TO_RETURN.0),
    ("suspend_enrollment", known::ENROLLMENT_TO_SUSPEND.0),
    ("resume_enrollment", known::ENROLLMENT_TO_RESUME.0),
    ("exit_enrollment", known::ENROLLMENT_TO_EXIT.0),
    ("end_overlap_rule", known::OVERLAP_RULE_TO_END.0),
    ("set_quota", known::PROGRAM_TO_CHANGE.0),
    ("list_overlaps", known::PROGRAM_OF_PKH.0),
    ("count_overlaps", known::PROGRAM_OF_PKH.0),
    ("propose_enrollments", known::PROGRAM_TO_CHANGE.0),
    ("activate_enrollments", known::PROGRAM_TO_CHANGE.0),
    ("confirm_enrollment", known::ENROLLMENT_TO_CONFIRM.0),
    ("activate_enrollment", known::ENROLLMENT_TO_ACTIVATE.0),
    ("replace_enrollment", known::ENROLLMENT_TO_REPLACE.0),
    ("remove_reserve", known::RESERVE_TO_REMOVE.0),
    ("explain_graduation", known::BENEFICIARY_TO_GRADUATE.0),
    ("return_graduate", known::GRADUATION_TO_RETURN.0),
    ("propose_family_change", known::BENEFICIARY_TO_PROPOSE.0),
    ("propose_member_change", known::MEMBER_TO_PROPOSE.0),
    ("approve_change_request", known::CHANGE_REQUEST_TO_APPROVE.0),
    ("reject_change_request", known::CHANGE_REQUEST_TO_REJECT.0),
    ("apply_deliberation", known::DELIBERATION_TO_APPLY.0),
    ("report_deliberation", known::DELIBERATION_TO_REPORT.0),
    ("forward_deliberation", known::DELIBERATION_TO_FORWARD.0),
    ("get_targeting_error", known::SAMPLE_ROUND.0),
    ("close_verification_round", known::ROUND_TO_CLOSE.0),
    ("update_pledge", known::PLEDGE_TO_CHANGE.0),
    ("submit_pledge", known::PLEDGE_TO_SUBMIT.0),
    ("withdraw_pledge", known::PLEDGE_TO_WITHDRAW.0),
    ("accept_pledge", known::PLEDGE_TO_ACCEPT.0),
    ("return_pledge", known::PLEDGE_TO_RETURN.0),
    ("reject_pledge", known::PLEDGE_TO_REJECT.0),
    ("amend_pledge", known::PLEDGE_TO_AMEND.0),
    ("cancel_pledge", known::PLEDGE_TO_CANCEL.0),
    ("write_off_pledge", known::PLEDGE_TO_WRITE_OFF.0),
    ("refund_pledge", known::PLEDGE_TO_REFUND.0),
    ("reallocate_pledge", known::PLEDGE_TO_REALLOCATE.0),
    ("record_pledge_loss", known::PLEDGE_TO_LOSE.0),
    ("correct_pledge", known::PLEDGE_TO_CORRECT.0),
    ("close_pledge", known::PLEDGE_TO_CLOSE.0),
    ("reopen_pledge", known::PLEDGE_TO_REOPEN.0),
    ("agree_to_pledge_decision", known::DECISION_TO_AGREE.0),
    ("refuse_pledge_decision", known::DECISION_TO_REFUSE.0),
    ("update_webhook", known::WEBHOOK_TO_CHANGE.0),
    ("rotate_webhook_secret", known::WEBHOOK_TO_ROTATE.0),
    ("remove_webhook", known::WEBHOOK_TO_REMOVE.0),
    ("release_allocation", known::ALLOCATION_TO_RELEASE.0),
];

/// The row that is only read, by the noun before it in the path or in its own name.
const BY_NOUN: &[(&str, Uuid)] = &[
    ("beneficiaries", known::BENEFICIARY.0),
    ("members", known::MEMBER.0),
    ("collectors", known::COLLECTOR.0),
    ("relocations", known::RELOCATION.0),
    ("attribute-schemas", known::ATTRIBUTE_SCHEMA.0),
    ("rank-imports", known::RANK_IMPORT.0),
    ("imports", known::IMPORT.0),
    ("exports", known::EXPORT.0),
    ("runs", known::DUPLICATE_RUN.0),
    ("mergers", known::DUPLICATE_MERGER.0),
    ("pairs", known::DUPLICATE_PAIR.0),
    ("import-mappings", known::MAPPING.0),
    ("programs", known::PROGRAM.0),
    ("rule-sets", known::RULE_SET.0),
    ("overlap-rules", known::OVERLAP_RULE.0),
    ("quotas", known::QUOTA.0),
    ("reserves", known::RESERVE.0),
    ("replacements", known::REPLACEMENT.0),
    ("enrollments", known::ENROLLMENT.0),
    ("graduation-criteria", known::GRADUATION_CRITERIA.0),
    ("graduations", known::GRADUATION.0),
    ("cycles", known::CYCLE.0),
    ("entitlements", known::ENTITLEMENT.0),
    ("deliveries", known::DELIVERY.0),
    ("duty-records", known::DUTY_RECORD.0),
    ("delivery-returns", known::DELIVERY_RETURN.0),
    ("devices", known::DEVICE.0),
    ("delivery-batches", known::DELIVERY_BATCH.0),
    ("delivery-conflicts", known::DELIVERY_CONFLICT.0),
    ("delivery-imports", known::DELIVERY_IMPORT.0),
    ("delivery-losses", known::DELIVERY_LOSS.0),
    ("suspension-orders", known::ORDER.0),
    ("change-requests", known::CHANGE_REQUEST.0),
    ("deliberations", known::DELIBERATION.0),
    ("verification-rounds", known::VERIFICATION_ROUND.0),
    ("visits", known::VISIT.0),
    ("companies", known::COMPANY.0),
    ("needs", known::NEED.0),
    ("pledges", known::PLEDGE.0),
    ("pledge-decisions", known::DECISION.0),
    ("matching-runs", known::MATCHING_RUN.0),
    ("evidence-packs", known::EVIDENCE_PACK.0),
    ("receipts", known::RECEIPT.0),
    ("transfers", known::TRANSFER.0),
    ("allocations", known::ALLOCATION.0),
    ("webhooks", known::WEBHOOK.0),
    ("audit-records", known::AUDIT_RECORD.0),
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
        assert_eq!(made, [json!(known::PROGRAM), json!(known::BENEFICIARY)]);
        assert_eq!(examples("/v1/companies/{id}", "get_company", &["id"]), [json!(known::COMPANY)]);
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
        assert_eq!(made, [json!(known::BENEFICIARY_TO_CORRECT)]);
    }
}
