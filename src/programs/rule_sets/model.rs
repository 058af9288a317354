//! Rule sets as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{Line, ProgramId, Quantity, RuleSetId, Text, text_enum};
use crate::error::{Error, Result};
use crate::http::ByNumber;
use crate::programs::benefits::{Benefit, BenefitPeriod};
use crate::programs::eligibility::{Expression, MemberCondition, Mention};
use crate::schema::rule_sets;

/// What a rule rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable, QueryableByName)]
#[diesel(table_name = rule_sets)]
pub struct LegalBasis {
    /// Title of the regulation
    #[diesel(column_name = legal_basis_title)]
    #[schema(example = "Fokus Penggunaan Dana Desa Tahun 2026", max_length = 200)]
    pub title: String,
    /// Its number
    #[diesel(column_name = legal_basis_number)]
    #[schema(example = "Permendesa 16/2025", max_length = 80)]
    pub number: String,
    /// Article, where it is one
    #[diesel(column_name = legal_basis_article)]
    #[schema(max_length = 40)]
    pub article: Option<String>,
}

text_enum! {
    /// Who may take the place of a family that leaves.
    ReplacementSource {
        /// The next of the reserve list.
        Reserve "reserve",
        /// The next of the reserve list, or an eligible family of the village that is named.
        Named "named",
    }
}

/// How a family that leaves a program is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = rule_sets)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "source": "named", "needs_deliberation": true }))]
pub struct ReplacementRules {
    /// Who may take its place
    #[diesel(column_name = replacement_source)]
    pub source: ReplacementSource,
    /// A special village meeting has to decide each replacement
    #[diesel(column_name = replacement_needs_meeting)]
    pub needs_deliberation: bool,
}

impl ReplacementRules {
    /// The next of the reserve list, without a meeting: where a rule set says nothing of it.
    const USUAL: Self = Self { source: ReplacementSource::Reserve, needs_deliberation: false };
}

/// A version of the rules of a program.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
pub struct RuleSet {
    /// Id of the rule set
    pub id: RuleSetId,
    /// Program it is of
    pub program_id: ProgramId,
    /// 1 for the first of the program
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub number: i32,
    /// Who may have it: an expression over the facts of `/v1/facts`
    #[schema(example = "family.decile <= 4", max_length = 4000)]
    pub eligibility: String,
    /// Due to a family in a period, in the unit of the program; where it goes by members, the most that one can get
    pub benefit_quantity: Quantity,
    /// What a family gets, and for whom
    pub benefit: Benefit,
    /// How often
    pub benefit_period: BenefitPeriod,
    /// How a family that leaves is replaced
    #[diesel(embed)]
    pub replacements: ReplacementRules,
    /// What it rests on
    #[diesel(embed)]
    pub legal_basis: LegalBasis,
    /// First day
    pub effective_from: NaiveDate,
    /// Last day, inclusive; null while open
    pub effective_to: Option<NaiveDate>,
    /// Client that added it
    #[schema(max_length = 63)]
    pub created_by: String,
    /// When it was added
    pub created_at: DateTime<Utc>,
}

impl RuleSet {
    /// The rule, read.
    ///
    /// # Errors
    /// Where it is no rule, which its check before saving rules out.
    pub fn expression(&self) -> Result<Expression> {
        let parsed = Expression::parse(&self.eligibility);
        parsed.map_err(|_| Error::internal(format!("rule set {} has a rule that cannot be read", self.id)))
    }
}

/// A rule set to add.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "eligibility": "family.decile <= 4 && family.district == \"64.02.10\" && !(\"PKH\" in family.programs)",
    "benefit_quantity": "10", "benefit_period": "month",
    "legal_basis": { "title": "Penyelenggaraan Cadangan Pangan Pemerintah", "number": "Perpres 125/2022" },
    "effective_from": "2026-01-01"
}))]
pub(in crate::programs) struct NewRuleSet {
    /// Who may have it: an expression over the facts of `/v1/facts`, at most 4,000 characters
    #[schema(min_length = 1, max_length = 4000)]
    pub(super) eligibility: String,
    /// The same for every family in a period, in the unit of the program; whole for money, equipment and training.
    /// Short for a `benefit` of the kind `fixed`: give one of the two
    pub(super) benefit_quantity: Option<Quantity>,
    /// What a family gets, and for whom
    pub(super) benefit: Option<Benefit>,
    /// How often
    pub(super) benefit_period: BenefitPeriod,
    /// How a family that leaves is replaced; by the next of the reserve list where left out
    replacements: Option<ReplacementRules>,
    /// What it rests on
    pub(super) legal_basis: NewLegalBasis,
    /// First day
    pub(super) effective_from: NaiveDate,
    /// Last day, inclusive; left out while open
    pub(super) effective_to: Option<NaiveDate>,
}

impl NewRuleSet {
    /// How a family that leaves is replaced.
    pub(super) fn replacements(&self) -> ReplacementRules {
        self.replacements.unwrap_or(ReplacementRules::USUAL)
    }

    /// True where both rest on the same regulation and begin on the same day: they are the same rules then, or one of the
    /// two is told wrong.
    pub(in crate::programs) fn stands_for(&self, one: &RuleSet) -> bool {
        self.legal_basis.is(&one.legal_basis) && self.effective_from == one.effective_from
    }

    /// What of a rule set is another than here.
    pub(in crate::programs) fn differences(&self, one: &RuleSet) -> Vec<&'static str> {
        let compared = [
            ("eligibility", self.eligibility != one.eligibility),
            ("benefit", self.terms().benefit().as_ref() != Some(&one.benefit)),
            ("benefit_period", self.benefit_period != one.benefit_period),
            ("replacements", self.replacements() != one.replacements),
            ("effective_to", self.effective_to != one.effective_to),
        ];
        compared.into_iter().filter(|(_, is_other)| *is_other).map(|(name, _)| name).collect()
    }

    /// Whom it reaches, and with what.
    pub(super) fn terms(&self) -> Terms<'_> {
        Terms {
            eligibility: &self.eligibility,
            benefit_quantity: self.benefit_quantity.as_ref(),
            benefit: self.benefit.as_ref(),
            benefit_period: self.benefit_period,
        }
    }
}

/// Whom rules reach and with what, as they are sent.
#[derive(Debug, Clone, Copy)]
pub(in crate::programs) struct Terms<'a> {
    /// Who may have it.
    pub(in crate::programs) eligibility: &'a str,
    /// The same for every family: one of this and the next.
    pub(in crate::programs) benefit_quantity: Option<&'a Quantity>,
    /// What a family gets, and for whom.
    pub(in crate::programs) benefit: Option<&'a Benefit>,
    /// How often.
    pub(in crate::programs) benefit_period: BenefitPeriod,
}

impl Terms<'_> {
    /// Names in the rule and in the conditions of the benefit, as far as they can be read.
    pub(super) fn mentions(&self) -> Vec<Mention> {
        let rule = Expression::parse(self.eligibility).map(|rule| rule.mentions().to_vec()).unwrap_or_default();
        let conditions = self.benefit.into_iter().flat_map(Benefit::conditions);
        let read = conditions.filter_map(|source| MemberCondition::parse(source).ok());
        rule.into_iter().chain(read.flat_map(|condition| condition.mentions().to_vec())).collect()
    }

    /// What a family gets; nothing where neither way of saying it is there.
    pub(super) fn benefit(&self) -> Option<Benefit> {
        let fixed = || Some(Benefit::Fixed { quantity: self.benefit_quantity?.clone(), contents: Vec::new() });
        self.benefit.cloned().or_else(fixed)
    }
}

/// What a rule rests on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::programs) struct NewLegalBasis {
    /// Title of the regulation
    pub(in crate::programs) title: Line,
    /// Its number
    pub(in crate::programs) number: Text<80>,
    /// Article, where it is one
    pub(in crate::programs) article: Option<Text<40>>,
}

impl NewLegalBasis {
    /// True for the same regulation and article.
    pub(in crate::programs) fn is(&self, one: &LegalBasis) -> bool {
        let article = self.article.as_ref().map(Text::as_str);
        self.title.as_str() == one.title && self.number.as_str() == one.number && article == one.article.as_deref()
    }
}

/// Which part of the list.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RuleSetFilter {
    /// Rule sets whose dates cover this day
    pub(super) on: Option<NaiveDate>,
    /// In which order
    #[param(inline, default = "-number")]
    pub(super) sort: Option<ByNumber>,
}
