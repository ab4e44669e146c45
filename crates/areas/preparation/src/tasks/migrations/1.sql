CREATE TABLE plan(
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  unit TEXT NOT NULL REFERENCES unit(id),
  created_at BIGINT NOT NULL
) STRICT;

CREATE TABLE task(
  id TEXT PRIMARY KEY,
  plan TEXT NOT NULL REFERENCES plan(id),
  code TEXT NOT NULL,
  position BIGINT NOT NULL,
  stream TEXT NOT NULL,
  phase TEXT NOT NULL CHECK(phase IN ('truoc', 'trong', 'sau')),
  confidentiality TEXT NOT NULL CHECK(confidentiality IN ('thuong', 'noi_bo', 'mat')),
  what TEXT NOT NULL,
  scope TEXT NOT NULL,
  lead_unit TEXT REFERENCES unit(id),
  focal_office TEXT REFERENCES office(id),
  start_on TEXT,
  due_original TEXT,
  due TEXT,
  due_text TEXT NOT NULL,
  event_on TEXT,
  authority TEXT NOT NULL,
  approver_office TEXT REFERENCES office(id),
  escalation TEXT NOT NULL,
  has_budget BIGINT NOT NULL CHECK(has_budget IN (0, 1)),
  money_limit BIGINT CHECK(money_limit >= 0),
  accountable_office TEXT REFERENCES office(id),
  deputy_office TEXT REFERENCES office(id),
  result TEXT NOT NULL,
  result_quantity TEXT NOT NULL,
  result_form TEXT NOT NULL,
  acceptance TEXT NOT NULL,
  acceptor_office TEXT REFERENCES office(id),
  evidence_kinds TEXT NOT NULL,
  percent BIGINT NOT NULL CHECK(percent BETWEEN 0 AND 100),
  state TEXT NOT NULL,
  state_before_pause TEXT,
  assigned_at BIGINT,
  acknowledged_at BIGINT,
  submitted_at BIGINT,
  accepted_at BIGINT,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  UNIQUE(plan, code)
) STRICT;
CREATE INDEX task_lead ON task(lead_unit);

CREATE TABLE task_support(
  task TEXT NOT NULL REFERENCES task(id),
  unit TEXT NOT NULL REFERENCES unit(id),
  position BIGINT NOT NULL,
  contribution TEXT NOT NULL,
  due TEXT,
  confirmed_at BIGINT,
  confirmed_by TEXT,
  PRIMARY KEY(task, unit)
) STRICT;

CREATE TABLE task_basis(
  task TEXT NOT NULL REFERENCES task(id),
  position BIGINT NOT NULL,
  symbol TEXT NOT NULL,
  issued_on TEXT,
  clause TEXT NOT NULL,
  subject TEXT NOT NULL,
  PRIMARY KEY(task, position)
) STRICT;

CREATE TABLE task_milestone(
  task TEXT NOT NULL REFERENCES task(id),
  position BIGINT NOT NULL,
  title TEXT NOT NULL,
  due TEXT NOT NULL,
  PRIMARY KEY(task, position)
) STRICT;

CREATE TABLE task_dep(
  pred TEXT NOT NULL REFERENCES task(id),
  succ TEXT NOT NULL REFERENCES task(id),
  kind TEXT NOT NULL CHECK(kind IN ('FS', 'SS', 'FF', 'SF')),
  lag_days BIGINT NOT NULL,
  PRIMARY KEY(pred, succ),
  CHECK(pred <> succ)
) STRICT;

CREATE TABLE progress_report(
  id TEXT PRIMARY KEY,
  task TEXT NOT NULL REFERENCES task(id),
  at BIGINT NOT NULL,
  office TEXT NOT NULL,
  percent BIGINT NOT NULL CHECK(percent BETWEEN 0 AND 100),
  done TEXT NOT NULL,
  difficulty TEXT NOT NULL,
  request TEXT NOT NULL,
  next TEXT NOT NULL
) STRICT;
CREATE INDEX progress_report_task ON progress_report(task, at);

CREATE TABLE evidence(
  id TEXT PRIMARY KEY,
  task TEXT NOT NULL REFERENCES task(id),
  file TEXT NOT NULL REFERENCES file(id),
  kind TEXT NOT NULL,
  version BIGINT NOT NULL,
  note TEXT NOT NULL,
  submitted_at BIGINT NOT NULL,
  submitted_by TEXT NOT NULL,
  accepted_at BIGINT,
  accepted_by TEXT
) STRICT;
CREATE INDEX evidence_task ON evidence(task, submitted_at);

CREATE TABLE review(
  id TEXT PRIMARY KEY,
  task TEXT NOT NULL REFERENCES task(id),
  at BIGINT NOT NULL,
  office TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK(verdict IN ('accepted', 'returned')),
  reason_code TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX review_task ON review(task, at);

CREATE TABLE extension(
  id TEXT PRIMARY KEY,
  task TEXT NOT NULL REFERENCES task(id),
  from_due TEXT NOT NULL,
  to_due TEXT NOT NULL,
  reason TEXT NOT NULL,
  impact TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('cho', 'dong_y', 'khong_dong_y', 'rut')),
  requested_at BIGINT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_by_office TEXT NOT NULL,
  decided_at BIGINT,
  decided_by TEXT,
  decision_note TEXT NOT NULL
) STRICT;
CREATE INDEX extension_task ON extension(task, requested_at);
CREATE UNIQUE INDEX extension_one_waiting ON extension(task) WHERE state = 'cho';

CREATE TABLE urge(
  id TEXT PRIMARY KEY,
  task TEXT NOT NULL REFERENCES task(id),
  level BIGINT NOT NULL CHECK(level BETWEEN 1 AND 4),
  text TEXT NOT NULL,
  sent_at BIGINT NOT NULL,
  sent_by TEXT NOT NULL,
  to_office TEXT NOT NULL REFERENCES office(id),
  seen_at BIGINT,
  seen_by TEXT
) STRICT;
CREATE INDEX urge_task ON urge(task, sent_at);

CREATE TABLE baseline(
  id TEXT PRIMARY KEY,
  plan TEXT NOT NULL REFERENCES plan(id),
  name TEXT NOT NULL,
  taken_at BIGINT NOT NULL,
  taken_by TEXT NOT NULL,
  content TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  tasks BIGINT NOT NULL,
  UNIQUE(plan, name)
) STRICT;

CREATE TABLE baseline_approval(
  baseline TEXT PRIMARY KEY REFERENCES baseline(id),
  at BIGINT NOT NULL,
  approved_by TEXT NOT NULL,
  notice TEXT NOT NULL
) STRICT;

CREATE TABLE saved_filter(
  id TEXT PRIMARY KEY,
  office TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  UNIQUE(office, name)
) STRICT;

CREATE TABLE feed(
  id TEXT PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK(kind IN ('unit', 'office')),
  target TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  owner_office TEXT NOT NULL,
  revoked_at BIGINT
) STRICT;

-- @sqlite
CREATE TRIGGER baseline_no_update BEFORE UPDATE ON baseline BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER baseline_no_delete BEFORE DELETE ON baseline BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER report_no_update BEFORE UPDATE ON progress_report BEGIN SELECT RAISE(ABORT, 'append only'); END;
-- @end
-- @postgres
CREATE TRIGGER baseline_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON baseline EXECUTE FUNCTION append_only();
CREATE TRIGGER report_append_only BEFORE UPDATE ON progress_report EXECUTE FUNCTION append_only();
-- @end
