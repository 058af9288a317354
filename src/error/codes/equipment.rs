//! Codes about equipment: its number, where it came from, who has it, and what becomes of it.

macro_rules! with_equipment_codes {
    ($($before:tt)*) => { with_record_codes! {
        $($before)*
        AssetNumberTaken "asset_number_taken" Conflict {
            "Another piece of equipment has the label", "List equipment by `asset_number`; put another label on one of the two.";
            "Nomor aset sudah dipakai", "Cari lewat `asset_number`; beri label lain pada salah satunya."
        }
        AssetSourceUsedUp "asset_source_used_up" Conflict {
            "All pieces that came by it are registered", "List equipment by `aid_id` to see them; name another delivery or handover.";
            "Semua barang dari penyerahan itu sudah terdaftar", "Lihat lewat `aid_id`; sebut penyerahan lain."
        }
        AssetOfAnotherFamily "asset_of_another_family" Conflict {
            "The piece was delivered to another family", "Hand it over to the family of its delivery first; or record there that it came back.";
            "Barang ini diserahkan untuk keluarga lain", "Serahkan dahulu ke keluarga penerimanya; atau catat pengembaliannya."
        }
        AssetInCustody "asset_in_custody" Conflict {
            "A family has the piece of equipment", "`related` is the custody: take it back first, or transfer it.";
            "Aset sedang dipegang keluarga", "Lihat `related`: terima kembali dahulu, atau alihkan."
        }
        AssetWriteOffProposed "asset_write_off_proposed" Conflict {
            "A write-off of the piece waits for another officer", "`related` is the write-off: agree to it or refuse it first.";
            "Penghapusan aset ini menunggu petugas lain", "Lihat `related`: setujui atau tolak dahulu."
        }
    } };
}

pub(super) use with_equipment_codes;
