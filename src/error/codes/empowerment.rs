//! Codes about empowerment plans and their milestones.

macro_rules! with_empowerment_codes {
    ($($before:tt)*) => { with_equipment_codes! {
        $($before)*
        EmpowermentPlanExists "empowerment_plan_exists" Conflict {
            "The family has a plan of the program that is not over", "Go on with it, or end it first; `related` is the plan where it is known.";
            "Keluarga sudah punya rencana program ini yang masih berjalan", "Lanjutkan, atau akhiri dahulu; lihat `related` bila ada."
        }
        EnrollmentNotActive "enrollment_not_active" Conflict {
            "The family is not active on the program", "Enrol the family and activate it, or end its pause, before it is planned for.";
            "Keluarga tidak aktif pada program itu", "Daftarkan dan aktifkan keluarga itu, atau akhiri jedanya, sebelum direncanakan."
        }
        MilestoneNeedsOthers "milestone_needs_others" Conflict {
            "Other milestones come first", "`lacking` has their numbers: each is reached, and what shows it holds, or it is waived.";
            "Ada tahap lain yang harus lebih dahulu", "Nomornya ada di `lacking`: masing-masing tercapai dengan bukti yang berlaku, atau dibebaskan."
        }
        EvidenceVoid "evidence_void" Conflict {
            "What is named shows nothing any more", "A certificate that was revoked, equipment that was given back, a delivery that was returned and a visit that met nobody are no evidence: name another record.";
            "Bukti itu tidak berlaku", "Sertifikat dicabut, alat dikembalikan, penyerahan dikembalikan, atau kunjungan tanpa bertemu bukanlah bukti: sebut catatan lain."
        }
        EvidenceUsed "evidence_used" Conflict {
            "Another milestone of the plan has it as evidence", "Each record shows one milestone of a plan: name another one.";
            "Bukti itu sudah dipakai tahap lain dalam rencana ini", "Satu catatan hanya untuk satu tahap: sebut catatan lain."
        }
        ProgramHasNoPackage "program_has_no_package" FieldOnly {
            "The rule set in force gives no package", "Choose a program whose benefit is a `package`, or add such a rule set.";
            "Aturan yang berlaku tidak memberi paket", "Pilih program dengan manfaat `package`, atau tambahkan aturannya."
        }
    } };
}

pub(super) use with_empowerment_codes;
