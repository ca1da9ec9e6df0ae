"""Every sentence that an officer reads from intake, in Indonesian and English.

One entry for each reason code. A sentence says what was found (by shape, never by value) and what would be right.
"""

from __future__ import annotations

from typing import NamedTuple


class Message(NamedTuple):
    """One message in both languages."""

    id: str
    en: str


_MESSAGES: dict[str, Message] = {
    # Files that are refused whole
    "empty_file": Message("Berkas kosong. Kirim ulang berkas yang berisi data.", "The file is empty. Send it again with its data."),
    "no_rows": Message("Berkas hanya berisi judul kolom, tanpa satu baris data pun.", "The file holds its header and not one row of data."),
    "unknown_format": Message(
        "Jenis berkas tidak dikenal. Kirim sebagai xlsx, xls, xlsb, ods atau csv.",
        "This kind of file is not known. Send it as xlsx, xls, xlsb, ods or csv.",
    ),
    "not_a_spreadsheet": Message(
        "Berkas ini {kind_id}, bukan lembar kerja, apa pun akhiran namanya. Salin tabelnya ke lembar kerja, lalu kirim sebagai xlsx, xls, "
        "xlsb, ods atau csv.",
        "This file is {kind_en} and no spreadsheet, whatever its name ends in. Copy its table into a spreadsheet and send that as xlsx, "
        "xls, xlsb, ods or csv.",
    ),
    "truncated": Message(
        "Berkas terpotong atau rusak, tidak dapat dibuka sampai akhir. Salin ulang berkas aslinya.",
        "The file is cut off or damaged and can't be read to its end. Copy the original again.",
    ),
    "encrypted": Message("Berkas dilindungi kata sandi. Simpan tanpa kata sandi.", "The file needs a password. Save it without one."),
    "unsafe_archive": Message(
        "Isi berkas tidak wajar ({problem_id}), sehingga tidak dibuka. Simpan ulang dari aplikasi lembar kerja.",
        "The inside of the file is not plausible ({problem_en}), so it was not opened. Save it anew from the spreadsheet program.",
    ),
    "too_large": Message(
        "Berkas terlalu besar untuk dibaca ({limit}). Bagi menjadi beberapa berkas.",
        "The file is too large to be read ({limit}). Split it into several files.",
    ),
    "too_slow": Message(
        "Berkas tidak selesai dibaca dalam {seconds} detik. Simpan ulang atau bagi menjadi beberapa berkas.",
        "The file was not read within {seconds} seconds. Save it anew or split it into several files.",
    ),
    "reader_crashed": Message(
        "Pembaca berhenti pada berkas ini (isi rusak). Simpan ulang dari aplikasi lembar kerja.",
        "The reader stopped at this file (damaged content). Save it anew from the spreadsheet program.",
    ),
    "unreadable": Message(
        "Isi berkas tidak dapat dibaca sebagai lembar kerja. Simpan ulang dari aplikasi lembar kerja.",
        "The content can't be read as a spreadsheet. Save it anew from the spreadsheet program.",
    ),
    "internal_error": Message(
        "Kesalahan program saat membaca berkas ini ({kind}, {place}). Laporkan kepada pengelola Padan.",
        "A fault of the program while reading this file ({kind}, {place}). Tell the people who run Padan.",
    ),
    "rows_disagree": Message(
        "Dua pembacaan berkas ini tidak melihat baris yang sama (lembar {sheet}, baris {row}); berkas rusak dan tidak dipakai. "
        "Simpan ulang dari aplikasi lembar kerja.",
        "Two readings of this file did not see the same rows (sheet {sheet}, row {row}); it is damaged and not used. "
        "Save it anew from the spreadsheet program.",
    ),
    "changed_while_read": Message(
        "Berkas berubah sejak didaftar; dibaca lagi pada jalan berikutnya.",
        "The file has changed since it was listed; the next run reads it again.",
    ),
    "unclosed_quote": Message(
        'Tanda kutip (") yang dibuka pada baris {row} tidak ditutup sampai akhir berkas. Tutup atau hapus tanda itu.',
        'A quotation mark (") opened in line {row} is not closed until the end of the file. Close it or take it out.',
    ),
    "giant_field": Message(
        "Satu sel pada baris {row} berisi lebih dari {limit} karakter; berkas ini rusak.",
        "One cell in line {row} holds more than {limit} characters; the file is damaged.",
    ),
    "no_table": Message(
        "Tidak ada lembar dengan judul kolom yang dikenal. Yang diharapkan antara lain: {expected}.",
        "No sheet has a header that is known. Expected among others: {expected}.",
    ),
    "only_hidden_sheets": Message(
        "Tabel hanya ada pada lembar tersembunyi, yang tidak dibaca. Tampilkan lembarnya.",
        "The table stands only on a hidden sheet, which is not read. Show the sheet.",
    ),
    "no_contract": Message(
        "Judul kolom tidak cocok dengan satu kontrak pun ({sources}). Sebutkan sumbernya, atau buat kontrak baru.",
        "The header fits none of the contracts ({sources}). Name the source, or draft a new contract.",
    ),
    "missing_required_column": Message(
        "Lembar {sheet}, baris judul {row}: kolom wajib tidak ada: {missing}.{proposals_id}",
        "Sheet {sheet}, header row {row}: required columns are missing: {missing}.{proposals_en}",
    ),
    "duplicate_column": Message(
        "Lembar {sheet}, baris judul {row}: dua kolom atau lebih berarti sama: {duplicates}. Sisakan satu.",
        "Sheet {sheet}, header row {row}: two or more columns mean the same: {duplicates}. Keep one.",
    ),
    "delivery_incomplete": Message(
        "Berkas ini baik, tetapi berkas lain dari kiriman yang sama ditolak ({files}), sehingga seluruh kiriman tidak dipakai.",
        "This file is good, but another of the same delivery was refused ({files}), so the whole delivery is not used.",
    ),
    "expectation_failed": Message(
        "Kiriman tidak memenuhi syarat sumber ini: {why_id}. Kiriman terakhir yang baik tetap dipakai.",
        "The delivery does not meet what is expected of this source: {why_en}. The last good one stays in force.",
    ),
    # Rows that go to quarantine
    "breaks_expectation": Message("Baris tidak memenuhi syarat: {why_id}.", "The row does not meet what is expected: {why_en}."),
    "no_name_and_no_nik": Message(
        "Baris tidak memuat nama maupun NIK. Isi sekurang-kurangnya salah satu.", "The row has neither name nor NIK. Fill in at least one."
    ),
    "required_value_missing": Message(
        "Kolom {column} wajib diisi, di sini {shape_id}.", "Column {column} must be filled; here it is {shape_en}."
    ),
    "unknown_code_refused": Message(
        "Kode pada kolom {column} tidak ada dalam daftar ({shape_id}). Pakai kode dari daftar resmi.",
        "The code in column {column} is not in the list ({shape_en}). Use a code of the official list.",
    ),
    "too_many_fields": Message(
        "Baris memuat {found} kolom, judul memuat {expected}. Periksa pemisah di dalam teks.",
        "The row has {found} fields, the header {expected}. Look for separators inside a text.",
    ),
    "too_few_fields": Message(
        "Baris memuat {found} kolom, judul memuat {expected}. Periksa baris yang terpotong.",
        "The row has {found} fields, the header {expected}. Look for a line that was cut.",
    ),
    # Correction workbooks that come back
    "not_a_correction_workbook": Message(
        "Berkas ini bukan lembar perbaikan dari `padan quarantine export`, atau baris pertamanya yang tersembunyi telah dihapus.",
        "This is no workbook of `padan quarantine export`, or its hidden first row was deleted.",
    ),
    "correction_without_case": Message(
        "Baris tanpa nomor kasus. Baris baru tidak dapat ditambahkan di sini; kirim lewat berkas asli.",
        "A line without a case number. New rows can't be added here; send them in the original file.",
    ),
    "correction_unknown_case": Message(
        "Nomor kasus ini tidak terbuka: sudah selesai, atau diubah. Ekspor ulang untuk daftar terbaru.",
        "This case is not open: it is settled, or its number was changed. Export again for the newest list.",
    ),
    "correction_case_twice": Message(
        "Kasus ini sudah ada pada baris {other}. Sisakan satu.", "This case stands in row {other} already. Keep one."
    ),
    "correction_changed_identity": Message(
        "Berkas, lembar atau nomor baris diubah. Kolom itu harus tetap seperti saat dikirim.",
        "File, sheet or row number was changed. Those columns must stay as they were sent.",
    ),
    "correction_typed_as_number": Message(
        "Angka panjang diketik sebagai bilangan sehingga digit terakhirnya hilang. Format sel sebagai teks, lalu ketik ulang.",
        "A long number was typed as a number, so its last digits are lost. Format the cell as text and type it again.",
    ),
    # Rows that are not data
    "blank": Message("Baris kosong.", "Blank row."),
    "title": Message("Judul tabel.", "Title."),
    "header": Message("Judul kolom.", "Header."),
    "repeated_header": Message("Judul kolom yang diulang.", "Repeated header."),
    "total": Message("Baris jumlah.", "Total."),
    "signature": Message("Tanda tangan dan keterangan penutup.", "Signature and closing lines."),
    "exact_duplicate": Message(
        "Baris ini sama persis dengan baris lain yang sudah diterima.", "This row equals another row that was accepted."
    ),
    "ignored_sheet": Message(
        "Lembar ini bukan tabel yang diatur dalam kontrak sumber.", "This sheet is no table of the source's contract."
    ),
    "block_line": Message("Baris kepala keluarga atau wilayah di atas anggotanya.", "Line of a family card or place above its members."),
    "ignored_table": Message(
        "Tabel lain pada lembar ini yang tidak diatur dalam kontrak sumber.",
        "Another table of this sheet, not one of the source's contract.",
    ),
    "hidden_sheet": Message("Lembar tersembunyi, tidak dibaca.", "Hidden sheet, not read."),
    "duplicate_file": Message(
        "Isi berkas sama persis dengan {other}; dibaca sekali saja.", "The content equals that of {other}; it is read once."
    ),
}


def message(code: str, **facts: object) -> Message:
    """The message of a reason code with its facts filled in. Raises KeyError for a code without message."""
    template = _MESSAGES[code]
    return Message(template.id.format(**facts), template.en.format(**facts))


def message_codes() -> tuple[str, ...]:
    """All reason codes that have a message."""
    return tuple(_MESSAGES)
