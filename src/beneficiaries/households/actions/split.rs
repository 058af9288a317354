//! Some of a family get a card of their own.

use super::household::{Household, succeed};
use super::passage::{Passage, pass};
use crate::beneficiaries::actions::{districts_among, tell};
use crate::beneficiaries::history::Why;
use crate::beneficiaries::households::model::{NewSplit, Placed};
use crate::beneficiaries::households::rules;
use crate::beneficiaries::members::EndReason;
use crate::beneficiaries::model::{Beneficiary, BeneficiaryRow, BeneficiaryStatus, Relationship};
use crate::beneficiaries::queries::{self as families, claims};
use crate::beneficiaries::rules::{card_warnings_of, is_card_of};
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller};
use crate::error::{Code, Error, Fault, Result};
use crate::keys::{Place, Vault};
use crate::regions;

/// Splits a family: some members get a family card of their own.
///
/// # Errors
/// `not_found`, `version_stale`, `beneficiary_not_live`, `invalid_fields`, `card_already_registered`.
pub(in crate::beneficiaries::households) async fn split(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: BeneficiaryId,
    new: &NewSplit,
) -> Result<Beneficiary> {
    let household = Household::lock(conn, caller, id, new.version).await?;
    let row = new_family(vault, &household, new)?;
    check(conn, caller, vault, (&household, &row), new).await?;
    let districts = districts_among(conn, vec![new.card_number.district_code()]).await?;
    let row = BeneficiaryRow { warnings: card_warnings_of(&new.card_number, &districts), ..row };
    claims::take_card(conn, &caller.scope, &row).await?;
    families::insert(conn, &row).await?;
    families::insert_locator(conn, &row).await?;
    let why = Why::of("split_beneficiary").told(new.change_reason.as_ref());
    let persons: Vec<_> = new.members.iter().map(|one| (one.member_id, one.relationship)).collect();
    let leaving: Vec<_> = new.members.iter().map(|one| one.member_id).collect();
    let passage = Passage { from: &household, to: row.id, persons: &persons, because: EndReason::Split, on: new.on };
    pass(conn, caller, vault, &passage, why).await?;
    succeed(conn, caller, &household, (&leaving, new.successor_id), why).await?;
    let left = household.recount(conn, caller, None, why).await?;
    tell(conn, caller, vault, (Some(household.family), left), ("beneficiary.split", why)).await?;
    tell(conn, caller, vault, (None, row), ("beneficiary.registered", why)).await
}

async fn check(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    (household, row): (&Household, &BeneficiaryRow),
    new: &NewSplit,
) -> Result<()> {
    let live = household.ids();
    let mut faults = rules::placement_faults(&new.members, &live);
    if faults.is_empty() {
        faults.extend(rules::split_fault(&new.members, &live));
    }
    if new.on > db::today() {
        faults.push(Fault::new("/on", Code::DateInFuture));
    }
    let village = regions::find_village(conn, &caller.scope, &new.village_code).await?;
    if village.is_none_or(|village| village.area_id != row.area_id) {
        faults.push(Fault::new("/village_code", Code::VillageUnknown));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    for (person, _) in new.members.iter().filter_map(|one| household.member(one.member_id)) {
        if person.open_nik(vault)?.is_some_and(|nik| is_card_of(row, vault, &nik)) {
            return Err(Error::invalid_field("/card_number", Code::CardNumberIsNik));
        }
    }
    Ok(())
}

/// The new family. It has no rank and nobody has confirmed it: both were said of another household.
fn new_family(vault: &Vault, household: &Household, new: &NewSplit) -> Result<BeneficiaryRow> {
    let (id, area_id, now) = (BeneficiaryId::new(), household.family.area_id, db::now());
    let is_head = |one: &&Placed| one.relationship == Relationship::Head;
    let head = new.members.iter().find(is_head).and_then(|one| household.member(one.member_id));
    Ok(BeneficiaryRow {
        area_id,
        id,
        village_code: new.village_code.clone(),
        card_sealed: vault.seal(Place::card(area_id, id), new.card_number.reveal())?,
        card_digest: vault.card_digest(&new.card_number),
        address: new.address.as_ref().map(ToString::to_string),
        phone: new.phone.as_ref().map(ToString::to_string),
        status: BeneficiaryStatus::Live,
        head_name: head.map(|(head, _)| head.name.clone()).unwrap_or_default(),
        member_count: i32::try_from(new.members.len()).map_err(Error::internal)?,
        decile: None,
        decile_source: None,
        decile_period: None,
        verified_at: None,
        verified_by: None,
        source: "split".to_owned(),
        version: 1,
        valid_from: now,
        created_at: now,
        updated_at: now,
        continued_in_id: None,
        attributes: None,
        attribute_schema_id: None,
        warnings: Vec::new(),
    })
}
