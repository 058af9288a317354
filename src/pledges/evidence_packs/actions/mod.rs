//! Making a version of the evidence: inside a transaction, with an audit row and an event.

mod annual;
mod reading;

use chrono::{DateTime, Utc};
use serde_json::json;

pub(crate) use annual::issue_annual;
pub(super) use annual::make_annual;

use super::model::{EvidencePack, FORMAT, PackDocument, PackGroup};
use super::{queries, rules};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, CompanyId, Digest, EvidencePackId, PledgeId, Scope};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::keys::{SigningKey, sha256};
use crate::pledges::model::PledgeStatus;
use crate::pledges::queries as pledges;
use crate::pledges::rules::{Side, possible};

/// How the next version is made, where one is due.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Issue<'a> {
    /// Id it would have.
    pub(crate) id: EvidencePackId,
    /// When it is made.
    pub(crate) at: DateTime<Utc>,
    /// Client that makes it.
    pub(crate) made_by: &'a str,
}

/// The newest version, and whether it was made just now.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) pack: EvidencePack,
    pub(crate) is_new: bool,
    /// Sub-district of all of it; [`audit::NO_AREA`] where it has several.
    area_id: i32,
    /// Sub-districts of what it tells.
    area_ids: Vec<i32>,
}

/// What the versions of a pack are about.
#[derive(Debug)]
struct Subject {
    /// `None` where it is about all pledges of the company for the year.
    pledge_id: Option<PledgeId>,
    company_id: CompanyId,
    year: i16,
    /// Sub-district of all of it; [`audit::NO_AREA`] where it has several.
    area_id: i32,
    /// Sub-districts of a company's year.
    area_ids: Option<Vec<i32>>,
}

/// Makes the next version of the evidence of a pledge, or answers the newest where nothing has changed.
///
/// # Errors
/// `not_found`, `command_not_possible` before the pledge is committed.
pub(super) async fn make(conn: &Conn, caller: &Caller, key: &SigningKey, id: PledgeId) -> Result<Issued> {
    // A movement that this waits for is told of, so that the pack is not older than it.
    pledges::lock(conn, &caller.scope, id).await?;
    let issued = issue(conn, key, (&caller.scope, id), now(caller)).await?;
    tell(conn, caller, "make_evidence_pack", &issued).await?;
    Ok(issued)
}

fn now(caller: &Caller) -> Issue<'_> {
    Issue { id: EvidencePackId::new(), at: db::now(), made_by: &caller.client_id }
}

/// Records a version that was made just now.
async fn tell(conn: &Conn, caller: &Caller, operation: &str, issued: &Issued) -> Result<()> {
    if !issued.is_new {
        return Ok(());
    }
    let pack = &issued.pack;
    // The auditors of each sub-district find it; officers follow what they may read as a whole.
    for area_id in issued.area_ids.iter().copied() {
        let write = audit::Write::of(operation, "evidence_packs", pack.id.0, area_id);
        let write = audit::Write { company_id: Some(pack.company_id), ..write };
        audit::record(conn, caller, write, None, Some(pack)).await?;
    }
    let event = NewEvent {
        kind: "evidence_pack.made",
        subject: "evidence_packs",
        subject_id: pack.id.0,
        area_id: issued.area_id,
        company_id: Some(pack.company_id),
        data: json!({
            "pledge_id": pack.pledge_id, "year": pack.year, "version": pack.version, "digest": pack.digest,
        }),
    };
    events::emit(conn, event).await
}

/// Reads what there is to tell and writes the next version, where it tells something new.
///
/// The pledge is held until the transaction ends: nothing of it is received, allocated, handed over or released
/// meanwhile, so that all figures are of one moment, and versions follow each other.
///
/// # Errors
/// `not_found`, `command_not_possible` before the pledge is committed.
pub(crate) async fn issue(
    conn: &Conn,
    key: &SigningKey,
    (scope, id): (&Scope, PledgeId),
    issue: Issue<'_>,
) -> Result<Issued> {
    let pledge = pledges::lock(conn, scope, id).await?;
    if !matches!(pledge.status, PledgeStatus::Committed | PledgeStatus::Closing | PledgeStatus::Closed) {
        let sentence = format!("the pledge is {}; there is evidence once it is committed", pledge.status.as_str());
        let possible = possible(pledge.status, Side::of(scope));
        return Err(Error::from(Code::CommandNotPossible).about(sentence).possible(possible));
    }
    let subject = Subject {
        pledge_id: Some(id),
        company_id: pledge.company_id,
        year: pledge.year,
        area_id: pledge.area_id,
        area_ids: None,
    };
    let groups = rules::groups(&reading::inputs(conn, scope, pledge).await?);
    follow(conn, key, (subject, groups), issue).await
}

/// Writes the version that follows the newest, unless that one tells the same.
async fn follow(
    conn: &Conn,
    key: &SigningKey,
    (subject, groups): (Subject, Vec<PackGroup>),
    issue: Issue<'_>,
) -> Result<Issued> {
    let inputs_digest: Digest = sha256(rules::canonical(&groups)?.as_bytes()).into();
    let newest = match subject.pledge_id {
        Some(pledge_id) => queries::newest(conn, pledge_id).await?,
        None => queries::newest_of_year(conn, subject.company_id, subject.year).await?,
    };
    let area_id = subject.area_id;
    let area_ids = subject.area_ids.clone().unwrap_or_else(|| vec![area_id]);
    match newest {
        Some(pack) if pack.inputs_digest == inputs_digest => Ok(Issued { pack, is_new: false, area_id, area_ids }),
        before => {
            let document = document(&subject, before.as_ref(), issue, (inputs_digest, groups));
            let content = rules::canonical(&document)?;
            let pack = sign(key, &document, &content)?;
            let areas = (area_id, subject.area_ids.as_deref());
            queries::insert(conn, &pack, areas, (&content, issue.made_by)).await?;
            Ok(Issued { pack, is_new: true, area_id, area_ids })
        }
    }
}

fn document(
    subject: &Subject,
    before: Option<&EvidencePack>,
    issue: Issue<'_>,
    (inputs_digest, groups): (Digest, Vec<PackGroup>),
) -> PackDocument {
    let mut document = PackDocument {
        format: FORMAT.to_owned(),
        id: issue.id,
        pledge_id: subject.pledge_id,
        company_id: subject.company_id,
        year: subject.year,
        version: before.map_or(0, |before| before.version) + 1,
        generated_at: issue.at,
        inputs_digest,
        previous_digest: before.map(|before| before.digest),
        groups: Vec::new(),
    };
    document.groups = std::iter::once(rules::first_group(&document)).chain(groups).collect();
    document
}

fn sign(key: &SigningKey, document: &PackDocument, content: &str) -> Result<EvidencePack> {
    let digest = sha256(content.as_bytes());
    Ok(EvidencePack {
        id: document.id,
        pledge_id: document.pledge_id,
        company_id: document.company_id,
        year: document.year,
        version: document.version,
        digest: digest.into(),
        inputs_digest: document.inputs_digest,
        signature: key.sign_digest(&digest)?,
        key_id: key.kid.clone(),
        created_at: document.generated_at,
    })
}
