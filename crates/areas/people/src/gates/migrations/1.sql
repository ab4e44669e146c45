-- A gate is a lane: one place at the edge of a zone where one device decides.
CREATE TABLE gate(
  slug TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  zone BIGINT NOT NULL CHECK(zone BETWEEN 0 AND 15),
  lane BIGINT NOT NULL CHECK(lane BETWEEN 1 AND 99),
  direction TEXT NOT NULL CHECK(direction IN ('vao', 'ra', 'hai_chieu')),
  is_open BIGINT NOT NULL CHECK(is_open IN (0, 1)),
  version BIGINT NOT NULL,
  UNIQUE(zone, lane)
) STRICT;

-- The sessions whose people come through; all of them where none is named.
CREATE TABLE gate_session(
  gate TEXT NOT NULL REFERENCES gate(slug),
  session TEXT NOT NULL REFERENCES congress_session(slug),
  PRIMARY KEY(gate, session)
) STRICT;

-- One-time codes by which a device joins a gate. Only their hashes.
CREATE TABLE gate_code(
  hash BLOB PRIMARY KEY,
  gate TEXT NOT NULL REFERENCES gate(slug),
  supervisor BIGINT NOT NULL CHECK(supervisor IN (0, 1)),
  person TEXT NOT NULL REFERENCES person(id),
  office TEXT NOT NULL REFERENCES office(id),
  expires BIGINT NOT NULL,
  used_at BIGINT
) STRICT;

-- A device of a gate. What it may do is what its token may.
CREATE TABLE gate_device(
  id TEXT PRIMARY KEY,
  gate TEXT NOT NULL REFERENCES gate(slug),
  token TEXT NOT NULL UNIQUE REFERENCES api_token(id),
  name TEXT NOT NULL,
  supervisor BIGINT NOT NULL CHECK(supervisor IN (0, 1)),
  enrolled_at BIGINT NOT NULL,
  enrolled_by TEXT NOT NULL,
  ended_at BIGINT,
  seen_at BIGINT NOT NULL,
  offset_ms BIGINT NOT NULL,
  waiting BIGINT NOT NULL,
  battery BIGINT CHECK(battery BETWEEN 0 AND 100),
  list_known BIGINT NOT NULL
) STRICT;
-- A lane has one device that decides alone when it is cut off; supervisors' devices stand beside it.
CREATE UNIQUE INDEX gate_device_lane ON gate_device(gate) WHERE ended_at IS NULL AND supervisor = 0;

-- What devices sent, each with the verdict it got. A line is never changed.
CREATE TABLE gate_scan(
  id TEXT PRIMARY KEY,
  device TEXT NOT NULL REFERENCES gate_device(id),
  seq BIGINT NOT NULL,
  gate TEXT NOT NULL,
  session TEXT REFERENCES congress_session(slug),
  participant TEXT REFERENCES participant(id),
  pass BLOB,
  kind TEXT NOT NULL CHECK(kind IN ('in', 'out', 'leave_granted', 'void')),
  method TEXT NOT NULL CHECK(method IN ('qr', 'cccd', 'face', 'manual')),
  mode TEXT NOT NULL CHECK(mode IN ('truc_tuyen', 'co_lap')),
  home BIGINT NOT NULL CHECK(home IN (0, 1)),
  overridden BIGINT NOT NULL CHECK(overridden IN (0, 1)),
  opened BIGINT NOT NULL CHECK(opened IN (0, 1)),
  verdict TEXT NOT NULL,
  reason TEXT NOT NULL,
  voids BIGINT,
  has_event BIGINT NOT NULL CHECK(has_event IN (0, 1)),
  at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  UNIQUE(device, seq)
) STRICT;
CREATE INDEX gate_scan_session ON gate_scan(session, received_at);
CREATE INDEX attendance_event_received ON attendance_event(session, received_at);

-- Who looks after a conflict, and how it ended. The conflicts themselves are read from the scans.
CREATE TABLE gate_case(
  scan TEXT NOT NULL REFERENCES gate_scan(id),
  kind TEXT NOT NULL,
  owner TEXT NOT NULL,
  resolution TEXT,
  note TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_office TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY(scan, kind)
) STRICT;

-- Mixed into the keys of the records that devices carry, so that those of one congress say nothing about another.
CREATE TABLE gate_pepper(
  one BIGINT PRIMARY KEY CHECK(one = 1),
  bytes BLOB NOT NULL
) STRICT;

-- @sqlite
CREATE TRIGGER gate_scan_kept BEFORE UPDATE ON gate_scan
  BEGIN SELECT RAISE(ABORT, 'scans are never changed'); END;
CREATE TRIGGER gate_scan_stays BEFORE DELETE ON gate_scan
  BEGIN SELECT RAISE(ABORT, 'scans are never removed'); END;
-- @end
-- @postgres
CREATE FUNCTION gate_scan_kept() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'scans are never changed'; END $$;
CREATE TRIGGER gate_scan_kept BEFORE UPDATE OR DELETE ON gate_scan
  FOR EACH ROW EXECUTE FUNCTION gate_scan_kept();
-- @end
