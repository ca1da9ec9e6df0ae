-- The families in the words of the Digital Convergence Initiative's social registry standard (group).
CREATE VIEW v1_dci_group AS
SELECT
    f.family_id AS group_identifier,
    'FAMILY' AS group_type,
    f.size AS group_size,
    p.name AS group_head_name,
    f.area_code,
    f.decile AS poverty_score,
    CASE WHEN f.decile IS NOT NULL THEN 'DTSEN_DECILE' END AS poverty_score_type,
    (
        SELECT b.published_at
        FROM publication AS b
        WHERE b.number = (SELECT min(o.valid_from) FROM family AS o WHERE o.family_id = f.family_id)
    ) AS registration_date,
    (SELECT b.published_at FROM publication AS b WHERE b.number = f.valid_from) AS last_updated
FROM family AS f
LEFT JOIN person AS p ON p.person_id = f.head_person_id AND p.valid_to IS NULL
WHERE f.valid_to IS NULL
