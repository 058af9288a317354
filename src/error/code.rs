//! Every code a client can be answered with, in one table.

/// What kind of refusal a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be understood.
    Malformed,
    /// Nobody is signed in, or not well.
    Unauthenticated,
    /// Signed in, without the permission.
    Forbidden,
    /// No such record for this caller.
    Missing,
    /// The path is known, the method is not.
    MethodUnknown,
    /// No answer in a form the client accepts.
    NotAcceptable,
    /// The state of the record forbids it.
    Conflict,
    /// The record has changed since it was read.
    Stale,
    /// The body is larger than allowed.
    TooLarge,
    /// The body is of a type that is not read here.
    MediaType,
    /// The body is read, a rule refuses it.
    Invalid,
    /// A condition header is missing.
    ConditionMissing,
    /// Too many requests.
    TooMany,
    /// The body did not arrive in time.
    TimedOut,
    /// The service cannot answer now.
    Unavailable,
    /// A fault of the service.
    Internal,
    /// Only ever told of a field or a row, never of a whole request.
    FieldOnly,
}

macro_rules! codes {
    ($($name:ident $code:literal $kind:ident {
        $title_en:literal, $detail_en:literal;
        $title_id:literal, $detail_id:literal
    })+) => {
        /// A code clients may switch on; each has a page at `/problems/{code}`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $title_en] $name,)+
        }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code as clients see it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// Finds a code by its text.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$name),)+ _ => None }
            }

            /// What kind of refusal it is.
            #[must_use]
            pub fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)+ }
            }

            /// Title in English or Indonesian.
            #[must_use]
            pub fn title(self, is_indonesian: bool) -> &'static str {
                match self { $(Self::$name => if is_indonesian { $title_id } else { $title_en },)+ }
            }

            /// What to do next, in English or Indonesian.
            #[must_use]
            pub fn advice(self, is_indonesian: bool) -> &'static str {
                match self { $(Self::$name => if is_indonesian { $detail_id } else { $detail_en },)+ }
            }
        }
    };
}

codes! {
    MalformedRequest "malformed_request" Malformed {
        "The request cannot be read", "Check that the body is JSON in UTF-8 and send it again.";
        "Permintaan tidak dapat dibaca", "Pastikan isi permintaan berupa JSON dalam UTF-8, lalu kirim ulang."
    }
    InvalidParameters "invalid_parameters" Malformed {
        "A parameter is not valid", "See `errors` for the parameter; unknown parameters are refused, never ignored.";
        "Parameter tidak valid", "Lihat `errors`; parameter yang tidak dikenal ditolak, tidak pernah diabaikan."
    }
    CursorInvalid "cursor_invalid" Malformed {
        "The cursor does not fit this list", "Start again without `cursor`, or keep filter and sort as they were.";
        "Kursor tidak cocok dengan daftar ini", "Mulai lagi tanpa `cursor`, atau pakai saringan dan urutan yang sama."
    }
    IdempotencyKeyMissing "idempotency_key_missing" Malformed {
        "Idempotency-Key is missing", "Send a fresh key of 8 to 64 letters, digits, `-` or `_`, and the same key on a retry.";
        "Idempotency-Key tidak ada", "Kirim kunci baru 8 sampai 64 huruf, angka, `-` atau `_`; ulangi dengan kunci yang sama."
    }
    TokenMissing "token_missing" Unauthenticated {
        "No access token", "Get one at /oauth2/token and send it as `Authorization: Bearer`.";
        "Tidak ada token akses", "Ambil token di /oauth2/token dan kirim sebagai `Authorization: Bearer`."
    }
    TokenInvalid "token_invalid" Unauthenticated {
        "The access token is not accepted", "It may have expired or been revoked: get a new one at /oauth2/token.";
        "Token akses tidak diterima", "Mungkin sudah kedaluwarsa atau dicabut: ambil yang baru di /oauth2/token."
    }
    InsufficientScope "insufficient_scope" Forbidden {
        "The client lacks the permission", "The scope it needs stands in `WWW-Authenticate`; ask the sub-district for it.";
        "Klien tidak punya izin", "Scope yang diperlukan ada di `WWW-Authenticate`; mintalah kepada kecamatan."
    }
    NotFound "not_found" Missing {
        "No such record", "Check the id; records outside your area or company are not shown.";
        "Data tidak ditemukan", "Periksa id; data di luar wilayah atau perusahaan Anda tidak ditampilkan."
    }
    MethodNotAllowed "method_not_allowed" MethodUnknown {
        "The method is not known here", "The methods of this path stand in `Allow`.";
        "Metode tidak dikenal di sini", "Metode untuk alamat ini ada di `Allow`."
    }
    NotAcceptable "not_acceptable" NotAcceptable {
        "No answer in a form you accept", "Send `Accept: application/json` or leave the header out.";
        "Tidak ada jawaban dalam bentuk yang Anda terima", "Kirim `Accept: application/json` atau hilangkan tajuk itu."
    }
    IdempotencyKeyReused "idempotency_key_reused" Invalid {
        "The key was used for another body", "Send a fresh Idempotency-Key for a new command.";
        "Kunci sudah dipakai untuk isi lain", "Kirim Idempotency-Key baru untuk perintah baru."
    }
    RequestInProgress "request_in_progress" Conflict {
        "The same command is still running", "Wait a moment and send the same request again.";
        "Perintah yang sama masih berjalan", "Tunggu sebentar, lalu kirim permintaan yang sama lagi."
    }
    VersionStale "version_stale" Stale {
        "The record has changed since you read it", "Read it again, look at the change, and send with the new ETag.";
        "Data sudah berubah sejak Anda baca", "Baca lagi, lihat perubahannya, lalu kirim dengan ETag baru."
    }
    VersionMissing "version_missing" ConditionMissing {
        "If-Match is missing", "Read the record and send its ETag as `If-Match`.";
        "If-Match tidak ada", "Baca datanya dan kirim ETag-nya sebagai `If-Match`."
    }
    BodyTooLarge "body_too_large" TooLarge {
        "The body is too large", "Send at most 1 MiB; imports have a limit of their own.";
        "Isi terlalu besar", "Kirim paling banyak 1 MiB; impor punya batas sendiri."
    }
    MediaTypeUnsupported "media_type_unsupported" MediaType {
        "The media type is not read here", "The accepted types stand in the document, for PATCH in `Accept-Patch`.";
        "Jenis media tidak dibaca di sini", "Jenis yang diterima ada di dokumen, untuk PATCH di `Accept-Patch`."
    }
    BodyTimedOut "body_timed_out" TimedOut {
        "The body did not arrive in time", "Send it again over a steadier connection.";
        "Isi tidak tiba tepat waktu", "Kirim ulang lewat sambungan yang lebih stabil."
    }
    InvalidFields "invalid_fields" Invalid {
        "Some fields are not valid", "See `errors`: each names the field and what to do.";
        "Beberapa isian tidak valid", "Lihat `errors`: masing-masing menyebut isian dan yang perlu dilakukan."
    }
    TooManyRequests "too_many_requests" TooMany {
        "Too many requests", "Wait as long as `Retry-After` says.";
        "Terlalu banyak permintaan", "Tunggu selama yang disebut `Retry-After`."
    }
    ServiceUnavailable "service_unavailable" Unavailable {
        "The service cannot answer now", "Try again after `Retry-After`; a write is safe to repeat with the same key.";
        "Layanan belum dapat menjawab", "Coba lagi setelah `Retry-After`; penulisan aman diulang dengan kunci yang sama."
    }
    InternalError "internal_error" Internal {
        "The service failed", "Try again; if it stays, report `trace_id` to the sub-district.";
        "Layanan gagal", "Coba lagi; bila tetap gagal, laporkan `trace_id` kepada kecamatan."
    }
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
    ProgramCodeTaken "program_code_taken" Conflict {
        "The program code is taken", "Choose another code, or use the program that has it.";
        "Kode program sudah dipakai", "Pilih kode lain, atau pakai program yang ada."
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
    SecondPersonNeeded "second_person_needed" Conflict {
        "A second person must do this", "Somebody else with the permission must decide; nobody approves their own work.";
        "Harus dilakukan orang kedua", "Orang lain yang berizin harus memutuskan; tidak boleh menyetujui pekerjaan sendiri."
    }
    EntitlementUsedUp "entitlement_used_up" Conflict {
        "More than is left of the entitlement", "Read the entitlement to see what is left.";
        "Melebihi sisa hak", "Baca hak tersebut untuk melihat sisanya."
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
        "The state of the record does not allow this", "What is possible now stands in `detail`.";
        "Keadaan data tidak memungkinkan", "Yang mungkin sekarang ada di `detail`."
    }
    NotEnoughLeft "not_enough_left" Conflict {
        "Not that much is left", "Read the trail of the pledge to see what is promised, received and free.";
        "Sisa tidak mencukupi", "Baca jejak janji untuk melihat yang dijanjikan, diterima dan bebas."
    }
    CompanyNameTaken "company_name_taken" Conflict {
        "A company of that name exists", "Use the company that is there.";
        "Perusahaan bernama itu sudah ada", "Pakai perusahaan yang ada."
    }
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
        "Two members of the family have this NIK", "Correct one of them.";
        "Dua anggota keluarga memakai NIK ini", "Perbaiki salah satunya."
    }
    HeadMissing "head_missing" FieldOnly {
        "The family has no head", "Exactly one member has the relationship `head`.";
        "Keluarga tanpa kepala", "Tepat satu anggota berhubungan `head`."
    }
    HeadTwice "head_twice" FieldOnly {
        "The family has more than one head", "Exactly one member has the relationship `head`.";
        "Kepala keluarga lebih dari satu", "Tepat satu anggota berhubungan `head`."
    }
    VillageUnknown "village_unknown" FieldOnly {
        "No such village in your area", "Use the code of a village of your sub-district; see /v1/regions.";
        "Desa tidak ada di wilayah Anda", "Pakai kode desa di kecamatan Anda; lihat /v1/regions."
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
    AmountOutOfRange "amount_out_of_range" FieldOnly {
        "The amount is out of range", "Whole rupiah from 0.";
        "Nilai rupiah di luar batas", "Rupiah utuh mulai dari 0."
    }
    PeriodNotFirstDay "period_not_first_day" FieldOnly {
        "Not the first day of a period", "Such as 2026-11-01.";
        "Bukan hari pertama periode", "Misalnya 2026-11-01."
    }
    DateInFuture "date_in_future" FieldOnly {
        "The date lies in the future", "Send today or an earlier day.";
        "Tanggal di masa depan", "Kirim hari ini atau sebelumnya."
    }
    DatesOutOfOrder "dates_out_of_order" FieldOnly {
        "The last day lies before the first", "Swap them or correct one.";
        "Hari terakhir sebelum hari pertama", "Tukar atau perbaiki."
    }
    DateMalformed "date_malformed" FieldOnly {
        "Not a date", "Such as 1985-04-23.";
        "Bukan tanggal", "Misalnya 1985-04-23."
    }
    DecileOutOfRange "decile_out_of_range" FieldOnly {
        "Not a decile", "A whole number from 1 (poorest) to 10.";
        "Bukan desil", "Bilangan bulat dari 1 (termiskin) sampai 10."
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
}
