//! Finds duplicates in CSV files, without a database.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::matching::engine::{Clusters, Reading, Records, Schema, Weighed, Weighing, cluster, families, link, weigh};

use super::Failure;

/// What is read and where the results go.
#[derive(Debug, Args)]
pub struct DedupOrder {
    /// Names the columns and how they are compared; `febrl.toml` and `indonesia.toml` are built in
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// CSV files with a header; of two, only pairs across both count
    #[arg(required = true, num_args = 1..=2, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Takes the pairs of records that are one person, with the bits in favour
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Takes each record that has duplicates, with the number of its group
    #[arg(long, value_name = "FILE")]
    clusters: Option<PathBuf>,
    /// Takes the pairs of cards that are one household
    #[arg(long, value_name = "FILE")]
    families: Option<PathBuf>,
    /// Takes the pairs that are worth a look and were not taken for one person
    #[arg(long, value_name = "FILE")]
    look: Option<PathBuf>,
    /// Takes the weights that were learnt, as JSON
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Tells the bits of each field beside those of the pair
    #[arg(long)]
    explain: bool,
}

/// Finds the records of one person and writes them as pairs.
///
/// # Errors
/// Where a file cannot be read or written, or the configuration does not fit it.
pub fn dedup(order: &DedupOrder) -> Result<(), Failure> {
    let mut schema = Schema::load(&order.config)?;
    if order.look.is_none() {
        // Pairs that nobody looks at need not be weighed to the end.
        schema.decision.look_bits = schema.decision.look_bits.max(schema.decision.link_bits);
    }
    let records = read(&schema, &order.files)?;
    let (comparing, weighed) = weigh(&schema, &records)?;
    let weighing = Weighing::new(&records, &comparing, &weighed.weights);
    let links = link(&weighing, &weighed.pairs, &schema.decision);
    let clusters = cluster(&weighing, &links, schema.decision.join_bits);

    let writing = Writing {
        schema: &schema,
        weighing: &weighing,
        weighed: &weighed,
        clusters: &clusters,
        explain: order.explain,
    };
    let found = writing.pairs(&order.out)?;
    if let Some(path) = &order.clusters {
        writing.clusters(path)?;
    }
    if let Some(path) = &order.weights {
        serde_json::to_writer(create(path)?, &weighed.weights)?;
    }
    if let Some(path) = &order.look {
        writing.look(path)?;
    }
    if let Some(path) = &order.families {
        writing.families(path)?;
    }
    tell(&records, &weighed, found);
    Ok(())
}

fn read(schema: &Schema, files: &[PathBuf]) -> Result<Records, Failure> {
    let mut reading = Reading::new(schema);
    for path in files {
        let told = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let file = File::open(path).map_err(|error| told(&error))?;
        reading.read(file).map_err(|error| told(&error))?;
    }
    Ok(reading.finish())
}

fn tell(records: &Records, weighed: &Weighed, found: usize) {
    for (key, skipped) in weighed.skipped.iter().filter(|(_, skipped)| skipped.blocks > 0) {
        println!("left out by {key}: {} values that {} records share", skipped.blocks, skipped.records);
    }
    println!("{} records, {} comparisons, {found} pairs", records.count(), weighed.compared);
}

/// What the results are written from.
struct Writing<'a> {
    schema: &'a Schema,
    weighing: &'a Weighing<'a>,
    weighed: &'a Weighed,
    clusters: &'a Clusters,
    explain: bool,
}

impl Writing<'_> {
    fn pairs(&self, path: &Path) -> Result<usize, Failure> {
        let mut out = self.start_pairs(path)?;
        let mut found = 0;
        for group in self.clusters.groups() {
            for (place, one) in group.iter().enumerate() {
                for other in group.get(place + 1..).unwrap_or_default() {
                    if self.weighing.records.may_pair(*one, *other) {
                        self.pair(&mut out, *one, *other)?;
                        found += 1;
                    }
                }
            }
        }
        out.flush()?;
        Ok(found)
    }

    fn look(&self, path: &Path) -> Result<(), Failure> {
        let mut out = self.start_pairs(path)?;
        for pair in &self.weighed.pairs {
            if self.clusters.group(pair.one) != self.clusters.group(pair.other) {
                self.pair(&mut out, pair.one, pair.other)?;
            }
        }
        Ok(out.flush()?)
    }

    fn start_pairs(&self, path: &Path) -> Result<BufWriter<File>, Failure> {
        let mut out = create(path)?;
        write!(out, "id_a,id_b,bits")?;
        if self.explain {
            for field in &self.schema.field {
                write!(out, ",{}", field.name)?;
            }
        }
        writeln!(out)?;
        Ok(out)
    }

    fn pair(&self, out: &mut impl Write, one: u32, other: u32) -> Result<(), Failure> {
        let records = self.weighing.records;
        let known = self.weighed.bits(one, other);
        let bits = known.unwrap_or_else(|| self.weighing.bits(one, other)).all;
        write!(out, "{},{},{bits:.2}", quoted(records.id(one)), quoted(records.id(other)))?;
        if self.explain {
            let (_, by_field) = self.weighing.told(one, other);
            for bits in by_field.iter().take(self.schema.field.len()) {
                write!(out, ",{bits:.2}")?;
            }
        }
        Ok(writeln!(out)?)
    }

    fn clusters(&self, path: &Path) -> Result<(), Failure> {
        let mut out = create(path)?;
        writeln!(out, "id,cluster")?;
        for (number, group) in self.clusters.groups().enumerate() {
            for row in group {
                writeln!(out, "{},{}", quoted(self.weighing.records.id(row)), number + 1)?;
            }
        }
        Ok(out.flush()?)
    }

    fn families(&self, path: &Path) -> Result<(), Failure> {
        let mut out = create(path)?;
        writeln!(out, "family_a,family_b")?;
        for (one, other) in families(self.schema, self.weighing.records, self.clusters)? {
            writeln!(out, "{},{}", quoted(one), quoted(other))?;
        }
        Ok(out.flush()?)
    }
}

fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    let file = File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(BufWriter::new(file))
}

/// A cell as CSV wants it.
fn quoted(cell: &str) -> std::borrow::Cow<'_, str> {
    if cell.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", cell.replace('"', "\"\"")).into();
    }
    cell.into()
}
