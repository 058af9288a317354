//! Who is in programs, who waits, and what was handed over.

use super::{List, column};
use crate::auth::{Permission, ReadEnrollments};
use crate::exports::rules::cells::Kind::{Day, Flag, Id, Instant, Text, Whole};
use crate::programs::entitlements;

const ENROLLMENTS_AS_OF: &str = "(
        select e.* from enrollments e where e.area_id = any ($1) and e.updated_at <= $2
        union all
        select p.* from enrollments_history h
        cross join lateral jsonb_populate_record(null::enrollments, h.record) as p
        where h.area_id = any ($1) and h.valid_from <= $2 and h.valid_to > $2
    ) e where true";

pub(super) static ENROLLMENTS: List = List {
    scope: ReadEnrollments::SCOPE,
    from: || "enrollments e where e.area_id = ($1::int [])[1]".to_owned(),
    from_as_of: Some(|| ENROLLMENTS_AS_OF.to_owned()),
    order: "e.id",
    filters: &[
        ("program_id", "e.program_id = ?::uuid"),
        ("beneficiary_id", "e.beneficiary_id = ?::uuid"),
        ("status", "e.status = ?"),
        (
            "village_code",
            "exists (select from beneficiaries b where b.area_id = e.area_id and b.id = e.beneficiary_id
                and b.village_code = ?)",
        ),
    ],
    statuses: &["proposed", "confirmed", "active", "suspended", "exited"],
    columns: &[
        column("id", Id, "e.id"),
        column("program_id", Id, "e.program_id"),
        column("beneficiary_id", Id, "e.beneficiary_id"),
        column("rule_set_id", Id, "e.rule_set_id"),
        column("status", Text, "e.status"),
        column("decided_by", Text, "e.decided_by"),
        column("decree_number", Text, "e.decree_number"),
        column("suspension_reason", Text, "e.suspension_reason"),
        column("exit_reason", Text, "e.exit_reason"),
        column("started_on", Day, "e.started_on"),
        column("ended_on", Day, "e.ended_on"),
        column("version", Whole, "e.version"),
        column("created_at", Instant, "e.created_at"),
        column("updated_at", Instant, "e.updated_at"),
        column("quota_village_code", Text, "e.quota_village_code"),
    ],
};

/// What is due and what became of it: the list that a bank or a warehouse pays and hands out by.
pub(super) static ENTITLEMENTS: List = List {
    scope: ReadEnrollments::SCOPE,
    from: || {
        let sums = entitlements::SUMS;
        format!(
            "entitlements e
            join programs p on p.id = e.program_id
            join beneficiaries b on b.area_id = e.area_id and b.id = e.beneficiary_id
            {sums}
            where e.area_id = ($1::int [])[1]"
        )
    },
    from_as_of: None,
    order: "e.period, e.id",
    filters: &[
        ("program_id", "e.program_id = ?::uuid"),
        ("period", "e.period = ?::date"),
        ("beneficiary_id", "e.beneficiary_id = ?::uuid"),
        ("village_code", "e.village_code = ?"),
    ],
    statuses: &[],
    columns: &[
        column("id", Id, "e.id"),
        column("cycle_id", Id, "e.cycle_id"),
        column("program_id", Id, "e.program_id"),
        column("period", Day, "e.period"),
        column("beneficiary_id", Id, "e.beneficiary_id"),
        column("head_name", Text, "b.head_name"),
        column("enrollment_id", Id, "e.enrollment_id"),
        column("village_code", Text, "e.village_code"),
        column("quantity", Text, "trim_scale(e.quantity - t.passed)::text"),
        column("unit", Text, "p.unit"),
        column("passed", Text, "trim_scale(t.passed)::text"),
        column("delivered", Text, "trim_scale(d.delivered)::text"),
        column("held", Text, "trim_scale(h.held)::text"),
        column("withdrawn", Text, "trim_scale(h.withdrawn + d.withdrawn - t.passed)::text"),
        column("left", Text, "trim_scale(e.quantity - d.delivered - h.withdrawn - d.withdrawn)::text"),
    ],
};

/// Deliveries are never changed: at an instant there were those before it, and what had come back of them.
pub(super) static DELIVERIES: List = List {
    scope: ReadEnrollments::SCOPE,
    from: || {
        "(
        select d.*, (select coalesce(sum(r.quantity), 0) from delivery_returns r
            where r.area_id = d.area_id and r.delivery_id = d.id) as returned
        from deliveries d
    ) d where d.area_id = ($1::int [])[1]"
            .to_owned()
    },
    from_as_of: Some(|| {
        "(
            select d.*, (select coalesce(sum(r.quantity), 0) from delivery_returns r
                where r.area_id = d.area_id and r.delivery_id = d.id and r.created_at <= $2) as returned
            from deliveries d
        ) d where d.area_id = ($1::int [])[1] and d.created_at <= $2"
            .to_owned()
    }),
    order: "d.id",
    filters: &[
        ("program_id", "d.program_id = ?::uuid"),
        ("period", "d.period = ?::date"),
        ("entitlement_id", "d.entitlement_id = ?::uuid"),
        ("beneficiary_id", "d.beneficiary_id = ?::uuid"),
        (
            "village_code",
            "exists (select from beneficiaries b where b.area_id = d.area_id and b.id = d.beneficiary_id
                and b.village_code = ?)",
        ),
    ],
    statuses: &[],
    columns: &[
        column("id", Id, "d.id"),
        column("entitlement_id", Id, "d.entitlement_id"),
        column("period", Day, "d.period"),
        column("program_id", Id, "d.program_id"),
        column("beneficiary_id", Id, "d.beneficiary_id"),
        column("quantity", Text, "trim_scale(d.quantity)::text"),
        column("returned", Text, "trim_scale(d.returned)::text"),
        column("delivered_on", Day, "d.delivered_on"),
        column("collector_kind", Text, "d.collector_kind"),
        column("collector_member_id", Id, "d.collector_member_id"),
        column("power_of_attorney", Text, "d.power_of_attorney"),
        column("receiver_name", Text, "d.receiver_name"),
        column("handover_number", Text, "d.handover_number"),
        column("proof_digest", Text, "encode(d.proof_digest, 'hex')"),
        column("proof_media_type", Text, "d.proof_media_type"),
        column("delivery_import_id", Id, "d.delivery_import_id"),
        column("recorded_by", Text, "d.recorded_by"),
        column("created_at", Instant, "d.created_at"),
        column("component", Text, "d.component"),
    ],
};

pub(super) static RESERVES: List = List {
    scope: ReadEnrollments::SCOPE,
    from: || "reserves r where r.area_id = ($1::int [])[1]".to_owned(),
    from_as_of: None,
    order: "r.program_id, r.place",
    filters: &[
        ("program_id", "r.program_id = ?::uuid"),
        ("beneficiary_id", "r.beneficiary_id = ?::uuid"),
        ("status", "r.status = ?"),
        ("village_code", "r.village_code = ?"),
    ],
    statuses: &["waiting", "taken", "removed"],
    columns: &[
        column("id", Id, "r.id"),
        column("program_id", Id, "r.program_id"),
        column("beneficiary_id", Id, "r.beneficiary_id"),
        column("village_code", Text, "r.village_code"),
        column("place", Whole, "r.place"),
        column("status", Text, "r.status"),
        column("reason", Text, "r.reason"),
        column("ordered_by", Text, "r.ordered_by"),
        column("decile", Whole, "r.decile"),
        column("rule_set_id", Id, "r.rule_set_id"),
        column("decree_number", Text, "r.decree_number"),
        column("enrollment_id", Id, "r.enrollment_id"),
        column("removal_reason", Text, "r.removal_reason"),
        column("placed_by", Text, "r.placed_by"),
        column("version", Whole, "r.version"),
        column("created_at", Instant, "r.created_at"),
        column("updated_at", Instant, "r.updated_at"),
    ],
};

/// Replacements are never changed, so those that were there at an instant are as they were.
pub(super) static REPLACEMENTS: List = List {
    scope: ReadEnrollments::SCOPE,
    from: || "replacements r where r.area_id = ($1::int [])[1]".to_owned(),
    from_as_of: Some(|| "replacements r where r.area_id = ($1::int [])[1] and r.created_at <= $2".to_owned()),
    order: "r.id",
    filters: &[
        ("program_id", "r.program_id = ?::uuid"),
        ("village_code", "r.village_code = ?"),
        ("from", "r.replaced_on >= ?::date"),
        ("to", "r.replaced_on <= ?::date"),
    ],
    statuses: &[],
    columns: &[
        column("id", Id, "r.id"),
        column("program_id", Id, "r.program_id"),
        column("village_code", Text, "r.village_code"),
        column("reason", Text, "r.reason"),
        column("enrollment_id", Id, "r.enrollment_id"),
        column("beneficiary_id", Id, "r.beneficiary_id"),
        column("new_enrollment_id", Id, "r.new_enrollment_id"),
        column("new_beneficiary_id", Id, "r.new_beneficiary_id"),
        column("reserve_place", Whole, "r.reserve_place"),
        column("sptjm_number", Text, "r.sptjm_number"),
        column("handover_number", Text, "r.handover_number"),
        column("deliberation_id", Id, "r.deliberation_id"),
        column("replaced_on", Day, "r.replaced_on"),
        column("decided_by", Text, "r.decided_by"),
        column("created_at", Instant, "r.created_at"),
        column("takes_over_due", Flag, "r.takes_over_due"),
        column(
            "passed_quantity",
            Text,
            "(select trim_scale(coalesce(sum(p.quantity), 0))::text from passed_entitlements p \
             where p.area_id = r.area_id and p.replacement_id = r.id)",
        ),
    ],
};
