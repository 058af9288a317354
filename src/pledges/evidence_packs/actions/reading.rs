//! Reading what a pack tells of.

use uuid::Uuid;

use crate::db::{self, Conn};
use crate::domain::{Quantity, Scope};
use crate::error::Result;
use crate::ledger;
use crate::pledges::evidence_packs::model::Inputs;
use crate::pledges::evidence_packs::queries;
use crate::pledges::installments::LineSchedule;
use crate::pledges::model::{PledgeLine, PledgeRow};
use crate::pledges::{decisions, disclosures, installments, queries as pledges};
use crate::{needs, regions};

/// Everything there is to tell of a locked pledge.
///
/// The counts are of the families of the pledge's sub-district, whoever asks: the same pack for the company and the
/// officer.
pub(super) async fn inputs(conn: &Conn, scope: &Scope, pledge: PledgeRow) -> Result<Inputs> {
    db::also_see(conn, scope, pledge.area_id).await?;
    let lines = pledges::lines(conn, &[pledge.id]).await?;
    let owners: Vec<Uuid> = lines.iter().map(|line| line.id.0).collect();
    let balances = ledger::balances(conn, &owners).await?;
    let codes: Vec<_> = lines.iter().flat_map(|line| line.village_codes.iter().cloned()).collect();
    Ok(Inputs {
        parties: queries::parties(conn, &pledge).await?,
        receipts: queries::received(conn, pledge.id).await?,
        deliveries: queries::delivered(conn, &pledge).await?,
        returns: queries::given_back(conn, &pledge).await?,
        trainings: queries::trainings(conn, &pledge, &owners).await?,
        reached: queries::reached(conn, pledge.area_id, &[pledge.id]).await?,
        runs: queries::runs(conn, &pledge).await?,
        corrections: queries::corrections(conn, &pledge).await?,
        decisions: decisions::of_pledge(conn, pledge.id).await?,
        disclosures: disclosures::newest(conn, pledge.id).await?.into_iter().collect(),
        schedules: schedules(conn, &pledge, &lines).await?,
        villages: regions::names_of(conn, &codes).await?,
        kinds: needs::kinds(conn).await?,
        outcomes: queries::outcomes(conn, &pledge).await?,
        pledge,
        lines,
        balances,
    })
}

/// What is due of each line as it stands now.
async fn schedules(conn: &Conn, pledge: &PledgeRow, lines: &[PledgeLine]) -> Result<Vec<LineSchedule>> {
    let on = db::today();
    let mut outstanding = installments::outstanding_on(conn, pledge, on).await?;
    let of_line = |line: &PledgeLine| {
        let left = outstanding.remove(&line.id).unwrap_or_else(Quantity::zero);
        installments::schedule(line, pledge.year, left, on)
    };
    Ok(lines.iter().map(of_line).collect())
}
