//! What people work through: warnings, families to visit, changes that wait for a second person, pairs who may be one.

use super::{List, column};
use crate::auth::{Permission, ReadBeneficiaries, ReadDuplicates, ReadVerification};
use crate::exports::rules::cells::Kind::{Flag, Hundredths, Id, Instant, Json, Text, Texts, Whole};
use crate::{beneficiaries, change_requests};

pub(super) static WARNINGS: List = List {
    scope: ReadBeneficiaries::SCOPE,
    from: || format!("({}) w where true", beneficiaries::warnings_of_areas(false)),
    from_as_of: Some(|| format!("({}) w where true", beneficiaries::warnings_of_areas(true))),
    order: "w.village_code, w.beneficiary_id, w.subject_id, w.code",
    filters: &[("code", "w.code = ?"), ("village_code", "w.village_code = ?")],
    statuses: &[],
    columns: &[
        column("code", Text, "w.code"),
        column("village_code", Text, "w.village_code"),
        column("beneficiary_id", Id, "w.beneficiary_id"),
        column("member_id", Id, "w.member_id"),
        column("name", Text, "w.name"),
    ],
};

/// The work lists of all rounds, unless a filter names one.
pub(super) static VERIFICATION_TASKS: List = List {
    scope: ReadVerification::SCOPE,
    from: || {
        "verification_tasks t join beneficiaries b on b.area_id = t.area_id and b.id = t.beneficiary_id
        where t.area_id = ($1::int [])[1]"
            .to_owned()
    },
    from_as_of: None,
    order: "t.round_id, t.village_code, t.id",
    filters: &[
        ("round_id", "t.round_id = ?::uuid"),
        ("village_code", "t.village_code = ?"),
        ("assigned_to", "t.assigned_to = ?"),
        ("is_visited", "(t.finding is not null) = ?::bool"),
    ],
    statuses: &[],
    columns: &[
        column("id", Id, "t.id"),
        column("round_id", Id, "t.round_id"),
        column("beneficiary_id", Id, "t.beneficiary_id"),
        column("village_code", Text, "t.village_code"),
        column("decile", Whole, "t.decile"),
        column("head_name", Text, "b.head_name"),
        column("address", Text, "b.address"),
        column("assigned_to", Text, "t.assigned_to"),
        column("finding", Text, "t.finding"),
        column("visit_id", Id, "t.visit_id"),
        column("visited_at", Instant, "t.visited_at"),
    ],
};

/// Names of fields are ordered by their bytes, as the list has them; `jsonb` has the short ones first.
pub(super) static CHANGE_REQUESTS: List = List {
    scope: ReadVerification::SCOPE,
    from: || format!("({}) c where true", change_requests::seen()),
    from_as_of: None,
    order: "c.id",
    filters: &[
        ("status", "c.status = ?"),
        ("beneficiary_id", "c.beneficiary_id = ?::uuid"),
        ("member_id", "c.member_id = ?::uuid"),
        ("visit_id", "c.visit_id = ?::uuid"),
    ],
    statuses: &["pending", "applied", "rejected"],
    columns: &[
        column("id", Id, "c.id"),
        column("beneficiary_id", Id, "c.beneficiary_id"),
        column("member_id", Id, "c.member_id"),
        column("visit_id", Id, "c.visit_id"),
        column("status", Text, "c.status"),
        column(
            "changes",
            Json,
            "(select jsonb_agg(jsonb_build_object('field', f.key, 'before', c.before -> f.key, 'after', f.value)
                    order by f.key collate \"C\")
                from jsonb_each(c.changes) as f)::text",
        ),
        column("base_version", Whole, "c.base_version"),
        column("reason", Text, "c.reason"),
        column("evidence", Json, "c.evidence::text"),
        column("is_stale", Flag, "c.is_stale"),
        column("conflicts_with", Texts, "c.conflicts_with::text []"),
        column("requested_by", Text, "c.requested_by"),
        column("decided_by", Text, "c.decided_by"),
        column("decided_at", Instant, "c.decided_at"),
        column("decision_reason", Text, "c.decision_reason"),
        column("created_at", Instant, "c.created_at"),
        column("updated_at", Instant, "c.updated_at"),
    ],
};

/// Who moved since they were compared is looked for where they are now, as in the list.
pub(super) static DUPLICATE_PAIRS: List = List {
    scope: ReadDuplicates::SCOPE,
    from: || "duplicate_pairs d where d.area_id = ($1::int [])[1]".to_owned(),
    from_as_of: None,
    order: "d.id",
    filters: &[
        ("status", "d.status = ?"),
        ("finding", "d.finding = ?"),
        ("run_id", "d.run_id = ?::uuid"),
        (
            "beneficiary_id",
            "exists (select from (select ?::uuid as id) as f
                where f.id in (d.one_beneficiary_id, d.other_beneficiary_id)
                or exists (select from memberships m
                    where m.area_id = d.area_id and m.beneficiary_id = f.id and m.ended_on is null
                    and m.member_id in (d.one_member_id, d.other_member_id)))",
        ),
        (
            "village_code",
            "exists (select from memberships m
                join beneficiaries b on b.area_id = m.area_id and b.id = m.beneficiary_id
                where m.area_id = d.area_id and m.member_id in (d.one_member_id, d.other_member_id)
                and m.ended_on is null and b.village_code = ?)",
        ),
    ],
    statuses: &["open", "same", "different", "merged", "cleared"],
    columns: &[
        column("id", Id, "d.id"),
        column("one_member_id", Id, "d.one_member_id"),
        column("other_member_id", Id, "d.other_member_id"),
        column("one_beneficiary_id", Id, "d.one_beneficiary_id"),
        column("other_beneficiary_id", Id, "d.other_beneficiary_id"),
        column("finding", Text, "d.finding"),
        column("is_found", Flag, "d.is_found"),
        column("bits", Hundredths, "d.centibits"),
        column(
            "fields",
            Json,
            "(select coalesce(jsonb_agg(jsonb_build_object('field', f.key, 'bits', f.value)
                    order by f.key collate \"C\"), '[]')
                from jsonb_each(d.fields) as f)::text",
        ),
        column("status", Text, "d.status"),
        column("run_id", Id, "d.run_id"),
        column("decided_by", Text, "d.decided_by"),
        column("decided_at", Instant, "d.decided_at"),
        column("decision_reason", Text, "d.decision_reason"),
        column("version", Whole, "d.version"),
        column("created_at", Instant, "d.created_at"),
        column("updated_at", Instant, "d.updated_at"),
    ],
};
