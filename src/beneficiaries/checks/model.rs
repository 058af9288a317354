//! Checks as requests and answers, and members as they are compared.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::beneficiaries::model::{Beneficiary, NewBeneficiary, NewMember, Relationship, Sex};
use crate::domain::{BeneficiaryId, CardNumber, Line, MemberId, Text, VillageCode, text_enum};

text_enum! {
    /// What comparing two records tells.
    Finding {
        /// They are one person, as far as records can tell.
        Same "same",
        /// They may be one person: somebody should look.
        Look "look",
    }
}

text_enum! {
    /// What two members share who are compared.
    SharedKey {
        /// The NIK.
        Nik "nik",
        /// The NIK without its serial.
        NikStart "nik_start",
        /// The NIK without its area.
        NikEnd "nik_end",
        /// Family card and sex.
        CardSex "card_sex",
        /// Birth date and village.
        BornVillage "born_village",
        /// Birth date and the rarest word of the name.
        BornWord "born_word",
        /// Name and village.
        NameVillage "name_village",
        /// A word of the name, village and year of birth.
        WordVillageYear "word_village_year",
        /// Name and mother's name.
        NameMother "name_mother",
        /// Telephone and sex.
        PhoneSex "phone_sex",
    }
}

/// A family card to check.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "village_code": "64.02.10.2004", "address": "RT 03 Jalan Belayan",
    "members": [
        { "nik": "6402105203859952", "name": "Contoh Ibu Lima Puluh Dua", "sex": "female", "born_on": "1985-03-12", "relationship": "head" }
    ]
}))]
pub(in crate::beneficiaries) struct NewCheck {
    /// Family card number
    pub(in crate::beneficiaries) card_number: Option<CardNumber>,
    /// Village of your sub-district
    pub(in crate::beneficiaries) village_code: VillageCode,
    /// Address as the card has it
    pub(in crate::beneficiaries) address: Option<Line>,
    /// Telephone
    pub(in crate::beneficiaries) phone: Option<Text<20>>,
    /// Everybody to check
    #[schema(min_items = 1, max_items = 30)]
    pub(in crate::beneficiaries) members: Vec<NewMember>,
}

/// What of a card is compared, whatever it was sent for.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "a card's number has that name everywhere")]
pub(in crate::beneficiaries) struct Card<'a> {
    pub(in crate::beneficiaries) card_number: Option<&'a CardNumber>,
    pub(in crate::beneficiaries) village_code: &'a VillageCode,
    pub(in crate::beneficiaries) address: Option<&'a str>,
    pub(in crate::beneficiaries) phone: Option<&'a str>,
    pub(in crate::beneficiaries) members: &'a [NewMember],
}

impl<'a> From<&'a NewCheck> for Card<'a> {
    fn from(new: &'a NewCheck) -> Self {
        Self {
            card_number: new.card_number.as_ref(),
            village_code: &new.village_code,
            address: new.address.as_ref().map(Text::as_str),
            phone: new.phone.as_ref().map(Text::as_str),
            members: &new.members,
        }
    }
}

impl<'a> From<&'a NewBeneficiary> for Card<'a> {
    fn from(new: &'a NewBeneficiary) -> Self {
        Self {
            card_number: Some(&new.card_number),
            village_code: &new.village_code,
            address: new.address.as_ref().map(Text::as_str),
            phone: new.phone.as_ref().map(Text::as_str),
            members: &new.members,
        }
    }
}

/// What a check tells; it refuses nothing.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Check {
    /// Members of your area who may be one of those on the card, the surest first
    #[schema(max_items = 600)]
    pub candidates: Vec<Candidate>,
    /// Keys by which nobody was looked for, as too many share them
    #[schema(max_items = 300)]
    pub skipped: Vec<Skipped>,
}

/// A family as it was registered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(in crate::beneficiaries) struct Registered {
    /// The family
    #[serde(flatten)]
    pub(in crate::beneficiaries) family: Beneficiary,
    /// Members of your area who may be persons of the card; left out where there are none
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(in crate::beneficiaries) possible_duplicates: Option<Check>,
}

/// A member who may be a person on the card.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Candidate {
    /// Whom of the card it may be, counted from 0
    #[schema(minimum = 0, maximum = 29)]
    pub member_index: usize,
    /// Id of the member
    pub member_id: MemberId,
    /// Family of the member
    pub beneficiary_id: BeneficiaryId,
    /// Whether they are one person, or somebody should look
    pub finding: Finding,
    /// How sure it is: binary logarithm of the odds, 0 even, 10 a thousand to one
    #[schema(minimum = -1000, maximum = 1000, example = 12.5)]
    pub bits: f64,
    /// What each field says for it, or against it
    #[schema(max_items = 16)]
    pub fields: Vec<FieldBits>,
    /// Name of the member
    #[schema(max_length = 120)]
    pub name: String,
    /// Sex
    pub sex: Sex,
    /// Birth date
    pub born_on: Option<NaiveDate>,
    /// Village of the family
    pub village_code: VillageCode,
}

/// What one field says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FieldBits {
    /// Name of the field
    #[schema(example = "born_on", max_length = 40)]
    pub field: String,
    /// For one person above 0, against it below
    #[schema(minimum = -1000, maximum = 1000, example = 6.25)]
    pub bits: f64,
}

/// What comparing two records told, as it is kept.
#[derive(Debug, Clone)]
pub struct KeptFinding {
    /// Whether they are one person, or somebody should look.
    pub finding: Finding,
    /// Hundredths of a bit.
    pub centibits: i32,
    /// Bits by the name of their field.
    pub fields: Value,
}

/// A key that was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Skipped {
    /// Whose key of the card it is, counted from 0
    #[schema(minimum = 0, maximum = 29)]
    pub member_index: usize,
    /// The key
    pub key: SharedKey,
}

/// A member with all that is compared.
#[derive(Debug, Queryable)]
pub(super) struct Known {
    pub(super) area_id: i32,
    pub(super) member_id: MemberId,
    pub(super) beneficiary_id: BeneficiaryId,
    pub(super) nik_sealed: Option<Vec<u8>>,
    pub(super) card_sealed: Vec<u8>,
    pub(super) name: String,
    pub(super) sex: Sex,
    pub(super) birth_place: Option<String>,
    pub(super) born_on: Option<NaiveDate>,
    pub(super) mother_name: Option<String>,
    pub(super) relationship: Relationship,
    pub(super) village_code: VillageCode,
    pub(super) address: Option<String>,
    pub(super) phone: Option<String>,
}

/// A member that shares a key with somebody of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub(super) struct Hit {
    /// Place of that one on the card, from 1.
    pub(super) place: i64,
    /// Place of the key among those that were looked for.
    pub(super) key: i32,
    pub(super) area_id: i32,
    pub(super) member_id: MemberId,
}
