-- What the letters to a category say. Without a line the usual words are used.
CREATE TABLE letter_template(
  category TEXT PRIMARY KEY CHECK(category IN
    ('dai_bieu', 'khach_moi', 'bao_chi', 'phuc_vu', 'an_ninh', 'ky_thuat', 'y_te')),
  title TEXT NOT NULL,
  salutation TEXT NOT NULL,
  opening TEXT NOT NULL,
  points TEXT NOT NULL,
  dress TEXT NOT NULL,
  bring TEXT NOT NULL,
  contact TEXT NOT NULL,
  closing TEXT NOT NULL,
  recipients TEXT NOT NULL,
  sheet TEXT NOT NULL CHECK(sheet IN ('a4', 'a5')),
  body TEXT,
  number BIGINT CHECK(number > 0),
  issued_on TEXT,
  authority TEXT NOT NULL CHECK(authority IN ('', 't_m', 'k_t', 't_l')),
  authority_for TEXT NOT NULL,
  office TEXT NOT NULL,
  signer TEXT NOT NULL,
  link BIGINT NOT NULL CHECK(link IN (0, 1)),
  answer_until TEXT,
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;

-- The codes of letters, as SHA-256. A code answers for one person, until a day, and until another takes its place.
CREATE TABLE letter_code(
  hash BLOB PRIMARY KEY,
  participant TEXT NOT NULL REFERENCES participant(id),
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT
) STRICT;
CREATE INDEX letter_code_participant ON letter_code(participant);
