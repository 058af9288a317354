//! Codes about records of one person.

macro_rules! with_duplicate_codes {
    ($($before:tt)*) => { with_goods_codes! {
        $($before)*
        DuplicateRunInProgress "duplicate_run_in_progress" Conflict {
            "A look for duplicates is going on in the sub-district", "Wait until it is over: list the runs to follow it.";
            "Pencarian data ganda di kecamatan ini sedang berjalan", "Tunggu sampai selesai: ikuti lewat daftar pencarian."
        }
        DuplicatePairMerged "duplicate_pair_merged" Conflict {
            "The two records are one by now", "Undo the merge first, if it was a mistake.";
            "Kedua data sudah digabung", "Batalkan penggabungannya dahulu bila itu keliru."
        }
        DuplicatePairUndecided "duplicate_pair_undecided" Conflict {
            "Nobody has decided that the records are one person", "Decide on the pair first: only what is decided to be the same is merged.";
            "Belum diputuskan bahwa kedua data itu orang yang sama", "Putuskan dahulu: hanya yang diputuskan sama yang digabung."
        }
        DuplicateMergerUndone "duplicate_merger_undone" Conflict {
            "The merger is undone already", "Read the records: they are as they were before it.";
            "Penggabungan sudah dibatalkan", "Baca datanya: keadaannya seperti sebelum digabung."
        }
        DuplicateMergerChangedSince "duplicate_merger_changed_since" Conflict {
            "The records have changed since the merger", "It cannot be undone any more: correct the records one by one.";
            "Data sudah berubah sejak digabung", "Tidak dapat dibatalkan lagi: perbaiki datanya satu per satu."
        }
    } };
}

pub(super) use with_duplicate_codes;
