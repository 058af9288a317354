//! Changes of families: each is called inside a transaction and leaves an audit row and an event in it.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use tokio::try_join;

use super::attributes::{self, AttributeSubject, Settled};
use super::history::Why;
use super::member_keys::{self, KeyRow};
use super::members::{MemberRow, MembershipRow, queries as members};
use super::model::{
    Beneficiary, BeneficiaryChanges, BeneficiaryRow, BeneficiaryStatus, NewBeneficiary, NewMember, NewVerification,
    Relationship, SealedNik, Sex,
};
use super::queries::{self, claims};
use super::rules::{self, Districts};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, MemberId, Nik, Scope};
use crate::error::{Code, Error, Fault, Refusal, Result};
use crate::events::{self, NewEvent};
use crate::keys::{Place, Vault};
use crate::regions;

/// Registers a family with its members.
///
/// # Errors
/// `invalid_fields`, `card_already_registered`, `nik_already_registered` with the members at fault.
pub(super) async fn register(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    new: &NewBeneficiary,
    source: &str,
) -> Result<Beneficiary> {
    let now = db::now();
    let faults = rules::faults_of(new, db::day_of(now));
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let village = regions::find_village(conn, &caller.scope, &new.village_code).await?;
    let village = village.ok_or_else(|| Error::invalid_field("/village_code", Code::VillageUnknown))?;
    let (attributes, of_members) = attributes::of_registration(conn, village.area_id, new).await?;
    let row = new_row(village.area_id, vault, new, source, now)?.with_attributes(attributes);
    let niks = seal_niks(vault, row.area_id, &new.members)?;
    // Statements that do not wait for each other's outcome go out together.
    let (districts, ..) = try_join!(
        districts_among(conn, district_codes(new)),
        claims::take_card(conn, &caller.scope, &row),
        claim_niks(conn, &caller.scope, row.area_id, &niks),
    )?;
    let row = BeneficiaryRow { warnings: rules::card_warnings_of(&new.card_number, &districts), ..row };
    let persons = persons_of(&row, new, niks, &districts).zip(of_members);
    let persons: Vec<_> = persons.map(|(person, attributes)| person.with_attributes(attributes)).collect();
    let keyed = persons.iter().zip(&new.members);
    let keys = keyed.map(|(person, member)| KeyRow::of(vault, &row, person, member.nik.as_ref()));
    let keys = keys.collect::<Result<Vec<_>>>()?;
    insert(conn, &row, new, persons, &keys).await?;
    let (id, area_id) = (row.id, row.area_id);
    let family = Beneficiary::open(row, vault)?;
    let write = audit::Write::of("register_beneficiary", "beneficiaries", id.0, area_id);
    try_join!(
        audit::record(conn, caller, write, None, Some(&family)),
        events::emit(conn, event("beneficiary.registered", area_id, &family)),
    )?;
    Ok(family)
}

fn event<'a>(kind: &'a str, area_id: i32, family: &Beneficiary) -> NewEvent<'a> {
    NewEvent {
        kind,
        subject: "beneficiaries",
        subject_id: family.id.0,
        area_id,
        company_id: None,
        data: json!({
            "village_code": family.village_code, "member_count": family.member_count, "version": family.version,
        }),
    }
}

fn new_row(
    area_id: i32,
    vault: &Vault,
    new: &NewBeneficiary,
    source: &str,
    now: DateTime<Utc>,
) -> Result<BeneficiaryRow> {
    let id = BeneficiaryId::new();
    let head = new.members.iter().find(|member| member.relationship == Relationship::Head);
    Ok(BeneficiaryRow {
        area_id,
        id,
        village_code: new.village_code.clone(),
        card_sealed: vault.seal(Place::card(area_id, id), new.card_number.reveal())?,
        card_digest: vault.card_digest(&new.card_number),
        address: new.address.as_ref().map(ToString::to_string),
        phone: new.phone.as_ref().map(ToString::to_string),
        status: BeneficiaryStatus::Live,
        head_name: head.map(|head| head.name.to_string()).unwrap_or_default(),
        member_count: i32::try_from(new.members.len()).map_err(Error::internal)?,
        decile: new.rank.as_ref().map(|rank| rank.decile),
        decile_source: new.rank.as_ref().map(|rank| rank.source.to_string()),
        decile_period: new.rank.as_ref().map(|rank| rank.period),
        verified_at: None,
        verified_by: None,
        source: source.to_owned(),
        version: 1,
        valid_from: now,
        created_at: now,
        updated_at: now,
        continued_in_id: None,
        attributes: None,
        attribute_schema_id: None,
        warnings: Vec::new(),
    })
}

/// One entry for each member, in order; `None` for those without a NIK.
fn seal_niks(vault: &Vault, area_id: i32, members: &[NewMember]) -> Result<Vec<Option<SealedNik>>> {
    members.iter().map(|member| member.nik.map(|nik| seal_nik(vault, area_id, &nik)).transpose()).collect()
}

/// Seals the NIK of a new member.
pub(super) fn seal_nik(vault: &Vault, area_id: i32, nik: &Nik) -> Result<SealedNik> {
    let member_id = MemberId::new();
    let sealed = vault.seal(Place::nik(area_id, member_id), nik.reveal())?;
    Ok(SealedNik { member_id, sealed, digest: vault.nik_digest(nik) })
}

async fn claim_niks(conn: &Conn, scope: &Scope, area_id: i32, niks: &[Option<SealedNik>]) -> Result<()> {
    let claimed = claims::take_niks(conn, area_id, niks.iter().flatten().collect()).await?;
    let is_taken = |nik: &Option<SealedNik>| nik.as_ref().is_some_and(|nik| !claimed.contains(&nik.digest));
    let taken: Vec<Fault> = niks
        .iter()
        .enumerate()
        .filter(|(_, nik)| is_taken(nik))
        .map(|(index, _)| Fault::new(format!("/members/{index}/nik"), Code::NikAlreadyRegistered))
        .collect();
    if taken.is_empty() {
        return Ok(());
    }
    let refusal = Error::Refused(Box::new(Refusal { faults: taken, ..Code::NikAlreadyRegistered.into() }));
    let first = niks.iter().find(|nik| is_taken(nik)).and_then(Option::as_ref);
    let holder = match first {
        Some(nik) => claims::holder_of_nik(conn, scope, &nik.digest).await?,
        None => None,
    };
    Err(named(refusal, holder))
}

/// The refusal with who holds the NIK, where the caller may see that member.
pub(super) fn named(refusal: Error, holder: Option<MemberId>) -> Error {
    match holder {
        Some(holder) => refusal.related("members", holder.0),
        None => refusal,
    }
}

/// The members of a new family, in the order of its card.
fn persons_of(
    row: &BeneficiaryRow,
    new: &NewBeneficiary,
    niks: Vec<Option<SealedNik>>,
    districts: &Districts,
) -> impl Iterator<Item = MemberRow> {
    new.members.iter().zip(niks).map(|(member, nik)| {
        let warnings = rules::warnings_of(member.nik.as_ref(), member.born_on, member.sex, districts);
        MemberRow::new(row.area_id, member, nik, warnings, row.valid_from)
    })
}

async fn insert(
    conn: &Conn,
    row: &BeneficiaryRow,
    new: &NewBeneficiary,
    persons: Vec<MemberRow>,
    keys: &[KeyRow],
) -> Result<()> {
    queries::insert(conn, row).await?;
    let day = db::day_of(row.valid_from);
    let relationships = new.members.iter().map(|member| member.relationship);
    let ties: Vec<_> = persons
        .iter()
        .zip(relationships)
        .map(|(person, relationship)| MembershipRow::new(row.id, person, relationship, day))
        .collect();
    try_join!(
        queries::insert_locator(conn, row),
        async {
            match &new.rank {
                Some(rank) => queries::insert_rank(conn, row, rank).await,
                None => Ok(()),
            }
        },
        members::insert(conn, &persons, &ties),
        member_keys::insert(conn, row.area_id, keys),
    )?;
    Ok(())
}

/// Codes of the districts that the numbers of a new family start with.
fn district_codes(new: &NewBeneficiary) -> Vec<String> {
    let niks = new.members.iter().filter_map(|member| member.nik.as_ref()).map(Nik::district_code);
    niks.chain([new.card_number.district_code()]).collect()
}

/// Those of some districts that are known.
pub(super) async fn districts_among(conn: &Conn, codes: Vec<String>) -> Result<Districts> {
    Ok(Districts::new(regions::districts_among(conn, codes).await?))
}

/// Those of the districts that some NIKs start with that are known.
pub(super) async fn districts_of(conn: &Conn, niks: impl Iterator<Item = &Nik>) -> Result<Districts> {
    districts_among(conn, niks.map(Nik::district_code).collect()).await
}

/// A live family as it is now, with its area.
///
/// # Errors
/// `not_found`, `beneficiary_not_live`.
pub async fn current(conn: &Conn, scope: &Scope, vault: &Vault, id: BeneficiaryId) -> Result<(i32, Beneficiary)> {
    let row = queries::find(conn, scope, id).await?.ok_or(Code::NotFound)?;
    if row.status != BeneficiaryStatus::Live {
        return Err(Code::BeneficiaryNotLive.into());
    }
    Ok((row.area_id, Beneficiary::open(row, vault)?))
}

/// What a NIK tells otherwise than the rest of a record: codes of warnings.
///
/// # Errors
/// Where the database refuses.
pub async fn nik_warnings(conn: &Conn, nik: Option<&Nik>, born_on: Option<NaiveDate>, sex: Sex) -> Result<Vec<String>> {
    let districts = districts_of(conn, nik.into_iter()).await?;
    Ok(rules::warnings_of(nik, born_on, sex, &districts))
}

/// Corrects a family.
///
/// # Errors
/// `not_found`, `version_stale`, `beneficiary_not_live`, `invalid_fields` for a village of another sub-district.
pub async fn update(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: BeneficiaryId,
    (changes, version): (&BeneficiaryChanges, i32),
) -> Result<Beneficiary> {
    let before = hold(conn, caller, id, Some(version)).await?;
    if let Some(village_code) = &changes.village_code {
        let village = regions::find_village(conn, &caller.scope, village_code).await?;
        if village.is_none_or(|village| village.area_id != before.area_id) {
            return Err(Error::invalid_field("/village_code", Code::VillageUnknown));
        }
    }
    let kept = Settled { attributes: before.attributes.clone(), schema_id: before.attribute_schema_id };
    let subject = (before.area_id, AttributeSubject::Beneficiaries);
    let attributes = attributes::settle(conn, subject, kept, changes.attributes.as_ref()).await?;
    let after = changes.apply(&before).with_attributes(attributes);
    let why = Why::of("update_beneficiary").told(changes.change_reason.as_ref());
    let area_id = before.area_id;
    let family = write(conn, caller, vault, (before, after), ("beneficiary.updated", why)).await?;
    member_keys::refresh(conn, vault, area_id, &[id]).await?;
    Ok(family)
}

/// Records that an officer found a family as it is recorded.
///
/// # Errors
/// `not_found`, `version_stale`, `beneficiary_not_live`.
pub async fn verify(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: BeneficiaryId,
    new: &NewVerification,
) -> Result<Beneficiary> {
    let before = hold(conn, caller, id, new.version).await?;
    let after =
        BeneficiaryRow { verified_at: Some(db::now()), verified_by: Some(caller.client_id.clone()), ..before.clone() };
    let why = Why::of("verify_beneficiary").told(new.change_reason.as_ref());
    write(conn, caller, vault, (before, after), ("beneficiary.verified", why)).await
}

/// Locks a live family at a version, where one is named.
///
/// # Errors
/// `not_found`, `version_stale`, `beneficiary_not_live`.
pub(super) async fn hold(
    conn: &Conn,
    caller: &Caller,
    id: BeneficiaryId,
    version: Option<i32>,
) -> Result<BeneficiaryRow> {
    let row = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if version.is_some_and(|version| version != row.version) {
        return Err(Code::VersionStale.into());
    }
    if row.status == BeneficiaryStatus::Live { Ok(row) } else { Err(Code::BeneficiaryNotLive.into()) }
}

/// Writes a change with its audit row and event; a change that changes nothing leaves no trace.
async fn write(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    (before, after): (BeneficiaryRow, BeneficiaryRow),
    (kind, why): (&str, Why<'_>),
) -> Result<Beneficiary> {
    if before == after {
        return Beneficiary::open(before, vault);
    }
    let after = revise(conn, caller, &before, after, why).await?;
    tell(conn, caller, vault, (Some(before), after), (kind, why)).await
}

/// Leaves the audit row and the event of a family that was written; answers it as it is shown.
pub(super) async fn tell(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    (before, after): (Option<BeneficiaryRow>, BeneficiaryRow),
    (kind, why): (&str, Why<'_>),
) -> Result<Beneficiary> {
    let area_id = after.area_id;
    let before = before.map(|before| Beneficiary::open(before, vault)).transpose()?;
    let after = Beneficiary::open(after, vault)?;
    let write = audit::Write::of(why.operation, "beneficiaries", after.id.0, area_id);
    audit::record(conn, caller, write, before.as_ref(), Some(&after)).await?;
    events::emit(conn, event(kind, area_id, &after)).await?;
    Ok(after)
}

/// Writes the next version of a family and keeps the one before, with why.
pub(super) async fn revise(
    conn: &Conn,
    caller: &Caller,
    before: &BeneficiaryRow,
    after: BeneficiaryRow,
    why: Why<'_>,
) -> Result<BeneficiaryRow> {
    let now = db::next_instant(before.valid_from);
    let after = BeneficiaryRow { version: before.version + 1, valid_from: now, updated_at: now, ..after };
    queries::keep(conn, before, now, &caller.client_id, why).await?;
    queries::replace(conn, &after).await?;
    Ok(after)
}
