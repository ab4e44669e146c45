-- Meetings have an address that people can read and say: the name of the series and the number. It never changes.
ALTER TABLE briefing_series ADD COLUMN slug TEXT NOT NULL DEFAULT '';
UPDATE briefing_series SET slug = 'loat-' || CAST((SELECT COUNT(*) FROM briefing_series AS other WHERE other.id <= briefing_series.id) AS TEXT);
CREATE UNIQUE INDEX briefing_series_slug ON briefing_series(slug);

ALTER TABLE briefing ADD COLUMN address TEXT NOT NULL DEFAULT '';
UPDATE briefing SET address = (SELECT slug FROM briefing_series WHERE briefing_series.id = briefing.series)
  || CASE WHEN no < 10 THEN '-0' ELSE '-' END || CAST(no AS TEXT);
CREATE UNIQUE INDEX briefing_address ON briefing(address);

-- The report of the week, when it goes out under a number: issued once; never changed.
CREATE TABLE briefing_report(
  briefing TEXT PRIMARY KEY REFERENCES briefing(id),
  body TEXT NOT NULL,
  number BIGINT NOT NULL,
  written TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  recipients TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  issued_by TEXT NOT NULL
) STRICT;
-- @sqlite
CREATE TRIGGER briefing_report_no_update BEFORE UPDATE ON briefing_report BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER briefing_report_no_delete BEFORE DELETE ON briefing_report BEGIN SELECT RAISE(ABORT, 'append only'); END;
-- @end
-- @postgres
CREATE TRIGGER briefing_report_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON briefing_report EXECUTE FUNCTION append_only();
-- @end
