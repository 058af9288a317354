//! What an entitlement tells, and how what no delivery names is reckoned for components. Pure.

use super::model::{Component, ComponentState, Entitlement, EntitlementRow};
use crate::domain::Quantity;
use crate::programs::benefits::Share;

impl TryFrom<EntitlementRow> for Entitlement {
    type Error = serde_json::Error;

    fn try_from(row: EntitlementRow) -> Result<Self, Self::Error> {
        let breakdown = match row.breakdown {
            Some(shares) => serde_json::from_value(shares)?,
            None => vec![Share::of_family(&row.quantity.plus(&row.passed))],
        };
        let components = reckon(row.components.0, [&row.delivered, &row.withdrawn, &row.held]);
        Ok(Self {
            id: row.id,
            cycle_id: row.cycle_id,
            program_id: row.program_id,
            period: row.period,
            beneficiary_id: row.beneficiary_id,
            enrollment_id: row.enrollment_id,
            village_code: row.village_code,
            quantity: row.quantity,
            unit: row.unit,
            passed: row.passed,
            passed_to: row.passed_to,
            passed_from: row.passed_from,
            delivered: row.delivered,
            held: row.held,
            withdrawn: row.withdrawn,
            left: row.left_over,
            breakdown,
            components,
            snapshot: serde_json::from_value(row.snapshot)?,
        })
    }
}

/// How each component stands, given all that was delivered, withdrawn and held of the entitlement.
///
/// What is told of a component comes first. The rest, which is of no component in particular, is reckoned for them in their
/// order, for each as far as something of it is neither delivered nor withdrawn nor held.
pub(super) fn reckon(components: Vec<Component>, all: [&Quantity; 3]) -> Vec<ComponentState> {
    let told: [fn(&Component) -> &Quantity; 3] = [|one| &one.delivered, |one| &one.withdrawn, |one| &one.held];
    let sum = |of: fn(&Component) -> &Quantity| components.iter().fold(Quantity::zero(), |sum, one| sum.plus(of(one)));
    let [delivered, withdrawn, held] = all;
    let [of_delivered, of_withdrawn, of_held] = told.map(sum);
    let mut rest = [delivered.beyond(&of_delivered), withdrawn.beyond(&of_withdrawn), held.beyond(&of_held)];
    components.into_iter().map(|component| stand(component, &mut rest)).collect()
}

/// One component, with what it takes of the rest.
fn stand(component: Component, rest: &mut [Quantity; 3]) -> ComponentState {
    let mut room = component.left().beyond(&component.held);
    let [unnamed, withdrawn, held] = rest.each_mut().map(|rest| {
        let part = rest.clone().min(room.clone());
        room = room.beyond(&part);
        *rest = rest.beyond(&part);
        part
    });
    let left = component.left().beyond(&unnamed).beyond(&withdrawn);
    ComponentState {
        component: component.name,
        quantity: component.quantity,
        delivered: component.delivered.plus(&unnamed),
        delivered_unnamed: unnamed,
        held: component.held.plus(&held),
        withdrawn: component.withdrawn.plus(&withdrawn),
        left,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn component(name: &str, [quantity, delivered, withdrawn, held]: [u32; 4]) -> Component {
        let [quantity, delivered, withdrawn, held] = [quantity, delivered, withdrawn, held].map(Quantity::whole);
        Component { name: name.to_owned(), quantity, delivered, withdrawn, held }
    }

    fn told(components: &[ComponentState]) -> Vec<[String; 5]> {
        let of = |one: &ComponentState| {
            [&one.delivered, &one.delivered_unnamed, &one.withdrawn, &one.held, &one.left].map(ToString::to_string)
        };
        components.iter().map(of).collect()
    }

    #[test]
    fn what_is_named_comes_first_and_the_rest_in_order() {
        let two = || vec![component("pregnancy", [750, 0, 0, 0]), component("pupil", [450, 450, 0, 0])];
        let [none, all, more] = [0, 450, 900].map(Quantity::whole);
        let plain = ["0", "0", "0", "0", "750"].map(str::to_owned);
        assert_eq!(told(&reckon(two(), [&all, &none, &none]))[0], plain);
        let unnamed = ["450", "450", "0", "0", "300"].map(str::to_owned);
        assert_eq!(told(&reckon(two(), [&more, &none, &none]))[0], unnamed);
        // What an order holds of one is not taken by what names none.
        let held = vec![component("pregnancy", [750, 0, 0, 750]), component("pupil", [450, 0, 0, 0])];
        let [of_pupil, of_mother] = [450, 750].map(Quantity::whole);
        let stands = told(&reckon(held, [&of_pupil, &none, &of_mother]));
        assert_eq!(stands[0], ["0", "0", "0", "750", "750"].map(str::to_owned));
        assert_eq!(stands[1], ["450", "450", "0", "0", "0"].map(str::to_owned));
    }

    proptest! {
        #[test]
        fn components_add_up_to_the_entitlement(
            parts in prop::collection::vec([0_u32..1000, 0_u32..1000, 0_u32..1000, 0_u32..1000, 0_u32..1000], 1..6),
            taken in [0_u32..=100, 0_u32..=100, 0_u32..=100],
        ) {
            let of = |[delivered, withdrawn, held, free, more]: [u32; 5]| {
                component("x", [delivered + withdrawn + held + free + more, delivered, withdrawn, held])
            };
            let components: Vec<Component> = parts.iter().copied().map(of).collect();
            let sum = |place: usize| parts.iter().map(|part| part[place]).sum::<u32>();
            let mut free = sum(3) + sum(4);
            let mut all = [sum(0), sum(1), sum(2)];
            for (all, taken) in all.iter_mut().zip(taken) {
                let part = free * taken / 100;
                *all += part;
                free -= part;
            }
            let [delivered, withdrawn, held] = all.map(Quantity::whole);
            let stands = reckon(components, [&delivered, &withdrawn, &held]);
            let add = |of: fn(&ComponentState) -> &Quantity| {
                stands.iter().fold(Quantity::zero(), |sum, one| sum.plus(of(one)))
            };
            prop_assert_eq!(add(|one| &one.delivered), delivered);
            prop_assert_eq!(add(|one| &one.withdrawn), withdrawn);
            prop_assert_eq!(add(|one| &one.held), held);
            prop_assert_eq!(add(|one| &one.left), Quantity::whole(free + all[2]));
            prop_assert!(stands.iter().all(|one| one.held <= one.left));
        }
    }
}
