//! A pack as a page to print: no script, and nothing is asked of any other place.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::csv::seal;
use crate::keys::sha256;
use crate::pledges::evidence_packs::model::{EvidencePack, PackDocument, PackFact, PackGroup, PackTable};

const STYLE: &str = include_str!("page.css");

/// What the page of a company's year is called.
const ANNUAL: &str = "Annual evidence pack · Berkas bukti tahunan";

/// The content security policy of the page: its own style and nothing else.
pub(in crate::pledges::evidence_packs) fn page_policy() -> String {
    let digest = STANDARD.encode(sha256(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The page of a pack.
pub(in crate::pledges::evidence_packs) fn page(pack: &EvidencePack, document: &PackDocument) -> String {
    let of_what = if document.pledge_id.is_some() { "Evidence pack · Berkas bukti" } else { ANNUAL };
    let title = format!("{of_what} {} v{}", document.year, document.version);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <style>{STYLE}</style></head><body><h1>{title}</h1>\n"
    );
    document.groups.iter().for_each(|group| section(&mut out, group));
    let proof = seal(pack).map(|(_, label, value)| format!("<dt>{label}</dt><dd><code>{value}</code></dd>"));
    // Writing into a string cannot fail, here and below.
    let _ = writeln!(out, "<footer><dl>{}</dl></footer></body></html>", proof.concat());
    out
}

fn section(out: &mut String, group: &PackGroup) {
    let _ = write!(out, "<section><h2>{}. {}</h2>", group.number, escaped(&group.title));
    if !group.facts.is_empty() {
        let facts: Vec<String> = group.facts.iter().map(definition).collect();
        let _ = write!(out, "<dl>{}</dl>", facts.concat());
    }
    for table in &group.tables {
        if table.code == "quantities" {
            chart(out, table);
        }
        rows(out, table);
    }
    out.push_str("</section>\n");
}

fn definition(fact: &PackFact) -> String {
    let label = escaped(&fact.label);
    if let Some(value) = &fact.value {
        return format!("<dt>{label}</dt><dd>{}</dd>", escaped(value));
    }
    let reason = escaped(fact.missing_reason.as_deref().unwrap_or_default());
    format!("<dt>{label}</dt><dd class=\"missing\">– {reason}</dd>")
}

fn rows(out: &mut String, table: &PackTable) {
    let _ = write!(out, "<table><caption>{}</caption><thead><tr>", escaped(&table.title));
    for column in &table.columns {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escaped(&column.label));
    }
    out.push_str("</tr></thead><tbody>");
    for row in &table.rows {
        out.push_str("<tr>");
        for cell in &row.cells {
            let _ = write!(out, "<td>{}</td>", escaped(&cell.0));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
}

/// Bars of a line: their columns and what they are drawn in.
const BARS: [(&str, &str); 4] =
    [("promised", "#9aa5b1"), ("committed", "#627d98"), ("received", "#2f855a"), ("delivered", "#22543d")];
/// Width of what was promised, in the units of the drawing.
const FULL: u128 = 400;
const BAR_HEIGHT: usize = 16;

/// Promised, committed, received and delivered of each line, each as a bar; what was promised is the full width.
fn chart(out: &mut String, table: &PackTable) {
    for row in table.named() {
        let (kind, unit) = (escaped(row.cell("kind")), escaped(row.cell("unit")));
        let full = thousandths(row.cell("promised")).max(1);
        let height = BARS.len() * BAR_HEIGHT;
        let _ = write!(
            out,
            "<figure><figcaption>{kind} ({unit})</figcaption><svg viewBox=\"0 0 640 {height}\" width=\"640\" \
             height=\"{height}\" role=\"img\" aria-label=\"{kind}\">"
        );
        for (at, (code, colour)) in BARS.iter().enumerate() {
            let quantity = row.cell(code);
            let width = (thousandths(quantity) * FULL / full).min(FULL);
            let (top, base) = (at * BAR_HEIGHT, at * BAR_HEIGHT + 11);
            let _ = write!(
                out,
                "<text x=\"0\" y=\"{base}\" font-size=\"11\">{code}</text><rect x=\"90\" y=\"{top}\" width=\"{width}\" \
                 height=\"12\" fill=\"{colour}\"/><text x=\"{}\" y=\"{base}\" font-size=\"11\">{}</text>",
                width + 96,
                escaped(quantity)
            );
        }
        out.push_str("</svg></figure>");
    }
}

/// A quantity in thousandths, for drawing only.
fn thousandths(quantity: &str) -> u128 {
    let (whole, part) = quantity.split_once('.').unwrap_or((quantity, ""));
    format!("{whole}{part:0<3}").parse().unwrap_or_default()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_drawn_to_scale() {
        assert_eq!(["10", "2.5", "0.001", ""].map(thousandths), [10_000, 2_500, 1, 0]);
    }

    #[test]
    fn what_a_company_writes_is_text() {
        assert_eq!(escaped("<script>\"&'"), "&lt;script&gt;&quot;&amp;&#39;");
    }
}
