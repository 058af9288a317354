//! Codes about goods in stock.

macro_rules! with_goods_codes {
    ($($before:tt)*) => { with_training_codes! {
        $($before)*
        StockSiteNameTaken "stock_site_name_taken" Conflict {
            "The sub-district has a site of that name", "Use the site that is there, or choose another name.";
            "Kecamatan sudah punya gudang bernama itu", "Pakai gudang yang ada, atau pilih nama lain."
        }
        StockSiteClosed "stock_site_closed" Conflict {
            "The site is closed", "Choose one that is open: nothing is kept there any more.";
            "Gudang sudah ditutup", "Pilih gudang yang masih buka: di sana tidak disimpan apa pun lagi."
        }
        StockSiteNotEmpty "stock_site_not_empty" Conflict {
            "The site is not empty", "Move what is there to another site, or book it as lost; the balances tell what it is.";
            "Gudang belum kosong", "Pindahkan isinya ke gudang lain, atau catat sebagai hilang; saldo menunjukkan isinya."
        }
        DeliveryNoteRecorded "delivery_note_recorded" Conflict {
            "This item of the delivery note came in already", "Read the lots of the supplier; what comes later has a note of its own.";
            "Barang pada surat jalan ini sudah dicatat", "Baca lot dari pemasok itu; kiriman berikutnya punya surat jalan sendiri."
        }
        LotNotForProgram "lot_not_for_program" Conflict {
            "The lot is not for this program", "Choose a lot that is for the program, or for any, and counts in its unit.";
            "Lot bukan untuk program ini", "Pilih lot untuk program itu, atau untuk program apa pun, dengan satuan yang sama."
        }
        LotExpired "lot_expired" Conflict {
            "The lot is past its last day", "Choose another lot; book this one as lost, or return it to the supplier.";
            "Lot sudah kedaluwarsa", "Pilih lot lain; catat lot ini sebagai hilang, atau kembalikan ke pemasok."
        }
        DeliveryNotFromStock "delivery_not_from_stock" Conflict {
            "The delivery did not come from stock", "Leave out the site: only what came from a lot goes back to it.";
            "Penyaluran tidak berasal dari gudang", "Hilangkan gudangnya: hanya yang berasal dari lot dapat kembali ke lot itu."
        }
        StockLossDecided "stock_loss_decided" Conflict {
            "The loss is agreed to or refused already", "Read it; propose another one where it is still wanted.";
            "Kehilangan sudah disetujui atau ditolak", "Baca datanya; ajukan lagi bila masih diperlukan."
        }
        ProgramWithoutGoods "program_without_goods" FieldOnly {
            "The program gives no goods", "Name a program of goods or equipment.";
            "Program tidak memberi barang", "Sebutkan program barang atau peralatan."
        }
        UnitDiffers "unit_differs" FieldOnly {
            "The unit is not that of the program", "Count in the unit of the program, which the detail names.";
            "Satuan berbeda dari satuan program", "Hitung dalam satuan program, yang tertera pada rincian."
        }
        SameSite "same_site" FieldOnly {
            "Both are the same site", "Name the site that the goods come to.";
            "Keduanya gudang yang sama", "Sebutkan gudang tujuan barang."
        }
        GoodsUnusable "goods_unusable" FieldOnly {
            "Damaged goods do not go back to stock", "Leave out the site or say that it is not usable, or correct the reason.";
            "Barang rusak tidak kembali ke gudang", "Hilangkan gudangnya atau nyatakan tidak layak pakai, atau perbaiki alasannya."
        }
    } };
}

pub(super) use with_goods_codes;
