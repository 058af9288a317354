//! Replacing a family, inside one transaction, with audit rows and events.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{Meeting, NewReplacement, Replacement};
use super::{queries, rules};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, EnrollmentId, Quantity, ReplacementId};
use crate::enrollments::model::{Confirmed, Enrollment, EnrollmentStatus, NewState};
use crate::enrollments::places::{self, Claim, HeldFamily, Places};
use crate::enrollments::{actions as enrollments, queries as rows, reserves};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::programs::{self, Passing, RuleSet};

/// What a replacement is decided by.
struct Basis<'a> {
    new: &'a NewReplacement,
    rule_set: &'a RuleSet,
    given: &'a Places,
    meeting: Option<Meeting>,
    replaced_on: NaiveDate,
}

/// Lets another family take the place of one that leaves: the next of the reserve list of the village, or the one named.
///
/// # Errors
/// `not_found`, `command_not_possible`, `already_replaced`, `no_rule_set_in_force`, `invalid_fields`,
/// `reserve_list_empty`, `beneficiary_not_live`, `no_longer_eligible`, `program_overlaps`, `quota_full`, `already_due`.
pub(super) async fn replace(
    conn: &Conn,
    caller: &Caller,
    id: EnrollmentId,
    new: &NewReplacement,
) -> Result<Replacement> {
    let found = rows::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    let replaced_on = new.replaced_on.unwrap_or_else(db::today);
    let (rule_set, since) = programs::in_force_since(conn, found.program_id, replaced_on).await?;
    let meeting = match new.deliberation_id {
        Some(meeting) => queries::meeting(conn, &found, new.beneficiary_id, meeting).await?,
        None => None,
    };
    let given = places::give(conn, &caller.scope, (found.area_id, found.program_id), replaced_on).await?;
    let basis = Basis { new, rule_set: &rule_set, given: &given, meeting, replaced_on };
    // No other replacement in the program is under way, and what was ended stays so.
    rules::follower_of(&found)?;
    if let Some(earlier) = queries::find_of(conn, found.area_id, id).await? {
        return Err(Error::from(Code::AlreadyReplaced).related("replacements", earlier.id.0));
    }
    rules::check(new, &rule_set, (&found, basis.meeting.as_ref()), (replaced_on, db::today()))?;
    let (follower, reserve_place) = choose(conn, &basis, &found).await?;
    let held = places::hold_families(conn, found.area_id, &[found.beneficiary_id, follower]).await?;
    let before = rows::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    let status = rules::follower_of(&before)?;
    let family = enrollments::check_family(conn, &given, (&rule_set, since.as_ref()), (&held, follower)).await?;
    let claim = claim_of(&before, family)?;
    end(conn, caller, &basis, &before).await?;
    enrollments::check_place(conn, caller, &given, &claim).await?;
    let began = begin(conn, caller, &basis, (&claim, status)).await?;
    let replacement = row(caller, &basis, (&before, &began), reserve_place);
    queries::insert(conn, &replacement).await?;
    let replacement = take_over(conn, caller, replacement).await?;
    tell(conn, caller, &replacement).await?;
    Ok(replacement)
}

fn row(
    caller: &Caller,
    basis: &Basis<'_>,
    (before, began): (&Enrollment, &Enrollment),
    reserve_place: Option<i32>,
) -> Replacement {
    Replacement {
        id: ReplacementId::new(),
        program_id: before.program_id,
        village_code: before.quota_village_code.clone(),
        reason: basis.new.reason,
        enrollment_id: before.id,
        beneficiary_id: before.beneficiary_id,
        new_enrollment_id: began.id,
        new_beneficiary_id: began.beneficiary_id,
        reserve_place,
        sptjm_number: basis.new.sptjm_number.to_string(),
        handover_number: basis.new.handover_number.to_string(),
        deliberation_id: basis.new.deliberation_id,
        replaced_on: basis.replaced_on,
        decided_by: caller.client_id.clone(),
        created_at: db::now(),
        takes_over_due: basis.new.takes_over_due.unwrap_or(true),
        passed_count: 0,
        passed_quantity: Quantity::zero(),
        area_id: before.area_id,
    }
}

/// Passes what is still due to the new family, unless it does not take it over. What it takes over it has a place for:
/// overlap rules and quotas were asked.
async fn take_over(conn: &Conn, caller: &Caller, replacement: Replacement) -> Result<Replacement> {
    if !replacement.takes_over_due {
        return Ok(replacement);
    }
    let program = programs::find(conn, &caller.scope, replacement.program_id).await?.ok_or(Code::NotFound)?;
    let passing = Passing {
        area_id: replacement.area_id,
        program_id: replacement.program_id,
        replacement_id: replacement.id,
        enrollment_id: replacement.enrollment_id,
        beneficiary_id: replacement.beneficiary_id,
        new_enrollment_id: replacement.new_enrollment_id,
        new_beneficiary_id: replacement.new_beneficiary_id,
        on: replacement.replaced_on,
        digits: program.kind.digits(),
    };
    let passed = programs::pass_on(conn, caller, &passing).await?;
    let sum = passed.iter().fold(Quantity::zero(), |sum, one| sum.plus(&one.quantity));
    let passed_count = i64::try_from(passed.len()).map_err(Error::internal)?;
    Ok(Replacement { passed_count, passed_quantity: sum, ..replacement })
}

/// Who follows, with its place on the reserve list.
async fn choose(conn: &Conn, basis: &Basis<'_>, old: &Enrollment) -> Result<(BeneficiaryId, Option<i32>)> {
    if let Some(named) = basis.new.beneficiary_id {
        let live = rows::live_among(conn, old.area_id, &[named]).await?;
        if live.is_empty() || named == old.beneficiary_id {
            return Err(Error::invalid_field("/beneficiary_id", Code::ReferenceUnknown));
        }
        return Ok((named, None));
    }
    let by = (basis.rule_set, basis.replaced_on);
    let next = reserves::next(conn, basis.given, &old.quota_village_code, by).await?;
    let next = next.ok_or(Code::ReserveListEmpty)?;
    Ok((next.beneficiary_id, Some(next.place)))
}

/// The place of the old family, asked for by one of the same village.
fn claim_of(old: &Enrollment, follower: HeldFamily) -> Result<Claim> {
    if follower.village_code == old.quota_village_code {
        Ok(Claim::from(follower))
    } else {
        Err(Error::invalid_field("/beneficiary_id", Code::VillageDiffers))
    }
}

/// Ends the old enrollment, unless it has ended already.
async fn end(conn: &Conn, caller: &Caller, basis: &Basis<'_>, old: &Enrollment) -> Result<()> {
    if old.status == EnrollmentStatus::Exited {
        return Ok(());
    }
    let state = NewState {
        status: EnrollmentStatus::Exited,
        suspension_reason: None,
        exit_reason: Some(rules::exit_reason(basis.new.reason)),
        ended_on: Some(basis.replaced_on),
    };
    let now = rows::keep_version(conn, old, &caller.client_id).await?;
    let ended = rows::update(conn, old, &state, now).await?;
    enrollments::tell(conn, caller, ("replace_enrollment", "enrollment.exited"), Some(old), &ended).await
}

/// Begins the new enrollment, by its proposal where the family was proposed.
async fn begin(
    conn: &Conn,
    caller: &Caller,
    basis: &Basis<'_>,
    (claim, status): (&Claim, EnrollmentStatus),
) -> Result<Enrollment> {
    let paper = basis.meeting.as_ref().map_or(basis.new.sptjm_number.as_str(), |meeting| &meeting.paper_number);
    let confirmed = Confirmed {
        status,
        rule_set_id: basis.rule_set.id,
        decided_by: &caller.client_id,
        decree_number: paper,
        started_on: basis.replaced_on,
        quota_village_code: claim.village_code.clone(),
    };
    let what = (basis.given.area_id, basis.given.program_id, claim.beneficiary_id);
    let known = rows::lock_live(conn, what).await?;
    let began = match &known {
        Some(known) if known.status == EnrollmentStatus::Proposed => {
            let now = rows::keep_version(conn, known, &caller.client_id).await?;
            rows::confirm(conn, known, &confirmed, now).await?
        }
        Some(_) => return Err(Error::invalid_field("/beneficiary_id", Code::AlreadyEnrolled)),
        None => rows::insert(conn, what, &confirmed, db::now()).await?,
    };
    reserves::take(conn, &began, began.updated_at).await?;
    enrollments::tell(conn, caller, ("replace_enrollment", "enrollment.confirmed"), known.as_ref(), &began).await?;
    Ok(began)
}

async fn tell(conn: &Conn, caller: &Caller, replacement: &Replacement) -> Result<()> {
    let (id, area_id) = (replacement.id.0, replacement.area_id);
    audit::record(conn, caller, Write::of("replace_enrollment", "replacements", id, area_id), None, Some(replacement))
        .await?;
    let event = NewEvent {
        kind: "enrollment.replaced",
        subject: "replacements",
        subject_id: id,
        area_id,
        company_id: None,
        data: json!({
            "program_id": replacement.program_id, "village_code": replacement.village_code,
            "reason": replacement.reason, "enrollment_id": replacement.enrollment_id,
            "new_enrollment_id": replacement.new_enrollment_id, "passed_count": replacement.passed_count,
            "passed_quantity": replacement.passed_quantity,
        }),
    };
    events::emit(conn, event).await
}
