//! A run written down without a name: enough for anyone to check it.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::certificates::{Certificate, Certificates, Verdict};
use super::columns::at;
use super::instance::part;
use super::matcher::{Matcher, Slot};

/// A run: what was free, who stood where in the order, who got what, and where each line and class was cut off
#[derive(Debug, Serialize, ToSchema)]
pub struct Transcript {
    /// Most portions of a family, those it had elsewhere counted
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    cap: u32,
    /// Whether everybody has a turn before anybody has another one
    is_turn_by_turn: bool,
    /// Seed of the lots
    #[schema(max_length = 40)]
    seed: String,
    /// What was free; what whole portions left of a line stands as a line of its own
    #[schema(max_items = 10_000_000)]
    lines: Vec<TranscriptLine>,
    /// Kinds by place that some line is for
    #[schema(max_items = 10_000_000)]
    classes: Vec<TranscriptClass>,
    /// Families in their order
    #[schema(max_items = 10_000_000)]
    families: Vec<TranscriptFamily>,
}

/// Portions of one kind
#[derive(Debug, Serialize, ToSchema)]
struct TranscriptLine {
    /// Number of the kind
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    kind: u32,
    /// Portions that were free
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    portions: u32,
    /// Numbers of the places of the earmark
    #[schema(max_items = 10_000)]
    places: Vec<u32>,
    /// Number of the latest slot among those who hold what it could be asked for; null where something is left
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    cut_off: Option<u64>,
}

/// A kind at a place
#[derive(Debug, Serialize, ToSchema)]
struct TranscriptClass {
    /// Number of the place
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    place: u32,
    /// Number of the kind
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    kind: u32,
    /// As that of a line
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    cut_off: Option<u64>,
}

/// A family, known by its place in the list
#[derive(Debug, Serialize, ToSchema)]
struct TranscriptFamily {
    /// What its lot is drawn for: the first sixteen bytes of the SHA-256 of its id, in hexadecimal
    #[schema(max_length = 32)]
    key: String,
    /// Where it stands by the criteria of the policy, the lower first: its decile, 11 for none; twelve less the months
    /// since aid; 0 beyond the criteria
    #[schema(min_items = 3, max_items = 3, example = json!([4, 10, 0]))]
    standing: [u32; 3],
    /// Its lot, the lower first where families stand alike: the first four bytes of the SHA-256 of seed and key
    #[schema(minimum = 0, maximum = 4_294_967_295_u64)]
    lot: u32,
    /// Number of its place; null where it needs nothing that there is
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    place: Option<u32>,
    /// Portions it had elsewhere
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    aided: u32,
    /// What it needs
    #[schema(max_items = 200)]
    needs: Vec<TranscriptNeed>,
    /// Portions it gets
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    granted: u32,
    /// Why no more
    #[schema(max_length = 20)]
    verdict: &'static str,
    /// Slot that was refused, where it is outranked
    own: Option<TranscriptSlot>,
    /// Latest slot that holds what it could get
    cut_off: Option<TranscriptSlot>,
    /// Lines at or below that cut-off
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    lines: Option<u32>,
    /// Classes at or below it
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    classes: Option<u32>,
    /// Portions of those lines
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    portions: Option<u32>,
}

/// A turn of a family
#[derive(Debug, Serialize, ToSchema)]
struct TranscriptSlot {
    /// Turn, 1 first
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    turn: u32,
    /// Place in the list of families, 1 first
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    position: u32,
}

/// Portions that a family needs
#[derive(Debug, Serialize, ToSchema)]
struct TranscriptNeed {
    /// Number of the kind
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    kind: u32,
    /// How many at most
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    portions: u32,
    /// What it gets
    #[schema(max_items = 50)]
    grants: Vec<TranscriptGrant>,
}

/// Portions of a line
#[derive(Debug, Serialize, ToSchema)]
struct TranscriptGrant {
    /// Place in the list of lines, 0 first
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    line: u32,
    /// How many
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    portions: u32,
}

impl Transcript {
    /// Writes a run down.
    #[must_use]
    pub fn of(matcher: &Matcher, certificates: &Certificates) -> Self {
        Self {
            cap: matcher.policy.cap,
            is_turn_by_turn: matcher.policy.is_turn_by_turn,
            seed: matcher.policy.seed.clone(),
            lines: lines(matcher, certificates),
            classes: classes(matcher, certificates),
            families: families(matcher, certificates),
        }
    }
}

fn lines(matcher: &Matcher, certificates: &Certificates) -> Vec<TranscriptLine> {
    let board = &matcher.board;
    let line = |line: u32| {
        let arcs = board.arcs(board.classes() + line);
        let given: u32 = arcs.iter().map(|arc| board.arc(*arc).2).sum();
        let places: Vec<u32> = arcs.iter().map(|arc| board.place_of(board.arc(*arc).1)).collect();
        let kind = arcs.first().map_or(0, |arc| board.kind_of(board.arc(*arc).1));
        TranscriptLine {
            kind,
            portions: board.free(line) + given,
            places,
            cut_off: certificates.cut_off(board.classes() + line),
        }
    };
    (0..board.lines()).map(line).collect()
}

fn classes(matcher: &Matcher, certificates: &Certificates) -> Vec<TranscriptClass> {
    let board = &matcher.board;
    let class = |class: u32| TranscriptClass {
        place: board.place_of(class),
        kind: board.kind_of(class),
        cut_off: certificates.cut_off(class),
    };
    (0..board.classes()).filter(|one| !board.arcs(*one).is_empty()).map(class).collect()
}

fn families(matcher: &Matcher, certificates: &Certificates) -> Vec<TranscriptFamily> {
    let mut line_of = HashMap::new();
    for line in 0..matcher.board.lines() {
        line_of.insert(matcher.line_rows.at(line), line);
    }
    let mut grants = HashMap::<u32, Vec<TranscriptGrant>>::new();
    for grant in matcher.grants() {
        let line = line_of.get(&grant.line).copied().unwrap_or_default();
        grants.entry(grant.need).or_default().push(TranscriptGrant { line, portions: grant.portions });
    }
    let board = &matcher.board;
    let mut family = |(family, certificate): (&u32, &Certificate)| {
        let needs = board.needs(*family).map(|need| TranscriptNeed {
            kind: board.kind_of(board.class_of(need)),
            portions: board.granted(need) + board.room(need),
            grants: grants.remove(&matcher.need_rows.at(need)).unwrap_or_default(),
        });
        let refused = if let Verdict::Outranked(outranked) = certificate.verdict { Some(outranked) } else { None };
        let place = |slot: Slot| TranscriptSlot { turn: slot.turn, position: slot.position };
        let key = matcher.keys.get(at(*family)).copied().unwrap_or_default();
        TranscriptFamily {
            key: key.1.simple().to_string(),
            standing: [part(&key, 3), part(&key, 2), part(&key, 1)],
            lot: part(&key, 0),
            place: board.needs(*family).next().map(|need| board.place_of(board.class_of(need))),
            aided: matcher.aided.at(*family),
            needs: needs.collect(),
            granted: certificate.granted,
            verdict: match certificate.verdict {
                Verdict::Satisfied => "satisfied",
                Verdict::CapReached => "cap_reached",
                Verdict::NoLine => "no_line",
                Verdict::Outranked(_) => "outranked",
            },
            own: refused.map(|refused| place(refused.own)),
            cut_off: refused.map(|refused| place(refused.cut_off)),
            lines: refused.map(|refused| refused.lines),
            classes: refused.map(|refused| refused.classes),
            portions: refused.map(|refused| refused.portions),
        }
    };
    matcher.order.iter().zip(&certificates.families).map(&mut family).collect()
}
