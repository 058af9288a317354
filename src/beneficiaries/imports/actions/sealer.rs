//! Turns rows of a file into rows of the staging table, numbers sealed.

use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use crate::beneficiaries::imports::rules::{CellFault, FileRow, Surroundings};
use crate::beneficiaries::model::{Relationship, Sex};
use crate::beneficiaries::rules::warnings_of;
use crate::db::CopyRows;
use crate::domain::{BeneficiaryId, CardNumber, MemberId, Nik, Period, Text, VillageCode};
use crate::error::Result;
use crate::keys::{Keys, Place};

/// Columns of the staging table, in its order.
const COLUMNS: i16 = 29;
/// Place of the digest of the NIK among them.
const NIK_DIGEST: i16 = 13;

/// Seals rows of one sub-district.
pub(super) struct Sealer {
    keys: Arc<Keys>,
    area_id: i32,
    rows: CopyRows,
    card: Option<SealedCard>,
}

/// What is kept of a family card: one for all rows of a family that follow each other.
struct SealedCard {
    number: CardNumber,
    family_id: BeneficiaryId,
    digest: Vec<u8>,
    as_nik: Option<Vec<u8>>,
    sealed: Vec<u8>,
}

impl Sealer {
    pub(super) fn new(keys: Arc<Keys>, area_id: i32) -> Self {
        Self { keys, area_id, rows: CopyRows::new(COLUMNS), card: None }
    }

    /// The rows so far, to be sent.
    pub(super) fn rows(&mut self) -> &mut CopyRows {
        &mut self.rows
    }

    /// Adds a row. Of one at fault only its numbers are kept: to know which family is spoiled, and who is named.
    pub(super) fn add(&mut self, line: i32, row: &FileRow, surroundings: &Surroundings) -> Result<()> {
        if let Some(number) = &row.card_number {
            self.seal_card(number)?;
        }
        let card = self.card.as_ref().filter(|_| row.card_number.is_some());
        self.rows.row().int4(line).or_null(card.map(|card| card.digest.as_slice()), CopyRows::bytes);
        if row.faults.is_empty() {
            add_family(&mut self.rows, card, row);
            self.add_member(row, surroundings)?;
            self.rows.null();
        } else {
            let digest = row.nik.as_ref().map(|nik| self.keys.vault.nik_digest(nik));
            for _ in 2..NIK_DIGEST {
                self.rows.null();
            }
            self.rows.or_null(digest.as_deref(), CopyRows::bytes);
            for _ in NIK_DIGEST + 1..COLUMNS - 1 {
                self.rows.null();
            }
            self.rows.text(&told(&row.faults));
        }
        Ok(())
    }

    fn seal_card(&mut self, number: &CardNumber) -> Result<()> {
        if self.card.as_ref().is_some_and(|card| card.number == *number) {
            return Ok(());
        }
        let vault = &self.keys.vault;
        let family_id = BeneficiaryId::new();
        self.card = Some(SealedCard {
            number: *number,
            family_id,
            digest: vault.card_digest(number),
            as_nik: Nik::parse(number.reveal()).map(|nik| vault.nik_digest(&nik)),
            sealed: vault.seal(Place::card(self.area_id, family_id), number.reveal())?,
        });
        Ok(())
    }

    fn add_member(&mut self, row: &FileRow, surroundings: &Surroundings) -> Result<()> {
        let vault = &self.keys.vault;
        let member_id = MemberId::new();
        let digest = row.nik.as_ref().map(|nik| vault.nik_digest(nik));
        let seal = |nik: &Nik| vault.seal(Place::nik(self.area_id, member_id), nik.reveal());
        let sealed = row.nik.as_ref().map(seal).transpose()?;
        let warnings = row.sex.map(|sex| warnings_of(row.nik.as_ref(), row.born_on, sex, &surroundings.districts));
        let warnings = warnings.unwrap_or_default();
        let warnings: Vec<&str> = warnings.iter().map(String::as_str).collect();
        let rows = self.rows.uuid(member_id.0).uuid(Uuid::now_v7());
        rows.or_null(digest.as_deref(), CopyRows::bytes).or_null(sealed.as_deref(), CopyRows::bytes);
        add_text(rows, row.name.as_ref());
        rows.or_null(row.sex.map(Sex::as_str), CopyRows::text).or_null(row.born_on, CopyRows::date);
        add_text(rows, row.birth_place.as_ref());
        add_text(rows, row.mother_name.as_ref());
        rows.or_null(row.relationship.map(Relationship::as_str), CopyRows::text);
        add_text(rows, row.work.as_ref());
        rows.or_null(row.is_pregnant, CopyRows::bool).or_null(row.has_disability, CopyRows::bool);
        rows.or_null(row.in_school, CopyRows::bool).texts(&warnings);
        for facts in [&row.facts.of_family, &row.facts.of_member] {
            rows.or_null(facts.as_ref().map(Value::to_string).as_deref(), CopyRows::json);
        }
        Ok(())
    }
}

fn add_family(rows: &mut CopyRows, card: Option<&SealedCard>, row: &FileRow) {
    rows.or_null(card.and_then(|card| card.as_nik.as_deref()), CopyRows::bytes);
    rows.or_null(card.map(|card| card.family_id.0), CopyRows::uuid);
    rows.or_null(card.map(|card| card.sealed.as_slice()), CopyRows::bytes);
    rows.or_null(row.village_code.as_ref().map(VillageCode::as_str), CopyRows::text);
    add_text(rows, row.address.as_ref());
    add_text(rows, row.phone.as_ref());
    rows.or_null(row.decile, CopyRows::int2);
    add_text(rows, row.decile_source.as_ref());
    rows.or_null(row.decile_period.map(Period::first_day), CopyRows::date);
}

fn add_text<const MAX: usize>(rows: &mut CopyRows, text: Option<&Text<MAX>>) {
    rows.or_null(text.map(Text::as_str), CopyRows::text);
}

/// Faults as the staging table has them: `nik:nik_malformed name:required`.
fn told(faults: &[CellFault]) -> String {
    let told = faults.iter().map(|(column, code)| {
        let column = column.as_deref().unwrap_or_default();
        format!("{column}:{}", code.as_str())
    });
    told.collect::<Vec<_>>().join(" ")
}
