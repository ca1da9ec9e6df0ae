"""What data looks like: canonical columns, code lists, areas, source contracts, programme rules, expectations, database tables.

Belongs here: declarations, and the small pure functions that read or check them. Does not belong here: reading files,
matching, deciding, writing, or anything that knows Dagster. Every other package may import this one; it imports none of them.
"""
