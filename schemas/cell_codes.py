"""What the codes of cells mean, in Indonesian and English: what is wrong with a value, and what was done to it.

One entry for each error code and each rule of repair that intake gives; reports, checks and the dictionary show these words. A rule may be
several, joined by `+`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """The same in both languages."""

    id: str
    en: str


ERRORS: Mapping[str, Words] = {
    # Any cell
    "filler": Words("isian kosong (-, 0)", "filler (-, 0)"),
    "unknown_code": Words("kode tidak ada dalam daftar", "code is not in the list"),
    "ambiguous_code": Words("kode berarti dua hal dalam daftar nasional", "code means two things in the national list"),
    "code_of_village_list": Words(
        "kode 89 dari daftar pekerjaan desa, bukan nasional", "code 89 of the villages' list of jobs, not the national one"
    ),
    "not_a_name": Words("bukan nama", "not a name"),
    "not_a_number": Words("bukan angka", "not a number"),
    "not_whole": Words("bukan bilangan bulat", "not a whole number"),
    "too_large": Words("angka terlalu besar", "number is too large"),
    "unreadable_phone": Words("nomor telepon tidak terbaca", "unreadable telephone number"),
    "unreadable_unit": Words("RT/RW tidak terbaca", "unreadable RT or RW"),
    "unreadable_period": Words("periode tidak terbaca", "unreadable period"),
    # Identity numbers
    "length": Words("jumlah digit salah", "wrong number of digits"),
    "not_digits": Words("berisi tanda selain angka", "holds other signs than digits"),
    "scientific_notation": Words("notasi ilmiah (3,51E+15)", "scientific notation (3.51E+15)"),
    "last_digit_lost": Words("digit terakhir hilang (Excel)", "last digit lost (Excel)"),
    "last_digits_lost": Words("tiga digit terakhir hilang (Excel)", "last three digits lost (Excel)"),
    "impossible_number": Words("nomor tidak mungkin", "impossible number"),
    "impossible_month": Words("bulan tidak mungkin", "impossible month"),
    "shared": Words("dipakai orang yang berbeda", "used by different people"),
    "birth_date_differs": Words("tanggal lahir beda dengan nomornya (NIK/NIP)", "birth date differs from the number (NIK, NIP)"),
    "sex_differs": Words("jenis kelamin beda dengan nomornya (NIK/NIP)", "sex differs from the number (NIK, NIP)"),
    "area_differs": Words("NIK diterbitkan di kecamatan lain", "NIK was issued in another sub-district"),
    "area_unknown": Words("kode wilayah dalam NIK tidak ada", "the area inside the NIK does not exist"),
    # Dates
    "unreadable_date": Words("tanggal tidak terbaca", "unreadable date"),
    "impossible_day": Words("hari tidak mungkin", "impossible day"),
    "future_date": Words("tanggal di masa depan", "date in the future"),
    "too_old": Words("tanggal terlalu lama", "date is too long ago"),
    "year_only": Words("hanya tahun", "year only"),
    "ambiguous_order": Words("urutan hari dan bulan tidak pasti", "order of day and month is not certain"),
    # Places
    "unknown_village": Words("desa tidak dikenal", "unknown village"),
    "unknown_kecamatan": Words("kecamatan tidak dikenal", "unknown sub-district"),
    "ambiguous_village": Words("nama desa dapat berarti dua tempat", "village name can mean two places"),
    "village_not_in_kecamatan": Words("desa bukan di kecamatan itu", "village is not in that sub-district"),
    "unknown_village_code": Words("kode desa tidak dikenal", "unknown village code"),
    "code_not_in_kecamatan": Words("kode desa bukan di kecamatan itu", "village code is not in that sub-district"),
    "code_and_name_differ": Words("kode dan nama desa tidak cocok", "code and name of the village differ"),
    "code_without_system": Words(
        "kode desa tanpa keterangan sistemnya (Kemendagri atau BPS)", "village code of an unstated system (Kemendagri or BPS)"
    ),
    "bps_code_without_crosswalk": Words(
        "kode BPS tanpa tabel padanan (PADAN_CROSSWALK)", "BPS code without a table of equivalents (PADAN_CROSSWALK)"
    ),
    "bps_code_not_in_crosswalk": Words("kode BPS tidak ada dalam tabel padanan", "BPS code is not in the table of equivalents"),
    "differs_from_code": Words("nama desa beda dengan kode desa", "village name differs from the village code"),
    "other_regency": Words("kabupaten lain", "another regency"),
    # Positions
    "out_of_regency": Words("di luar kabupaten", "outside the regency"),
    "unreadable_position": Words("koordinat tidak terbaca", "unreadable coordinate"),
    "half_a_position": Words("hanya satu dari dua koordinat", "only one of the two coordinates"),
    "link_without_position": Words("tautan tanpa koordinat", "link without a coordinate"),
}

WANTED: Mapping[str, Words] = {
    # Any cell
    "filler": Words("isi nilainya, atau kosongkan", "fill in the value, or leave it empty"),
    "unknown_code": Words("pakai kode atau sebutan dari daftar nasional", "use a code or a label of the national list"),
    "ambiguous_code": Words("tulis sebutannya, bukan kodenya", "write the label, not the code"),
    "code_of_village_list": Words("tulis sebutannya, atau kode daftar nasional", "write the label, or the code of the national list"),
    "not_a_name": Words("tulis nama orangnya", "write the person's name"),
    "not_a_number": Words("tulis angkanya saja", "write the number alone"),
    "not_whole": Words("tulis bilangan bulat", "write a whole number"),
    "too_large": Words("periksa angkanya dan satuannya", "check the number and its unit"),
    "unreadable_phone": Words("tulis satu nomor, misalnya 0812 diikuti 6-9 angka", "write one number, such as 0812 with 6-9 more digits"),
    "unreadable_unit": Words("tulis satu nomor, misalnya 001", "write one number, such as 001"),
    "unreadable_period": Words("tulis bulan atau tahap, dan tahunnya", "write month or stage, and the year"),
    # Identity numbers
    "length": Words("NIK dan nomor KK 16 angka, NIP 18 angka", "a NIK or family card number has 16 digits, a NIP 18"),
    "not_digits": Words("tulis angkanya saja", "write digits alone"),
    "scientific_notation": Words(
        "jadikan kolomnya teks, lalu isi lagi nomornya dari aslinya", "make it a text column, then copy the number anew"
    ),
    "last_digits_lost": Words(
        "jadikan kolomnya teks, lalu isi lagi nomornya dari aslinya", "make it a text column, then copy the number anew"
    ),
    "impossible_number": Words("salin lagi nomornya dari KTP atau kartu keluarga", "copy the number anew from the identity or family card"),
    "impossible_month": Words("salin lagi nomornya dari KTP atau kartu keluarga", "copy the number anew from the identity or family card"),
    # Dates
    "unreadable_date": Words("tulis hari, bulan dan tahun, misalnya 31/12/1980", "write day, month and year, such as 31/12/1980"),
    "impossible_day": Words("periksa hari dan bulannya pada aslinya", "look day and month up in the original"),
    "future_date": Words("periksa tahunnya pada aslinya", "look the year up in the original"),
    "too_old": Words("periksa tahunnya pada aslinya", "look the year up in the original"),
    "year_only": Words("tulis hari, bulan dan tahun", "write day, month and year"),
    "ambiguous_order": Words("tulis bulannya dengan huruf, atau jadikan sel tanggal", "write the month in letters, or make it a date cell"),
    # Places
    "unknown_village": Words("tulis nama resmi desa, dan kecamatannya", "write the village's official name, and its sub-district"),
    "unknown_kecamatan": Words("tulis nama resmi kecamatan", "write the sub-district's official name"),
    "ambiguous_village": Words("tulis juga kecamatannya", "write the sub-district too"),
    "village_not_in_kecamatan": Words("periksa desa dan kecamatannya", "check village and sub-district"),
    "unknown_village_code": Words(
        "pakai kode sepuluh angka dalam sistem yang disebut kontrak", "use the ten digits of the system that the contract names"
    ),
    "code_not_in_kecamatan": Words("periksa kode desa dan kecamatannya", "check village code and sub-district"),
    "code_and_name_differ": Words("periksa kode dan nama desanya", "check code and name of the village"),
    "code_without_system": Words("sebutkan sistem kodenya dalam kontrak", "name the code's system in the contract"),
    "bps_code_without_crosswalk": Words(
        "pakai kode Kemendagri, atau pasang tabel padanan", "use Kemendagri's code, or load the table of equivalents"
    ),
    "bps_code_not_in_crosswalk": Words(
        "pakai kode Kemendagri, atau lengkapi tabel padanan", "use Kemendagri's code, or complete the table"
    ),
    # Positions
    "out_of_regency": Words("periksa koordinatnya pada peta", "look the coordinate up on a map"),
    "unreadable_position": Words(
        "tulis lintang dan bujur, misalnya -8,21 dan 114,37", "write latitude and longitude, such as -8.21 and 114.37"
    ),
    "half_a_position": Words("isi lintang dan bujur", "fill in latitude and longitude"),
    "link_without_position": Words("salin lintang dan bujurnya dari peta", "copy latitude and longitude from the map"),
}
"""What would be right, for each error that costs a value."""

REMARKS = frozenset(
    {"last_digit_lost", "shared", "birth_date_differs", "sex_differs", "area_differs", "area_unknown", "differs_from_code", "other_regency"}
)
"""Error codes beside which the value stays in use: something to look at, and no fault that cost a value."""

RULES: Mapping[str, Words] = {
    # Any cell
    "invisible_removed": Words("tanda tak terlihat dibuang", "invisible signs removed"),
    "spelling": Words("satu salah ketik diperbaiki", "one typing error mended"),
    "end_cut_off": Words("akhir kata yang terpotong dilengkapi", "end of a cut label completed"),
    "code_and_label": Words("kode dan label dibaca bersama", "code and label read together"),
    "unit_removed": Words("satuan dibuang", "unit removed"),
    "unit_words": Words("ribu dan juta ditulis penuh", "thousands and millions written out"),
    "thousands_separator": Words("pemisah ribuan dibuang", "thousands separator removed"),
    "phone_written_out": Words("nomor telepon ditulis baku", "telephone number in its usual form"),
    "corrected_by_office": Words("diperbaiki oleh dinas", "corrected by the office"),
    "merged_cell": Words("nilai sel gabungan dibaca untuk setiap barisnya", "a merged cell's value read for each of its rows"),
    "first_of_several": Words("nomor pertama dari beberapa", "the first of several numbers"),
    # Identity numbers
    "separators_removed": Words("spasi dan tanda di antara angka dibuang", "separators between digits removed"),
    "letters_read_as_digits": Words("huruf dibaca sebagai angka (O, I, l)", "letters read as digits (O, I, l)"),
    "decimal_ending_removed": Words("akhiran .0 dibuang", "ending .0 removed"),
    "label_removed": Words("label di depan nilai dibuang", "label before the value removed"),
    "power_written_out": Words("notasi ilmiah yang utuh ditulis penuh", "complete scientific notation written out"),
    # Dates
    "place_before_date": Words("tempat lahir di depan tanggal dilepas", "place of birth before the date left out"),
    "two_digit_year": Words("tahun dua angka dilengkapi", "two-digit year completed"),
    "month_first": Words("bulan ditulis lebih dulu", "month written first"),
    "month_spelling": Words("ejaan bulan diperbaiki", "spelling of the month mended"),
    "digits_only": Words("tanggal delapan angka dibaca", "date of eight digits read"),
    "serial_number": Words("nomor urut tanggal Excel dibaca", "Excel's number of a day read"),
    # Places
    "village_name_alone": Words("desa dikenali dari namanya saja", "village known by its name alone"),
    "village_unannounced": Words("desa dikenali di dalam alamat", "village found within the address"),
    "village_spelling": Words("ejaan desa diperbaiki", "spelling of the village mended"),
    "kecamatan_spelling": Words("ejaan kecamatan diperbaiki", "spelling of the sub-district mended"),
    "code_and_name": Words("kode dan nama desa dibaca bersama", "code and name of the village read together"),
    "hamlet_recognised": Words("dusun dikenali di dalam alamat", "hamlet found within the address"),
    # Positions
    "decimal_comma": Words("koma desimal dibaca", "decimal comma read"),
    "decimal_point_lost": Words("titik desimal yang hilang dikembalikan", "lost decimal point restored"),
    "degrees_minutes_seconds": Words("koordinat derajat-menit-detik dibaca", "degrees, minutes, seconds read"),
    "hemisphere_named": Words("koordinat dengan LS/BT dibaca", "coordinate with its hemisphere read"),
    "map_link": Words("koordinat diambil dari tautan peta", "coordinate taken from a map link"),
    "swapped": Words("lintang dan bujur ditukar kembali", "latitude and longitude put in order"),
    "sign_restored": Words("tanda minus dikembalikan", "missing minus restored"),
}


def words_of(codes: str, known: Mapping[str, Words]) -> Words:
    """The words of a code, or of several joined by `+`; a code of tomorrow stands for itself."""
    parts = [known.get(code, Words(code.replace("_", " "), code.replace("_", " "))) for code in codes.split("+")]
    return Words("; ".join(part.id for part in parts), "; ".join(part.en for part in parts))
