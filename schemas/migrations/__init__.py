"""The history of the database's schema: one file per revision in `versions/`, run by `padan database upgrade`.

Belongs here: how tables come about and change. Does not belong here: views, which are written anew from `schemas/views` after
every upgrade.
"""
