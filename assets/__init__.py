"""The lineage graph, one module per stage. An asset body reads like a sentence: it loads, calls one library, describes the result.

Belongs here: asset and check declarations, what the Dagster UI shows of them. Does not belong here: how anything is computed
(intake, matching, families, geocoding, eligibility, publishing), nor how runs are started (pipelines).
"""
