CREATE TABLE job(
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  title_key TEXT NOT NULL,
  title_args TEXT NOT NULL,
  params TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  done BIGINT NOT NULL CHECK(done >= 0),
  total BIGINT NOT NULL CHECK(total >= 0),
  note_key TEXT,
  note_args TEXT NOT NULL,
  resume TEXT,
  result TEXT,
  office TEXT NOT NULL,
  office_id TEXT,
  unit TEXT,
  subject TEXT,
  session TEXT,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT,
  heartbeat BIGINT,
  node TEXT,
  attempt BIGINT NOT NULL,
  cancel_requested BIGINT NOT NULL CHECK(cancel_requested IN (0, 1))
) STRICT;
CREATE INDEX job_state ON job(state, created_at);
CREATE INDEX job_office ON job(office_id, created_at);
