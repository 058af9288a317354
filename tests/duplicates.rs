//! Finding duplicates in files: on a made-up population, and on the measuring kit where it lies beside the project.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a test that panics has failed"
)]

#[path = "../benches/dedup/population.rs"]
mod population;
#[path = "../benches/dedup/score.rs"]
mod score;
#[path = "../benches/dedup/slips.rs"]
mod slips;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use score::{Pairs, Score, f1, kinds_found, pairs, shared};

/// Runs the command and reads the pairs that it finds.
fn found(config: &str, files: &[PathBuf], folder: &Path) -> (Pairs, Pairs) {
    let (out, families) = (folder.join("pairs.csv"), folder.join("families.csv"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_sinergi"));
    command.args(["dedup", "--config", config]).args(files).arg("--out").arg(&out).arg("--families").arg(&families);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (pairs(&out), pairs(&families))
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("sinergi-duplicates-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes a file again with other identities in the first column, and tells which is which.
fn with_other_ids(file: &Path, into: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(file).unwrap();
    let mut lines = text.lines();
    let mut written = format!("{}\n", lines.next().unwrap());
    let mut renamed = Vec::new();
    for (at, line) in lines.enumerate() {
        let (id, rest) = line.split_once(',').unwrap();
        let other = format!("{:x}", (at as u64 + 7).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16);
        writeln!(written, "{other},{rest}").unwrap();
        renamed.push((other, id.to_owned()));
    }
    fs::write(into, written).unwrap();
    renamed
}

#[test]
fn a_made_up_population_is_found() {
    let folder = folder("population");
    population::write(&folder, 20_000, 3).unwrap();
    let (found, families) = found("indonesia.toml", &[folder.join("records.csv")], &folder);
    let Score { precision, f1, .. } = f1(&found, &pairs(&folder.join("truth_pairs.csv")));
    assert!(f1 >= 0.97 && precision >= 0.985, "f1 {f1}, precision {precision}");
    let of_families = score::f1(&families, &pairs(&folder.join("truth_families.csv"))).f1;
    assert!(of_families >= 0.95, "families {of_families}");
    for (kind, (joined, all)) in kinds_found(&found, &folder.join("hard_negatives.csv")) {
        assert!(joined * 100 <= all, "{kind}: {joined} of {all} joined");
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn identities_change_nothing() {
    let folder = folder("identities");
    population::write(&folder, 3_000, 5).unwrap();
    let records = folder.join("records.csv");
    let (known, _) = found("indonesia.toml", std::slice::from_ref(&records), &folder);
    let renamed: std::collections::HashMap<_, _> =
        with_other_ids(&records, &folder.join("renamed.csv")).into_iter().collect();
    let (other, _) = found("indonesia.toml", &[folder.join("renamed.csv")], &folder);
    let back = |id: &String| renamed[id].clone();
    let other: BTreeSet<_> = other.iter().map(|(a, b)| score::ordered(back(a), back(b))).collect();
    assert!(!known.is_empty());
    assert_eq!(known, other);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_configuration_that_does_not_fit_is_told() {
    let folder = folder("misfit");
    let file = folder.join("one.csv");
    fs::write(&file, "a,b\n1,2\n").unwrap();
    let run = |config: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sinergi"));
        command.arg("dedup").arg("--config").arg(config).arg(&file).arg("--out").arg(folder.join("out.csv"));
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(run(Path::new("febrl.toml")).contains("has no column rec_id"));
    let own = folder.join("own.toml");
    fs::write(&own, "[input]\nid = \"a\"\n[[field]]\nname = \"b\"\nkind = \"text\"\n[[key]]\nparts = [\"c\"]\n")
        .unwrap();
    assert!(run(&own).contains("no field is named c"));
    assert!(run(&folder.join("absent.toml")).contains("absent.toml"));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn two_files_give_pairs_across_them() {
    let folder = folder("two");
    population::write(&folder, 4_000, 9).unwrap();
    let text = fs::read_to_string(folder.join("records.csv")).unwrap();
    let (header, lines) = text.split_once('\n').unwrap();
    let files = [0, 1].map(|side| {
        let half: Vec<&str> = lines.lines().skip(side).step_by(2).collect();
        let path = folder.join(format!("half{side}.csv"));
        fs::write(&path, format!("{header}\n{}\n", half.join("\n"))).unwrap();
        path
    });
    let (found, _) = found("indonesia.toml", &files, &folder);
    let is_odd = |id: &String| id.trim_start_matches('R').parse::<u32>().unwrap() % 2 == 1;
    assert!(!found.is_empty());
    assert!(found.iter().all(|(one, other)| is_odd(one) != is_odd(other)));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn febrl_is_found_whatever_its_identities() {
    let Some(kit) = shared("dedup/febrl") else { return };
    let folder = folder("febrl");
    let sets: [(&[&str], &str, f64); 4] = [
        (&["dataset1.csv"], "truth1.csv", 1.0),
        (&["dataset2.csv"], "truth2.csv", 0.9997),
        (&["dataset3.csv"], "truth3.csv", 0.9995),
        (&["dataset4a.csv", "dataset4b.csv"], "truth4.csv", 1.0),
    ];
    for (files, truth, least) in sets {
        let mut renamed = std::collections::HashMap::new();
        let mut written = Vec::new();
        for (at, file) in files.iter().enumerate() {
            let into = folder.join(format!("renamed{at}.csv"));
            let names = with_other_ids(&kit.join(file), &into);
            renamed.extend(names.into_iter().map(|(other, id)| ((at, other), id)));
            written.push(into);
        }
        // The second file's identities begin with another letter, so that none is in both.
        if files.len() == 2 {
            let second = fs::read_to_string(&written[1]).unwrap();
            let marked: Vec<String> = second.lines().map(|line| format!("z{line}")).collect();
            fs::write(&written[1], marked.join("\n").replacen("zrec_id", "rec_id", 1)).unwrap();
        }
        let back = |id: &String| match id.strip_prefix('z') {
            Some(id) => renamed[&(1, id.to_owned())].clone(),
            None => renamed[&(0, id.clone())].clone(),
        };
        let (found, _) = found("febrl.toml", &written, &folder);
        let found = found.iter().map(|(a, b)| score::ordered(back(a), back(b))).collect();
        let f1 = f1(&found, &pairs(&kit.join(truth))).f1;
        assert!((f1 * 10_000.0).round() / 10_000.0 >= least, "{truth}: {f1}");
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_indonesian_set_is_found() {
    let Some(kit) = shared("dedup/indonesia-20k") else { return };
    let folder = folder("indonesia");
    let (found, families) = found("indonesia.toml", &[kit.join("records.csv")], &folder);
    let Score { precision, f1, .. } = f1(&found, &pairs(&kit.join("truth_pairs.csv")));
    assert!(f1 >= 0.98 && precision >= 0.985, "f1 {f1}, precision {precision}");
    let of_families = score::f1(&families, &pairs(&kit.join("truth_families.csv"))).f1;
    assert!(of_families >= 0.97, "families {of_families}");
    for (kind, (joined, all)) in kinds_found(&found, &kit.join("hard_negatives.csv")) {
        assert!(joined * 100 <= all, "{kind}: {joined} of {all} joined");
    }
    fs::remove_dir_all(folder).unwrap();
}
