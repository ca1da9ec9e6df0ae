-- Every current decision with its reasons, one row per programme and person, family or house.
CREATE VIEW v1_eligibility AS
SELECT
    e.programme_id,
    e.unit,
    e.person_id,
    e.family_id,
    e.house_id,
    e.status,
    e.qualifies,
    e.priority,
    r.reasons,
    e.rule_version,
    e.valid_from AS changed_in,
    (SELECT max(number) FROM publication) AS publication
FROM eligibility AS e
LEFT JOIN eligibility_reason AS r ON r.reasons_id = e.reasons_id
WHERE e.valid_to IS NULL
