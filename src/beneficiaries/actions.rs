//! Changes of families: each is called inside a transaction and leaves an audit row and an event in it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::json;
use uuid::Uuid;

use super::model::{
    Beneficiary, BeneficiaryRow, BeneficiaryStatus, NewBeneficiary, NewMember, Relationship, SealedNik,
};
use super::rules;
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, MemberId};
use crate::error::{Code, Error, Fault, Refusal, Result};
use crate::events::{self, NewEvent};
use crate::keys::{Place, Vault};
use crate::regions;
use crate::schema::{
    beneficiaries, beneficiary_locators, card_claims, identity_claims, members, memberships, welfare_ranks,
};

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
    let faults = rules::faults_of(new, now.date_naive());
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let village = regions::find_village(conn, &caller.scope, &new.village_code).await?;
    let village = village.ok_or_else(|| Error::invalid_field("/village_code", Code::VillageUnknown))?;
    let row = new_row(village.area_id, vault, new, source, now)?;
    claim_card(conn, &row).await?;
    let niks = seal_niks(vault, row.area_id, &new.members)?;
    claim_niks(conn, row.area_id, &niks).await?;
    insert(conn, &row, new, niks, now).await?;
    let (id, area_id) = (row.id, row.area_id);
    let family = Beneficiary::open(row, vault)?;
    let write = audit::Write::of("register_beneficiary", "beneficiaries", id.0, area_id);
    audit::record(conn, caller, write, None, Some(&family)).await?;
    events::emit(conn, registered(&family, area_id)).await?;
    Ok(family)
}

fn registered(family: &Beneficiary, area_id: i32) -> NewEvent<'static> {
    NewEvent {
        kind: "beneficiary.registered",
        subject: "beneficiaries",
        subject_id: family.id.0,
        area_id,
        company_id: None,
        data: json!({ "village_code": family.village_code, "member_count": family.member_count }),
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
    })
}

async fn claim_card(mut conn: &Conn, row: &BeneficiaryRow) -> Result<()> {
    let claimed = diesel::insert_into(card_claims::table)
        .values((
            card_claims::card_digest.eq(&row.card_digest),
            card_claims::area_id.eq(row.area_id),
            card_claims::beneficiary_id.eq(row.id),
        ))
        .on_conflict_do_nothing()
        .execute(&mut conn)
        .await?;
    if claimed == 1 { Ok(()) } else { Err(Code::CardAlreadyRegistered.into()) }
}

/// One entry for each member, in order; `None` for those without a NIK.
fn seal_niks(vault: &Vault, area_id: i32, members: &[NewMember]) -> Result<Vec<Option<SealedNik>>> {
    let seal = |member: &NewMember| {
        let Some(nik) = member.nik else { return Ok(None) };
        let member_id = MemberId::new();
        let sealed = vault.seal(Place::nik(area_id, member_id), nik.reveal())?;
        Ok(Some(SealedNik { member_id, sealed, digest: vault.nik_digest(&nik) }))
    };
    members.iter().map(seal).collect()
}

/// Claims in the order of the digests, so that two families that share two NIKs cannot wait for each other.
async fn claim_niks(mut conn: &Conn, area_id: i32, niks: &[Option<SealedNik>]) -> Result<()> {
    let mut wanted: Vec<&SealedNik> = niks.iter().flatten().collect();
    wanted.sort_by(|one, other| one.digest.cmp(&other.digest));
    let rows: Vec<_> = wanted
        .iter()
        .map(|nik| {
            (
                identity_claims::nik_digest.eq(&nik.digest),
                identity_claims::area_id.eq(area_id),
                identity_claims::member_id.eq(nik.member_id),
            )
        })
        .collect();
    let claimed: Vec<Vec<u8>> = diesel::insert_into(identity_claims::table)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(identity_claims::nik_digest)
        .get_results(&mut conn)
        .await?;
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
    Err(Error::Refused(Box::new(Refusal { faults: taken, ..Code::NikAlreadyRegistered.into() })))
}

async fn insert(
    mut conn: &Conn,
    row: &BeneficiaryRow,
    new: &NewBeneficiary,
    niks: Vec<Option<SealedNik>>,
    now: DateTime<Utc>,
) -> Result<()> {
    diesel::insert_into(beneficiaries::table).values(row).execute(&mut conn).await?;
    diesel::insert_into(beneficiary_locators::table)
        .values((beneficiary_locators::beneficiary_id.eq(row.id), beneficiary_locators::area_id.eq(row.area_id)))
        .execute(&mut conn)
        .await?;
    if let Some(rank) = &new.rank {
        diesel::insert_into(welfare_ranks::table)
            .values((
                welfare_ranks::area_id.eq(row.area_id),
                welfare_ranks::beneficiary_id.eq(row.id),
                welfare_ranks::source.eq(&rank.source),
                welfare_ranks::period.eq(rank.period),
                welfare_ranks::decile.eq(rank.decile),
                welfare_ranks::recorded_at.eq(now),
            ))
            .execute(&mut conn)
            .await?;
    }
    insert_members(conn, row, &new.members, niks, now).await
}

async fn insert_members(
    mut conn: &Conn,
    row: &BeneficiaryRow,
    new: &[NewMember],
    niks: Vec<Option<SealedNik>>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut persons = Vec::with_capacity(new.len());
    let mut ties = Vec::with_capacity(new.len());
    for (member, nik) in new.iter().zip(niks) {
        let member_id = nik.as_ref().map_or_else(MemberId::new, |nik| nik.member_id);
        let (sealed, digest) = nik.map(|nik| (nik.sealed, nik.digest)).unzip();
        persons.push((
            members::area_id.eq(row.area_id),
            members::id.eq(member_id),
            members::nik_status.eq(if sealed.is_some() { "structure_ok" } else { "none" }),
            members::nik_sealed.eq(sealed),
            members::nik_digest.eq(digest),
            members::name.eq(&member.name),
            members::sex.eq(member.sex),
            members::born_on.eq(member.born_on),
            members::birth_place.eq(&member.birth_place),
            members::mother_name.eq(&member.mother_name),
            members::work.eq(&member.work),
            members::is_pregnant.eq(member.is_pregnant),
            members::has_disability.eq(member.has_disability),
            members::in_school.eq(member.in_school),
            members::warnings.eq(rules::warnings_of(member)),
            members::valid_from.eq(now),
            members::created_at.eq(now),
            members::updated_at.eq(now),
        ));
        ties.push((
            memberships::area_id.eq(row.area_id),
            memberships::id.eq(Uuid::now_v7()),
            memberships::beneficiary_id.eq(row.id),
            memberships::member_id.eq(member_id),
            memberships::relationship.eq(member.relationship),
            memberships::started_on.eq(now.date_naive()),
        ));
    }
    diesel::insert_into(members::table).values(persons).execute(&mut conn).await?;
    diesel::insert_into(memberships::table).values(ties).execute(&mut conn).await?;
    Ok(())
}
