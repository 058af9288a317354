//! What village meetings decided, and what visits found.

use super::{List, column};
use crate::auth::{Permission, ReadEnrollments, ReadVerification};
use crate::exports::rules::cells::Kind::{Day, Flag, Id, Instant, Json, Text, Whole};

/// Visits are never changed, so those that were there at an instant are as they were.
pub(super) static VISITS: List = List {
    scope: ReadVerification::SCOPE,
    from: || "visits v where v.area_id = ($1::int [])[1]".to_owned(),
    from_as_of: Some(|| "visits v where v.area_id = ($1::int [])[1] and v.created_at <= $2".to_owned()),
    order: "v.id",
    filters: &[
        ("beneficiary_id", "v.beneficiary_id = ?::uuid"),
        (
            "village_code",
            "exists (select from beneficiaries b where b.area_id = v.area_id and b.id = v.beneficiary_id
                and b.village_code = ?)",
        ),
        ("from", "(v.visited_at at time zone 'Asia/Makassar')::date >= ?::date"),
        ("to", "(v.visited_at at time zone 'Asia/Makassar')::date <= ?::date"),
    ],
    statuses: &[],
    columns: &[
        column("id", Id, "v.id"),
        column("beneficiary_id", Id, "v.beneficiary_id"),
        column("round_id", Id, "v.round_id"),
        column("visited_at", Instant, "v.visited_at"),
        column("finding", Text, "v.finding"),
        column("is_poor", Flag, "v.is_poor"),
        column("note", Text, "v.note"),
        column("evidence", Json, "v.evidence::text"),
        column("has_confirmed", Flag, "v.has_confirmed"),
        column("recorded_by", Text, "v.recorded_by"),
        column("created_at", Instant, "v.created_at"),
    ],
};

pub(super) static DELIBERATIONS: List = List {
    scope: ReadEnrollments::SCOPE,
    from: || "deliberations d where d.area_id = ($1::int [])[1]".to_owned(),
    from_as_of: None,
    order: "d.id",
    filters: &[
        ("program_id", "d.program_id = ?::uuid"),
        ("village_code", "d.village_code = ?"),
        ("status", "d.status = ?"),
        ("from", "d.held_on >= ?::date"),
        ("to", "d.held_on <= ?::date"),
    ],
    statuses: &["recorded", "applied"],
    columns: &[
        column("id", Id, "d.id"),
        column("village_code", Text, "d.village_code"),
        column("program_id", Id, "d.program_id"),
        column("held_on", Day, "d.held_on"),
        column("is_special", Flag, "d.is_special"),
        column("minutes_number", Text, "d.minutes_number"),
        column("minutes_digest", Text, "encode(d.minutes_digest, 'hex')"),
        column("minutes_media_type", Text, "d.minutes_media_type"),
        column("attendee_count", Whole, "d.attendee_count"),
        column("decree_number", Text, "d.decree_number"),
        column("add_count", Whole, "d.add_count"),
        column("keep_count", Whole, "d.keep_count"),
        column("remove_count", Whole, "d.remove_count"),
        column("reserve_count", Whole, "d.reserve_count"),
        column("status", Text, "d.status"),
        column("effective_on", Day, "d.effective_on"),
        column("applied_by", Text, "d.applied_by"),
        column("applied_at", Instant, "d.applied_at"),
        column("report_status", Text, "d.report_status"),
        column("camat_letter_number", Text, "d.camat_letter_number"),
        column("camat_letter_on", Day, "d.camat_letter_on"),
        column("reported_by", Text, "d.reported_by"),
        column("reported_at", Instant, "d.reported_at"),
        column("regent_letter_number", Text, "d.regent_letter_number"),
        column("regent_letter_on", Day, "d.regent_letter_on"),
        column("forwarded_by", Text, "d.forwarded_by"),
        column("forwarded_at", Instant, "d.forwarded_at"),
        column("recorded_by", Text, "d.recorded_by"),
        column("version", Whole, "d.version"),
        column("created_at", Instant, "d.created_at"),
        column("updated_at", Instant, "d.updated_at"),
    ],
};
