"""How work is started: definitions, jobs, schedules, resources, IO managers, settings and the command line.

Belongs here: everything that knows how a run is launched and where its files lie. Does not belong here: what an asset
computes (that is in `assets/` and the libraries below it).
"""
