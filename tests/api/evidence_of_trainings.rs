//! What evidence packs tell of trainings that a company's lines pay for: seats, and people where they are of five families.

use serde_json::{Value, json};

use crate::evidence_packs::{fact, file, rows, table};
use crate::support::{Cast, HAMBAU, line, line_id};
use crate::trainings::{certify, mark, planned, seat, session, step};

struct Paid {
    cast: Cast,
    pledge: String,
    line: String,
}

impl Paid {
    async fn new() -> Self {
        let cast = Cast::new().await;
        let seats = json!({ "title": "Kursi", "year": 2026, "lines": [line("training_seat", "20", &[HAMBAU])] });
        let committed = cast.committed(&seats).await;
        Self { cast, pledge: committed.id(), line: line_id(&committed, 0) }
    }

    /// A training of so many members of families of their own, of whom the first ones came each day.
    async fn hold(&self, seats: i64, came: [usize; 2]) -> String {
        let officer = &self.cast.first;
        let body = json!({ "title": "Menjahit dasar", "kind": "training_seat", "provider": "BLK Contoh",
            "village_code": HAMBAU, "place": "Balai Desa", "seats": seats, "begins_on": "2026-01-05",
            "ends_on": "2026-01-09", "pledge_line_id": self.line });
        let training = planned(officer, &body).await;
        step(officer, &training, "openings").await.expect(200);
        let families = self.cast.app.needy_families(HAMBAU, seats - 1, "training_seat", "1").await;
        self.cast.app.arrange("update members set born_on = '1990-05-01' where born_on is null").await;
        let mut participants = Vec::new();
        for family in families {
            participants.push(seat(officer, &training, &family.beneficiary_id.to_string()).await.expect(201).id());
        }
        for (day, hours, came) in [("2026-01-05", 4, came[0]), ("2026-01-06", 6, came[1])] {
            let session = session(officer, &training, day, hours).await.expect(201).id();
            let told = |(at, id): (usize, &String)| (id.clone(), if at < came { "present" } else { "absent" });
            let marks: Vec<(String, &str)> = participants.iter().enumerate().map(told).collect();
            let marks: Vec<(&str, &str)> = marks.iter().map(|(id, mark)| (id.as_str(), *mark)).collect();
            mark(officer, &session, &marks).await.expect(200);
        }
        training
    }

    async fn certify(&self, training: &str, prefix: &str) {
        step(&self.cast.first, training, "completions").await.expect(200);
        certify(&self.cast.first, training, prefix).await.expect(200);
    }

    async fn pack(&self) -> (String, Value) {
        let path = format!("/v1/pledges/{}/evidence-packs", self.pledge);
        let id = self.cast.first.post(&path, &json!({})).await.expect(201).id();
        let document = file(&self.cast.company, &id, "application/json").await.expect(200).body;
        (id, document)
    }
}

fn figures(document: &Value) -> [Value; 3] {
    ["training_seats", "trainees_present", "trainees_completed"].map(|code| fact(document, 12, code)["value"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_counts_trainees_of_five_families_at_least() {
    let paid = Paid::new().await;
    let (_, before) = paid.pack().await;
    assert_eq!(figures(&before), [Value::Null, Value::Null, Value::Null]);
    let reason = fact(&before, 12, "trainees_completed")["missing_reason"].to_string();
    assert!(reason.contains("No training"), "{}", fact(&before, 12, "trainees_completed"));

    let few = paid.hold(4, [3, 3]).await;
    paid.certify(&few, "A").await;
    let (_, small) = paid.pack().await;
    assert_eq!(figures(&small), [json!("4"), Value::Null, Value::Null]);
    let many = paid.hold(9, [6, 5]).await;
    let (_, held) = paid.pack().await;
    assert_eq!(figures(&held), [json!("13"), json!("5"), Value::Null]);
    paid.certify(&many, "B").await;
    let (pack, told) = paid.pack().await;
    assert_eq!(figures(&told), [json!("13"), json!("5"), json!("5")], "of three nothing is told");
    let mut by_training: Vec<Vec<String>> = rows(table(&told, 12, "trainings"));
    by_training.sort_by_key(|row| row[5].clone());
    let counts = |row: &[String]| row[5..].to_vec();
    assert_eq!(counts(&by_training[0]), ["4", "", "", ""]);
    assert_eq!(counts(&by_training[1]), ["9", "5", "5", "5"]);
    assert_eq!((&by_training[1][0], &by_training[1][2]), (&many, &"held".to_owned()));

    let iati = file(&paid.cast.company, &pack, "application/xml").await.expect(200).text;
    assert!(iati.contains("Trainees with a certificate at least"), "{iati}");
    let year = json!({ "company_id": paid.cast.company_id, "year": 2026 });
    let year = paid.cast.company.post("/v1/annual-evidence-packs", &year).await.expect(201).id();
    let year = file(&paid.cast.company, &year, "application/json").await.expect(200).body;
    assert_eq!(rows(table(&year, 12, "by_pledge")), [[&*paid.pledge, "13", "5", "5"]]);
    assert_eq!(rows(table(&year, 12, "trainings_by_pledge")).len(), 2);
}
