//! What is so of the answer of each command, by its operation.

use super::Facts;
use super::Known::{From, Holds, Is, Not, Told, Untold};

const STAYING: Facts = &[("left_on", Untold), ("left_because", Untold)];

const LEFT: Facts = &[("left_on", Told), ("left_because", Told)];

const OWN: Facts = &[("is_of_state", Not)];

/// Operation, name of its answer, and what is known of it.
pub(super) const OUTCOMES: &[(&str, &str, Facts)] = &[
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
