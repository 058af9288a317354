//! Two families join on one card.

use super::endings::Ending;
use super::household::Household;
use super::passage::{Passage, pass};
use crate::beneficiaries::actions::tell;
use crate::beneficiaries::history::Why;
use crate::beneficiaries::households::model::{Merger, NewMerger};
use crate::beneficiaries::households::rules;
use crate::beneficiaries::members::EndReason;
use crate::beneficiaries::rules::{MEMBERS, is_card_of};
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller};
use crate::error::{Code, Error, Fault, Result};
use crate::keys::Vault;

/// Merges a family into another one, which keeps its card.
///
/// Enrollments of the family that ends exit and are told; none begins in the other one, since whether the larger
/// household is eligible is another question, and what rested must not be resumed by the way.
///
/// # Errors
/// `not_found`, `version_stale`, `beneficiary_not_live`, `family_full`, `invalid_fields`.
pub(in crate::beneficiaries::households) async fn merge(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: BeneficiaryId,
    new: &NewMerger,
) -> Result<Merger> {
    let other = (new.into_beneficiary_id, new.into_version, "/into_beneficiary_id");
    let (ending, going_on) = Household::lock_both(conn, caller, (id, new.version), other).await?;
    check(vault, (&ending, &going_on), new)?;
    let why = Why::of("merge_beneficiary").told(new.change_reason.as_ref());
    let persons: Vec<_> = new.members.iter().map(|one| (one.member_id, one.relationship)).collect();
    let into = going_on.family.id;
    let passage = Passage { from: &ending, to: into, persons: &persons, because: EndReason::Merged, on: new.on };
    pass(conn, caller, vault, &passage, why).await?;
    let how = Ending { because: EndReason::Merged, on: new.on, into: Some(into) };
    let (ended, with_it) = ending.end(conn, caller, how, why).await?;
    let grown = going_on.recount(conn, caller, None, why).await?;
    let ended = tell(conn, caller, vault, (Some(ending.family), ended), ("beneficiary.merged", why)).await?;
    let grown = tell(conn, caller, vault, (Some(going_on.family), grown), ("beneficiary.updated", why)).await?;
    let (carried_plan_ids, ended_plan_ids) = (with_it.plans_that(true), with_it.plans_that(false));
    Ok(Merger {
        beneficiary: grown,
        ended,
        ended_enrollments: with_it.enrollments,
        ended_needs: with_it.needs,
        carried_custody_ids: with_it.custodies,
        carried_plan_ids,
        ended_plan_ids,
        reserved_allocation_ids: with_it.reserved,
    })
}

fn check(vault: &Vault, (ending, going_on): (&Household, &Household), new: &NewMerger) -> Result<()> {
    let live = ending.ids();
    let mut faults = rules::placement_faults(&new.members, &live);
    faults.extend(rules::merger_faults(&new.members, &live));
    if new.on > db::today() {
        faults.push(Fault::new("/on", Code::DateInFuture));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    if live.len() + going_on.members.len() > MEMBERS {
        return Err(Code::FamilyFull.into());
    }
    for (person, _) in &ending.members {
        if person.open_nik(vault)?.is_some_and(|nik| is_card_of(&going_on.family, vault, &nik)) {
            return Err(Error::invalid_field("/into_beneficiary_id", Code::CardNumberIsNik));
        }
    }
    Ok(())
}
