-- Where families live, how precisely that is known, and what the house is like.
CREATE VIEW v1_house AS
SELECT
    h.house_id,
    h.latitude,
    h.longitude,
    h.position_precision,
    h.position_radius_m,
    h.area_code,
    v.name AS village,
    k.name AS kecamatan,
    (SELECT count(*) FROM family AS f WHERE f.house_id = h.house_id AND f.valid_to IS NULL) AS families,
    (SELECT count(*) FROM family AS f WHERE f.house_id = h.house_id AND f.valid_to IS NULL AND f.is_poor) AS poor_families,
    h.tenure,
    h.floor_area_m2,
    h.floor,
    h.wall,
    h.roof,
    h.water,
    h.lighting,
    h.power,
    h.fuel,
    h.latrine,
    h.closet,
    h.disposal,
    h.house_condition,
    h.valid_from AS changed_in,
    (SELECT max(number) FROM publication) AS publication
FROM house AS h
LEFT JOIN area AS v ON v.area_code = h.area_code AND v.level = 'village'
LEFT JOIN area AS k ON k.area_code = substr(h.area_code, 1, 8) AND k.level = 'kecamatan'
WHERE h.valid_to IS NULL
