-- Every poor family (extreme poor, poor, near poor): who, where, how poor, what it lacks, what it gets, what it is due.
CREATE VIEW v1_poor_family AS
SELECT
    f.family_id,
    substr(f.kk_number, 1, 6) || '**********' AS kk_number,
    f.head_person_id,
    p.name AS head_name,
    substr(p.nik, 1, 6) || '**********' AS head_nik,
    p.sex AS head_sex,
    f.size,
    f.address,
    f.hamlet,
    f.rt,
    f.rw,
    f.area_code,
    v.name AS village,
    k.name AS kecamatan,
    f.house_id,
    h.latitude,
    h.longitude,
    h.position_precision,
    h.position_radius_m,
    f.register_status,
    f.decile,
    f.poverty_status,
    f.poverty_source,
    (
        SELECT string_agg(d.code, ', ')
        FROM (SELECT code FROM deprivation WHERE family_id = f.family_id AND valid_to IS NULL AND holds ORDER BY code) AS d
    ) AS deprivations,
    (
        SELECT string_agg(a.programme_id, ', ')
        FROM (
            SELECT programme_id
            FROM aid_received
            WHERE unit = 'family' AND family_id = f.family_id AND valid_to IS NULL AND coalesce(is_current, TRUE)
            UNION
            SELECT programme_id
            FROM aid_received
            WHERE unit = 'house' AND house_id = f.house_id AND valid_to IS NULL AND coalesce(is_current, TRUE)
            UNION
            SELECT r.programme_id
            FROM person AS m
            INNER JOIN aid_received AS r
                ON r.unit = 'person' AND r.person_id = m.person_id AND r.valid_to IS NULL AND coalesce(r.is_current, TRUE)
            WHERE m.family_id = f.family_id AND m.valid_to IS NULL
            ORDER BY 1
        ) AS a
    ) AS programmes_received,
    (
        SELECT string_agg(a.programme_id, ', ')
        FROM (
            SELECT programme_id
            FROM eligibility
            WHERE unit = 'family' AND family_id = f.family_id AND valid_to IS NULL AND status = 'eligible'
            UNION
            SELECT programme_id
            FROM eligibility
            WHERE unit = 'house' AND house_id = f.house_id AND valid_to IS NULL AND status = 'eligible'
            UNION
            SELECT e.programme_id
            FROM person AS m
            INNER JOIN eligibility AS e
                ON e.unit = 'person' AND e.person_id = m.person_id AND e.valid_to IS NULL AND e.status = 'eligible'
            WHERE m.family_id = f.family_id AND m.valid_to IS NULL
            ORDER BY 1
        ) AS a
    ) AS programmes_due,
    f.valid_from AS changed_in,
    (SELECT max(number) FROM publication) AS publication,
    f.children,
    f.elderly,
    f.dependants,
    f.disabled,
    f.pregnant,
    f.pupils,
    f.widows,
    f.orphans,
    f.single_head,
    f.elderly_alone
FROM family AS f
LEFT JOIN person AS p ON p.person_id = f.head_person_id AND p.valid_to IS NULL
LEFT JOIN house AS h ON h.house_id = f.house_id AND h.valid_to IS NULL
LEFT JOIN area AS v ON v.area_code = f.area_code AND v.level = 'village'
LEFT JOIN area AS k ON k.area_code = substr(f.area_code, 1, 8) AND k.level = 'kecamatan'
WHERE f.valid_to IS NULL AND f.is_poor
