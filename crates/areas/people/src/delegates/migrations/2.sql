-- Consent to the use of face data, as it was given and withdrawn; nobody has given it until there is a line.
CREATE TABLE participant_consent(
  participant TEXT NOT NULL REFERENCES participant(id),
  seq BIGINT NOT NULL CHECK(seq > 0),
  given BIGINT NOT NULL CHECK(given IN (0, 1)),
  notice TEXT NOT NULL,
  at BIGINT NOT NULL,
  office TEXT NOT NULL,
  PRIMARY KEY(participant, seq)
) STRICT;
