-- Where a badge may open: bit 0 to 15 of the pass. Empty until somebody changes the usual zones (usual.rs).
CREATE TABLE badge_zone(
  bit BIGINT PRIMARY KEY CHECK(bit BETWEEN 0 AND 15),
  name TEXT NOT NULL,
  icon TEXT NOT NULL
) STRICT;

-- Category × zone × time window; without a time it holds as long as the pass.
CREATE TABLE badge_rule(
  category TEXT NOT NULL,
  bit BIGINT NOT NULL REFERENCES badge_zone(bit),
  from_at TEXT,
  to_at TEXT,
  PRIMARY KEY(category, bit)
) STRICT;

-- The key that signs the list of keys. What is sealed is taken away once it is kept on paper.
CREATE TABLE badge_root(
  one BIGINT PRIMARY KEY CHECK(one = 1),
  public BLOB NOT NULL,
  sealed BLOB,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL
) STRICT;

-- The keys that sign passes. A withdrawn one has no sealed half any more.
CREATE TABLE badge_key(
  id BIGINT PRIMARY KEY CHECK(id BETWEEN 0 AND 15),
  public BLOB NOT NULL,
  sealed BLOB,
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  withdrawn_at BIGINT,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL
) STRICT;

-- The list of keys as the root has signed it; the newest counts.
CREATE TABLE badge_key_list(
  sequence BIGINT PRIMARY KEY,
  bytes BLOB NOT NULL,
  at BIGINT NOT NULL
) STRICT;

-- One copy of a badge. What is printed stands here as it was printed.
CREATE TABLE badge(
  id TEXT PRIMARY KEY,
  participant TEXT NOT NULL REFERENCES participant(id),
  copy BIGINT NOT NULL CHECK(copy > 0),
  category TEXT NOT NULL,
  zones BIGINT NOT NULL CHECK(zones BETWEEN 0 AND 65535),
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  pass BLOB NOT NULL UNIQUE,
  key_id BIGINT REFERENCES badge_key(id),
  code TEXT,
  printed_name TEXT,
  printed_group TEXT,
  state TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  UNIQUE(participant, copy)
) STRICT;
-- One person, one badge.
CREATE UNIQUE INDEX badge_live ON badge(participant) WHERE state IN ('de_nghi', 'da_duyet', 'da_in', 'da_phat');
CREATE INDEX badge_state ON badge(state);

-- What was done to a copy, by whom and why. Never changed.
CREATE TABLE badge_event(
  badge TEXT NOT NULL REFERENCES badge(id),
  seq BIGINT NOT NULL,
  state TEXT NOT NULL,
  at BIGINT NOT NULL,
  office TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY(badge, seq)
) STRICT;
CREATE INDEX badge_event_at ON badge_event(at);

-- Passes that open nothing any more, in the order in which gates hear of them.
CREATE TABLE badge_revocation(
  sequence BIGINT PRIMARY KEY,
  pass BLOB NOT NULL UNIQUE,
  at BIGINT NOT NULL
) STRICT;
