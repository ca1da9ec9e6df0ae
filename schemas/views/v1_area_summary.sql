-- Poverty by area: villages, rolled up to kecamatan and regency.
-- A family without a known village counts for the regency alone; poor_rate is poor families over the register's family cards.
CREATE VIEW v1_area_summary AS
WITH regency AS (
    SELECT min(area_code) AS area_code FROM area WHERE level = 'regency'
),
families_by_place AS (
    SELECT
        coalesce(f.area_code, (SELECT area_code FROM regency)) AS area_code,
        count(*) AS stored_families,
        count(*) FILTER (WHERE f.is_poor) AS poor_families,
        count(*) FILTER (WHERE f.poverty_status = 'extreme_poor') AS extreme_poor_families,
        count(*) FILTER (WHERE f.poverty_status = 'poor') AS status_poor_families,
        count(*) FILTER (WHERE f.poverty_status = 'near_poor') AS near_poor_families,
        count(*) FILTER (WHERE f.register_status = 'unregistered') AS unregistered_families,
        count(*) FILTER (WHERE f.poverty_status = 'unknown') AS families_of_unknown_status,
        sum(CASE WHEN f.is_poor THEN coalesce(f.size, 0) ELSE 0 END) AS poor_persons,
        sum(CASE WHEN f.poverty_status = 'extreme_poor' THEN coalesce(f.size, 0) ELSE 0 END) AS extreme_poor_persons
    FROM family AS f
    WHERE f.valid_to IS NULL
    GROUP BY coalesce(f.area_code, (SELECT area_code FROM regency))
),
villages_within AS (
    SELECT a.area_code, sum(v.residents) AS residents, sum(v.families) AS families
    FROM area AS a
    INNER JOIN area AS v ON v.level = 'village' AND (v.area_code = a.area_code OR v.area_code LIKE a.area_code || '.%')
    GROUP BY a.area_code
),
poverty_within AS (
    SELECT
        a.area_code,
        sum(p.stored_families) AS stored_families,
        sum(p.poor_families) AS poor_families,
        sum(p.extreme_poor_families) AS extreme_poor_families,
        sum(p.status_poor_families) AS status_poor_families,
        sum(p.near_poor_families) AS near_poor_families,
        sum(p.unregistered_families) AS unregistered_families,
        sum(p.families_of_unknown_status) AS families_of_unknown_status,
        sum(p.poor_persons) AS poor_persons,
        sum(p.extreme_poor_persons) AS extreme_poor_persons
    FROM area AS a
    INNER JOIN families_by_place AS p ON p.area_code = a.area_code OR p.area_code LIKE a.area_code || '.%'
    GROUP BY a.area_code
)
SELECT
    a.area_code,
    a.level,
    a.kind,
    a.name,
    a.parent_code,
    k.name AS kecamatan,
    a.latitude,
    a.longitude,
    CAST(v.residents AS BIGINT) AS residents,
    CAST(v.families AS BIGINT) AS families,
    CAST(coalesce(p.stored_families, 0) AS BIGINT) AS stored_families,
    CAST(coalesce(p.poor_families, 0) AS BIGINT) AS poor_families,
    CAST(coalesce(p.extreme_poor_families, 0) AS BIGINT) AS extreme_poor_families,
    CAST(coalesce(p.status_poor_families, 0) AS BIGINT) AS status_poor_families,
    CAST(coalesce(p.near_poor_families, 0) AS BIGINT) AS near_poor_families,
    CAST(coalesce(p.unregistered_families, 0) AS BIGINT) AS unregistered_families,
    CAST(coalesce(p.families_of_unknown_status, 0) AS BIGINT) AS families_of_unknown_status,
    CAST(coalesce(p.poor_persons, 0) AS BIGINT) AS poor_persons,
    CAST(coalesce(p.extreme_poor_persons, 0) AS BIGINT) AS extreme_poor_persons,
    CAST(coalesce(p.poor_families, 0) AS DOUBLE PRECISION) / nullif(v.families, 0) AS poor_rate,
    CAST(coalesce(p.poor_persons, 0) AS DOUBLE PRECISION) / nullif(v.residents, 0) AS poor_person_rate,
    (SELECT max(number) FROM publication) AS publication,
    (SELECT as_of FROM publication ORDER BY number DESC LIMIT 1) AS as_of
FROM area AS a
LEFT JOIN area AS k ON k.level = 'kecamatan' AND k.area_code = substr(a.area_code, 1, length(k.area_code))
LEFT JOIN villages_within AS v ON v.area_code = a.area_code
LEFT JOIN poverty_within AS p ON p.area_code = a.area_code
