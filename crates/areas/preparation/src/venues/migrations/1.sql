CREATE TABLE venue(
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  kind TEXT NOT NULL,
  owner TEXT NOT NULL,
  geo TEXT NOT NULL,
  note TEXT NOT NULL,
  state TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;

CREATE TABLE venue_space(
  id TEXT PRIMARY KEY,
  venue TEXT NOT NULL REFERENCES venue(id),
  position BIGINT NOT NULL,
  name TEXT NOT NULL,
  used_as TEXT NOT NULL,
  main BIGINT NOT NULL CHECK(main IN (0, 1)),
  area BIGINT CHECK(area >= 0),
  seats BIGINT CHECK(seats >= 0),
  volume_m3 BIGINT CHECK(volume_m3 >= 0),
  grade TEXT,
  sprinkler BIGINT NOT NULL CHECK(sprinkler IN (0, 1)),
  diagonal_mm BIGINT CHECK(diagonal_mm >= 0),
  apart_mm BIGINT CHECK(apart_mm >= 0),
  travel_mm BIGINT CHECK(travel_mm >= 0),
  dead_end_mm BIGINT CHECK(dead_end_mm >= 0),
  density_tenths BIGINT CHECK(density_tenths >= 0),
  note TEXT NOT NULL,
  removed_at BIGINT,
  version BIGINT NOT NULL
) STRICT;
CREATE INDEX venue_space_venue ON venue_space(venue, position);
CREATE UNIQUE INDEX venue_space_one_main ON venue_space(venue) WHERE main = 1 AND removed_at IS NULL;

CREATE TABLE venue_exit(
  space TEXT NOT NULL REFERENCES venue_space(id),
  position BIGINT NOT NULL,
  name TEXT NOT NULL,
  clear_width_mm BIGINT NOT NULL CHECK(clear_width_mm >= 0),
  clear_height_mm BIGINT CHECK(clear_height_mm >= 0),
  leads_to TEXT NOT NULL,
  PRIMARY KEY(space, position)
) STRICT;

CREATE TABLE venue_criteria(
  no BIGINT PRIMARY KEY,
  method TEXT NOT NULL CHECK(method IN ('diem', 'ahp')),
  ahp TEXT,
  reason TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL
) STRICT;

CREATE TABLE venue_criterion(
  criteria BIGINT NOT NULL REFERENCES venue_criteria(no),
  position BIGINT NOT NULL,
  code TEXT NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('diem', 'dieu_kien', 'thoat_nan')),
  name TEXT NOT NULL,
  cluster TEXT NOT NULL,
  weight BIGINT NOT NULL CHECK(weight >= 0),
  high TEXT NOT NULL,
  middle TEXT NOT NULL,
  low TEXT NOT NULL,
  evidence TEXT NOT NULL,
  PRIMARY KEY(criteria, code)
) STRICT;

CREATE TABLE venue_round(
  id TEXT PRIMARY KEY,
  no BIGINT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  people BIGINT NOT NULL CHECK(people > 0),
  reserve BIGINT NOT NULL CHECK(reserve BETWEEN 0 AND 100),
  opened_at BIGINT NOT NULL,
  opened_by TEXT NOT NULL,
  closed_at BIGINT,
  closed_by TEXT
) STRICT;

CREATE TABLE venue_survey(
  id TEXT PRIMARY KEY,
  round TEXT NOT NULL REFERENCES venue_round(id),
  venue TEXT NOT NULL REFERENCES venue(id),
  office TEXT NOT NULL REFERENCES office(id),
  assigned_at BIGINT NOT NULL,
  assigned_by TEXT NOT NULL,
  handed_in_at BIGINT,
  handed_in_by TEXT,
  UNIQUE(round, venue, office)
) STRICT;
CREATE INDEX venue_survey_office ON venue_survey(office);

CREATE TABLE venue_record(
  survey TEXT NOT NULL REFERENCES venue_survey(id),
  place BIGINT NOT NULL,
  device TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  subject TEXT NOT NULL,
  content TEXT NOT NULL,
  reason TEXT NOT NULL,
  person TEXT,
  office TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY(survey, place),
  UNIQUE(survey, device, sequence)
) STRICT;

CREATE TABLE venue_photo(
  id TEXT PRIMARY KEY,
  venue TEXT NOT NULL REFERENCES venue(id),
  survey TEXT REFERENCES venue_survey(id),
  space TEXT REFERENCES venue_space(id),
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  file TEXT NOT NULL REFERENCES file(id),
  caption TEXT NOT NULL,
  device TEXT,
  sequence BIGINT,
  added_at BIGINT NOT NULL,
  added_by TEXT NOT NULL,
  removed_at BIGINT,
  removed_by TEXT
) STRICT;
CREATE INDEX venue_photo_venue ON venue_photo(venue, added_at);
CREATE UNIQUE INDEX venue_photo_once ON venue_photo(survey, device, sequence);

CREATE TABLE venue_gate(
  id TEXT PRIMARY KEY,
  venue TEXT NOT NULL REFERENCES venue(id),
  round TEXT NOT NULL REFERENCES venue_round(id),
  code TEXT NOT NULL,
  result TEXT NOT NULL CHECK(result IN ('dat', 'dat_co_dieu_kien', 'khong_dat', 'chua_co')),
  condition TEXT NOT NULL,
  evidence TEXT NOT NULL,
  at BIGINT NOT NULL,
  judged_by TEXT NOT NULL
) STRICT;
CREATE INDEX venue_gate_venue ON venue_gate(venue, round, code, at);

CREATE TABLE venue_discussion(
  id TEXT PRIMARY KEY,
  venue TEXT NOT NULL REFERENCES venue(id),
  round TEXT NOT NULL REFERENCES venue_round(id),
  code TEXT NOT NULL,
  low BIGINT NOT NULL,
  high BIGINT NOT NULL,
  note TEXT NOT NULL,
  at BIGINT NOT NULL,
  written_by TEXT NOT NULL
) STRICT;
CREATE INDEX venue_discussion_venue ON venue_discussion(venue, round, code);

CREATE TABLE venue_recommendation(
  id TEXT PRIMARY KEY,
  round TEXT NOT NULL REFERENCES venue_round(id),
  venue TEXT NOT NULL REFERENCES venue(id),
  criteria BIGINT NOT NULL REFERENCES venue_criteria(no),
  reason TEXT NOT NULL,
  content TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  returned_at BIGINT,
  returned_by TEXT,
  returned_reason TEXT
) STRICT;

CREATE TABLE venue_decision(
  recommendation TEXT PRIMARY KEY REFERENCES venue_recommendation(id),
  venue TEXT NOT NULL REFERENCES venue(id),
  reason TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  register TEXT NOT NULL REFERENCES decision(id),
  signed_at BIGINT NOT NULL,
  signed_by TEXT NOT NULL
) STRICT;

CREATE TABLE venue_decision_task(
  recommendation TEXT NOT NULL REFERENCES venue_decision(recommendation),
  position BIGINT NOT NULL,
  task TEXT NOT NULL REFERENCES task(id),
  PRIMARY KEY(recommendation, position)
) STRICT;

CREATE TABLE venue_handover(
  id TEXT PRIMARY KEY,
  venue TEXT NOT NULL REFERENCES venue(id),
  kind TEXT NOT NULL CHECK(kind IN ('ban_giao', 'hoan_tra')),
  on_day TEXT NOT NULL,
  other_party TEXT NOT NULL,
  condition TEXT NOT NULL,
  content TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  UNIQUE(venue, kind)
) STRICT;

-- @sqlite
CREATE TRIGGER venue_record_no_update BEFORE UPDATE ON venue_record BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER venue_record_no_delete BEFORE DELETE ON venue_record BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER venue_criteria_no_update BEFORE UPDATE ON venue_criteria BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER venue_criterion_no_update BEFORE UPDATE ON venue_criterion BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER venue_criterion_no_delete BEFORE DELETE ON venue_criterion BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER venue_decision_no_update BEFORE UPDATE ON venue_decision BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER venue_decision_no_delete BEFORE DELETE ON venue_decision BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER venue_handover_no_update BEFORE UPDATE ON venue_handover BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER venue_handover_no_delete BEFORE DELETE ON venue_handover BEGIN SELECT RAISE(ABORT, 'append only'); END;
-- @end
-- @postgres
CREATE TRIGGER venue_record_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON venue_record EXECUTE FUNCTION append_only();
CREATE TRIGGER venue_criteria_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON venue_criteria EXECUTE FUNCTION append_only();
CREATE TRIGGER venue_criterion_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON venue_criterion EXECUTE FUNCTION append_only();
CREATE TRIGGER venue_decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON venue_decision EXECUTE FUNCTION append_only();
CREATE TRIGGER venue_handover_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON venue_handover EXECUTE FUNCTION append_only();
-- @end
