//! Filling an empty database with the sandbox, by COPY, in one transaction; then one evidence pack of what is there.
//!
//! A thread makes families and turns them into rows while the connection sends the rows before
//! them, so that both cores of a small machine work, and memory holds a few thousand families.

mod aid;
mod allotted;
mod evidence;
mod example;
mod frame;
mod ids;
mod imports;
mod pledges;
mod programs;
mod register;
mod tables;
mod trials;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Cursor;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{Months, NaiveDate, Utc};
use futures_util::SinkExt as _;
use tokio::sync::mpsc;
use tokio_postgres::{NoTls, Transaction};

use self::aid::Aid;
use self::ids::Area;
use self::programs::Program;
use self::register::{Home, Register};
use self::tables::{Batch, Parcel};
use self::trials::Trials;
use super::{Families, Family, Plan, Village, known};
use crate::error::{Error, Result};
use crate::keys::Keys;

/// Up to this many families live in Kembang Janggut; more are spread over all loaded districts.
const MOST_IN_ONE_DISTRICT: u32 = 50_000;

/// The pilot district.
const HOME_DISTRICT: &str = "64.02.10.";

/// The one beside it, which offers two families.
const NEIGHBOUR_DISTRICT: &str = "64.02.09.";

/// Families of one parcel: some megabytes of rows.
const FAMILIES_A_PARCEL: u32 = 2_000;

/// What to fill the database with.
#[derive(Debug, Clone, Copy)]
pub struct Filling {
    /// Number of families, at most 1,000,000.
    pub families: u32,
    /// Same seed, same families.
    pub seed: u64,
    /// First day of a quarter: ranks and the approved cycles are of this period.
    pub as_of: NaiveDate,
}

/// What was filled in.
#[derive(Debug, Clone, Copy)]
pub struct Filled {
    /// Families.
    pub families: u64,
    /// Rows of all tables.
    pub rows: u64,
    /// From the first row to the commit.
    pub took: Duration,
}

impl Filled {
    /// Whole rows a second.
    #[must_use]
    pub fn rows_a_second(&self) -> u128 {
        u128::from(self.rows) * 1_000 / self.took.as_millis().max(1)
    }
}

/// Fills the database behind `url`, which is of the owner's role: COPY is not for tables whose
/// rows a policy hides. Answers nothing where the sandbox, or any real family or program, is there already.
///
/// # Errors
/// Where the database refuses, or holds no regions to live in; nothing is kept then.
pub async fn fill(url: &str, keys: Arc<Keys>, filling: Filling) -> Result<Option<Filled>> {
    let (mut client, connection) = tokio_postgres::connect(url, NoTls).await.map_err(Error::unavailable)?;
    let connection = tokio::spawn(connection);
    let transaction = client.transaction().await.map_err(Error::internal)?;
    if is_filled(&transaction).await? {
        return Ok(None);
    }
    let filled = fill_in(&transaction, Arc::clone(&keys), filling).await?;
    transaction.commit().await.map_err(Error::internal)?;
    client.batch_execute("analyze").await.map_err(Error::internal)?;
    evidence::add(url, &keys.signing, filling.as_of).await?;
    drop(client);
    connection.await.map_err(Error::internal)?.map_err(Error::internal)?;
    Ok(Some(filled))
}

/// One filling at a time; the companies of the sandbox stand for all of it.
async fn is_filled(transaction: &Transaction<'_>) -> Result<bool> {
    transaction
        .batch_execute("select pg_advisory_xact_lock(hashtext('sinergi sandbox'))")
        .await
        .map_err(Error::internal)?;
    let asked = format!(
        "select exists (select from companies where id = '{}') or exists (select from beneficiaries) \
            or exists (select from programs)",
        known::pledges::COMPANY
    );
    let row = transaction.query_one(&asked, &[]).await.map_err(Error::internal)?;
    row.try_get(0).map_err(Error::internal)
}

async fn fill_in(transaction: &Transaction<'_>, keys: Arc<Keys>, filling: Filling) -> Result<Filled> {
    let began = Instant::now();
    let places = Places::find(transaction, filling).await?;
    make_months(transaction, filling.as_of).await?;
    webhooks::add(transaction, &keys.vault).await?;
    let home = places.areas.iter().copied().find(|area| area.is_home);
    let (sender, mut parcels) = mpsc::channel(1);
    let sealing = Arc::clone(&keys);
    let programs = programs::all(filling.as_of)?;
    let maker = tokio::task::spawn_blocking(move || make((&places, &programs[..]), &keys, filling, &sender));
    let mut rows = 0;
    while let Some(parcel) = parcels.recv().await {
        rows += send(transaction, parcel?).await?;
    }
    maker.await.map_err(Error::internal)?;
    if let Some(home) = home {
        transaction.batch_execute(&allotted::statements(home)).await.map_err(Error::internal)?;
    }
    // After the allocation, which would take the needs that are kept for commands.
    trials::complete(transaction, filling.as_of).await?;
    imports::add(transaction, &sealing).await?;
    for statement in [COUNT_ENTITLEMENTS, CLAIM_MONTHS] {
        transaction.batch_execute(statement).await.map_err(Error::internal)?;
    }
    Ok(Filled { families: filling.families.into(), rows, took: began.elapsed() })
}

const COUNT_ENTITLEMENTS: &str = "\
    update cycles c set entitlement_count = e.families, entitled_quantity = e.quantity \
    from (select area_id, cycle_id, count(*) as families, sum(quantity) as quantity \
        from entitlements where id not in (select new_entitlement_id from passed_entitlements) \
        group by area_id, cycle_id) e \
    where e.area_id = c.area_id and e.cycle_id = c.id";

const CLAIM_MONTHS: &str = "\
    insert into cycle_months (area_id, program_id, month, cycle_id) \
    select c.area_id, c.program_id, (c.period + make_interval(months => m.number))::date, c.id \
    from cycles c join rule_sets r on r.id = c.rule_set_id \
        cross join generate_series(0, months_of(r.benefit_period) - 1) as m (number)";

/// Sends rows table by table and answers how many they were.
async fn send(transaction: &Transaction<'_>, parcel: Parcel) -> Result<u64> {
    let mut sent = 0;
    for (table, (bytes, _)) in parcel {
        let sink = transaction.copy_in(&table.copy()).await.map_err(Error::internal)?;
        let mut sink = pin!(sink);
        sink.send(Cursor::new(bytes)).await.map_err(Error::internal)?;
        sent += sink.finish().await.map_err(Error::internal)?;
    }
    Ok(sent)
}

/// The partitions that the rows go to; the service makes those of the months around now.
async fn make_months(transaction: &Transaction<'_>, period: NaiveDate) -> Result<()> {
    let now = Utc::now().date_naive();
    for (table, month) in [("entitlements", period), ("deliveries", period), ("audit_records", now)] {
        let asked = format!("select make_month_partition('{table}', '{month}')");
        transaction.batch_execute(&asked).await.map_err(Error::internal)?;
    }
    Ok(())
}

/// The villages to fill, with the area of each.
#[derive(Debug)]
struct Places {
    villages: Vec<Village>,
    areas: Vec<Area>,
    /// A village of the sub-district beside the pilot one, with its area.
    neighbour: Option<(String, Area)>,
    /// Codes of all districts.
    districts: HashSet<String>,
}

impl Places {
    async fn find(transaction: &Transaction<'_>, filling: Filling) -> Result<Self> {
        let is_spread = filling.families > MOST_IN_ONE_DISTRICT;
        if is_spread {
            transaction.batch_execute(ADD_SAMPLE_VILLAGES).await.map_err(Error::internal)?;
        }
        let rows = transaction.query(VILLAGES, &[]).await.map_err(Error::internal)?;
        let districts = transaction.query(DISTRICTS, &[]).await.map_err(Error::internal)?;
        let districts: Result<_, _> = districts.iter().map(|row| row.try_get(0)).collect();
        let districts = districts.map_err(Error::internal)?;
        let mut places = Self { villages: Vec::new(), areas: Vec::new(), neighbour: None, districts };
        for row in rows {
            let (code, area_id): (String, i32) =
                (row.try_get(0).map_err(Error::internal)?, row.try_get(1).map_err(Error::internal)?);
            let is_home = code.starts_with(HOME_DISTRICT);
            if code.starts_with(NEIGHBOUR_DISTRICT) && places.neighbour.is_none() {
                places.neighbour = Some((code.clone(), Area { id: area_id, is_home }));
            }
            let village = Village::new(code);
            if is_spread || is_home {
                places.villages.push(village);
                places.areas.push(Area { id: area_id, is_home });
            }
        }
        if places.villages.is_empty() {
            return Err(Error::internal("no village to fill: load the regions first"));
        }
        Ok(places)
    }

    fn villages_of(&self, area: Area) -> Vec<&str> {
        let of_area = self.villages.iter().zip(&self.areas).filter(|(_, one)| **one == area);
        of_area.map(|(village, _)| village.code.as_str()).collect()
    }

    fn home_of(&self, family: &Family) -> Option<Home<'_>> {
        let village_code = self.villages.get(family.village)?.code.as_str();
        Some(Home { area: *self.areas.get(family.village)?, village_code })
    }
}

const VILLAGES: &str = "\
    select r.code, r.area_id from regions r join region_editions e using (edition) \
    where e.is_current and r.level = 'village' order by r.code";

const DISTRICTS: &str = "select distinct code from regions where level = 'district'";

/// Districts whose villages are not loaded get twelve that are marked as samples, so that a large
/// sandbox has areas of a believable size. Serials from 2901 on are no official ones.
const ADD_SAMPLE_VILLAGES: &str = "\
    insert into regions (edition, code, level, name, parent_code, area_id) \
    select d.edition, d.code || '.' || (2900 + n), 'village', 'Desa Contoh ' || n, d.code, d.area_id \
    from regions d join region_editions e using (edition) cross join generate_series(1, 12) n \
    where e.is_current and d.level = 'district' \
    and not exists (select from regions v where v.edition = d.edition and v.parent_code = d.code)";

/// Makes all rows and hands them over parcel by parcel; ends early where nobody takes them.
fn make(
    (places, programs): (&Places, &[Program]),
    keys: &Keys,
    filling: Filling,
    parcels: &mpsc::Sender<Result<Parcel>>,
) {
    let mut batch = Batch::new();
    let areas: BTreeSet<Area> = places.areas.iter().copied().collect();
    let areas = Vec::from_iter(areas);
    frame::before(&mut batch, &areas, programs, filling.as_of);
    if let Some(home) = areas.iter().find(|area| area.is_home) {
        pledges::add(&mut batch, *home, &places.villages_of(*home), filling.as_of);
    }
    let plan = Plan {
        seed: filling.seed,
        as_of: filling.as_of,
        families: filling.families,
        villages: places.villages.clone(),
    };
    let earlier_period = filling.as_of.checked_sub_months(Months::new(3)).unwrap_or(filling.as_of);
    let register = Register { vault: &keys.vault, as_of: filling.as_of, earlier_period, districts: &places.districts };
    let aid = Aid { period: filling.as_of, blt_rules: programs::blt_rules(programs, filling.as_of) };
    let mut counts = BTreeMap::new();
    let (mut trials, mut has_example) = (Trials::default(), false);
    for (number, mut family) in (1_u32..).zip(Families::new(&plan)) {
        let Some(home) = places.home_of(&family) else { continue };
        let is_trial = home.area.is_home && trials.settle(&mut family);
        if !is_trial && !has_example && home.area.is_home && example::suits(&family, filling.as_of) {
            example::adopt(&mut family);
            has_example = true;
        }
        *counts.entry(home.area.id).or_insert(0) += 1;
        let added = register.add(&mut batch, &family, home);
        let added = match places.neighbour.as_ref().filter(|_| number == 1) {
            Some((village_code, area)) => added.and_then(|()| {
                let there = Home { area: *area, village_code };
                trials::of_neighbour(&family).iter().try_for_each(|family| register.add(&mut batch, family, there))
            }),
            None => added,
        };
        aid.add(&mut batch, &family, home);
        let has_failed = added.is_err();
        if has_failed || number.is_multiple_of(FAMILIES_A_PARCEL) {
            let parcel = added.map(|()| batch.take());
            if parcels.blocking_send(parcel).is_err() || has_failed {
                return;
            }
        }
    }
    frame::after(&mut batch, &counts, Utc::now());
    // Where the receiver is gone it has met an error of its own, which it tells.
    let _ = parcels.blocking_send(Ok(batch.take()));
}
