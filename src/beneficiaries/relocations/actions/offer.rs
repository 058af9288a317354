//! A family moves, or is offered to the sub-district that it moves to.

use serde_json::json;

use super::carry_over::carry_over;
use crate::audit;
use crate::beneficiaries::actions::{hold, revise, tell as tell_family};
use crate::beneficiaries::history::Why;
use crate::beneficiaries::member_keys;
use crate::beneficiaries::model::BeneficiaryRow;
use crate::beneficiaries::relocations::model::{NewRelocation, Relocation, RelocationStatus};
use crate::beneficiaries::relocations::queries;
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, RelocationId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::keys::Vault;
use crate::regions;

/// Moves a family to a village of the caller's sub-districts at once, and offers it to another sub-district.
///
/// # Errors
/// `not_found`, `version_stale`, `beneficiary_not_live`, `invalid_fields`, `relocation_already_offered`.
pub(in crate::beneficiaries::relocations) async fn relocate(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: BeneficiaryId,
    new: &NewRelocation,
) -> Result<Relocation> {
    let family = hold(conn, caller, id, new.version).await?;
    if new.on > db::today() {
        return Err(Error::invalid_field("/on", Code::DateInFuture));
    }
    let village = regions::find_any_village(conn, &new.village_code).await?;
    let village = village.ok_or_else(|| Error::invalid_field("/village_code", Code::VillageUnknown))?;
    let offer = offer_of(caller, &family, new, village.area_id);
    let why = Why::of("relocate_beneficiary").told(new.change_reason.as_ref());
    let is_done = caller.scope.has_area(village.area_id);
    let row = if is_done { accepted(caller, offer) } else { offer };
    queries::insert(conn, &row).await?;
    if row.to_area_id == row.area_id {
        move_within(conn, caller, vault, (family, &row), why).await?;
    } else if is_done {
        carry_over(conn, caller, vault, &row, why).await?;
    }
    let kind = if is_done { "relocation.accepted" } else { "relocation.offered" };
    tell(conn, caller, (None, &row), (kind, why)).await?;
    Ok(row)
}

fn offer_of(caller: &Caller, family: &BeneficiaryRow, new: &NewRelocation, to_area_id: i32) -> Relocation {
    let now = db::now();
    Relocation {
        area_id: family.area_id,
        id: RelocationId::new(),
        beneficiary_id: family.id,
        to_area_id,
        from_village_code: family.village_code.clone(),
        village_code: new.village_code.clone(),
        address: new.address.clone(),
        moved_on: new.on,
        head_name: family.head_name.clone(),
        member_count: family.member_count,
        status: RelocationStatus::Offered,
        reason: new.change_reason.clone(),
        offered_by: caller.client_id.clone(),
        decided_by: None,
        decided_at: None,
        decision_reason: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

fn accepted(caller: &Caller, offer: Relocation) -> Relocation {
    Relocation {
        status: RelocationStatus::Accepted,
        decided_by: Some(caller.client_id.clone()),
        decided_at: Some(offer.created_at),
        ..offer
    }
}

/// Within a sub-district only the village and the address change.
async fn move_within(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    (family, row): (BeneficiaryRow, &Relocation),
    why: Why<'_>,
) -> Result<()> {
    let after = BeneficiaryRow {
        village_code: row.village_code.clone(),
        address: row.address.as_ref().map(ToString::to_string),
        ..family.clone()
    };
    if after == family {
        return Err(Error::invalid_field("/village_code", Code::VillageUnchanged));
    }
    let after = revise(conn, caller, &family, after, why).await?;
    let (area_id, id) = (family.area_id, family.id);
    tell_family(conn, caller, vault, (Some(family), after), ("beneficiary.relocated", why)).await?;
    member_keys::refresh(conn, vault, area_id, &[id]).await
}

/// Leaves the audit row and the event of a relocation, in both sub-districts where there are two.
pub(super) async fn tell(
    conn: &Conn,
    caller: &Caller,
    (before, after): (Option<&Relocation>, &Relocation),
    (kind, why): (&str, Why<'_>),
) -> Result<()> {
    let mut areas = vec![after.area_id, after.to_area_id];
    areas.dedup();
    for area_id in areas {
        let write = audit::Write::of(why.operation, "relocations", after.id.0, area_id);
        audit::record(conn, caller, write, before, Some(after)).await?;
        let event = NewEvent {
            kind,
            subject: "relocations",
            subject_id: after.id.0,
            area_id,
            company_id: None,
            data: json!({
                "beneficiary_id": after.beneficiary_id, "from_village_code": after.from_village_code,
                "village_code": after.village_code, "status": after.status,
            }),
        };
        events::emit(conn, event).await?;
    }
    Ok(())
}
