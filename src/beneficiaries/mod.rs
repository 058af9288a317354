//! Families (beneficiaries) on their family cards, and their members.
//!
//! A NIK belongs to at most one live member and a card number to at most one live family in the nation: claim
//! tables decide, in the transaction of the write. Numbers are sealed before they reach the database. Each change
//! keeps the version before it in a history table.

mod actions;
mod imports;
mod members;
mod model;
mod numbers;
mod queries;
mod routes;
mod rules;
mod shown;

pub use imports::{Import, ImportFault, ImportStatus, watch as watch_imports};
pub use members::{EndReason, Member, MemberChanges, NewDeparture, NikStatus, be_member};
pub use model::{
    Beneficiary, BeneficiaryChanges, BeneficiaryStatus, NewBeneficiary, NewMember, NewRank, NewVerification,
    Relationship, Sex,
};
pub use numbers::{DisclosedMember, Disclosure, Found, NewDisclosure, Search};
pub use queries::Finder;
pub use routes::routes;
pub use rules::collector_of;
pub use shown::Shown;
