"""Bring names, places, addresses, identifiers and dates to one spelling, so that equal things can be found equal.

Everything here works on *distinct* values: a column is encoded once, its few hundred thousand spellings are treated,
and the result is spread back by index. Nothing here decides whether two records are one person; that is ``matching``'s
other modules. Intake and geocoding import this package as well.
"""

from matching.standardise.addresses import standardise_addresses, standardise_hamlets, standardise_numbers
from matching.standardise.identifiers import standardise_identifiers
from matching.standardise.names import standardise_names
from matching.standardise.nicknames import full_names_of
from matching.standardise.places import place_keys, standardise_places
from matching.standardise.sound import sound_key, sound_keys

__all__ = [
    "full_names_of",
    "place_keys",
    "sound_key",
    "sound_keys",
    "standardise_addresses",
    "standardise_hamlets",
    "standardise_identifiers",
    "standardise_names",
    "standardise_numbers",
    "standardise_places",
]
