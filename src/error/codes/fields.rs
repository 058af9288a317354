//! Codes about one field or one row.

macro_rules! with_field_codes {
    ($($before:tt)*) => { codes! {
        $($before)*
        Required "required" FieldOnly {
            "The field is required", "Send it.";
            "Isian wajib", "Kirimkan."
        }
        UnknownField "unknown_field" FieldOnly {
            "The field is not known here", "Leave it out, or check its name in the document.";
            "Isian tidak dikenal", "Hilangkan, atau periksa namanya di dokumen."
        }
        WrongType "wrong_type" FieldOnly {
            "The value is of the wrong type or out of range", "See the field in the document.";
            "Nilai salah jenis atau di luar batas", "Lihat isian itu di dokumen."
        }
        TextEmpty "text_empty" FieldOnly {
            "The text is empty", "Write something, or leave the field out where it may be.";
            "Teks kosong", "Isi, atau hilangkan bila boleh."
        }
        TextTooLong "text_too_long" FieldOnly {
            "The text is too long", "Shorten it to the length in the document.";
            "Teks terlalu panjang", "Pendekkan sesuai dokumen."
        }
        TextHasHiddenCharacters "text_has_hidden_characters" FieldOnly {
            "The text has hidden characters or outer spaces", "Remove control, zero-width and direction characters and spaces at the ends.";
            "Teks memuat karakter tersembunyi atau spasi tepi", "Hapus karakter kendali, tanpa lebar, arah, dan spasi di tepi."
        }
        NikMalformed "nik_malformed" FieldOnly {
            "Not a NIK", "Sixteen digits: district, birth date (day + 40 for women), serial. Leave it out where there is none yet.";
            "Bukan NIK", "Enam belas angka: kecamatan, tanggal lahir (hari + 40 untuk perempuan), nomor urut. Kosongkan bila belum ada."
        }
        CardNumberMalformed "card_number_malformed" FieldOnly {
            "Not a family card number", "Sixteen digits, not all the same.";
            "Bukan nomor kartu keluarga", "Enam belas angka, tidak semuanya sama."
        }
        CardNumberIsNik "card_number_is_nik" FieldOnly {
            "The family card number equals the NIK of a member", "One of the two was typed in the wrong column.";
            "Nomor kartu keluarga sama dengan NIK anggota", "Salah satunya keliru kolom."
        }
        NikTwice "nik_twice" FieldOnly {
            "Two people have this NIK here", "Correct one of them.";
            "Dua orang di sini memakai NIK ini", "Perbaiki salah satunya."
        }
        HeadMissing "head_missing" FieldOnly {
            "The family has no head", "Exactly one member has the relationship `head`.";
            "Keluarga tanpa kepala", "Tepat satu anggota berhubungan `head`."
        }
        HeadTwice "head_twice" FieldOnly {
            "The family has more than one head", "Exactly one member has the relationship `head`.";
            "Kepala keluarga lebih dari satu", "Tepat satu anggota berhubungan `head`."
        }
        FamilyLeftEmpty "family_left_empty" FieldOnly {
            "Nobody would be left in the family", "Leave somebody out; where all of them go, merge or relocate the family.";
            "Tidak ada yang tersisa dalam keluarga", "Sisakan seseorang; bila semua ikut, gabungkan atau pindahkan keluarganya."
        }
        MembersMissing "members_missing" FieldOnly {
            "A member of the family is missing in the list", "Name everybody who belongs to the family that ends.";
            "Ada anggota keluarga yang belum disebut", "Sebut semua anggota keluarga yang berakhir."
        }
        VillageUnknown "village_unknown" FieldOnly {
            "No such village in your area", "Use the code of a village of your sub-district; see /v1/regions.";
            "Desa tidak ada di wilayah Anda", "Pakai kode desa di kecamatan Anda; lihat /v1/regions."
        }
        VillageUnchanged "village_unchanged" FieldOnly {
            "The family lives there already", "Name another village or another address.";
            "Keluarga sudah tinggal di sana", "Sebut desa atau alamat lain."
        }
        VillageCodeMalformed "village_code_malformed" FieldOnly {
            "Not a village code", "Such as 64.02.10.2004.";
            "Bukan kode desa", "Misalnya 64.02.10.2004."
        }
        DistrictCodeMalformed "district_code_malformed" FieldOnly {
            "Not a sub-district code", "Such as 64.02.10.";
            "Bukan kode kecamatan", "Misalnya 64.02.10."
        }
        QuantityMalformed "quantity_malformed" FieldOnly {
            "Not a quantity", "A decimal as text, such as \"10\" or \"2.5\", at most three digits after the point.";
            "Bukan jumlah", "Desimal sebagai teks, misalnya \"10\" atau \"2.5\", paling banyak tiga angka di belakang titik."
        }
        QuantityZero "quantity_zero" FieldOnly {
            "The quantity is zero", "Send more than zero.";
            "Jumlah nol", "Kirim lebih dari nol."
        }
        QuantityNotWhole "quantity_not_whole" FieldOnly {
            "The quantity is not whole", "Things that cannot be divided are counted in whole units.";
            "Jumlah tidak bulat", "Benda yang tidak dapat dibagi dihitung dalam satuan utuh."
        }
        QuantityTooLarge "quantity_too_large" FieldOnly {
            "The quantity is too large", "The most that one family can need of each kind stands at /v1/need-kinds.";
            "Jumlah terlalu besar", "Batas kebutuhan satu keluarga per jenis ada di /v1/need-kinds."
        }
        DigestMalformed "digest_malformed" FieldOnly {
            "Not a SHA-256 digest", "Sixty-four lower-case hexadecimal digits.";
            "Bukan nilai SHA-256", "Enam puluh empat angka heksadesimal huruf kecil."
        }
        CoordinateOutOfRange "coordinate_out_of_range" FieldOnly {
            "Not a place on earth", "Both degrees or neither: latitude from -90 to 90, longitude from -180 to 180.";
            "Bukan tempat di bumi", "Keduanya atau tidak sama sekali: lintang -90 sampai 90, bujur -180 sampai 180."
        }
        NothingChanges "nothing_changes" FieldOnly {
            "The record says so already", "Name at least one field that is to be different.";
            "Data sudah demikian", "Sebut paling tidak satu isian yang berbeda."
        }
        FindingUnfit "finding_unfit" FieldOnly {
            "The finding does not go with corrections", "A visit with corrections found `corrected`.";
            "Temuan tidak cocok dengan perbaikan", "Kunjungan dengan perbaikan bertemuan `corrected`."
        }
        DecisionUnfit "decision_unfit" FieldOnly {
            "The field does not go with the decision", "`exit_reason` goes with `remove`, `reserve_order` with `reserve`.";
            "Isian tidak cocok dengan keputusan", "`exit_reason` untuk `remove`, `reserve_order` untuk `reserve`."
        }
        FamilyElsewhere "family_elsewhere" FieldOnly {
            "The family lives in another village", "Who comes onto a list lives in the village that met; correct the family's village first.";
            "Keluarga tinggal di desa lain", "Yang ditambahkan tinggal di desa yang bermusyawarah; perbaiki dahulu desanya."
        }
        AlreadyEnrolled "already_enrolled" FieldOnly {
            "The family is on the program already", "Decide `keep`; a pause is ended by a resumption only.";
            "Keluarga sudah mengikuti program", "Putuskan `keep`; penangguhan hanya berakhir dengan pemulihan."
        }
        NotEnrolled "not_enrolled" FieldOnly {
            "The family is not on the program", "Decide `add`, or leave the family out.";
            "Keluarga tidak mengikuti program", "Putuskan `add`, atau jangan sebut keluarga itu."
        }
        NotEligible "not_eligible" FieldOnly {
            "The rule does not say yes to the family", "See why at /v1/programs/{id}/eligibility/{beneficiary_id}.";
            "Aturan tidak mengiyakan keluarga itu", "Lihat alasannya di /v1/programs/{id}/eligibility/{beneficiary_id}."
        }
        SampleUnclear "sample_unclear" FieldOnly {
            "The size of the sample is not clear", "Send either `size` or `margin_percent`.";
            "Ukuran sampel tidak jelas", "Kirim `size` atau `margin_percent`."
        }
        ClientUnknown "client_unknown" FieldOnly {
            "No client of your area that records visits", "Use the id of a client that may record visits in the sub-district.";
            "Tidak ada klien di wilayah Anda yang mencatat kunjungan", "Pakai id klien yang boleh mencatat kunjungan di kecamatan."
        }
        VillagesApart "villages_apart" FieldOnly {
            "The village lies in another sub-district than the others", "Make a pledge for each sub-district.";
            "Desa di kecamatan lain dari yang lain", "Buat satu janji untuk setiap kecamatan."
        }
        InstallmentsDiffer "installments_differ" FieldOnly {
            "The installments do not add up to the quantity of the line", "Send installments whose quantities add up to it, in the order of days.";
            "Jumlah angsuran tidak sama dengan jumlah baris", "Kirim angsuran yang jumlahnya sama, urut tanggal."
        }
        ValueTwice "value_twice" FieldOnly {
            "The value stands twice in the list", "Leave one of them out.";
            "Nilai disebut dua kali", "Hilangkan salah satunya."
        }
        AmountOutOfRange "amount_out_of_range" FieldOnly {
            "The amount is out of range", "Whole rupiah from 0.";
            "Nilai rupiah di luar batas", "Rupiah utuh mulai dari 0."
        }
        ProgramCodeMalformed "program_code_malformed" FieldOnly {
            "Not a program code", "Two to 32 capital letters, digits and hyphens, such as RICE-2026; the first is no hyphen.";
            "Bukan kode program", "Dua sampai 32 huruf besar, angka dan tanda hubung, misalnya RICE-2026; tidak diawali tanda hubung."
        }
        UnitUnfit "unit_unfit" FieldOnly {
            "The unit does not fit the kind", "Money is counted in IDR, and nothing else is.";
            "Satuan tidak cocok dengan jenis", "Uang dihitung dalam IDR, yang lain tidak."
        }
        PeriodUnfit "period_unfit" FieldOnly {
            "No period of the program begins on that day", "Months begin on each first day, quarters in January, April, July and October, years in January.";
            "Tidak ada periode program yang mulai hari itu", "Bulan mulai tiap tanggal satu, triwulan pada Januari, April, Juli dan Oktober, tahun pada Januari."
        }
        ReductionUnclear "reduction_unclear" FieldOnly {
            "The reduction is not clear", "For `reduced` send either `factor`, from 0.001 to 0.999, or `released_quantity_each`; for the others neither.";
            "Pengurangan tidak jelas", "Untuk `reduced` kirim `factor`, dari 0.001 sampai 0.999, atau `released_quantity_each`; untuk yang lain tidak keduanya."
        }
        ArrearsUnclear "arrears_unclear" FieldOnly {
            "What becomes of arrears is not clear", "Send `resumes_on` only with `pays_arrears` false, and neither where the outcome is `voided`.";
            "Nasib tunggakan tidak jelas", "Kirim `resumes_on` hanya bila `pays_arrears` false; untuk `voided` tidak keduanya."
        }
        PeriodNotFirstDay "period_not_first_day" FieldOnly {
            "Not the first day of a period", "Such as 2026-11-01.";
            "Bukan hari pertama periode", "Misalnya 2026-11-01."
        }
        HandoverTooEarly "handover_too_early" FieldOnly {
            "Aid of the period could not be handed over on that day", "Take the day from the handover minutes: from the first day of the cycle's period on, or from its approval where that was earlier. Record aid of an earlier period under its own cycle.";
            "Bantuan periode itu belum dapat diserahkan pada hari itu", "Ambil tanggal dari BAST: sejak hari pertama periode, atau sejak persetujuan bila lebih awal. Catat bantuan periode lain pada siklusnya sendiri."
        }
        RoundUnfit "round_unfit" FieldOnly {
            "No round of aid begins on that day", "Rounds begin with a quarter: on the first day of January, April, July or October.";
            "Tidak ada putaran bantuan yang mulai hari itu", "Putaran mulai bersama triwulan: tanggal satu Januari, April, Juli atau Oktober."
        }
        DateInFuture "date_in_future" FieldOnly {
            "The date lies in the future", "Send today or an earlier day.";
            "Tanggal di masa depan", "Kirim hari ini atau sebelumnya."
        }
        DateTooFarAhead "date_too_far_ahead" FieldOnly {
            "The first day is more than a year ahead", "Send a day within the next twelve months.";
            "Hari pertama lebih dari setahun lagi", "Kirim hari dalam dua belas bulan ke depan."
        }
        DatesOutOfOrder "dates_out_of_order" FieldOnly {
            "The last day lies before the first", "Swap them or correct one.";
            "Hari terakhir sebelum hari pertama", "Tukar atau perbaiki."
        }
        DateTooEarly "date_too_early" FieldOnly {
            "The day lies before this could have happened", "Correct day and year; the detail tells the first day that can be.";
            "Hari itu sebelum hal ini mungkin terjadi", "Perbaiki hari dan tahunnya; rinciannya menyebut hari pertama yang mungkin."
        }
        ExpiryOutOfRange "expiry_out_of_range" FieldOnly {
            "Not a day until which something is kept reserved", "Send today or a later day, at most a year ahead.";
            "Bukan hari batas cadangan", "Kirim hari ini atau sesudahnya, paling lama setahun ke depan."
        }
        DateMalformed "date_malformed" FieldOnly {
            "Not a date", "Such as 1985-04-23.";
            "Bukan tanggal", "Misalnya 1985-04-23."
        }
        DecileOutOfRange "decile_out_of_range" FieldOnly {
            "Not a decile", "A whole number from 1 (poorest) to 10.";
            "Bukan desil", "Bilangan bulat dari 1 (termiskin) sampai 10."
        }
        RowFieldUnknown "row_field_unknown" FieldOnly {
            "Not a field of the rows", "Name fields of one item of the list, separated by commas; the document lists them in the answer.";
            "Bukan isian baris", "Sebut isian dari satu butir daftar, dipisah koma; dokumen mencantumkannya pada jawaban."
        }
        ValueUnknown "value_unknown" FieldOnly {
            "Not one of the known values", "The values are listed in the document.";
            "Bukan nilai yang dikenal", "Nilai-nilainya ada di dokumen."
        }
        ExpressionInvalid "expression_invalid" FieldOnly {
            "The expression is not a rule", "See `detail` for the character and what is expected; the facts are at /v1/facts.";
            "Ungkapan bukan aturan", "Lihat `detail` untuk letak dan yang diharapkan; daftar fakta di /v1/facts."
        }
        ReferenceUnknown "reference_unknown" FieldOnly {
            "No such record", "Check the id; records outside your area or company are not shown.";
            "Data tidak ditemukan", "Periksa id; data di luar wilayah atau perusahaan Anda tidak ditampilkan."
        }
        ColumnMissing "column_missing" FieldOnly {
            "A column is missing in the header", "The columns of an import are listed in the document.";
            "Kolom tidak ada di baris judul", "Kolom impor tercantum di dokumen."
        }
        ColumnUnknown "column_unknown" FieldOnly {
            "A column is not known", "Remove it: unknown columns are refused, never ignored.";
            "Kolom tidak dikenal", "Hapus: kolom yang tidak dikenal ditolak, tidak pernah diabaikan."
        }
        RowNotCsv "row_not_csv" FieldOnly {
            "The row has another number of cells than the header", "Check commas and quotes.";
            "Jumlah sel baris berbeda dari judul", "Periksa koma dan tanda kutip."
        }
        TextNotUtf8 "text_not_utf8" FieldOnly {
            "The text is not UTF-8", "Save the file as UTF-8 and send it again.";
            "Teks bukan UTF-8", "Simpan berkas sebagai UTF-8, lalu kirim ulang."
        }
        MemberTwice "member_twice" FieldOnly {
            "Two rows of the family are the same person", "Without NIKs, name and birth date tell people apart: remove one row or add the NIKs.";
            "Dua baris keluarga adalah orang yang sama", "Tanpa NIK, nama dan tanggal lahir yang membedakan: hapus satu baris atau isi NIK."
        }
        ColumnTwice "column_twice" FieldOnly {
            "A column stands twice in the header", "Remove one of them.";
            "Kolom muncul dua kali di baris judul", "Hapus salah satunya."
        }
        FamilyRowFaulty "family_row_faulty" FieldOnly {
            "Another row of the family is faulty", "A family is taken whole: correct the other row and send both again.";
            "Baris lain keluarga ini salah", "Keluarga diambil utuh: perbaiki baris lain dan kirim keduanya."
        }
        FamilyRowsDiffer "family_rows_differ" FieldOnly {
            "Rows of one family disagree", "Village, address, decile and period are the same on all rows of a family card.";
            "Baris satu keluarga berbeda", "Desa, alamat, desil dan periode sama pada semua baris satu kartu keluarga."
        }
        NikBirthDateDiffers "nik_birth_date_differs" FieldOnly {
            "The NIK tells another birth date", "A warning: the law keeps a NIK when a birth date is corrected.";
            "NIK menyebut tanggal lahir lain", "Peringatan: NIK tetap walau tanggal lahir diperbaiki."
        }
        NikSexDiffers "nik_sex_differs" FieldOnly {
            "The NIK tells another sex", "A warning: the law keeps a NIK when the sex is corrected.";
            "NIK menyebut jenis kelamin lain", "Peringatan: NIK tetap walau jenis kelamin diperbaiki."
        }
        NikDistrictUnknown "nik_district_unknown" FieldOnly {
            "The NIK starts with no known district", "A warning: check it against the card.";
            "NIK tidak diawali kode kecamatan yang dikenal", "Peringatan: cocokkan dengan kartu."
        }
        FamilyUnknown "family_unknown" FieldOnly {
            "No live family of the sub-district has it", "Check the number or id; register the family first.";
            "Tidak ada keluarga aktif di kecamatan ini dengan itu", "Periksa nomor atau id; daftarkan keluarganya dahulu."
        }
        FamilyAmbiguous "family_ambiguous" FieldOnly {
            "The number was of several families when the list froze", "Name the entitlement instead: see who got it.";
            "Nomor itu milik beberapa keluarga saat daftar dibekukan", "Sebutkan id haknya: periksa siapa yang menerima."
        }
        NamedTwice "named_twice" FieldOnly {
            "It is named before already", "Name it once.";
            "Sudah disebut sebelumnya", "Sebut satu kali."
        }
        RemarkMissing "remark_missing" FieldOnly {
            "The remark is missing", "Say what happened where the reason is `other`.";
            "Keterangan belum diisi", "Jelaskan kejadiannya bila alasannya `other`."
        }
        NotForThisKind "not_for_this_kind" FieldOnly {
            "The field is not for this kind", "Leave it out, or choose the kind that it is for.";
            "Isian bukan untuk jenis ini", "Hilangkan, atau pilih jenis yang memakainya."
        }
        MostOutOfRange "most_out_of_range" FieldOnly {
            "It must be at least one and fewer than there are", "A rule that lets a family have all of them, or none, rules nothing.";
            "Harus paling sedikit satu dan kurang dari jumlahnya", "Aturan yang membolehkan semua, atau tidak satu pun, tidak mengatur apa-apa."
        }
        EitherOne "either_one" FieldOnly {
            "One of the two is needed, and not both", "See the document for which.";
            "Isi salah satu, tidak keduanya", "Lihat dokumen."
        }
        NamingNotAllowed "naming_not_allowed" FieldOnly {
            "The rule set takes the next of the reserve list only", "Leave the family out.";
            "Aturan hanya mengambil urutan berikutnya dari daftar cadangan", "Hilangkan keluarganya."
        }
        VillageDiffers "village_differs" FieldOnly {
            "It is of another village than the place", "A place stays in its village.";
            "Desanya berbeda dari tempat itu", "Tempat tetap di desanya."
        }
        MeetingNotSpecial "meeting_not_special" FieldOnly {
            "The meeting was not called for this", "Name a special village meeting (musdes khusus) of the program.";
            "Musyawarah itu tidak diadakan untuk ini", "Sebut musyawarah desa khusus dari program itu."
        }
        MeetingDecidedOtherwise "meeting_decided_otherwise" FieldOnly {
            "The meeting did not decide this", "It has to add, or put on the reserve list, the family that you name; else to remove the one that leaves.";
            "Musyawarah itu tidak memutuskan hal ini", "Keputusannya harus menambah atau mencadangkan keluarga yang disebut, atau mengeluarkan yang diganti."
        }
        FamilyNamedTwice "family_named_twice" FieldOnly {
            "The family is named by card number and by id", "Give one of the two.";
            "Keluarga disebut dengan nomor kartu dan id", "Isi salah satunya."
        }
        RankTwice "rank_twice" FieldOnly {
            "Rows of the file give one rank two deciles", "Leave the right one; none of them was taken.";
            "Baris berkas memberi satu peringkat dua desil", "Sisakan yang benar; tidak satu pun diambil."
        }
        CardDistrictUnknown "card_district_unknown" FieldOnly {
            "The family card number does not start with a known district code", "A warning: compare with the card; it ends when an edition with the district is loaded.";
            "Nomor kartu keluarga tidak diawali kode kecamatan yang dikenal", "Peringatan: cocokkan dengan kartu; hilang bila edisi yang memuatnya dimuat."
        }
        AttributeNameMalformed "attribute_name_malformed" FieldOnly {
            "Not a name of an attribute", "Up to forty lower-case letters and underscores, such as floor_area.";
            "Bukan nama atribut", "Paling banyak empat puluh huruf kecil dan garis bawah, misalnya floor_area."
        }
        AttributeUnknown "attribute_unknown" FieldOnly {
            "The schema in force has no such attribute", "Check the name, or register a schema that has it; see /v1/attribute-schemas.";
            "Atribut tidak ada di skema yang berlaku", "Periksa namanya, atau daftarkan skema yang memuatnya; lihat /v1/attribute-schemas."
        }
        AttributeMisfit "attribute_misfit" FieldOnly {
            "The value does not fit the schema of its attribute", "Read the newest schema under /v1/attribute-schemas.";
            "Nilai tidak sesuai skema atributnya", "Baca skema terbaru di /v1/attribute-schemas."
        }
        AttributeSchemaMissing "attribute_schema_missing" FieldOnly {
            "No schema of attributes is registered", "The sub-district registers one under /v1/attribute-schemas first.";
            "Belum ada skema atribut", "Kecamatan mendaftarkannya dahulu di /v1/attribute-schemas."
        }
        SchemaMalformed "schema_malformed" FieldOnly {
            "Not a JSON Schema", "JSON Schema 2020-12, with patterns that look neither ahead nor back.";
            "Bukan JSON Schema", "JSON Schema 2020-12, dengan pola tanpa melihat ke depan atau ke belakang."
        }
        SchemaNotObject "schema_not_object" FieldOnly {
            "The schema is not of type object", "Its `type` is `object`; attributes are its `properties`.";
            "Skema bukan bertipe object", "`type`-nya `object`; atribut ada di `properties`."
        }
        SchemaRefers "schema_refers" FieldOnly {
            "The schema refers to another or to itself", "Write it out: no `$ref`, `$id` or anchor, and no other dialect than 2020-12.";
            "Skema merujuk skema lain atau dirinya", "Tulis lengkap: tanpa `$ref`, `$id` atau jangkar, dan hanya dialek 2020-12."
        }
        SchemaTooLarge "schema_too_large" FieldOnly {
            "The schema is too large or empty", "At most 16 KiB, 8 levels and 50 properties, and at least one.";
            "Skema terlalu besar atau kosong", "Paling banyak 16 KiB, 8 tingkat dan 50 properti, dan paling sedikit satu."
        }
        SchemaUnbounded "schema_unbounded" FieldOnly {
            "The property does not bound its value", "One `type`; a text with maxLength up to 500 or enum, a number with minimum and maximum, a list with maxItems up to 50 and bounded items.";
            "Properti tidak membatasi nilainya", "Satu `type`; teks dengan maxLength sampai 500 atau enum, angka dengan minimum dan maximum, daftar dengan maxItems sampai 50 dan isi yang dibatasi."
        }
        UrlMalformed "url_malformed" FieldOnly {
            "Not the address of a receiver", "An absolute URL without a fragment, such as https://portal.example/events.";
            "Bukan alamat penerima", "URL lengkap tanpa fragmen, misalnya https://portal.example/events."
        }
        UrlNotHttps "url_not_https" FieldOnly {
            "The address does not begin with https", "Receivers are reached over TLS only.";
            "Alamat tidak diawali https", "Penerima hanya dihubungi lewat TLS."
        }
        UrlHasCredentials "url_has_credentials" FieldOnly {
            "The address holds a user name or a password", "Leave them out: the signature says who sends.";
            "Alamat memuat nama pengguna atau kata sandi", "Hilangkan: tanda tangan menyebut pengirimnya."
        }
        UrlPortRefused "url_port_refused" FieldOnly {
            "The port of the address is not one that is reached", "Use 443 or 8443.";
            "Porta alamat tidak dihubungi", "Pakai 443 atau 8443."
        }
        UrlHostRefused "url_host_refused" FieldOnly {
            "The host of the address is not on the public internet", "Use a public name; for private networks ask the operator (SINERGI_WEBHOOK_NETWORKS).";
            "Host alamat tidak ada di internet publik", "Pakai nama publik; untuk jaringan pribadi hubungi pengelola (SINERGI_WEBHOOK_NETWORKS)."
        }
        EventTypeUnknown "event_type_unknown" FieldOnly {
            "No event is of that type", "The types are listed under `webhooks` in the document.";
            "Tidak ada peristiwa jenis itu", "Jenisnya tercantum di `webhooks` pada dokumen."
        }
    } };
}

pub(super) use with_field_codes;
