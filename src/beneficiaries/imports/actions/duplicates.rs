//! The look for persons of a file whom the register, or another row, may know: while it is checked, so that whoever reviews
//! it sees them. It is advice and refuses nothing.
//!
//! New persons and live members are compared in memory as the look that follows an import compares them, so that both tell
//! a pair as surely.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::work::Work;
use crate::beneficiaries::checks::{Finding, KeptFinding, read_members};
use crate::beneficiaries::imports::model::{LookSkipped, NewDuplicate, PossibleDuplicates};
use crate::beneficiaries::imports::queries::{self, Newcomer};
use crate::db::Conn;
use crate::domain::{BeneficiaryId, ImportId, MemberId, Nik};
use crate::error::{Error, Result};
use crate::keys::Vault;
use crate::matching::batch::{Batch, formed};
use crate::matching::engine::{ConfigFault, Reading, Records};
use crate::matching::registry::{Person, Registry, registry};

/// New persons and members who are compared before an import is applied, together: a sub-district whole. A million take the
/// engine 400 MiB, and an import stays within 256. More are left to the look that follows.
const MOST_COMPARED: i64 = 200_000;
/// Pairs of them that may share a key: ten times what a sub-district has. A file can be made to have any number.
const MOST_PAIRS: usize = 10_000_000;
/// Longest that a look waits for its turn, and for the members: the transaction of the check is open meanwhile.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// Pairs that are listed, the surest: more than anybody can look at.
const MOST_LISTED: usize = 20_000;
/// Pairs that one statement adds, ten values each.
const PAIRS_AT_ONCE: usize = 2_000;

/// One look at a time, whatever is checked meanwhile: a wait of seconds is worth the memory.
static TURN: Semaphore = Semaphore::const_new(1);

/// What a look found: whom it lists, and how many there are.
#[derive(Debug, Default)]
pub(super) struct Look {
    listed: Vec<NewDuplicate>,
    told: PossibleDuplicates,
}

impl Look {
    fn skipped(why: LookSkipped) -> Self {
        Self { listed: Vec::new(), told: PossibleDuplicates::skipped(why) }
    }
}

/// Looks for the persons who would be new.
///
/// Nothing is locked while it lasts, and the threads of requests have no part in it.
///
/// # Errors
/// Where the database refuses.
pub(super) async fn look(conn: &mut Conn, work: &Work) -> Result<Look> {
    let newcomers = queries::count_newcomers(conn).await?;
    if newcomers == 0 {
        return Ok(Look::default());
    }
    if newcomers + queries::count_members(conn, work.import.area_id).await? > MOST_COMPARED {
        return Ok(Look::skipped(LookSkipped::TooManyPersons));
    }
    match compare(conn, work).await {
        Ok(look) => Ok(look),
        // Where the session of the check is at fault, what follows on it fails by itself.
        Err(error) => {
            log::warn!(import_id:% = work.import.id; "an import is checked without a look for duplicates: {error}");
            Ok(Look::skipped(LookSkipped::NotPossible))
        }
    }
}

/// Keeps what a look found, in place of what an earlier one did.
///
/// # Errors
/// Where the database refuses.
pub(super) async fn keep(conn: &Conn, work: &Work, look: &Look) -> Result<()> {
    let (area_id, id) = (work.import.area_id, work.import.id);
    queries::forget_duplicates(conn, area_id, id).await?;
    // Each is held until the check ends: in the order in which others hold members.
    for rows in look.listed.chunks(PAIRS_AT_ONCE) {
        queries::insert_duplicates(conn, rows).await?;
    }
    queries::tell_duplicates(conn, (area_id, id), &look.told).await
}

async fn compare(conn: &mut Conn, work: &Work) -> Result<Look> {
    let registry = registry().map_err(|fault| Error::internal(fault.to_string()))?;
    let import = (work.import.area_id, work.import.id);
    queries::find_newcomers(conn).await?;
    let turn = timeout(LONGEST_WAIT, TURN.acquire()).await.map_err(Error::unavailable)?;
    let _turn = turn.map_err(Error::internal)?;
    let session = work.db.reading_session(&work.scope(), LONGEST_WAIT).await?;
    let read = Arc::new(AtomicU32::new(0));
    let mut reading = read_members(&session, Arc::clone(&work.keys), registry, (import.0, None), read).await?;
    let members = reading.count();
    let mut line = 0;
    loop {
        let found = queries::newcomers(conn, line).await?;
        let Some(last) = found.last() else { break };
        line = last.line;
        let keys = Arc::clone(&work.keys);
        let added = spawn_blocking(move || add(reading, &keys.vault, import.0, &found));
        reading = added.await.map_err(Error::internal)??;
    }
    let decided = spawn_blocking(move || decide(registry, &formed(reading), members, import));
    decided.await.map_err(Error::internal)?
}

/// Adds new persons to those read, by the lines that they stand on.
fn add<'a>(mut reading: Reading<'a>, vault: &Vault, area_id: i32, found: &[Newcomer]) -> Result<Reading<'a>> {
    for new in found {
        let nik = new.nik_sealed.as_ref().map(|sealed| vault.open_nik(area_id, new.member_id, sealed)).transpose()?;
        let card = vault.open_card(area_id, new.family_id, &new.card_sealed)?;
        let person = Person {
            name: &new.name,
            sex: new.sex.as_str(),
            birth_place: new.birth_place.as_deref(),
            born_on: new.born_on,
            nik: nik.as_ref().map(Nik::reveal),
            card_number: Some(card.reveal()),
            mother_name: new.mother_name.as_deref(),
            relationship: new.relationship.as_str(),
            village_code: new.village_code.as_str(),
            address: new.address.as_deref(),
            phone: new.phone.as_deref(),
        };
        let family = new.beneficiary_id.to_string();
        reading.add(&new.line.to_string(), &family, person.values().iter().map(AsRef::as_ref));
    }
    Ok(reading)
}

/// A pair of rows of which the other, higher one is a new person.
struct Pair {
    one: u32,
    other: u32,
    finding: Finding,
    bits: f32,
}

/// Two who are one by a third record alone and speak against it themselves, as twins do of whom a row without a number may
/// be either, are for somebody to look at.
fn told_as(finding: Finding, bits: f32) -> Finding {
    if bits < 0.0 { Finding::Look } else { finding }
}

/// Decides on all, and tells the pairs of new persons; the members come first among the records.
fn decide(registry: &Registry, records: &Records, members: u32, import: (i32, ImportId)) -> Result<Look> {
    let batch = Batch::decide(registry, records, MOST_PAIRS)
        .map_err(|fault: ConfigFault| Error::internal(fault.to_string()))?;
    let same = batch.same_pairs().into_iter().map(|pair| (pair, Finding::Same));
    let look = batch.look_pairs().map(|pair| (pair, Finding::Look));
    // What members are to each other is for runs to tell.
    let of_new = same.chain(look).filter(|((_, other), _)| *other >= members);
    let mut pairs: Vec<Pair> = of_new
        .map(|((one, other), finding)| {
            let bits = batch.bits(one, other);
            Pair { one, other, finding: told_as(finding, bits), bits }
        })
        .collect();
    pairs.sort_by(|first, second| {
        let by_rows = (first.other, first.one).cmp(&(second.other, second.one));
        second.bits.total_cmp(&first.bits).then(by_rows)
    });
    let count = |finding| {
        let of_it = pairs.iter().filter(|pair| pair.finding == finding).count();
        i32::try_from(of_it).unwrap_or(i32::MAX)
    };
    let left_out = i32::try_from(pairs.len().saturating_sub(MOST_LISTED)).unwrap_or(i32::MAX);
    let told = PossibleDuplicates { same: count(Finding::Same), look: count(Finding::Look), left_out, skipped: None };
    pairs.truncate(MOST_LISTED);
    // Stable: of one row the surest stays first.
    pairs.sort_by_key(|pair| pair.other);
    let of_row = |pairs: &[Pair]| {
        let numbered = pairs.iter().zip(1..);
        let row = |(pair, number)| listed((registry, records), &batch, (pair, number), (members, import));
        numbered.map(row).collect::<Result<Vec<_>>>()
    };
    let by_row = pairs.chunk_by(|one, next| one.other == next.other).map(of_row).collect::<Result<Vec<_>>>()?;
    let mut listed: Vec<NewDuplicate> = by_row.into_iter().flatten().collect();
    listed.sort_by_key(|one| one.member_id);
    Ok(Look { listed, told })
}

fn listed(
    (registry, records): (&Registry, &Records),
    batch: &Batch<'_>,
    (pair, candidate_number): (&Pair, i32),
    (members, (area_id, import_id)): (u32, (i32, ImportId)),
) -> Result<NewDuplicate> {
    let kept = KeptFinding::of(registry, pair.finding, &batch.compared(pair.one, pair.other));
    let line = |row: u32| records.id(row).parse::<i32>().map_err(Error::internal);
    let is_member = pair.one < members;
    let family = || records.card_names.text(records.card(pair.one)).parse::<BeneficiaryId>().map_err(Error::internal);
    Ok(NewDuplicate {
        area_id,
        import_id,
        row_number: line(pair.other)?,
        candidate_number,
        other_row_number: (!is_member).then(|| line(pair.one)).transpose()?,
        member_id: is_member.then(|| records.id(pair.one).parse::<MemberId>().map_err(Error::internal)).transpose()?,
        beneficiary_id: is_member.then(family).transpose()?,
        finding: kept.finding,
        centibits: kept.centibits,
        fields: kept.fields,
    })
}
