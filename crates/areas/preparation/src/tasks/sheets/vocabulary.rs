//! The words that real annex tables use, folded (lower case, no diacritics, punctuation as
//! spaces). Data, not captions: nothing here is ever shown.

use rules::state::TaskState;
use rules::text::fold;

use super::Field;

/// Headings that mean a field when they are the whole heading.
pub(super) const EXACT: &[(Field, &[&str])] = &[
    (Field::Number, &["stt", "tt", "so tt", "so thu tu", "#", "no", "thu tu", "so"]),
    (
        Field::Code,
        &[
            "ma",
            "ma nhiem vu",
            "ma so",
            "ma nv",
            "ma viec",
            "ma cong viec",
            "ky hieu nhiem vu",
            "code",
            "task code",
        ],
    ),
    (
        Field::What,
        &[
            "ro viec",
            "viec",
            "noi dung",
            "noi dung cong viec",
            "cong viec",
            "nhiem vu",
            "ten nhiem vu",
            "noi dung nhiem vu",
            "ten cong viec",
            "nhiem vu cu the",
            "noi dung thuc hien",
            "dau viec",
            "noi dung nhiem vu giai phap",
            "nhiem vu giai phap",
            "noi dung cong viec nhiem vu",
            "what",
            "task",
        ],
    ),
    (
        Field::Stream,
        &[
            "nhom",
            "nhom nhiem vu",
            "nhom viec",
            "mang viec",
            "mang cong viec",
            "tieu ban",
            "phan viec",
            "stream",
            "group",
        ],
    ),
    (Field::Domain, &["linh vuc", "linh vuc cong tac", "domain"]),
    (
        Field::Lead,
        &[
            "chu tri",
            "co quan chu tri",
            "don vi chu tri",
            "co quan don vi chu tri",
            "don vi chu tri thuc hien",
            "co quan chu tri thuc hien",
            "don vi thuc hien",
            "co quan thuc hien",
            "don vi thuc hien chinh",
            "lead",
            "lead unit",
        ],
    ),
    (
        Field::Supports,
        &[
            "phoi hop",
            "co quan phoi hop",
            "don vi phoi hop",
            "co quan don vi phoi hop",
            "don vi phoi hop thuc hien",
            "co quan phoi hop thuc hien",
            "coordinating units",
            "support",
        ],
    ),
    (
        Field::Who,
        &[
            "ro nguoi",
            "ro nguoi chu tri phoi hop",
            "nguoi",
            "co quan chu tri phoi hop",
            "don vi chu tri phoi hop",
            "chu tri phoi hop",
            "phan cong",
            "phan cong thuc hien",
            "phan cong nhiem vu",
            "to chuc thuc hien",
        ],
    ),
    (
        Field::Focal,
        &[
            "dau moi",
            "can bo dau moi",
            "nguoi thuc hien",
            "can bo thuc hien",
            "chuyen vien theo doi",
            "can bo theo doi",
            "dau moi thuc hien",
            "nguoi dau moi",
            "focal officer",
        ],
    ),
    (
        Field::Accountable,
        &[
            "ro trach nhiem",
            "trach nhiem",
            "lanh dao phu trach",
            "nguoi chiu trach nhiem",
            "lanh dao chi dao",
            "lanh dao phu trach nguoi chiu trach nhiem",
            "dong chi phu trach",
            "nguoi phu trach",
            "chi dao",
            "nguoi chi dao",
            "lanh dao chiu trach nhiem",
            "accountable",
            "accountable office",
        ],
    ),
    (
        Field::Authority,
        &["ro tham quyen", "tham quyen", "tham quyen quyet dinh", "cap quyet dinh", "authority"],
    ),
    (
        Field::Approver,
        &["nguoi duyet", "nguoi phe duyet", "cap phe duyet", "cap duyet", "tham quyen phe duyet", "approver"],
    ),
    (
        Field::Acceptor,
        &["nguoi nghiem thu", "nghiem thu", "cap nghiem thu", "don vi nghiem thu", "accepted by"],
    ),
    (Field::Start, &["bat dau", "ngay bat dau", "tu ngay", "thoi gian bat dau", "ngay giao", "tu", "start"]),
    (
        Field::Due,
        &[
            "han",
            "thoi han",
            "han hoan thanh",
            "thoi han hoan thanh",
            "thoi gian hoan thanh",
            "ngay hoan thanh",
            "den ngay",
            "han cuoi",
            "han xu ly",
            "hoan thanh truoc ngay",
            "thoi diem hoan thanh",
            "ket thuc",
            "ngay ket thuc",
            "den",
            "hoan thanh",
            "due",
            "deadline",
        ],
    ),
    (
        Field::When,
        &[
            "ro tien do",
            "ro thoi gian",
            "thoi gian",
            "thoi gian thuc hien",
            "tien do thoi gian",
            "tien do thuc hien",
            "when",
        ],
    ),
    (
        Field::Result,
        &[
            "ro ket qua",
            "ro san pham",
            "ket qua",
            "san pham",
            "san pham ket qua",
            "ket qua san pham",
            "san pham dau ra",
            "ket qua dau ra",
            "san pham du kien",
            "ket qua can dat",
            "san pham hoan thanh",
            "yeu cau san pham",
            "result",
        ],
    ),
    (
        Field::Criteria,
        &[
            "tieu chi nghiem thu",
            "tieu chi",
            "tieu chi danh gia",
            "yeu cau chat luong",
            "acceptance criteria",
        ],
    ),
    (
        Field::Evidence,
        &["minh chung", "loai minh chung", "ho so minh chung", "tai lieu minh chung", "evidence"],
    ),
    (
        Field::Basis,
        &[
            "can cu",
            "can cu so ky hieu",
            "can cu phap ly",
            "van ban giao",
            "van ban giao nhiem vu",
            "can cu giao",
            "basis",
        ],
    ),
    (Field::Note, &["ghi chu", "chu thich", "luu y", "note", "notes"]),
    (
        Field::State,
        &[
            "trang thai",
            "tinh trang",
            "tinh trang thuc hien",
            "trang thai den",
            "trang thai thuc hien",
            "state",
            "status",
        ],
    ),
    (
        Field::Percent,
        &[
            "tien do %",
            "% tien do",
            "ty le hoan thanh",
            "% hoan thanh",
            "tien do (%)",
            "muc do hoan thanh",
            "phan tram hoan thanh",
            "ty le % hoan thanh",
            "%",
            "dat %",
            "percent",
            "% done",
        ],
    ),
    (Field::Phase, &["giai doan", "phase"]),
    (
        Field::Derived,
        &[
            "qua han",
            "giao",
            "giao de xuat da duyet",
            "den bao",
            "con lai",
            "so ngay con lai",
            "canh bao",
            "do ro",
            "timing",
            "tien do thuc te",
            "kho khan vuong mac",
            "kien nghi",
            "nhiem vu tuan toi",
            "ket qua thuc hien",
        ],
    ),
    (Field::Id, &["dienhong id"]),
    (Field::Exact, &["dienhong exact"]),
];

/// A heading that means percent or time depending on its neighbours.
pub(super) const AMBIGUOUS_PROGRESS: &str = "tien do";

/// Phrases that decide a longer heading, in order of precedence.
pub(super) const CONTAINS: &[(Field, &str)] = &[
    (Field::Derived, "ket qua thuc hien"),
    (Field::Derived, "so ngay"),
    (Field::Criteria, "tieu chi"),
    (Field::Acceptor, "nghiem thu"),
    (Field::Evidence, "minh chung"),
    (Field::Approver, "phe duyet"),
    (Field::Authority, "tham quyen"),
    (Field::Accountable, "lanh dao"),
    (Field::Accountable, "chiu trach nhiem"),
    (Field::Accountable, "trach nhiem"),
    (Field::Focal, "dau moi"),
    (Field::Start, "bat dau"),
    (Field::Due, "thoi han"),
    (Field::Due, "hoan thanh truoc"),
    (Field::Due, "thoi gian hoan thanh"),
    (Field::Due, "ngay hoan thanh"),
    (Field::Due, "han hoan thanh"),
    (Field::Due, "deadline"),
    (Field::Percent, "%"),
    (Field::Percent, "ty le"),
    (Field::State, "trang thai"),
    (Field::State, "tinh trang"),
    (Field::Result, "san pham"),
    (Field::Result, "ket qua"),
    (Field::Supports, "phoi hop"),
    (Field::Lead, "chu tri"),
    (Field::When, "thoi gian"),
    (Field::When, "ro tien do"),
    (Field::Domain, "linh vuc"),
    (Field::Basis, "can cu"),
    (Field::Stream, "nhom nhiem vu"),
    (Field::What, "noi dung"),
    (Field::What, "nhiem vu"),
    (Field::What, "cong viec"),
    (Field::Note, "ghi chu"),
];

/// States as people write them.
pub(super) const STATES: &[(TaskState, &[&str])] = &[
    (TaskState::Draft, &["nhap", "du thao", "ban nhap", "draft"]),
    (TaskState::Proposed, &["de xuat", "cho duyet", "cho duyet giao", "proposed"]),
    (
        TaskState::Assigned,
        &[
            "da duyet giao",
            "da duyet",
            "da giao",
            "moi giao",
            "chua thuc hien",
            "chua tiep nhan",
            "chua bat dau",
            "assigned",
        ],
    ),
    (TaskState::Acknowledged, &["da tiep nhan", "tiep nhan", "da nhan", "acknowledged"]),
    (
        TaskState::InProgress,
        &["dang thuc hien", "dang lam", "dang trien khai", "dang xu ly", "chua hoan thanh", "in progress"],
    ),
    (
        TaskState::Submitted,
        &["trinh san pham", "da trinh", "da trinh san pham", "cho nghiem thu", "submitted"],
    ),
    (TaskState::Returned, &["yeu cau bo sung", "bo sung", "tra lai", "bi tra lai", "lam lai", "returned"]),
    (
        TaskState::Accepted,
        &[
            "hoan thanh",
            "da hoan thanh",
            "xong",
            "da xong",
            "nghiem thu",
            "da nghiem thu",
            "accepted",
            "done",
        ],
    ),
    (TaskState::Paused, &["tam dung", "tam hoan", "paused"]),
    (TaskState::Cancelled, &["huy", "da huy", "huy bo", "dung thuc hien", "cancelled"]),
];

/// First words of a unit's name; "và" joins two units only where such a word follows it.
pub(super) const UNIT_HEADS: &[&str] = &[
    "ban",
    "so",
    "van phong",
    "cong an",
    "uy ban",
    "ubnd",
    "hdnd",
    "dang uy",
    "tieu ban",
    "phong",
    "hoc vien",
    "bo tu lenh",
    "bo chi huy",
    "cuc",
    "chi cuc",
    "trung tam",
    "doan thanh nien",
    "thanh doan",
    "tinh doan",
    "dai truyen hinh",
    "dai tieng noi",
    "dai phat thanh",
    "bao",
    "mat tran",
    "uy ban mttq",
    "mttq",
    "lien doan",
    "vien",
    "truong",
    "quan uy",
    "huyen uy",
    "to bien tap",
    "to thu ky",
    "to giup viec",
    "to cong tac",
    "hoi lien hiep",
    "hoi nong dan",
    "hoi cuu chien binh",
    "don vi",
    "co quan",
    "tong cong ty",
    "cong ty",
    "benh vien",
    "chi bo",
    "dang bo",
    "cac",
    "thuong truc",
    "kho bac",
    "toa an",
    "thanh tra",
    "buu dien",
    "dien luc",
    "nha van hoa",
    "nha hat",
    "unit",
];

/// Line ends that only continue a unit's name.
pub(super) const NAME_TAILS: &[&str] = &[
    "thanh uy",
    "tinh uy",
    "thanh pho",
    "tinh",
    "tp",
    "dai hoi",
    "trung uong",
    "quan",
    "huyen",
    "phuong",
    "xa",
];

/// How a row below the table begins.
pub(super) const FOOTERS: &[&str] = &[
    "noi nhan",
    "ghi chu",
    "chu giai",
    "chu thich",
    "tong cong",
    "tong so",
    "tong:",
    "nguoi lap",
    "lap bieu",
    "t m",
    "k t",
    "t l",
    "tm",
    "kt",
    "tl",
    "tuq",
    "thu truong",
    "chanh van phong",
    "truong ban",
    "thu ky",
    "legend",
    "total",
    "danh sach nay",
    "phu luc nay",
    "ngay",
    "thanh pho ho chi minh ngay",
    "so lieu den",
    "figures as of",
];

/// What stands in place of the title of a classified task.
pub(super) const REDACTED: &[&str] =
    &["nhiem vu mat theo doi ngoai he thong", "classified task followed outside the system"];

/// The group caption of tasks without a stream.
pub(super) const NO_STREAM: &[&str] = &["nhiem vu chua phan nhom", "tasks without a stream"];

/// Folds a heading or a keyword: no diacritics, punctuation as single spaces, `%` and `#` kept.
pub(super) fn key_of(text: &str) -> String {
    let folded = fold(text);
    let spaced: String =
        folded.chars().map(|c| if c.is_alphanumeric() || matches!(c, '%' | '#') { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a heading means; the flag tells an exact match from a guess by a phrase inside.
pub(super) fn heading(text: &str) -> Option<(Field, bool)> {
    let key = key_of(text);
    if key.is_empty() || key.len() > 120 {
        return None;
    }
    for (field, spellings) in EXACT {
        if spellings.contains(&key.as_str()) {
            return Some((*field, true));
        }
    }
    if key == AMBIGUOUS_PROGRESS {
        return Some((Field::When, false));
    }
    let padded = format!(" {key} ");
    let has = |phrase: &str| {
        if phrase == "%" { key.contains('%') } else { padded.contains(&format!(" {phrase} ")) }
    };
    if (has("chu tri") && has("phoi hop")) || has("ro nguoi") {
        return Some((Field::Who, false));
    }
    CONTAINS.iter().find(|(_, phrase)| has(phrase)).map(|(field, _)| (*field, false))
}

/// Whether the folded text begins with one of the words.
pub(super) fn begins(key: &str, heads: &[&str]) -> bool {
    heads.iter().any(|head| key == *head || key.strip_prefix(head).is_some_and(|rest| rest.starts_with(' ')))
}

/// Whether the text begins as the name of a unit does: a known first word, capitalised.
pub(super) fn is_unit(text: &str) -> bool {
    let text = text.trim();
    let capital = text.chars().next().is_some_and(|c| c.is_uppercase());
    let key = key_of(text);
    (capital || begins(&key, &["cac"])) && begins(&key, UNIT_HEADS)
}
