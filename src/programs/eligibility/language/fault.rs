//! What is wrong with an expression, where, and what to do about it.

use serde::Serialize;
use utoipa::ToSchema;

/// One thing that keeps an expression from being a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// Character of the source it is about, counted from 0.
    #[schema(minimum = 0, maximum = 4_000, example = 17)]
    pub offset: usize,
    /// What kind of fault it is.
    pub code: FaultCode,
    /// What is wrong and what to write instead.
    #[schema(max_length = 500, example = "family.decile is from 1 to 10: write a number of these")]
    pub message: String,
}

impl Fault {
    pub(super) fn new(offset: usize, code: FaultCode, message: impl Into<String>) -> Self {
        Self { offset, code, message: message.into() }
    }
}

/// Kinds of faults; clients may switch on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    /// The source has too many characters.
    TooLong,
    /// Too many parentheses, lists or calls stand inside each other.
    TooDeep,
    /// The expression has too many parts.
    TooLarge,
    /// It is not written as CEL.
    Syntax,
    /// It is CEL, but not of the part that rules may use.
    Unsupported,
    /// The catalogue has no fact of that name.
    UnknownFact,
    /// No function of that name can be used there.
    UnknownFunction,
    /// A number, a text and a condition are mixed.
    TypeMismatch,
    /// The fact never has that value.
    UnknownValue,
    /// The number lies outside what the fact can be.
    OutOfRange,
    /// Both sides are fixed, so the answer is the same for every family.
    Constant,
    /// A condition on members stands inside another one.
    NestedList,
}
