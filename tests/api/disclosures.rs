//! What companies say of their pledges for their reports, and that evidence packs tell the newest of it.

use serde_json::{Value, json};

use crate::evidence_packs::{cell, fact, file, make, rows, table};
use crate::support::{Cast, KENOHAN, event_kinds, line_id, tools_and_training};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_company_discloses_is_in_the_next_pack() {
    let cast = Cast::new().await;
    let pledge = cast.committed(&tools_and_training()).await;
    let (id, tractors, seats) = (pledge.id(), line_id(&pledge, 0), line_id(&pledge, 1));
    let path = format!("/v1/pledges/{id}/disclosures");
    let first = json!({ "overhead_rupiah": 1, "lines": [] });
    cast.company.post(&path, &first).await.expect(201);
    let new = json!({ "operation_site": "Kebun Belayan", "site_ring": 2, "ppm_field": "economic_independence",
        "late_reason": "weather", "overhead_rupiah": 12_000_000, "transport_rupiah": 3_500_000, "lines": [
            { "pledge_line_id": tractors, "sdg_targets": ["1.4", "8.3"], "gri": ["203-1"], "seojk": ["F.25"],
              "b4si": "in_kind" },
            { "pledge_line_id": seats, "sdg_targets": ["4.4"], "b4si": "cash", "deductible_kind": "education_facility" }
        ] });
    let made = cast.company.post(&path, &new).await.expect(201);
    assert_eq!((&made.body["version"], &made.body["lines"][0]["gri"]), (&json!(2), &json!(["203-1"])));
    for reader in [&cast.company, &cast.first] {
        assert_eq!(reader.get(made.header("location")).await.expect(200).body, made.body);
        let listed = reader.get(&format!("{path}?sort=-version&count=exact")).await.expect(200).body;
        assert_eq!((&listed["items"][0], &listed["total"]), (&made.body, &json!(2)));
    }
    let pack = make(&cast.company, &id).await.expect(201).id();
    let document = file(&cast.company, &pack, "application/json").await.expect(200).body;
    let told = |group: usize, code: &str| fact(&document, group, code)["value"].clone();
    for (group, code, expected) in [
        (2, "site", "Kebun Belayan, ring 2"),
        (5, "late_reasons", "weather"),
        (6, "ppm_field", "economic_independence"),
        (7, "sdg_target", "1.4, 4.4, 8.3"),
        (7, "gri", "203-1"),
        (7, "pojk", "F.25"),
        (7, "b4si", "cash, in_kind"),
        (7, "pp_93_kind", "education_facility"),
        (15, "overhead_rupiah", "12000000"),
        (15, "transport_rupiah", "3500000"),
    ] {
        assert_eq!(told(group, code), json!(expected), "{code}");
    }
    let standards = table(&document, 7, "standards");
    assert_eq!((rows(standards).len(), cell(standards, 0, "sdg_target")), (2, "1.4, 8.3"));
    assert_eq!(told(2, "npwp"), Value::Null);

    let year = json!({ "company_id": cast.company_id, "year": 2026 });
    let year = cast.company.post("/v1/annual-evidence-packs", &year).await.expect(201).id();
    let year = file(&cast.company, &year, "application/json").await.expect(200).body;
    assert_eq!(fact(&year, 15, "overhead_rupiah")["value"], "12000000");
    assert_eq!(rows(table(&year, 7, "standards_by_pledge")).len(), 2);
    assert_eq!(cast.app.audited("add_pledge_disclosure").await, 2);
    let events = event_kinds(&cast.company, 9).await;
    assert_eq!(events.iter().filter(|event| event["type"] == "pledge.disclosed").count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disclosure_is_of_the_companys_own_pledge_and_in_codes_of_the_standards() {
    let cast = Cast::new().await;
    let pledge = cast.draft(&tools_and_training()).await;
    let (path, tractors) = (format!("/v1/pledges/{}/disclosures", pledge.id()), line_id(&pledge, 0));
    let of = |line: Value| json!({ "lines": [line] });
    let refused = [
        (of(json!({ "pledge_line_id": uuid::Uuid::now_v7() })), "/lines/0/pledge_line_id", "reference_unknown"),
        (of(json!({ "pledge_line_id": tractors, "sdg_targets": ["18.1"] })), "/lines/0/sdg_targets/0", "value_unknown"),
        (of(json!({ "pledge_line_id": tractors, "gri": ["203-1", "203-1"] })), "/lines/0/gri/1", "value_twice"),
        (of(json!({ "pledge_line_id": tractors, "seojk": ["Budi"] })), "/lines/0/seojk/0", "value_unknown"),
        (
            json!({ "lines": [{ "pledge_line_id": tractors }, { "pledge_line_id": tractors }] }),
            "/lines/1/pledge_line_id",
            "value_twice",
        ),
        (json!({ "site_ring": 4 }), "/site_ring", "wrong_type"),
    ];
    for (new, pointer, code) in refused {
        let answer = cast.company.post(&path, &new).await.expect_problem(422, "invalid_fields");
        let told = (&answer.body["errors"][0]["pointer"], &answer.body["errors"][0]["code"]);
        assert_eq!(told, (&json!(pointer), &json!(code)), "{}", answer.text);
    }
    let made = cast.company.post(&path, &json!({})).await.expect(201);
    cast.first.post(&path, &json!({})).await.expect_problem(403, "insufficient_scope");
    let (_, rival) = cast.app.company("PT Lain").await;
    rival.post(&path, &json!({})).await.expect_problem(404, "not_found");
    rival.get(&path).await.expect_problem(404, "not_found");
    rival.get(made.header("location")).await.expect_problem(404, "not_found");
    let neighbour = cast.app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(made.header("location")).await.expect_problem(404, "not_found");
}
