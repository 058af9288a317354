//! Who lives together: the shape of a household and the sex and age of each member.

use super::draw::Draw;
use super::family::{Kin, Sex};

/// The common shapes of households, the poorer ones among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    CoupleWithChildren,
    Couple,
    ThreeGenerations,
    LoneMother,
    LoneFather,
    LoneElder,
    LoneAdult,
    GrandparentsWithChild,
}

/// Shapes of a thousand households. Chosen so that a family has 3.7 members on average.
const SHAPES: [(Shape, u32); 8] = [
    (Shape::CoupleWithChildren, 590),
    (Shape::Couple, 90),
    (Shape::ThreeGenerations, 125),
    (Shape::LoneMother, 75),
    (Shape::LoneFather, 20),
    (Shape::LoneElder, 40),
    (Shape::LoneAdult, 30),
    (Shape::GrandparentsWithChild, 30),
];

/// Children of a couple, by weight.
const CHILDREN: [(u32, u32); 6] = [(1, 300), (2, 370), (3, 210), (4, 80), (5, 30), (6, 10)];

/// A member before it has a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seat {
    pub(super) kin: Kin,
    pub(super) sex: Sex,
    pub(super) age: u32,
}

impl Shape {
    /// Draws a shape.
    pub(super) fn draw(draw: &mut Draw) -> Self {
        draw.weighted(&SHAPES, Self::CoupleWithChildren)
    }

    /// True where one income, or none, carries the household.
    pub(super) fn is_vulnerable(self) -> bool {
        matches!(self, Self::LoneMother | Self::LoneElder | Self::GrandparentsWithChild)
    }

    /// The members, the head first.
    pub(super) fn seats(self, draw: &mut Draw) -> Vec<Seat> {
        let mut seats = Vec::with_capacity(8);
        match self {
            Self::CoupleWithChildren => couple_with_children(draw, &mut seats),
            Self::ThreeGenerations => {
                couple_with_children(draw, &mut seats);
                grandparents(draw, &mut seats);
            }
            Self::Couple => {
                let age = if draw.chance(400) { draw.between(20, 32) } else { draw.between(48, 78) };
                couple(draw, age, &mut seats);
            }
            Self::LoneMother => lone_parent(draw, Sex::Female, &mut seats),
            Self::LoneFather => lone_parent(draw, Sex::Male, &mut seats),
            Self::LoneElder => {
                let sex = if draw.chance(680) { Sex::Female } else { Sex::Male };
                seats.push(Seat { kin: Kin::Head, sex, age: draw.between(60, 88) });
            }
            Self::LoneAdult => {
                let sex = if draw.chance(250) { Sex::Female } else { Sex::Male };
                seats.push(Seat { kin: Kin::Head, sex, age: draw.between(20, 58) });
            }
            Self::GrandparentsWithChild => grandparents_with_child(draw, &mut seats),
        }
        seats
    }
}

fn any_sex(draw: &mut Draw) -> Sex {
    if draw.chance(512) { Sex::Male } else { Sex::Female }
}

fn couple(draw: &mut Draw, husband: u32, seats: &mut Vec<Seat>) -> u32 {
    let wife = (husband + 2).saturating_sub(draw.below(9)).max(19);
    seats.push(Seat { kin: Kin::Head, sex: Sex::Male, age: husband });
    seats.push(Seat { kin: Kin::Spouse, sex: Sex::Female, age: wife });
    wife
}

fn couple_with_children(draw: &mut Draw, seats: &mut Vec<Seat>) {
    let husband = draw.between(23, 44) + draw.below(15);
    let wife = couple(draw, husband, seats);
    children(draw, wife, seats);
}

fn lone_parent(draw: &mut Draw, sex: Sex, seats: &mut Vec<Seat>) {
    let age = draw.between(26, 58);
    seats.push(Seat { kin: Kin::Head, sex, age });
    children(draw, age, seats);
}

/// Children at home: the eldest born when the mother was 18 or older, the others two to five
/// years apart, none over 25.
fn children(draw: &mut Draw, mother: u32, seats: &mut Vec<Seat>) {
    let wanted = draw.weighted(&CHILDREN, 1);
    let eldest = mother.saturating_sub(18).min(25);
    let mut age = eldest.saturating_sub(draw.below(9));
    if mother > 44 {
        age = age.max(mother - 44);
    }
    for _ in 0..wanted {
        seats.push(Seat { kin: Kin::Child, sex: any_sex(draw), age });
        let gap = draw.between(2, 5);
        // A child of a mother over 44 would be a rare thing; the last one closes the row.
        if age < gap || mother.saturating_sub(age - gap) > 44 {
            break;
        }
        age -= gap;
    }
}

fn grandparents(draw: &mut Draw, seats: &mut Vec<Seat>) {
    let head = seats.first().map_or(40, |seat| seat.age);
    let age = (head + draw.between(19, 27)).min(92);
    if draw.chance(700) {
        seats.push(Seat { kin: Kin::Parent, sex: Sex::Female, age });
    }
    if seats.last().is_none_or(|seat| seat.kin != Kin::Parent) || draw.chance(350) {
        let age = (age + draw.below(5)).min(93);
        seats.push(Seat { kin: Kin::Parent, sex: Sex::Male, age });
    }
}

fn grandparents_with_child(draw: &mut Draw, seats: &mut Vec<Seat>) {
    let age = draw.between(52, 76);
    if draw.chance(450) {
        couple(draw, age, seats);
    } else {
        seats.push(Seat { kin: Kin::Head, sex: Sex::Female, age });
    }
    for _ in 0..draw.between(1, 2) {
        let child = draw.between(1, 16).min(age.saturating_sub(38));
        seats.push(Seat { kin: Kin::Grandchild, sex: any_sex(draw), age: child });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn households_make_sense() {
        for item in 0..20_000 {
            let mut draw = Draw::of(3, item);
            let seats = Shape::draw(&mut draw).seats(&mut draw);
            assert_eq!(seats.iter().filter(|seat| seat.kin == Kin::Head).count(), 1);
            assert_eq!(seats[0].kin, Kin::Head);
            assert!(seats[0].age >= 19 && seats.iter().all(|seat| seat.age <= 93));
            let parent = seats.iter().find(|seat| seat.kin == Kin::Spouse).unwrap_or(&seats[0]);
            for child in seats.iter().filter(|seat| seat.kin == Kin::Child) {
                assert!((18..=44).contains(&(parent.age - child.age)), "{seats:?}");
            }
        }
    }

    #[test]
    fn a_family_has_about_3_7_members() {
        let people: usize = (0..20_000)
            .map(|item| {
                let mut draw = Draw::of(11, item);
                Shape::draw(&mut draw).seats(&mut draw).len()
            })
            .sum();
        assert!((72_000..76_000).contains(&people), "{people}");
    }
}
