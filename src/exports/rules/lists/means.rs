//! Goods in stock, and equipment with who has it.

use super::{List, column};
use crate::auth::{Permission, ReadAssets, ReadStock};
use crate::exports::rules::cells::Kind::{Day, Flag, Id, Instant, Json, Text, Whole};

pub(super) static ASSETS: List = List {
    scope: ReadAssets::SCOPE,
    from: || "assets a where a.area_id = ($1::int [])[1]".to_owned(),
    from_as_of: None,
    order: "a.id",
    filters: &[
        ("status", "a.status = ?"),
        ("kind", "a.kind = ?"),
        ("program_id", "a.program_id = ?::uuid"),
        (
            "beneficiary_id",
            "exists (select from custodies c where c.area_id = a.area_id and c.id = a.custody_id
                and c.beneficiary_id = ?::uuid)",
        ),
        (
            "village_code",
            "exists (select from custodies c where c.area_id = a.area_id and c.id = a.custody_id and c.village_code = ?)",
        ),
    ],
    statuses: &["in_store", "in_custody", "under_repair", "lost", "retired"],
    columns: &[
        column("id", Id, "a.id"),
        column("asset_number", Text, "a.asset_number"),
        column("kind", Text, "a.kind"),
        column("serial_number", Text, "a.serial_number"),
        column("source", Text, "a.source"),
        column("delivery_id", Id, "a.delivery_id"),
        column("allocation_delivery_id", Id, "a.allocation_delivery_id"),
        column("aid_id", Id, "a.aid_id"),
        column("program_id", Id, "a.program_id"),
        column("pledge_id", Id, "a.pledge_id"),
        column("value_rupiah", Whole, "a.value_rupiah"),
        column("acquired_on", Day, "a.acquired_on"),
        column("status", Text, "a.status"),
        column("status_since", Day, "a.status_since"),
        column("status_reason", Text, "a.status_reason"),
        column("status_minutes_number", Text, "a.status_minutes_number"),
        column("condition", Text, "a.condition"),
        column("custody_id", Id, "a.custody_id"),
        column("last_checked_on", Day, "a.last_checked_on"),
        column("next_check_on", Day, "a.next_check_on"),
        column("registered_by", Text, "a.registered_by"),
        column("version", Whole, "a.version"),
        column("created_at", Instant, "a.created_at"),
        column("updated_at", Instant, "a.updated_at"),
    ],
};

pub(super) static CUSTODIES: List = List {
    scope: ReadAssets::SCOPE,
    from: || "custodies c where c.area_id = ($1::int [])[1]".to_owned(),
    from_as_of: None,
    order: "c.id",
    filters: &[("beneficiary_id", "c.beneficiary_id = ?::uuid"), ("village_code", "c.village_code = ?")],
    statuses: &[],
    columns: &[
        column("id", Id, "c.id"),
        column("asset_id", Id, "c.asset_id"),
        column("beneficiary_id", Id, "c.beneficiary_id"),
        column("group_name", Text, "c.group_name"),
        column("village_code", Text, "c.village_code"),
        column("place", Text, "c.place"),
        column("handover_number", Text, "c.handover_number"),
        column("terms", Text, "c.terms"),
        column("started_on", Day, "c.started_on"),
        column("handed_over_by", Text, "c.handed_over_by"),
        column("follows_id", Id, "c.follows_id"),
        column("ended_on", Day, "c.ended_on"),
        column("end_reason", Text, "c.end_reason"),
        column("return_condition", Text, "c.return_condition"),
        column("return_note", Text, "c.return_note"),
        column("ended_by", Text, "c.ended_by"),
        column("version", Whole, "c.version"),
        column("created_at", Instant, "c.created_at"),
        column("updated_at", Instant, "c.updated_at"),
    ],
};

/// Checks are never changed, so those that were there at an instant are as they were.
pub(super) static ASSET_CHECKS: List = List {
    scope: ReadAssets::SCOPE,
    from: || "asset_checks k where k.area_id = ($1::int [])[1]".to_owned(),
    from_as_of: Some(|| "asset_checks k where k.area_id = ($1::int [])[1] and k.created_at <= $2".to_owned()),
    order: "k.id",
    filters: &[
        ("village_code", "k.village_code = ?"),
        ("from", "k.checked_on >= ?::date"),
        ("to", "k.checked_on <= ?::date"),
    ],
    statuses: &[],
    columns: &[
        column("id", Id, "k.id"),
        column("asset_id", Id, "k.asset_id"),
        column("custody_id", Id, "k.custody_id"),
        column("village_code", Text, "k.village_code"),
        column("checked_on", Day, "k.checked_on"),
        column("condition", Text, "k.condition"),
        column("is_in_use", Flag, "k.is_in_use"),
        column("meter_hours", Whole, "k.meter_hours"),
        column("note", Text, "k.note"),
        column("evidence", Json, "k.evidence::text"),
        column("next_check_on", Day, "k.next_check_on"),
        column("checked_by", Text, "k.checked_by"),
        column("created_at", Instant, "k.created_at"),
    ],
};

/// Where each lot is by now stands in its accounts, which keep no past of themselves; balances as of a day have a list
/// of their own.
pub(super) static STOCK_LOTS: List = List {
    scope: ReadStock::SCOPE,
    from: || {
        "stock_lots l
        left join lateral (
            select sum(b.posted) as in_stock
            from stock_places p
            join ledger_accounts a on a.owner_id = p.id and a.kind = 'stock' and a.area_id = p.area_id
            join ledger_balances b on b.account_id = a.id
            where p.area_id = l.area_id and p.stock_lot_id = l.id
        ) as s on true
        left join lateral (
            select sum(b.posted) filter (where a.kind = 'handed_out') as handed_out,
                sum(b.posted) filter (where a.kind = 'delivered') as delivered,
                sum(b.posted) filter (where a.kind = 'returned') as returned,
                sum(b.posted) filter (where a.kind = 'lost') as lost,
                sum(b.posted) filter (where a.kind = 'counted') as counted_missing
            from ledger_accounts a join ledger_balances b on b.account_id = a.id
            where a.owner_id = l.id and a.area_id = l.area_id
        ) as o on true
        where l.area_id = ($1::int [])[1]"
            .to_owned()
    },
    from_as_of: None,
    order: "l.id",
    filters: &[
        ("program_id", "l.program_id = ?::uuid"),
        ("from", "l.received_on >= ?::date"),
        ("to", "l.received_on <= ?::date"),
    ],
    statuses: &[],
    columns: &[
        column("id", Id, "l.id"),
        column("item", Text, "l.item"),
        column("unit", Text, "l.unit"),
        column("counts_whole_units", Flag, "l.counts_whole_units"),
        column("program_id", Id, "l.program_id"),
        column("stock_site_id", Id, "l.stock_site_id"),
        column("quantity", Text, "trim_scale(l.quantity)::text"),
        column("in_stock", Text, "trim_scale(coalesce(s.in_stock, 0))::text"),
        column("handed_out", Text, "trim_scale(coalesce(o.handed_out, 0))::text"),
        column("delivered", Text, "trim_scale(coalesce(o.delivered, 0))::text"),
        column("returned", Text, "trim_scale(coalesce(o.returned, 0))::text"),
        column("lost", Text, "trim_scale(coalesce(o.lost, 0))::text"),
        column("counted_missing", Text, "trim_scale(coalesce(o.counted_missing, 0))::text"),
        column("source", Text, "l.source"),
        column("supplier", Text, "l.supplier"),
        column("delivery_note_number", Text, "l.delivery_note_number"),
        column("received_on", Day, "l.received_on"),
        column("expires_on", Day, "l.expires_on"),
        column("quality", Text, "l.quality"),
        column("remark", Text, "l.remark"),
        column("recorded_by", Text, "l.recorded_by"),
        column("created_at", Instant, "l.created_at"),
    ],
};

/// Movements are never changed.
pub(super) static STOCK_MOVEMENTS: List = List {
    scope: ReadStock::SCOPE,
    from: || "stock_movements m where m.area_id = ($1::int [])[1]".to_owned(),
    from_as_of: Some(|| "stock_movements m where m.area_id = ($1::int [])[1] and m.created_at <= $2".to_owned()),
    order: "m.id",
    filters: &[("kind", "m.kind = ?"), ("from", "m.moved_on >= ?::date"), ("to", "m.moved_on <= ?::date")],
    statuses: &[],
    columns: &[
        column("id", Id, "m.id"),
        column("stock_lot_id", Id, "m.stock_lot_id"),
        column("kind", Text, "m.kind"),
        column("from_site_id", Id, "m.from_site_id"),
        column("to_site_id", Id, "m.to_site_id"),
        column("quantity", Text, "trim_scale(m.quantity)::text"),
        column("counted_quantity", Text, "trim_scale(m.counted_quantity)::text"),
        column("moved_on", Day, "m.moved_on"),
        column("document_number", Text, "m.document_number"),
        column("remark", Text, "m.remark"),
        column("cycle_id", Id, "m.cycle_id"),
        column("delivery_id", Id, "m.delivery_id"),
        column("delivery_return_id", Id, "m.delivery_return_id"),
        column("stock_loss_id", Id, "m.stock_loss_id"),
        column("recorded_by", Text, "m.recorded_by"),
        column("created_at", Instant, "m.created_at"),
    ],
};
