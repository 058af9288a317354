//! Look-ups and disclosures as requests and answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::beneficiaries::model::Beneficiary;
use crate::domain::{BeneficiaryId, CardNumber, Line, MemberId, Nik};

/// The number to look for: one of the two.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "nik": "6402104101909001" }))]
pub struct Search {
    /// NIK of a live member
    pub nik: Option<Nik>,
    /// Family card number of a live family, its own or an earlier one
    pub card_number: Option<CardNumber>,
}

/// What a look-up found in your sub-district: at most one family.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    /// The family, its number masked
    #[schema(max_items = 1)]
    pub items: Vec<Beneficiary>,
    /// The member with the NIK, where a NIK was looked for
    pub member_id: Option<MemberId>,
}

/// Why numbers are read in full.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "purpose": "Matching with the civil registry, letter 470/12/2026" }))]
pub struct NewDisclosure {
    /// What the numbers are needed for; kept with the record of the read
    pub purpose: Line,
}

/// Numbers of a family in full.
#[derive(Debug, Serialize, ToSchema)]
pub struct Disclosure {
    /// Id of the family
    pub beneficiary_id: BeneficiaryId,
    /// Family card number in full
    #[schema(pattern = "^[0-9]{16}$", max_length = 16, example = "6402101001209001")]
    pub card_number: String,
    /// Members who have a NIK
    #[schema(max_items = 50)]
    pub members: Vec<DisclosedMember>,
}

/// A member's NIK in full.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisclosedMember {
    /// Id of the person
    pub id: MemberId,
    /// NIK in full
    #[schema(pattern = "^[0-9]{16}$", max_length = 16, example = "6402104101909001")]
    pub nik: String,
}
