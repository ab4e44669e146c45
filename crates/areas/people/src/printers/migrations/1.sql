-- Printers that are addressed directly: labels, receipts, office printers.
CREATE TABLE printer(
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  folded TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK(kind IN ('zpl', 'brother_ql', 'escpos', 'ipp')),
  host TEXT NOT NULL,
  port BIGINT NOT NULL CHECK(port BETWEEN 1 AND 65535),
  dpi BIGINT NOT NULL CHECK(dpi BETWEEN 100 AND 1200),
  width_mm BIGINT NOT NULL CHECK(width_mm BETWEEN 10 AND 300),
  length_mm BIGINT NOT NULL CHECK(length_mm BETWEEN 0 AND 500),
  copies BIGINT NOT NULL CHECK(copies BETWEEN 1 AND 5),
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;

-- What was sent to them. The name stays readable when the printer is gone.
CREATE TABLE printer_log(
  id TEXT PRIMARY KEY,
  printer TEXT NOT NULL,
  name TEXT NOT NULL,
  purpose TEXT NOT NULL CHECK(purpose IN ('thu', 'the', 'khac')),
  pages BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  at BIGINT NOT NULL,
  sent_by TEXT NOT NULL
) STRICT;
CREATE INDEX printer_log_at ON printer_log(at);
