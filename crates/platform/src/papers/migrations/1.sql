-- Who issues documents, and how the head of its papers stands.
CREATE TABLE issuing_body(
  id TEXT PRIMARY KEY,
  unit TEXT UNIQUE REFERENCES unit(id),
  kind TEXT NOT NULL CHECK(kind IN ('party', 'congress', 'state')),
  name TEXT NOT NULL,
  parent_lines TEXT NOT NULL,
  name_lines TEXT NOT NULL,
  place TEXT NOT NULL,
  place_short TEXT NOT NULL,
  symbol TEXT NOT NULL,
  term TEXT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE(symbol, kind)
) STRICT;

-- Each number once in its series for ever: a cancelled one stays.
CREATE TABLE paper_number(
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL REFERENCES issuing_body(id),
  type TEXT NOT NULL,
  series TEXT NOT NULL,
  number BIGINT NOT NULL CHECK(number > 0),
  written TEXT NOT NULL,
  number_key TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  subject TEXT NOT NULL,
  class TEXT NOT NULL CHECK(class IN ('thuong', 'noi_bo', 'mat')),
  use_kind TEXT NOT NULL,
  use_id TEXT NOT NULL,
  use_href TEXT NOT NULL,
  gap_reason TEXT NOT NULL,
  taken_at BIGINT NOT NULL,
  taken_by TEXT NOT NULL,
  cancelled_at BIGINT,
  cancelled_by TEXT,
  cancel_reason TEXT,
  folded TEXT NOT NULL,
  UNIQUE(body, type, series, number),
  CHECK((cancelled_at IS NULL) = (cancel_reason IS NULL)),
  CHECK(class <> 'mat' OR subject = '')
) STRICT;
CREATE INDEX paper_number_issued ON paper_number(issued_on, number);
CREATE INDEX paper_number_key ON paper_number(number_key);
CREATE INDEX paper_number_use ON paper_number(use_kind, use_id);
