-- The roll as two persons froze it. Nothing here is ever changed; a later change is a supplementary freeze.
CREATE TABLE roll_freeze(
  no BIGINT PRIMARY KEY CHECK(no > 0),
  frozen_at BIGINT NOT NULL,
  hash TEXT NOT NULL,
  people BIGINT NOT NULL,
  delegates BIGINT NOT NULL,
  reason TEXT NOT NULL,
  decision TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  approved_by TEXT NOT NULL,
  approved_at BIGINT NOT NULL,
  CHECK(no = 1 OR (reason <> '' AND decision <> ''))
) STRICT;

-- One line of canonical JSON for each person; the hash is over the sorted lines.
CREATE TABLE roll_freeze_row(
  freeze_no BIGINT NOT NULL REFERENCES roll_freeze(no),
  participant TEXT NOT NULL REFERENCES participant(id),
  line TEXT NOT NULL,
  PRIMARY KEY(freeze_no, participant)
) STRICT;

-- Complaints about delegates and what the committee concluded.
CREATE TABLE credential_case(
  no BIGINT PRIMARY KEY CHECK(no > 0),
  participant TEXT REFERENCES participant(id),
  subject TEXT NOT NULL,
  conclusion TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK(outcome IN ('dang_xet', 'du_tu_cach', 'khong_du')),
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;

-- Reports as they were issued: what was counted, and the paper as it was set. Never changed.
CREATE TABLE credential_report(
  no BIGINT PRIMARY KEY CHECK(no > 0),
  freeze_no BIGINT NOT NULL REFERENCES roll_freeze(no),
  session TEXT NOT NULL REFERENCES congress_session(slug),
  as_of BIGINT NOT NULL,
  summoned BIGINT NOT NULL,
  present BIGINT NOT NULL,
  content TEXT NOT NULL,
  hash TEXT NOT NULL,
  paper TEXT NOT NULL,
  paper_hash TEXT NOT NULL,
  written TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  issued_by TEXT NOT NULL
) STRICT;

-- What the congress decided about a report, once.
CREATE TABLE credential_vote(
  report BIGINT PRIMARY KEY REFERENCES credential_report(no),
  base BIGINT NOT NULL CHECK(base > 0),
  agree BIGINT NOT NULL,
  disagree BIGINT NOT NULL,
  other BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_office TEXT NOT NULL,
  CHECK(agree >= 0 AND disagree >= 0 AND other >= 0 AND agree + disagree + other = base)
) STRICT;

-- @sqlite
CREATE TRIGGER roll_freeze_kept BEFORE UPDATE ON roll_freeze BEGIN SELECT RAISE(ABORT, 'what is frozen is never changed'); END;
CREATE TRIGGER roll_freeze_stays BEFORE DELETE ON roll_freeze BEGIN SELECT RAISE(ABORT, 'what is frozen is never changed'); END;
CREATE TRIGGER roll_freeze_row_kept BEFORE UPDATE ON roll_freeze_row BEGIN SELECT RAISE(ABORT, 'what is frozen is never changed'); END;
CREATE TRIGGER roll_freeze_row_stays BEFORE DELETE ON roll_freeze_row BEGIN SELECT RAISE(ABORT, 'what is frozen is never changed'); END;
CREATE TRIGGER credential_report_kept BEFORE UPDATE ON credential_report BEGIN SELECT RAISE(ABORT, 'what was issued is never changed'); END;
CREATE TRIGGER credential_report_stays BEFORE DELETE ON credential_report BEGIN SELECT RAISE(ABORT, 'what was issued is never changed'); END;
-- @end
-- @postgres
CREATE FUNCTION credentials_kept() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'what is frozen or issued is never changed'; END $$;
CREATE TRIGGER roll_freeze_kept BEFORE UPDATE OR DELETE ON roll_freeze FOR EACH ROW EXECUTE FUNCTION credentials_kept();
CREATE TRIGGER roll_freeze_row_kept BEFORE UPDATE OR DELETE ON roll_freeze_row FOR EACH ROW EXECUTE FUNCTION credentials_kept();
CREATE TRIGGER credential_report_kept BEFORE UPDATE OR DELETE ON credential_report FOR EACH ROW EXECUTE FUNCTION credentials_kept();
-- @end
