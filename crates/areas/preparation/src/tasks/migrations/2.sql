-- An annex that was uploaded and shown, and waits for a yes.
CREATE TABLE import_draft(
  id TEXT PRIMARY KEY,
  office TEXT NOT NULL,
  plan TEXT,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes BLOB NOT NULL,
  choices TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  job TEXT,
  applied_at BIGINT,
  applied TEXT
) STRICT;
CREATE INDEX import_draft_office ON import_draft(office, created_at);

-- A report of the register that somebody put their office under; never changed.
CREATE TABLE signed_report(
  id TEXT PRIMARY KEY,
  as_of BIGINT NOT NULL,
  content TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  signed_by TEXT NOT NULL,
  signed_at BIGINT NOT NULL
) STRICT;
CREATE INDEX signed_report_at ON signed_report(signed_at);

-- @sqlite
CREATE TRIGGER signed_report_no_update BEFORE UPDATE ON signed_report BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER signed_report_no_delete BEFORE DELETE ON signed_report BEGIN SELECT RAISE(ABORT, 'append only'); END;
-- @end
-- @postgres
CREATE TRIGGER signed_report_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON signed_report EXECUTE FUNCTION append_only();
-- @end
