"""Words for what has moved in the estimates of linkage since the last run: Indonesian, English."""

from __future__ import annotations

DRIFT: dict[str, tuple[str, str]] = {
    "drift.sentence": ("{stratum}: {figure} dari {before} menjadi {now}", "{stratum}: {figure} from {before} to {now}"),
    "drift.all": ("Semua catatan", "All records"),
    "drift.settled": ("Catatan yang NIK-nya pasti", "Records whose NIK is certain"),
    "drift.unsettled": ("Catatan yang NIK-nya tidak memastikan", "Records whose NIK is not certain"),
    "drift.missing": ("Catatan tanpa NIK", "Records without NIK"),
    "drift.precision": ("perkiraan ketepatan", "estimated precision"),
    "drift.recall": ("perkiraan kelengkapan", "estimated recall"),
    "drift.linked": ("bagian tertaut", "share linked"),
    "drift.verdict": ("Angka pencocokan bergeser sejak run terakhir", "Matching has moved since the last run"),
    "drift.advice": (
        "Lihat apakah daftarnya memang berubah, atau kolomnya terbaca lain.",
        "See whether the list has really changed, or its columns are read differently.",
    ),
}
