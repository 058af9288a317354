//! Benefits as they are written down and told.

use chrono::NaiveDate;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Jsonb;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::package::PackageMilestone;
use crate::domain::{MemberId, Quantity, Rupiah, Text, text_enum};

text_enum! {
    /// What a family has to do for its next payment.
    DutyKind {
        /// Go to school; counted in school days, of one member.
        SchoolAttendance "school_attendance",
        /// Go to the clinic or posyandu; counted in visits, of one member.
        HealthVisit "health_visit",
        /// Come to the monthly family session; whoever of the family comes, it counts for all of it.
        MonthlySession "monthly_session",
    }
}

text_enum! {
    /// Which components are taken first where a family has more than may be paid.
    TakenFirst {
        /// Those with the highest amount; of the same amount, as they are listed.
        Amount "amount",
        /// As they are listed.
        Listed "listed",
    }
}

text_enum! {
    /// Why a family on the program gets nothing in a cycle.
    OmissionReason {
        /// No member fits a component.
        NoComponent "no_component",
        /// Fewer members fit than the rule set asks for.
        TooFewMembers "too_few_members",
        /// All of it was cut, because duties were not met.
        DutiesNotMet "duties_not_met",
        /// The rule set gives once, and it was due to the family in an earlier cycle.
        AlreadyGiven "already_given",
    }
}

/// What a family gets in a period, by its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[diesel(sql_type = Jsonb)]
#[schema(example = json!({ "kind": "fixed", "quantity": "10" }))]
pub enum Benefit {
    /// The same for every family.
    Fixed {
        /// Due in a period, in the unit of the program
        quantity: Quantity,
        /// What one unit holds, where it is a package
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 30)]
        contents: Vec<PackedItem>,
    },
    /// So much for each member that fits.
    PerMember {
        /// Due for one member in a period, in the unit of the program
        quantity: Quantity,
        /// Who fits: a condition on `member`, over the facts of `/v1/facts`; everybody where left out
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 1000, example = "member.age < 6")]
        condition: Option<String>,
        /// A family with fewer gets nothing
        #[schema(minimum = 1, maximum = 50)]
        minimum_members: i64,
        /// Of more, so many are counted
        #[schema(minimum = 1, maximum = 50)]
        maximum_members: i64,
    },
    /// So much a year for each component that a member fits, a member counting once.
    PerComponent {
        /// The components
        #[schema(min_items = 1, max_items = 20)]
        components: Vec<Component>,
        /// A family gets at most so many
        #[schema(minimum = 1, maximum = 50)]
        maximum_components: i64,
        /// Which are taken first, and which one a member counts for who fits several
        first: TakenFirst,
    },
    /// One package for every family, delivered in milestones: an empowerment plan of a family follows them.
    Package {
        /// The milestones, in their order
        #[schema(min_items = 1, max_items = 20)]
        milestones: Vec<PackageMilestone>,
    },
}

impl Benefit {
    /// The milestones of a package; nothing where it is none.
    #[must_use]
    pub fn milestones(&self) -> &[PackageMilestone] {
        if let Self::Package { milestones } = self { milestones } else { &[] }
    }

    /// The conditions on members, as they are written.
    #[must_use]
    pub fn conditions(&self) -> Vec<&str> {
        match self {
            Self::Fixed { .. } | Self::Package { .. } => Vec::new(),
            Self::PerMember { condition, .. } => condition.as_deref().into_iter().collect(),
            Self::PerComponent { components, .. } => components.iter().map(|one| one.condition.as_str()).collect(),
        }
    }
}

/// What is in a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackedItem {
    /// What it is
    pub name: Text<80>,
    /// How much of it
    pub quantity: Quantity,
    /// What is counted
    pub unit: Text<20>,
}

/// What a member can bring a family, such as a pregnancy or a pupil.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Short name, as entitlements tell it
    pub code: Text<40>,
    /// Who fits: a condition on `member`, over the facts of `/v1/facts`
    #[schema(min_length = 1, max_length = 1000, example = "member.is_pregnant")]
    pub condition: String,
    /// Due in a year: spread over its periods evenly in whole rupiah, and what does not divide in the last of them
    #[schema(minimum = 100, maximum = 1_000_000_000)]
    pub yearly_rupiah: Rupiah,
    /// A family gets it at most so many times; as often as members fit where left out
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 50)]
    pub maximum: Option<i64>,
    /// What the family has to do for it, each kind once
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 3)]
    pub duties: Vec<Duty>,
}

/// What is asked of a member for a component, and what a failure costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// What is to be done
    pub kind: DutyKind,
    /// Met from this part on of what was due, in percent
    #[schema(minimum = 1, maximum = 100)]
    pub minimum_percent: i64,
    /// Cut from the component in the next period where it was not met, in percent, rounded down to whole units; full
    /// again once it was met, and not cut where nothing is recorded
    #[schema(minimum = 1, maximum = 100)]
    pub cut_percent: i64,
}

/// A part of what is due to a family: for one member, or for the family as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Share {
    /// Member it is for; null where it is for the family as a whole
    pub member_id: Option<MemberId>,
    /// Component it is for, where the rule set has components
    #[schema(max_length = 40, example = "pregnancy")]
    pub component: Option<String>,
    /// Due before anything was cut
    pub full_quantity: Quantity,
    /// Due
    pub quantity: Quantity,
    /// Why less is due than in full
    #[schema(max_items = 3)]
    pub cuts: Vec<Cut>,
}

impl Share {
    /// All of it for the family as a whole.
    #[must_use]
    pub fn of_family(quantity: &Quantity) -> Self {
        let (full_quantity, quantity) = (quantity.clone(), quantity.clone());
        Self { member_id: None, component: None, full_quantity, quantity, cuts: Vec::new() }
    }
}

/// A duty that was not met in the period before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cut {
    /// The duty
    pub duty: DutyKind,
    /// First day of the time it was looked at
    pub from: NaiveDate,
    /// Last day of it
    pub to: NaiveDate,
    /// Days or visits that were due
    #[schema(minimum = 1)]
    pub due_count: i64,
    /// Those that were kept
    #[schema(minimum = 0)]
    pub done_count: i64,
    /// What the rule set asks for, in percent
    #[schema(minimum = 1, maximum = 100)]
    pub minimum_percent: i64,
    /// What it costs, in percent
    #[schema(minimum = 1, maximum = 100)]
    pub percent: i64,
}

/// What was recorded of a duty in the time that a plan looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attended {
    /// The member; of a monthly session, the family.
    pub subject: Uuid,
    /// The duty.
    pub kind: DutyKind,
    /// Days or visits that were due.
    pub due_count: i64,
    /// Those that were kept.
    pub done_count: i64,
}

impl FromSql<Jsonb, Pg> for Benefit {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(serde_json::from_value(<Value as FromSql<Jsonb, Pg>>::from_sql(value)?)?)
    }
}

impl ToSql<Jsonb, Pg> for Benefit {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = serde_json::to_value(self)?;
        <Value as ToSql<Jsonb, Pg>>::to_sql(&value, &mut out.reborrow())
    }
}
