"""Intake: from the spreadsheets of offices to typed records, with nothing lost in silence.

Belongs here: the inbox, readers, table finding, header mapping, cell repair, quarantine, row conservation. Does not belong here: who a
record is (matching), what a source's columns are called (schemas/sources), and anything that knows Dagster or a database.
"""

from intake.check import CheckReport, check_file
from intake.deliveries_in_force import IntakeResult, intake_setup, reading_of, take_in
from intake.delivery_files import newest_files
from intake.delivery_store import DeliveryStore, receive
from intake.file_reading import FileReading
from intake.inbox import find_deliveries, find_ignored
from intake.refusals import Refusal

__all__ = [
    "CheckReport",
    "DeliveryStore",
    "FileReading",
    "IntakeResult",
    "Refusal",
    "check_file",
    "find_deliveries",
    "find_ignored",
    "intake_setup",
    "newest_files",
    "reading_of",
    "receive",
    "take_in",
]
