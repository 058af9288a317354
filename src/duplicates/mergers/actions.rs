//! Making two records one, and two again: each one transaction, with audit row and event.

use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{
    DuplicateMerger, Locked, MergedPerson, MergerRow, MergerStatus, NewDuplicateMerger, NewReversal, OnePerson, Person,
    TakenField, Told,
};
use super::queries::{self, About, Hand, KeptNik, NewRow};
use super::rules::{self, EnrolledAgain, Pair, Plan, changed, id_of};
use super::{aid_events, need_events, plan_events};
use crate::audit;
use crate::beneficiaries::{self, AttributeSubject, LeftNeeds, Why};
use crate::db::{self, Conn};
use crate::domain::{
    BeneficiaryId, Caller, CustodyId, DuplicateMergerId, DuplicatePairId, EnrollmentId, MemberId, NeedId, ProgramId,
};
use crate::enrollments::{self, Claim, Places};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::keys::{Place, Vault};
use crate::trainings;

/// Most persons that one merger makes one.
const MOST_PERSONS: usize = 30;

/// Makes the records of some persons one.
///
/// # Errors
/// `duplicate_pair_undecided`, `member_not_live`, `beneficiary_not_live`, `family_full`, `member_in_training`,
/// `invalid_fields`.
pub(super) async fn merge(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    new: &NewDuplicateMerger,
) -> Result<DuplicateMerger> {
    let (area_id, pairs) = hold_pairs(conn, caller, new).await?;
    let members: Vec<MemberId> = pairs.iter().flat_map(|pair| [pair.one, pair.other]).collect();
    let families = queries::families_of(conn, area_id, &members).await?;
    let locked = queries::lock_families(conn, area_id, &families).await?;
    if locked.len() > 2 || locked.iter().any(|family| family.status != "live") {
        return Err(Code::BeneficiaryNotLive.into());
    }
    let live = queries::live(conn, area_id, &families).await?;
    let plan = rules::plan(new, &pairs, &live)?;
    refuse_seated(conn, area_id, &plan).await?;
    refuse_card_as_nik(vault, area_id, &plan, &locked)?;
    let both = (plan.giver, plan.keeper);
    beneficiaries::hold_reserved(conn, area_id, &families).await?;
    queries::hold_custodies(conn, area_id, &families).await?;
    queries::hold_plans(conn, area_id, &families).await?;
    let tasks = if plan.is_whole { queries::open_tasks(conn, area_id, both).await? } else { Vec::new() };
    let about = About { carried_tasks: tasks, ..about(area_id, &plan, &live) };
    let before = queries::state(conn, &about).await?;
    let why = Why::of("merge_duplicates").told(Some(&new.reason));
    let hand = Hand { area_id, client_id: &caller.client_id, why, at: db::now(), today: db::today() };
    let told = write(conn, caller, vault, (hand, &plan, &about.carried_tasks)).await?;
    let carried = told.carried_enrollment_ids.iter().map(|id| id.0).collect();
    let about = About { carried_enrollments: carried, ..about };
    let after = queries::state(conn, &about).await?;
    aid_events::tell(conn, area_id, (&before, &after)).await?;
    let merger = record(conn, caller, (hand, &plan, new), (before, after, told)).await?;
    refresh_keys(conn, vault, area_id, &merger).await?;
    Ok(merger)
}

/// Refuses to end the record of somebody who has a seat in a training that is not over: an undo could not give it back.
async fn refuse_seated(conn: &Conn, area_id: i32, plan: &Plan<'_>) -> Result<()> {
    let ended: Vec<MemberId> = plan.persons.iter().map(|(_, _, end, _)| end.id).collect();
    match trainings::in_unfinished(conn, area_id, &ended).await? {
        Some(id) => Err(Error::from(Code::MemberInTraining).related("trainings", id.0)),
        None => Ok(()),
    }
}

/// Refuses to bring a NIK into the family that goes on whose digits are those of its card number.
fn refuse_card_as_nik(vault: &Vault, area_id: i32, plan: &Plan<'_>, families: &[Locked]) -> Result<()> {
    let Some(keeper) = families.iter().find(|family| family.id == plan.keeper) else { return Ok(()) };
    for (pointer, person) in plan.brought() {
        let Some(sealed) = &person.nik_sealed else { continue };
        if beneficiaries::is_card_number(vault, &vault.open_nik(area_id, person.id, sealed)?, &keeper.card_digest) {
            return Err(Error::invalid_field(&pointer, Code::CardNumberIsNik));
        }
    }
    Ok(())
}

/// Locks the pairs; all are of one area.
async fn hold_pairs(conn: &Conn, caller: &Caller, new: &NewDuplicateMerger) -> Result<(i32, Vec<Pair>)> {
    if new.persons.is_empty() || new.persons.len() > MOST_PERSONS {
        return Err(Error::invalid_field("/persons", Code::WrongType));
    }
    let ids: Vec<DuplicatePairId> = new.persons.iter().map(|person| person.pair_id).collect();
    let rows = queries::lock_pairs(conn, &caller.scope, &ids).await?;
    let area_id = rows.first().map(|(area_id, _)| *area_id);
    let area_id = area_id.ok_or_else(|| Error::invalid_field("/persons/0/pair_id", Code::ReferenceUnknown))?;
    let of_area = rows.into_iter().filter(|(area, _)| *area == area_id);
    Ok((area_id, of_area.map(|(_, pair)| pair).collect()))
}

fn about(area_id: i32, plan: &Plan<'_>, live: &[Person]) -> About {
    let digests = plan.persons.iter().flat_map(|(_, keep, end, _)| [&keep.nik_digest, &end.nik_digest]);
    About {
        area_id,
        families: plan.families(),
        members: live.iter().map(|person| person.id).collect(),
        nik_digests: digests.flatten().cloned().collect(),
        carried_enrollments: Vec::new(),
        carried_tasks: Vec::new(),
    }
}

/// Writes the rows: first what was is kept, then persons, ties, families, and what rests on these.
async fn write(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    (hand, plan, tasks): (Hand<'_>, &Plan<'_>, &[Uuid]),
) -> Result<Told> {
    let members = plan.members();
    queries::keep_members(conn, hand, &members).await?;
    queries::keep_families(conn, hand, &plan.families()).await?;
    for (_, keep, end, asked) in &plan.persons {
        change_kept(conn, vault, hand.area_id, (keep, end), asked).await?;
        let subject = (hand.area_id, AttributeSubject::Members);
        beneficiaries::join_attributes(conn, subject, (end.id.0, keep.id.0)).await?;
    }
    if plan.is_whole {
        let subject = (hand.area_id, AttributeSubject::Beneficiaries);
        beneficiaries::join_attributes(conn, subject, (plan.giver.0, plan.keeper.0)).await?;
        queries::take_family(conn, hand.area_id, (plan.giver, plan.keeper), plan.take_family).await?;
        queries::carry_ranks(conn, hand, (plan.giver, plan.keeper)).await?;
    }
    let ended: Vec<MemberId> = plan.persons.iter().map(|(_, _, end, _)| end.id).collect();
    let moved: Vec<MemberId> = plan.moved.iter().map(|person| person.id).collect();
    let leaving = [ended.as_slice(), moved.as_slice()].concat();
    let giver = (hand.area_id, plan.giver);
    beneficiaries::end_collectors(conn, caller, giver, (&leaving, hand.today), hand.why).await?;
    let tied: Vec<MemberId> = leaving.iter().copied().chain(plan.successor).collect();
    queries::keep_ties(conn, hand, &tied).await?;
    queries::end_ties(conn, hand, &ended).await?;
    queries::move_ties(conn, hand, (&moved, plan.keeper)).await?;
    if let Some(successor) = plan.successor {
        queries::succeed(conn, hand, successor).await?;
    }
    queries::renew_members(conn, hand, &members).await?;
    queries::recount(conn, hand, &plan.families(), plan.keeper).await?;
    let told = carry(conn, caller, (hand, plan, tasks)).await?;
    let pairs: Vec<DuplicatePairId> = plan.persons.iter().map(|(pair, ..)| *pair).collect();
    queries::close_pairs(conn, hand, (&pairs, &ended)).await?;
    Ok(told)
}

/// Gives a kept record what it takes from the other, and sees to it that each NIK leads to a live record or is free.
async fn change_kept(
    conn: &Conn,
    vault: &Vault,
    area_id: i32,
    (keep, end): (&Person, &Person),
    asked: &MergedPerson,
) -> Result<()> {
    let wants = |field| asked.take.contains(&field);
    let of_end = end.nik_sealed.as_ref().filter(|_| rules::takes_nik(keep, asked));
    let taken = of_end.map(|sealed| vault.open_nik(area_id, end.id, sealed)).transpose()?;
    let kept = keep.nik_sealed.as_ref().filter(|_| taken.is_none());
    let kept = kept.map(|sealed| vault.open_nik(area_id, keep.id, sealed)).transpose()?;
    let nik = if let (Some(nik), Some(digest)) = (&taken, &end.nik_digest) {
        queries::move_nik_claim(conn, digest, (end.id, keep.id)).await?;
        Some(KeptNik { sealed: vault.seal(Place::nik(area_id, keep.id), nik.reveal())?, digest: digest.clone() })
    } else {
        queries::release_nik_claim(conn, end.id).await?;
        None
    };
    let sex = if wants(TakenField::Sex) { end.sex } else { keep.sex };
    let born_on = if wants(TakenField::BornOn) { end.born_on } else { keep.born_on.or(end.born_on) };
    let warnings = beneficiaries::nik_warnings(conn, taken.or(kept).as_ref(), born_on, sex).await?;
    queries::change_kept(conn, area_id, (keep.id, end.id), (&asked.take, nik, &warnings)).await
}

/// Carries over what rests on a family that is the one household.
async fn carry(conn: &Conn, caller: &Caller, (hand, plan, tasks): (Hand<'_>, &Plan<'_>, &[Uuid])) -> Result<Told> {
    let overlaps = if plan.keeper == plan.giver {
        Vec::new()
    } else {
        queries::overlaps(conn, hand.area_id, (plan.keeper, plan.giver)).await?
    };
    if !plan.is_whole {
        return Ok(Told { overlaps, ..Told::default() });
    }
    let both = (plan.giver, plan.keeper);
    queries::move_card_claim(conn, both).await?;
    let ended = queries::end_enrollments(conn, hand, both).await?;
    let carried = queries::carry_enrollments(conn, hand, both).await?;
    queries::carry_reserves(conn, hand, both).await?;
    let moved = queries::carry_needs(conn, hand, both).await?;
    let (left, why) = ((hand.area_id, plan.giver, Some(plan.keeper)), beneficiaries::Why::of("merge_duplicates"));
    let LeftNeeds { needs, reserved } =
        beneficiaries::leave_needs(conn, caller, left, "The family was registered twice.", why).await?;
    let custodies = queries::carry_custodies(conn, hand, both).await?;
    let plans = queries::carry_plans(conn, hand, both).await?;
    plan_events::tell_carried(conn, hand.area_id, both, &plans).await?;
    let plans_that = |goes_on| plans.iter().filter(move |plan| plan.goes_on == goes_on).map(|plan| plan.id).collect();
    queries::carry_tasks(conn, hand, (tasks, plan.keeper)).await?;
    queries::carry_visits(conn, hand, both).await?;
    Ok(Told {
        carried_enrollment_ids: carried.into_iter().map(EnrollmentId).collect(),
        ended_enrollment_ids: ended.into_iter().map(EnrollmentId).collect(),
        carried_need_ids: moved
            .into_iter()
            .map(NeedId)
            .chain(needs.iter().filter_map(|one| one.carried_to_id))
            .collect(),
        ended_need_ids: needs.iter().map(|one| one.need_id).collect(),
        carried_custody_ids: custodies.into_iter().map(CustodyId).collect(),
        carried_plan_ids: plans_that(true),
        ended_plan_ids: plans_that(false),
        reserved_allocation_ids: reserved,
        overlaps,
    })
}

async fn record(
    conn: &Conn,
    caller: &Caller,
    (hand, plan, new): (Hand<'_>, &Plan<'_>, &NewDuplicateMerger),
    (before, after, told): (Value, Value, Told),
) -> Result<DuplicateMerger> {
    let one = |(pair, keep, end, _): &(DuplicatePairId, &Person, &Person, _)| OnePerson {
        pair_id: *pair,
        member_id: keep.id,
        merged_member_id: end.id,
    };
    let persons: Vec<OnePerson> = plan.persons.iter().map(one).collect();
    let row = NewRow {
        area_id: hand.area_id,
        id: DuplicateMergerId::new(),
        beneficiary_id: plan.keeper,
        merged_beneficiary_id: plan.giver,
        is_whole: plan.is_whole,
        persons: json!(persons),
        moved_enrollment_ids: told.carried_enrollment_ids.iter().map(|id| id.0).collect(),
        before,
        after,
        told: json!(told),
        reason: new.reason.to_string(),
        status: MergerStatus::Merged,
        client_id: caller.client_id.clone(),
        created_at: hand.at,
    };
    let merger = queries::insert(conn, &row).await?;
    leave_trace(conn, caller, None, merger).await
}

/// Makes the records of a merger two again, each as it was; versions go on counting.
///
/// # Errors
/// `not_found`, `duplicate_merger_undone`, `duplicate_merger_changed_since`, `quota_full`.
pub(super) async fn undo(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: DuplicateMergerId,
    new: &NewReversal,
) -> Result<DuplicateMerger> {
    let (row, before, after) = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if row.status == MergerStatus::Undone {
        return Err(Code::DuplicateMergerUndone.into());
    }
    let about = about_kept(&row, &before);
    let again = rules::enrolled_again(&before, &after)?;
    let given = places_again(conn, caller, row.area_id, &again).await?;
    queries::lock_families(conn, row.area_id, &about.families).await?;
    beneficiaries::hold_reserved(conn, row.area_id, &about.families).await?;
    queries::hold_custodies(conn, row.area_id, &about.families).await?;
    queries::hold_plans(conn, row.area_id, &about.families).await?;
    if !rules::is_still(&queries::state(conn, &about).await?, (&before, &after)) {
        return Err(Code::DuplicateMergerChangedSince.into());
    }
    for places in &given {
        check_places(conn, caller, places, &again).await?;
    }
    let why = Why::of("undo_duplicate_merger").told(Some(&new.reason));
    let hand = Hand { area_id: row.area_id, client_id: &caller.client_id, why, at: db::now(), today: db::today() };
    let members: Vec<MemberId> = changed(&before, &after, "members").map(MemberId).collect();
    let families: Vec<BeneficiaryId> = changed(&before, &after, "beneficiaries").map(BeneficiaryId).collect();
    queries::keep_members(conn, hand, &members).await?;
    queries::keep_families(conn, hand, &families).await?;
    queries::take_back_claims(conn, &after).await?;
    queries::end_new_ties(conn, hand, (&before, &after)).await?;
    queries::withdraw_carried_needs(conn, hand, (&before, &after)).await?;
    queries::restore_rows(conn, hand, &before).await?;
    need_events::tell_given_back(conn, hand.area_id, &before, &after).await?;
    queries::take_back_ranks(conn, hand.area_id, (&before, &after)).await?;
    plan_events::tell_given_back(conn, hand.area_id, &before, &after).await?;
    aid_events::tell(conn, hand.area_id, (&after, &before)).await?;
    queries::give_back_claims(conn, &before).await?;
    let told = DuplicateMerger::from(row.clone());
    let pairs: Vec<DuplicatePairId> = told.persons.iter().map(|person| person.pair_id).collect();
    queries::reopen_pairs(conn, row.area_id, &pairs, hand.at).await?;
    let undone = queries::set_undone(conn, &row, (&caller.client_id, new.reason.as_str(), hand.at)).await?;
    let area_id = row.area_id;
    let merger = leave_trace(conn, caller, Some(told), undone).await?;
    refresh_keys(conn, vault, area_id, &merger).await?;
    Ok(merger)
}

/// Takes the right to give places of each program that an enrollment goes on in, in the order of their ids; before families
/// are held.
async fn places_again(conn: &Conn, caller: &Caller, area_id: i32, again: &[EnrolledAgain]) -> Result<Vec<Places>> {
    let mut programs: Vec<ProgramId> = again.iter().map(|one| one.program_id).collect();
    programs.sort();
    programs.dedup();
    let mut given = Vec::new();
    for program_id in programs {
        given.push(enrollments::give_places(conn, &caller.scope, (area_id, program_id), db::today()).await?);
    }
    Ok(given)
}

/// Refuses an undo that a quota has no place for any more. No program keeps a family off what it goes back to: what it has
/// besides is what it had before.
async fn check_places(conn: &Conn, caller: &Caller, places: &Places, again: &[EnrolledAgain]) -> Result<()> {
    let places = Places { bars: Vec::new(), quotas: places.quotas.clone(), ..*places };
    let of_program = again.iter().filter(|one| one.program_id == places.program_id);
    let claims: Vec<Claim> = of_program.map(|one| one.claim.clone()).collect();
    match enrollments::obstacles(conn, &places, &claims).await?.first() {
        Some((_, obstacle)) => Err(enrollments::refusal(conn, &caller.scope, *obstacle).await?),
        None => Ok(()),
    }
}

/// What a merger was about, told from the rows it keeps.
fn about_kept(row: &MergerRow, before: &Value) -> About {
    let all = |table: &str| before.get(table).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut families = vec![row.beneficiary_id, row.merged_beneficiary_id];
    families.sort();
    families.dedup();
    let bytes = |text: &str| {
        let digits = text.strip_prefix("\\x").unwrap_or_default().as_bytes();
        let byte = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
        digits.chunks(2).filter_map(byte).collect::<Vec<u8>>()
    };
    let digest = |claim: &Value| claim.get("nik_digest").and_then(Value::as_str).map(bytes);
    About {
        area_id: row.area_id,
        families,
        members: all("members").iter().filter_map(id_of).map(MemberId).collect(),
        nik_digests: all("identity_claims").iter().filter_map(digest).collect(),
        carried_enrollments: row.moved_enrollment_ids.clone(),
        carried_tasks: all("verification_tasks").iter().filter_map(id_of).collect(),
    }
}

async fn leave_trace(
    conn: &Conn,
    caller: &Caller,
    before: Option<DuplicateMerger>,
    row: MergerRow,
) -> Result<DuplicateMerger> {
    let (area_id, families) = (row.area_id, [row.beneficiary_id, row.merged_beneficiary_id]);
    let (operation, kind) = match row.status {
        MergerStatus::Merged => ("merge_duplicates", "duplicate.merged"),
        MergerStatus::Undone => ("undo_duplicate_merger", "duplicate.merger_undone"),
    };
    let merger = DuplicateMerger::from(row);
    let write = audit::Write {
        record_count: i32::try_from(merger.persons.len() * 2 + families.len()).unwrap_or(i32::MAX),
        ..audit::Write::of(operation, "duplicate_mergers", merger.id.0, area_id)
    };
    audit::record(conn, caller, write, before.as_ref(), Some(&merger)).await?;
    let event = NewEvent {
        kind,
        subject: "duplicate_mergers",
        subject_id: merger.id.0,
        area_id,
        company_id: None,
        data: json!({
            "beneficiary_id": merger.beneficiary_id, "merged_beneficiary_id": merger.merged_beneficiary_id,
            "is_whole": merger.is_whole, "persons": merger.persons.len(),
        }),
    };
    events::emit(conn, event).await?;
    Ok(merger)
}

/// Makes the keys of both families anew.
async fn refresh_keys(conn: &Conn, vault: &Vault, area_id: i32, merger: &DuplicateMerger) -> Result<()> {
    let families: [BeneficiaryId; 2] = [merger.beneficiary_id, merger.merged_beneficiary_id];
    beneficiaries::refresh_member_keys(conn, vault, area_id, &families).await
}
