-- Who decided what: a document or signed minutes, with its numbered points.
CREATE TABLE decision(
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  number TEXT,
  number_key TEXT,
  series TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  body TEXT REFERENCES issuing_body(id),
  authority TEXT NOT NULL,
  subject TEXT NOT NULL,
  effect_from TEXT NOT NULL,
  class TEXT NOT NULL CHECK(class IN ('thuong', 'noi_bo')),
  source_kind TEXT NOT NULL,
  source_id TEXT NOT NULL,
  source_href TEXT NOT NULL,
  folded TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  UNIQUE(number_key, series)
) STRICT;
CREATE INDEX decision_issued ON decision(issued_on);
CREATE INDEX decision_source ON decision(source_kind, source_id);

CREATE TABLE decision_point(
  decision TEXT NOT NULL REFERENCES decision(id),
  position BIGINT NOT NULL CHECK(position > 0),
  text TEXT NOT NULL,
  PRIMARY KEY(decision, position)
) STRICT;

CREATE TABLE decision_basis(
  decision TEXT NOT NULL REFERENCES decision(id),
  position BIGINT NOT NULL,
  symbol TEXT NOT NULL,
  issued_on TEXT,
  clause TEXT NOT NULL,
  subject TEXT NOT NULL,
  PRIMARY KEY(decision, position)
) STRICT;

-- What a later decision does to an earlier one.
CREATE TABLE decision_change(
  later TEXT NOT NULL REFERENCES decision(id),
  earlier TEXT NOT NULL REFERENCES decision(id),
  change TEXT NOT NULL CHECK(change IN ('thay_the', 'sua_doi')),
  at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  PRIMARY KEY(later, earlier),
  CHECK(later <> earlier)
) STRICT;
CREATE INDEX decision_change_earlier ON decision_change(earlier);

-- Which tasks came from a decision; point 0 is the decision as a whole.
CREATE TABLE decision_task(
  decision TEXT NOT NULL REFERENCES decision(id),
  point BIGINT NOT NULL CHECK(point >= 0),
  task TEXT NOT NULL REFERENCES task(id),
  relation TEXT NOT NULL CHECK(relation IN ('tao', 'sua', 'lui_han', 'huy', 'can_cu')),
  at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  PRIMARY KEY(decision, point, task, relation)
) STRICT;
CREATE INDEX decision_task_task ON decision_task(task);
