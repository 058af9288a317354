//! Steps 1 and 2: a village's file comes in, and one family more by hand.

use std::io::Write;

use reqwest::Method;
use serde_json::{Value, json};

use super::player::{Player, Reply, Sent, Told, check};
use super::{KECAMATAN, PUSKESOS};

/// Three whole families, and two rows that cannot be taken: a NIK with a month 13, a village nobody knows.
const FILE: &str = "\
card_number,nik,name,sex,born_on,relationship,village_code,address,decile,decile_source,decile_period
6402990101019001,6402995203859001,Contoh Sukma Tura,female,1985-03-12,head,64.02.10.2003,RT 01,1,DTSEN,2026-10-01
6402990101019001,,Contoh Beni Tura,male,2016-07-30,child,64.02.10.2003,RT 01,1,DTSEN,2026-10-01
6402990101019002,6402991505709002,Contoh Darma Wela,male,1970-05-15,head,64.02.10.2003,RT 02,3,DTSEN,2026-10-01
6402990101019002,6402996209749003,Contoh Ratna Wela,female,1974-09-22,spouse,64.02.10.2003,RT 02,3,DTSEN,2026-10-01
6402990101019003,6402990811809004,Contoh Jala Muri,male,1980-11-08,head,64.02.10.2003,RT 02,6,DTSEN,2026-10-01
6402990101019004,6402991513809005,Contoh Salah Bulan,male,1980-12-15,head,64.02.10.2003,RT 03,2,DTSEN,2026-10-01
6402990101019005,6402992002909006,Contoh Salah Desa,male,1990-02-20,head,64.02.10.2999,RT 04,2,DTSEN,2026-10-01
";

/// Imports the file twice: the first time takes the good families, the second changes nothing.
pub(super) async fn import<W: Write>(player: &mut Player<W>) -> Told {
    player.teller.chapter("The kecamatan imports a village's families from CSV")?;
    let first = upload(player).await?;
    let taken = (first.text("/families_created"), first.text("/rows_faulty"));
    player.teller.shows(&format!("{} families taken, {} rows faulty", taken.0, taken.1))?;
    check(taken == ("3".to_owned(), "2".to_owned()), &format!("took {} with {} faults", taken.0, taken.1))?;
    let faults = player.get(KECAMATAN, &format!("/v1/imports/{}/faults", first.text("/id"))).await?;
    for fault in faults.items() {
        let told = |name: &str| fault.get(name).map(plain).unwrap_or_default();
        let line = format!("row {}, {}: {} - {}", told("row"), told("column"), told("code"), told("detail"));
        player.teller.shows(&line)?;
    }
    check(faults.items().len() == 2, "the two faulty rows are not told")?;
    let second = upload(player).await?;
    let unchanged = second.text("/families_unchanged");
    player.teller.shows(&format!("the same file again: {unchanged} families unchanged, nothing written"))?;
    check(second.text("/families_created") == "0" && unchanged == "3", "the second import changed something")
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// Sends the file and waits until it is applied.
async fn upload<W: Write>(player: &mut Player<W>) -> Told<Reply> {
    let accepted = player.send(KECAMATAN, Method::POST, "/v1/imports", Sent::Csv(FILE), 202).await?;
    let address = accepted.header("location").to_owned();
    player.wait_until(KECAMATAN, &address, "/status", "applied").await
}

/// Registers a family by hand and corrects a member under a condition.
pub(super) async fn register<W: Write>(player: &mut Player<W>) -> Told {
    player.teller.chapter("Puskesos registers one more family and corrects a member")?;
    let family = json!({
        "card_number": "6402990101019010", "village_code": "64.02.10.2003", "address": "RT 05",
        "rank": { "source": "DTSEN", "period": "2026-10-01", "decile": 2 },
        "members": [
            { "nik": "6402104107889010", "name": "Contoh Mira Sanu", "sex": "female", "born_on": "1988-07-02",
              "relationship": "head", "work": "oil_palm_smallholder" },
            { "name": "Contoh Tiga Sanu", "sex": "male", "born_on": "2018-01-20", "relationship": "child" },
        ],
    });
    let made = player.post(PUSKESOS, "/v1/beneficiaries", &family).await?;
    let shown = format!("family {} with {} members", made.text("/card_number"), made.text("/member_count"));
    player.teller.shows(&shown)?;
    let members = player.get(PUSKESOS, &format!("/v1/beneficiaries/{}/members", made.text("/id"))).await?;
    let head = members.text("/items/0/id");
    player.teller.shows(&format!("warning on the head: {}", members.text("/items/0/warnings")))?;
    let address = format!("/v1/members/{head}");
    let read = player.get(PUSKESOS, &address).await?;
    let etag = read.header("etag").to_owned();
    let changes = json!({ "born_on": "1988-07-01" });
    let corrected = player.send(PUSKESOS, Method::PATCH, &address, Sent::Patch(&etag, &changes), 200).await?;
    player.teller.shows(&format!("birth date corrected, warnings now: {}", corrected.text("/warnings")))?;
    check(corrected.text("/warnings") == "[]", "the warning did not vanish")?;
    player.send(PUSKESOS, Method::PATCH, &address, Sent::Patch(&etag, &changes), 412).await?;
    player.teller.shows("the old ETag again: refused, somebody might have changed it meanwhile").map_err(Into::into)
}
