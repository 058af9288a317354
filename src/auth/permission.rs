//! Permissions as types, and which role has which, in one table.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::token::Claims;
use crate::domain::{Caller, Scope};
use crate::error::{Code, Error, Result};
use crate::http::{refuse_stray_query, request_id};

/// A permission that a handler can ask for.
pub trait Permission {
    /// The OAuth scope that grants it.
    const SCOPE: &'static str;
}

/// A caller who has permission `P`.
#[derive(Debug)]
pub struct Allowed<P> {
    caller: Caller,
    permission: PhantomData<P>,
}

impl<P> Deref for Allowed<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl<P: Permission> FromRequest for Allowed<P> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(allow(request, P::SCOPE).map(|caller| Self { caller, permission: PhantomData }))
    }
}

fn allow(request: &HttpRequest, scope: &'static str) -> Result<Caller> {
    let claims = request.extensions().get::<Arc<Claims>>().cloned().ok_or(Code::TokenMissing)?;
    if !claims.scope.split(' ').any(|granted| granted == scope) {
        return Err(Error::from(Code::InsufficientScope).about(scope));
    }
    refuse_stray_query(request)?;
    Ok(Caller {
        client_id: claims.client_id.clone(),
        role: claims.role.clone(),
        scope: Scope { area_ids: claims.area_ids.clone(), company_id: claims.company_id },
        request_id: request_id(request),
    })
}

macro_rules! permissions {
    ($($name:ident $scope:literal $doc:literal: $($role:ident)+;)+) => {
        $(
            #[doc = $doc]
            #[derive(Debug)]
            pub enum $name {}

            impl Permission for $name {
                const SCOPE: &'static str = $scope;
            }
        )+

        /// Every scope, with what it allows and the roles that have it.
        pub const PERMISSIONS: &[(&str, &str, &[&str])] = &[$(($scope, $doc, &[$(stringify!($role)),+]),)+];
    };
}

permissions! {
    ReadRegions "regions:read" "Read the official regions":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office company auditor;
    ReadBeneficiaries "beneficiaries:read" "Read families and members, numbers masked":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office auditor;
    WriteBeneficiaries "beneficiaries:write" "Register and correct families and members":
        kecamatan_officer puskesos pkh_facilitator;
    VerifyBeneficiaries "beneficiaries:verify" "Confirm that a family is as recorded":
        kecamatan_officer second_officer pkh_facilitator;
    DecideRelocations "relocations:decide" "Accept or refuse families that another sub-district offers":
        kecamatan_officer second_officer;
    WriteAttributeSchemas "attribute_schemas:write" "Register schemas of attributes":
        kecamatan_officer;
    RevealNumbers "nik:read" "Read NIK and family card numbers in full, naming a purpose":
        kecamatan_officer second_officer;
    CheckNiks "nik:check" "Record what the civil registry says of a NIK":
        kecamatan_officer second_officer;
    ImportBeneficiaries "imports:write" "Import files of families":
        kecamatan_officer;
    ExportLists "exports:write" "Take lists that you may read out as files":
        kecamatan_officer second_officer auditor;
    ReadDuplicates "duplicates:read" "Read pairs of members who may be one person":
        kecamatan_officer second_officer puskesos pkh_facilitator auditor;
    DecideDuplicates "duplicates:write" "Look for duplicates, decide on them and merge them":
        kecamatan_officer second_officer;
    ReadPrograms "programs:read" "Read programs, rule sets and facts":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office company auditor;
    WritePrograms "programs:write" "Define programs and rule sets":
        kecamatan_officer;
    ReadEnrollments "enrollments:read" "Read eligibility, enrollments, deliberations, cycles, entitlements, deliveries and orders":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office auditor;
    WriteEnrollments "enrollments:write" "Enrol families":
        kecamatan_officer village_office;
    ReadVerification "verification:read" "Read verification rounds, their lists, visits and coverage":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office auditor;
    OpenRounds "verification_rounds:write" "Open and close verification rounds":
        kecamatan_officer;
    WriteVisits "visits:write" "Record home visits":
        kecamatan_officer puskesos pkh_facilitator village_office;
    ProposeChanges "change_requests:write" "Propose changes of families and members":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office;
    DecideChanges "change_requests:decide" "Apply or reject changes that another person proposed":
        kecamatan_officer second_officer;
    WriteDeliberations "deliberations:write" "Record village meetings and report them to the camat":
        kecamatan_officer village_office;
    ApplyDeliberations "deliberations:apply" "Apply what a village meeting decided and report it to the regent":
        kecamatan_officer second_officer;
    PlanCycles "cycles:write" "Open cycles":
        kecamatan_officer;
    ApproveCycles "cycles:approve" "Approve cycles that another person opened":
        second_officer kecamatan_officer;
    WriteDutyRecords "duty_records:write" "Record what members did of their duties":
        pkh_facilitator;
    WriteDeliveries "deliveries:write" "Record deliveries":
        kecamatan_officer second_officer village_office puskesos;
    ReadStock "stock:read" "Read sites, lots, balances and movements of goods of programs":
        kecamatan_officer second_officer puskesos village_office auditor;
    WriteStock "stock:write" "Take goods of programs in, move, hand out and count them":
        kecamatan_officer second_officer village_office;
    DecideStockLosses "stock_losses:decide" "Agree to losses of goods that another person proposed, or refuse them":
        kecamatan_officer second_officer;
    WriteDevices "devices:write" "Register and revoke devices, and settle what they report in conflict":
        kecamatan_officer second_officer;
    SuspendPrograms "suspension_orders:write" "Lay and release suspension orders":
        kecamatan_officer second_officer;
    ReadCompanies "companies:read" "Read companies":
        kecamatan_officer second_officer company auditor;
    WriteCompanies "companies:write" "Add companies":
        kecamatan_officer;
    ReadNeeds "needs:read" "Read the anonymous needs list":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office company auditor;
    WriteNeeds "needs:write" "Record what a family needs":
        kecamatan_officer puskesos pkh_facilitator;
    ReadPledges "pledges:read" "Read pledges and their trails":
        kecamatan_officer second_officer company auditor;
    WritePledges "pledges:write" "Draft, submit and withdraw pledges":
        company;
    DecidePledges "pledges:decide" "Accept, return or reject pledges":
        kecamatan_officer second_officer;
    DecideOnPledges "pledge_decisions:write" "Call off the rest of pledges, and agree to or refuse decisions on them":
        kecamatan_officer second_officer company;
    MakeEvidencePacks "evidence_packs:write" "Make evidence packs of pledges":
        kecamatan_officer second_officer company;
    WriteReceipts "receipts:write" "Record what a company gave":
        kecamatan_officer second_officer;
    ReadAllocations "allocations:read" "Read which families pledged aid is reserved for":
        kecamatan_officer second_officer village_office auditor;
    ReadAid "aid:read" "Read all aid of families, from programs and companies together":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office auditor;
    ReadTrainings "trainings:read" "Read trainings and their figures":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office company auditor;
    WriteTrainings "trainings:write" "Plan, open, hold, close and cancel trainings, and assess participants":
        kecamatan_officer;
    ReadTrainingParticipants "training_participants:read" "Read sessions, participants, attendance and certificates of trainings":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office auditor;
    WriteTrainingParticipants "training_participants:write" "Give members of families seats in trainings, and free them":
        kecamatan_officer puskesos pkh_facilitator;
    WriteAttendance "attendance:write" "Record who came to sessions of trainings":
        kecamatan_officer puskesos pkh_facilitator;
    WriteCertificates "certificates:write" "Issue certificates of trainings, and revoke those that another person issued":
        kecamatan_officer second_officer;
    ReadComplaints "complaints:read" "Read complaints of villages and figures of them, but those that are kept close":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office auditor;
    ReadSensitiveComplaints "sensitive_complaints:read" "Read complaints of illegal levies and of the conduct of staff as well":
        kecamatan_officer second_officer auditor;
    WriteComplaints "complaints:write" "Lodge complaints for people of villages, take them back and reopen them for them":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office;
    AnswerComplaints "complaints:answer" "Assign, answer, refer and close complaints":
        kecamatan_officer second_officer puskesos;
    WriteFollowUps "follow_ups:write" "Record how families do after they got tools or a training":
        kecamatan_officer puskesos pkh_facilitator village_office;
    ReadOutcomes "outcomes:read" "Read what follow-ups found, counted":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office company auditor;
    ReadAssets "assets:read" "Read equipment, who has it, its checks and its write-offs":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office auditor;
    WriteAssets "assets:write" "Register equipment, hand it over, take it back, have it repaired and propose to write it off":
        kecamatan_officer second_officer;
    CheckAssets "asset_checks:write" "Record how equipment is":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office;
    DecideAssetWriteOffs "asset_write_offs:decide" "Agree to or refuse write-offs of equipment that another person proposed":
        kecamatan_officer second_officer;
    ReadEmpowermentPlans "empowerment_plans:read" "Read plans of packages for families, their milestones and what is due":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office auditor;
    WriteEmpowermentPlans "empowerment_plans:write" "Plan packages for families, and end plans":
        kecamatan_officer;
    ReachMilestones "milestones:write" "Record that milestones of packages are reached":
        kecamatan_officer puskesos pkh_facilitator;
    WaiveMilestones "milestones:waive" "Waive milestones of packages that another person planned":
        kecamatan_officer second_officer;
    WriteAllocations "allocations:write" "Allocate received aid to families and hand it over":
        kecamatan_officer second_officer;
    ReadLedger "ledger:read" "Read ledger accounts and transfers":
        kecamatan_officer second_officer auditor;
    ReadAudit "audit:read" "Read who did and read what":
        auditor;
    ReadEvents "events:read" "Read the event feed":
        kecamatan_officer second_officer puskesos pkh_facilitator village_office company auditor;
    ReadWebhooks "webhooks:read" "Read your own webhooks and what was sent to them":
        kecamatan_officer puskesos pkh_facilitator company;
    WriteWebhooks "webhooks:write" "Add, change and remove your own webhooks":
        kecamatan_officer puskesos pkh_facilitator company;
}

/// Scopes of a role, in the order of the table.
#[must_use]
pub fn scopes_of(role: &str) -> Vec<&'static str> {
    PERMISSIONS.iter().filter(|(_, _, roles)| roles.contains(&role)).map(|(scope, _, _)| *scope).collect()
}
