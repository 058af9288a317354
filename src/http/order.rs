//! Orders that several lists have: a field of their rows, upwards, or downwards with `-` before it.

use crate::domain::text_enum;

macro_rules! orders {
    ($($(#[$doc:meta])* $name:ident $up:tt $down:tt;)+) => {$(
        text_enum! {
            $(#[$doc])*
            $name {
                /// Upwards.
                Up $up,
                /// Downwards.
                Down $down,
            }
        }
    )+};
}

orders! {
    /// By when they were made, which their ids tell.
    ByCreation "created_at" "-created_at";
    /// By id; ids grow with time.
    ById "id" "-id";
    /// By when it happened.
    ByTime "at" "-at";
    /// By the family's id.
    ByFamily "beneficiary_id" "-beneficiary_id";
    /// By the participant's id.
    ByParticipant "participant_id" "-participant_id";
    /// By the pledge line's id.
    ByPledgeLine "pledge_line_id" "-pledge_line_id";
    /// By village.
    ByVillage "village_code" "-village_code";
    /// By version.
    ByVersion "version" "-version";
    /// By number.
    ByNumber "number" "-number";
    /// By place on a list.
    ByPlace "place" "-place";
    /// By period.
    ByPeriod "period" "-period";
    /// By line of the file.
    ByRow "row" "-row";
    /// By since when it is due.
    ByDueDay "due_on" "-due_on";
    /// By year.
    ByYear "year" "-year";
    /// By official code.
    ByCode "code" "-code";
}
