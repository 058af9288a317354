//! Every code a client can be answered with: a table for each subject, one enumeration.
//!
//! Each table hands itself to the next; the last hands all of them to `codes!`.

mod duplicates;
mod empowerment;
mod equipment;
mod fields;
mod goods;
mod imports;
mod records;
mod requests;
mod trainings;

use duplicates::with_duplicate_codes;
use empowerment::with_empowerment_codes;
use equipment::with_equipment_codes;
use fields::with_field_codes;
use goods::with_goods_codes;
use imports::with_import_codes;
use records::with_record_codes;
use requests::with_request_codes;
use trainings::with_training_codes;

/// What kind of refusal a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be understood.
    Malformed,
    /// Nobody is signed in, or not well.
    Unauthenticated,
    /// Signed in, without the permission.
    Forbidden,
    /// No such record for this caller.
    Missing,
    /// The path is known, the method is not.
    MethodUnknown,
    /// No answer in a form the client accepts.
    NotAcceptable,
    /// The state of the record forbids it.
    Conflict,
    /// The record has changed since it was read.
    Stale,
    /// The body is larger than allowed.
    TooLarge,
    /// The body is of a type that is not read here.
    MediaType,
    /// The body is read, a rule refuses it.
    Invalid,
    /// A condition header is missing.
    ConditionMissing,
    /// Too many requests.
    TooMany,
    /// The body did not arrive in time.
    TimedOut,
    /// The service cannot answer now.
    Unavailable,
    /// A fault of the service.
    Internal,
    /// Only ever told of a field or a row, never of a whole request.
    FieldOnly,
}

macro_rules! codes {
    ($($name:ident $code:literal $kind:ident {
        $title_en:literal, $detail_en:literal;
        $title_id:literal, $detail_id:literal
    })+) => {
        /// A code clients may switch on; each has a page at `/problems/{code}`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $title_en] $name,)+
        }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code as clients see it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// Finds a code by its text.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$name),)+ _ => None }
            }

            /// What kind of refusal it is.
            #[must_use]
            pub fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)+ }
            }

            /// Title in English or Indonesian.
            #[must_use]
            pub fn title(self, is_indonesian: bool) -> &'static str {
                match self { $(Self::$name => if is_indonesian { $title_id } else { $title_en },)+ }
            }

            /// What to do next, in English or Indonesian.
            #[must_use]
            pub fn advice(self, is_indonesian: bool) -> &'static str {
                match self { $(Self::$name => if is_indonesian { $detail_id } else { $detail_en },)+ }
            }
        }
    };
}

with_request_codes!(with_empowerment_codes);
