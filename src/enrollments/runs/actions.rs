//! Proposing, confirming and activating lists of families: each one transaction, with audit row and event.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{
    ActivationRun, EnrollmentRun, Gathered, NewActivationRun, NewEnrollmentRun, NewProposalRun, ProposalRun, RunCounts,
    RunOutcome, RunSource, TieBreak, Verdicts,
};
use super::queries::{self, Hand, Selection};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, DistrictCode, ProgramId, VillageCode};
use crate::enrollments::rules::check_first_day;
use crate::enrollments::{places, queries as enrollments};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::programs::RuleSet;
use crate::{programs, regions};

/// Most families that one run names.
const MOST_NAMED: usize = 1_000;
/// Most villages that one run names.
const MOST_VILLAGES: usize = 300;

/// Whom a run names.
type Named<'a> = (Option<&'a [VillageCode]>, Option<&'a [BeneficiaryId]>);

/// Enrols the families that the rule set in force says yes to, as far as overlap rules and quotas let it; the rest wait
/// on the reserve list.
///
/// # Errors
/// `not_found`, `no_rule_set_in_force`, `invalid_fields`.
pub(super) async fn run(
    conn: &mut Conn,
    caller: &Caller,
    program_id: ProgramId,
    new: &NewEnrollmentRun,
) -> Result<EnrollmentRun> {
    let area_id = area_of(conn, caller, program_id, new.district_code.as_ref()).await?;
    let named = (new.village_codes.as_deref(), new.beneficiary_ids.as_deref());
    check_named(conn, area_id, named).await?;
    let decree_number = decree(conn, area_id, program_id, new).await?;
    let started_on = new.started_on.unwrap_or_else(db::today);
    check_first_day("/started_on", started_on, db::today())?;
    let (rule_set, since) = programs::in_force_since(conn, program_id, started_on).await?;
    let given = places::give(conn, &caller.scope, (area_id, program_id), started_on).await?;
    let selection = Selection {
        area_id,
        rule_set: &rule_set,
        source: new.source.unwrap_or(RunSource::Eligible),
        village_codes: named.0,
        beneficiary_ids: named.1,
        include_exited: new.include_exited,
    };
    let gathered = queries::gather(conn, &selection, started_on).await?;
    queries::hold(conn, area_id).await?;
    queries::hold_proposed(conn, (area_id, program_id)).await?;
    judge(conn, &selection, (started_on, since.as_ref())).await?;
    queries::keep_off(conn, &given).await?;
    let villages: Vec<VillageCode> = given.quotas.iter().filter_map(|quota| quota.village_code.clone()).collect();
    let seed = new.seed.as_ref().map_or(decree_number.as_str(), |seed| seed.as_str());
    let tie_break = new.tie_break.unwrap_or(TieBreak::Lots);
    queries::allot(conn, &given.rooms(conn, &villages).await?, (tie_break, seed)).await?;
    let hand = hand(caller, &rule_set, area_id, started_on);
    let ordered_by = order_of(tie_break, seed);
    let keeps_reserve = new.keeps_reserve.unwrap_or(true);
    let outcome = (outcome_of(new.becomes, started_on), decree_number.as_str());
    write(conn, hand, outcome, keeps_reserve.then_some(ordered_by.as_str())).await?;
    let counts = counts_of(&gathered, &queries::verdicts(conn).await?, keeps_reserve);
    let refused_by = queries::refused_by(conn).await?;
    let (rule_set_id, rule_set_number) = (rule_set.id, rule_set.number);
    let done = EnrollmentRun {
        program_id,
        rule_set_id,
        rule_set_number,
        started_on,
        decree_number,
        ordered_by,
        counts,
        refused_by,
    };
    let RunCounts { considered, enrolled, refused, reserved, .. } = done.counts;
    let data = json!({
        "rule_set_number": done.rule_set_number, "considered": considered, "enrolled": enrolled, "refused": refused,
        "reserved": reserved,
    });
    let what = ("enrol_eligible_beneficiaries", "program.families_enrolled", enrolled + reserved);
    tell(conn, caller, hand, (what, &done, data)).await?;
    Ok(done)
}

/// Judges the held families once more, by what is recorded of them now: whoever changed one meanwhile had it until it was
/// held. By the rule set of the first day, and by that of today where it is another one.
async fn judge(
    conn: &Conn,
    selection: &Selection<'_>,
    (first_day, since): (NaiveDate, Option<&(RuleSet, NaiveDate)>),
) -> Result<()> {
    queries::judge(conn, selection, (selection.rule_set, first_day)).await?;
    match since {
        Some((now, today)) => queries::judge(conn, selection, (now, *today)).await,
        None => Ok(()),
    }
}

/// Nobody is active before the first day.
fn outcome_of(asked: Option<RunOutcome>, first_day: NaiveDate) -> RunOutcome {
    let asked = asked.unwrap_or(RunOutcome::Active);
    if first_day > db::today() { RunOutcome::Confirmed } else { asked }
}

fn hand<'a>(caller: &'a Caller, rule_set: &'a RuleSet, area_id: i32, started_on: NaiveDate) -> Hand<'a> {
    let (run_id, client_id, now) = (Uuid::now_v7(), caller.client_id.as_str(), db::now());
    Hand { area_id, rule_set, run_id, client_id, started_on, now }
}

async fn write(
    conn: &Conn,
    hand: Hand<'_>,
    outcome: (RunOutcome, &str),
    reserve_ordered_by: Option<&str>,
) -> Result<()> {
    queries::confirm_proposed(conn, hand, outcome).await?;
    queries::enrol(conn, hand, outcome).await?;
    queries::take_from_reserve(conn, hand).await?;
    match reserve_ordered_by {
        Some(ordered_by) => queries::put_on_reserve(conn, hand, (ordered_by, outcome.1)).await,
        None => Ok(()),
    }
}

fn counts_of(gathered: &Gathered, verdicts: &Verdicts, keeps_reserve: bool) -> RunCounts {
    let left = verdicts.without_place;
    let (reserved, without_place) = if keeps_reserve { (left, 0) } else { (0, left) };
    RunCounts {
        considered: gathered.considered,
        enrolled: verdicts.placed,
        already_enrolled: gathered.already_enrolled,
        exited_before: gathered.exited_before,
        not_eligible: gathered.not_eligible + verdicts.gone,
        refused: verdicts.refused,
        reserved,
        waiting: verdicts.waiting,
        without_place,
    }
}

fn order_of(tie_break: TieBreak, seed: &str) -> String {
    match tie_break {
        TieBreak::Lots => format!("decile, lots of {seed}"),
        TieBreak::Members => format!("decile, members, lots of {seed}"),
        TieBreak::Registered => "decile, registered".to_owned(),
    }
}

/// The decree or minutes of a run: as told, or those of the meeting that it names.
async fn decree(conn: &Conn, area_id: i32, program_id: ProgramId, new: &NewEnrollmentRun) -> Result<String> {
    match (&new.decree_number, new.deliberation_id) {
        (Some(decree_number), None) => Ok(decree_number.to_string()),
        (None, Some(id)) => {
            let paper = enrollments::paper_of_meeting(conn, area_id, program_id, id).await?;
            paper.ok_or_else(|| Error::invalid_field("/deliberation_id", Code::ReferenceUnknown))
        }
        (None, None) => Err(Error::invalid_field("/decree_number", Code::Required)),
        (Some(_), Some(_)) => Err(Error::invalid_field("/deliberation_id", Code::EitherOne)),
    }
}

/// Proposes the families that the rule set in force says yes to and that are not on the program.
///
/// # Errors
/// `not_found`, `no_rule_set_in_force`, `invalid_fields`.
pub(super) async fn propose(
    conn: &mut Conn,
    caller: &Caller,
    program_id: ProgramId,
    new: &NewProposalRun,
) -> Result<ProposalRun> {
    let area_id = area_of(conn, caller, program_id, new.district_code.as_ref()).await?;
    let named = (new.village_codes.as_deref(), new.beneficiary_ids.as_deref());
    check_named(conn, area_id, named).await?;
    let started_on = new.started_on.unwrap_or_else(db::today);
    check_first_day("/started_on", started_on, db::today())?;
    let (rule_set, since) = programs::in_force_since(conn, program_id, started_on).await?;
    let selection = Selection {
        area_id,
        rule_set: &rule_set,
        source: RunSource::Eligible,
        village_codes: named.0,
        beneficiary_ids: named.1,
        include_exited: new.include_exited,
    };
    let gathered = queries::gather(conn, &selection, started_on).await?;
    queries::hold(conn, area_id).await?;
    judge(conn, &selection, (started_on, since.as_ref())).await?;
    let gone = queries::verdicts(conn).await?.gone;
    let hand = hand(caller, &rule_set, area_id, started_on);
    let proposed = i64::try_from(queries::propose(conn, hand).await?).map_err(Error::internal)?;
    let Gathered { considered, exited_before, not_eligible, .. } = gathered;
    let not_eligible = not_eligible + gone;
    let done = ProposalRun {
        program_id,
        rule_set_id: rule_set.id,
        started_on,
        considered,
        proposed,
        already_enrolled: considered - proposed - exited_before - not_eligible,
        exited_before,
        not_eligible,
    };
    let data = json!({ "considered": considered, "proposed": proposed });
    let what = ("propose_enrollments", "program.families_proposed", proposed);
    tell(conn, caller, hand, (what, &done, data)).await?;
    Ok(done)
}

/// Activates the confirmed enrollments whose first day has come. Their places are theirs already.
///
/// # Errors
/// `not_found`, `no_rule_set_in_force`, `invalid_fields`.
pub(super) async fn activate(
    conn: &Conn,
    caller: &Caller,
    program_id: ProgramId,
    new: &NewActivationRun,
) -> Result<ActivationRun> {
    let area_id = area_of(conn, caller, program_id, new.district_code.as_ref()).await?;
    check_named(conn, area_id, (new.village_codes.as_deref(), None)).await?;
    let on = new.on.unwrap_or_else(db::today);
    if on > db::today() {
        return Err(Error::invalid_field("/on", Code::DateInFuture));
    }
    let rule_set = programs::in_force(conn, program_id, on).await?;
    let hand = hand(caller, &rule_set, area_id, on);
    let activated = queries::activate(conn, hand, new.village_codes.as_deref()).await?;
    let activated = i64::try_from(activated).map_err(Error::internal)?;
    let done = ActivationRun { program_id, on, activated };
    let what = ("activate_enrollments", "program.enrollments_activated", activated);
    tell(conn, caller, hand, (what, &done, json!({ "activated": activated }))).await?;
    Ok(done)
}

async fn area_of(conn: &Conn, caller: &Caller, program_id: ProgramId, district: Option<&DistrictCode>) -> Result<i32> {
    let program = programs::find(conn, &caller.scope, program_id).await?.ok_or(Code::NotFound)?;
    programs::acting_area(conn, &caller.scope, &program, district).await
}

async fn check_named(conn: &Conn, area_id: i32, (villages, families): Named<'_>) -> Result<()> {
    let mut faults = Vec::new();
    if let Some(codes) = villages {
        let known = regions::villages_of(conn, area_id).await?;
        faults.extend(faults_of("/village_codes", (codes, MOST_VILLAGES), &known, Code::VillageUnknown));
    }
    if let Some(ids) = families {
        let live = enrollments::live_among(conn, area_id, ids).await?;
        faults.extend(faults_of("/beneficiary_ids", (ids, MOST_NAMED), &live, Code::ReferenceUnknown));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

fn faults_of<T: PartialEq>(pointer: &str, (named, most): (&[T], usize), known: &[T], code: Code) -> Vec<Fault> {
    if named.len() > most {
        return vec![Fault::new(pointer, Code::WrongType)];
    }
    Fault::of_unknown(&format!("{pointer}/*"), named, |one| known.contains(one), code)
}

async fn tell<T: Serialize>(
    conn: &Conn,
    caller: &Caller,
    hand: Hand<'_>,
    ((operation, kind, rows), done, data): ((&str, &str, i64), &T, Value),
) -> Result<()> {
    let record_count = i32::try_from(rows).map_err(Error::internal)?;
    let write = Write { record_count, ..Write::of(operation, "enrollments", hand.run_id, hand.area_id) };
    audit::record(conn, caller, write, None, Some(done)).await?;
    let event = NewEvent {
        kind,
        subject: "programs",
        subject_id: hand.rule_set.program_id.0,
        area_id: hand.area_id,
        company_id: None,
        data,
    };
    events::emit(conn, event).await
}
