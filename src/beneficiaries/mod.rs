//! Families (beneficiaries) on their family cards, and their members.
//!
//! A NIK belongs to at most one live member and a card number to at most one live family in the nation: claim
//! tables decide, in the transaction of the write. Numbers are sealed before they reach the database. Each change
//! keeps the version before it in a history table.

mod actions;
mod attributes;
mod card_changes;
mod checks;
mod collectors;
mod history;
mod households;
mod imports;
mod member_keys;
mod members;
mod memberships;
mod model;
mod numbers;
mod queries;
mod ranks;
mod relocations;
mod routes;
mod rules;
mod shown;
mod warnings;

pub use actions::{current as current_family, nik_warnings, update as update_family, verify};
pub use attributes::{
    Attribute, AttributeChanges, AttributeSchema, AttributeSubject, NewAttributeSchema,
    in_force as attribute_schemas_in_force, join_attributes,
};
pub(crate) use checks::read_members;
pub use checks::{Candidate, Check, FieldBits, Finding, KeptFinding};
pub(crate) use collectors::end_with as end_collectors;
pub use collectors::{Handover, check_collector};
pub(crate) use history::Why;
pub(crate) use households::{LeftNeeds, hold_reserved, leave_needs};
pub(crate) use imports::{CsvUpload, StagedFile, StagingTable};
pub use imports::{
    DateForm, FileFormat, Import, ImportDuplicate, ImportFault, ImportLeaver, ImportMapping, ImportStatus, Layout,
    LookSkipped, PossibleDuplicates, remove_old as remove_old_imports, watch as watch_imports,
};
pub use member_keys::{refresh as refresh_member_keys, watch as watch_member_keys};
pub use members::{
    EndReason, Member, MemberChanges, NewDeparture, NewNikCheck, NikCheckOutcome, NikStatus, current_member,
    show_member, update_member,
};
pub(crate) use members::{of_family_as_of as members_of_family_as_of, versions_as_of as members_as_of};
pub use model::{
    Beneficiary, BeneficiaryChanges, BeneficiaryStatus, NewBeneficiary, NewMember, NewRank, NewVerification,
    Relationship, Sex,
};
pub use numbers::{DisclosedMember, Disclosure, Found, NewDisclosure, Search};
pub use queries::{Finder, show as show_family};
pub(crate) use queries::{VERSION_AS_OF, VERSIONS_AS_OF};
pub use ranks::{
    RankDisagreement, RankDisagreementCount, RankImport, RankImportFault, RankImportStatus, WelfareRank,
    sources_of as rank_sources_of, watch_rank_imports,
};
pub use routes::routes;
pub use rules::{collector_of, is_card_number};
pub use shown::Shown;
pub(crate) use warnings::of_areas as warnings_of_areas;
pub use warnings::{Warning, WarningCode, WarningCount, recheck as recheck_warnings, watch as watch_warnings};
