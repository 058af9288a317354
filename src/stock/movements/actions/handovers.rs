//! What families get from stock and what comes back from them, inside the transaction of the delivery or return.

use chrono::NaiveDate;

use super::book;
use crate::db::Conn;
use crate::domain::{Caller, DeliveryId, DeliveryReturnId, ProgramId, Quantity, Scope, StockLotId, StockSiteId};
use crate::error::{Code, Error, Result};
use crate::stock::lots;
use crate::stock::movements::model::{Move, StockMovementKind};
use crate::stock::movements::{queries, rules};

/// What a delivery takes from stock.
#[derive(Debug, Clone)]
pub(crate) struct Drawn<'a> {
    pub(crate) area_id: i32,
    pub(crate) lot_id: StockLotId,
    pub(crate) site_id: StockSiteId,
    pub(crate) delivery_id: DeliveryId,
    pub(crate) program_id: ProgramId,
    pub(crate) unit: &'a str,
    pub(crate) quantity: &'a Quantity,
    pub(crate) on: NaiveDate,
    pub(crate) handover_number: &'a str,
}

/// Takes what a delivery gives from a lot at a site.
///
/// # Errors
/// `invalid_fields`, `lot_not_for_program`, `lot_expired`, `stock_site_closed`, `not_enough_left`.
pub(crate) async fn draw(conn: &Conn, caller: &Caller, drawn: &Drawn<'_>) -> Result<()> {
    let scope = Scope { area_ids: vec![drawn.area_id], ..caller.scope.clone() };
    let lot = lots::find(conn, &scope, drawn.lot_id).await?;
    let lot = lot.ok_or_else(|| Error::invalid_field("/stock_lot_id", Code::ReferenceUnknown))?;
    rules::be_fit(&lot, (drawn.program_id, drawn.unit), drawn.on)?;
    if drawn.on < lot.received_on {
        return Err(Error::invalid_field("/delivered_on", Code::DatesOutOfOrder));
    }
    let moved = Move {
        from: Some(drawn.site_id),
        quantity: drawn.quantity.clone(),
        on: drawn.on,
        document_number: drawn.handover_number.to_owned(),
        delivery_id: Some(drawn.delivery_id),
        ..Move::of(&lot, StockMovementKind::Deliver)
    };
    book(conn, caller, moved).await?;
    Ok(())
}

/// What comes back from a family.
#[derive(Debug, Clone)]
pub(crate) struct Came<'a> {
    pub(crate) area_id: i32,
    pub(crate) site_id: StockSiteId,
    pub(crate) delivery_id: DeliveryId,
    pub(crate) return_id: DeliveryReturnId,
    pub(crate) quantity: &'a Quantity,
    pub(crate) on: NaiveDate,
    pub(crate) document_number: &'a str,
}

/// Puts what came back from a family to the lot that it was of, at a site.
///
/// # Errors
/// `delivery_not_from_stock`, `invalid_fields`, `stock_site_closed`.
pub(crate) async fn put_back(conn: &Conn, caller: &Caller, came: &Came<'_>) -> Result<()> {
    let drawn = queries::find_of_delivery(conn, came.area_id, came.delivery_id).await?;
    let drawn = drawn.ok_or(Code::DeliveryNotFromStock)?;
    let scope = Scope { area_ids: vec![came.area_id], ..caller.scope.clone() };
    let lot = lots::find(conn, &scope, drawn.stock_lot_id).await?.ok_or(Code::NotFound)?;
    let moved = Move {
        to: Some(came.site_id),
        quantity: came.quantity.clone(),
        on: came.on,
        document_number: came.document_number.to_owned(),
        delivery_id: Some(came.delivery_id),
        delivery_return_id: Some(came.return_id),
        ..Move::of(&lot, StockMovementKind::PutBack)
    };
    book(conn, caller, moved).await?;
    Ok(())
}
