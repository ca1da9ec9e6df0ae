-- Every member of a stored family, with full numbers: restricted.
CREATE VIEW v1_person_full AS
SELECT
    p.person_id,
    p.nik,
    p.nik_hash,
    p.kk_number,
    p.name,
    p.birth_place,
    p.birth_date,
    p.sex,
    p.relation,
    p.marital_status,
    p.religion,
    p.education,
    p.occupation,
    p.father_name,
    p.mother_name,
    p.vital_status,
    p.register_status,
    p.residence,
    p.family_id,
    f.area_code,
    v.name AS village,
    k.name AS kecamatan,
    f.hamlet,
    f.rt,
    f.rw,
    f.address,
    f.decile,
    f.poverty_status,
    p.disability_level,
    p.severe_disability,
    p.chronic_illness,
    p.pregnant,
    p.school_participation,
    p.school_level,
    p.works,
    p.has_business,
    p.widowed,
    p.valid_from AS changed_in,
    (SELECT max(number) FROM publication) AS publication
FROM person AS p
LEFT JOIN family AS f ON f.family_id = p.family_id AND f.valid_to IS NULL
LEFT JOIN area AS v ON v.area_code = f.area_code AND v.level = 'village'
LEFT JOIN area AS k ON k.area_code = substr(f.area_code, 1, 8) AND k.level = 'kecamatan'
WHERE p.valid_to IS NULL
