-- Where vehicles stand.
CREATE TABLE parking_lot(
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  capacity BIGINT NOT NULL CHECK(capacity BETWEEN 0 AND 9999),
  version BIGINT NOT NULL
) STRICT;

-- Vehicles of the congress. How to reach the driver stands apart.
CREATE TABLE vehicle(
  id TEXT PRIMARY KEY,
  no BIGINT NOT NULL UNIQUE CHECK(no > 0),
  plate TEXT NOT NULL,
  folded TEXT NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN
    ('xe_con', 'xe_khach', 'xe_tai', 'mo_to', 'dan_duong', 'cuu_thuong', 'truyen_hinh')),
  unit TEXT NOT NULL,
  driver TEXT NOT NULL,
  lot TEXT REFERENCES parking_lot(code),
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  convoy BIGINT CHECK(convoy BETWEEN 1 AND 99),
  place BIGINT CHECK(place BETWEEN 1 AND 999),
  status TEXT NOT NULL CHECK(status IN ('dang_ky', 'rut')),
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  CHECK((convoy IS NULL) = (place IS NULL))
) STRICT;
CREATE UNIQUE INDEX vehicle_plate ON vehicle(folded) WHERE status = 'dang_ky';
CREATE UNIQUE INDEX vehicle_convoy ON vehicle(convoy, place) WHERE status = 'dang_ky' AND convoy IS NOT NULL;

-- Restricted as the contacts of people are (Luật 91/2025/QH15).
CREATE TABLE vehicle_private(
  vehicle TEXT PRIMARY KEY REFERENCES vehicle(id),
  phone TEXT NOT NULL
) STRICT;

-- One copy of a pass behind a windscreen; its life is that of a badge. What is printed stands here as it was printed.
CREATE TABLE vehicle_pass(
  id TEXT PRIMARY KEY,
  vehicle TEXT NOT NULL REFERENCES vehicle(id),
  copy BIGINT NOT NULL CHECK(copy > 0),
  zones BIGINT NOT NULL CHECK(zones BETWEEN 0 AND 65535),
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  pass BLOB NOT NULL UNIQUE,
  key_id BIGINT REFERENCES badge_key(id),
  code TEXT,
  printed_plate TEXT,
  printed_lot TEXT,
  state TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  UNIQUE(vehicle, copy)
) STRICT;
-- One vehicle, one pass.
CREATE UNIQUE INDEX vehicle_pass_live ON vehicle_pass(vehicle)
  WHERE state IN ('de_nghi', 'da_duyet', 'da_in', 'da_phat');

-- What was done to a copy, by whom and why. Never changed.
CREATE TABLE vehicle_pass_event(
  pass TEXT NOT NULL REFERENCES vehicle_pass(id),
  seq BIGINT NOT NULL,
  state TEXT NOT NULL,
  at BIGINT NOT NULL,
  office TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY(pass, seq)
) STRICT;
CREATE INDEX vehicle_pass_event_at ON vehicle_pass_event(at);
