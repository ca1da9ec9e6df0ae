"""One module per engine that the linkage benchmark runs, with all its settings, so that anybody can object.

Each reads the same two Parquet files, writes its links, and is run in a process of its own. The peers' packages are installed into an
environment of the benchmark's own; they are no dependency of Padan.
"""
