//! Taking the right to give places, and telling what stands against giving them.

use chrono::NaiveDate;

use super::model::{Claim, Obstacle, Places, Room};
use super::{queries, rules};
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, ProgramId, Scope, VillageCode};
use crate::error::{Code, Error, Overlap, Result};
use crate::programs;

/// Takes the right to give places of a program in an area until the transaction ends.
///
/// A place is taken from now on, whatever its first day is. So rules and quotas of today are asked beside those of that
/// day, and so is each rule that was in force between the two: no day leads past them. Before any family is held: see
/// the order of locks at the module.
///
/// # Errors
/// `not_found` where the program is not seen.
pub async fn give(
    conn: &Conn,
    scope: &Scope,
    (area_id, program_id): (i32, ProgramId),
    on: NaiveDate,
) -> Result<Places> {
    programs::share(conn, scope, program_id).await?.ok_or(Code::NotFound)?;
    queries::take_right(conn, area_id, program_id).await?;
    let today = db::today();
    let days = (on.min(today), on.max(today));
    let bars = programs::keeping_off(conn, area_id, program_id, days).await?;
    let mut quotas = programs::quotas_in_force(conn, area_id, program_id, on).await?;
    if on != today {
        quotas.extend(programs::quotas_in_force(conn, area_id, program_id, today).await?);
    }
    let quotas = rules::tightest(quotas);
    Ok(Places { area_id, program_id, on, bars, quotas })
}

impl Places {
    /// What is left of each quota that the villages ask.
    pub(in crate::enrollments) async fn rooms(&self, conn: &Conn, villages: &[VillageCode]) -> Result<Vec<Room>> {
        let what = (self.area_id, self.program_id);
        let has_village = self.quotas.iter().any(|quota| quota.village_code.is_some());
        let has_district = self.quotas.iter().any(|quota| quota.village_code.is_none());
        let by_village = if has_village { queries::taken_by_village(conn, what, villages).await? } else { Vec::new() };
        let in_area = if has_district { queries::taken_in_area(conn, what).await? } else { 0 };
        Ok(rules::rooms(&self.quotas, (&by_village, in_area)))
    }
}

/// What stands against giving each of some families a place, for those that something does. The families are held.
///
/// # Errors
/// Where the database cannot be read.
pub async fn obstacles(conn: &Conn, places: &Places, claims: &[Claim]) -> Result<Vec<(BeneficiaryId, Obstacle)>> {
    let families: Vec<BeneficiaryId> = claims.iter().map(|claim| claim.beneficiary_id).collect();
    let in_the_way = queries::in_the_way(conn, places.area_id, &places.bars, &families).await?;
    let mut found: Vec<(BeneficiaryId, Obstacle)> =
        in_the_way.iter().map(|one| (one.family, Obstacle::Overlap(one.rule, one.program))).collect();
    let kept_off = |claim: &Claim| in_the_way.iter().any(|one| one.family == claim.beneficiary_id);
    let others: Vec<Claim> = claims.iter().filter(|claim| !kept_off(claim)).cloned().collect();
    if places.quotas.is_empty() || others.is_empty() {
        return Ok(found);
    }
    let villages: Vec<VillageCode> = others.iter().map(|claim| claim.village_code.clone()).collect();
    let verdicts = rules::allot(&others, places.rooms(conn, &villages).await?);
    found.extend(others.iter().zip(verdicts).filter_map(|(claim, full)| Some((claim.beneficiary_id, full?))));
    Ok(found)
}

/// The refusal of a place, with what stands against it.
///
/// # Errors
/// Where the database cannot be read.
pub async fn refusal(conn: &Conn, scope: &Scope, obstacle: Obstacle) -> Result<Error> {
    let (rule_id, program_id) = match obstacle {
        Obstacle::Overlap(rule_id, program_id) => (rule_id, program_id),
        Obstacle::VillageFull(quota_id) | Obstacle::DistrictFull(quota_id) => {
            return Ok(Error::from(Code::QuotaFull).related("quotas", quota_id.0));
        }
    };
    let rule = programs::find_overlap_rule(conn, scope, rule_id).await?.ok_or(Code::NotFound)?;
    let program = programs::find(conn, scope, program_id).await?.ok_or(Code::NotFound)?;
    let overlap = Overlap {
        rule_id: rule_id.0,
        legal_basis_title: rule.legal_basis.title,
        legal_basis_number: rule.legal_basis.number,
        legal_basis_article: rule.legal_basis.article,
        program_id: program_id.0,
        rule_code: rule.code,
        program_code: program.code,
    };
    Ok(Error::from(Code::ProgramOverlaps).related("overlap_rules", rule_id.0).overlapping(overlap))
}
