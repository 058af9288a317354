//! Taking a batch: one transaction with its deliveries, its conflicts, its audit row and its event.

use serde_json::json;

use super::model::{Batch, BatchDelivery, BatchItem, BatchWithItems, DeliveryBatch, ItemOutcome, NewBatch};
use super::queries;
use super::rules::{self, Brought};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, DeliveryId, Digest, EntitlementId, Scope, StockLotId, canonical};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::keys::{VerifyingKey, sha256};
use crate::programs::deliveries::actions as deliveries;
use crate::programs::deliveries::conflicts::{self, NewConflict};
use crate::programs::deliveries::devices::{self, Device, DeviceStatus};
use crate::stock;

/// Takes a batch, or answers what became of it where it was taken before.
///
/// Locks, in this order: the device, so that its batches take turns; what is due, in the order of ids; then what stock
/// holds of the lots that are named, in the order of accounts.
///
/// # Errors
/// `invalid_fields`, `device_revoked`, `batch_differs`, `batch_sequence_taken`.
pub(super) async fn take(conn: &Conn, caller: &Caller, new: &NewBatch) -> Result<BatchWithItems> {
    let batch = &new.batch.batch;
    let faults = rules::faults_of(batch);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let Some(device) = devices::lock(conn, &caller.scope, batch.device_id).await? else {
        return Err(Error::invalid_field("/batch/device_id", Code::ReferenceUnknown));
    };
    be_signed(&device, new)?;
    let digest = Digest::from(sha256(new.batch.text.as_bytes()));
    let scope = Scope { area_ids: vec![device.area_id], ..caller.scope.clone() };
    if let Some(before) = queries::find(conn, &scope, batch.id).await? {
        return same(conn, before, digest).await;
    }
    if device.status == DeviceStatus::Revoked {
        return Err(Code::DeviceRevoked.into());
    }
    let caller = Caller { scope, ..caller.clone() };
    let taken = take_items(conn, &caller, &device, batch).await?;
    let row = row(&caller, &device, new, (digest, &taken.items));
    queries::insert(conn, &row).await?;
    queries::insert_items(conn, &taken.items).await?;
    conflicts::insert(conn, &taken.conflicts).await?;
    tell(conn, &caller, &row).await?;
    Ok(BatchWithItems { batch: row, items: taken.items })
}

/// What a batch comes to.
#[derive(Default)]
struct Taken {
    items: Vec<BatchItem>,
    conflicts: Vec<NewConflict>,
}

fn be_signed(device: &Device, new: &NewBatch) -> Result<()> {
    let key = VerifyingKey::of(&device.public_key);
    let is_signed = key.is_some_and(|key| key.verifies(new.batch.text.as_bytes(), new.signature.as_str()));
    if is_signed { Ok(()) } else { Err(Error::invalid_field("/signature", Code::SignatureInvalid)) }
}

/// The batch of that id, where it says the same.
async fn same(conn: &Conn, before: DeliveryBatch, digest: Digest) -> Result<BatchWithItems> {
    if before.content_digest != digest {
        return Err(Code::BatchDiffers.into());
    }
    let items = queries::items(conn, &before).await?;
    Ok(BatchWithItems { batch: before, items })
}

async fn take_items(conn: &Conn, caller: &Caller, device: &Device, batch: &Batch) -> Result<Taken> {
    let ids: Vec<DeliveryId> = batch.deliveries.iter().map(|one| one.id).collect();
    let due: Vec<EntitlementId> = batch.deliveries.iter().map(|one| one.entitlement_id).collect();
    queries::lock_due(conn, device.area_id, &due).await?;
    let lots: Vec<StockLotId> = batch.deliveries.iter().filter_map(|one| one.stock_lot_id).collect();
    stock::hold_lots(conn, device.area_id, &lots).await?;
    let mut brought = queries::brought(conn, device.area_id, &ids).await?;
    let mut taken = Taken::default();
    for (item, number) in batch.deliveries.iter().zip(1_i16..) {
        let item = take_item(conn, caller, (device, batch, item), (&mut brought, &mut taken)).await?;
        taken.items.push(BatchItem { item_number: number, ..item });
    }
    Ok(taken)
}

/// Accepts a delivery, or keeps it as a conflict; what was brought before is as it was.
async fn take_item(
    conn: &Conn,
    caller: &Caller,
    (device, batch, said): (&Device, &Batch, &BatchDelivery),
    (brought, taken): (&mut Brought, &mut Taken),
) -> Result<BatchItem> {
    let content = serde_json::to_value(said).map_err(Error::internal)?;
    let digest = Digest::from(sha256(canonical(&content).as_bytes()));
    let before = rules::again(brought, said.id, digest);
    let outcome = match before {
        Some(outcome) => outcome,
        None => match record(conn, caller, said).await {
            Ok(()) => ItemOutcome::Accepted,
            Err(error) => {
                let why = rules::refusal_of(error)?;
                taken.conflicts.push(NewConflict::of((device.area_id, device.id, batch.id), said, why));
                ItemOutcome::Conflict
            }
        },
    };
    if before.is_none() {
        brought.insert(said.id, Some((digest, outcome)));
    }
    Ok(BatchItem {
        id: said.id,
        outcome,
        is_repeated: before.is_some_and(|outcome| outcome != ItemOutcome::Refused),
        place: said.place.as_ref().map(ToString::to_string),
        item_number: 0,
        content_digest: digest,
        delivery_batch_id: batch.id,
        area_id: device.area_id,
    })
}

/// Records a delivery. What stock refuses has been booked by then, so that alone is taken back.
async fn record(conn: &Conn, caller: &Caller, said: &BatchDelivery) -> Result<()> {
    if said.stock_lot_id.is_none() {
        deliveries::record_as(conn, caller, said.id, &said.as_new()).await?;
        return Ok(());
    }
    queries::set_mark(conn).await?;
    match deliveries::record_as(conn, caller, said.id, &said.as_new()).await {
        Ok(_) => queries::clear_mark(conn).await,
        Err(Error::Refused(refusal)) => {
            queries::return_to_mark(conn).await?;
            Err(Error::Refused(refusal))
        }
        // What failed in the database ends the transaction, and the mark with it.
        Err(error) => Err(error),
    }
}

fn row(caller: &Caller, device: &Device, new: &NewBatch, (digest, items): (Digest, &[BatchItem])) -> DeliveryBatch {
    let count = |outcome: ItemOutcome| items.iter().filter(|item| item.outcome == outcome).count();
    // There are two hundred at most.
    let narrow = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    DeliveryBatch {
        id: new.batch.batch.id,
        device_id: device.id,
        sequence: new.batch.batch.sequence,
        made_at: new.batch.batch.made_at,
        item_count: narrow(items.len()),
        accepted_count: narrow(count(ItemOutcome::Accepted)),
        conflict_count: narrow(count(ItemOutcome::Conflict)),
        content_digest: digest,
        signature: new.signature.to_string(),
        sent_by: caller.client_id.clone(),
        created_at: db::now(),
        area_id: device.area_id,
    }
}

async fn tell(conn: &Conn, caller: &Caller, batch: &DeliveryBatch) -> Result<()> {
    let write = audit::Write::of("take_delivery_batch", "delivery_batches", batch.id.0, batch.area_id);
    audit::record(conn, caller, write, None, Some(batch)).await?;
    let event = NewEvent {
        kind: "delivery_batch.taken",
        subject: "delivery_batches",
        subject_id: batch.id.0,
        area_id: batch.area_id,
        company_id: None,
        data: json!({
            "device_id": batch.device_id, "item_count": batch.item_count, "accepted_count": batch.accepted_count,
            "conflict_count": batch.conflict_count,
        }),
    };
    events::emit(conn, event).await
}
