//! Who takes aid for a family.

use super::id::MemberId;
use super::text_enum::text_enum;

text_enum! {
    /// Who took it.
    CollectorKind {
        /// A member of the family.
        Member "member",
        /// Somebody else, with power of attorney.
        Alternate "alternate",
    }
}

impl CollectorKind {
    /// A member where one is named, else an alternate.
    #[must_use]
    pub fn of(member_id: Option<MemberId>) -> Self {
        if member_id.is_some() { Self::Member } else { Self::Alternate }
    }
}
