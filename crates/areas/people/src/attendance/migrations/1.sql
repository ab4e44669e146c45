-- Sessions of the congress: attendance is counted for each, never for the congress as a whole.
CREATE TABLE congress_session(
  slug TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('tru_bi', 'chinh_thuc', 'sinh_hoat')),
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL CHECK(ends_at > starts_at),
  place TEXT NOT NULL,
  grace_minutes BIGINT NOT NULL CHECK(grace_minutes BETWEEN 0 AND 240),
  version BIGINT NOT NULL
) STRICT;

-- What gates and desks wrote down. A line is never changed; a void takes another back.
CREATE TABLE attendance_event(
  id TEXT PRIMARY KEY,
  session TEXT NOT NULL REFERENCES congress_session(slug),
  participant TEXT NOT NULL REFERENCES participant(id),
  kind TEXT NOT NULL CHECK(kind IN ('in', 'out', 'leave_granted', 'void')),
  method TEXT NOT NULL CHECK(method IN ('qr', 'cccd', 'face', 'manual')),
  gate TEXT NOT NULL,
  device TEXT NOT NULL,
  device_seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  by_office TEXT NOT NULL,
  reason TEXT NOT NULL,
  voids TEXT REFERENCES attendance_event(id),
  CHECK((kind = 'void') = (voids IS NOT NULL)),
  UNIQUE(device, device_seq)
) STRICT;
CREATE INDEX attendance_event_person ON attendance_event(session, participant);

-- @sqlite
CREATE TRIGGER attendance_event_kept BEFORE UPDATE ON attendance_event
  BEGIN SELECT RAISE(ABORT, 'attendance events are never changed'); END;
CREATE TRIGGER attendance_event_stays BEFORE DELETE ON attendance_event
  BEGIN SELECT RAISE(ABORT, 'attendance events are never removed'); END;
-- @end
-- @postgres
CREATE FUNCTION attendance_event_kept() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'attendance events are never changed'; END $$;
CREATE TRIGGER attendance_event_kept BEFORE UPDATE OR DELETE ON attendance_event
  FOR EACH ROW EXECUTE FUNCTION attendance_event_kept();
-- @end
