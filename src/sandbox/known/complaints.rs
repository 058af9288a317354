//! What people of villages complained of.

use super::{id, known};
use crate::domain::ComplaintId;

known! {
    /// One about a pledge that came late, answered and closed.
    COMPLAINT: ComplaintId = 0x60_5001;
    /// One that nobody sees to yet.
    COMPLAINT_TO_ASSIGN: ComplaintId = 0x60_5002;
    /// One that the Puskesos desk sees to.
    COMPLAINT_TO_ANSWER: ComplaintId = 0x60_5003;
    /// One that was answered.
    COMPLAINT_TO_CLOSE: ComplaintId = 0x60_5004;
    /// One that another body sees to better.
    COMPLAINT_TO_REFER: ComplaintId = 0x60_5005;
    /// One whose complainant takes it back.
    COMPLAINT_TO_WITHDRAW: ComplaintId = 0x60_5006;
    /// One whose complainant is not content.
    COMPLAINT_TO_REOPEN: ComplaintId = 0x60_5007;
    /// One with the social office of the regency.
    COMPLAINT_REFERRED: ComplaintId = 0x60_5008;
    /// One that was taken back.
    COMPLAINT_WITHDRAWN: ComplaintId = 0x60_5009;
    /// One that was opened again.
    COMPLAINT_REOPENED: ComplaintId = 0x60_500a;
    /// One of an illegal levy, which is kept close.
    COMPLAINT_KEPT_CLOSE: ComplaintId = 0x60_500b;
}
