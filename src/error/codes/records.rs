//! Codes about the state of a record: what a feature refuses.

macro_rules! with_record_codes {
    ($($before:tt)*) => { with_duplicate_codes! {
        $($before)*
        NikAlreadyRegistered "nik_already_registered" Conflict {
            "The NIK belongs to a live member already", "Search for the NIK; if it is another person, one of the two was typed wrongly.";
            "NIK sudah dimiliki anggota lain", "Cari NIK itu; bila orangnya lain, salah satunya keliru diketik."
        }
        CardAlreadyRegistered "card_already_registered" Conflict {
            "The family card belongs to a live family already", "Search for the card number and correct that family instead.";
            "Kartu keluarga sudah terdaftar", "Cari nomor kartu itu dan perbaiki keluarga tersebut."
        }
        RankDiffers "rank_differs" Conflict {
            "The source gave another decile for the period", "A series is not overwritten: check source and period against what the source sent.";
            "Sumber itu memberi desil lain untuk periode itu", "Deret tidak ditimpa: cocokkan sumber dan periode dengan kiriman sumber."
        }
        NikMissing "nik_missing" Conflict {
            "The person has no NIK yet", "Record the NIK first; then say what the civil registry knows of it.";
            "Orang ini belum punya NIK", "Catat NIK-nya dahulu, lalu catat hasil dari Dukcapil."
        }
        AuditRecordNotSealed "audit_record_not_sealed" Conflict {
            "The audit record is not sealed yet", "Records are sealed some ten seconds after they were written: ask again when `Retry-After` says.";
            "Catatan audit belum disegel", "Catatan disegel sekitar sepuluh detik setelah ditulis: minta lagi menurut `Retry-After`."
        }
        AuditRecordAltered "audit_record_altered" Conflict {
            "The audit record is not the one that was sealed", "Somebody changed it in the database: tell the operator, who finds out more by `sinergi audit verify`.";
            "Catatan audit bukan yang disegel", "Ada yang mengubahnya di basis data: beri tahu operator, yang dapat memeriksa dengan `sinergi audit verify`."
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
            "The program has a cycle for that period or a month of it", "`related` is the cycle: use it, or cancel it while it waits for approval.";
            "Siklus untuk periode itu atau salah satu bulannya sudah ada", "Lihat siklus di `related`: pakai, atau batalkan selama menunggu persetujuan."
        }
        CycleNotPlanned "cycle_not_planned" Conflict {
            "The cycle is not waiting for approval", "Read the cycle to see its state.";
            "Siklus tidak menunggu persetujuan", "Baca siklus untuk melihat keadaannya."
        }
        CycleOverCeiling "cycle_over_ceiling" Conflict {
            "The list comes to more than the ceiling of the cycle", "The detail tells what it comes to, the ceiling, and how much it is over: cancel the cycle and open it anew with a ceiling that the budget has, or with a rule set that gives less.";
            "Daftar melampaui pagu siklus", "Rincian menyebut jumlah daftar, pagu, dan kelebihannya: batalkan siklus lalu buka lagi dengan pagu sesuai anggaran, atau dengan aturan yang memberi lebih sedikit."
        }
        CycleOverQuota "cycle_over_quota" Conflict {
            "The list has more families than a quota has places", "The detail tells families and places by village, and `related` is the first quota: end or suspend enrollments, or set a quota with more places.";
            "Keluarga pada daftar melebihi kuota", "Rincian menyebut keluarga dan kuota per desa; `related` kuota yang pertama: akhiri atau jeda kepesertaan, atau tetapkan kuota yang lebih besar."
        }
        DutyAlreadyRecorded "duty_already_recorded" Conflict {
            "The duty of this member is recorded for this month already", "The problem names the record: to put it right, send its id as `corrects`.";
            "Kewajiban anggota ini untuk bulan ini sudah dicatat", "Masalah menyebut catatannya: untuk membetulkan, kirim id-nya sebagai `corrects`."
        }
        DutyRecordCorrected "duty_record_corrected" Conflict {
            "The record was corrected already", "The problem names the record that took its place: look at it, and correct that one.";
            "Catatan sudah dibetulkan", "Masalah menyebut catatan penggantinya: periksa, lalu betulkan yang itu."
        }
        FollowUpNotDue "follow_up_not_due" Conflict {
            "The months after the handover are not over", "The detail tells from which day on a visit counts.";
            "Bulan setelah serah terima belum genap", "Rincian menyebut sejak hari apa kunjungan dihitung."
        }
        FollowUpRecorded "follow_up_recorded" Conflict {
            "The follow-up of this aid and month is recorded already", "The problem names the record: to put it right, send its id as `corrects`.";
            "Tindak lanjut bantuan ini untuk bulan itu sudah dicatat", "Masalah menyebut catatannya: untuk membetulkan, kirim id-nya sebagai `corrects`."
        }
        FollowUpCorrected "follow_up_corrected" Conflict {
            "The follow-up was corrected already", "The problem names the record that took its place: look at it, and correct that one.";
            "Tindak lanjut sudah dibetulkan", "Masalah menyebut catatan penggantinya: periksa, lalu betulkan yang itu."
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
        DeviceKeyTaken "device_key_taken" Conflict {
            "Another device has that key", "Make a key on the device itself; no two share one.";
            "Kunci itu dipakai perangkat lain", "Buat kunci di perangkat itu sendiri; tidak ada kunci bersama."
        }
        DeviceRevoked "device_revoked" Conflict {
            "The device is revoked", "Nothing of it is taken any more: record what it holds by hand, or register it with a new key.";
            "Perangkat sudah dicabut", "Isinya tidak diterima lagi: catat secara manual, atau daftarkan dengan kunci baru."
        }
        BatchDiffers "batch_differs" Conflict {
            "The batch id stands for another content", "A batch that was brought is never changed: bring what is new under a new id.";
            "Id kiriman itu milik isi lain", "Kiriman tidak boleh diubah: kirim yang baru dengan id baru."
        }
        BatchSequenceTaken "batch_sequence_taken" Conflict {
            "The device has brought another batch of that number or id", "Give each batch a number and an id of its own.";
            "Perangkat sudah mengirim nomor atau id itu", "Beri tiap kiriman nomor dan id sendiri."
        }
        ConflictSettled "conflict_settled" Conflict {
            "The conflict is settled already", "Read it to see how and by whom.";
            "Konflik sudah diselesaikan", "Baca datanya untuk tahu bagaimana dan oleh siapa."
        }
        SignatureInvalid "signature_invalid" FieldOnly {
            "The signature is not that of the device", "Sign the canonical JSON of `batch` with the key that was registered for the device.";
            "Tanda tangan bukan milik perangkat itu", "Tandatangani JSON kanonik dari `batch` dengan kunci yang terdaftar."
        }
        PublicKeyMalformed "public_key_malformed" FieldOnly {
            "Not an Ed25519 key", "Send the 32 bytes of the public key in base64url, 43 characters.";
            "Bukan kunci Ed25519", "Kirim 32 bita kunci publik dalam base64url, 43 karakter."
        }
        FamilyNotOnList "family_not_on_list" FieldOnly {
            "The family is not on the list of the cycle", "Nothing is due to it there: see which cycle the row is of.";
            "Keluarga tidak ada dalam daftar siklus", "Tidak ada hak di sana: periksa siklus baris itu."
        }
        FamilyNotNamed "family_not_named" FieldOnly {
            "The row names no family", "Fill in one of `entitlement_id`, `card_number` and `nik`.";
            "Baris tidak menyebut keluarga", "Isi salah satu dari `entitlement_id`, `card_number` dan `nik`."
        }
        DeliveryDiffers "delivery_differs" FieldOnly {
            "Another delivery has that reference", "Quantity or day differ from what is there or in the file: correct the row, or its reference.";
            "Referensi itu milik penyerahan lain", "Jumlah atau tanggalnya berbeda: perbaiki barisnya atau referensinya."
        }
        ReturnedMoreThanGiven "returned_more_than_given" Conflict {
            "More than the family still has of it", "Take back at most what was handed over and is left after former returns.";
            "Melebihi yang masih ada pada keluarga", "Kembalikan paling banyak yang telah diserahkan dan masih tersisa setelah pengembalian sebelumnya."
        }
        LossTooLarge "loss_too_large" Conflict {
            "More than was due", "No more can be lost at once than the cycle or the entitlement asks for: check the quantity.";
            "Melebihi yang menjadi hak", "Yang hilang sekaligus tidak lebih dari hak pada siklus atau keluarga: periksa jumlahnya."
        }
        ProgramSuspended "program_suspended" Conflict {
            "A suspension order holds it", "`related` is the order: what it holds is delivered once it is released; the rest can be now.";
            "Ditahan perintah penangguhan", "Lihat perintah di `related`: yang ditahan disalurkan setelah perintah dicabut; selebihnya dapat sekarang."
        }
        OrderNotInForce "order_not_in_force" Conflict {
            "The suspension order is not in force", "It was released already.";
            "Perintah penangguhan tidak berlaku", "Perintah sudah dicabut."
        }
        CollectorNotMember "collector_not_member" Invalid {
            "The collector is not a live member of the family", "Name a member, or record an alternate with power of attorney.";
            "Penerima bukan anggota keluarga", "Sebut seorang anggota, atau catat pengganti dengan surat kuasa."
        }
        RoundEmpty "round_empty" Conflict {
            "No family is on the list", "Widen the rule or the villages; a round without families is not opened.";
            "Tidak ada keluarga dalam daftar", "Perluas aturan atau desa; putaran tanpa keluarga tidak dibuka."
        }
        RoundNotOpen "round_not_open" Conflict {
            "The round is closed", "Record the visit without the round: it counts for the family all the same.";
            "Putaran sudah ditutup", "Catat kunjungan tanpa putaran: tetap berlaku bagi keluarga."
        }
        RoundNoSample "round_no_sample" Conflict {
            "The round is no sample", "Open a round with `sample` to measure targeting.";
            "Putaran bukan sampel", "Buka putaran dengan `sample` untuk mengukur ketepatan sasaran."
        }
        FamilyNotInRound "family_not_in_round" Conflict {
            "The family is not on the list of the round", "The list froze when the round opened; record the visit without the round.";
            "Keluarga tidak ada dalam daftar putaran", "Daftar dibekukan saat putaran dibuka; catat kunjungan tanpa putaran."
        }
        VisitAlreadyRecorded "visit_already_recorded" Conflict {
            "You have recorded a visit of that family at that moment", "It is there already: see `related`; nothing has to be sent again.";
            "Kunjungan keluarga pada saat itu sudah Anda catat", "Sudah tersimpan: lihat `related`; tidak perlu dikirim lagi."
        }
        RelocationAlreadyOffered "relocation_already_offered" Conflict {
            "The family is offered to a sub-district already", "Wait for its decision, or withdraw the offer first.";
            "Keluarga sudah ditawarkan ke kecamatan lain", "Tunggu keputusannya, atau tarik tawaran itu dahulu."
        }
        CollectorNotRegistered "collector_not_registered" Invalid {
            "Somebody else is registered to collect for the family", "The registered collector, the head, or an alternate within the dates of the power of attorney.";
            "Yang terdaftar menerima untuk keluarga itu orang lain", "Penerima terdaftar, kepala keluarga, atau pengganti selama surat kuasanya berlaku."
        }
        PowerOfAttorneyNotInForce "power_of_attorney_not_in_force" Invalid {
            "The power of attorney does not hold on that day", "It has not begun, has lapsed or was taken back: see the collectors of the family.";
            "Surat kuasa tidak berlaku pada hari itu", "Belum mulai, sudah lewat atau dicabut: lihat penerima keluarga itu."
        }
        PowerOfAttorneyRegistered "power_of_attorney_registered" Conflict {
            "The power of attorney is registered already", "Use the one that is there, or revoke it first.";
            "Surat kuasa sudah terdaftar", "Pakai yang ada, atau cabut dahulu."
        }
        CollectorEnded "collector_ended" Conflict {
            "The collector has ended already", "Read it for when and why; register another one.";
            "Penerima sudah berakhir", "Baca datanya untuk tahu kapan dan mengapa; daftarkan yang lain."
        }
        ChangeRequestDecided "change_request_decided" Conflict {
            "The request was decided already", "Read it to see how; propose anew what is still to change.";
            "Permintaan sudah diputuskan", "Baca hasilnya; usulkan lagi bila masih perlu diubah."
        }
        ChangeRequestStale "change_request_stale" Conflict {
            "The record has changed since the change was proposed", "Reject the request; whoever asked looks at the record again and proposes anew.";
            "Data sudah berubah sejak perubahan diusulkan", "Tolak permintaan ini; pengusul melihat data lagi dan mengusulkan ulang."
        }
        ChangeRequestInConflict "change_request_in_conflict" Conflict {
            "Another pending request changes the same field", "See `related` and compare; send `despite_conflicts` to apply this one.";
            "Permintaan lain mengubah isian yang sama", "Lihat `related` dan bandingkan; kirim `despite_conflicts` untuk menerapkan yang ini."
        }
        MinutesAlreadyRecorded "minutes_already_recorded" Conflict {
            "Minutes of that number are recorded for the village and program", "Use the meeting that is there; another one has a number of its own.";
            "Berita acara bernomor itu sudah dicatat untuk desa dan program", "Pakai musyawarah yang ada; yang lain bernomor sendiri."
        }
        NeedAlreadyOpen "need_already_open" Conflict {
            "The family has an open need of that kind", "Withdraw the need that is there where it lacks another quantity by now, then record it anew.";
            "Keluarga sudah punya kebutuhan jenis itu", "Cabut kebutuhan yang ada bila jumlahnya kini lain, lalu catat yang baru."
        }
        NeedOverlaps "need_overlaps" Conflict {
            "The family needs a package with this in it, or something of this package", "See `related`: where this one is what the family lacks, release what is reserved for that need and withdraw it, then record this one.";
            "Keluarga sudah membutuhkan paket yang memuat ini, atau isi paket ini", "Lihat `related`: bila yang ini yang kurang, lepaskan yang dicadangkan untuk kebutuhan itu dan cabut, lalu catat yang ini."
        }
        CommandNotPossible "command_not_possible" Conflict {
            "The state of the record does not allow this", "What is possible now stands in `possible`.";
            "Keadaan data tidak memungkinkan", "Yang mungkin sekarang ada di `possible`."
        }
        NotEnoughLeft "not_enough_left" Conflict {
            "Not that much is left", "Read the trail of the pledge, or the balances of the stock, to see what is there.";
            "Sisa tidak mencukupi", "Baca jejak janji, atau saldo gudang, untuk melihat yang ada."
        }
        PledgeDecisionDecided "pledge_decision_decided" Conflict {
            "The decision is agreed, refused or taken back already", "Read it; propose another one where it is still wanted.";
            "Keputusan sudah disetujui, ditolak atau ditarik", "Baca datanya; ajukan lagi bila masih diperlukan."
        }
        PledgeDecisionStale "pledge_decision_stale" Conflict {
            "The line is not what it was when the decision was proposed", "Refuse it, read the pledge, and propose it anew.";
            "Baris janji sudah berubah sejak diusulkan", "Tolak, baca janjinya, lalu usulkan lagi."
        }
        PledgeDecisionPending "pledge_decision_pending" Conflict {
            "A decision of this kind waits already", "Agree to it, refuse it or take it back before another one is proposed.";
            "Keputusan sejenis masih menunggu", "Setujui, tolak atau tarik dulu sebelum mengajukan yang lain."
        }
        InstallmentNotOverdue "installment_not_overdue" Conflict {
            "No installment is overdue for long enough", "Write off a month after an installment was due; before that, cancel or amend.";
            "Belum ada angsuran yang cukup lama terlambat", "Hapuskan sebulan setelah jatuh tempo; sebelumnya, batalkan atau ubah."
        }
        PledgeNotDone "pledge_not_done" Conflict {
            "Something of the pledge is still to come, free or reserved", "Receive, cancel, hand over or give back what is left, then close it.";
            "Masih ada sisa janji yang belum selesai", "Terima, batalkan, serahkan atau kembalikan sisanya, lalu tutup."
        }
        EvidenceIncomplete "evidence_incomplete" Conflict {
            "The evidence is older than the last movement or reopening", "Make an evidence pack of the pledge, then close it.";
            "Bukti lebih tua dari pergerakan atau pembukaan kembali terakhir", "Buat berkas bukti janji, lalu tutup."
        }
        NothingCommitted "nothing_committed" Conflict {
            "No pledge of the company for that year binds", "Make the pack once two officers accepted a pledge for the year.";
            "Belum ada janji perusahaan untuk tahun itu yang mengikat", "Buat berkas setelah dua petugas menerima janji untuk tahun itu."
        }
        PledgesElsewhere "pledges_elsewhere" Forbidden {
            "The company pledged to sub-districts beyond yours as well", "Ask the company for the pack of its year; packs of its pledges to yours are for you to make.";
            "Perusahaan juga berjanji kepada kecamatan lain", "Mintalah berkas tahunan kepada perusahaan; berkas tiap janji kepada kecamatan Anda dapat dibuat sendiri."
        }
        TransferNotCorrectable "transfer_not_correctable" Conflict {
            "The transfer cannot be taken back this way", "Release an allocation, or amend the pledge; receipts, refunds, losses, cancellations, write-offs and surpluses are corrected.";
            "Pergerakan tidak dapat dikoreksi begini", "Lepas alokasinya atau ubah janjinya; yang dikoreksi: penerimaan, pengembalian, kehilangan, pembatalan, penghapusan."
        }
        TransferCorrected "transfer_corrected" Conflict {
            "The transfer was taken back already", "A transfer is corrected once; read the trail of the pledge.";
            "Pergerakan sudah dikoreksi", "Satu pergerakan dikoreksi sekali; baca jejak janji."
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
        FamilyCapReached "family_cap_reached" Conflict {
            "The family has its portions of the round of aid", "The last committed matching run says how many a family may have, and `detail` how many it has: serve another one.";
            "Keluarga sudah mendapat jatah putaran bantuan ini", "Batasnya dari perhitungan terakhir yang ditetapkan, yang sudah didapat ada di `detail`: layani keluarga lain."
        }
        MatchingRunStale "matching_run_stale" Conflict {
            "What the run looked at has changed since", "Stock, needs or families are others by now: preview again, look at it, and commit that preview.";
            "Yang dilihat perhitungan ini sudah berubah", "Stok, kebutuhan atau keluarga sudah lain: buat pratinjau lagi, periksa, lalu tetapkan yang itu."
        }
        CompanyNameTaken "company_name_taken" Conflict {
            "A company of that name exists", "Use the company that is there.";
            "Perusahaan bernama itu sudah ada", "Pakai perusahaan yang ada."
        }
        OverlapRuleCodeTaken "overlap_rule_code_taken" Conflict {
            "An overlap rule of that code exists", "Use the rule that is there, or another code.";
            "Aturan tumpang tindih berkode itu sudah ada", "Pakai aturan yang ada, atau kode lain."
        }
        OverlapRuleNotYours "overlap_rule_not_yours" Forbidden {
            "The overlap rule belongs to the state", "Its owner ends it; add a rule of your sub-district for more than it asks.";
            "Aturan tumpang tindih milik negara", "Pemiliknya yang mengakhiri; tambah aturan kecamatan bila perlu lebih ketat."
        }
        OverlapRuleEnded "overlap_rule_ended" Conflict {
            "The overlap rule has its last day already", "Read it for when; add another rule.";
            "Aturan tumpang tindih sudah diakhiri", "Baca tanggalnya; tambah aturan lain."
        }
        ProgramOverlaps "program_overlaps" Conflict {
            "The family has a program that keeps it off this one", "`overlap` names the rule, what it rests on and the program: end that enrollment first, or leave the family where it is.";
            "Keluarga sudah menerima program yang tidak boleh digabung dengan ini", "`overlap` memuat aturan, dasar hukum dan programnya: akhiri keikutsertaan itu dahulu, atau biarkan keluarga di sana."
        }
        QuotaFull "quota_full" Conflict {
            "Every place of the quota is taken", "`related` is the quota: put the family on the reserve list, or wait until a place is free.";
            "Kuota sudah penuh", "Lihat kuota di `related`: masukkan keluarga ke daftar cadangan, atau tunggu ada tempat."
        }
        EnrollmentNotBegun "enrollment_not_begun" Conflict {
            "The first day of the enrollment has not come", "The detail is that day: activate the enrollment then.";
            "Hari pertama kepesertaan belum tiba", "Rincian menyebut harinya: aktifkan pada hari itu."
        }
        NoLongerEligible "no_longer_eligible" Conflict {
            "The rule set in force does not say yes to the family", "Explain its eligibility to see which fact stands against it.";
            "Aturan yang berlaku tidak mencakup keluarga ini", "Lihat penjelasan kelayakannya untuk tahu fakta yang menghalangi."
        }
        ReserveListEmpty "reserve_list_empty" Conflict {
            "Nobody on the reserve list of the village can take the place", "Run the enrollment again so that eligible families get a place on the list, or name a family where the rule set lets you.";
            "Tidak ada yang dapat mengisi tempat dari daftar cadangan desa", "Jalankan pendaftaran lagi agar keluarga layak masuk daftar, atau sebut keluarga bila aturannya membolehkan."
        }
        AlreadyReplaced "already_replaced" Conflict {
            "Another family has taken the place already", "`related` is the replacement.";
            "Tempatnya sudah diisi keluarga lain", "Lihat penggantian di `related`."
        }
        AlreadyDue "already_due" Conflict {
            "The family that takes over had what is due already", "`related` is what is due to it in that period; where it is given once, it had it before. Name another family, or send `takes_over_due` false.";
            "Keluarga pengganti sudah mempunyai hak itu", "Lihat haknya di `related`; bantuan sekali beri sudah pernah diterimanya. Sebut keluarga lain, atau kirim `takes_over_due` false."
        }
        ReserveNotWaiting "reserve_not_waiting" Conflict {
            "The family does not wait in that place any more", "It was enrolled or taken off the list; read it for which.";
            "Keluarga tidak menunggu lagi di tempat itu", "Sudah terdaftar atau dikeluarkan dari daftar; baca datanya."
        }
        NoCriteriaInForce "no_criteria_in_force" Conflict {
            "No graduation criteria are in force on that day", "Set criteria whose dates cover the day, or ask for another day.";
            "Tidak ada kriteria graduasi yang berlaku pada hari itu", "Tetapkan kriteria yang mencakup hari itu, atau pilih hari lain."
        }
        CriteriaNotMet "criteria_not_met" Conflict {
            "The criteria in force do not say yes to the family", "Explain its readiness to see what it lacks.";
            "Kriteria yang berlaku belum dipenuhi keluarga ini", "Lihat penjelasan kesiapannya untuk tahu apa yang kurang."
        }
        NotOnAid "not_on_aid" Conflict {
            "The family has no place in any program", "Read its enrollments; only a family on aid graduates.";
            "Keluarga tidak terdaftar di program mana pun", "Baca keikutsertaannya; hanya keluarga penerima bantuan yang digraduasi."
        }
        AlreadyGraduated "already_graduated" Conflict {
            "The family has graduated and not come back", "Read its graduation; record the return first where it needed aid again.";
            "Keluarga sudah digraduasi dan belum kembali", "Baca graduasinya; catat kembalinya dahulu bila butuh bantuan lagi."
        }
        AlreadyReturned "already_returned" Conflict {
            "The family has come back already", "Read the graduation for when and why.";
            "Keluarga sudah tercatat kembali", "Baca graduasinya untuk waktu dan sebabnya."
        }
    } };
}

pub(super) use with_record_codes;
