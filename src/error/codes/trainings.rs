//! Codes about trainings, their participants and certificates.

macro_rules! with_training_codes {
    ($($before:tt)*) => { with_import_codes! {
        $($before)*
        TrainingFull "training_full" Conflict {
            "All seats of the training are taken", "Wait until somebody withdraws, or give the seat in another training.";
            "Semua kursi pelatihan terisi", "Tunggu ada yang mengundurkan diri, atau beri kursi di pelatihan lain."
        }
        SeatsOfAidTaken "seats_of_aid_taken" Conflict {
            "Somebody has each seat that the aid gives", "List the participants of the trainings by the family; withdraw one first, or give the seat without `aid_id`.";
            "Setiap kursi dari bantuan itu sudah terpakai", "Lihat peserta dari keluarga itu; undurkan satu dahulu, atau beri kursi tanpa `aid_id`."
        }
        TrainingSessionsAhead "training_sessions_ahead" Conflict {
            "The training has no session, or one that is still ahead", "Say that it was held on the day of its last session or later.";
            "Pelatihan belum punya sesi, atau masih ada sesi mendatang", "Nyatakan selesai pada hari sesi terakhir atau sesudahnya."
        }
        SessionOutsideTraining "session_outside_training" Conflict {
            "A session lies outside the days of the training", "Choose one of its days, or change the days while the training is planned.";
            "Sesi berada di luar hari pelatihan", "Pilih salah satu harinya, atau ubah hari selama masih direncanakan."
        }
        SessionAhead "session_ahead" Conflict {
            "The day of the session has not come", "Record who came on that day or later.";
            "Hari sesi belum tiba", "Catat kehadiran pada hari itu atau sesudahnya."
        }
        ParticipantAlreadyRegistered "participant_already_registered" Conflict {
            "The member has a seat in the training already", "Look at the participants of the training.";
            "Anggota itu sudah punya kursi di pelatihan ini", "Lihat daftar peserta pelatihan."
        }
        ParticipantWithdrawn "participant_withdrawn" Conflict {
            "The participant has no seat any more", "Register the member again, if it is to take part.";
            "Peserta sudah mengundurkan diri", "Daftarkan lagi bila tetap akan ikut."
        }
        MemberTooYoung "member_too_young" Conflict {
            "The member is younger than fifteen on the first day", "Choose another member of the family.";
            "Anggota belum berusia lima belas tahun pada hari pertama", "Pilih anggota keluarga yang lain."
        }
        MemberAgeUnknown "member_age_unknown" Conflict {
            "Nobody has recorded when the member was born", "Record the day of birth first.";
            "Tanggal lahir anggota belum dicatat", "Catat tanggal lahirnya dahulu."
        }
        MemberInTraining "member_in_training" Conflict {
            "The person has a seat in a training that is not over", "The problem names the training: withdraw the participant, or wait until it was held.";
            "Orang itu masih peserta pelatihan yang belum selesai", "Masalah menyebut pelatihannya: undurkan pesertanya, atau tunggu sampai selesai."
        }
        CertificateNumberTaken "certificate_number_taken" Conflict {
            "A certificate has the number already", "Numbers are given once in a sub-district: choose another prefix.";
            "Nomor sertifikat sudah dipakai", "Nomor hanya dipakai sekali di kecamatan: pilih awalan lain."
        }
        CertificateRevoked "certificate_revoked" Conflict {
            "The certificate was revoked already", "Read it for why and by whom.";
            "Sertifikat sudah dicabut", "Baca alasan dan pencabutnya pada sertifikat itu."
        }
    } };
}

pub(super) use with_training_codes;
