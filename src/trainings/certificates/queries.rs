//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Date, Int2, Int4, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{CertificateFilter, NewCertificates, TrainingCertificate};
use crate::db::{Conn, walk};
use crate::domain::{Caller, Note, Scope, TrainingCertificateId, TrainingParticipantId};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ById, Limit};
use crate::schema::training_certificates;
use crate::trainings::model::Training;
use crate::trainings::participants::Standing;

/// Issues certificates to participants of a locked training, numbered in their order after those it has.
///
/// # Errors
/// `certificate_number_taken`.
pub(super) async fn insert(
    mut conn: &Conn,
    caller: &Caller,
    (training, standings): (&Training, &[&Standing]),
    new: &NewCertificates,
    (issued_on, now): (NaiveDate, DateTime<Utc>),
) -> Result<Vec<TrainingCertificate>> {
    let ids: Vec<TrainingCertificateId> = standings.iter().map(|_| TrainingCertificateId::new()).collect();
    let participants: Vec<TrainingParticipantId> = standings.iter().map(|standing| standing.id).collect();
    let percents: Vec<i16> = standings.iter().map(|standing| standing.attended_percent).collect();
    let written = sql_query(
        "insert into training_certificates (area_id, id, training_id, participant_id, beneficiary_id, member_id, number,
             issued_on, competence, attended_percent, issued_by, created_at, updated_at)
         select p.area_id, g.id, p.training_id, p.id, p.beneficiary_id, p.member_id,
             $6 || '/' || to_char(g.at + s.so_far, 'FM0000'), $7, $8, g.percent, $9, $10, $10
         from unnest($3, $4, $5) with ordinality as g (id, participant_id, percent, at)
         cross join (
             select count(*) as so_far from training_certificates where area_id = $1 and training_id = $2
         ) as s
         join training_participants as p on p.area_id = $1 and p.id = g.participant_id
         where p.training_id = $2 order by g.at returning *",
    );
    let competence = training.competence_standard.as_ref().map_or(training.title.as_str(), |unit| unit.as_str());
    let written = written
        .bind::<Int4, _>(training.area_id)
        .bind::<SqlUuid, _>(training.id)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<SqlUuid>, _>(participants)
        .bind::<Array<Int2>, _>(percents)
        .bind::<Text, _>(&new.number_prefix)
        .bind::<Date, _>(issued_on)
        .bind::<Text, _>(competence)
        .bind::<Text, _>(&caller.client_id)
        .bind::<Timestamptz, _>(now);
    written.load(&mut conn).await.on_conflict(Code::CertificateNumberTaken)
}

/// Finds a certificate.
pub(super) async fn find(
    mut conn: &Conn,
    scope: &Scope,
    id: TrainingCertificateId,
) -> Result<Option<TrainingCertificate>> {
    let of_area = TrainingCertificate::query().filter(training_certificates::area_id.eq_any(&scope.area_ids));
    Ok(of_area.filter(training_certificates::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Revokes a certificate of a locked training.
///
/// # Errors
/// `certificate_revoked`.
pub(super) async fn revoke(
    mut conn: &Conn,
    caller: &Caller,
    before: &TrainingCertificate,
    (reason, now): (&Note, DateTime<Utc>),
) -> Result<TrainingCertificate> {
    let row = training_certificates::table
        .find((before.area_id, before.id))
        .filter(training_certificates::revoked_at.is_null());
    let after = diesel::update(row)
        .set((
            training_certificates::revoked_at.eq(now),
            training_certificates::revoked_by.eq(&caller.client_id),
            training_certificates::revocation_reason.eq(reason),
            training_certificates::version.eq(before.version + 1),
            training_certificates::updated_at.eq(now),
        ))
        .returning(TrainingCertificate::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    after.ok_or_else(|| Code::CertificateRevoked.into())
}

/// Certificates that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &CertificateFilter) -> training_certificates::BoxedQuery<'a, Pg> {
    let mut query =
        training_certificates::table.filter(training_certificates::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(training_id) = filter.training_id {
        query = query.filter(training_certificates::training_id.eq(training_id));
    }
    if let Some(beneficiary_id) = filter.beneficiary_id {
        query = query.filter(training_certificates::beneficiary_id.eq(beneficiary_id));
    }
    if let Some(member_id) = filter.member_id {
        query = query.filter(training_certificates::member_id.eq(member_id));
    }
    if let Some(is_revoked) = filter.is_revoked {
        query = query.filter(training_certificates::revoked_at.is_not_null().eq(is_revoked));
    }
    query
}

/// Counts certificates.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &CertificateFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists certificates by area and id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &CertificateFilter,
    (limit, after): (Limit, Option<(i32, TrainingCertificateId)>),
) -> Result<Vec<TrainingCertificate>> {
    let query = filtered(scope, filter).select(TrainingCertificate::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, training_certificates::{area_id, id}).load(&mut conn).await?)
}
