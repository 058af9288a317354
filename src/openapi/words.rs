//! Gives texts that may say anything an example of what they say, so that a reader sees a believable record.
//!
//! A property of one name says the same everywhere; where it does not, its schema is named with it.

use serde_json::Value;

use super::Object;

/// What properties of a name say.
const BY_PROPERTY: &[(&str, &str)] = &[
    ("accepted_by", "sandbox-second-officer"),
    ("address", "RT 03, Dusun Sirap"),
    ("article", "Pasal 3"),
    ("attribute", "roof"),
    ("agreement_number", "PKS/SINTETIS/2026/014"),
    ("applied_by", "sandbox-kecamatan"),
    ("approved_by", "sandbox-second-officer"),
    ("assigned_to", "sandbox-pkh"),
    ("camat_letter_number", "140/031/2026"),
    ("birth_place", "Kembang Janggut"),
    ("client_id", "sandbox-kecamatan"),
    ("column", "nik"),
    ("closed_by", "sandbox-kecamatan"),
    ("created_by", "sandbox-kecamatan"),
    ("decided_by", "sandbox-kecamatan"),
    ("field", "born_on"),
    ("decile_source", "DTSEN"),
    ("decision_reason", "The villages named are served by another pledge."),
    ("decree_number", "SK/SINTETIS/2026/007"),
    ("description_en", "Welfare decile of the family, 1 poorest to 10"),
    ("document_reference", "https://jdih.example.go.id/pmk-81-2025.pdf"),
    ("description_id", "Desil kesejahteraan keluarga, 1 termiskin sampai 10"),
    ("first_accepted_by", "sandbox-kecamatan"),
    ("handover_number", "BAST/SINTETIS/2026/031"),
    ("forwarded_by", "sandbox-kecamatan"),
    ("guard", "what is pledged is received"),
    ("head_name", "Contoh Sintetis"),
    ("liable", "Angkutan sungai (contoh sintetis)"),
    ("laid_by", "sandbox-kecamatan"),
    ("mother_name", "Ibu Contoh"),
    ("name", "Contoh Sintetis"),
    ("note", "Ditemui di rumah"),
    ("opened_by", "sandbox-kecamatan"),
    ("requested_by", "sandbox-puskesos"),
    ("label", "Tablet perahu 2"),
    ("letter_number", "140/031/2026"),
    ("minutes_media_type", "application/pdf"),
    ("minutes_number", "140/BA-MUSDES/11/2026"),
    ("program_name", "Bantuan beras"),
    ("regent_letter_number", "400/112/2026"),
    ("reported_by", "sandbox-village"),
    ("village_name", "Kembang Janggut"),
    ("phone", "+6281200000000"),
    ("nik_checked_by", "sandbox-kecamatan"),
    ("planned_by", "sandbox-kecamatan"),
    ("power_of_attorney", "SKU/SINTETIS/2026/002"),
    ("police_report_number", "LP/SINTETIS/2026/012"),
    ("proof_media_type", "image/jpeg"),
    ("purpose", "Correcting the family card with the family."),
    ("receiver_name", "Contoh Kerabat"),
    ("recorded_by", "sandbox-puskesos"),
    ("reason", "Directions on the village fund are awaited."),
    ("remark", "Karung basah di perahu"),
    ("registration_number", "9120000000001"),
    ("release_reason", "The family moved away."),
    ("released_by", "sandbox-kecamatan"),
    ("ended_by", "sandbox-kecamatan"),
    ("legal_basis_article", "Pasal 3"),
    ("placed_by", "sandbox-kecamatan"),
    ("removal_reason", "Moved to another regency."),
    ("seed", "undian-140/07/2026"),
    ("set_by", "sandbox-kecamatan"),
    ("sent_by", "sandbox-kecamatan"),
    ("sptjm_number", "SPTJM/SINTETIS/2026/004"),
    ("sector", "palm_oil"),
    ("suspension_reason", "Found not at home three times."),
    ("undone_by", "sandbox-kecamatan"),
    ("verified_by", "sandbox-puskesos"),
    ("warnings", "nik_birth_date_differs"),
    ("work", "Petani karet"),
];

/// What a property of a schema says where others of its name say something else.
const BY_SCHEMA: &[(&str, &str, &str)] = &[
    ("Beneficiary", "source", "form"),
    ("Found", "source", "form"),
    ("DuplicatePair", "decision_reason", "Mother and daughter of one name."),
    ("ComparedPair", "decision_reason", "Mother and daughter of one name."),
    ("DuplicateMerger", "reason", "Registered again after moving house."),
    ("DuplicateMerger", "undo_reason", "They are two persons after all."),
    ("DecisionTaken", "reason", "Mother and daughter of one name."),
    ("Order", "number", "S-12/SINTETIS/2026"),
    ("Order", "title", "Surat arahan penyaluran dana desa"),
    ("ImportFault", "detail", "The sixteen digits of a NIK are expected."),
    ("Round", "title", "Verifikasi triwulan IV 2026"),
    ("NewRound", "title", "Verifikasi triwulan IV 2026"),
    ("ChangeRequest", "reason", "Keluarga pindah rumah di desa yang sama"),
    ("ChangeRequest", "decided_by", "sandbox-second-officer"),
    ("ChangeRequest", "decision_reason", "Sesuai kartu keluarga"),
    ("Deliberation", "recorded_by", "sandbox-village"),
    ("DecidedFamily", "reason", "Kepala keluarga perempuan, lansia tunggal"),
    ("Visit", "recorded_by", "sandbox-pkh"),
    ("Company", "name", "PT Contoh Sintetis"),
    ("NewCompany", "name", "PT Contoh Sintetis"),
    ("NeedKind", "code", "hand_tractor"),
    ("NewProgram", "code", "RICE"),
    ("NewProgram", "unit", "kg"),
    ("NeedKind", "title", "Traktor tangan"),
    ("Need", "kind", "hand_tractor"),
    ("PledgeLine", "kind", "hand_tractor"),
    ("Program", "name", "Bantuan beras"),
    ("Program", "title", "Bantuan beras"),
    ("Program", "description", "Ten kilograms of rice a month for families of the lowest four deciles."),
    ("Pledge", "title", "Traktor untuk dua desa"),
    ("Webhook", "title", "Portal perusahaan"),
    ("AllocationRun", "policy", "lowest decile first, then the oldest need"),
];

pub(super) fn complete(document: &mut Value) {
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        tell(name, schema);
    }
}

/// Tells of the properties of a schema, and of those of its parts.
fn tell(name: &str, schema: &mut Value) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (property, told) in properties.into_iter().flatten() {
        say(name, property, told);
    }
}

fn say(name: &str, property: &str, told: &mut Value) {
    if let Some(told) = told.as_object_mut().filter(|told| is_open(told))
        && let Some(example) = word(name, property)
    {
        told.insert("example".into(), example.into());
        return;
    }
    tell(name, told);
    if let Some(items) = told.get_mut("items") {
        say(name, property, items);
    }
}

/// Whether it is a text, and nothing says what it may be.
fn is_open(schema: &Object) -> bool {
    let is_text = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "string"),
        kind => kind.is_some_and(|kind| kind == "string"),
    };
    is_text
        && !["example", "examples", "const", "default", "enum", "format"].iter().any(|key| schema.contains_key(*key))
}

/// The answers of commands are called after the record: `DraftedPledge` is a `Pledge`.
fn word(schema: &str, property: &str) -> Option<&'static str> {
    let own = BY_SCHEMA.iter().find(|(of, name, _)| *name == property && schema.ends_with(of));
    let any = BY_PROPERTY.iter().find(|(name, _)| *name == property);
    own.map(|(.., word)| *word).or_else(|| any.map(|(_, word)| *word))
}
