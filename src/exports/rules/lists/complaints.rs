//! Complaints, without what was said and by whom: texts and names are read one by one, by those who see to them.

use super::{Column, List, column};
use crate::auth::{Permission, ReadComplaints, ReadSensitiveComplaints};
use crate::exports::rules::cells::Kind::{Day, Flag, Id, Instant, Text, Whole};

const FILTERS: &[(&str, &str)] = &[
    ("village_code", "c.village_code = ?"),
    ("status", "c.status = ?"),
    (
        "beneficiary_id",
        "exists (select from records_of($1::int [], ?::uuid) as r
            where r.id in (c.beneficiary_id, c.complainant_beneficiary_id))",
    ),
    ("program_id", "c.program_id = ?::uuid"),
    ("from", "c.received_on >= ?::date"),
    ("to", "c.received_on <= ?::date"),
];

const STATUSES: &[&str] = &["received", "assigned", "answered", "closed", "referred", "withdrawn", "reopened"];

const COLUMNS: &[Column] = &[
    column("id", Id, "c.id"),
    column("village_code", Text, "c.village_code"),
    column("channel", Text, "c.channel"),
    column("category", Text, "c.category"),
    column("beneficiary_id", Id, "c.beneficiary_id"),
    column("program_id", Id, "c.program_id"),
    column("cycle_id", Id, "c.cycle_id"),
    column("delivery_id", Id, "c.delivery_id"),
    column("pledge_id", Id, "c.pledge_id"),
    column("allocation_delivery_id", Id, "c.allocation_delivery_id"),
    column("complainant", Text, "c.complainant"),
    column("complainant_beneficiary_id", Id, "c.complainant_beneficiary_id"),
    column("status", Text, "c.status"),
    column("received_on", Day, "c.received_on"),
    column("due_on", Day, "c.due_on"),
    column("assigned_to", Text, "c.assigned_to"),
    column("referred_to", Text, "c.referred_to"),
    column("finding", Text, "c.finding"),
    column("answered_on", Day, "c.answered_on"),
    column("answered_by", Text, "c.answered_by"),
    column("closed_by", Text, "c.closed_by"),
    column("is_reopened", Flag, "c.is_reopened"),
    column("lodged_by", Text, "c.lodged_by"),
    column("version", Whole, "c.version"),
    column("created_at", Instant, "c.created_at"),
    column("updated_at", Instant, "c.updated_at"),
];

pub(super) static COMPLAINTS: List = List {
    scope: ReadComplaints::SCOPE,
    from: || {
        "complaints c where c.area_id = ($1::int [])[1] and c.category not in ('illegal_levy', 'staff_conduct')"
            .to_owned()
    },
    from_as_of: None,
    order: "c.id",
    filters: FILTERS,
    statuses: STATUSES,
    columns: COLUMNS,
};

/// The file does not know who asks for it, so what names a client is in none.
pub(super) static SENSITIVE_COMPLAINTS: List = List {
    scope: ReadSensitiveComplaints::SCOPE,
    from: || {
        "complaints c where c.area_id = ($1::int [])[1] and c.category in ('illegal_levy', 'staff_conduct')
        and c.against_client_id is null"
            .to_owned()
    },
    from_as_of: None,
    order: "c.id",
    filters: FILTERS,
    statuses: STATUSES,
    columns: COLUMNS,
};
