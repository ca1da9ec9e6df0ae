-- Houses as points, for maps and desktop GIS: PostgreSQL with PostGIS only. The columns are those of v1_house where the names are.
CREATE VIEW v1_house_map AS
SELECT
    h.house_id,
    h.location,
    h.position_precision,
    h.position_radius_m,
    h.area_code,
    v.name AS village,
    k.name AS kecamatan,
    (SELECT count(*) FROM family AS f WHERE f.house_id = h.house_id AND f.valid_to IS NULL) AS families,
    (SELECT count(*) FROM family AS f WHERE f.house_id = h.house_id AND f.valid_to IS NULL AND f.is_poor) AS poor_families,
    h.valid_from AS changed_in,
    (SELECT max(number) FROM publication) AS publication
FROM house AS h
LEFT JOIN area AS v ON v.area_code = h.area_code AND v.level = 'village'
LEFT JOIN area AS k ON k.area_code = substr(h.area_code, 1, 8) AND k.level = 'kecamatan'
WHERE h.valid_to IS NULL AND h.location IS NOT NULL
