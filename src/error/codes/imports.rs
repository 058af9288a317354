//! Codes about files of families: the file, its rows, and what an import can become.

macro_rules! with_import_codes {
    ($($before:tt)*) => { with_field_codes! {
        $($before)*
        MappingNameTaken "mapping_name_taken" Conflict {
            "The sub-district has a mapping of that name", "Change the mapping that is there, or choose another name.";
            "Kecamatan sudah punya pemetaan bernama itu", "Ubah pemetaan yang ada, atau pilih nama lain."
        }
        LeaversNotConfirmed "leavers_not_confirmed" Conflict {
            "The number of those who leave is not the one shown", "Read /leavers, then send their number as `members_leaving`.";
            "Jumlah yang keluar tidak sama dengan yang ditampilkan", "Baca /leavers, lalu kirim jumlahnya sebagai `members_leaving`."
        }
        FullListFaulty "full_list_faulty" Conflict {
            "A full list with leavers must be without a fault", "A faulty row could name one of them: mend the rows and send the whole list again.";
            "Daftar lengkap dengan yang keluar harus tanpa kesalahan", "Baris salah bisa menyebut salah satunya: perbaiki dan kirim ulang seluruh daftar."
        }
        FileGone "file_gone" Conflict {
            "The file of the import is no longer kept", "Files without faults go when they are applied, others after thirty days; send the file again.";
            "Berkas impor tidak lagi disimpan", "Berkas tanpa kesalahan dihapus setelah diterapkan, lainnya setelah tiga puluh hari; kirim ulang berkasnya."
        }
        FileLost "file_lost" FieldOnly {
            "The kept file is not whole", "Nothing is in: send the file again with a fresh key.";
            "Berkas yang disimpan tidak utuh", "Tidak ada yang masuk: kirim ulang berkas dengan kunci baru."
        }
        GaveUp "gave_up" FieldOnly {
            "The import failed again and again", "Nothing is in. If it is `checked` again, review and apply it; else send the file with a fresh key. Report the id if it stays.";
            "Impor gagal berulang kali", "Tidak ada yang masuk. Bila kembali `checked`, tinjau dan terapkan lagi; bila tidak, kirim ulang dengan kunci baru. Laporkan id bila tetap gagal."
        }
        FullListUnreviewed "full_list_unreviewed" FieldOnly {
            "A full list is not applied by itself", "It may have people leave: send it with `apply=after_review`, or leave `apply` out.";
            "Daftar lengkap tidak diterapkan otomatis", "Ada orang yang bisa keluar: kirim dengan `apply=after_review`, atau hilangkan `apply`."
        }
        ColumnsTooMany "columns_too_many" FieldOnly {
            "The file has more than a hundred columns", "Remove the columns that say nothing of families.";
            "Berkas memuat lebih dari seratus kolom", "Hapus kolom yang tidak tentang keluarga."
        }
        RowsTooMany "rows_too_many" FieldOnly {
            "The file has more than 1,048,575 rows", "Send it in several files, each with whole families.";
            "Berkas memuat lebih dari 1.048.575 baris", "Kirim dalam beberapa berkas, masing-masing dengan keluarga utuh."
        }
        RowNotJson "row_not_json" FieldOnly {
            "The line is not a JSON object", "One object on each line, each name once, values without objects or lists.";
            "Baris bukan objek JSON", "Satu objek per baris, tiap nama sekali, nilai tanpa objek atau daftar."
        }
        WorkbookUnreadable "workbook_unreadable" FieldOnly {
            "Not a plain Excel workbook", "Save it as .xlsx without a password, or save the sheet as CSV in UTF-8.";
            "Bukan buku kerja Excel biasa", "Simpan sebagai .xlsx tanpa kata sandi, atau simpan lembarnya sebagai CSV UTF-8."
        }
        WorkbookTooLarge "workbook_too_large" FieldOnly {
            "The workbook is too large when unpacked", "Save the sheet as CSV in UTF-8: its size is no matter.";
            "Buku kerja terlalu besar setelah dibuka", "Simpan lembarnya sebagai CSV UTF-8: ukurannya tidak masalah."
        }
        WorkbookHasLinks "workbook_has_links" FieldOnly {
            "The workbook has macros or links to other files", "Copy the values into a new workbook and send that.";
            "Buku kerja memuat makro atau tautan ke berkas lain", "Salin nilainya ke buku kerja baru, lalu kirim."
        }
        CellError "cell_error" FieldOnly {
            "The cell holds an error of the spreadsheet", "Mend the formula, or write the value.";
            "Sel berisi galat lembar kerja", "Perbaiki rumusnya, atau tulis nilainya."
        }
        NumberAsFloat "number_as_float" FieldOnly {
            "The sixteen digits were held as a number, which keeps fifteen", "Format the column as text and take the digits from the card again.";
            "Enam belas angka disimpan sebagai bilangan, yang hanya memuat lima belas", "Ubah format kolom menjadi teks dan salin ulang angkanya dari kartu."
        }
        NumberDigitsMissing "number_digits_missing" FieldOnly {
            "Digits are missing: a spreadsheet may have dropped leading zeros", "Format the column as text and take all sixteen digits from the card.";
            "Ada angka yang hilang: nol di depan mungkin dibuang lembar kerja", "Ubah format kolom menjadi teks dan salin keenam belas angka dari kartu."
        }
        VillageCodeAmbiguous "village_code_ambiguous" FieldOnly {
            "The ten digits are one village at the ministry and another at the statistics office", "Write the official code with points, such as 64.02.10.2004.";
            "Sepuluh angka itu desa berbeda di Kemendagri dan BPS", "Tulis kode resmi dengan titik, misalnya 64.02.10.2004."
        }
        CardAndNikDiffer "card_and_nik_differ" FieldOnly {
            "The card says one family, the NIK another", "Search for both: correct the number that is wrong, or end the other membership first.";
            "Kartu menunjuk satu keluarga, NIK keluarga lain", "Cari keduanya: perbaiki nomor yang salah, atau akhiri dulu keanggotaan di sana."
        }
        MemberAmbiguous "member_ambiguous" FieldOnly {
            "Two members of the family have, or had, this name and birth date", "Add the NIK that tells which one is meant.";
            "Dua anggota keluarga bernama dan bertanggal lahir sama, kini atau dahulu", "Isi NIK supaya jelas siapa yang dimaksud."
        }
        MemberNikDiffers "member_nik_differs" FieldOnly {
            "A member who had this name and birth date has another NIK", "The same person: write the name and NIK of now. Somebody else: add them to the family first.";
            "Anggota yang dahulu bernama dan bertanggal lahir ini ber-NIK lain", "Orang yang sama: tulis nama dan NIK yang sekarang. Orang lain: tambahkan dahulu ke keluarga."
        }
    } };
}

pub(super) use with_import_codes;
