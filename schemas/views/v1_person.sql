-- Every member of a stored family; of NIK and family card only the first six digits, of the birth date only the year.
CREATE VIEW v1_person AS
SELECT
    p.person_id,
    substr(p.nik, 1, 6) || '**********' AS nik,
    p.nik_hash,
    substr(p.kk_number, 1, 6) || '**********' AS kk_number,
    p.name,
    CAST(substr(CAST(p.birth_date AS TEXT), 1, 4) AS INTEGER) AS birth_year,
    p.sex,
    p.relation,
    p.marital_status,
    p.education,
    p.occupation,
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
