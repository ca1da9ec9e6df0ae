"""The offices that write lists, in the order in which their rows stand in the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulation.adopted_families import write_asn_berbagi
from simulation.bpnt_list import write_bpnt
from simulation.emergency_calls import write_call_112
from simulation.health_premiums import write_pbi
from simulation.kanggo_riko import write_kanggo_riko
from simulation.meals_for_elderly import write_rantang_kasih
from simulation.office_task import OfficeTask
from simulation.pkh_list import write_pkh
from simulation.pupil_lists import write_pupils
from simulation.truth import WrittenRows
from simulation.unfit_houses import write_rtlh
from simulation.village_survey import write_survey
from simulation.welfare_list import write_dtsen


@dataclass(frozen=True)
class Office:
    """A source, and how its delivery is written."""

    source: str
    days_before: int
    """Days between the delivery and the day of the run."""
    write: Callable[[OfficeTask], list[WrittenRows]]
    delimiter: str = ","
    """Of the text files that large lists become with the format csv."""


# An office's place in this tuple is also the number of its random stream: add new ones at the end.
OFFICES = (
    Office("dinsos_dtsen", 16, write_dtsen),
    Office("dinsos_pkh", 11, write_pkh, ";"),
    Office("village_survey", 31, write_survey, ";"),
    Office("dinsos_bpnt", 12, write_bpnt),
    Office("dinkes_pbi", 5, write_pbi),
    Office("dispendik_pupils", 40, write_pupils),
    Office("dpu_rtlh", 60, write_rtlh),
    Office("dinsos_rantang_kasih", 20, write_rantang_kasih),
    Office("dpmd_kanggo_riko", 90, write_kanggo_riko),
    Office("call_112", 2, write_call_112),
    Office("asn_berbagi", 25, write_asn_berbagi),
)
