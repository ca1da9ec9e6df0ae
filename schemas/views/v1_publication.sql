-- The publications: number, day of account, moment, content hash and sizes.
CREATE VIEW v1_publication AS
SELECT number, as_of, published_at, content_hash, code_version, counts, rows_written
FROM publication
