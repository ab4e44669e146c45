CREATE TABLE briefing_series(
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES unit(id),
  title TEXT NOT NULL,
  weekday BIGINT NOT NULL CHECK(weekday BETWEEN 1 AND 7),
  time TEXT NOT NULL,
  cutoff_weekday BIGINT NOT NULL CHECK(cutoff_weekday BETWEEN 1 AND 7),
  cutoff_time TEXT NOT NULL,
  chair_office TEXT NOT NULL REFERENCES office(id),
  secretary_office TEXT NOT NULL REFERENCES office(id),
  place TEXT NOT NULL,
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;

CREATE TABLE briefing_member(
  series TEXT NOT NULL REFERENCES briefing_series(id),
  office TEXT NOT NULL REFERENCES office(id),
  position BIGINT NOT NULL,
  PRIMARY KEY(series, office)
) STRICT;

CREATE TABLE briefing(
  id TEXT PRIMARY KEY,
  series TEXT NOT NULL REFERENCES briefing_series(id),
  no BIGINT NOT NULL CHECK(no >= 1),
  at BIGINT NOT NULL,
  cutoff_at BIGINT NOT NULL,
  place TEXT NOT NULL,
  chair_office TEXT NOT NULL REFERENCES office(id),
  secretary_office TEXT NOT NULL REFERENCES office(id),
  state TEXT NOT NULL,
  current_item TEXT,
  started_at BIGINT,
  closed_at BIGINT,
  closed_by TEXT,
  cancel_reason TEXT NOT NULL,
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  UNIQUE(series, no)
) STRICT;
CREATE INDEX briefing_at ON briefing(at);

-- The figures as they stood at the cut-off; never changed.
CREATE TABLE briefing_snapshot(
  briefing TEXT PRIMARY KEY REFERENCES briefing(id),
  as_of BIGINT NOT NULL,
  content TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  how TEXT NOT NULL CHECK(how IN ('gio_chot', 'bang_tay')),
  frozen_by TEXT NOT NULL,
  frozen_at BIGINT NOT NULL
) STRICT;

CREATE TABLE briefing_item(
  id TEXT PRIMARY KEY,
  briefing TEXT NOT NULL REFERENCES briefing(id),
  position BIGINT NOT NULL,
  task TEXT REFERENCES task(id),
  reasons TEXT NOT NULL,
  title TEXT NOT NULL,
  presenter_office TEXT REFERENCES office(id),
  minutes BIGINT CHECK(minutes BETWEEN 0 AND 480),
  notes TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('cho', 'da_xem', 'chuyen_sang')),
  carried_from TEXT REFERENCES briefing_item(id),
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;
CREATE INDEX briefing_item_briefing ON briefing_item(briefing, position);
CREATE UNIQUE INDEX briefing_item_task ON briefing_item(briefing, task) WHERE task IS NOT NULL;

CREATE TABLE briefing_attendance(
  briefing TEXT NOT NULL REFERENCES briefing(id),
  office TEXT NOT NULL REFERENCES office(id),
  position BIGINT NOT NULL,
  presence TEXT NOT NULL CHECK(presence IN ('chua_ro', 'co_mat', 'vang')),
  reason TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  PRIMARY KEY(briefing, office)
) STRICT;

CREATE TABLE briefing_conclusion(
  id TEXT PRIMARY KEY,
  briefing TEXT NOT NULL REFERENCES briefing(id),
  position BIGINT NOT NULL,
  item TEXT REFERENCES briefing_item(id),
  typed TEXT NOT NULL,
  content TEXT NOT NULL,
  disposition TEXT,
  task TEXT REFERENCES task(id),
  dropped_at BIGINT,
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;
CREATE INDEX briefing_conclusion_briefing ON briefing_conclusion(briefing, position);

-- What each conclusion did to which task when the minutes were signed; never changed.
CREATE TABLE briefing_outcome(
  conclusion TEXT NOT NULL REFERENCES briefing_conclusion(id),
  briefing TEXT NOT NULL REFERENCES briefing(id),
  task TEXT NOT NULL REFERENCES task(id),
  effect TEXT NOT NULL CHECK(effect IN ('giao', 'de_xuat', 'sua', 'lui_han')),
  PRIMARY KEY(conclusion, task)
) STRICT;
CREATE INDEX briefing_outcome_briefing ON briefing_outcome(briefing);
CREATE INDEX briefing_outcome_task ON briefing_outcome(task);

-- Minutes (no 0) and supplementary records (1, 2, …) that the chair has signed; never changed.
CREATE TABLE briefing_record(
  briefing TEXT NOT NULL REFERENCES briefing(id),
  no BIGINT NOT NULL CHECK(no >= 0),
  content TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  signed_at BIGINT NOT NULL,
  signed_by TEXT NOT NULL,
  signed_by_office TEXT NOT NULL,
  PRIMARY KEY(briefing, no)
) STRICT;

-- A supplementary record while it is written; its signed form is a record.
CREATE TABLE briefing_supplement(
  briefing TEXT NOT NULL REFERENCES briefing(id),
  no BIGINT NOT NULL CHECK(no >= 1),
  reason TEXT NOT NULL,
  corrections TEXT NOT NULL,
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  PRIMARY KEY(briefing, no)
) STRICT;

-- The notice of conclusions: issued once; never changed.
CREATE TABLE briefing_notice(
  briefing TEXT PRIMARY KEY REFERENCES briefing(id),
  body TEXT NOT NULL,
  number BIGINT NOT NULL,
  written TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  recipients TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  issued_by TEXT NOT NULL
) STRICT;

-- @sqlite
CREATE TRIGGER briefing_snapshot_no_update BEFORE UPDATE ON briefing_snapshot BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER briefing_snapshot_no_delete BEFORE DELETE ON briefing_snapshot BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER briefing_record_no_update BEFORE UPDATE ON briefing_record BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER briefing_record_no_delete BEFORE DELETE ON briefing_record BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER briefing_outcome_no_update BEFORE UPDATE ON briefing_outcome BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER briefing_outcome_no_delete BEFORE DELETE ON briefing_outcome BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER briefing_notice_no_update BEFORE UPDATE ON briefing_notice BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER briefing_notice_no_delete BEFORE DELETE ON briefing_notice BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER briefing_conclusion_signed BEFORE UPDATE ON briefing_conclusion
  WHEN EXISTS(SELECT 1 FROM briefing_record WHERE briefing = OLD.briefing)
  BEGIN SELECT RAISE(ABORT, 'append only'); END;
-- @end
-- @postgres
CREATE TRIGGER briefing_snapshot_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON briefing_snapshot EXECUTE FUNCTION append_only();
CREATE TRIGGER briefing_record_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON briefing_record EXECUTE FUNCTION append_only();
CREATE TRIGGER briefing_outcome_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON briefing_outcome EXECUTE FUNCTION append_only();
CREATE TRIGGER briefing_notice_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON briefing_notice EXECUTE FUNCTION append_only();
CREATE FUNCTION briefing_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS(SELECT 1 FROM briefing_record WHERE briefing = OLD.briefing) THEN RAISE EXCEPTION 'append only'; END IF;
  RETURN NEW; END $$;
CREATE TRIGGER briefing_conclusion_signed BEFORE UPDATE ON briefing_conclusion FOR EACH ROW EXECUTE FUNCTION briefing_is_signed();
-- @end
