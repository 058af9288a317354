//! Complaints as rows, requests and answers.

mod requests;
mod rows;

pub(super) use requests::{
    About, ComplaintFilter, Desk, NewComplaint, NewComplaintAnswer, NewComplaintAssignment, NewComplaintClosure,
    NewComplaintReferral, NewComplaintReopening, NewComplaintWithdrawal, Person, Sight,
};
pub(super) use rows::{Complaint, ComplaintRow, ComplaintState};

use crate::domain::text_enum;

text_enum! {
    /// How a complaint came.
    ComplaintChannel {
        /// At the welfare desk or an office.
        Desk "desk",
        /// On the phone.
        Phone "phone",
        /// In a letter.
        Letter "letter",
        /// At a village meeting.
        Musdes "musdes",
        /// In a message or on a form.
        Digital "digital",
    }
}

text_enum! {
    /// What is complained of.
    ComplaintCategory {
        /// A poor family is not on the list.
        Exclusion "exclusion",
        /// A family on the list is not poor.
        Inclusion "inclusion",
        /// Less was given than was due.
        AidShort "aid_short",
        /// It came late, or not at all.
        AidLate "aid_late",
        /// What was given is bad.
        AidQuality "aid_quality",
        /// Somebody asked for money; kept close.
        IllegalLevy "illegal_levy",
        /// Somebody who serves behaved badly; kept close.
        StaffConduct "staff_conduct",
        /// The record of the family is wrong.
        DataWrong "data_wrong",
        /// Something else.
        Other "other",
    }
}

impl ComplaintCategory {
    /// What accuses somebody.
    pub(super) const SENSITIVE: [Self; 2] = [Self::IllegalLevy, Self::StaffConduct];

    /// Whether it is kept close.
    pub(super) fn is_sensitive(self) -> bool {
        Self::SENSITIVE.contains(&self)
    }
}

text_enum! {
    /// How far a complaint is.
    ComplaintStatus {
        /// Nobody sees to it yet.
        Received "received",
        /// Somebody sees to it.
        Assigned "assigned",
        /// The complainant was answered.
        Answered "answered",
        /// It is done with.
        Closed "closed",
        /// Another body sees to it.
        Referred "referred",
        /// The complainant took it back.
        Withdrawn "withdrawn",
        /// The complainant was not content.
        Reopened "reopened",
    }
}

text_enum! {
    /// What can be done about a complaint.
    ComplaintCommand {
        /// Say who sees to it.
        Assign "assign",
        /// Answer the complainant.
        Answer "answer",
        /// Say that it is done with, and what came of it.
        Close "close",
        /// Refer it to another body.
        Refer "refer",
        /// Take it back.
        Withdraw "withdraw",
        /// Open it again, once.
        Reopen "reopen",
    }
}

text_enum! {
    /// Whether what was said is so.
    ComplaintFinding {
        /// It is.
        Founded "founded",
        /// Some of it is.
        PartlyFounded "partly_founded",
        /// It is not; a second person says so too.
        Unfounded "unfounded",
    }
}

text_enum! {
    /// Who complains.
    Complainant {
        /// A family of the register.
        Family "family",
        /// A person by name.
        Person "person",
        /// Somebody who gave no name.
        Anonymous "anonymous",
    }
}
