CREATE TABLE audit_event(
  seq BIGINT PRIMARY KEY CHECK(seq > 0),
  at BIGINT NOT NULL,
  act TEXT NOT NULL,
  kind TEXT NOT NULL,
  object TEXT NOT NULL,
  office TEXT NOT NULL,
  line BLOB NOT NULL,
  leaf BLOB NOT NULL,
  chain BLOB NOT NULL
) STRICT;
CREATE INDEX audit_event_object ON audit_event(kind, object, seq);
CREATE TABLE checkpoint(
  size BIGINT PRIMARY KEY CHECK(size > 0),
  at BIGINT NOT NULL,
  root BLOB NOT NULL,
  note TEXT NOT NULL
) STRICT;
-- @sqlite
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'append only'); END;
-- @end
-- @postgres
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append only'; END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event EXECUTE FUNCTION append_only();
CREATE TRIGGER checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint EXECUTE FUNCTION append_only();
-- @end
