-- Agencies that send members of the press.
CREATE TABLE press_agency(
  id TEXT PRIMARY KEY,
  no BIGINT NOT NULL UNIQUE CHECK(no > 0),
  name TEXT NOT NULL,
  folded TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK(kind IN ('trung_uong', 'dia_phuong', 'nuoc_ngoai')),
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL
) STRICT;

-- Batches of an agency: how many it may nominate, until when.
CREATE TABLE press_batch(
  agency TEXT NOT NULL REFERENCES press_agency(id),
  no BIGINT NOT NULL CHECK(no > 0),
  quota BIGINT NOT NULL CHECK(quota BETWEEN 0 AND 999),
  deadline BIGINT NOT NULL,
  version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  PRIMARY KEY(agency, no)
) STRICT;

-- What another office let through beyond quota or deadline. Never changed.
CREATE TABLE press_exception(
  id TEXT PRIMARY KEY,
  agency TEXT NOT NULL,
  batch BIGINT NOT NULL,
  places BIGINT NOT NULL CHECK(places BETWEEN 0 AND 999),
  until BIGINT,
  basis TEXT NOT NULL CHECK(basis <> ''),
  granted_at BIGINT NOT NULL,
  granted_by TEXT NOT NULL,
  granted_subject TEXT,
  FOREIGN KEY(agency, batch) REFERENCES press_batch(agency, no),
  CHECK(places > 0 OR until IS NOT NULL)
) STRICT;
CREATE INDEX press_exception_batch ON press_exception(agency, batch);

-- Whom an agency nominates. There is no column for why somebody was refused, and there shall be none.
CREATE TABLE press_nominee(
  id TEXT PRIMARY KEY,
  no BIGINT NOT NULL UNIQUE CHECK(no > 0),
  agency TEXT NOT NULL,
  batch BIGINT NOT NULL,
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  sort TEXT NOT NULL,
  role TEXT NOT NULL CHECK(role IN ('phong_vien', 'quay_phim', 'ky_thuat')),
  card TEXT NOT NULL,
  equipment TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('de_cu', 'tham_tra', 'bo_sung', 'dat', 'khong_dat', 'rut')),
  excepted BIGINT NOT NULL CHECK(excepted IN (0, 1)),
  first_by TEXT,
  first_subject TEXT,
  participant TEXT UNIQUE REFERENCES participant(id),
  version BIGINT NOT NULL,
  nominated_at BIGINT NOT NULL,
  nominated_by TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  FOREIGN KEY(agency, batch) REFERENCES press_batch(agency, no)
) STRICT;
CREATE INDEX press_nominee_agency ON press_nominee(agency, batch);
CREATE INDEX press_nominee_sort ON press_nominee(sort);

-- What was done to a nomination and by whom; of the second vetting the result alone.
CREATE TABLE press_event(
  nominee TEXT NOT NULL REFERENCES press_nominee(id),
  seq BIGINT NOT NULL,
  state TEXT NOT NULL,
  basis TEXT NOT NULL,
  at BIGINT NOT NULL,
  office TEXT NOT NULL,
  PRIMARY KEY(nominee, seq)
) STRICT;
