//! Families and members as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::attributes::AttributeChanges;
use crate::domain::{
    AttributeSchemaId, BeneficiaryId, CardNumber, Line, MemberId, Name, Nik, Period, Text, VillageCode, text_enum,
};
use crate::error::Result;
use crate::http::{AsOf, Whole, given, present};
use crate::keys::Vault;
use crate::schema::beneficiaries;

text_enum! {
    /// Sex of a person, as the family card has it.
    Sex {
        /// Laki-laki.
        Male "male",
        /// Perempuan.
        Female "female",
    }
}

text_enum! {
    /// Relationship to the head of the family.
    Relationship {
        /// Kepala keluarga.
        Head "head",
        /// Suami or istri.
        Spouse "spouse",
        /// Anak.
        Child "child",
        /// Menantu.
        ChildInLaw "child_in_law",
        /// Cucu.
        Grandchild "grandchild",
        /// Orang tua.
        Parent "parent",
        /// Mertua.
        ParentInLaw "parent_in_law",
        /// Famili lain.
        OtherKin "other_kin",
        /// Lainnya.
        Other "other",
    }
}

text_enum! {
    /// What became of a family record.
    BeneficiaryStatus {
        /// In use.
        Live "live",
        /// Continued in another sub-district.
        Moved "moved",
        /// Continued in the family it was merged into.
        Merged "merged",
        /// Nobody is left.
        Ended "ended",
    }
}

/// A family as the database has it.
#[derive(Debug, Clone, PartialEq, HasQuery, QueryableByName, Insertable, AsChangeset)]
#[diesel(table_name = beneficiaries, primary_key(area_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct BeneficiaryRow {
    pub(super) area_id: i32,
    pub(super) id: BeneficiaryId,
    pub(super) village_code: VillageCode,
    pub(super) card_sealed: Vec<u8>,
    pub(super) card_digest: Vec<u8>,
    pub(super) address: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) status: BeneficiaryStatus,
    pub(super) head_name: String,
    pub(super) member_count: i32,
    pub(super) decile: Option<i16>,
    pub(super) decile_source: Option<String>,
    pub(super) decile_period: Option<Period>,
    pub(super) verified_at: Option<DateTime<Utc>>,
    pub(super) verified_by: Option<String>,
    pub(super) source: String,
    pub(super) version: i32,
    pub(super) valid_from: DateTime<Utc>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) continued_in_id: Option<BeneficiaryId>,
    pub(super) attributes: Option<Value>,
    pub(super) attribute_schema_id: Option<AttributeSchemaId>,
    pub(super) warnings: Vec<String>,
}

/// A family on one family card: the unit of aid.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Beneficiary {
    /// Id of the family
    pub id: BeneficiaryId,
    /// Village where it lives
    pub village_code: VillageCode,
    /// Family card number, masked: first and last four digits
    #[schema(example = "6402********9001", pattern = "^[0-9]{4}[*]{8}[0-9]{4}$", max_length = 16)]
    pub card_number: String,
    /// Name of the head of the family
    #[schema(max_length = 120)]
    pub head_name: String,
    /// Live members
    #[schema(minimum = 0, maximum = 50)]
    pub member_count: i32,
    /// Address as the card has it
    #[schema(max_length = 200)]
    pub address: Option<String>,
    /// Telephone
    #[schema(max_length = 20)]
    pub phone: Option<String>,
    /// What became of the record
    pub status: BeneficiaryStatus,
    /// Family that it was merged into
    pub continued_in_id: Option<BeneficiaryId>,
    /// Latest welfare rank, 1 poorest to 10
    #[schema(minimum = 1, maximum = 10)]
    pub decile: Option<i16>,
    /// Who ranked it
    #[schema(max_length = 40)]
    pub decile_source: Option<String>,
    /// Period the rank is for
    pub decile_period: Option<Period>,
    /// When an officer confirmed it
    pub verified_at: Option<DateTime<Utc>>,
    /// Client that confirmed it
    #[schema(max_length = 63)]
    pub verified_by: Option<String>,
    /// Where the record came from
    #[schema(max_length = 40)]
    pub source: String,
    /// Checks of the card that do not hold and do not refuse, such as `card_district_unknown`
    #[schema(max_items = 20)]
    pub warnings: Vec<String>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// When it was registered
    pub created_at: DateTime<Utc>,
    /// When it last changed
    pub updated_at: DateTime<Utc>,
    /// Facts beyond the fixed fields by name, each with `value`, `source` and `observed_on`; left out where there are none
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, example = json!({
        "roof": { "value": "palm leaf", "source": "visit", "observed_on": "2026-11-01" }
    }))]
    pub attributes: Option<Value>,
    /// Schema that checked the attributes when they were written
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute_schema_id: Option<AttributeSchemaId>,
}

impl Beneficiary {
    /// Opens a row for showing, the card number masked.
    pub(super) fn open(row: BeneficiaryRow, vault: &Vault) -> Result<Self> {
        let card = vault.open_card(row.area_id, row.id, &row.card_sealed)?;
        Ok(Self {
            id: row.id,
            village_code: row.village_code,
            card_number: card.masked(),
            head_name: row.head_name,
            member_count: row.member_count,
            address: row.address,
            phone: row.phone,
            status: row.status,
            continued_in_id: row.continued_in_id,
            decile: row.decile,
            decile_source: row.decile_source,
            decile_period: row.decile_period,
            verified_at: row.verified_at,
            verified_by: row.verified_by,
            source: row.source,
            warnings: row.warnings,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            attributes: row.attributes,
            attribute_schema_id: row.attribute_schema_id,
        })
    }
}

/// A family to register.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "card_number": "6402101001209001", "village_code": "64.02.10.2004", "address": "RT 03 Jalan Belayan",
    "rank": { "source": "DTSEN", "period": "2026-10-01", "decile": 2 },
    "members": [
        { "nik": "6402104101909001", "name": "Contoh Sintetis", "sex": "female", "born_on": "1990-01-01", "relationship": "head" },
        { "name": "Anak Contoh", "sex": "male", "born_on": "2019-05-02", "relationship": "child", "in_school": true }
    ]
}))]
pub struct NewBeneficiary {
    /// Family card number
    pub card_number: CardNumber,
    /// Village of your sub-district
    pub village_code: VillageCode,
    /// Address as the card has it
    pub address: Option<Line>,
    /// Telephone
    pub phone: Option<Text<20>>,
    /// Welfare rank, where a source has given one
    pub rank: Option<NewRank>,
    /// Everybody on the card, exactly one of them the head
    #[schema(min_items = 1, max_items = 30)]
    pub members: Vec<NewMember>,
    /// Facts beyond the fixed fields, by name
    #[serde(default)]
    pub attributes: AttributeChanges,
}

/// What to change of a family; what is left out stays, `null` clears.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "address": "RT 04 Jalan Belayan", "phone": "+6284000012345" }))]
pub struct BeneficiaryChanges {
    /// Village it lives in now, of the same sub-district
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub village_code: Option<VillageCode>,
    /// Address as the card has it
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Line>)]
    pub address: Option<Option<Line>>,
    /// Telephone
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Text<20>>)]
    pub phone: Option<Option<Text<20>>>,
    /// Why, kept in the history and not in the record; no names and numbers of persons
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub change_reason: Option<Line>,
    /// Attributes to set, each whole, or to remove; `null` removes all
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<AttributeChanges>)]
    pub attributes: Option<Option<AttributeChanges>>,
}

impl BeneficiaryChanges {
    /// The row with the changes, but for the attributes.
    pub(super) fn apply(&self, row: &BeneficiaryRow) -> BeneficiaryRow {
        let mut row = row.clone();
        if let Some(village_code) = &self.village_code {
            row.village_code = village_code.clone();
        }
        if let Some(address) = &self.address {
            row.address = address.as_ref().map(ToString::to_string);
        }
        if let Some(phone) = &self.phone {
            row.phone = phone.as_ref().map(ToString::to_string);
        }
        row
    }
}

/// An officer's word that a family is as recorded.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct NewVerification {
    /// Version that was looked at; refused where the family has changed since
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: Option<i32>,
    /// Why, kept in the history and not in the record; no names and numbers of persons
    pub change_reason: Option<Line>,
}

/// A welfare rank as a source gave it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "source": "REGSOSEK", "period": "2026-10-01", "decile": 3 }))]
pub struct NewRank {
    /// Who ranked the family
    #[schema(example = "DTSEN")]
    pub source: Text<40>,
    /// Period the rank is for
    pub period: Period,
    /// 1 poorest to 10
    #[schema(minimum = 1, maximum = 10)]
    pub decile: i16,
}

/// A person to register.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Anggota Contoh", "sex": "female", "born_on": "2001-05-04", "relationship": "other_kin"
}))]
pub struct NewMember {
    /// National identity number; left out where there is none yet
    pub nik: Option<Nik>,
    /// Name
    pub name: Name,
    /// Sex
    pub sex: Sex,
    /// Birth date
    pub born_on: Option<NaiveDate>,
    /// Birth place
    pub birth_place: Option<Name>,
    /// Mother's name
    pub mother_name: Option<Name>,
    /// Relationship to the head
    pub relationship: Relationship,
    /// Work, such as `oil_palm_smallholder`
    pub work: Option<Text<60>>,
    /// Pregnant now
    #[serde(default)]
    pub is_pregnant: bool,
    /// Lives with a severe disability
    #[serde(default)]
    pub has_disability: bool,
    /// Goes to school
    #[serde(default)]
    pub in_school: bool,
    /// Facts beyond the fixed fields, by name
    #[serde(default)]
    pub attributes: AttributeChanges,
}

text_enum! {
    /// Orders of the list of families.
    FamilyOrder {
        /// By sub-district and village, then as they were registered.
        Village "village_code",
        /// By when they last changed, the latest change last.
        OldestChange "updated_at",
        /// By when they last changed, the latest change first.
        LatestChange "-updated_at",
    }
}

/// Which families, in which order.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct BeneficiaryFilter {
    /// Families of this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Families with this status
    #[param(inline)]
    pub(super) status: Option<BeneficiaryStatus>,
    /// Families ranked at most so, 1 poorest
    #[param(inline)]
    pub(super) decile_max: Option<Whole<1, 10>>,
    /// Families confirmed by an officer, or not
    pub(super) is_verified: Option<bool>,
    /// The list as it was then (RFC 3339); slower, as it reads what was replaced since
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
    /// In which order; by `updated_at` a family that changes while you read moves to the end
    #[param(inline, default = "village_code")]
    pub(super) sort: Option<FamilyOrder>,
}

/// A family of a list, as far as it has to be read where that version of it was shown before.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = beneficiaries)]
pub(super) struct ListedFamily {
    #[diesel(embed)]
    pub(super) place: ListPlace,
    pub(super) version: i32,
}

/// Place of a family in the list, whatever its order.
#[derive(Debug, Clone, Serialize, Deserialize, Queryable, Selectable)]
#[diesel(table_name = beneficiaries)]
pub(super) struct ListPlace {
    pub(super) area_id: i32,
    pub(super) village_code: VillageCode,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) id: BeneficiaryId,
}

impl From<&BeneficiaryRow> for ListPlace {
    fn from(row: &BeneficiaryRow) -> Self {
        Self { area_id: row.area_id, village_code: row.village_code.clone(), updated_at: row.updated_at, id: row.id }
    }
}

/// Ids of a new member and of its membership, with what is kept of its NIK.
#[derive(Debug)]
pub(super) struct SealedNik {
    pub(super) member_id: MemberId,
    pub(super) sealed: Vec<u8>,
    pub(super) digest: Vec<u8>,
}
