//! Members on their way from the database into memory, opened one by one on a thread of their own.

use std::io::{self, Read};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord};
use futures_util::TryStreamExt;
use tokio::sync::mpsc;
use tokio_postgres::Client;

use crate::domain::{BeneficiaryId, MemberId, Nik, VillageCode};
use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::matching::engine::Reading;
use crate::matching::registry::{Person, Registry};

/// Parts that may wait to be read.
const WAITING: usize = 64;

/// The columns as the statement below answers them.
const MEMBERS: &str = "select m.id, b.id, encode(m.nik_sealed, 'hex'), encode(b.card_sealed, 'hex'), m.name, m.sex, \
    m.birth_place, m.born_on, m.mother_name, t.relationship, b.village_code, b.address, b.phone \
    from memberships t \
    join members m on m.area_id = t.area_id and m.id = t.member_id \
    join beneficiaries b on b.area_id = t.area_id and b.id = t.beneficiary_id \
    where t.ended_on is null and b.status = 'live'";

/// Copies the live members of an area, or of some villages of it, out of a session and into memory, in the order of their
/// ids.
///
/// `read` tells how many are there so far.
///
/// # Errors
/// Where the session fails or a number cannot be opened.
pub(crate) async fn read_members(
    session: &Client,
    keys: Arc<Keys>,
    registry: &'static Registry,
    (area_id, villages): (i32, Option<&[VillageCode]>),
    read: Arc<AtomicU32>,
) -> Result<Reading<'static>> {
    let (parts, arriving) = mpsc::channel(WAITING);
    let reading = tokio::task::spawn_blocking(move || gather(arriving, &keys, registry, area_id, &read));
    // COPY takes no parameters: what is written in are a number and codes of digits and points.
    let in_villages = villages.map(|villages| {
        let codes: Vec<&str> = villages.iter().map(VillageCode::as_str).collect();
        format!(" and b.village_code = any ('{{{}}}')", codes.join(","))
    });
    let statement = format!(
        "copy ({MEMBERS} and t.area_id = {area_id}{} order by t.member_id) to stdout (format csv)",
        in_villages.unwrap_or_default()
    );
    let mut stream = pin!(session.copy_out(&statement).await.map_err(Error::internal)?);
    while let Some(part) = stream.try_next().await.map_err(Error::internal)? {
        if parts.send(part.to_vec()).await.is_err() {
            break;
        }
    }
    drop(parts);
    reading.await.map_err(Error::internal)?
}

fn gather(
    arriving: mpsc::Receiver<Vec<u8>>,
    keys: &Keys,
    registry: &'static Registry,
    area_id: i32,
    read: &AtomicU32,
) -> Result<Reading<'static>> {
    let mut rows = ReaderBuilder::new().has_headers(false).from_reader(Parts { arriving, part: Vec::new(), at: 0 });
    let mut reading = Reading::new(&registry.schema);
    let mut row = StringRecord::new();
    while rows.read_record(&mut row).map_err(Error::internal)? {
        add(&mut reading, &row, keys, area_id)?;
        read.fetch_add(1, Ordering::Relaxed);
    }
    Ok(reading)
}

fn add(reading: &mut Reading<'_>, row: &StringRecord, keys: &Keys, area_id: i32) -> Result<()> {
    let cell = |place: usize| row.get(place).unwrap_or_default();
    let given = |place: usize| row.get(place).filter(|cell| !cell.is_empty());
    let member_id: MemberId = cell(0).parse().map_err(Error::internal)?;
    let family_id: BeneficiaryId = cell(1).parse().map_err(Error::internal)?;
    let nik = given(2).map(|sealed| keys.vault.open_nik(area_id, member_id, &unhex(sealed)?)).transpose()?;
    let card = keys.vault.open_card(area_id, family_id, &unhex(cell(3))?)?;
    let born_on = given(7).map(str::parse::<NaiveDate>).transpose().map_err(Error::internal)?;
    let person = Person {
        name: cell(4),
        sex: cell(5),
        birth_place: given(6),
        born_on,
        nik: nik.as_ref().map(Nik::reveal),
        card_number: Some(card.reveal()),
        mother_name: given(8),
        relationship: cell(9),
        village_code: cell(10),
        address: given(11),
        phone: given(12),
    };
    reading.add(cell(0), cell(1), person.values().iter().map(AsRef::as_ref));
    Ok(())
}

fn unhex(text: &str) -> Result<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(byte).collect();
    bytes.ok_or_else(|| Error::internal("sealed bytes were not copied as such"))
}

/// Parts of a stream, read as one.
struct Parts {
    arriving: mpsc::Receiver<Vec<u8>>,
    part: Vec<u8>,
    at: usize,
}

impl Read for Parts {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.part.len() {
            let Some(part) = self.arriving.blocking_recv() else { return Ok(0) };
            (self.part, self.at) = (part, 0);
        }
        let read = self.part.get(self.at..).unwrap_or_default().read(buffer)?;
        self.at += read;
        Ok(read)
    }
}
