//! What can go wrong, in the domain's words; no HTTP.
//!
//! Features answer [`Error`]; `http::problem` alone turns it into a response. A [`Refused`](Error::Refused) error
//! is told to the client by its [`Code`]; an [`Internal`](Error::Internal) one is logged with its cause and
//! answered without it.

mod codes;

pub use codes::{Code, Kind};

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use uuid::Uuid;

/// Shorthand for a result that fails with [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done.
#[derive(Debug)]
pub enum Error {
    /// The client can do something about it.
    Refused(Box<Refusal>),
    /// Something the service needs is away for the moment.
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
    /// A fault of the service.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// A refusal: a code, and what is needed to act on it.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// What is wrong.
    pub code: Code,
    /// Which fields are at fault, where it is fields.
    pub faults: Vec<Fault>,
    /// A sentence that names what the refusal is about, such as the order in force; no personal data.
    pub about: Option<String>,
    /// The record that stands in the way, where it is another than the one asked for.
    pub related: Option<Related>,
    /// Commands that the record would take now, where its state forbade this one.
    pub possible: Option<Vec<&'static str>>,
    /// Numbers of the milestones that come first, where it is that.
    pub lacking: Vec<i16>,
    /// The program that keeps a family off another one, where it is that.
    pub overlap: Option<Box<Overlap>>,
    /// Seconds after which trying again makes sense.
    pub retry_after_seconds: Option<u64>,
}

/// A program that keeps a family off another one, and the rule by which it does. No personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// Id of the rule.
    pub rule_id: Uuid,
    /// Its short name.
    pub rule_code: String,
    /// Title of the regulation that it rests on.
    pub legal_basis_title: String,
    /// Number of the regulation.
    pub legal_basis_number: String,
    /// Article of it, where it is one.
    pub legal_basis_article: Option<String>,
    /// Id of the program that the family has.
    pub program_id: Uuid,
    /// Its code.
    pub program_code: String,
}

/// A record that a refusal points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Related {
    /// Plural noun of the record, such as `suspension_orders`.
    pub resource: &'static str,
    /// Its id.
    pub id: Uuid,
}

/// One field at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer into the body, or the name of a parameter.
    pub pointer: String,
    /// What is wrong with it.
    pub code: Code,
    /// More than the code says, where there is more; never the value.
    pub detail: Option<String>,
    /// Character that it is about, where the field is a text that is read as a whole, such as a rule.
    pub place: Option<Place>,
}

/// A character of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Characters before it.
    pub offset: usize,
    /// Line it stands on, the first being 1.
    pub line: usize,
    /// Which character of the line it is, the first being 1.
    pub column: usize,
}

impl Place {
    /// The character with that many before it; after the last one where the text is shorter.
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        let start = Self { offset, line: 1, column: 1 };
        text.chars().take(offset).fold(start, |place, character| match character {
            '\n' => Self { line: place.line + 1, column: 1, ..place },
            _ => Self { column: place.column + 1, ..place },
        })
    }
}

impl Fault {
    /// A fault that its code says all of.
    #[must_use]
    pub fn new(pointer: impl Into<String>, code: Code) -> Self {
        Self { pointer: pointer.into(), code, detail: None, place: None }
    }

    /// A fault for each that is named and not known; `*` in the pointer is its place among those named.
    #[must_use]
    pub fn of_unknown<T>(pointer: &str, named: &[T], is_known: impl Fn(&T) -> bool, code: Code) -> Vec<Self> {
        let unknown = named.iter().enumerate().filter(|(_, one)| !is_known(one));
        unknown.map(|(index, _)| Self::new(pointer.replace('*', &index.to_string()), code)).collect()
    }

    /// The same fault with more than its code says; never with the value.
    #[must_use]
    pub fn with_detail(self, detail: String) -> Self {
        Self { detail: Some(detail), ..self }
    }

    /// The same fault at a character of its field.
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        Self { place: Some(place), ..self }
    }
}

impl Error {
    /// A fault of the service itself.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// Something the service needs is away.
    pub fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(source.into())
    }

    /// A refusal with field faults.
    #[must_use]
    pub fn invalid(faults: Vec<Fault>) -> Self {
        let refusal = Refusal { faults, ..Refusal::from(Code::InvalidFields) };
        Self::Refused(Box::new(refusal))
    }

    /// A refusal of one field.
    #[must_use]
    pub fn invalid_field(pointer: &str, code: Code) -> Self {
        Self::invalid(vec![Fault::new(pointer, code)])
    }

    /// Adds a sentence that names what the refusal is about; other errors are left as they are.
    #[must_use]
    pub fn about(mut self, sentence: impl Into<String>) -> Self {
        if let Self::Refused(refusal) = &mut self {
            refusal.about = Some(sentence.into());
        }
        self
    }

    /// Adds the record that stands in the way; other errors are left as they are.
    #[must_use]
    pub fn related(mut self, resource: &'static str, id: Uuid) -> Self {
        if let Self::Refused(refusal) = &mut self {
            refusal.related = Some(Related { resource, id });
        }
        self
    }

    /// Adds the program that keeps a family off; other errors are left as they are.
    #[must_use]
    pub fn overlapping(mut self, overlap: Overlap) -> Self {
        if let Self::Refused(refusal) = &mut self {
            refusal.overlap = Some(Box::new(overlap));
        }
        self
    }

    /// Adds the commands that are possible now; other errors are left as they are.
    #[must_use]
    pub fn possible(mut self, commands: Vec<&'static str>) -> Self {
        if let Self::Refused(refusal) = &mut self {
            refusal.possible = Some(commands);
        }
        self
    }

    /// Adds the numbers of the milestones that come first; other errors are left as they are.
    #[must_use]
    pub fn lacking(mut self, numbers: Vec<i16>) -> Self {
        if let Self::Refused(refusal) = &mut self {
            refusal.lacking = numbers;
        }
        self
    }

    /// The code of a refusal; `None` for the others.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Refused(refusal) => Some(refusal.code),
            Self::Unavailable(_) | Self::Internal(_) => None,
        }
    }

    /// True where a transaction lost against another one and may be tried again as a whole.
    #[must_use]
    pub fn is_deadlock(&self) -> bool {
        let Self::Internal(source) = self else { return false };
        source.downcast_ref::<DieselError>().is_some_and(|error| {
            // Postgres reports 40P01 with these words whatever its language setting: the service sets lc_messages.
            matches!(error, DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _))
                || matches!(error, DieselError::DatabaseError(_, told) if told.message() == "deadlock detected")
        })
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        let (faults, about, related, possible) = (Vec::new(), None, None, None);
        Self { code, faults, about, related, possible, lacking: Vec::new(), overlap: None, retry_after_seconds: None }
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::Refused(Box::new(code.into()))
    }
}

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, _)
            | DieselError::BrokenTransactionManager => Self::unavailable(error),
            DieselError::DatabaseError(_, told) if is_of_a_lost_connection(told.message()) => Self::unavailable(error),
            // 57014: the statement took longer than a read may. The words are the same in every language setting, see below.
            DieselError::DatabaseError(_, told) if told.message() == "canceling statement due to statement timeout" => {
                Self::unavailable(error)
            }
            DieselError::DatabaseError(_, told) if is_of_no_day(told.message()) => no_such_day(),
            _ => Self::internal(error),
        }
    }
}

/// True for what the driver, or a server that ends, says of a connection. What became of the command is not known then:
/// the caller asks again by the same key.
fn is_of_a_lost_connection(told: &str) -> bool {
    ["connection closed", "error communicating with the server", "terminating connection due to"]
        .iter()
        .any(|start| told.starts_with(start))
}

/// True for 22008: chrono reads years that Postgres does not know, and they are bound as they came from a client.
fn is_of_no_day(told: &str) -> bool {
    ["date out of range", "timestamp out of range"].iter().any(|start| told.starts_with(start))
}

/// Postgres does not say which of the values it was.
fn no_such_day() -> Error {
    let told = "A date or a time is out of range: its year is from 0001 to 9999.".to_owned();
    Error::invalid(vec![Fault::new("", Code::WrongType).with_detail(told)])
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => f.write_str(refusal.code.as_str()),
            Self::Unavailable(source) => write!(f, "unavailable: {source}"),
            Self::Internal(source) => write!(f, "internal: {source}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(_) => None,
            Self::Unavailable(source) | Self::Internal(source) => Some(&**source),
        }
    }
}

/// Names the outcome of a constraint: the constraint decides, nothing looks first.
pub trait OnConflict<T> {
    /// Turns a violated unique constraint into a refusal; other errors stay.
    ///
    /// # Errors
    /// The refusal, or the error as it was.
    fn on_conflict(self, refusal: impl Into<Error>) -> Result<T>;
}

impl<T> OnConflict<T> for Result<T, DieselError> {
    fn on_conflict(self, refusal: impl Into<Error>) -> Result<T> {
        self.map_err(|error| match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => refusal.into(),
            other => other.into(),
        })
    }
}
