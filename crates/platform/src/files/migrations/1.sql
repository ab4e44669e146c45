CREATE TABLE file(
  id TEXT PRIMARY KEY,
  sha256 BLOB NOT NULL,
  size BIGINT NOT NULL CHECK(size > 0),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  office TEXT NOT NULL,
  office_id TEXT
) STRICT;
CREATE INDEX file_sha256 ON file(sha256);
