"""What is known of the sub-districts, and what hamlets and streets are called there."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Residents by kecamatan in thousands, rounded (regency in figures, 2024: 1.79 million together).
KECAMATAN_WEIGHTS: dict[str, float] = {
    "35.10.01": 53,
    "35.10.02": 65,
    "35.10.03": 72,
    "35.10.04": 68,
    "35.10.05": 140,
    "35.10.06": 76,
    "35.10.07": 64,
    "35.10.08": 95,
    "35.10.09": 94,
    "35.10.10": 77,
    "35.10.11": 68,
    "35.10.12": 51,
    "35.10.13": 62,
    "35.10.14": 64,
    "35.10.15": 38,
    "35.10.16": 117,
    "35.10.17": 34,
    "35.10.18": 84,
    "35.10.19": 59,
    "35.10.20": 84,
    "35.10.21": 90,
    "35.10.22": 49,
    "35.10.23": 51,
    "35.10.24": 31,
    "35.10.25": 58,
}

# Shares of naming traditions (Javanese, santri Javanese, Osing, Madurese, Balinese, Christian): Osing around the regency town, Madurese
# along the north coast and on the
# plantations of the west, Javanese in the south, Balinese in a few southern and coastal villages.
DEFAULT_CULTURES = (66, 22, 2, 4, 3.5, 2.5)
_OSING_CORE = (17, 14, 62, 4, 1.5, 1.5)
_MIXED = (42, 20, 26, 8, 1.5, 2.5)
_MADURESE = (26, 16, 8, 48, 0.5, 1.5)
CULTURE_SHARES: dict[str, tuple[float, ...]] = {
    "35.10.05": (46, 20, 6, 25, 2, 1),
    "35.10.08": _MIXED,
    "35.10.10": _MADURESE,
    "35.10.11": _MADURESE,
    "35.10.12": _OSING_CORE,
    "35.10.13": _OSING_CORE,
    "35.10.14": _OSING_CORE,
    "35.10.15": _OSING_CORE,
    "35.10.16": (36, 18, 28, 12, 2, 4),
    "35.10.17": _OSING_CORE,
    "35.10.18": _MADURESE,
    "35.10.19": _MIXED,
    "35.10.20": _MIXED,
    "35.10.21": (30, 16, 28, 24, 0.5, 1.5),
    "35.10.24": _OSING_CORE,
    "35.10.25": _OSING_CORE,
}

HAMLET_NAMES = _words(
    """
    KRAJAN SUMBERAGUNG SUMBERJO KEDUNGREJO SIDOMULYO KARANGANYAR TEGALREJO SUMBERSARI SIDODADI REJOSARI KALIREJO WONOSARI BANJARSARI
    TEMUREJO MULYOREJO TANJUNGREJO PASARREJO SUKOREJO MARGOMULYO PURWOSARI SUMBERWANGI TOJO PEKULO KEDUNGASRI PALUREJO CURAHJATI
    RINGINREJO DADAPAN CANGKRING GLADAG JALEN LUGJAG KEJOYO WATUDODOL PANCORAN AWUAWU BLANGKON PELINGGIHAN KOPENSAYAH KALIPAIT
    PANDAN SEMPU TUGUNG DAMBUNTUNG TLOGOSARI CEMPOKOSARI GURIT JAMBESARI KRASAK BULUREJO
    """
)
STREET_NAMES = _words(
    """
    RAYA DIPONEGORO SUDIRMAN MAWAR MELATI KENANGA ANGGREK MERDEKA PAHLAWAN KARTINI MONGINSIDI HASANUDIN YOSUDARSO SUTOMO SUPRAPTO
    THAMRIN BRAWIJAYA MAJAPAHIT BLAMBANGAN RINJANI SEMERU BROMO KAWI WILIS ARGOPURO RAUNG IJEN NUSANTARA PESANGGRAHAN MASJID PASAR
    SEKOLAH LAPANGAN
    """
)
