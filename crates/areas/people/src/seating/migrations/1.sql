-- Halls. What stands in one is kept in versions that are never changed, so that a plan stays what it was made on.
CREATE TABLE seating_hall(
  slug TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;

CREATE TABLE seating_layout(
  id TEXT PRIMARY KEY,
  hall TEXT NOT NULL REFERENCES seating_hall(slug),
  version BIGINT NOT NULL,
  source TEXT NOT NULL,
  layout TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  UNIQUE(hall, version)
) STRICT;

-- Who sits where in a session.
CREATE TABLE seating_plan(
  session TEXT PRIMARY KEY REFERENCES congress_session(slug),
  hall TEXT NOT NULL,
  layout BIGINT NOT NULL,
  options TEXT NOT NULL,
  guests BIGINT NOT NULL CHECK(guests IN (0, 1)),
  published BIGINT NOT NULL CHECK(published IN (0, 1)),
  version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  FOREIGN KEY(hall, layout) REFERENCES seating_layout(hall, version)
) STRICT;

-- One person, one place; one place, one person. Pinned is what somebody placed by hand.
CREATE TABLE seating_placement(
  session TEXT NOT NULL REFERENCES seating_plan(session),
  place TEXT NOT NULL,
  participant TEXT NOT NULL REFERENCES participant(id),
  pinned BIGINT NOT NULL CHECK(pinned IN (0, 1)),
  PRIMARY KEY(session, place),
  UNIQUE(session, participant)
) STRICT;
