//! What callers ask for, who they are at the desk, and what of complaints they see.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ComplaintCategory, ComplaintChannel, ComplaintFinding, ComplaintStatus};
use crate::domain::{
    BeneficiaryId, Caller, ChangeRequestId, CycleId, DeliveryId, Name, Note, PledgeId, ProgramId, ReplacementId, Scope,
    Text, VillageCode,
};
use crate::http::ById;
use crate::keys::Vault;

/// What of complaints a caller sees.
#[derive(Debug, Clone, Copy)]
pub(in crate::complaints) struct Sight<'a> {
    pub(in crate::complaints) scope: &'a Scope,
    /// Whoever is complained of sees nothing of it.
    pub(in crate::complaints) client_id: &'a str,
    /// Sees what is kept close.
    pub(in crate::complaints) is_trusted: bool,
}

impl<'a> Sight<'a> {
    /// That of a caller.
    pub(in crate::complaints) fn of(caller: &'a Caller, is_trusted: bool) -> Self {
        Self { scope: &caller.scope, client_id: &caller.client_id, is_trusted }
    }
}

/// Who does something about a complaint, and what opens names.
#[derive(Debug, Clone, Copy)]
pub(in crate::complaints) struct Desk<'a> {
    pub(in crate::complaints) caller: &'a Caller,
    pub(in crate::complaints) vault: &'a Vault,
    /// Sees what is kept close.
    pub(in crate::complaints) is_trusted: bool,
}

impl<'a> Desk<'a> {
    /// What it sees.
    pub(in crate::complaints) fn sight(&self) -> Sight<'a> {
        Sight::of(self.caller, self.is_trusted)
    }
}

/// Who complains by name, as it is sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::complaints) struct Person {
    pub(in crate::complaints) name: Name,
    pub(in crate::complaints) phone: Option<Text<20>>,
}

/// What a complaint is about, with what follows from it: the program of a delivery, the pledge of a handover.
#[derive(Debug, Clone, Copy, Default, QueryableByName)]
pub(in crate::complaints) struct About {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(in crate::complaints) beneficiary_id: Option<BeneficiaryId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(in crate::complaints) program_id: Option<ProgramId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(in crate::complaints) cycle_id: Option<CycleId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(in crate::complaints) delivery_id: Option<DeliveryId>,
    #[diesel(sql_type = Nullable<Date>)]
    pub(in crate::complaints) delivery_period: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(in crate::complaints) pledge_id: Option<PledgeId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(in crate::complaints) allocation_delivery_id: Option<DeliveryId>,
}

/// A complaint to lodge for somebody. It names one thing that it is about, or none.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "village_code": "64.02.10.2004", "channel": "desk", "category": "aid_late",
    "pledge_id": "019b7542-7400-7000-8000-0000000000f2", "complainant_name": "Contoh Pelapor",
    "complainant_phone": "+6284000012345", "description": "Mesin jahit yang dijanjikan bulan lalu belum datang"
}))]
pub(in crate::complaints) struct NewComplaint {
    /// Village of who complains
    pub(in crate::complaints) village_code: VillageCode,
    /// How it came
    pub(in crate::complaints) channel: ComplaintChannel,
    /// What is complained of
    pub(in crate::complaints) category: ComplaintCategory,
    /// What was said; may hold personal data, and is told to those only who may read the complaint
    pub(in crate::complaints) description: Note,
    /// Day on which it came; today in the sub-district's time where left out
    pub(in crate::complaints) received_on: Option<NaiveDate>,
    /// Family that it is about
    pub(in crate::complaints) beneficiary_id: Option<BeneficiaryId>,
    /// Program that it is about
    pub(in crate::complaints) program_id: Option<ProgramId>,
    /// Cycle that it is about
    pub(in crate::complaints) cycle_id: Option<CycleId>,
    /// Delivery of a program that it is about
    pub(in crate::complaints) delivery_id: Option<DeliveryId>,
    /// Pledge that it is about, once that binds
    pub(in crate::complaints) pledge_id: Option<PledgeId>,
    /// Handover of a pledge that it is about
    pub(in crate::complaints) allocation_delivery_id: Option<DeliveryId>,
    /// Family that complains
    pub(in crate::complaints) complainant_beneficiary_id: Option<BeneficiaryId>,
    /// Name of a person who complains; with neither a family nor a name it is anonymous
    pub(in crate::complaints) complainant_name: Option<Name>,
    /// Telephone of that person
    pub(in crate::complaints) complainant_phone: Option<Text<20>>,
    /// Client that is complained of, where it is of an illegal levy or of conduct: it neither reads nor decides
    pub(in crate::complaints) against_client_id: Option<Text<63>>,
}

/// Who sees to a complaint.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "note": "Petugas data memeriksa kartu keluarga" }))]
pub(in crate::complaints) struct NewComplaintAssignment {
    /// Client that sees to it, which may answer complaints; yourself where left out
    pub(in crate::complaints) assigned_to: Option<Text<63>>,
    /// What is to be done
    pub(in crate::complaints) note: Option<Note>,
}

/// An answer to who complained.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "finding": "founded", "answer": "Barang tertahan di pelabuhan dan diserahkan tanggal 12"
}))]
pub(in crate::complaints) struct NewComplaintAnswer {
    /// Whether what was said is so
    pub(in crate::complaints) finding: ComplaintFinding,
    /// What the complainant is told
    pub(in crate::complaints) answer: Note,
}

/// The end of a complaint that was answered. It names what came of it, or says it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "outcome": "Barang sudah diterima keluarga" }))]
pub(in crate::complaints) struct NewComplaintClosure {
    /// What came of it
    pub(in crate::complaints) outcome: Note,
    /// Change of a record that came of it
    pub(in crate::complaints) change_request_id: Option<ChangeRequestId>,
    /// Replacement of a family that came of it
    pub(in crate::complaints) replacement_id: Option<ReplacementId>,
    /// Delivery of a program that came of it
    pub(in crate::complaints) delivery_id: Option<DeliveryId>,
}

/// Another body that sees to a complaint.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "referred_to": "Dinas Sosial Kabupaten", "reason": "Data DTSEN diubah di kabupaten" }))]
pub(in crate::complaints) struct NewComplaintReferral {
    /// The body
    pub(in crate::complaints) referred_to: Text<120>,
    /// Why
    pub(in crate::complaints) reason: Note,
}

/// That a complainant takes a complaint back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Bantuan datang keesokan harinya" }))]
pub(in crate::complaints) struct NewComplaintWithdrawal {
    /// Why
    pub(in crate::complaints) reason: Note,
}

/// That a complainant is not content.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Mesin yang datang rusak" }))]
pub(in crate::complaints) struct NewComplaintReopening {
    /// Why
    pub(in crate::complaints) reason: Note,
}

/// Which complaints.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::complaints) struct ComplaintFilter {
    /// From this village
    #[param(inline)]
    pub(in crate::complaints) village_code: Option<VillageCode>,
    /// That are so far
    #[param(inline)]
    pub(in crate::complaints) status: Option<ComplaintStatus>,
    /// Of this
    #[param(inline)]
    pub(in crate::complaints) category: Option<ComplaintCategory>,
    /// About this family or by it, or by one that goes on as it
    #[param(inline)]
    pub(in crate::complaints) beneficiary_id: Option<BeneficiaryId>,
    /// About this program, its cycles and deliveries
    #[param(inline)]
    pub(in crate::complaints) program_id: Option<ProgramId>,
    /// About this pledge and its handovers
    #[param(inline)]
    pub(in crate::complaints) pledge_id: Option<PledgeId>,
    /// That this client sees to
    #[param(inline)]
    pub(in crate::complaints) assigned_to: Option<Text<63>>,
    /// That should have been answered by yesterday and are not, or the others; those with another body are not late
    pub(in crate::complaints) is_overdue: Option<bool>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(in crate::complaints) sort: Option<ById>,
}
