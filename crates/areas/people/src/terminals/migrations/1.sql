-- A face terminal: a device of a gate that recognises people who agreed to it and tells us so.
CREATE TABLE terminal(
  device TEXT PRIMARY KEY REFERENCES gate_device(id),
  kind TEXT NOT NULL CHECK(kind IN ('webhook', 'hikvision', 'zkteco')),
  way TEXT NOT NULL CHECK(way IN ('in', 'out')),
  -- The serial number that a terminal of this maker names itself by.
  serial TEXT,
  -- The addresses it may speak from: networks, one in a line.
  networks TEXT NOT NULL,
  -- Sealed by the installation: what it signs or signs in with.
  secret BLOB NOT NULL,
  -- The least score that counts, in thousandths; 0 leaves it to the terminal.
  least_score BIGINT NOT NULL CHECK(least_score BETWEEN 0 AND 1000)
) STRICT;

-- What a terminal calls somebody: a number without meaning, made here.
CREATE TABLE terminal_key(
  person_key TEXT PRIMARY KEY,
  participant TEXT NOT NULL UNIQUE REFERENCES participant(id),
  made_at BIGINT NOT NULL
) STRICT;

-- What terminals told, once each. Of whom stands only in the scan, and only when they agreed. A line is never changed.
CREATE TABLE terminal_event(
  device TEXT NOT NULL REFERENCES terminal(device),
  -- A hash of what names the event at the terminal.
  event BLOB NOT NULL,
  outcome TEXT NOT NULL,
  -- The number of the scan that it became.
  seq BIGINT,
  late BIGINT NOT NULL CHECK(late IN (0, 1)),
  at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY(device, event)
) STRICT;
CREATE INDEX terminal_event_received ON terminal_event(device, received_at);

-- @sqlite
CREATE TRIGGER terminal_event_kept BEFORE UPDATE ON terminal_event
  BEGIN SELECT RAISE(ABORT, 'events of terminals are never changed'); END;
CREATE TRIGGER terminal_event_stays BEFORE DELETE ON terminal_event
  BEGIN SELECT RAISE(ABORT, 'events of terminals are never removed'); END;
-- @end
-- @postgres
CREATE FUNCTION terminal_event_kept() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'events of terminals are never changed'; END $$;
CREATE TRIGGER terminal_event_kept BEFORE UPDATE OR DELETE ON terminal_event
  FOR EACH ROW EXECUTE FUNCTION terminal_event_kept();
-- @end
