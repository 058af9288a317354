//! Codes about a request as a whole, whatever it is about.

macro_rules! with_request_codes {
    ($next:ident) => { $next! {
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
            "Idempotency-Key is missing or malformed", "Send a fresh key of 8 to 64 letters, digits, `-` or `_`, and the same key on a retry.";
            "Idempotency-Key tidak ada atau salah bentuk", "Kirim kunci baru 8 sampai 64 huruf, angka, `-` atau `_`; ulangi dengan kunci yang sama."
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
            "No answer in a form you accept", "Send `Accept` with a media type that this can be answered in, or leave the header out.";
            "Tidak ada jawaban dalam bentuk yang Anda terima", "Kirim `Accept` dengan jenis media yang tersedia di sini, atau hilangkan tajuk itu."
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
        WebhooksTooMany "webhooks_too_many" Conflict {
            "The client has ten webhooks", "Change or remove one of them.";
            "Klien sudah punya sepuluh webhook", "Ubah atau hapus salah satunya."
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
    } };
}

pub(super) use with_request_codes;
