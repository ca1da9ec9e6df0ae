"""The rare name parts: built from stems and endings, as parents build them.

A regency has tens of thousands of different name parts, and most are borne by a handful of people. The lists of ``name_parts`` are the
common heads of each pool; these products are the long tails, so that a full name is shared by as many people as in real registers (41 % in
a population of a million) and not by
more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@dataclass(frozen=True)
class Compounds:
    """All combinations of stems and endings: SU+PAR+MAN, KHOIR+UDIN.

    A part at place r of its column weighs 1/(r + 1.5)^exponent, a combination the product of its parts. ``infix_share`` of the weight goes
    to names with an infix before the ending, the rarest of all.
    """

    columns: tuple[tuple[str, ...], ...]
    exponent: float = 0.5
    infixes: tuple[str, ...] = ()
    infix_share: float = 0.0

    def weighted(self) -> tuple[list[str], npt.NDArray[np.float64]]:
        """The combinations and their weights; a name that can be built in two ways stands there twice."""
        weights = [1.0 / (np.arange(len(column)) + 1.5) ** self.exponent for column in self.columns]
        endings, ending_weights = list(self.columns[-1]), weights[-1]
        if self.infixes:
            endings += [infix + ending for infix in self.infixes for ending in self.columns[-1]]
            rare = np.tile(ending_weights, len(self.infixes)) * self.infix_share / len(self.infixes)
            ending_weights = np.concatenate([ending_weights * (1 - self.infix_share), rare])
        names = [""]
        for column in (*self.columns[:-1], endings):
            names = [start + part for start in names for part in column]
        products = reduce(np.multiply.outer, (*weights[:-1], ending_weights)).ravel()
        return names, np.asarray(products, dtype=np.float64)


_SYLLABLES = _parts("RA LI")
_ARABIC_INFIXES = _parts("AN I UL ON AT UR IL AM IR AB AS IM OF AR UN ID AD EN")


JAVANESE_MALE = Compounds(
    (
        _parts(
            """
            SU SA KA WA MU NGA PA PO TU MI SO GI JU SI RA LA PUR PAR BA WI MAR DAR KUS HAR SLA TAR TRI DJU SUD MOE WAG LEG
            PON KLI PAH
            """
        ),
        _parts("PAR WAR KAR MAR TI NAR GI YA LA TRI DAR HAR JI MI KI TA RI NI RO DI SI YI BE NU TAR NYO YO LI JA RA BA GE"),
        _parts(
            """
            NO TO MAN MIN DI YONO YANTO JO RI WAN TOMO SAN KAN JAN NI MUN DJO RIYANTO RONO MIDI JIONO JIRAN NTO MADI KIRAN
            TRO NAWI LAN JI MO
            """
        ),
    ),
    infixes=_SYLLABLES,
    infix_share=0.115,
)
JAVANESE_FEMALE = Compounds(
    (
        _parts("SU SA KA WA MU NGA PA PO TU MI SO GI JU SI RA LA PUR PAR BA WI MAR DAR KUS HAR SLA TAR SRI WAG LEG PON KLI SUM TUM WAS"),
        _parts("PAR WAR KAR MAR TI NAR GI YA LA TRI DAR HAR JI MI KI TA RI NI RO DI SI YI BE NU TAR YO LI JA RA BA"),
        _parts(
            """
            TI NAH YATI MI NEM NI YEM TIN SIH NINGSIH RI KEM MAH YAH WATI LAH TINAH JINEM NINGRUM SIATI RAH MINAH SINI JAH
            JEM LASTRI TUN SEH JI KINI
            """
        ),
    ),
    infixes=_SYLLABLES,
    infix_share=0.115,
)
MADURESE_MALE = Compounds(
    (
        _parts("MAT MIS SAL BUS HOS SAM JUM NI AS SU BA MUS TO SA MU HA RI DUL SE MA NA"),
        _parts("NA RI TA HO LE SU RA DI BRI YU BA JA KI SI WI DA"),
        _parts("DIN WI TO RI MAN YANTO NAN DI SAN JI WAR LIN RUN HAR LI TRO DAM"),
    ),
    infixes=_SYLLABLES,
    infix_share=0.14,
)
MADURESE_FEMALE = Compounds(
    (
        _parts("MIS SU HO BUS SA NA MAR AS SI TI JU HA MU RO RU BA SAH MAS NI"),
        _parts("NA RI YA TI SI LI RA MI HA DI WI NI BI SU KI TA"),
        _parts("YATI TI YAH NA TUN MA NI WATI RA SI DA LAH MAH NAH BI YEH"),
    ),
    infixes=_SYLLABLES,
    infix_share=0.14,
)
BALINESE_MALE = Compounds(
    (
        _parts("SU AR WI MER DAR ADN BU SUAR SUD WIDI KAR SUK PAS SUP YAD MUD AST SUJ GUN WAR"),
        _parts("TA DI NA SA KA WA YA DA MA JA"),
        _parts("NA YASA WAN SA TA DANA JAYA TANA DNYA RTA"),
    ),
)
BALINESE_FEMALE = Compounds(
    (
        _parts("SU AR WI MER DAR ADN BU SUAR SUD WIDI KAR SUK PAS SUP YAD MUD AST SUJ GUN WAR"),
        _parts("TI DI NI SI KI WI YA DA MI RI"),
        _parts("NI ANI ASIH TINI WATI TI ASTINI YANI ARI RTI"),
    ),
)
OSING_MALE = Compounds(
    (
        _parts("SA MA HA BU JA SU A ASH NA RO MU LA MO SE KA HE TA RA IS MIS SAP KO PO BA SUN"),
        _parts("HU PU SU NU MA SE RA LI NA SNA DE BA YU ME HRA"),
        _parts("RI AN DI NI WI LI UN TO SAN MAD YAN IN MIN RUN DIN"),
    ),
    infixes=_SYLLABLES,
    infix_share=0.14,
)
OSING_FEMALE = Compounds(
    (
        _parts("SA MA HA BU JA SU A ASH NA RO MU LA MO SE KA HE TA RA IS MIS SAP SUR HO PO BA"),
        _parts("HU PI SI NI MI SE RA LI NA YA DI WA YU RI HRA"),
        _parts("YAH NAH TI YATI PAH NI WATI LAH MAH RAH DAH SAH TUN YEH"),
    ),
    infixes=_SYLLABLES,
    infix_share=0.14,
)
ARABIC_MALE = Compounds(
    (
        _parts(
            """
            KHOIR SYAMS NASR FATH BADR QOMAR NUR ZAIN SYAIF BAHR JALAL JAMAL KAMAL MUHY FAHR HAIR SIROJ TAJ IZZ NIZAM
            BURHAN SHOLAH RIDWAN AMIN ASROR MISBAH AIN ABID ALAM MUSTAQ MUNIR MABRUR MUTHOH MUKHLAS MUBASY MUJAH MUNTAH
            SOBIR SYAKIR TAMIM TAUHID THOBI WAHID ZUHR HASB HIDAYAT HUSN IHSAN IKHLAS IMRON JAZUL KARIM KHUDOR LUTF
            MAKHRUS MARZUQ MASYHUR MUKTAF NADZIR RAFIUD ROSYAD SAHAL
            """
        ),
        _parts("UDIN UDDIN ULLAH ULLOH I IN UN AN UL ORI ONI OR ADI ANTO"),
    ),
    infixes=_ARABIC_INFIXES,
    infix_share=0.45,
)
ARABIC_FEMALE = Compounds(
    (
        _parts(
            """
            KHOIR SYAMS NASR FATH BADR QOMAR NUR ZAIN SYAIF BAHR JAMIL KAMIL FAHR HAIR SIROJ IZZ NADHIF RIDWAN AMIN ASROR
            MISBAH AIN ABID ALAM MUNIR MUBAR MUJAH SOBIR SYAKIR TAMIM TAUHID THOYIB WAHID ZUHR HASB HIDAY HUSN ISTI IKHLAS
            IMRO JAZIL KARIM LUTF MAKHRUS MARZUQ MASYHUR RAFI ROSYAD SAHAL MASTHUR FARKHAT MASRUR LATHIF MAHMUD MUFLIK
            NASIK HANIF ROIF MUSYAR FAIQ UMM MAFTUK NUZUL
            """
        ),
        _parts("IYAH AH ATI ATUL OTUL ATUN IYATI OH INA ATUS OTUN IN ATIN IYATUL"),
    ),
    infixes=_ARABIC_INFIXES,
    infix_share=0.45,
)
JAVANESE_MALE_SECOND = Compounds(
    (
        _parts(
            """
            HARI HENDRI SETI BUDI SUGI WAHYU PRI ANDRI RUDI DWI YULI HERI SUSI FEBRI JUNI NOVI SEPTI OKTAVI PURWO SUDAR
            SUPRI WIDI TRI EKO JOKO KRIS ISWA SUHAR WIN RIS HARTO KUS MUJI NUR RUS ALFI ARDI ADI AGUS BAM CAHYO DAR EDI
            ERWIN FERI GUN HANDO IRI JUL KUN LUK MAR NANG PRAS RAH SAR SIS SUL SUWAR TEG UTO VERI WAR YUDI ZEN
            """
        ),
        _parts("YANTO WAN ANTO ONO YONO ADI SYAH MAN TORO JAYA PUTRA SETYO ARTO UDIN WIBOWO MOKO ONTO SANTO"),
    ),
)
JAVANESE_FEMALE_SECOND = Compounds(
    (
        _parts(
            """
            HARI HENDRI SETI BUDI SUGI WAHYU PRI ANDRI RUDI DWI YULI HERI SUSI FEBRI JUNI NOVI SEPTI OKTAVI PURWA SUDAR
            SUPRI WIDI TRI EKA RATNA KRIS ISWA SUHAR WIN RIS HARTA KUS MUJI NUR RUS ALFI ARDI ADI AGUS INDRA CAHYA DAR
            ENDAR ERNA FERI GALUH HANDA IRMA JUL KURNIA LIS MAR NANING PRAS RAHMA SAR SISWA SUL SUWAR TUTI UTA VERA WAR
            YUNI ZEN
            """
        ),
        _parts("WATI YANTI NINGSIH YANI NINGRUM TINA SARI YATI ANTI ASIH INI ASTUTI TUTIK RINI NINGTYAS ARTI ATIN NINGATI"),
    ),
)
MIDDLE_MALE = Compounds(
    (
        _parts(
            """
            AND DED YUD TON HER RUD DID WAW YOY JON RON DOD FER HEND END ROB RIF TOM DAN DEN NAN ANT UDI ERW IRW SUS BAM
            GAT HAR IND JEF KRIS LUK MUL NOV OKT PUJ RAH SAM TAU WIS YAN ZAE EDW FIRM GUN
            """
        ),
        _parts("IK I OK IS ANG ON UT RI YAN IN RIK KI AN SON US AR RO DI WAN Y"),
    ),
)
MIDDLE_FEMALE = Compounds(
    (
        _parts(
            """
            AN YUL TIT NIN WIW RIR SUL LIL TUT NAN ERN EN YEN REN LIN DIN NOV EV DEV HEN VIV SUS DEW MAR RAT TAT UMI VER
            WAT WEN YET EL ER ET FAR FEN HER IND IK IS IRM JUM KUS LUL MAM MEL NUN PUP RIS SIS
            """
        ),
        _parts("IK I IN IS UK A ATI YANA IA ITA IKA TIN NI DA RI MI TA NA LIA AH"),
    ),
)
YOUNG_MALE = Compounds(
    (
        _parts(
            """
            AL AR AZ RAF RAD RAY RAIH KEN ZAID FAR FAB NAU GIB ARS DAV DAF REV REY ZAF HAF HAI KEV MAR MIK NAB RIF RIZ SAT
            VAL YUS ZAK ATH ABI ADR BAR DEV DIR ELV EV FER GAV GIL ILH IQ IRS JAF KAI LUT NIZ OKT PRA
            """
        ),
        _parts(
            """
            AN FA KA LIN DIO VIN ZA REL KY NO ANSYAH ARO IAN KI VAN ZI QI DAN FI RAN SYA IZ IN EL O ARDI YAN IL ENZA ANO
            LAH AM RI TA ANDRA
            """
        ),
    ),
    exponent=0.45,
)
YOUNG_FEMALE = Compounds(
    (
        _parts(
            """
            NAY KEI AQI ZAH NAB AUL SAL NAJ CIT INT ANI AME DIN ALY SYI ADE AFI AIR ALE ALM AMI ANG ARS ASY AUR AZK BIL
            CAL CAN CHE CLA DEL DEV FAD FEL HUM JES KAM KAN KAY KIR LAR MAR MAU MEI MIK NAD NAI NES OLI QUE
            """
        ),
        _parts(
            """
            LA RA NA SYA LIA NIA ZA TA SHA RIA KA DIA YA FA ISA IKA LLA INA ELLA ITA ANI VA SA NDA QILA RISA LIKA VIA ZIA
            NESSA MA HRA
            """
        ),
    ),
    exponent=0.45,
)
YOUNG_MALE_LAST = Compounds(
    (
        _parts(
            """
            PRA ARDI FEBRI OKTAVI JULI SEPTI ADI ALFI FIRMAN HERDI RAHMA FAHRE ARDHA KURNIA DWI WIRA MAHEN NUGRA PERDA
            SETYA SYAH SUTA BRAMAS YUDHIS RAMADHA MAULA HIDA KHAI FIRDA RIZKI ANDRI NOVI ARYA ALAM BAGAS
            """
        ),
        _parts(
            """
            TAMA ANSYAH PUTRA NATA DANA YOGA DITYA WAN SYAH YANTO KA LANA NA YAT RULLAH US TARA TIRA DHIKA JAYA PATI YUDHA
            SENA KUSUMA
            """
        ),
    ),
)
YOUNG_FEMALE_LAST = Compounds(
    (
        _parts(
            """
            PUTRI AZZA LESTA RAMADHA WULAN ANGGRA MAHA RAHMA PERMATA SAFI OKTAVI AULI RAHA SALSA NURAI PRATI AGUSTI CAHYA
            KHOIRU AMA ANDI APRI ARDI ASSY FEBRI FITRI HANI HUMAI INDRI KHUMAI KURNIA LATI MAULI MEILA MELI NADHI NAFI
            NOVI SEPTI
            """
        ),
        _parts("NI RI YANTI DARI WATI SARI ANI TRI A LIA NA NISA RA ROH FAH ANTI DA NINGTYAS INI LA YAH NINGRUM SYIFA TIKA"),
    ),
)
