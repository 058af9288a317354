//! The lists that can be taken out, one row each.
//!
//! Every statement is of one area, `($1)[1]`, and of the instant `$2` where it is as of one. A filter is a condition
//! with `?` in the place of its value, which comes as text. Columns are named and ordered as the list answers them.

use super::cells::Kind::{self, Card, Day, Flag, Id, Instant, Json, Nik, Text, Texts, Whole};
use crate::auth::{Permission, ReadBeneficiaries, ReadEnrollments, ReadPledges};
use crate::beneficiaries;
use crate::exports::model::ExportedList;

/// One list.
pub(in crate::exports) struct List {
    /// The permission that reads it.
    pub(in crate::exports) scope: &'static str,
    /// What its rows are of, within the area.
    pub(super) from: &'static str,
    /// The same as of an instant; `None` where no past versions are kept.
    pub(super) from_as_of: Option<fn() -> String>,
    /// In which order.
    pub(super) order: &'static str,
    /// Filters by name.
    pub(super) filters: &'static [(&'static str, &'static str)],
    /// Values of the filter `status`.
    pub(super) statuses: &'static [&'static str],
    /// Columns.
    pub(super) columns: &'static [Column],
}

/// One column of a list.
#[derive(Debug, Clone, Copy)]
pub(in crate::exports) struct Column {
    /// Name, as in the JSON of a row.
    pub(in crate::exports) name: &'static str,
    /// What its values are.
    pub(in crate::exports) kind: Kind,
    /// The expression that reads it.
    pub(super) sql: &'static str,
}

const fn column(name: &'static str, kind: Kind, sql: &'static str) -> Column {
    Column { name, kind, sql }
}

/// The row of a list.
pub(in crate::exports) fn list(name: ExportedList) -> &'static List {
    match name {
        ExportedList::Beneficiaries => &BENEFICIARIES,
        ExportedList::Members => &MEMBERS,
        ExportedList::Enrollments => &ENROLLMENTS,
        ExportedList::Deliveries => &DELIVERIES,
        ExportedList::Needs => &NEEDS,
        ExportedList::Reserves => &RESERVES,
        ExportedList::Replacements => &REPLACEMENTS,
        ExportedList::Realisations => &REALISATIONS,
    }
}

const FAMILY_STATUSES: &[&str] = &["live", "moved", "merged", "ended"];

/// Sealed numbers come with the id that they are sealed for in front.
static BENEFICIARIES: List = List {
    scope: ReadBeneficiaries::SCOPE,
    from: "beneficiaries b where b.area_id = ($1::int [])[1]",
    from_as_of: Some(|| format!("({}) b where true", beneficiaries::VERSIONS_AS_OF)),
    order: "b.id",
    filters: &[
        ("village_code", "b.village_code = ?"),
        ("status", "b.status = ?"),
        ("decile_max", "b.decile <= ?::smallint"),
        ("is_verified", "(b.verified_at is not null) = ?::bool"),
    ],
    statuses: FAMILY_STATUSES,
    columns: &[
        column("id", Id, "b.id"),
        column("village_code", Text, "b.village_code"),
        column("card_number", Card, "uuid_send(b.id) || b.card_sealed"),
        column("head_name", Text, "b.head_name"),
        column("member_count", Whole, "b.member_count"),
        column("address", Text, "b.address"),
        column("phone", Text, "b.phone"),
        column("status", Text, "b.status"),
        column("continued_in_id", Id, "b.continued_in_id"),
        column("decile", Whole, "b.decile"),
        column("decile_source", Text, "b.decile_source"),
        column("decile_period", Day, "b.decile_period"),
        column("verified_at", Instant, "b.verified_at"),
        column("verified_by", Text, "b.verified_by"),
        column("source", Text, "b.source"),
        column("warnings", Texts, "b.warnings"),
        column("attributes", Json, "b.attributes::text"),
        column("attribute_schema_id", Id, "b.attribute_schema_id"),
        column("version", Whole, "b.version"),
        column("created_at", Instant, "b.created_at"),
        column("updated_at", Instant, "b.updated_at"),
    ],
};

static MEMBERS: List = List {
    scope: ReadBeneficiaries::SCOPE,
    from: "(
        select m.*, s.beneficiary_id, s.relationship, s.ended_on, s.end_reason
        from members m join memberships s on s.area_id = m.area_id and s.member_id = m.id and s.ended_on is null
        where m.area_id = ($1::int [])[1] and s.area_id = ($1)[1]
    ) m join beneficiaries b on b.area_id = m.area_id and b.id = m.beneficiary_id where b.area_id = ($1)[1]",
    from_as_of: Some(|| {
        format!(
            "({}) m join ({}) b on b.area_id = m.area_id and b.id = m.beneficiary_id where true",
            beneficiaries::members_as_of(),
            beneficiaries::VERSIONS_AS_OF
        )
    }),
    order: "m.beneficiary_id, m.id",
    filters: &[
        ("village_code", "b.village_code = ?"),
        ("status", "b.status = ?"),
        ("decile_max", "b.decile <= ?::smallint"),
        ("is_verified", "(b.verified_at is not null) = ?::bool"),
        ("beneficiary_id", "m.beneficiary_id = ?::uuid"),
    ],
    statuses: FAMILY_STATUSES,
    columns: &[
        column("id", Id, "m.id"),
        column("beneficiary_id", Id, "m.beneficiary_id"),
        column("relationship", Text, "m.relationship"),
        column("nik", Nik, "uuid_send(m.id) || m.nik_sealed"),
        column("nik_status", Text, "m.nik_status"),
        column("name", Text, "m.name"),
        column("sex", Text, "m.sex"),
        column("born_on", Day, "m.born_on"),
        column("birth_place", Text, "m.birth_place"),
        column("mother_name", Text, "m.mother_name"),
        column("work", Text, "m.work"),
        column("is_pregnant", Flag, "m.is_pregnant"),
        column("has_disability", Flag, "m.has_disability"),
        column("in_school", Flag, "m.in_school"),
        column("died_on", Day, "m.died_on"),
        column("left_on", Day, "m.ended_on"),
        column("left_because", Text, "m.end_reason"),
        column("warnings", Texts, "m.warnings"),
        column("nik_checked_at", Instant, "m.nik_checked_at"),
        column("nik_checked_by", Text, "m.nik_checked_by"),
        column("attributes", Json, "m.attributes::text"),
        column("attribute_schema_id", Id, "m.attribute_schema_id"),
        column("version", Whole, "m.version"),
        column("created_at", Instant, "m.created_at"),
        column("updated_at", Instant, "m.updated_at"),
    ],
};

const ENROLLMENTS_AS_OF: &str = "(
        select e.* from enrollments e where e.area_id = any ($1) and e.updated_at <= $2
        union all
        select p.* from enrollments_history h
        cross join lateral jsonb_populate_record(null::enrollments, h.record) as p
        where h.area_id = any ($1) and h.valid_from <= $2 and h.valid_to > $2
    ) e where true";

static ENROLLMENTS: List = List {
    scope: ReadEnrollments::SCOPE,
    from: "enrollments e where e.area_id = ($1::int [])[1]",
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

/// Deliveries are never changed: at an instant there were those before it, and what had come back of them.
static DELIVERIES: List = List {
    scope: ReadEnrollments::SCOPE,
    from: "(
        select d.*, (select coalesce(sum(r.quantity), 0) from delivery_returns r
            where r.area_id = d.area_id and r.delivery_id = d.id) as returned
        from deliveries d
    ) d where d.area_id = ($1::int [])[1]",
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
        column("handover_number", Text, "d.handover_number"),
        column("proof_digest", Text, "encode(d.proof_digest, 'hex')"),
        column("proof_media_type", Text, "d.proof_media_type"),
        column("delivery_import_id", Id, "d.delivery_import_id"),
        column("recorded_by", Text, "d.recorded_by"),
        column("created_at", Instant, "d.created_at"),
    ],
};

static NEEDS: List = List {
    scope: ReadBeneficiaries::SCOPE,
    from: "needs n where n.area_id = ($1::int [])[1]",
    from_as_of: None,
    order: "n.id",
    filters: &[
        ("kind", "n.kind = ?"),
        ("status", "n.status = ?"),
        ("beneficiary_id", "n.beneficiary_id = ?::uuid"),
        (
            "village_code",
            "exists (select from beneficiaries b where b.area_id = n.area_id and b.id = n.beneficiary_id
                and b.village_code = ?)",
        ),
    ],
    statuses: &["open", "met", "withdrawn"],
    columns: &[
        column("id", Id, "n.id"),
        column("beneficiary_id", Id, "n.beneficiary_id"),
        column("kind", Text, "n.kind"),
        column("quantity", Text, "trim_scale(n.quantity)::text"),
        column("met_quantity", Text, "trim_scale(n.met_quantity)::text"),
        column("status", Text, "n.status"),
        column("version", Whole, "n.version"),
        column("created_at", Instant, "n.created_at"),
        column("updated_at", Instant, "n.updated_at"),
    ],
};

static RESERVES: List = List {
    scope: ReadEnrollments::SCOPE,
    from: "reserves r where r.area_id = ($1::int [])[1]",
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
static REPLACEMENTS: List = List {
    scope: ReadEnrollments::SCOPE,
    from: "replacements r where r.area_id = ($1::int [])[1]",
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
    ],
};

/// No company takes lists out, so every village is told.
static REALISATIONS: List = List {
    scope: ReadPledges::SCOPE,
    from: "realisations r join companies c on c.id = r.company_id join areas d on d.area_id = r.area_id
        where r.area_id = ($1::int [])[1]",
    from_as_of: None,
    order: "r.year, r.company_id, r.field, r.unit, r.village_code nulls first",
    filters: &[
        ("village_code", "r.village_code = ?"),
        ("year", "r.year = ?::smallint"),
        ("company_id", "r.company_id = ?::uuid"),
        ("field", "r.field = ?"),
    ],
    statuses: &[],
    columns: &[
        column("year", Whole, "r.year"),
        column("company_id", Id, "r.company_id"),
        column("company_name", Text, "c.name"),
        column("field", Text, "r.field"),
        column("unit", Text, "r.unit"),
        column("sub_district", Text, "d.name"),
        column("village_code", Text, "r.village_code"),
        column("promised", Text, "trim_scale(r.promised)::text"),
        column("committed", Text, "trim_scale(r.committed)::text"),
        column("received", Text, "trim_scale(r.received)::text"),
        column("allocated", Text, "trim_scale(r.allocated)::text"),
        column("delivered", Text, "trim_scale(r.delivered)::text"),
        column("returned", Text, "trim_scale(r.returned)::text"),
        column("lost", Text, "trim_scale(r.lost)::text"),
        column("cancelled", Text, "trim_scale(r.cancelled)::text"),
        column("written_off", Text, "trim_scale(r.written_off)::text"),
        column(
            "promised_rupiah",
            Whole,
            "case when r.promised_rupiah <= 1e15 then round(r.promised_rupiah)::bigint end",
        ),
        column(
            "committed_rupiah",
            Whole,
            "case when r.committed_rupiah <= 1e15 then round(r.committed_rupiah)::bigint end",
        ),
        column(
            "received_rupiah",
            Whole,
            "case when r.received_rupiah <= 1e15 then round(r.received_rupiah)::bigint end",
        ),
        column(
            "delivered_rupiah",
            Whole,
            "case when r.delivered_rupiah <= 1e15 then round(r.delivered_rupiah)::bigint end",
        ),
        column("families_reached", Whole, "r.families"),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_told_apart_and_filters_have_one_value() {
        for name in ExportedList::ALL {
            let list = list(*name);
            let mut names: Vec<_> = list.columns.iter().map(|column| column.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), list.columns.len(), "{name:?}");
            let takes_status = list.filters.iter().any(|(filter, _)| *filter == "status");
            assert_eq!(takes_status, !list.statuses.is_empty(), "{name:?}");
            assert!(list.filters.iter().all(|(_, condition)| condition.matches('?').count() == 1), "{name:?}");
        }
    }
}
