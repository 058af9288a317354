//! Codes about the state of a record: what a feature refuses.

macro_rules! with_record_codes {
    ($($before:tt)*) => { with_field_codes! {
        $($before)*
        NikAlreadyRegistered "nik_already_registered" Conflict {
            "The NIK belongs to a live member already", "Search for the NIK; if it is another person, one of the two was typed wrongly.";
            "NIK sudah dimiliki anggota lain", "Cari NIK itu; bila orangnya lain, salah satunya keliru diketik."
        }
        CardAlreadyRegistered "card_already_registered" Conflict {
            "The family card belongs to a live family already", "Search for the card number and correct that family instead.";
            "Kartu keluarga sudah terdaftar", "Cari nomor kartu itu dan perbaiki keluarga tersebut."
        }
        BeneficiaryNotLive "beneficiary_not_live" Conflict {
            "The family is no longer live", "It moved, merged or ended: use the record that follows it.";
            "Keluarga tidak aktif lagi", "Sudah pindah, digabung atau berakhir: pakai data penggantinya."
        }
        MemberNotLive "member_not_live" Conflict {
            "The person is no longer a member of the family", "The membership has ended: read the person for why and when.";
            "Orang itu bukan anggota keluarga lagi", "Keanggotaannya sudah berakhir: baca data orang itu."
        }
        FamilyFull "family_full" Conflict {
            "The family has thirty members", "Somebody who left may still be on the record: end that membership first.";
            "Keluarga sudah beranggota tiga puluh", "Mungkin ada yang sudah keluar: akhiri keanggotaannya dahulu."
        }
        ProgramCodeTaken "program_code_taken" Conflict {
            "The program code is taken", "Choose another code, or use the program that has it.";
            "Kode program sudah dipakai", "Pilih kode lain, atau pakai program yang ada."
        }
        ProgramNotYours "program_not_yours" Forbidden {
            "The program belongs to the state", "Its owner changes it; define a program of your sub-district for rules of your own.";
            "Program milik negara", "Pemiliknya yang mengubah; buat program kecamatan untuk aturan sendiri."
        }
        NoRuleSetInForce "no_rule_set_in_force" Conflict {
            "The program has no rule set for that day", "Add a rule set whose dates cover it.";
            "Program tidak punya aturan untuk hari itu", "Tambahkan aturan yang masa berlakunya mencakupnya."
        }
        CycleExists "cycle_exists" Conflict {
            "The program has a cycle for that period", "Use the cycle that is there.";
            "Siklus untuk periode itu sudah ada", "Pakai siklus yang ada."
        }
        CycleNotPlanned "cycle_not_planned" Conflict {
            "The cycle is not waiting for approval", "Read the cycle to see its state.";
            "Siklus tidak menunggu persetujuan", "Baca siklus untuk melihat keadaannya."
        }
        CycleNotApproved "cycle_not_approved" Conflict {
            "The cycle is not open", "Only an approved cycle that is not closed takes this; read it to see its state.";
            "Siklus tidak terbuka", "Hanya siklus yang disetujui dan belum ditutup; baca siklusnya."
        }
        CycleHasHolds "cycle_has_holds" Conflict {
            "A suspension order still holds entitlements of the cycle", "Release the order first: what is held must be decided before the cycle closes.";
            "Perintah penangguhan masih menahan hak pada siklus ini", "Cabut perintah itu dulu: hak yang ditahan harus diputuskan sebelum siklus ditutup."
        }
        SecondPersonNeeded "second_person_needed" Conflict {
            "A second person must do this", "Somebody else with the permission must decide; nobody approves their own work.";
            "Harus dilakukan orang kedua", "Orang lain yang berizin harus memutuskan; tidak boleh menyetujui pekerjaan sendiri."
        }
        EntitlementUsedUp "entitlement_used_up" Conflict {
            "More than is left of the entitlement", "Hand over at most what is left of it.";
            "Melebihi sisa hak", "Serahkan paling banyak sisanya."
        }
        ProgramSuspended "program_suspended" Conflict {
            "A suspension order is in force", "Nothing is delivered until the order is released; what is due is held.";
            "Perintah penangguhan sedang berlaku", "Tidak ada penyaluran sampai perintah dicabut; hak ditahan."
        }
        OrderNotInForce "order_not_in_force" Conflict {
            "The suspension order is not in force", "It was released already.";
            "Perintah penangguhan tidak berlaku", "Perintah sudah dicabut."
        }
        CollectorNotMember "collector_not_member" Invalid {
            "The collector is not a live member of the family", "Name a member, or record an alternate with power of attorney.";
            "Penerima bukan anggota keluarga", "Sebut seorang anggota, atau catat pengganti dengan surat kuasa."
        }
        NeedAlreadyOpen "need_already_open" Conflict {
            "The family has an open need of that kind", "Change the need that is there.";
            "Keluarga sudah punya kebutuhan jenis itu", "Ubah kebutuhan yang ada."
        }
        CommandNotPossible "command_not_possible" Conflict {
            "The state of the record does not allow this", "What is possible now stands in `possible`.";
            "Keadaan data tidak memungkinkan", "Yang mungkin sekarang ada di `possible`."
        }
        NotEnoughLeft "not_enough_left" Conflict {
            "Not that much is left", "Read the trail of the pledge to see what is promised, received and free.";
            "Sisa tidak mencukupi", "Baca jejak janji untuk melihat yang dijanjikan, diterima dan bebas."
        }
        NeedNotOpen "need_not_open" Conflict {
            "The need is not open", "It was met or withdrawn; record a new one where the family still lacks something.";
            "Kebutuhan tidak terbuka", "Sudah terpenuhi atau ditarik; catat yang baru bila keluarga masih kekurangan."
        }
        NeedKindDiffers "need_kind_differs" Conflict {
            "The pledge line is of another kind than the need", "Allocate from a line of the kind that the family needs.";
            "Jenis baris janji berbeda dari kebutuhan", "Pakai baris dengan jenis yang dibutuhkan keluarga."
        }
        NeedOutsideEarmark "need_outside_earmark" Conflict {
            "The family lives outside the villages of the pledge line", "Allocate from a line that is for its village.";
            "Keluarga di luar desa tujuan baris janji", "Pakai baris yang ditujukan untuk desanya."
        }
        MoreThanNeeded "more_than_needed" Conflict {
            "More than the family still needs", "Send at most what is unmet of the need.";
            "Melebihi kebutuhan keluarga", "Kirim paling banyak sisa kebutuhannya."
        }
        BeneficiaryNotVerified "beneficiary_not_verified" Conflict {
            "Nobody has verified the family", "Verify it first; pledged aid goes to verified families only.";
            "Keluarga belum diverifikasi", "Verifikasi dulu; bantuan janji hanya untuk keluarga terverifikasi."
        }
        AllocationNotReserved "allocation_not_reserved" Conflict {
            "Nothing of the allocation is reserved any more", "It was delivered whole or released; read it to see which.";
            "Alokasi tidak lagi dicadangkan", "Sudah diserahkan seluruhnya atau dilepas; baca datanya."
        }
        CompanyNameTaken "company_name_taken" Conflict {
            "A company of that name exists", "Use the company that is there.";
            "Perusahaan bernama itu sudah ada", "Pakai perusahaan yang ada."
        }
        WebhooksTooMany "webhooks_too_many" Conflict {
            "The client has ten webhooks", "Change or remove one of them.";
            "Klien sudah punya sepuluh webhook", "Ubah atau hapus salah satunya."
        }
    } };
}

pub(super) use with_record_codes;
