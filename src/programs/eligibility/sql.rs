//! A rule as an SQL condition with its parameters.

use chrono::NaiveDate;

/// A rule as SQL. The family is `beneficiaries b`; all other tables are read inside, or joined where there are joins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sql {
    pub(super) joins: String,
    pub(super) condition: String,
    /// Values of the placeholders, in their order.
    pub parameters: Vec<Parameter>,
}

impl Sql {
    /// What stands after `from beneficiaries b`: at most one row a family, so that none is lost or doubled.
    #[must_use]
    pub fn joins(&self) -> &str {
        &self.joins
    }

    /// True for eligible families; for others false or null, which a `WHERE` takes as false. Write no `NOT`
    /// before it: use [`Sql::value`] for that.
    #[must_use]
    pub fn condition(&self) -> &str {
        &self.condition
    }

    /// True for eligible families and false for all others.
    #[must_use]
    pub fn value(&self) -> String {
        format!("({} IS TRUE)", self.condition)
    }
}

/// A value to bind, in the SQL type its placeholder is cast to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parameter {
    /// `bigint`
    Whole(i64),
    /// `bigint[]`
    WholeList(Vec<i64>),
    /// `text`
    Text(String),
    /// `text[]`
    TextList(Vec<String>),
    /// `date`
    Date(NaiveDate),
}

impl Parameter {
    /// What its placeholder is cast to.
    pub(super) fn sql_type(&self) -> &'static str {
        match self {
            Self::Whole(_) => "bigint",
            Self::WholeList(_) => "bigint[]",
            Self::Text(_) => "text",
            Self::TextList(_) => "text[]",
            Self::Date(_) => "date",
        }
    }
}
