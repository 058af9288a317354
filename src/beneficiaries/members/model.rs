//! Members and memberships as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::beneficiaries::attributes::AttributeChanges;
use crate::beneficiaries::model::{NewMember, Relationship, SealedNik, Sex};
use crate::domain::{AttributeSchemaId, BeneficiaryId, Line, MemberId, Name, Nik, Text, text_enum};
use crate::error::Result;
use crate::http::{given, present};
use crate::keys::Vault;
use crate::schema::{members, memberships};

text_enum! {
    /// How far a NIK has been checked.
    NikStatus {
        /// There is none yet.
        None "none",
        /// Its structure is that of a NIK.
        StructureOk "structure_ok",
        /// The civil registry knows it as this person.
        Matched "matched",
        /// The civil registry knows it as somebody else.
        Conflict "conflict",
    }
}

text_enum! {
    /// Why a person left a family.
    EndReason {
        /// Meninggal.
        Died "died",
        /// Pindah.
        Moved "moved",
        /// Pecah KK: has a family card of its own now.
        Split "split",
        /// Continued in another record.
        Merged "merged",
        /// Was never a member.
        Mistake "mistake",
        /// A full list of the village no longer names the person.
        Unlisted "unlisted",
    }
}

/// A member as the database has it.
#[derive(Debug, Clone, PartialEq, HasQuery, QueryableByName, Insertable, AsChangeset)]
#[diesel(table_name = members, primary_key(area_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(in crate::beneficiaries) struct MemberRow {
    pub(in crate::beneficiaries) area_id: i32,
    pub(in crate::beneficiaries) id: MemberId,
    pub(in crate::beneficiaries) nik_sealed: Option<Vec<u8>>,
    pub(in crate::beneficiaries) nik_digest: Option<Vec<u8>>,
    pub(in crate::beneficiaries) nik_status: NikStatus,
    pub(in crate::beneficiaries) name: String,
    pub(in crate::beneficiaries) sex: Sex,
    pub(in crate::beneficiaries) born_on: Option<NaiveDate>,
    pub(in crate::beneficiaries) birth_place: Option<String>,
    pub(in crate::beneficiaries) mother_name: Option<String>,
    pub(in crate::beneficiaries) work: Option<String>,
    pub(in crate::beneficiaries) is_pregnant: bool,
    pub(in crate::beneficiaries) has_disability: bool,
    pub(in crate::beneficiaries) in_school: bool,
    pub(in crate::beneficiaries) died_on: Option<NaiveDate>,
    pub(in crate::beneficiaries) warnings: Vec<String>,
    pub(in crate::beneficiaries) version: i32,
    pub(in crate::beneficiaries) valid_from: DateTime<Utc>,
    pub(in crate::beneficiaries) created_at: DateTime<Utc>,
    pub(in crate::beneficiaries) updated_at: DateTime<Utc>,
    pub(in crate::beneficiaries) attributes: Option<Value>,
    pub(in crate::beneficiaries) attribute_schema_id: Option<AttributeSchemaId>,
    pub(in crate::beneficiaries) nik_checked_at: Option<DateTime<Utc>>,
    pub(in crate::beneficiaries) nik_checked_by: Option<String>,
}

impl MemberRow {
    /// A new member; `nik` is what is kept of its NIK, where it has one.
    pub(in crate::beneficiaries) fn new(
        area_id: i32,
        new: &NewMember,
        nik: Option<SealedNik>,
        warnings: Vec<String>,
        now: DateTime<Utc>,
    ) -> Self {
        let id = nik.as_ref().map_or_else(MemberId::new, |nik| nik.member_id);
        let (nik_sealed, nik_digest) = nik.map(|nik| (nik.sealed, nik.digest)).unzip();
        Self {
            area_id,
            id,
            nik_status: if nik_sealed.is_some() { NikStatus::StructureOk } else { NikStatus::None },
            nik_sealed,
            nik_digest,
            name: new.name.to_string(),
            sex: new.sex,
            born_on: new.born_on,
            birth_place: new.birth_place.as_ref().map(ToString::to_string),
            mother_name: new.mother_name.as_ref().map(ToString::to_string),
            work: new.work.as_ref().map(ToString::to_string),
            is_pregnant: new.is_pregnant,
            has_disability: new.has_disability,
            in_school: new.in_school,
            died_on: None,
            warnings,
            version: 1,
            valid_from: now,
            created_at: now,
            updated_at: now,
            attributes: None,
            attribute_schema_id: None,
            nik_checked_at: None,
            nik_checked_by: None,
        }
    }

    /// The NIK, opened.
    pub(in crate::beneficiaries) fn open_nik(&self, vault: &Vault) -> Result<Option<Nik>> {
        self.nik_sealed.as_ref().map(|sealed| vault.open_nik(self.area_id, self.id, sealed)).transpose()
    }
}

/// A membership as the database has it.
#[derive(Debug, Clone, PartialEq, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = memberships, primary_key(area_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(in crate::beneficiaries) struct MembershipRow {
    pub(in crate::beneficiaries) area_id: i32,
    pub(in crate::beneficiaries) id: Uuid,
    pub(in crate::beneficiaries) beneficiary_id: BeneficiaryId,
    pub(in crate::beneficiaries) member_id: MemberId,
    pub(in crate::beneficiaries) relationship: Relationship,
    pub(in crate::beneficiaries) started_on: NaiveDate,
    pub(in crate::beneficiaries) ended_on: Option<NaiveDate>,
    pub(in crate::beneficiaries) end_reason: Option<EndReason>,
    pub(in crate::beneficiaries) valid_from: DateTime<Utc>,
}

impl MembershipRow {
    /// The membership that a version of a member begins with.
    pub(in crate::beneficiaries) fn new(
        family: BeneficiaryId,
        member: &MemberRow,
        relationship: Relationship,
        started_on: NaiveDate,
    ) -> Self {
        Self {
            area_id: member.area_id,
            id: Uuid::now_v7(),
            beneficiary_id: family,
            member_id: member.id,
            relationship,
            started_on,
            ended_on: None,
            end_reason: None,
            valid_from: member.valid_from,
        }
    }
}

/// What a member is to its family, at the instant that is read.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::beneficiaries) struct Tie {
    #[diesel(sql_type = sql_types::Uuid)]
    pub(in crate::beneficiaries) beneficiary_id: BeneficiaryId,
    #[diesel(sql_type = sql_types::Text)]
    pub(in crate::beneficiaries) relationship: Relationship,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Date>)]
    pub(in crate::beneficiaries) ended_on: Option<NaiveDate>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    pub(in crate::beneficiaries) end_reason: Option<EndReason>,
}

/// A member with its tie.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::beneficiaries) struct TiedMember {
    #[diesel(embed)]
    pub(in crate::beneficiaries) person: MemberRow,
    #[diesel(embed)]
    pub(in crate::beneficiaries) tie: Tie,
}

impl From<(MemberRow, MembershipRow)> for TiedMember {
    fn from((row, tie): (MemberRow, MembershipRow)) -> Self {
        let MembershipRow { beneficiary_id, relationship, ended_on, end_reason, .. } = tie;
        Self { person: row, tie: Tie { beneficiary_id, relationship, ended_on, end_reason } }
    }
}

/// A person of a family.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Member {
    /// Id of the person
    pub id: MemberId,
    /// Family the person belongs to, or belonged to last
    pub beneficiary_id: BeneficiaryId,
    /// Relationship to the head
    pub relationship: Relationship,
    /// National identity number, masked: first and last four digits; absent where there is none yet
    #[schema(example = "6402********9001", pattern = "^[0-9]{4}[*]{8}[0-9]{4}$", max_length = 16)]
    pub nik: Option<String>,
    /// How far the NIK has been checked
    pub nik_status: NikStatus,
    /// When the NIK was last compared with the civil registry
    pub nik_checked_at: Option<DateTime<Utc>>,
    /// Client that recorded what came of it
    #[schema(max_length = 63)]
    pub nik_checked_by: Option<String>,
    /// Name
    #[schema(max_length = 120)]
    pub name: String,
    /// Sex
    pub sex: Sex,
    /// Birth date
    pub born_on: Option<NaiveDate>,
    /// Birth place
    #[schema(max_length = 120)]
    pub birth_place: Option<String>,
    /// Mother's name
    #[schema(max_length = 120)]
    pub mother_name: Option<String>,
    /// Work
    #[schema(max_length = 60)]
    pub work: Option<String>,
    /// Pregnant now
    pub is_pregnant: bool,
    /// Lives with a severe disability
    pub has_disability: bool,
    /// Goes to school
    pub in_school: bool,
    /// Day of death
    pub died_on: Option<NaiveDate>,
    /// Day on which the person left the family
    pub left_on: Option<NaiveDate>,
    /// Why the person left the family
    pub left_because: Option<EndReason>,
    /// Checks that do not hold and do not refuse, such as `nik_birth_date_differs`
    #[schema(max_items = 20)]
    pub warnings: Vec<String>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// When the person was registered
    pub created_at: DateTime<Utc>,
    /// When the record last changed
    pub updated_at: DateTime<Utc>,
    /// Facts beyond the fixed fields by name, each with `value`, `source` and `observed_on`; left out where there are none
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, example = json!({
        "last_school": { "value": "sd", "source": "visit", "observed_on": "2026-11-01" }
    }))]
    pub attributes: Option<Value>,
    /// Schema that checked the attributes when they were written
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute_schema_id: Option<AttributeSchemaId>,
}

impl Member {
    /// Opens a row for showing, the NIK masked.
    pub(in crate::beneficiaries) fn open(member: TiedMember, vault: &Vault) -> Result<Self> {
        let TiedMember { person: row, tie } = member;
        let nik = row.open_nik(vault)?.map(|nik| nik.masked());
        Ok(Self {
            id: row.id,
            beneficiary_id: tie.beneficiary_id,
            relationship: tie.relationship,
            nik,
            nik_status: row.nik_status,
            nik_checked_at: row.nik_checked_at,
            nik_checked_by: row.nik_checked_by,
            name: row.name,
            sex: row.sex,
            born_on: row.born_on,
            birth_place: row.birth_place,
            mother_name: row.mother_name,
            work: row.work,
            is_pregnant: row.is_pregnant,
            has_disability: row.has_disability,
            in_school: row.in_school,
            died_on: row.died_on,
            left_on: tie.ended_on,
            left_because: tie.end_reason,
            warnings: row.warnings,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            attributes: row.attributes,
            attribute_schema_id: row.attribute_schema_id,
        })
    }
}

/// What to change of a member; what is left out stays, `null` clears.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "work": "oil_palm_smallholder", "in_school": false }))]
pub struct MemberChanges {
    /// National identity number
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Nik>)]
    pub nik: Option<Option<Nik>>,
    /// Name
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    /// Sex
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub sex: Option<Sex>,
    /// Birth date
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<NaiveDate>)]
    pub born_on: Option<Option<NaiveDate>>,
    /// Birth place
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Name>)]
    pub birth_place: Option<Option<Name>>,
    /// Mother's name
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Name>)]
    pub mother_name: Option<Option<Name>>,
    /// Work
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Text<60>>)]
    pub work: Option<Option<Text<60>>>,
    /// Pregnant now
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub is_pregnant: Option<bool>,
    /// Lives with a severe disability
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub has_disability: Option<bool>,
    /// Goes to school
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub in_school: Option<bool>,
    /// Relationship to the head; a family has one head, so the one before needs `former_head_becomes`
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub relationship: Option<Relationship>,
    /// What the head until now becomes, where `relationship` is `head`
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub former_head_becomes: Option<Relationship>,
    /// Why, kept in the history and not in the record; no names and numbers of persons
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub change_reason: Option<Line>,
    /// Attributes to set, each whole, or to remove; `null` removes all
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<AttributeChanges>)]
    pub attributes: Option<Option<AttributeChanges>>,
}

impl MemberChanges {
    /// Writes everything but NIK, relationship and attributes into a row.
    pub(super) fn apply(&self, row: &mut MemberRow) {
        fn text<const MAX: usize>(to: &mut Option<String>, sent: Option<&Option<Text<MAX>>>) {
            if let Some(sent) = sent {
                *to = sent.as_ref().map(ToString::to_string);
            }
        }
        if let Some(name) = &self.name {
            row.name = name.to_string();
        }
        text(&mut row.birth_place, self.birth_place.as_ref());
        text(&mut row.mother_name, self.mother_name.as_ref());
        text(&mut row.work, self.work.as_ref());
        row.sex = self.sex.unwrap_or(row.sex);
        row.born_on = self.born_on.unwrap_or(row.born_on);
        row.is_pregnant = self.is_pregnant.unwrap_or(row.is_pregnant);
        row.has_disability = self.has_disability.unwrap_or(row.has_disability);
        row.in_school = self.in_school.unwrap_or(row.in_school);
    }
}

/// A person who leaves a family.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "moved", "on": "2026-11-02" }))]
pub struct NewDeparture {
    /// Why
    pub reason: EndReason,
    /// The day
    pub on: NaiveDate,
    /// Who is the head from now on; needed where the head leaves others behind
    pub successor_id: Option<MemberId>,
    /// More of why, kept in the history and not in the record; no names and numbers of persons
    pub change_reason: Option<Line>,
}
