-- Pictures, kept upright and without anything of the camera: their size in pixels and the small one's hash.
ALTER TABLE file ADD COLUMN width BIGINT;
ALTER TABLE file ADD COLUMN height BIGINT;
ALTER TABLE file ADD COLUMN small BLOB;
