-- The units that elect or send people: Party organisations, agencies, newspapers.
CREATE TABLE delegation(
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  folded TEXT NOT NULL UNIQUE,
  quota BIGINT CHECK(quota >= 0),
  version BIGINT NOT NULL
) STRICT;

-- Tổ đại biểu.
CREATE TABLE delegate_group(
  no BIGINT PRIMARY KEY CHECK(no BETWEEN 1 AND 999),
  name TEXT NOT NULL,
  room TEXT NOT NULL,
  version BIGINT NOT NULL
) STRICT;

-- Everybody who has a place at the congress. What is restricted stands in participant_private.
CREATE TABLE participant(
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  category TEXT NOT NULL CHECK(category IN
    ('dai_bieu', 'khach_moi', 'bao_chi', 'phuc_vu', 'an_ninh', 'ky_thuat', 'y_te')),
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  sort TEXT NOT NULL,
  sex TEXT CHECK(sex IN ('nam', 'nu')),
  born TEXT,
  position TEXT NOT NULL,
  delegation TEXT REFERENCES delegation(id),
  standing TEXT CHECK(standing IN ('duong_nhien', 'duoc_bau', 'chi_dinh')),
  alternate BIGINT NOT NULL CHECK(alternate IN (0, 1)),
  group_no BIGINT REFERENCES delegate_group(no),
  group_role TEXT CHECK(group_role IN ('to_truong', 'to_pho', 'thu_ky', 'thanh_vien')),
  organ TEXT CHECK(organ IN ('doan_chu_tich', 'doan_thu_ky', 'ban_tham_tra', 'ban_kiem_phieu')),
  joined TEXT,
  official TEXT,
  schooling TEXT NOT NULL,
  qualification TEXT NOT NULL,
  academic_title TEXT NOT NULL,
  theory TEXT NOT NULL,
  occupation TEXT NOT NULL,
  party_badge BIGINT CHECK(party_badge BETWEEN 1 AND 100),
  awards TEXT NOT NULL,
  diet TEXT NOT NULL,
  mobility TEXT NOT NULL,
  large_text BIGINT NOT NULL CHECK(large_text IN (0, 1)),
  photo TEXT REFERENCES file(id),
  status TEXT NOT NULL CHECK(status IN ('trieu_tap', 'xac_nhan', 'vang_ly_do', 'rut', 'thay_the')),
  status_note TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;
CREATE INDEX participant_sort ON participant(category, sort);
CREATE INDEX participant_group ON participant(group_no);
CREATE INDEX participant_delegation ON participant(delegation);
CREATE INDEX participant_twin ON participant(folded, born);

-- Restricted columns (Luật 91/2025/QH15): apart, so that a query of the roll cannot carry them by accident.
CREATE TABLE participant_private(
  participant TEXT PRIMARY KEY REFERENCES participant(id),
  ethnicity TEXT NOT NULL,
  religion TEXT NOT NULL,
  health TEXT NOT NULL,
  discipline TEXT NOT NULL,
  phone TEXT NOT NULL,
  email TEXT NOT NULL,
  citizen_mac BLOB
) STRICT;
CREATE INDEX participant_citizen ON participant_private(citizen_mac);

-- The key under which numbers of identity cards are compared; the numbers themselves are kept nowhere.
CREATE TABLE people_key(
  name TEXT PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT;
