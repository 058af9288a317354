//! Taking a lot in: one transaction with its accounts, its first movement, its audit rows and its events.

use serde_json::json;

use super::model::{NewStockLot, StockLot};
use super::{queries, rules};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, Scope, StockLotId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::stock::movements::{self, Move, StockMovementKind};

/// Takes goods in at a site.
///
/// # Errors
/// `invalid_fields`, `stock_site_closed`, `delivery_note_recorded`.
pub(super) async fn receive(conn: &Conn, caller: &Caller, new: &NewStockLot) -> Result<StockLot> {
    let area_id = queries::area_of(conn, &caller.scope, new.stock_site_id).await?;
    let area_id = area_id.ok_or_else(|| Error::invalid_field("/stock_site_id", Code::ReferenceUnknown))?;
    let program = match new.program_id {
        Some(id) => Some(
            queries::find_program(conn, area_id, id)
                .await?
                .ok_or_else(|| Error::invalid_field("/program_id", Code::ReferenceUnknown))?,
        ),
        None => None,
    };
    let faults = rules::faults_of(new, program.as_ref(), db::today());
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let (id, is_whole) = (StockLotId::new(), rules::counts_whole_units(new, program.as_ref()));
    queries::insert(conn, (area_id, id), new, (is_whole, &caller.client_id, db::now())).await?;
    let scope = Scope { area_ids: vec![area_id], ..caller.scope.clone() };
    let lot = queries::find(conn, &scope, id).await?.ok_or(Code::NotFound)?;
    movements::open(conn, &lot).await?;
    movements::book(conn, caller, first_move(&lot)).await?;
    let lot = queries::find(conn, &scope, id).await?.ok_or(Code::NotFound)?;
    tell(conn, caller, &lot).await?;
    Ok(lot)
}

/// From outside to the site that it came to.
fn first_move(lot: &StockLot) -> Move<'_> {
    Move {
        to: Some(lot.stock_site_id),
        quantity: lot.quantity.clone(),
        on: lot.received_on,
        document_number: lot.delivery_note_number.clone(),
        ..Move::of(lot, StockMovementKind::Receive)
    }
}

async fn tell(conn: &Conn, caller: &Caller, lot: &StockLot) -> Result<()> {
    let write = audit::Write::of("receive_stock_lot", "stock_lots", lot.id.0, lot.area_id);
    audit::record(conn, caller, write, None, Some(lot)).await?;
    let event = NewEvent {
        kind: "stock_lot.received",
        subject: "stock_lots",
        subject_id: lot.id.0,
        area_id: lot.area_id,
        company_id: None,
        data: json!({
            "program_id": lot.program_id, "stock_site_id": lot.stock_site_id, "quantity": lot.quantity, "unit": lot.unit,
        }),
    };
    events::emit(conn, event).await
}
