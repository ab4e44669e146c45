-- A file that was read and shown, and waits for a yes. The body is what was understood of it, without columns
-- that the office may not write; it is emptied when the yes is given.
CREATE TABLE intake_draft(
  id TEXT PRIMARY KEY,
  office TEXT NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  body BLOB NOT NULL,
  choices TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  applied TEXT NOT NULL
) STRICT;
CREATE INDEX intake_draft_office ON intake_draft(office, created_at);

-- What another registration system calls somebody, so that its next export finds the same person.
CREATE TABLE intake_origin(
  source TEXT NOT NULL,
  outer_ref TEXT NOT NULL,
  participant TEXT NOT NULL REFERENCES participant(id),
  PRIMARY KEY(source, outer_ref)
) STRICT;
