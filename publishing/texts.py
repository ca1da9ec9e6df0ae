"""The words of all pages: for each key, Indonesian and English.

Indonesian as the regency's offices write it: plain, short, with their own terms (padan, desil, register).
"""

from __future__ import annotations

from publishing.texts_drift import DRIFT
from publishing.texts_explanation import EXPLANATION
from publishing.texts_quality import QUALITY
from publishing.texts_review import REVIEW

MONTHS = (
    ("Januari", "January"),
    ("Februari", "February"),
    ("Maret", "March"),
    ("April", "April"),
    ("Mei", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("Agustus", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Desember", "December"),
)

_COMMON: dict[str, tuple[str, str]] = {
    "regency": ("Kabupaten {name}", "{name} Regency"),
    "made_by": ("Dibuat dengan Padan", "Made with Padan"),
    "level.regency": ("kabupaten", "regency"),
    "level.kecamatan": ("Kecamatan", "Sub-district"),
    "level.village": ("Desa/kelurahan", "Village"),
    "no_data": ("Tidak ada data", "No data"),
    "hidden": ("Disamarkan", "Hidden"),
    "total": ("Jumlah", "Total"),
}

_MAP: dict[str, tuple[str, str]] = {
    "map.title": ("Peta keluarga miskin", "Map of poor families"),
    "map.as_of": ("Keadaan {date}", "As of {date}"),
    "map.publication": ("Publikasi ke-{number}", "Publication {number}"),
    "map.lede": (
        "Keluarga miskin terbanyak ada di Kecamatan {most} ({poor} keluarga); persentase tertinggi di Kecamatan {densest} ({rate}).",
        "Most poor families live in the sub-district of {most} ({poor}); the highest rate is that of {densest} ({rate}).",
    ),
    "map.lede_both": (
        "Kecamatan {name} mencatat keluarga miskin terbanyak ({poor} keluarga) dan persentase tertinggi ({rate}).",
        "The sub-district of {name} has both the most poor families ({poor}) and the highest rate ({rate}).",
    ),
    "map.lede_total": (
        "{poor} keluarga miskin tercatat di {regency}, yaitu {rate} dari keluarga dalam register.",
        "{poor} poor families are on record in {regency}, {rate} of the families in the register.",
    ),
    "map.lede_hidden": (
        "Jumlah keluarga miskin di {regency} terlalu kecil untuk ditampilkan.",
        "The number of poor families in {regency} is too small to be shown.",
    ),
    "map.lede_nothing": ("Belum ada keluarga miskin yang tercatat di {regency}.", "No poor family is on record yet in {regency}."),
    "map.skip": ("Lewati peta, langsung ke tabel", "Skip the map, go to the table"),
    "map.controls": ("Pilihan tampilan", "Display options"),
    "map.measure": ("Ukuran", "Measure"),
    "map.measure.count": ("Jumlah", "Number"),
    "map.measure.rate": ("Persentase", "Rate"),
    "map.area": ("Wilayah", "Areas"),
    "map.area.kecamatan": ("Kecamatan", "Sub-districts"),
    "map.area.village": ("Desa", "Villages"),
    "map.legend.count": ("Keluarga miskin", "Poor families"),
    "map.legend.rate": ("Keluarga miskin, % dari keluarga dalam register", "Poor families, % of families in the register"),
    "map.legend.of.kecamatan": ("per kecamatan", "by sub-district"),
    "map.legend.of.village": ("per desa/kelurahan", "by village"),
    "map.legend.areas": ("{number} wilayah", "{number} areas"),
    "map.legend.range": ("{low} \u2013 {high}", "{low} \u2013 {high}"),
    "map.region": (
        "Peta. Tombol panah memindahkan sorotan ke wilayah sebelah; Enter membuka desa dalam kecamatan, Escape kembali.",
        "Map. Arrow keys move to the neighbouring area; Enter opens the villages of a sub-district, Escape returns.",
    ),
    "map.back": ("Seluruh kabupaten", "Whole regency"),
    "map.figure.poor": ("Keluarga miskin", "Poor families"),
    "map.figure.rate": ("Persentase", "Rate"),
    "map.figure.families": ("Keluarga dalam register", "Families in the register"),
    "map.rate_of": ("{rate} dari {families} keluarga dalam register", "{rate} of {families} families in the register"),
    "map.rate_unknown": ("persentase tidak dapat dihitung", "the rate cannot be computed"),
    "map.poor_number": ("{number} keluarga miskin", "{number} poor families"),
    "map.in_kecamatan": ("Kecamatan {name}", "Sub-district {name}"),
    "map.aria": ("{place}: {poor}, {rate}", "{place}: {poor}, {rate}"),
    "map.aria_hidden": ("{place}: angka disamarkan karena terlalu kecil", "{place}: figure hidden because it is too small"),
    "map.aria_no_data": ("{place}: tidak ada data", "{place}: no data"),
    "map.aria_open": ("Enter membuka desanya.", "Enter opens its villages."),
    "map.hidden_why": ("Angka di bawah {smallest} disamarkan", "Figures below {smallest} are hidden"),
    "map.source_default": ("Basis data terpadu Padan", "Padan unified database"),
    "map.source_line": ("Sumber: {source}, publikasi ke-{publication}, {date}", "Source: {source}, publication {publication}, {date}"),
    "map.boundaries": ("Batas wilayah", "Boundaries"),
    "map.scale": ("{number} km", "{number} km"),
    "map.table.kecamatan": ("Keluarga miskin per kecamatan", "Poor families by sub-district"),
    "map.table.village": ("Keluarga miskin per desa dan kelurahan", "Poor families by village"),
    "map.table.hint": ("Tekan judul kolom untuk mengurutkan.", "Press a column heading to sort."),
    "map.table.only": ("Hanya Kecamatan {name}", "Only sub-district {name}"),
    "map.notes": ("Cara membaca peta ini", "How to read this map"),
    "map.note.poor": (
        (
            "Keluarga miskin adalah keluarga sangat miskin, miskin, dan hampir miskin: desil 1 sampai 4 DTSEN; bila desil tidak ada, "
            "menurut pendataan desa atau skor lokal."
        ),
        (
            "Poor families are the extreme poor, poor and near poor: deciles 1 to 4 of DTSEN; where there is no decile, "
            "by the village survey or the local score."
        ),
    ),
    "map.note.rate": (
        (
            "Persentase dihitung dari keluarga (kartu keluarga) yang hidup dalam register penduduk. Keluarga miskin yang belum terdaftar "
            "ikut dihitung dalam jumlah, maka persentase dapat sedikit terlalu tinggi."
        ),
        (
            "The rate is taken of the families (family cards) living in the population register. Poor families that are not registered "
            "count in the number, so a rate may be slightly too high."
        ),
    ),
    "map.note.regency": (
        "Keluarga miskin yang desanya tidak diketahui hanya dihitung pada angka kabupaten.",
        "Poor families whose village is not known count in the figure of the regency only.",
    ),
    "map.note.hidden": (
        (
            "Untuk melindungi keluarga, angka di bawah {smallest} disamarkan. Bila hanya satu wilayah yang tersamar, wilayah terkecil "
            "berikutnya ikut disamarkan agar angkanya tidak dapat dihitung dari jumlah."
        ),
        (
            "To protect families, figures below {smallest} are hidden. Where only one area would be hidden, the next smallest is hidden "
            "too, so that the figure cannot be worked out from the total."
        ),
    ),
    "map.note.approximate": (
        (
            "Batas pada peta ini adalah perkiraan yang dibuat dari satu titik di tiap desa. Batas ini bukan batas resmi dan tidak dapat "
            "dipakai untuk menentukan letak rumah atau luas wilayah."
        ),
        (
            "The boundaries on this map are approximations made from one point in each village. They are not official and cannot be used "
            "to decide where a house lies or how large an area is."
        ),
    ),
    "map.note.boundaries_file": ("Batas wilayah: {label}.", "Boundaries: {label}."),
    "map.note.without_shape": (
        "{number} wilayah tidak punya bentuk pada peta; angkanya ada dalam tabel.",
        "{number} areas have no shape on the map; their figures are in the table.",
    ),
    "map.approximate_badge": ("Batas perkiraan, bukan batas resmi", "Approximate boundaries, not official"),
}

TEXTS: dict[str, tuple[str, str]] = {**_COMMON, **_MAP, **QUALITY, **REVIEW, **EXPLANATION, **DRIFT}
