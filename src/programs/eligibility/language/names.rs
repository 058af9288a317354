//! Finds the facts that names stand for.

use super::super::entries::{FactRef, Scope};
use super::check::{Checked, Checker};
use super::fault::FaultCode;
use super::syntax::{Node, Syntax};

impl Checker {
    pub(super) fn fact(&mut self, node: &Node) -> Checked<FactRef> {
        let Syntax::Field { of, name, name_at } = &node.syntax else {
            return self.not_a_fact(node);
        };
        let Some((scope, owner)) = self.scope(of) else {
            return self.not_a_fact(of);
        };
        let found = scope.find(name);
        if found.is_none() {
            let names: Vec<_> = scope.entries().iter().map(|entry| entry.name).collect();
            let more = match scope {
                Scope::Family => ", programs (asked with in), ranks and attributes (each followed by a dot and a name)",
                Scope::Head | Scope::Member => ", attributes (followed by a dot and a name)",
            };
            let message = format!("{owner} has no such fact to use here: it has {}{more}", names.join(", "));
            return self.fault(*name_at, FaultCode::UnknownFact, message);
        }
        found
    }

    pub(super) fn scope(&self, node: &Node) -> Option<(Scope, String)> {
        let Syntax::Name(name) = &node.syntax else {
            return None;
        };
        let scope = match name.as_str() {
            "family" => Scope::Family,
            "head" => Scope::Head,
            _ if self.variable.as_ref() == Some(name) => Scope::Member,
            _ => return None,
        };
        Some((scope, name.clone()))
    }

    fn not_a_fact<T>(&mut self, node: &Node) -> Checked<T> {
        let message = match &node.syntax {
            Syntax::Name(name) if name == "today" => {
                "the reference date is given when the rule runs: use age".to_owned()
            }
            Syntax::Name(name) if name == "members" => {
                "ask about members with exists, all, filter or size, such as members.exists(m, m.age < 6)".to_owned()
            }
            Syntax::Name(_) => "no fact begins like this: write family., head. or members".to_owned(),
            _ => "name a fact here, such as family.decile".to_owned(),
        };
        self.fault(node.at, FaultCode::UnknownFact, message)
    }
}
