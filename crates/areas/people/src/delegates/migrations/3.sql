-- Who changed a group last: a refusal can name the office.
ALTER TABLE delegate_group ADD COLUMN updated_by TEXT NOT NULL DEFAULT '';

-- Who took whose place by which decision. Lines are only ever added.
CREATE TABLE delegate_replacement(
  seq BIGINT PRIMARY KEY CHECK(seq > 0),
  leaver TEXT NOT NULL REFERENCES participant(id),
  comer TEXT NOT NULL REFERENCES participant(id),
  decision TEXT NOT NULL,
  decided_on TEXT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  office TEXT NOT NULL
) STRICT;
CREATE INDEX delegate_replacement_leaver ON delegate_replacement(leaver);
CREATE INDEX delegate_replacement_comer ON delegate_replacement(comer);

-- What was decided about two who could be one. The smaller id stands first.
CREATE TABLE participant_pair(
  one TEXT NOT NULL REFERENCES participant(id),
  other TEXT NOT NULL REFERENCES participant(id),
  verdict TEXT NOT NULL CHECK(verdict IN ('khac', 'mot')),
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  office TEXT NOT NULL,
  PRIMARY KEY(one, other)
) STRICT;

-- What people answered to their letter, each answer a line; the last one counts.
CREATE TABLE participant_answer(
  participant TEXT NOT NULL REFERENCES participant(id),
  seq BIGINT NOT NULL CHECK(seq > 0),
  comes BIGINT NOT NULL CHECK(comes IN (0, 1)),
  reason TEXT NOT NULL,
  wheelchair BIGINT NOT NULL CHECK(wheelchair IN (0, 1)),
  diet TEXT NOT NULL,
  arrival TEXT NOT NULL,
  way TEXT NOT NULL CHECK(way IN ('duong_dan', 'dien_thoai')),
  at BIGINT NOT NULL,
  office TEXT NOT NULL,
  PRIMARY KEY(participant, seq)
) STRICT;

-- @sqlite
CREATE TRIGGER delegate_replacement_kept BEFORE UPDATE ON delegate_replacement
  BEGIN SELECT RAISE(ABORT, 'replacements are never changed'); END;
CREATE TRIGGER delegate_replacement_stays BEFORE DELETE ON delegate_replacement
  BEGIN SELECT RAISE(ABORT, 'replacements are never removed'); END;
CREATE TRIGGER participant_answer_kept BEFORE UPDATE ON participant_answer
  BEGIN SELECT RAISE(ABORT, 'answers are never changed'); END;
-- @end
-- @postgres
CREATE FUNCTION delegate_replacement_kept() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'replacements are never changed'; END $$;
CREATE TRIGGER delegate_replacement_kept BEFORE UPDATE OR DELETE ON delegate_replacement
  FOR EACH ROW EXECUTE FUNCTION delegate_replacement_kept();
CREATE FUNCTION participant_answer_kept() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'answers are never changed'; END $$;
CREATE TRIGGER participant_answer_kept BEFORE UPDATE ON participant_answer
  FOR EACH ROW EXECUTE FUNCTION participant_answer_kept();
-- @end
