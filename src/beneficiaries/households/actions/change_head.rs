//! A family gets another head.

use super::household::Household;
use crate::beneficiaries::actions::tell;
use crate::beneficiaries::history::Why;
use crate::beneficiaries::households::model::NewHeadChange;
use crate::beneficiaries::households::rules;
use crate::beneficiaries::members::actions as persons;
use crate::beneficiaries::model::{Beneficiary, Relationship};
use crate::db::Conn;
use crate::domain::{BeneficiaryId, Caller};
use crate::error::{Code, Error, Result};
use crate::keys::Vault;

/// Makes another member the head, and says what the others are to that one.
///
/// # Errors
/// `not_found`, `version_stale`, `beneficiary_not_live`, `invalid_fields`.
pub(in crate::beneficiaries::households) async fn change_head(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: BeneficiaryId,
    new: &NewHeadChange,
) -> Result<Beneficiary> {
    let household = Household::lock(conn, caller, id, new.version).await?;
    let former = household.head().map(|(head, _)| head.id);
    let mut faults = rules::placement_faults(&new.members, &household.ids());
    faults.extend(rules::head_faults(&new.members, (new.head_id, former)));
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let head = household.member(new.head_id).filter(|(row, _)| Some(row.id) != former);
    let head = head.ok_or_else(|| Error::invalid_field("/head_id", Code::ReferenceUnknown))?;
    let why = Why::of("change_head").told(new.change_reason.as_ref());
    // The head steps back before the next one steps up: a family has one at any moment.
    for one in &new.members {
        let tied = household.member(one.member_id).filter(|(_, tie)| tie.relationship != one.relationship);
        if let Some(tied) = tied {
            persons::retie(conn, caller, tied, one.relationship, why).await?;
        }
    }
    persons::retie(conn, caller, head, Relationship::Head, why).await?;
    let after = household.recount(conn, caller, None, why).await?;
    tell(conn, caller, vault, (Some(household.family), after), ("beneficiary.head_changed", why)).await
}
