-- What a device is for, and within which window: a device of a shift works no longer than the shift.
ALTER TABLE gate_code ADD COLUMN role TEXT NOT NULL DEFAULT 'truc_cong'
  CHECK(role IN ('truc_cong', 'giam_sat', 'can_bo_the'));
ALTER TABLE gate_code ADD COLUMN from_at BIGINT;
ALTER TABLE gate_code ADD COLUMN until_at BIGINT;
ALTER TABLE gate_device ADD COLUMN role TEXT NOT NULL DEFAULT 'truc_cong'
  CHECK(role IN ('truc_cong', 'giam_sat', 'can_bo_the', 'may_nhan_dien'));
ALTER TABLE gate_device ADD COLUMN from_at BIGINT;
ALTER TABLE gate_device ADD COLUMN until_at BIGINT;
-- The public half of the key that the device signs a supervisor's word with; none for devices that sign nothing.
ALTER TABLE gate_device ADD COLUMN public_key BLOB;
UPDATE gate_device SET role = 'giam_sat' WHERE supervisor = 1;
DROP INDEX gate_device_lane;
CREATE UNIQUE INDEX gate_device_lane ON gate_device(gate) WHERE ended_at IS NULL AND role = 'truc_cong';

-- Whether nobody counts before the steward presses.
ALTER TABLE gate ADD COLUMN confirms BIGINT NOT NULL DEFAULT 0 CHECK(confirms IN (0, 1));

-- A supervisor's word as the device signed it, with the picture of the moment where a camera could take one.
CREATE TABLE gate_witness(
  scan TEXT PRIMARY KEY REFERENCES gate_scan(id),
  statement TEXT NOT NULL,
  signature BLOB NOT NULL,
  picture TEXT REFERENCES file(id),
  at BIGINT NOT NULL
) STRICT;
