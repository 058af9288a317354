//! What each group of operations is for, in the order in which the story meets them.

use serde_json::{Value, json};

use super::operations;

const TAGS: &[(&str, &str)] = &[
    ("auth", "Access tokens for client credentials, the keys that sign them and the metadata that names both."),
    ("regions", "Provinces, regencies, districts and villages, with the edition that each name comes from."),
    ("beneficiaries", "Families and their members as the sub-district knows them, and the search by number."),
    ("warnings", "What looks odd on families and members and does not refuse them, listed and counted."),
    ("attributes", "Schemas of the facts about families and members that are kept beyond the fixed fields."),
    ("welfare-ranks", "Deciles by source and period, files of them, and where sources and the field disagree."),
    ("duplicates", "Records that may be one person: found, looked at, decided on, and merged where they are."),
    (
        "imports",
        "Files of families, row by row: what each would do, what was taken in, and what is wrong with the rest.",
    ),
    ("programs", "Aid programs, their legal basis and their dated rule sets."),
    ("enrollments", "Which family takes part in which program, and since when."),
    ("graduations", "Who is ready to stand on its own, who left aid so, the care after it, and who came back."),
    ("deliberations", "Village meetings that decide a program's list, and their report through the camat."),
    ("change-requests", "Changes of families and members that a second person applies or rejects."),
    ("verification", "Rounds of home visits: who is to be visited, what was found, and how fresh each village is."),
    ("cycles", "One period of a program: its list of entitlements, drawn up, approved and frozen."),
    ("entitlements", "What one family may receive in one cycle, and how much of it is used up."),
    ("duties", "What families do for the next payment: recorded by facilitators, and what follows from it."),
    (
        "deliveries",
        "What was handed over: to whom, by whom, with what proof; what came back of it, and what was lost on the way.",
    ),
    (
        "stock",
        "Goods of programs, from the delivery note to the family: where they are kept, how they moved, what is left and lost.",
    ),
    ("devices", "Devices that record deliveries without signal, what they bring, and what stands against it."),
    ("suspension-orders", "Orders that hold a program back, the directive they rest on, and their release."),
    ("companies", "The companies that give, and who may speak for them."),
    ("needs", "What the villages lack, counted without naming anyone."),
    ("exports", "Lists taken out as files, by those who may, and what became of each."),
    ("pledges", "What a company promises, from the draft to the family that received it."),
    ("matching-runs", "All that is free meets all open needs by one published order: told, proven, then reserved."),
    ("allocations", "Which families pledged aid is reserved for, and how it was handed over to them."),
    ("aid", "All that families are due and got, from programs and companies as one ledger, and what is double in it."),
    (
        "trainings",
        "Trainings of families: seats, sessions, who came, and certificates for those who attended well enough.",
    ),
    (
        "follow-ups",
        "How families do 3, 6, 12 and 24 months after they got tools or a training, and what that adds up to.",
    ),
    (
        "complaints",
        "What people of villages say about aid (pengaduan): received, seen to, answered in time, and what came of it.",
    ),
    (
        "empowerment-plans",
        "Packages of tools, training and visits for families, milestone by milestone, each reached by evidence.",
    ),
    ("assets", "Equipment piece by piece: who has it, how it is, when it is looked at, and what became of it."),
    ("ledger", "Every movement of goods and money, balanced, append-only."),
    ("audit", "Who read or changed what, and on which ground."),
    ("events", "What happened, in order, for those who follow along."),
    ("webhooks", "Addresses that events are sent to, signed, and what became of each delivery."),
    ("health", "Whether the service lives and is ready to work."),
    ("problems", "The pages behind the `type` of each refusal."),
];

pub(super) fn complete(document: &mut Value) {
    let used = used_tags(document);
    let Some(root) = document.as_object_mut() else {
        return;
    };
    let described: Vec<Value> =
        used.iter().map(|name| json!({ "name": name, "description": description(name) })).collect();
    root.insert("tags".into(), Value::Array(described));
}

/// The tags that operations carry, told ones first and in the order of the table.
fn used_tags(document: &mut Value) -> Vec<String> {
    let mut used = Vec::new();
    operations::for_each(document, |operation| {
        let names = operation.node.get("tags").and_then(Value::as_array);
        for name in names.into_iter().flatten().filter_map(Value::as_str) {
            if !used.iter().any(|known| known == name) {
                used.push(name.to_owned());
            }
        }
    });
    used.sort_by_key(|name| TAGS.iter().position(|(known, _)| known == name).unwrap_or(TAGS.len()));
    used
}

fn description(name: &str) -> String {
    TAGS.iter()
        .find(|(known, _)| *known == name)
        .map_or_else(|| format!("Operations on {name}."), |(_, told)| (*told).to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::text;
    use super::*;

    #[test]
    fn only_used_tags_are_listed_and_each_is_described() {
        let mut document = json!({ "paths": { "/a": {
            "get": { "tags": ["pledges"] }, "post": { "tags": ["regions"] } } } });
        complete(&mut document);
        let tags = document.get("tags").and_then(Value::as_array).unwrap();
        let names: Vec<_> = tags.iter().filter_map(|tag| text(tag.as_object().unwrap(), "name")).collect();
        assert_eq!(names, ["regions", "pledges"]);
        assert!(tags.iter().all(|tag| tag.get("description").is_some()));
    }
}
