//! Routes that move an import from stage to stage.

use std::sync::Mutex;

use actix_web::web::Data;
use actix_web::{HttpResponse, post};

use super::{keep, work};
use crate::auth::{Allowed, ImportBeneficiaries};
use crate::beneficiaries::imports::actions;
use crate::beneficiaries::imports::model::{Import, NewImportApplication, NewImportCancellation, NewReview};
use crate::db::Db;
use crate::domain::{Caller, ImportId, Scope};
use crate::error::Result;
use crate::http::{Answer, Id, Once, Routes};
use crate::keys::Keys;

/// Review an import
///
/// Somebody has looked at what a checked import would do: the counts, the faults, whom it would have leave, and whom its
/// new persons may be.
#[utoipa::path(
    tag = "imports", request_body = NewReview, params(("id" = ImportId, Path, description = "Id of the import")),
    security(("oauth2" = ["imports:write"])), responses((status = 200, body = Import)),
)]
#[post("/v1/imports/{id}/reviews")]
async fn review_import(
    caller: Allowed<ImportBeneficiaries>,
    db: Data<Db>,
    id: Id<ImportId>,
    command: Once<NewReview>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, new: &_| Answer::ok(&actions::review(conn, &caller, id.0, new).await?);
    command.run(&db, &caller, act).await
}

/// Apply an import
///
/// A reviewed one: what is good is written in one transaction, in the background. Rows that were at fault when it was
/// checked stay out, and a family that somebody changed meanwhile is looked at again as it is now. Where a full list has
/// leavers, their number is named here as the import tells it; and such a list must be without a fault, as a faulty row
/// could hide somebody. Nobody leaves a family that the list does not name and that somebody has joined since the check.
///
/// What cannot be applied though nothing is wrong with the file is `checked` again, and `failure_code` tells so: the file
/// is kept, and takes another review.
#[utoipa::path(
    tag = "imports", request_body = NewImportApplication, params(("id" = ImportId, Path, description = "Id of the import")),
    security(("oauth2" = ["imports:write"])),
    responses((status = 202, body = Import, headers(("Location" = String, description = "Where progress is told")))),
)]
#[post("/v1/imports/{id}/applications")]
async fn apply_import(
    caller: Allowed<ImportBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<ImportId>,
    command: Once<NewImportApplication>,
) -> Result<HttpResponse> {
    let made = Mutex::new(None);
    let response = command
        .run(&db, &caller, async |conn, new| {
            let row = actions::apply(conn, &caller, id.0, new).await?;
            let answer = Answer::accepted(format!("/v1/imports/{}", id.0), &Import::from(row.clone()));
            keep(&made, row);
            answer
        })
        .await?;
    if let Some(import) = made.into_inner().unwrap_or_default() {
        let scope = Scope { area_ids: vec![import.area_id], ..caller.scope.clone() };
        work(&db, &keys, Caller { scope, ..(*caller).clone() }, import, None);
    }
    Ok(response)
}

/// Cancel an import
///
/// Before it is applied: nothing of it is written, and its file is forgotten.
#[utoipa::path(
    tag = "imports", request_body = NewImportCancellation, params(("id" = ImportId, Path, description = "Id of the import")),
    security(("oauth2" = ["imports:write"])), responses((status = 200, body = Import)),
)]
#[post("/v1/imports/{id}/cancellations")]
async fn cancel_import(
    caller: Allowed<ImportBeneficiaries>,
    db: Data<Db>,
    id: Id<ImportId>,
    command: Once<NewImportCancellation>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, _: &_| Answer::ok(&actions::cancel(conn, &caller, id.0).await?);
    command.run(&db, &caller, act).await
}

/// Registers the routes.
pub(super) fn routes(config: &mut Routes<'_, '_>) {
    config.service(review_import).service(apply_import).service(cancel_import);
}
