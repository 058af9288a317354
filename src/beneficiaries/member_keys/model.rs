//! Keys as rows.

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{Bytea, Date, Integer, Nullable, Text, Uuid as SqlUuid};

use crate::beneficiaries::members::MemberRow;
use crate::beneficiaries::model::{BeneficiaryRow, Sex};
use crate::domain::{BeneficiaryId, MemberId, Nik, VillageCode};
use crate::error::{Error, Result};
use crate::keys::Vault;
use crate::matching::registry::{Person, StoredKeys, registry};

/// The keys of one member.
#[derive(Debug, Clone)]
pub(in crate::beneficiaries) struct KeyRow {
    pub(super) member_id: MemberId,
    pub(super) beneficiary_id: BeneficiaryId,
    pub(super) traces: Option<[i64; 2]>,
    pub(super) keys: StoredKeys,
    pub(super) member_version: i32,
    pub(super) family_version: i32,
}

impl KeyRow {
    /// The keys of a member of a family.
    ///
    /// # Errors
    /// Where the configuration that is built in is none.
    pub(in crate::beneficiaries) fn of(
        vault: &Vault,
        family: &BeneficiaryRow,
        member: &MemberRow,
        nik: Option<&Nik>,
    ) -> Result<Self> {
        let person = Written {
            name: &member.name,
            sex: member.sex,
            born_on: member.born_on,
            mother_name: member.mother_name.as_deref(),
            village_code: family.village_code.as_str(),
            phone: family.phone.as_deref(),
        };
        Ok(Self {
            member_id: member.id,
            beneficiary_id: family.id,
            traces: nik.map(|nik| vault.nik_traces(nik)),
            keys: person.keys()?,
            member_version: member.version,
            family_version: family.version,
        })
    }
}

/// What stored keys are made of, the NIK apart.
#[derive(Debug, Clone, Copy)]
pub(in crate::beneficiaries) struct Written<'a> {
    pub(in crate::beneficiaries) name: &'a str,
    pub(in crate::beneficiaries) sex: Sex,
    pub(in crate::beneficiaries) born_on: Option<NaiveDate>,
    pub(in crate::beneficiaries) mother_name: Option<&'a str>,
    pub(in crate::beneficiaries) village_code: &'a str,
    pub(in crate::beneficiaries) phone: Option<&'a str>,
}

impl Written<'_> {
    /// The keys.
    ///
    /// # Errors
    /// Where the configuration that is built in is none.
    pub(in crate::beneficiaries) fn keys(&self) -> Result<StoredKeys> {
        let registry = registry().map_err(|fault| Error::internal(fault.to_string()))?;
        Ok(registry.keys_of(&Person {
            name: self.name,
            sex: self.sex.as_str(),
            birth_place: None,
            born_on: self.born_on,
            nik: None,
            card_number: None,
            mother_name: self.mother_name,
            relationship: "",
            village_code: self.village_code,
            address: None,
            phone: self.phone,
        }))
    }
}

/// A member whose keys are missing or of another version.
#[derive(Debug, QueryableByName)]
pub(super) struct Stale {
    #[diesel(sql_type = SqlUuid)]
    pub(super) member_id: MemberId,
    #[diesel(sql_type = SqlUuid)]
    beneficiary_id: BeneficiaryId,
    #[diesel(sql_type = Nullable<Bytea>)]
    nik_sealed: Option<Vec<u8>>,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    sex: Sex,
    #[diesel(sql_type = Nullable<Date>)]
    born_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    mother_name: Option<String>,
    #[diesel(sql_type = Text)]
    village_code: VillageCode,
    #[diesel(sql_type = Nullable<Text>)]
    phone: Option<String>,
    #[diesel(sql_type = Integer)]
    member_version: i32,
    #[diesel(sql_type = Integer)]
    family_version: i32,
}

impl Stale {
    /// The keys as they should be.
    ///
    /// # Errors
    /// Where the NIK cannot be opened.
    pub(super) fn keyed(&self, vault: &Vault, area_id: i32) -> Result<KeyRow> {
        let sealed = self.nik_sealed.as_ref();
        let nik = sealed.map(|sealed| vault.open_nik(area_id, self.member_id, sealed)).transpose()?;
        let person = Written {
            name: &self.name,
            sex: self.sex,
            born_on: self.born_on,
            mother_name: self.mother_name.as_deref(),
            village_code: self.village_code.as_str(),
            phone: self.phone.as_deref(),
        };
        Ok(KeyRow {
            member_id: self.member_id,
            beneficiary_id: self.beneficiary_id,
            traces: nik.map(|nik| vault.nik_traces(&nik)),
            keys: person.keys()?,
            member_version: self.member_version,
            family_version: self.family_version,
        })
    }
}
