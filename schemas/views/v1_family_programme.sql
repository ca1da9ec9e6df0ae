-- What fits each stored family: a status and its reasons for every programme, NULL where the programme is not for anybody in it.
-- Of a programme without a rule only `receiving` is known, and that without reasons.
-- A programme for persons or houses shows the best standing of any member, or that of the house:
-- receiving, then eligible, blocked by an overlap, unknown, ineligible.
CREATE VIEW v1_family_programme AS
WITH decision AS NOT MATERIALIZED (
    SELECT
        e.programme_id,
        e.unit,
        e.person_id,
        e.family_id,
        e.house_id,
        CASE e.status
            WHEN 'receiving' THEN '1' WHEN 'eligible' THEN '2' WHEN 'blocked_by_overlap' THEN '3' WHEN 'unknown' THEN '4' ELSE '5'
        END || coalesce(r.reasons, '') AS verdict
    FROM eligibility AS e
    LEFT JOIN eligibility_reason AS r ON r.reasons_id = e.reasons_id
    WHERE e.valid_to IS NULL
),
verdicts AS (
    SELECT
        f.family_id,
        f.kk_number,
        f.area_code,
        f.decile,
        f.poverty_status,
        f.is_poor,
        (SELECT min(d.verdict) FROM decision AS d
         WHERE d.unit = 'family' AND d.family_id = f.family_id AND d.programme_id = 'pkh') AS pkh,
        (SELECT min(d.verdict) FROM decision AS d
         WHERE d.unit = 'family' AND d.family_id = f.family_id AND d.programme_id = 'sembako') AS sembako,
        (SELECT min(d.verdict) FROM person AS m INNER JOIN decision AS d ON d.unit = 'person' AND d.person_id = m.person_id
         WHERE m.family_id = f.family_id AND m.valid_to IS NULL AND d.programme_id = 'pbi_jkn') AS pbi_jkn,
        (SELECT min(d.verdict) FROM person AS m INNER JOIN decision AS d ON d.unit = 'person' AND d.person_id = m.person_id
         WHERE m.family_id = f.family_id AND m.valid_to IS NULL AND d.programme_id = 'spm') AS spm,
        (SELECT min(d.verdict) FROM person AS m INNER JOIN decision AS d ON d.unit = 'person' AND d.person_id = m.person_id
         WHERE m.family_id = f.family_id AND m.valid_to IS NULL AND d.programme_id = 'banyuwangi_cerdas') AS banyuwangi_cerdas,
        (SELECT min(d.verdict) FROM person AS m INNER JOIN decision AS d ON d.unit = 'person' AND d.person_id = m.person_id
         WHERE m.family_id = f.family_id AND m.valid_to IS NULL AND d.programme_id = 'garda_ampuh') AS garda_ampuh,
        (SELECT min(d.verdict) FROM person AS m INNER JOIN decision AS d ON d.unit = 'person' AND d.person_id = m.person_id
         WHERE m.family_id = f.family_id AND m.valid_to IS NULL AND d.programme_id = 'siswa_asuh_sebaya') AS siswa_asuh_sebaya,
        (SELECT min(d.verdict) FROM person AS m INNER JOIN decision AS d ON d.unit = 'person' AND d.person_id = m.person_id
         WHERE m.family_id = f.family_id AND m.valid_to IS NULL AND d.programme_id = 'rantang_kasih') AS rantang_kasih,
        (SELECT min(d.verdict) FROM decision AS d
         WHERE d.unit = 'family' AND d.family_id = f.family_id AND d.programme_id = 'kanggo_riko') AS kanggo_riko,
        (SELECT min(d.verdict) FROM decision AS d
         WHERE d.unit = 'family' AND d.family_id = f.family_id AND d.programme_id = 'mitra_mapan') AS mitra_mapan,
        (SELECT min(d.verdict) FROM decision AS d
         WHERE d.unit = 'house' AND d.house_id = f.house_id AND d.programme_id = 'house_renovation') AS house_renovation,
        (SELECT min(d.verdict) FROM decision AS d
         WHERE d.unit = 'house' AND d.house_id = f.house_id AND d.programme_id = 'healthy_latrine') AS healthy_latrine,
        (SELECT min(d.verdict) FROM decision AS d
         WHERE d.unit = 'family' AND d.family_id = f.family_id AND d.programme_id = 'asn_berbagi') AS asn_berbagi,
        (SELECT min(d.verdict) FROM person AS m INNER JOIN decision AS d ON d.unit = 'person' AND d.person_id = m.person_id
         WHERE m.family_id = f.family_id AND m.valid_to IS NULL AND d.programme_id = 'pip') AS pip,
        (SELECT min(d.verdict) FROM person AS m INNER JOIN decision AS d ON d.unit = 'person' AND d.person_id = m.person_id
         WHERE m.family_id = f.family_id AND m.valid_to IS NULL AND d.programme_id = 'pkh_plus') AS pkh_plus,
        (SELECT min(d.verdict) FROM person AS m INNER JOIN decision AS d ON d.unit = 'person' AND d.person_id = m.person_id
         WHERE m.family_id = f.family_id AND m.valid_to IS NULL AND d.programme_id = 'aspd') AS aspd
    FROM family AS f
    WHERE f.valid_to IS NULL
)
SELECT
    c.family_id,
    substr(c.kk_number, 1, 6) || '**********' AS kk_number,
    c.area_code,
    c.decile,
    c.poverty_status,
    c.is_poor,
    CASE substr(c.pkh, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS pkh,
    nullif(substr(c.pkh, 2), '') AS pkh_reason,
    CASE substr(c.sembako, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS sembako,
    nullif(substr(c.sembako, 2), '') AS sembako_reason,
    CASE substr(c.pbi_jkn, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS pbi_jkn,
    nullif(substr(c.pbi_jkn, 2), '') AS pbi_jkn_reason,
    CASE substr(c.spm, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS spm,
    nullif(substr(c.spm, 2), '') AS spm_reason,
    CASE substr(c.banyuwangi_cerdas, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS banyuwangi_cerdas,
    nullif(substr(c.banyuwangi_cerdas, 2), '') AS banyuwangi_cerdas_reason,
    CASE substr(c.garda_ampuh, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS garda_ampuh,
    nullif(substr(c.garda_ampuh, 2), '') AS garda_ampuh_reason,
    CASE substr(c.siswa_asuh_sebaya, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS siswa_asuh_sebaya,
    nullif(substr(c.siswa_asuh_sebaya, 2), '') AS siswa_asuh_sebaya_reason,
    CASE substr(c.rantang_kasih, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS rantang_kasih,
    nullif(substr(c.rantang_kasih, 2), '') AS rantang_kasih_reason,
    CASE substr(c.kanggo_riko, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS kanggo_riko,
    nullif(substr(c.kanggo_riko, 2), '') AS kanggo_riko_reason,
    CASE substr(c.mitra_mapan, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS mitra_mapan,
    nullif(substr(c.mitra_mapan, 2), '') AS mitra_mapan_reason,
    CASE substr(c.house_renovation, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS house_renovation,
    nullif(substr(c.house_renovation, 2), '') AS house_renovation_reason,
    CASE substr(c.healthy_latrine, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS healthy_latrine,
    nullif(substr(c.healthy_latrine, 2), '') AS healthy_latrine_reason,
    CASE substr(c.asn_berbagi, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS asn_berbagi,
    nullif(substr(c.asn_berbagi, 2), '') AS asn_berbagi_reason,
    CASE substr(c.pip, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS pip,
    nullif(substr(c.pip, 2), '') AS pip_reason,
    CASE substr(c.pkh_plus, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS pkh_plus,
    nullif(substr(c.pkh_plus, 2), '') AS pkh_plus_reason,
    CASE substr(c.aspd, 1, 1)
        WHEN '1' THEN 'receiving' WHEN '2' THEN 'eligible' WHEN '3' THEN 'blocked_by_overlap' WHEN '4' THEN 'unknown' WHEN '5' THEN 'ineligible'
    END AS aspd,
    nullif(substr(c.aspd, 2), '') AS aspd_reason,
    (SELECT max(number) FROM publication) AS publication
FROM verdicts AS c
