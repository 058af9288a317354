//! The pack of a pledge as an activity of the International Aid Transparency Initiative.
//!
//! Source: IATI Standard 2.03, activity schema (order of elements) and code lists, iatistandard.org. The sub-district
//! reports, so that what the company owes and gives comes in. Everything is read from the signed document.

mod money;
mod results;
mod xml;

use std::collections::BTreeMap;

use bigdecimal::{BigDecimal, One, RoundingMode, Zero};

use self::money::Prices;
use self::xml::{Element, document, element, narrated, quoted};
use crate::error::Result;
use crate::pledges::evidence_packs::model::{EvidencePack, PackDocument};

/// Code list `OrganisationType`: local government, private sector.
const LOCAL_GOVERNMENT: &str = "11";
const PRIVATE_SECTOR: &str = "70";

/// The activity of the pack of a pledge; nothing for a pack of a year, whose pledges are activities of their own.
///
/// # Errors
/// None that is known.
pub(in crate::pledges::evidence_packs) fn iati(pack: &EvidencePack, told: &PackDocument) -> Result<Option<String>> {
    let Some(pledge_id) = told.pledge_id else { return Ok(None) };
    let at = told.generated_at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let activity = element("iati-activity")
        .with("last-updated-datetime", &at)
        .with("xml:lang", "id")
        .with("default-currency", "IDR")
        .with("humanitarian", "0")
        .with("hierarchy", "1")
        .holding(identity(told, &pledge_id.to_string()))
        .holding([
            element("other-identifier").with("ref", pledge_id.to_string()).with("type", "A1"),
            element("other-identifier").with("ref", pack.digest.to_string()).with("type", "A9"),
            element("activity-status").with("code", status(told)),
        ])
        .holding(dates(told))
        .holding([element("activity-scope").with("code", "7")])
        .holding([element("recipient-country").with("code", "ID").with("percentage", "100")])
        .holding(locations(told))
        .holding(sectors(told))
        .holding([
            element("default-flow-type").with("code", "30"),
            element("default-finance-type").with("code", "110"),
            element("default-aid-type").with("code", "C01").with("vocabulary", "1"),
        ])
        .holding(money::of(told))
        .holding(results::of(told));
    let root = element("iati-activities").with("version", "2.03").with("generated-datetime", &at).holding([activity]);
    document(&root).map(Some)
}

/// The sub-district as an organisation: the prefix of org-id.guide for codes of the Ministry of Home Affairs, and the
/// code that its villages begin with.
fn reporter(told: &PackDocument) -> String {
    let village = told.rows(8, "earmarks").next().map(|row| row.cell("village_code").to_owned()).unwrap_or_default();
    format!("ID-KDN-{}", village.rsplit_once('.').map_or(village.as_str(), |(district, _)| district))
}

fn sub_district(told: &PackDocument) -> String {
    format!("Kecamatan {}", told.fact(8, "sub_district").unwrap_or_default())
}

/// The sub-district as an element of the standard.
fn government(name: &'static str, told: &PackDocument) -> Element {
    quoted(name, &sub_district(told)).with("ref", reporter(told)).with("type", LOCAL_GOVERNMENT)
}

/// The company as an element of the standard; no list of organisations that the standard knows has its number.
fn company(name: &'static str, told: &PackDocument) -> Element {
    quoted(name, told.fact(2, "name").unwrap_or_default()).with("type", PRIVATE_SECTOR)
}

fn identity(told: &PackDocument, pledge_id: &str) -> Vec<Element> {
    let title = told.fact(3, "title").unwrap_or_default();
    let about =
        format!("Pledge of {} to {} for {}", told.fact(2, "name").unwrap_or_default(), sub_district(told), told.year);
    vec![
        element("iati-identifier").saying(format!("{}-{pledge_id}", reporter(told))),
        government("reporting-org", told).with("secondary-reporter", "0"),
        quoted("title", title),
        narrated("description", &about).with("type", "1"),
        company("participating-org", told).with("role", "1"),
        government("participating-org", told).with("role", "4"),
    ]
}

/// Code list `ActivityStatus`: implementation, closed.
fn status(told: &PackDocument) -> &'static str {
    if told.fact(3, "status") == Some("closed") { "4" } else { "2" }
}

/// Code list `ActivityDateType`: planned start, actual start, planned end, actual end.
fn dates(told: &PackDocument) -> Vec<Element> {
    let date = |code: &str, day: &str| element("activity-date").with("type", code).with("iso-date", day);
    let mut dates = vec![date("1", &format!("{}-01-01", told.year))];
    dates.extend(told.fact(3, "accepted_on").map(|day| date("2", day)));
    dates.push(date("3", &format!("{}-12-31", told.year)));
    let closures = told.rows(16, "decisions").filter(|row| row.cell("kind") == "closure");
    let closed_on = closures.last().filter(|_| status(told) == "4").map(|row| row.cell("on").to_owned());
    dates.extend(closed_on.map(|day| date("4", &day)));
    dates
}

/// The villages that the lines are for; of the families only those counted in results.
fn locations(told: &PackDocument) -> Vec<Element> {
    let named: BTreeMap<&str, &str> =
        told.rows(8, "earmarks").map(|row| (row.cell("village_code"), row.cell("name"))).collect();
    let location = |(code, name): (&str, &str)| {
        let name = if name.is_empty() { code } else { name };
        element("location").with("ref", code).holding([
            element("location-reach").with("code", "2"),
            quoted("name", name),
            element("exactness").with("code", "2"),
        ])
    };
    named.into_iter().map(location).collect()
}

/// Code list `SectorCategory` (DAC, three digits), by field of the regional law.
fn sector(field: &str) -> &'static str {
    match field {
        "economy" => "430",
        "education" => "111",
        "health" => "121",
        "environment" => "410",
        "infrastructure" => "210",
        "social" => "160",
        "disaster" => "720",
        _ => "998",
    }
}

/// The sectors with the share of each in what is promised, or in the lines where no value is stated; together 100.
fn sectors(told: &PackDocument) -> Vec<Element> {
    let prices = Prices::of(told);
    let has_value = !prices.promised().is_zero();
    let mut weights: BTreeMap<&str, BigDecimal> = BTreeMap::new();
    for row in told.rows(6, "fields") {
        let weight = if has_value { prices.promised_of(row.cell("pledge_line_id")) } else { BigDecimal::one() };
        *weights.entry(sector(row.cell("field"))).or_default() += weight;
    }
    weights.retain(|_, weight| !weight.is_zero());
    let whole: BigDecimal = weights.values().sum();
    let (mut left, mut more) = (BigDecimal::from(100), weights.len());
    let shares = weights.into_iter().map(|(code, weight)| {
        more -= 1;
        let share = (weight * BigDecimal::from(100) / &whole).with_scale_round(2, RoundingMode::Down);
        let share = if more == 0 { left.clone() } else { share };
        left -= &share;
        let share = share.normalized().to_plain_string();
        element("sector").with("vocabulary", "2").with("code", code).with("percentage", share)
    });
    shares.collect()
}
