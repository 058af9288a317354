//! A CSV file of members, from upload to applied, against `\copy` of the rows it made into the same tables.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::figure::{tell_memory, tell_ratio};
use crate::import::{copy, import};
use crate::load::psql;
use crate::service::Service;
use crate::slips::{Draw, full_name};

/// Members of a family.
const MEMBERS: usize = 4;

pub(crate) fn run(service: &Service, rows: usize) {
    let csv = write_file(&service.folder, rows);
    let began_at = psql(service, "select clock_timestamp()");
    let token = service.token("sandbox-kecamatan");
    service.forget_peak();
    let ours = import(service, &token, &csv, (rows / MEMBERS, MEMBERS));
    let peak = service.peak_mebibytes();
    psql(service, "analyze");
    let theirs = copy(service, began_at.trim(), rows);
    let peer = "psql \\copy of the same rows, same tables and indexes";
    tell_ratio(&format!("import of {rows} members"), 0.25, peer, &[(ours, theirs)]);
    tell_memory(&format!("memory, import of {rows} members"), peak, 256.0);
    std::fs::remove_file(csv).unwrap();
}

/// An import is followed by a look for duplicates, which holds a core for a minute.
pub(crate) fn wait_for_duplicates(service: &Service) {
    let has_begun = "select count(*) from duplicate_runs where import_id is not null";
    let is_going_on = "select count(*) from duplicate_runs where status = 'running'";
    while psql(service, has_begun).trim() == "0" || psql(service, is_going_on).trim() != "0" {
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// Families of four; each number is of a real day and none is given twice.
fn write_file(folder: &Path, rows: usize) -> PathBuf {
    let path = folder.join("members.csv");
    let mut csv = BufWriter::new(File::create(&path).unwrap());
    writeln!(
        csv,
        "card_number,nik,name,sex,born_on,relationship,village_code,address,decile,decile_source,decile_period"
    )
    .unwrap();
    for row in 0..rows / MEMBERS * MEMBERS {
        let (family, member) = (row / MEMBERS, row % MEMBERS);
        let (_, card) = numbered("640201", family);
        let (born_on, nik) = numbered("640202", row);
        let relationship = if member == 0 { "head" } else { "child" };
        let village = 2_001 + family % 11;
        writeln!(
            csv,
            "{card},{nik},{},male,{born_on},{relationship},64.02.10.{village},RT 03,{},DTSEN,2026-10-01",
            name(row),
            1 + family % 10
        )
        .unwrap();
    }
    csv.flush().unwrap();
    path
}

/// A day and the sixteen digits of it that no other row has.
pub(crate) fn numbered(district: &str, number: usize) -> (String, String) {
    let (day, month, year) = (1 + number % 28, 1 + number / 28 % 12, 40 + number / 336 % 60);
    let serial = 1 + number / 20_160;
    (format!("19{year}-{month:02}-{day:02}"), format!("{district}{day:02}{month:02}{year}{serial:04}"))
}

/// The name of a number, of one to three words that some share as many do in life; made of syllables, of nobody.
pub(crate) fn name(number: usize) -> String {
    full_name(&mut Draw::new(number as u64), false).join(" ")
}
