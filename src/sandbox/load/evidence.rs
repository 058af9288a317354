//! The evidence packs that examples name, made by what makes every pack, out of what was filled in.

use chrono::{NaiveDate, NaiveTime};

use super::register::OFFICER;
use crate::db::Db;
use crate::domain::Scope;
use crate::error::{Code, Error, Result};
use crate::keys::SigningKey;
use crate::pledges::{Issue, issue_evidence_pack};
use crate::sandbox::known;

/// Adds the pack through a connection of the owner's role, once the rows are there; none where no pledge is.
///
/// # Errors
/// Where the database refuses.
pub(super) async fn add(url: &str, key: &SigningKey, as_of: NaiveDate) -> Result<()> {
    let scope = Scope { area_ids: Vec::new(), company_id: Some(known::pledges::COMPANY) };
    for (id, pledge_id) in [
        (known::pledges::EVIDENCE_PACK, known::pledges::PLEDGE),
        (known::pledges::EVIDENCE_TO_CLOSE, known::pledges::PLEDGE_TO_CLOSE),
    ] {
        let issue = Issue { id, at: as_of.and_time(NaiveTime::MIN).and_utc(), made_by: OFFICER };
        let issuing = async |conn: &mut _| issue_evidence_pack(conn, key, (&scope, pledge_id), issue).await;
        match Db::new(url, 1)?.transaction(&scope, issuing).await {
            Err(Error::Refused(refusal)) if refusal.code == Code::NotFound => {}
            outcome => outcome.map(|_| ())?,
        }
    }
    Ok(())
}
