"""Words of the review workbooks and of what is said about them, Indonesian and English."""

from __future__ import annotations

REVIEW: dict[str, tuple[str, str]] = {
    "review.answer.same": ("sama", "same"),
    "review.answer.different": ("beda", "different"),
    "review.answer.unsure": ("ragu", "unsure"),
    "review.sheet.help": ("Petunjuk", "Instructions"),
    "review.sheet.cases": ("Kasus", "Cases"),
    "review.title": ("Meninjau kasus: {place}", "Review of cases: {place}"),
    "review.title.sample": ("Sampel pemeriksaan tautan", "Sample of links to be checked"),
    "review.no_kecamatan": ("tanpa wilayah", "no area"),
    "review.file.cases": ("tinjau", "review"),
    "review.file.sample": ("sampel", "sample"),
    "review.help.what": (
        "Setiap kasus adalah satu catatan dinas. Apakah catatan itu orang yang sama dengan penduduk (calon) di sebelahnya?",
        "Each case is one record of an office. Is it about the same person as the resident (candidate) beside it?",
    ),
    "review.help.answer": (
        "Pilih jawaban di baris Jawaban, di bawah tiap calon: sama, beda, atau ragu. Kosongkan bila belum diperiksa.",
        "Choose the answer in the row Answer below each candidate: same, different or unsure. Leave it empty if you have not looked.",
    ),
    "review.help.one": (
        "Untuk satu kasus paling banyak satu calon boleh dijawab sama. Bila tidak satu pun, jawab beda pada semuanya.",
        "In one case at most one candidate can be same. If none of them is, answer different for all.",
    ),
    "review.help.pairs": (
        "Calon yang disebut catatan tak terdaftar adalah catatan lain: apakah keduanya satu orang? Di sini boleh lebih dari satu sama.",
        "A candidate that is called an unregistered record is another record: are both the same person? Here several may be same.",
    ),
    "review.help.comment": (
        "Baris Catatan peninjau boleh diisi bebas. Sel lain terkunci; jangan menyalin kasus ke buku kerja lain.",
        "The row Comment is free. All other cells are locked; do not copy cases into another workbook.",
    ),
    "review.help.colours": ("Arti warna pada calon:", "What the colours of a candidate mean:"),
    "review.help.agrees": ("cocok dengan catatan", "agrees with the record"),
    "review.help.close": ("mirip, tidak persis", "alike, not equal"),
    "review.help.differs": ("berbeda", "differs"),
    "review.help.absent": ("tidak diketahui di salah satu sisi", "not known on one side"),
    "review.help.order": (
        "Urutan: keluarga miskin dahulu, lalu menurut nilai bantuan setahun yang bergantung pada jawaban.",
        "Order: poor families first, then by the money a year that hangs on the answer.",
    ),
    "review.help.return": (
        "Simpan sebagai .xlsx, lalu: padan review import BERKAS",
        "Save as .xlsx, then: padan review import FILE",
    ),
    "review.help.private": (
        "Buku kerja ini memuat data pribadi. Simpan di komputer kantor; jangan dikirim lewat pesan.",
        "This workbook holds personal data. Keep it on the office's computer; do not send it by messenger.",
    ),
    "review.case": ("Kasus {number} dari {total}", "Case {number} of {total}"),
    "review.record": ("Catatan dinas", "The office's record"),
    "review.candidate": ("Calon {number}", "Candidate {number}"),
    "review.candidate.likely": ("Calon {number} ({share})", "Candidate {number} ({share})"),
    "review.candidate.record": ("catatan tak terdaftar, {source}", "unregistered record, {source}"),
    "review.answer": ("Jawaban", "Answer"),
    "review.comment": ("Catatan peninjau", "Comment"),
    "review.said": ("Keputusan lalu", "Decided before"),
    "review.stake.poor": ("keluarga miskin", "poor family"),
    "review.stake.money": ("Rp {amount} setahun ({programmes})", "Rp {amount} a year ({programmes})"),
    "review.stake.delivered": ("serahan {day}", "delivered {day}"),
    "review.field.nik": ("NIK", "NIK"),
    "review.field.kk_number": ("Nomor KK", "KK number"),
    "review.field.name": ("Nama", "Name"),
    "review.field.birth_date": ("Tanggal lahir", "Birth date"),
    "review.field.sex": ("L/P", "Sex"),
    "review.field.mother_name": ("Nama ibu", "Mother's name"),
    "review.field.area_code": ("Desa", "Village"),
    "review.field.hamlet": ("Dusun", "Hamlet"),
    "review.field.rt": ("RT", "RT"),
    "review.field.rw": ("RW", "RW"),
    "review.field.address": ("Alamat", "Address"),
    "review.field.relation": ("Hubungan keluarga", "Relation"),
    "review.field.resident_status": ("Status penduduk", "Resident status"),
    "review.precision": (
        "presisi tautan otomatis {share} (95 %: {low} sampai {high}), dari {judged} jawaban, {unsure} ragu, {links} tautan",
        "precision of automatic links {share} (95 %: {low} to {high}), from {judged} answers, {unsure} unsure, {links} links",
    ),
    "review.reading.not_ours": (
        "{file}: bukan buku kerja tinjauan Padan. Yang diharapkan: berkas .xlsx hasil padan review export.",
        "{file}: not a review workbook of Padan. Expected: an .xlsx written by padan review export.",
    ),
    "review.reading.altered": (
        "{file}: bukan buatan Padan di komputer ini, atau kunci kasusnya berubah. Ekspor lagi, salin jawabannya.",
        "{file}: not written by this office's Padan, or the keys of its cases were altered. Export again and copy the answers.",
    ),
    "review.reading.moved": (
        "{file}, lembar {sheet}, baris {row}, kolom {column}: di sini seharusnya ada Kasus {case}; susunan lembar berubah.",
        "{file}, sheet {sheet}, row {row}, column {column}: Case {case} should stand here; the sheet was rearranged.",
    ),
    "review.reading.unknown_answer": (
        "{file}, lembar {sheet}, baris {row}, kolom {column}: jawaban harus sama, beda, atau ragu.",
        "{file}, sheet {sheet}, row {row}, column {column}: the answer must be same, different or unsure.",
    ),
    "review.reading.same_as_two": (
        "{file}, lembar {sheet}, baris {row}, kolom {column}: kasus ini sudah dijawab sama di {other}; satu catatan hanya satu orang.",
        "{file}, sheet {sheet}, row {row}, column {column}: this case already has same at {other}; a record is one person.",
    ),
    "review.reading.same_and_different": (
        "{file}, lembar {sheet}, baris {row}, kolom {column}: bertentangan dengan {other}: calon yang sama dijawab sama dan beda.",
        "{file}, sheet {sheet}, row {row}, column {column}: contradicts {other}: one candidate is same there and different here.",
    ),
    "review.reading.two_through_others": (
        "{file}, lembar {sheet}, baris {row}, kolom {column}: bertentangan dengan {other}: kedua catatan memuat orang yang sama persis, "
        "tetapi dijawab sama dengan dua penduduk.",
        "{file}, sheet {sheet}, row {row}, column {column}: contradicts {other}: the two records describe exactly the same person, "
        "but were called same as two residents.",
    ),
    "review.reading.different_through_others": (
        "{file}, lembar {sheet}, baris {row}, kolom {column}: bertentangan dengan {other}: kedua catatan memuat orang yang sama persis, "
        "tetapi penduduk itu dijawab sama dan beda.",
        "{file}, sheet {sheet}, row {row}, column {column}: contradicts {other}: the two records describe exactly the same person, "
        "but the resident was called same and different.",
    ),
}
