//! Which pledges are late is told twice, by the rule for each and by the filter for all: they never differ.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::draw::Draw;
use crate::support::{Cast, HAMBAU, line, line_id};

/// Pledges that are drawn.
const PLEDGES: usize = 24;

/// A line due in parts around today, or all of it by the end of the year.
fn drawn_line(draw: &mut Draw, today: NaiveDate) -> Value {
    // In the order of the days; the parts add up.
    let days = [today - Days::new(40), today - Days::new(1), today, today + Days::new(1), today + Days::new(400)];
    let parts: Vec<(NaiveDate, usize)> = days.into_iter().map(|day| (day, draw.below(4))).collect();
    let parts: Vec<Value> = parts
        .iter()
        .filter(|(_, part)| *part > 0)
        .map(|(due_on, part)| json!({ "due_on": due_on, "quantity": part.to_string() }))
        .collect();
    let sum: usize = parts.iter().map(|part| part["quantity"].as_str().unwrap().parse::<usize>().unwrap()).sum();
    let mut drawn = line("hand_tractor", &sum.max(3).to_string(), &[HAMBAU]);
    if sum >= 3 && !draw.once_in(4) {
        drawn["installments"] = json!(parts);
    }
    drawn
}

#[tokio::test(flavor = "multi_thread")]
async fn the_filter_for_late_pledges_and_the_rule_tell_the_same() {
    let cast = Cast::new().await;
    let (today, mut draw) = (sinergi::db::today(), Draw::new(20_261_129));
    for number in 0..PLEDGES {
        let year = [2025, 2026][number % 2];
        let lines = [drawn_line(&mut draw, today), drawn_line(&mut draw, today)];
        let pledge = cast.committed(&json!({ "title": "Traktor", "year": year, "lines": lines })).await;
        for (at, promised) in lines.iter().enumerate() {
            let promised: usize = promised["quantity"].as_str().unwrap().parse().unwrap();
            let some = draw.below(promised + 1);
            if some > 0 {
                cast.receive(&pledge.id(), &line_id(&pledge, at), &some.to_string()).await.expect(201);
            }
        }
    }
    let listed = async |query: &str| {
        let page = cast.first.get(&format!("/v1/pledges?limit=200{query}")).await.expect(200).body;
        page["items"].as_array().unwrap().clone()
    };
    let ids = |rows: &[Value]| rows.iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    let (late, in_time): (Vec<Value>, Vec<Value>) =
        listed("").await.into_iter().partition(|row| row["progress"]["is_overdue"] == json!(true));
    assert!(late.len() > 3 && in_time.len() > 3, "{} late, {} in time", late.len(), in_time.len());
    assert_eq!(ids(&listed("&is_overdue=true").await), ids(&late));
    assert_eq!(ids(&listed("&is_overdue=false").await), ids(&in_time));
    for row in late.iter().chain(&in_time) {
        let due = cast.due(row["id"].as_str().unwrap()).await["lines"].as_array().unwrap().clone();
        let is_late = due.iter().any(|line| line["overdue"] != json!("0"));
        assert_eq!(row["progress"]["is_overdue"], json!(is_late), "{row}");
    }
}
