//! What an answer means, and when the next attempt is due.

use chrono::{DateTime, TimeDelta, Utc};

use super::post::Answer;
use crate::webhooks::deliveries::{Failure, WebhookDeliveryStatus};
use crate::webhooks::model::DisabledReason;

/// Between attempts; the first is made at once. Source: Standard Webhooks 1.0, example schedule.
const DELAYS: [TimeDelta; 9] = [
    TimeDelta::seconds(5),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(2),
    TimeDelta::hours(5),
    TimeDelta::hours(10),
    TimeDelta::hours(14),
    TimeDelta::hours(20),
    TimeDelta::hours(24),
];
/// The longest that a receiver may ask to wait.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(24);
/// By how much a delay is stretched at most, in thousandths.
pub(super) const JITTER: i32 = 200;

/// What an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// The receiver took the event.
    Delivered,
    /// The receiver wants nothing any more.
    Gone,
    /// It did not take it.
    Failed(Failure),
}

/// An attempt that ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt {
    /// Which one it was, from 1.
    pub(super) number: i16,
    /// Whether it was a test, which is not repeated and ends no webhook.
    pub(super) is_test: bool,
    /// When it ended.
    pub(super) ended_at: DateTime<Utc>,
}

/// What becomes of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settled {
    /// Its state.
    pub(super) status: WebhookDeliveryStatus,
    /// When the attempt ended.
    pub(super) at: DateTime<Utc>,
    /// Status of the answer.
    pub(super) last_status: Option<i16>,
    /// Why the attempt failed.
    pub(super) last_failure: Option<Failure>,
    /// When it is sent again.
    pub(super) next_attempt_at: Option<DateTime<Utc>>,
}

/// What becomes of a delivery after an attempt, and why its webhook ends where it does.
pub(super) fn decide(
    outcome: &Result<Answer, Failure>,
    attempt: Attempt,
    stretch: i32,
) -> (Settled, Option<DisabledReason>) {
    let verdict = verdict(outcome);
    let answer = outcome.as_ref().ok();
    let is_repeated = matches!(verdict, Verdict::Failed(failure) if failure != Failure::EventGone) && !attempt.is_test;
    let asked = answer.and_then(|answer| answer.retry_after_seconds);
    let delay = delay(attempt.number, stretch, asked).filter(|_| is_repeated);
    let (status, last_failure) = match verdict {
        Verdict::Delivered => (WebhookDeliveryStatus::Delivered, None),
        Verdict::Gone => (WebhookDeliveryStatus::Failed, Some(Failure::Refused)),
        Verdict::Failed(failure) if delay.is_some() => (WebhookDeliveryStatus::Pending, Some(failure)),
        Verdict::Failed(failure) => (WebhookDeliveryStatus::Failed, Some(failure)),
    };
    let reason = match verdict {
        _ if attempt.is_test => None,
        Verdict::Gone => Some(DisabledReason::Gone),
        Verdict::Failed(_) if is_repeated && delay.is_none() => Some(DisabledReason::Failing),
        _ => None,
    };
    let settled = Settled {
        status,
        at: attempt.ended_at,
        last_status: answer.and_then(|answer| i16::try_from(answer.status).ok()),
        last_failure,
        next_attempt_at: delay.map(|delay| attempt.ended_at + delay),
    };
    (settled, reason)
}

/// What an outcome means.
fn verdict(outcome: &Result<Answer, Failure>) -> Verdict {
    match outcome {
        Err(failure) => Verdict::Failed(*failure),
        Ok(Answer { status: 200..=299, .. }) => Verdict::Delivered,
        Ok(Answer { status: 410, .. }) => Verdict::Gone,
        Ok(Answer { status: 300..=399, .. }) => Verdict::Failed(Failure::Redirected),
        Ok(_) => Verdict::Failed(Failure::Refused),
    }
}

/// How long to wait after so many attempts, stretched by thousandths; `None` after the last.
///
/// Where the receiver asks for a longer wait it gets it, up to a day.
fn delay(attempts: i16, stretch: i32, asked_seconds: Option<i64>) -> Option<TimeDelta> {
    let index = usize::try_from(attempts).ok()?.checked_sub(1)?;
    let delay = *DELAYS.get(index)?;
    let stretched = delay + delay * stretch / 1_000;
    let asked = asked_seconds.and_then(TimeDelta::try_seconds).unwrap_or_default();
    Some(stretched.max(asked.min(LONGEST_WAIT)))
}

#[cfg(test)]
mod tests {
    use WebhookDeliveryStatus::{Delivered, Failed, Pending};

    use super::*;

    #[test]
    fn nine_delays_follow_the_first_attempt() {
        let seconds = |attempts| delay(attempts, 0, None).map(|delay| delay.num_seconds());
        let told: Vec<_> = (1..=10).map(seconds).collect();
        let hours = |hours: i64| Some(hours * 3_600);
        let expected =
            [Some(5), Some(300), Some(1_800), hours(2), hours(5), hours(10), hours(14), hours(20), hours(24), None];
        assert_eq!(told, expected);
        assert_eq!(delay(0, 0, None), None);
    }

    #[test]
    fn a_delay_is_stretched_and_never_shortened() {
        assert_eq!(delay(2, JITTER, None), Some(TimeDelta::minutes(6)));
        assert_eq!(delay(1, 0, Some(60)), Some(TimeDelta::seconds(60)));
        assert_eq!(delay(2, 0, Some(60)), Some(TimeDelta::minutes(5)));
        assert_eq!(delay(1, 0, Some(i64::MAX)), Some(TimeDelta::seconds(5)));
        assert_eq!(delay(1, 0, Some(10_000_000)), Some(TimeDelta::hours(24)));
        assert_eq!(delay(1, 0, Some(-60)), Some(TimeDelta::seconds(5)));
    }

    #[test]
    fn only_a_status_of_success_takes_an_event() {
        let of = |status| verdict(&Ok(Answer { status, retry_after_seconds: None }));
        assert_eq!((of(200), of(204), of(299)), (Verdict::Delivered, Verdict::Delivered, Verdict::Delivered));
        assert_eq!(of(410), Verdict::Gone);
        assert_eq!((of(301), of(308)), (Verdict::Failed(Failure::Redirected), Verdict::Failed(Failure::Redirected)));
        assert_eq!((of(404), of(500)), (Verdict::Failed(Failure::Refused), Verdict::Failed(Failure::Refused)));
    }

    #[test]
    fn the_last_failure_ends_a_webhook_and_a_test_never_does() {
        let decided = |status: u16, number: i16, is_test: bool| {
            let answer = Answer { status, retry_after_seconds: None };
            let (settled, reason) = decide(&Ok(answer), Attempt { number, is_test, ended_at: DateTime::UNIX_EPOCH }, 0);
            (settled.status, reason, settled.next_attempt_at.map(|at| at.timestamp()))
        };
        assert_eq!(decided(204, 10, false), (Delivered, None, None));
        assert_eq!(decided(500, 1, false), (Pending, None, Some(5)));
        assert_eq!(decided(500, 9, false), (Pending, None, Some(86_400)));
        assert_eq!(decided(500, 10, false), (Failed, Some(DisabledReason::Failing), None));
        assert_eq!(decided(410, 1, false), (Failed, Some(DisabledReason::Gone), None));
        assert_eq!(decided(500, 1, true), (Failed, None, None));
        assert_eq!(decided(410, 1, true), (Failed, None, None));
    }
}
