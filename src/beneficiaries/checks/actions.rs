//! Checking a card: two statements, then arithmetic. Nothing is written.

use std::collections::HashMap;
use std::slice;

use super::model::{Card, Check, Known};
use super::queries::{self, Probes};
use super::rules;
use crate::beneficiaries::member_keys::Written;
use crate::beneficiaries::model::NewMember;
use crate::beneficiaries::queries as families;
use crate::db::{Conn, Db};
use crate::domain::{BeneficiaryId, CardNumber, MemberId, Name, Nik, Scope};
use crate::error::{Error, Result};
use crate::keys::Vault;
use crate::matching::registry::{Person, StoredKeys, registry};

/// Looks among the live members of the scope for those who may be on the card already.
///
/// # Errors
/// `Unavailable`, or where a number cannot be opened.
pub(in crate::beneficiaries) async fn check(
    conn: &Conn,
    scope: &Scope,
    vault: &Vault,
    card: Card<'_>,
) -> Result<Check> {
    let hits = queries::sharing(conn, probes(scope, vault, card)?).await?;
    let hits = hits.iter().map(|hit| {
        let place = usize::try_from(hit.place - 1).unwrap_or_default();
        (place, hit.key, queries::key_of(hit), (hit.area_id, hit.member_id))
    });
    let chosen = rules::choose(hits);
    let members: Vec<(i32, MemberId)> = chosen.members.iter().copied().collect();
    let known = if members.is_empty() { Vec::new() } else { queries::known(conn, scope, &members).await? };
    compare(vault, card, &known, chosen)
}

/// The same for a write that does not wait for it to succeed: a check is advice.
pub(in crate::beneficiaries) async fn check_if_possible(
    db: &Db,
    scope: &Scope,
    vault: &Vault,
    card: Card<'_>,
) -> Option<Check> {
    let checked = async { check(&*db.read(scope).await?, scope, vault, card).await };
    worth_telling(checked.await)
}

/// The same for a person who joins a family: as one on its card.
pub(in crate::beneficiaries) async fn check_joining_if_possible(
    db: &Db,
    scope: &Scope,
    vault: &Vault,
    id: BeneficiaryId,
    new: &NewMember,
) -> Option<Check> {
    let checked = async {
        let conn = db.read(scope).await?;
        let Some(family) = families::find(&conn, scope, id).await? else { return Ok(Check::default()) };
        let number = vault.open_card(family.area_id, id, &family.card_sealed)?;
        let card = Card {
            card_number: Some(&number),
            village_code: &family.village_code,
            address: family.address.as_deref(),
            phone: family.phone.as_deref(),
            members: slice::from_ref(new),
        };
        check(&conn, scope, vault, card).await
    };
    worth_telling(checked.await)
}

fn worth_telling(checked: Result<Check>) -> Option<Check> {
    match checked {
        Ok(check) => (!check.candidates.is_empty()).then_some(check),
        Err(error) => {
            log::warn!("somebody was registered unchecked: {error}");
            None
        }
    }
}

fn probes(scope: &Scope, vault: &Vault, card: Card<'_>) -> Result<Probes> {
    let keys = card.members.iter().map(|member| stored_keys(card, member)).collect::<Result<Vec<_>>>()?;
    let stored = |of: fn(&StoredKeys) -> Option<i64>| keys.iter().map(of).collect::<Vec<_>>();
    let traces = card.members.iter().map(|member| member.nik.as_ref().map(|nik| vault.nik_traces(nik)));
    let traces: Vec<Option<[i64; 2]>> = traces.collect();
    let niks = card.members.iter().map(|member| member.nik.as_ref());
    Ok(Probes {
        area_ids: scope.area_ids.clone(),
        card_digest: card.card_number.map(|number| vault.card_digest(number)),
        sexes: card.members.iter().map(|member| member.sex.as_str()).collect(),
        nik_digests: niks.map(|nik| nik.map(|nik| vault.nik_digest(nik))).collect(),
        keys: [
            traces.iter().map(|traces| traces.map(|[start, _]| start)).collect(),
            traces.iter().map(|traces| traces.map(|[_, end]| end)).collect(),
            stored(|keys| keys.born_village),
            stored(|keys| keys.born_word),
            stored(|keys| keys.name_village),
            stored(|keys| keys.first_word),
            stored(|keys| keys.second_word),
            stored(|keys| keys.name_mother),
            stored(|keys| keys.phone_sex),
        ],
    })
}

fn stored_keys(card: Card<'_>, member: &NewMember) -> Result<StoredKeys> {
    let written = Written {
        name: member.name.as_str(),
        sex: member.sex,
        born_on: member.born_on,
        mother_name: member.mother_name.as_ref().map(Name::as_str),
        village_code: card.village_code.as_str(),
        phone: card.phone,
    };
    written.keys()
}

/// Compares the chosen pairs; a member that left meanwhile is not among the known.
fn compare(vault: &Vault, card: Card<'_>, known: &[Known], chosen: rules::Chosen) -> Result<Check> {
    let registry = registry().map_err(|fault| Error::internal(fault.to_string()))?;
    let opened = known.iter().map(|known| Opened::of(vault, card, known)).collect::<Result<Vec<_>>>()?;
    let new = card.members.iter().map(|member| new_person(card, member));
    let old = opened.iter().zip(known).map(|(opened, known)| opened.person(known));
    let persons: Vec<Person<'_>> = new.chain(old).collect();
    let places: HashMap<MemberId, usize> = known.iter().enumerate().map(|(at, known)| (known.member_id, at)).collect();
    let (mut pairs, mut of) = (Vec::new(), Vec::new());
    for (index, member) in &chosen.pairs {
        let Some(place) = places.get(member) else { continue };
        let (Some(known), rows) = (known.get(*place), (*index, card.members.len() + place)) else { continue };
        pairs.push((row(rows.0)?, row(rows.1)?));
        of.push((*index, known));
    }
    let compared = registry.compare(&registry.first_weights, &persons, &pairs);
    Ok(rules::tell(registry, of.into_iter().zip(compared).collect(), chosen.skipped))
}

fn row(place: usize) -> Result<u32> {
    u32::try_from(place).map_err(Error::internal)
}

fn new_person<'a>(card: Card<'a>, member: &'a NewMember) -> Person<'a> {
    Person {
        name: member.name.as_str(),
        sex: member.sex.as_str(),
        birth_place: member.birth_place.as_ref().map(Name::as_str),
        born_on: member.born_on,
        nik: member.nik.as_ref().map(Nik::reveal),
        card_number: card.card_number.map(CardNumber::reveal),
        mother_name: member.mother_name.as_ref().map(Name::as_str),
        relationship: member.relationship.as_str(),
        village_code: card.village_code.as_str(),
        address: card.address,
        phone: card.phone,
    }
}

/// The numbers of a known member, opened to be compared and nowhere else: where the card has such a number.
struct Opened {
    nik: Option<Nik>,
    card: Option<CardNumber>,
}

impl Opened {
    fn of(vault: &Vault, card: Card<'_>, known: &Known) -> Result<Self> {
        let sealed = known.nik_sealed.as_ref().filter(|_| card.members.iter().any(|member| member.nik.is_some()));
        let nik = sealed.map(|sealed| vault.open_nik(known.area_id, known.member_id, sealed)).transpose()?;
        let open_card = |_: &CardNumber| vault.open_card(known.area_id, known.beneficiary_id, &known.card_sealed);
        Ok(Self { nik, card: card.card_number.map(open_card).transpose()? })
    }

    fn person<'a>(&'a self, known: &'a Known) -> Person<'a> {
        Person {
            name: &known.name,
            sex: known.sex.as_str(),
            birth_place: known.birth_place.as_deref(),
            born_on: known.born_on,
            nik: self.nik.as_ref().map(Nik::reveal),
            card_number: self.card.as_ref().map(CardNumber::reveal),
            mother_name: known.mother_name.as_deref(),
            relationship: known.relationship.as_str(),
            village_code: known.village_code.as_str(),
            address: known.address.as_deref(),
            phone: known.phone.as_deref(),
        }
    }
}
