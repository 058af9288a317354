//! One statement a function, over steps of a complaint that was found.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Date, Int4, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{ComplaintStep, StepFilter};
use crate::complaints::model::NewComplaintClosure;
use crate::db::{Conn, walk};
use crate::domain::{ComplaintId, ComplaintStepId};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::schema::complaint_steps;

type Complaint = (i32, ComplaintId);

fn of(complaint: Complaint) -> complaint_steps::BoxedQuery<'static, Pg> {
    let (area_id, id) = complaint;
    let own = complaint_steps::table.filter(complaint_steps::area_id.eq(area_id));
    own.filter(complaint_steps::complaint_id.eq(id)).into_boxed()
}

/// Counts steps.
pub(super) async fn count(mut conn: &Conn, complaint: Complaint) -> Result<i64> {
    Ok(of(complaint).count().get_result(&mut conn).await?)
}

/// Lists steps, after one.
pub(super) async fn list(
    mut conn: &Conn,
    complaint: Complaint,
    filter: &StepFilter,
    (limit, after): (Limit, Option<ComplaintStepId>),
) -> Result<Vec<ComplaintStep>> {
    let query = of(complaint).select(ComplaintStep::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, complaint_steps::{id}).load(&mut conn).await?)
}

/// Adds a step.
pub(in crate::complaints) async fn insert(mut conn: &Conn, step: &ComplaintStep) -> Result<()> {
    diesel::insert_into(complaint_steps::table).values(step).execute(&mut conn).await?;
    Ok(())
}

/// What of an outcome the area has.
#[derive(Debug, QueryableByName)]
pub(in crate::complaints) struct Outcome {
    #[diesel(sql_type = Bool)]
    pub(in crate::complaints) has_change_request: bool,
    #[diesel(sql_type = Bool)]
    pub(in crate::complaints) has_replacement: bool,
    /// Period of the delivery.
    #[diesel(sql_type = Nullable<Date>)]
    pub(in crate::complaints) delivery_period: Option<NaiveDate>,
}

/// Looks for what is said to have come of a complaint.
pub(in crate::complaints) async fn outcome(
    mut conn: &Conn,
    area_id: i32,
    new: &NewComplaintClosure,
) -> Result<Outcome> {
    let found = sql_query(
        "select exists (select from change_requests where area_id = $1 and id = $2) as has_change_request,
            exists (select from replacements where area_id = $1 and id = $3) as has_replacement,
            (select period from deliveries where area_id = $1 and id = $4) as delivery_period",
    );
    let found = found
        .bind::<Int4, _>(area_id)
        .bind::<Nullable<SqlUuid>, _>(new.change_request_id)
        .bind::<Nullable<SqlUuid>, _>(new.replacement_id)
        .bind::<Nullable<SqlUuid>, _>(new.delivery_id);
    Ok(found.get_result(&mut conn).await?)
}
