//! Making a version of the evidence of a company's year.

use std::collections::{BTreeMap, BTreeSet};

use super::{Issue, Issued, Subject, follow, now, reading, tell};
use crate::audit;
use crate::companies;
use crate::db::{self, Conn};
use crate::domain::{Caller, CompanyId, PledgeId, Scope};
use crate::error::{Code, Error, Result};
use crate::keys::SigningKey;
use crate::pledges::evidence_packs::model::{NewAnnualEvidencePack, Reached};
use crate::pledges::evidence_packs::{queries, rules};

/// Makes the next version of the evidence of a company's year, or answers the newest where nothing has changed.
///
/// # Errors
/// `reference_unknown` of a company that the caller does not reach, `nothing_committed`, `pledges_elsewhere`.
pub(in crate::pledges::evidence_packs) async fn make_annual(
    conn: &Conn,
    caller: &Caller,
    key: &SigningKey,
    new: &NewAnnualEvidencePack,
) -> Result<Issued> {
    let company_id = new.company_id;
    if companies::find(conn, &caller.scope, company_id).await?.is_none() {
        return Err(Error::invalid_field("/company_id", Code::ReferenceUnknown));
    }
    // A movement that this waits for is told of, so that the pack is not older than it.
    queries::hold_year(conn, company_id, new.year.small()).await?;
    let issued = issue_annual(conn, key, (&caller.scope, company_id, new.year.small()), now(caller)).await?;
    tell(conn, caller, "make_annual_evidence_pack", &issued).await?;
    Ok(issued)
}

/// Reads what there is to tell of a year and writes the next version, where it tells something new.
///
/// All pledges that bind are held until the transaction ends, in the order of their ids, as one pledge is for its own
/// pack.
///
/// # Errors
/// `nothing_committed`, `pledges_elsewhere`.
pub(crate) async fn issue_annual(
    conn: &Conn,
    key: &SigningKey,
    (scope, company_id, year): (&Scope, CompanyId, i16),
    issue: Issue<'_>,
) -> Result<Issued> {
    let pledges = queries::hold_year(conn, company_id, year).await?;
    let area_ids: BTreeSet<i32> = pledges.iter().map(|pledge| pledge.area_id).collect();
    if scope.company_id.is_none() && !area_ids.iter().all(|area_id| scope.has_area(*area_id)) {
        return Err(Code::PledgesElsewhere.into());
    }
    if pledges.is_empty() {
        return Err(Code::NothingCommitted.into());
    }
    let area_ids = Vec::from_iter(area_ids);
    let area_id = if let [only] = area_ids.as_slice() { *only } else { audit::NO_AREA };
    let subject = Subject { pledge_id: None, company_id, year, area_id, area_ids: Some(area_ids) };
    let mut ids: BTreeMap<i32, Vec<PledgeId>> = BTreeMap::new();
    let mut parts = Vec::with_capacity(pledges.len());
    for pledge in pledges {
        ids.entry(pledge.area_id).or_default().push(pledge.id);
        parts.push(reading::inputs(conn, scope, pledge).await?);
    }
    let reached = reached(conn, scope, &ids).await?;
    follow(conn, key, (subject, rules::annual_groups(parts, reached)), issue).await
}

/// Families reached in each group, over the areas of the pledges: a family lives in one of them.
async fn reached(conn: &Conn, scope: &Scope, ids: &BTreeMap<i32, Vec<PledgeId>>) -> Result<Vec<Reached>> {
    let mut sums: BTreeMap<(String, String), Reached> = BTreeMap::new();
    for (area_id, pledge_ids) in ids {
        db::also_see(conn, scope, *area_id).await?;
        for cell in queries::reached(conn, *area_id, pledge_ids).await? {
            let none = Reached { families: 0, people: 0, ..cell.clone() };
            let sum = sums.entry((cell.split.clone(), cell.cell.clone())).or_insert(none);
            sum.families += cell.families;
            sum.people += cell.people;
        }
    }
    Ok(sums.into_values().collect())
}
