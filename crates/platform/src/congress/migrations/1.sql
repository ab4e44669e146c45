CREATE TABLE congress(
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  short_name TEXT NOT NULL,
  level TEXT NOT NULL,
  term TEXT NOT NULL,
  preparatory_on TEXT NOT NULL,
  opening_on TEXT NOT NULL,
  closing_on TEXT NOT NULL,
  place TEXT NOT NULL,
  due_soon_days BIGINT NOT NULL CHECK(due_soon_days BETWEEN 0 AND 60),
  due_soon_fraction BIGINT CHECK(due_soon_fraction BETWEEN 1 AND 100),
  urge_cool_down_hours BIGINT NOT NULL CHECK(urge_cool_down_hours BETWEEN 0 AND 720),
  label_set TEXT NOT NULL,
  hotline TEXT NOT NULL,
  version BIGINT NOT NULL
) STRICT;
CREATE TABLE work_day(
  day TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK(kind IN ('nghi_le', 'lam_bu')),
  name TEXT NOT NULL
) STRICT;
