//! Issuing and revoking certificates: each inside a transaction, with audit row and event.

use serde_json::json;

use super::model::{IssuedCertificates, NewCertificates, NotCertified, TrainingCertificate};
use super::{queries, rules};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{Caller, Note, TrainingCertificateId, TrainingId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::trainings;
use crate::trainings::actions::{begin, event};
use crate::trainings::participants::{self, Standing};
use crate::trainings::rules::TrainingCommand;

/// Issues certificates to all who attended a held training well enough and have none.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`, `certificate_number_taken`.
pub(super) async fn issue(
    conn: &Conn,
    caller: &Caller,
    id: TrainingId,
    new: &NewCertificates,
) -> Result<IssuedCertificates> {
    let training = begin(conn, caller, id, TrainingCommand::Certify).await?;
    let issued_on = new.issued_on.unwrap_or_else(db::today);
    if issued_on > db::today() {
        return Err(Error::invalid_field("/issued_on", Code::DateInFuture));
    }
    if trainings::queries::last_session(conn, &training).await?.is_some_and(|last| issued_on < last) {
        return Err(Error::invalid_field("/issued_on", Code::DatesOutOfOrder));
    }
    let standings = participants::standings(conn, &training).await?;
    let refusal = |standing: &Standing| rules::refusal(standing, training.minimum_attendance_percent);
    let passed: Vec<&Standing> = standings.iter().filter(|standing| refusal(standing).is_none()).collect();
    let refused: Vec<NotCertified> = standings.iter().filter_map(refusal).collect();
    let issued = queries::insert(conn, caller, (&training, &passed), new, (issued_on, db::now())).await?;
    let issued = IssuedCertificates { training_id: id, issued, refused };
    if !issued.issued.is_empty() {
        let training = trainings::queries::renew(conn, &training).await?;
        let write = Write::of("issue_certificates", "trainings", id.0, training.area_id);
        let write = Write { record_count: i32::try_from(issued.issued.len()).map_err(Error::internal)?, ..write };
        audit::record(conn, caller, write, None, Some(&issued)).await?;
        let data = json!({ "issued": issued.issued.len(), "certificates": training.certificates });
        events::emit(conn, event("training.certified", &training, data)).await?;
    }
    Ok(issued)
}

/// Revokes a certificate that somebody else issued. The participant can get another one while the training is held.
///
/// # Errors
/// `not_found`, `second_person_needed`, `certificate_revoked`.
pub(super) async fn revoke(
    conn: &Conn,
    caller: &Caller,
    id: TrainingCertificateId,
    reason: &Note,
) -> Result<TrainingCertificate> {
    let before = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.issued_by == caller.client_id {
        return Err(Code::SecondPersonNeeded.into());
    }
    let training = trainings::queries::lock(conn, &caller.scope, before.training_id).await?;
    let after = queries::revoke(conn, caller, &before, (reason, db::next_instant(before.updated_at))).await?;
    trainings::queries::renew(conn, &training).await?;
    let write = Write::of("revoke_certificate", "training_certificates", id.0, after.area_id);
    audit::record(conn, caller, write, Some(&before), Some(&after)).await?;
    let event = NewEvent {
        kind: "training_certificate.revoked",
        subject: "training_certificates",
        subject_id: id.0,
        area_id: after.area_id,
        company_id: None,
        data: json!({ "training_id": after.training_id, "beneficiary_id": after.beneficiary_id }),
    };
    events::emit(conn, event).await?;
    Ok(after)
}
