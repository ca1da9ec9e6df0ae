"""The unified database (written in one transaction, with history), and what goes back to people: maps and reports.

Belongs here: writing the database, reading identities back from it, rendering pages from published numbers. Does not belong
here: what tables and views look like (`schemas/`), and any decision about people, families or programmes.
"""
