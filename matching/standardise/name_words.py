"""Words in Indonesian names that are not the name, and spellings that are one word: facts, written down as data.

Sources: naming practice in East Java (titles of pilgrimage, nobility and schooling; the Muhammad, Ahmad and Siti families that
every office abbreviates its own way), the spelling reform of 1947 and 1972 (oe, dj, tj, sj, nj), Balinese birth-order names.
"""

from types import MappingProxyType


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Dropped wherever they stand, as long as a name remains.
TITLES_ANYWHERE = _words(
    """
    HJ HAJI HAJJAH HAJAH KH KYAI KIYAI KIAI ALM ALMH ALMARHUM ALMARHUMAH MARHUM DRS DRA DR IR PROF RADEN RR TN NY NN SDR SDRI BPK
    NONA TUAN NYONYA SPD SPDI SPDSD MPD MPDI SAG MAG SKOM MKOM SSOS SKEP SKM AMD AMDKEB AMDKEP SSI SHI SEI STP SPT SIP MSI MKES
    SPSI STR STRKEB
    """
)
# Degrees without a dot, dropped only as the last word.
TITLES_AFTER = _words("SH SE MM MH ST BA SS SPD SAG")
# Dropped only before the name, where an abbreviation cannot be somebody's initial.
TITLES_BEFORE = _words("H R RA RM USTADZ USTAZ UST USTADZAH GUS NING LORA BINDERE")
# "P. RUDI" is Rudi's father, or Rudi himself: the name that follows is a relative's as often as it is the person's own.
MEN = _words("P PK PAK BAPAK BP PAKNE PAKNYA BAPAKE BAPAKNE BAPAKNYA CAK")
WOMEN = _words("B BU IBU BUK MBOK MBOKE MBOKNE MAK EMAK EMAKE MAKNE MAKNYA EMAKNYA IBUNYA YU")
TEKNONYM_WORDS = MEN | WOMEN | _words("MBAH MBH WAK")
# What follows is the father's name.
PATRONYM_WORDS = _words("BIN BINTI BT BTE BINTE")

# Spellings that offices use for one word; the key is what the word becomes.
_FAMILIES: dict[str, str] = {
    "MUHAMMAD": """
        MOH MOCH MUH MUCH MHD MHMD MUHD MUHAMAD MUHAMMAT MUHAMAT MOHAMAD MOHAMMAD MOHAMED MOHAMMED MUHAMED MUHAMMED
        MOCHAMAD MOCHAMMAD MOKHAMAD MOKHAMMAD MUCHAMAD MUCHAMMAD MUKHAMAD MUKHAMMAD MOCHAMAT MUCHAMAT
    """,
    "AHMAD": "ACH ACHMAD AKHMAD AHMAT ACHMAT AKHMAT AHMED AHMMAD ACHAMAD AKH ACHM",
    "ABDUL": "ABD ABDL ABDOEL",
    "SITI": "ST STI SITTI SITY SITIE CITI SITTIE",
    "NUR": "NOER NOOR NR",
    "SRI": "SERI SRIE",
}
SPELLING_FAMILIES = MappingProxyType({variant: word for word, variants in _FAMILIES.items() for variant in variants.split()})

# Spellings long enough to be recognised with a typing error in them.
LONG_SPELLINGS = tuple((word, "MUHAMMAD") for word in (*sorted(_FAMILIES["MUHAMMAD"].split()), "MUHAMMAD") if len(word) >= 7)


# Words so common that two names which share only them share nothing.
COMMON_WORDS = frozenset(_FAMILIES)

BALINESE_MARKERS = frozenset({"I", "NI"})
BALINESE_ABBREVIATIONS = MappingProxyType(
    {
        "WY": "WAYAN", "WYN": "WAYAN", "MD": "MADE", "NYM": "NYOMAN", "NYMN": "NYOMAN", "KT": "KETUT", "KTT": "KETUT", "GD": "GEDE",
        "GDE": "GEDE", "PT": "PUTU", "KD": "KADEK", "KDK": "KADEK", "KM": "KOMANG", "KMG": "KOMANG", "LH": "LUH",
        "NGH": "NENGAH", "NGAH": "NENGAH",
    }
)  # fmt: skip
BALINESE_NAMES = _words("WAYAN PUTU GEDE LUH MADE KADEK NENGAH NYOMAN KOMANG KETUT GUSTI DEWA ILUH")

# Old digraphs and what the reform made of them. A word that has one is wholly in old spelling, where a J alone is today's Y (MOELJONO);
# * keeps the J that DJ became from that.
OLD_SPELLING = (("OE", "U"), ("DJ", "*"), ("TJ", "C"), ("SJ", "SY"), ("NJ", "NY"))
