//! Changes of needs: each is called inside a transaction and leaves an audit row and an event in it.

use serde_json::json;

use super::model::{Need, NeedStatus, NeedWithdrawal, NewNeed};
use super::{queries, rules};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, NeedId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};

/// Records what a family needs: not a package and what is in it, which would be had twice.
///
/// Whoever records another need of the family waits until the transaction ends.
///
/// # Errors
/// `invalid_fields`, `not_found`, `beneficiary_not_live`, `need_already_open`, `need_overlaps`.
pub(super) async fn record(conn: &Conn, caller: &Caller, beneficiary_id: BeneficiaryId, new: &NewNeed) -> Result<Need> {
    let family = queries::lock_family(conn, &caller.scope, beneficiary_id).await?;
    let (area_id, is_live) = family.ok_or(Code::NotFound)?;
    let kind = queries::find_kind(conn, &new.kind).await?;
    let kind = kind.ok_or_else(|| Error::invalid_field("/kind", Code::ReferenceUnknown))?;
    let faults = rules::need_faults(&kind, &new.quantity);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    if !is_live {
        return Err(Code::BeneficiaryNotLive.into());
    }
    if let Some(open) = queries::open_within(conn, (area_id, beneficiary_id), &new.kind).await? {
        return Err(Error::from(Code::NeedOverlaps).related("needs", open.0));
    }
    let need = queries::insert(conn, area_id, beneficiary_id, new, (&caller.client_id, db::now())).await?;
    let write = audit::Write::of("record_need", "needs", need.id.0, area_id);
    audit::record(conn, caller, write, None, Some(&need)).await?;
    events::emit(conn, event("need.recorded", &need, area_id)).await?;
    Ok(need)
}

/// Withdraws what is unmet of a need; what is reserved stays reserved.
///
/// # Errors
/// `not_found`, `need_not_open`.
pub(super) async fn withdraw(conn: &Conn, caller: &Caller, id: NeedId, withdrawal: &NeedWithdrawal) -> Result<Need> {
    let (area_id, before) = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.status != NeedStatus::Open {
        return Err(Code::NeedNotOpen.into());
    }
    let need = queries::withdraw(conn, area_id, id, &withdrawal.reason, db::now()).await?;
    let write = audit::Write::of("withdraw_need", "needs", need.id.0, area_id);
    audit::record(conn, caller, write, Some(&before), Some(&need)).await?;
    events::emit(conn, event("need.withdrawn", &need, area_id)).await?;
    Ok(need)
}

fn event<'a>(kind: &'a str, need: &Need, area_id: i32) -> NewEvent<'a> {
    NewEvent {
        kind,
        subject: "needs",
        subject_id: need.id.0,
        area_id,
        company_id: None,
        data: json!({ "kind": need.kind }),
    }
}
