//! Imports in every stage, with their files, and how the files of other systems are read.

use tokio_postgres::Transaction;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::domain::{ImportId, MappingId};
use crate::error::{Error, Result};
use crate::keys::{Keys, Place, sha256};
use crate::sandbox::known;

/// Mappings that stand under `examples/imports`, as clients would add them.
const MAPPINGS: [(MappingId, &str); 4] = [
    (known::register::MAPPING, include_str!("../../../examples/imports/siks_ng.json")),
    (known::register::MAPPING_OF_PKH, include_str!("../../../examples/imports/pkh.json")),
    (known::register::MAPPING_OF_DTSEN, include_str!("../../../examples/imports/dtsen.json")),
    (known::register::MAPPING_TO_CHANGE, include_str!("../../../examples/imports/siks_ng.json")),
];
const INSERT_MAPPING: &str = "\
    insert into import_mappings (area_id, id, name, layout, created_by, created_at, updated_at) \
    values ($1, $2::text::uuid, $3, $4::text::jsonb, 'sandbox-kecamatan', now(), now())";
/// Imports that wait, each with the family that its file is about, and whether it leaves the child out and has the mother on
/// a second card.
const WAITING: [(ImportId, &str, u32, bool); 3] = [
    (known::register::IMPORT_TO_REVIEW, "checked", 35, true),
    (known::register::IMPORT_TO_APPLY, "reviewed", 36, false),
    (known::register::IMPORT_TO_CANCEL, "checked", 37, false),
];
const INSERT: &str = "\
    insert into imports (area_id, id, client_id, status, file_digest, rows_read, rows_done, families_changed, \
        families_unchanged, members_unchanged, created_at, is_automatic, full_list_of, members_leaving, \
        families_created, members_created, possible_duplicates, checked_at, reviewed_at, reviewed_by) \
    select b.area_id, $1::text::uuid, 'sandbox-kecamatan', $2::text, $3::bytea, $4::int, $4, 0, 1, $4 - $5::bool::int, \
        now(), false, case when $5 then b.village_code end, $5::int, $5::int, $5::int, \
        jsonb_build_object('same', 0, 'look', $5::int, 'left_out', 0, 'skipped', null), now(), \
        case when $2 = 'reviewed' then now() end, case when $2 = 'reviewed' then 'sandbox-kecamatan' end \
    from beneficiaries b where b.id = $6::text::uuid";
const INSERT_LEAVER: &str = "\
    insert into import_leavers (area_id, import_id, member_id, beneficiary_id) \
    select area_id, $1::text::uuid, $2::text::uuid, id from beneficiaries where id = $3::text::uuid";
const INSERT_DUPLICATE: &str = "\
    insert into import_duplicates (area_id, import_id, row_number, candidate_number, member_id, beneficiary_id, finding, \
        centibits, fields) \
    select area_id, $1::text::uuid, 3, 1, $2::text::uuid, id, 'look', 240, \
        '{\"name\": 6.5, \"sex\": 0.1, \"born_on\": 5.75, \"card_number\": -2.5}' \
    from beneficiaries where id = $3::text::uuid";
const INSERT_PART: &str = "\
    insert into import_parts (area_id, import_id, part_number, bytes_sealed, received_at) \
    values ($1, $2::text::uuid, 0, $3, now())";
const FAMILY: &str = "\
    select b.area_id, b.village_code, m.name, m.id::text from beneficiaries b \
    join memberships t on t.area_id = b.area_id and t.beneficiary_id = b.id \
    join members m on m.area_id = t.area_id and m.id = t.member_id \
    where b.id = $1::text::uuid order by t.relationship desc";

/// Adds them, once the families are there.
///
/// # Errors
/// Where the database refuses them.
pub(super) async fn add(transaction: &Transaction<'_>, keys: &Keys) -> Result<()> {
    let Some((area_id, text)) = file(transaction, 37, false).await? else { return Ok(()) };
    let faulty = format!("{text}{}", text.lines().last().unwrap_or_default().replacen("640210300716", "123", 1));
    keep(transaction, keys, (area_id, known::register::IMPORT), &faulty).await?;
    for (id, status, number, leaves_out) in WAITING {
        let Some((area_id, text)) = file(transaction, number, leaves_out).await? else { continue };
        let (family, head, child) = known::family(number);
        let rows = i32::try_from(text.lines().count()).map_err(Error::internal)? - 1;
        let digest = sha256(text.as_bytes()).to_vec();
        let (import, family) = (id.to_string(), family.to_string());
        let row: [&(dyn ToSql + Sync); 6] = [&import, &status, &digest, &rows, &leaves_out, &family];
        transaction.execute(INSERT, &row).await.map_err(Error::internal)?;
        if leaves_out {
            for (insert, member) in [(INSERT_LEAVER, child), (INSERT_DUPLICATE, head)] {
                let row: [&(dyn ToSql + Sync); 3] = [&import, &member.to_string(), &family];
                transaction.execute(insert, &row).await.map_err(Error::internal)?;
            }
        }
        keep(transaction, keys, (area_id, id), &text).await?;
    }
    add_mappings(transaction, area_id).await
}

/// A family as a file has it; where it leaves the child out, the head is on a second card without a number.
async fn file(transaction: &Transaction<'_>, number: u32, leaves_out: bool) -> Result<Option<(i32, String)>> {
    let (family, head, _) = known::family(number);
    let rows = transaction.query(FAMILY, &[&family.to_string()]).await.map_err(Error::internal)?;
    let Some(area_id) = rows.first().map(|row| row.get(0)) else { return Ok(None) };
    let mut text = "card_number,nik,name,sex,born_on,relationship,village_code\n".to_owned();
    for row in &rows {
        let (village, name, id): (&str, &str, &str) = (row.get(1), row.get(2), row.get(3));
        let is_head = id.parse::<Uuid>().is_ok_and(|id| id == head);
        let (nik, rest) =
            if is_head { ("640210520385", "P,1985-03-12,head") } else { ("640210300716", "L,2016-07-30,child") };
        if is_head || !leaves_out {
            let (card, serial) = (9_000 + number, 9_900 + number);
            let row = format!("640210150124{card},{nik}{serial},{name},{rest},{village}\n");
            text.push_str(&row);
        }
        if is_head && leaves_out {
            let again = format!("640210150124{},,{name},{rest},{village}\n", 9_200 + number);
            text.push_str(&again);
        }
    }
    Ok(Some((area_id, text)))
}

async fn keep(transaction: &Transaction<'_>, keys: &Keys, (area_id, id): (i32, ImportId), text: &str) -> Result<()> {
    let sealed = keys.vault.seal_bytes(Place::import_part(area_id, id, 0), text.as_bytes())?;
    transaction.execute(INSERT_PART, &[&area_id, &id.to_string(), &sealed]).await.map_err(Error::internal)?;
    Ok(())
}

async fn add_mappings(transaction: &Transaction<'_>, area_id: i32) -> Result<()> {
    for (id, body) in MAPPINGS {
        let body: serde_json::Value = serde_json::from_str(body).map_err(Error::internal)?;
        let member = |name: &str| body.get(name).cloned().unwrap_or_default();
        let mut name = member("name").as_str().unwrap_or_default().to_owned();
        if id == known::register::MAPPING_TO_CHANGE {
            name.push_str(" (2025)");
        }
        let layout = member("layout").to_string();
        transaction
            .execute(INSERT_MAPPING, &[&area_id, &id.to_string(), &name, &layout])
            .await
            .map_err(Error::internal)?;
    }
    Ok(())
}
