"""Cell repair: small pure functions from what offices write to canonical values, each with the rule that it applied.

Belongs here: one module for each kind of value. Does not belong here: files, tables, contracts' headers, and decisions about rows.
A repair that is not certain is no repair: the value is missing, with an error code, and the original is kept.
"""
