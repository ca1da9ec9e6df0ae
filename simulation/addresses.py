"""How offices write where somebody lives."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulation.place_facts import STREET_NAMES
from simulation.places import Places

Index = npt.NDArray[np.int64]


class AddressBook:
    """Texts of the places of a regency, for houses by number."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._hamlets = pa.array(places.hamlet_names)
        top = int(max(places.rt_number.max(), places.rt_rw.max())) + 1
        self._padded = pa.array([f"{number:03d}" for number in range(top)])
        self._plain = pa.array([f"{number:02d}" for number in range(top)])
        villages = places.villages
        self._codes = pa.array(villages["area_code"].tolist())
        self._village_names = pa.array(villages["name"].tolist())
        self._kecamatan_names = pa.array(villages["kecamatan"].tolist())
        self._in_town = (villages["kind"] == "kelurahan").to_numpy()
        self._streets = pa.array([f"JL. {name}" for name in STREET_NAMES])

    def area_code(self, house: Index) -> pa.Array:
        """Village codes, dotted."""
        return self._codes.take(pa.array(self.places.house_village[house]))

    def village(self, house: Index) -> pa.Array:
        """Village names."""
        return self._village_names.take(pa.array(self.places.house_village[house]))

    def kecamatan(self, house: Index) -> pa.Array:
        """Kecamatan names."""
        return self._kecamatan_names.take(pa.array(self.places.house_village[house]))

    def hamlet(self, house: Index) -> pa.Array:
        """Hamlet names."""
        return self._hamlets.take(pa.array(self.places.rt_hamlet[self.places.house_rt[house]]))

    def rt(self, house: Index) -> pa.Array:
        """RT, three digits."""
        return self._padded.take(pa.array(self.places.rt_number[self.places.house_rt[house]]))

    def rw(self, house: Index) -> pa.Array:
        """RW, three digits."""
        return self._padded.take(pa.array(self.places.rt_rw[self.places.house_rt[house]]))

    def register_address(self, house: Index) -> pa.Array:
        """As the civil register has it: DUSUN KRAJAN JL. MAWAR NO. 12; LINGKUNGAN in towns."""
        kind = pa.array(["DUSUN ", "LINGKUNGAN "]).take(pa.array(self._in_town[self.places.house_village[house]].astype(np.int8)))
        return pc.binary_join_element_wise(kind, self.hamlet(house), self._street_and_number(house), "")

    def office_address(self, rng: np.random.Generator, house: Index, *, with_rt: bool) -> pa.Array:
        """As other offices copy it: DSN. KRAJAN RT 003 RW 002, LINK. KRAJAN RT 03/RW 01, KRAJAN RT/RW 003/001."""
        town = self._in_town[self.places.house_village[house]]
        style = np.searchsorted(np.array([0.4, 0.65, 0.85]), rng.random(len(house)), side="right")
        words = pa.array(["DUSUN ", "DSN. ", "DSN ", "", "LINGKUNGAN ", "LINK. ", "LINGK. ", ""])
        text = pc.binary_join_element_wise(words.take(pa.array(style + 4 * town)), self.hamlet(house), "")
        if not with_rt:
            return pc.binary_join_element_wise(text, self._street_and_number(house), "")
        rt, rw = self.places.rt_number[self.places.house_rt[house]], self.places.rt_rw[self.places.house_rt[house]]
        spelled = pc.binary_join_element_wise(" RT ", self._padded.take(pa.array(rt)), " RW ", self._padded.take(pa.array(rw)), "")
        joined = pc.binary_join_element_wise(" RT ", self._plain.take(pa.array(rt)), "/RW ", self._plain.take(pa.array(rw)), "")
        slashed = pc.binary_join_element_wise(" RT/RW ", self._padded.take(pa.array(rt)), "/", self._padded.take(pa.array(rw)), "")
        which = pa.array(rng.integers(0, 3, len(house)))
        return pc.binary_join_element_wise(text, pc.choose(which, spelled, joined, slashed), "")

    def whole_address(self, rng: np.random.Generator, house: Index) -> pa.Array:
        """All in one text, as people say it: Dsn. Krajan RT 03/RW 02 Ds. Tambakrejo Kec. Muncar.

        Some leave out the RT, some the kecamatan; some write in capitals.
        """
        count = len(house)
        town = self._in_town[self.places.house_village[house]].astype(np.int64)
        rt = self.places.house_rt[house]
        number, rw = self._plain.take(pa.array(self.places.rt_number[rt])), self._plain.take(pa.array(self.places.rt_rw[rt]))
        street = pc.if_else(pa.array(rng.random(count) < 0.6), pc.utf8_title(self._street_and_number(house)), "")
        hamlet_word = _chosen(rng, count, ("Dsn. ", "Dusun ", "Dsn ", ""), ("Link. ", "Lingkungan ", "Ling. ", ""), town)
        village_word = _chosen(rng, count, ("Ds. ", "Desa ", "Ds ", "Ds. "), ("Kel. ", "Kelurahan ", "Kel ", "Kel. "), town)
        district_word = _chosen(rng, count, ("Kec. ", "Kecamatan ", "Kec ", "Kec. "), ("Kec. ", "Kecamatan ", "Kec ", "Kec. "), town)
        joined = [
            pc.binary_join_element_wise(*pieces, "")
            for pieces in (
                ("RT ", number, "/RW ", rw),
                ("RT.", number, " RW.", rw),
                ("RT/RW ", number, "/", rw),
                ("rt ", number, " rw ", rw),
            )
        ]
        position = pc.choose(pa.array(rng.integers(0, 4, count)), *joined)
        position = pc.if_else(pa.array(rng.random(count) < 0.92), position, pa.scalar(None, pa.string()))
        hamlet = pc.binary_join_element_wise(hamlet_word, pc.utf8_title(self.hamlet(house)), "")
        village = pc.binary_join_element_wise(village_word, self.village(house), "")
        district = pc.binary_join_element_wise(district_word, self.kecamatan(house), "")
        district = pc.if_else(pa.array(rng.random(count) < 0.85), district, pa.scalar(None, pa.string()))
        place = pc.binary_join_element_wise(hamlet, position, " ", null_handling="skip")
        by_blank = pc.binary_join_element_wise(place, village, district, " ", null_handling="skip")
        by_comma = pc.binary_join_element_wise(place, village, district, ", ", null_handling="skip")
        text = pc.if_else(pa.array(rng.random(count) < 0.3), by_comma, by_blank)
        text = pc.utf8_trim_whitespace(pc.binary_join_element_wise(street, text, " "))
        return pc.if_else(pa.array(rng.random(count) < 0.25), pc.utf8_upper(text), text)

    def _street_and_number(self, house: Index) -> pa.Array:
        street = self.places.house_street[house]
        named = self._streets.take(pa.array(street, mask=street < 0))
        number = pa.array(self.places.house_number[house]).cast(pa.string())
        text = pc.binary_join_element_wise(" ", named, " NO. ", number, "")
        return pc.fill_null(text, "")


def _chosen(rng: np.random.Generator, count: int, in_desa: tuple[str, ...], in_town: tuple[str, ...], town: Index) -> pa.Array:
    """One of four words for each row, of those for desa or those for towns."""
    which = np.searchsorted(np.array([0.5, 0.75, 0.9]), rng.random(count), side="right")
    return pa.array([*in_desa, *in_town]).take(pa.array(which + 4 * town))
