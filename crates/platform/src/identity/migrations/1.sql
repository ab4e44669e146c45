CREATE TABLE unit(
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  short TEXT NOT NULL,
  kind TEXT NOT NULL,
  parent_id TEXT REFERENCES unit(id),
  header_lines TEXT NOT NULL,
  symbol TEXT NOT NULL,
  position BIGINT NOT NULL
) STRICT;
CREATE INDEX unit_parent ON unit(parent_id);

CREATE TABLE office(
  id TEXT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL,
  unit_id TEXT NOT NULL REFERENCES unit(id),
  position BIGINT NOT NULL,
  UNIQUE(unit_id, title)
) STRICT;

-- The subject is what the audit log knows of a person; erasing the row erases whom it meant.
CREATE TABLE person(
  id TEXT NOT NULL PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  subject TEXT NOT NULL UNIQUE,
  password_hash TEXT,
  totp_secret BLOB,
  totp_last_step BIGINT NOT NULL,
  disabled_at BIGINT
) STRICT;

CREATE TABLE assignment(
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person(id),
  office_id TEXT NOT NULL REFERENCES office(id),
  from_at BIGINT NOT NULL,
  to_at BIGINT
) STRICT;
CREATE INDEX assignment_person ON assignment(person_id);
CREATE INDEX assignment_office ON assignment(office_id);

CREATE TABLE grant_row(
  id TEXT NOT NULL PRIMARY KEY,
  office_id TEXT REFERENCES office(id),
  person_id TEXT REFERENCES person(id),
  unit_id TEXT REFERENCES unit(id),
  area TEXT NOT NULL,
  role TEXT NOT NULL,
  confidentiality TEXT NOT NULL,
  not_before BIGINT NOT NULL,
  not_after BIGINT,
  granted_by TEXT NOT NULL,
  approved_by TEXT,
  CHECK ((office_id IS NULL) <> (person_id IS NULL))
) STRICT;
CREATE INDEX grant_office ON grant_row(office_id);
CREATE INDEX grant_person ON grant_row(person_id);

CREATE TABLE passkey(
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person(id),
  credential_id BLOB NOT NULL UNIQUE,
  credential TEXT NOT NULL,
  name TEXT NOT NULL,
  created BIGINT NOT NULL,
  last_used BIGINT
) STRICT;
CREATE INDEX passkey_person ON passkey(person_id);

CREATE TABLE session(
  id TEXT NOT NULL PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  person_id TEXT NOT NULL REFERENCES person(id),
  office_id TEXT NOT NULL REFERENCES office(id),
  device TEXT NOT NULL,
  created BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  revoked_at BIGINT
) STRICT;
CREATE INDEX session_person ON session(person_id);
CREATE INDEX session_revoked ON session(revoked_at);
CREATE INDEX session_expires ON session(expires);

CREATE TABLE one_time_link(
  hash BLOB NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person(id),
  office_id TEXT NOT NULL REFERENCES office(id),
  purpose TEXT NOT NULL,
  issued_by TEXT NOT NULL,
  expires BIGINT NOT NULL,
  used_at BIGINT
) STRICT;

CREATE TABLE api_token(
  id TEXT NOT NULL PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES person(id),
  office_id TEXT NOT NULL REFERENCES office(id),
  scopes TEXT NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  revoked_at BIGINT,
  last_used BIGINT
) STRICT;
CREATE INDEX api_token_person ON api_token(person_id);

CREATE TABLE approval(
  id TEXT NOT NULL PRIMARY KEY,
  act TEXT NOT NULL,
  area TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  payload TEXT NOT NULL,
  payload_hash TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_session TEXT NOT NULL,
  requested_office TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  decided_by TEXT,
  decided_session TEXT,
  decided_office TEXT,
  decided_at BIGINT,
  approved BIGINT,
  used_at BIGINT
) STRICT;
CREATE INDEX approval_expires ON approval(expires);

-- Attempts in a window, per account and per address; both are kept as hashes.
CREATE TABLE login_attempt(
  bucket TEXT NOT NULL,
  starts BIGINT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY(bucket, starts)
) STRICT;

-- A passkey challenge counts once, on whichever server it is answered.
CREATE TABLE used_challenge(
  hash BLOB NOT NULL PRIMARY KEY,
  expires BIGINT NOT NULL
) STRICT;

CREATE TABLE identity_key(
  name TEXT NOT NULL PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT;
