//! A family as rows of the register: family, members, memberships, ranks, claims, needs.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::example;
use super::ids::{Area, Ids, recorded_at};
use super::tables::Batch;
use crate::domain::{BeneficiaryId, CardNumber, MemberId, Nik};
use crate::error::{Code, Error, Result};
use crate::keys::{Place, Vault};
use crate::sandbox::{Family, Kin, Person, Sex, Want, Work, known};

/// What the rows of all families have in common.
#[derive(Debug)]
pub(super) struct Register<'a> {
    pub(super) vault: &'a Vault,
    pub(super) as_of: NaiveDate,
    /// First day of the period of the earlier rank.
    pub(super) earlier_period: NaiveDate,
    /// Districts of the loaded editions, `64.02.10`.
    pub(super) districts: &'a HashSet<String>,
}

/// Where a family lives.
#[derive(Debug, Clone, Copy)]
pub(super) struct Home<'a> {
    pub(super) area: Area,
    pub(super) village_code: &'a str,
}

/// Source of the sandbox's ranks.
pub(super) const RANK_SOURCE: &str = "DTSEN";

/// Officer who verified and recorded in the sandbox.
pub(super) const OFFICER: &str = "sandbox-kecamatan";

impl Register<'_> {
    /// Adds the rows of one family.
    ///
    /// # Errors
    /// Only where sealing fails.
    pub(super) fn add(&self, batch: &mut Batch, family: &Family, home: Home<'_>) -> Result<()> {
        let mut ids = Ids::after(family.id);
        let at = recorded_at(family.id, self.as_of);
        self.family(batch, family, home, at)?;
        let mother =
            family.members.iter().find(|one| one.sex == Sex::Female && matches!(one.kin, Kin::Head | Kin::Spouse));
        for person in &family.members {
            let mother = mother.filter(|_| person.kin == Kin::Child).map(|mother| mother.name.as_str());
            self.member(batch, person, mother, (home.area.id, at))?;
            batch.memberships.row().int4(home.area.id).uuid(ids.next()).uuid(family.id).uuid(person.id);
            batch
                .memberships
                .text(relationship(person.kin))
                .date(family.card_issued_on.max(person.born_on))
                .instant(at);
        }
        for (period, decile) in [(self.earlier_period, family.earlier_decile), (self.as_of, family.decile)] {
            batch.welfare_ranks.row().int4(home.area.id).uuid(family.id).text(RANK_SOURCE).date(period);
            batch.welfare_ranks.int2(decile.into()).instant(at);
        }
        for want in &family.wants {
            let (id, quantity) = example::need(family, *want, &mut ids);
            batch.needs.row().int4(home.area.id).uuid(id).uuid(family.id).text(need_kind(*want));
            batch.needs.quantity(quantity).text("open").text(OFFICER).instant(at).instant(at);
        }
        Ok(())
    }

    fn family(&self, batch: &mut Batch, family: &Family, home: Home<'_>, at: DateTime<Utc>) -> Result<()> {
        let card = CardNumber::parse(&family.card_number).ok_or_else(|| Error::internal("not a family card number"))?;
        let digest = self.vault.card_digest(&card);
        let place = Place::card(home.area.id, BeneficiaryId(family.id));
        let sealed = self.vault.seal(place, card.reveal())?;
        let head = family.members.first().map_or("", |head| head.name.as_str());
        let row = batch.beneficiaries.row().int4(home.area.id).uuid(family.id).text(home.village_code);
        row.bytes(&sealed).bytes(&digest).text(&family.address).text_or_null(family.phone.as_deref());
        row.text("live").text(head).int4(i32::try_from(family.members.len()).unwrap_or_default());
        row.int2(family.decile.into()).text(RANK_SOURCE).date(self.as_of);
        if is_verified(family) {
            row.instant(at).text(OFFICER);
        } else {
            row.null().null();
        }
        row.text("sandbox").int4(1).instant(at).instant(at).instant(at);
        batch.beneficiary_locators.row().uuid(family.id).int4(home.area.id);
        batch.card_claims.row().bytes(&digest).int4(home.area.id).uuid(family.id);
        Ok(())
    }

    fn member(
        &self,
        batch: &mut Batch,
        person: &Person,
        mother: Option<&str>,
        (area_id, at): (i32, DateTime<Utc>),
    ) -> Result<()> {
        let nik = person.nik.as_deref().and_then(Nik::parse);
        let row = batch.members.row().int4(area_id).uuid(person.id);
        if let Some(nik) = &nik {
            let digest = self.vault.nik_digest(nik);
            let sealed = self.vault.seal(Place::nik(area_id, MemberId(person.id)), nik.reveal())?;
            row.bytes(&sealed).bytes(&digest).text("structure_ok");
            batch.identity_claims.row().bytes(&digest).int4(area_id).uuid(person.id);
        } else {
            row.null().null().text("none");
        }
        row.text(&person.name).text(sex(person.sex)).date(person.born_on).text(person.birth_place);
        row.text_or_null(mother).text_or_null(work(person.work)).bool(person.is_pregnant);
        row.bool(person.disability.is_some()).bool(person.school.is_some());
        row.texts(&self.warnings(person, nik.as_ref())).int4(1).instant(at).instant(at).instant(at);
        Ok(())
    }

    /// What does not refuse the person but is told.
    fn warnings(&self, person: &Person, nik: Option<&Nik>) -> Vec<&'static str> {
        let Some(nik) = nik else { return Vec::new() };
        let told = [
            (Code::NikBirthDateDiffers, !nik.agrees_with_birth_date(person.born_on)),
            (Code::NikDistrictUnknown, !self.districts.contains(&nik.district_code())),
        ];
        told.into_iter().filter(|(_, is_so)| *is_so).map(|(code, _)| code.as_str()).collect()
    }
}

/// Four families in five have been visited, and all that examples speak of but the one to confirm.
fn is_verified(family: &Family) -> bool {
    if example::is_it(family) || known::is_family(family.id) {
        return family.id != known::register::BENEFICIARY_TO_VERIFY.0;
    }
    !family.id.as_u64_pair().1.is_multiple_of(5)
}

fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "male",
        Sex::Female => "female",
    }
}

fn relationship(kin: Kin) -> &'static str {
    match kin {
        Kin::Head => "head",
        Kin::Spouse => "spouse",
        Kin::Child => "child",
        Kin::Parent => "parent",
        Kin::Grandchild => "grandchild",
    }
}

fn need_kind(want: Want) -> &'static str {
    match want {
        Want::HandTractor => "hand_tractor",
        Want::TrainingSeat => "training_seat",
        Want::FishingGear => "fishing_gear",
        Want::SewingMachine => "sewing_machine",
        Want::PalmTools => "oil_palm_tools",
        Want::SewingPackage => "sewing_package",
        Want::OilPalmPackage => "oil_palm_package",
    }
}

/// Work in the words of the place; none for the young.
fn work(work: Work) -> Option<&'static str> {
    Some(match work {
        Work::OilPalmSmallholder => "petani kelapa sawit",
        Work::PlantationLabourer => "buruh perkebunan",
        Work::Fisher => "nelayan",
        Work::Farmer => "petani ladang",
        Work::Trader => "pedagang",
        Work::BoatOperator => "motoris",
        Work::Craftsperson => "tukang",
        Work::Driver => "sopir",
        Work::DayLabourer => "buruh harian",
        Work::PublicServant => "pegawai desa",
        Work::Homemaker => "mengurus rumah tangga",
        Work::None => "tidak bekerja",
        Work::Child => return None,
    })
}
