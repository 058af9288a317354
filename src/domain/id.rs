//! Typed ids: two of them cannot be swapped. All are `UUIDv7`, made by the service.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, AsExpression, FromSqlRow,
        )]
        #[serde(transparent)]
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Makes a new id; ids made later sort later.
            #[must_use]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl ToSql<diesel::sql_types::Uuid, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                <Uuid as ToSql<diesel::sql_types::Uuid, Pg>>::to_sql(&self.0, out)
            }
        }

        impl FromSql<diesel::sql_types::Uuid, Pg> for $name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                <Uuid as FromSql<diesel::sql_types::Uuid, Pg>>::from_sql(value).map(Self)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
                    .max_length(Some(36))
                    .into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

id! {
    /// Id of a beneficiary (a family).
    BeneficiaryId;
    /// Id of a member (a person).
    MemberId;
    /// Id of a collector of a family.
    CollectorId;
    /// Id of a change of a family's card number.
    CardChangeId;
    /// Id of a relocation of a family.
    RelocationId;
    /// Id of a schema of attributes.
    AttributeSchemaId;
    /// Id of an import of welfare ranks.
    RankImportId;
    /// Id of an import of families.
    ImportId;
    /// Id of a version of the evidence of a pledge.
    EvidencePackId;
    /// Id of a decision on a committed pledge.
    PledgeDecisionId;
    /// Id of an export of a list.
    ExportId;
    /// Id of a merger of records of one person.
    DuplicateMergerId;
    /// Id of a run that looks for duplicates.
    DuplicateRunId;
    /// Id of a group of records that a run took for one person.
    DuplicateClusterId;
    /// Id of a pair of members who may be one person.
    DuplicatePairId;
    /// Id of a mapping by which files are read.
    MappingId;
    /// Id of an aid program.
    ProgramId;
    /// Id of a rule set of a program.
    RuleSetId;
    /// Id of a rule about which programs a family may not have together.
    OverlapRuleId;
    /// Id of a quota of a program.
    QuotaId;
    /// Id of an enrollment.
    EnrollmentId;
    /// Id of a place on a reserve list.
    ReserveId;
    /// Id of a replacement of a family by another one.
    ReplacementId;
    /// Id of criteria for graduating.
    GraduationCriteriaId;
    /// Id of a graduation of a family.
    GraduationId;
    /// Id of a cycle of a program.
    CycleId;
    /// Id of an entitlement.
    EntitlementId;
    /// Id of aid of one family: of an entitlement or of an allocation.
    AidId;
    /// Id of a record of how a family does after it got something.
    FollowUpId;
    /// Id of a training.
    TrainingId;
    /// Id of a member with a seat in a training.
    TrainingParticipantId;
    /// Id of a session of a training.
    TrainingSessionId;
    /// Id of a certificate of a training.
    TrainingCertificateId;
    /// Id of a record of a duty.
    DutyRecordId;
    /// Id of a piece of equipment.
    AssetId;
    /// Id of a custody of a piece of equipment.
    CustodyId;
    /// Id of a plan of a package for a family.
    EmpowermentPlanId;
    /// Id of a milestone of such a plan.
    EmpowermentMilestoneId;
    /// Id of a check of a piece of equipment.
    AssetCheckId;
    /// Id of a write-off of a piece of equipment.
    AssetWriteOffId;
    /// Id of a complaint.
    ComplaintId;
    /// Id of what was done about a complaint.
    ComplaintStepId;
    /// Id of a delivery.
    DeliveryId;
    /// Id of a device that records deliveries without signal.
    DeviceId;
    /// Id of what a device brings at once.
    DeliveryBatchId;
    /// Id of a file of results.
    DeliveryImportId;
    /// Id of what came back of a delivery.
    DeliveryReturnId;
    /// Id of a loss on the way to the families.
    DeliveryLossId;
    /// Id of a site that keeps goods.
    StockSiteId;
    /// Id of a lot of goods.
    StockLotId;
    /// Id of a lot at a site.
    StockPlaceId;
    /// Id of a movement of goods in stock, and of its transfer.
    StockMovementId;
    /// Id of a loss of goods in stock.
    StockLossId;
    /// Id of a suspension order.
    OrderId;
    /// Id of a hold under a suspension order.
    HoldId;
    /// Id of a change that waits for a second person.
    ChangeRequestId;
    /// Id of a village meeting.
    DeliberationId;
    /// Id of a round of home visits.
    VerificationRoundId;
    /// Id of a family on the list of a round.
    VerificationTaskId;
    /// Id of a home visit.
    VisitId;
    /// Id of a company.
    CompanyId;
    /// Id of a need of a family.
    NeedId;
    /// Id of a pledge.
    PledgeId;
    /// Id of what a company disclosed of a pledge.
    PledgeDisclosureId;
    /// Id of a line of a pledge.
    PledgeLineId;
    /// Id of a matching run.
    MatchingRunId;
    /// Id of a receipt.
    ReceiptId;
    /// Id of an allocation.
    AllocationId;
    /// Id of what a family gave back of an allocation.
    AllocationReturnId;
    /// Id of a ledger transfer.
    TransferId;
    /// Id of an audit record.
    AuditRecordId;
    /// Id of an event.
    EventId;
    /// Id of a webhook.
    WebhookId;
    /// Id of a delivery to a webhook.
    WebhookDeliveryId;
}
