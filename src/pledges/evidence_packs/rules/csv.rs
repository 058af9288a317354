//! A pack as one long table. Source: RFC 4180. Nothing in a cell is computed when a spreadsheet opens it.

use std::fmt::Write as _;

use crate::exports::starts_formula;
use crate::pledges::evidence_packs::model::{EvidencePack, PackDocument};

const HEADER: &str = "group,group_code,table,row,field,label,value,missing_reason\r\n";

/// One line for each value of a pack, then its digest and signature.
pub(in crate::pledges::evidence_packs) fn csv(pack: &EvidencePack, document: &PackDocument) -> String {
    let mut out = HEADER.to_owned();
    for group in &document.groups {
        let place = (group.number.to_string(), group.code.as_str());
        for fact in &group.facts {
            let value = fact.value.as_deref().unwrap_or_default();
            let reason = fact.missing_reason.as_deref().unwrap_or_default();
            line(&mut out, [&place.0, place.1, "", "", &fact.code, &fact.label, value, reason]);
        }
        for table in &group.tables {
            for (number, row) in (1_u32..).zip(&table.rows) {
                for (column, cell) in table.columns.iter().zip(&row.cells) {
                    let at = number.to_string();
                    let cells = [&place.0, place.1, &table.code, &at, &column.code, &column.label, &cell.0, ""];
                    line(&mut out, cells);
                }
            }
        }
    }
    for (code, label, value) in seal(pack) {
        line(&mut out, ["1", "identity", "", "", code, label, &value, ""]);
    }
    out
}

/// What proves the document, which cannot stand in it.
pub(super) fn seal(pack: &EvidencePack) -> [(&'static str, &'static str, String); 3] {
    [
        ("digest", "SHA-256 of the document in canonical JSON", pack.digest.to_string()),
        ("signature", "Signature of the digest (detached JWS, EdDSA)", pack.signature.clone()),
        ("key_id", "Key that signed", pack.key_id.clone()),
    ]
}

fn line(out: &mut String, cells: [&str; 8]) {
    for (at, text) in cells.into_iter().enumerate() {
        out.push_str(if at > 0 { "," } else { "" });
        let apostrophe = if starts_formula(text) { "'" } else { "" };
        if text.contains(['"', ',', '\r', '\n', '\t', ' ', ';']) {
            // Writing into a string cannot fail.
            let _ = write!(out, "\"{apostrophe}{}\"", text.replace('"', "\"\""));
        } else {
            let _ = write!(out, "{apostrophe}{text}");
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_a_text() {
        let mut out = String::new();
        line(&mut out, ["1", "a", "", "", "b", "c", "=HYPERLINK(\"x\"; 1)", "+1"]);
        assert_eq!(out, "1,a,,,b,c,\"'=HYPERLINK(\"\"x\"\"; 1)\",'+1\r\n");
    }
}
