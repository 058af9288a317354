//! Opening accounts and posting transfers: each inside the caller's transaction.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::{AccountKind, NewAccount, Posting, Transfer};
use super::queries::{self, LockedBalance, Posted};
use crate::db::Conn;
use crate::domain::{Balance, TransferId};
use crate::error::{Code, Error, Result};

/// Opens accounts with a balance of zero; those that are there stay as they are.
///
/// # Errors
/// Where the database refuses.
pub async fn open(conn: &Conn, area_id: i32, accounts: &[NewAccount<'_>], at: DateTime<Utc>) -> Result<()> {
    let opened = queries::insert_accounts(conn, area_id, accounts, at).await?;
    if opened.is_empty() { Ok(()) } else { queries::insert_balances(conn, &opened).await }
}

/// Posts transfers as a set: all of them or none.
///
/// A transfer that was posted before under its id has no further effect. The balances are locked in the order of
/// the account ids, so two posts never wait for each other in a circle.
///
/// # Errors
/// `not_enough_left` where a floored account would go below zero, saying what is there; a fault of the service
/// where an account is not open, or an id comes back with another movement.
pub async fn post(conn: &Conn, posting: Posting<'_>, transfers: &[Transfer]) -> Result<()> {
    let mut in_order: Vec<&Transfer> = transfers.iter().collect();
    in_order.sort_by_key(|transfer| transfer.id);
    let posted = queries::insert_transfers(conn, posting, &in_order).await?;
    if posted.len() < in_order.len() {
        let new: Vec<TransferId> = posted.iter().map(|transfer| transfer.id).collect();
        let earlier: Vec<&Transfer> = in_order.iter().copied().filter(|transfer| !new.contains(&transfer.id)).collect();
        confirm_earlier(conn, posting, &earlier).await?;
    }
    move_all(conn, &posted).await
}

/// Takes back a transfer of a pledge by its opposite, which names it.
///
/// # Errors
/// `transfer_corrected` where it was taken back before, `not_enough_left` where what it moved has moved on; a fault of
/// the service where the pledge has no such transfer.
pub async fn correct(conn: &Conn, posting: Posting<'_>, id: TransferId, corrects_id: TransferId) -> Result<()> {
    let posted = queries::insert_opposite(conn, posting, (id, corrects_id)).await?;
    if posted.is_empty() {
        return Err(Error::internal("a correction of a transfer that the pledge does not have"));
    }
    move_all(conn, &posted).await
}

/// Moves the balances with their new transfers.
async fn move_all(conn: &Conn, posted: &[Posted]) -> Result<()> {
    let mut deltas: BTreeMap<Uuid, Balance> = BTreeMap::new();
    for transfer in posted {
        *deltas.entry(transfer.debit_account_id).or_default() -= &transfer.quantity;
        *deltas.entry(transfer.credit_account_id).or_default() += &transfer.quantity;
    }
    if deltas.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = deltas.keys().copied().collect();
    for balance in queries::lock_balances(conn, &ids).await? {
        refuse_overdraft(&balance, deltas.get(&balance.account_id))?;
    }
    queries::move_balances(conn, &deltas).await
}

/// An id that is there already must stand for the same movement.
async fn confirm_earlier(conn: &Conn, posting: Posting<'_>, earlier: &[&Transfer]) -> Result<()> {
    let found = queries::count_same(conn, posting, earlier).await?;
    if usize::try_from(found) == Ok(earlier.len()) {
        return Ok(());
    }
    Err(Error::internal("a transfer id came back with another movement, or an account is not open"))
}

fn refuse_overdraft(balance: &LockedBalance, delta: Option<&Balance>) -> Result<()> {
    let Some(delta) = delta else { return Ok(()) };
    if !balance.is_floored || !balance.posted.plus(delta).is_negative() {
        return Ok(());
    }
    let (left, asked) = (&balance.posted, delta.size());
    let place = match balance.kind {
        AccountKind::Commitment => "still to be received",
        AccountKind::Stock => "free",
        AccountKind::HandedOut => "handed out",
        kind => kind.as_str(),
    };
    let sentence = format!("{left} {} {place}, {asked} asked", balance.unit);
    Err(Error::from(Code::NotEnoughLeft).about(sentence))
}
