//! What families need, and what became of what companies promised.

use super::{List, column};
use crate::auth::{Permission, ReadAllocations, ReadBeneficiaries, ReadPledges};
use crate::exports::rules::cells::Kind::{Day, Id, Instant, Text, Whole};

pub(super) static NEEDS: List = List {
    scope: ReadBeneficiaries::SCOPE,
    from: || "needs n where n.area_id = ($1::int [])[1]".to_owned(),
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

pub(super) static ALLOCATION_DELIVERIES: List = List {
    scope: ReadAllocations::SCOPE,
    from: || "allocation_deliveries d where d.area_id = ($1::int [])[1]".to_owned(),
    from_as_of: None,
    order: "d.id",
    filters: &[
        ("beneficiary_id", "d.beneficiary_id = ?::uuid"),
        ("from", "d.delivered_on >= ?::date"),
        ("to", "d.delivered_on <= ?::date"),
        ("company_id", "exists (select from pledges p where p.id = d.pledge_id and p.company_id = ?::uuid)"),
        ("year", "exists (select from pledges p where p.id = d.pledge_id and p.year = ?::smallint)"),
        (
            "village_code",
            "exists (select from allocations a where a.area_id = d.area_id and a.id = d.allocation_id
                and a.village_code = ?)",
        ),
    ],
    statuses: &[],
    columns: &[
        column("id", Id, "d.id"),
        column("allocation_id", Id, "d.allocation_id"),
        column("pledge_id", Id, "d.pledge_id"),
        column("pledge_line_id", Id, "d.pledge_line_id"),
        column("beneficiary_id", Id, "d.beneficiary_id"),
        column("quantity", Text, "trim_scale(d.quantity)::text"),
        column("delivered_on", Day, "d.delivered_on"),
        column("collector_member_id", Id, "d.collector_member_id"),
        column("collector_kind", Text, "d.collector_kind"),
        column("power_of_attorney", Text, "d.power_of_attorney"),
        column("receiver_name", Text, "d.receiver_name"),
        column("handover_number", Text, "d.handover_number"),
        column("proof_digest", Text, "encode(d.proof_digest, 'hex')"),
        column("proof_media_type", Text, "d.proof_media_type"),
        column("transfer_id", Id, "d.transfer_id"),
        column("recorded_by", Text, "d.recorded_by"),
        column("created_at", Instant, "d.created_at"),
    ],
};

/// No company takes lists out, so every village is told.
pub(super) static REALISATIONS: List = List {
    scope: ReadPledges::SCOPE,
    from: || {
        "realisations r join companies c on c.id = r.company_id join areas d on d.area_id = r.area_id
        where r.area_id = ($1::int [])[1]"
            .to_owned()
    },
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
        column("promised_rupiah", Whole, "case when r.promised_value <= 1e15 then round(r.promised_value)::bigint end"),
        column(
            "committed_rupiah",
            Whole,
            "case when r.committed_value <= 1e15 then round(r.committed_value)::bigint end",
        ),
        column("received_rupiah", Whole, "case when r.received_value <= 1e15 then round(r.received_value)::bigint end"),
        column(
            "delivered_rupiah",
            Whole,
            "case when r.delivered_value <= 1e15 then round(r.delivered_value)::bigint end",
        ),
        column("families_reached", Whole, "r.families"),
    ],
};
