//! Making a version of the evidence: inside a transaction, with an audit row and an event.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::model::{EvidencePack, FORMAT, Inputs, PackDocument, PackGroup};
use super::{queries, rules};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, Digest, EvidencePackId, PledgeId, Quantity, Scope};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::keys::{SigningKey, sha256};
use crate::ledger::{self, AccountKind};
use crate::pledges::installments::LineSchedule;
use crate::pledges::model::{PledgeLine, PledgeRow, PledgeStatus};
use crate::pledges::rules::{Side, possible};
use crate::pledges::{decisions, installments, queries as pledges};
use crate::{needs, regions};

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
    area_id: i32,
}

/// Makes the next version of the evidence of a pledge, or answers the newest where nothing has changed.
///
/// # Errors
/// `not_found`, `command_not_possible` before the pledge is committed.
pub(super) async fn make(conn: &Conn, caller: &Caller, key: &SigningKey, id: PledgeId) -> Result<Issued> {
    // A movement that this waits for is told of, so that the pack is not older than it.
    pledges::lock(conn, &caller.scope, id).await?;
    let issue_now = Issue { id: EvidencePackId::new(), at: db::now(), made_by: &caller.client_id };
    let issued = issue(conn, key, (&caller.scope, id), issue_now).await?;
    if issued.is_new {
        let pack = &issued.pack;
        let write = audit::Write::of("make_evidence_pack", "evidence_packs", pack.id.0, issued.area_id);
        let write = audit::Write { company_id: Some(pack.company_id), ..write };
        audit::record(conn, caller, write, None, Some(pack)).await?;
        events::emit(conn, made(&issued)).await?;
    }
    Ok(issued)
}

fn made(issued: &Issued) -> NewEvent<'static> {
    let pack = &issued.pack;
    NewEvent {
        kind: "evidence_pack.made",
        subject: "evidence_packs",
        subject_id: pack.id.0,
        area_id: issued.area_id,
        company_id: Some(pack.company_id),
        data: json!({ "pledge_id": pack.pledge_id, "version": pack.version, "digest": pack.digest }),
    }
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
    let area_id = pledge.area_id;
    let groups = rules::groups(&inputs(conn, scope, pledge.clone()).await?);
    let inputs_digest: Digest = sha256(rules::canonical(&groups)?.as_bytes()).into();
    let newest = queries::newest(conn, id).await?;
    match newest {
        Some(pack) if pack.inputs_digest == inputs_digest => Ok(Issued { pack, is_new: false, area_id }),
        before => {
            let document = document(&pledge, before.as_ref(), issue, (inputs_digest, groups));
            let content = rules::canonical(&document)?;
            let pack = sign(key, &document, &content)?;
            queries::insert(conn, &pack, area_id, (&content, issue.made_by)).await?;
            Ok(Issued { pack, is_new: true, area_id })
        }
    }
}

fn document(
    pledge: &PledgeRow,
    before: Option<&EvidencePack>,
    issue: Issue<'_>,
    (inputs_digest, groups): (Digest, Vec<PackGroup>),
) -> PackDocument {
    let mut document = PackDocument {
        format: FORMAT.to_owned(),
        id: issue.id,
        pledge_id: pledge.id,
        company_id: pledge.company_id,
        year: pledge.year,
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

/// Everything there is to tell of a locked pledge.
///
/// The counts are of the families of the pledge's sub-district, whoever asks: the same pack for the company and the
/// officer.
async fn inputs(conn: &Conn, scope: &Scope, pledge: PledgeRow) -> Result<Inputs> {
    db::also_see(conn, scope, pledge.area_id).await?;
    let lines = pledges::lines(conn, &[pledge.id]).await?;
    let owners: Vec<Uuid> = lines.iter().map(|line| line.id.0).collect();
    let mut balances: HashMap<Uuid, HashMap<AccountKind, Quantity>> = HashMap::new();
    for (owner_id, kind, quantity) in ledger::balances(conn, &owners).await? {
        balances.entry(owner_id).or_default().insert(kind, quantity);
    }
    let codes: Vec<_> = lines.iter().flat_map(|line| line.village_codes.iter().cloned()).collect();
    Ok(Inputs {
        parties: queries::parties(conn, &pledge).await?,
        receipts: queries::received(conn, pledge.id).await?,
        deliveries: queries::delivered(conn, &pledge).await?,
        reached: queries::reached(conn, &pledge).await?,
        runs: queries::runs(conn, &pledge).await?,
        corrections: queries::corrections(conn, &pledge).await?,
        decisions: decisions::of_pledge(conn, pledge.id).await?,
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
