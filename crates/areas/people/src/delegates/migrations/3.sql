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
