//! How far a pledge is, out of its lines and their balances. Pure.

use super::model::{Extent, Fulfilment};
use crate::pledges::model::LineOrigin;
use crate::pledges::trail::TrailLine;

/// A line with how it came to be.
pub(super) type Told = (LineOrigin, TrailLine);

/// All of them whole is whole, all of them nothing is nothing.
fn together(lines: impl Iterator<Item = Extent>) -> Extent {
    lines.reduce(|one, other| if one == other { one } else { Extent::Partial }).unwrap_or(Extent::Nothing)
}

/// How much was given. What was called off or given up is not, so nothing makes up for it.
pub(super) fn fulfilment(lines: &[Told]) -> Fulfilment {
    let given = together(lines.iter().map(|(_, line)| {
        let is_whole = [&line.outstanding, &line.cancelled, &line.written_off].iter().all(|left| left.is_zero());
        extent(is_whole, line.received.is_zero())
    }));
    match given {
        Extent::Full if lines.iter().any(|(origin, _)| *origin == LineOrigin::Surplus) => Fulfilment::Over,
        Extent::Full => Fulfilment::Full,
        Extent::Partial => Fulfilment::Partial,
        Extent::Nothing => Fulfilment::Nothing,
    }
}

fn extent(is_whole: bool, is_nothing: bool) -> Extent {
    match (is_whole, is_nothing) {
        (true, _) => Extent::Full,
        (false, true) => Extent::Nothing,
        (false, false) => Extent::Partial,
    }
}

/// Lines of which there is something, or something is still to come.
fn alive(lines: &[Told]) -> impl Iterator<Item = &TrailLine> {
    let lines = lines.iter().map(|(_, line)| line);
    lines.filter(|line| !line.free.is_zero() || !line.allocated.is_zero() || !line.outstanding.is_zero())
}

/// How much of what was given is reserved or was handed over.
pub(super) fn allocation(lines: &[Told]) -> Extent {
    together(
        alive(lines).map(|line| extent(line.free.is_zero() && !line.allocated.is_zero(), line.allocated.is_zero())),
    )
}

/// How much of what was given was handed over.
pub(super) fn delivery(lines: &[Told]) -> Extent {
    together(alive(lines).map(|line| {
        let is_left = !line.free.is_zero() || !line.reserved.is_zero();
        extent(!is_left && !line.delivered.is_zero(), line.delivered.is_zero())
    }))
}
