//! The evidence packs that examples name, made by what makes every pack, out of what was filled in.

use chrono::NaiveDate;

use super::ids::begin_of;
use super::register::OFFICER;
use crate::db::Db;
use crate::domain::{EvidencePackId, Scope};
use crate::error::{Code, Error, Result};
use crate::keys::SigningKey;
use crate::pledges::{Issue, issue_annual_evidence_pack, issue_evidence_pack};
use crate::sandbox::known;

/// Adds the packs through a connection of the owner's role, once the rows are there; none where no pledge is.
///
/// # Errors
/// Where the database refuses.
pub(super) async fn add(url: &str, key: &SigningKey, as_of: NaiveDate) -> Result<()> {
    let scope = Scope { area_ids: Vec::new(), company_id: Some(known::pledges::COMPANY) };
    let at = begin_of(as_of);
    let issue = |id: EvidencePackId| Issue { id, at, made_by: OFFICER };
    for (id, pledge_id) in [
        (known::pledges::EVIDENCE_PACK, known::pledges::PLEDGE),
        (known::pledges::EVIDENCE_TO_CLOSE, known::pledges::PLEDGE_TO_CLOSE),
    ] {
        let issuing = async |conn: &mut _| issue_evidence_pack(conn, key, (&scope, pledge_id), issue(id)).await;
        unless_without_pledges(Db::new(url, 1)?.transaction(&scope, issuing).await)?;
    }
    let of_year = (&scope, known::pledges::COMPANY, YEAR);
    let issuing = async |conn: &mut _| {
        issue_annual_evidence_pack(conn, key, of_year, issue(known::pledges::ANNUAL_EVIDENCE_PACK)).await
    };
    unless_without_pledges(Db::new(url, 1)?.transaction(&scope, issuing).await)
}

/// Year of the pledges of the sandbox.
const YEAR: i16 = 2026;

fn unless_without_pledges<T>(outcome: Result<T>) -> Result<()> {
    match outcome {
        Err(Error::Refused(refusal)) if matches!(refusal.code, Code::NotFound | Code::NothingCommitted) => Ok(()),
        outcome => outcome.map(|_| ()),
    }
}
