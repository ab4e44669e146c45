//! The zones and rules of a congress that has not changed them (preparation reference 7).
// words: data — names of zones as they are printed on badges; each congress writes its own

use super::model::{Access, BadgeCategory, Zone, ZoneRule};

const ZONES: [(&str, &str); 9] = [
    ("Vành ngoài, bãi xe", "map-pin"),
    ("Sảnh, khu đón tiếp", "door-enter"),
    ("Hội trường", "users-group"),
    ("Đoàn Chủ tịch, sân khấu", "star"),
    ("Kỹ thuật, hậu trường", "settings"),
    ("Phòng tài liệu", "lock"),
    ("Trung tâm báo chí", "camera"),
    ("Y tế", "first-aid-kit"),
    ("Phòng ăn", "tools-kitchen-2"),
];

/// The zones, by bit, that a category opens as long as the pass is valid.
const fn opens(category: BadgeCategory) -> &'static [u8] {
    match category {
        BadgeCategory::Delegate => &[0, 1, 2, 7, 8],
        BadgeCategory::Presidium => &[0, 1, 2, 3, 7, 8],
        BadgeCategory::Guest => &[0, 1, 2, 8],
        BadgeCategory::Press => &[0, 1, 6],
        BadgeCategory::Service => &[0, 1, 8],
        BadgeCategory::Security => &[0, 1, 2, 3, 4, 6, 7, 8],
        BadgeCategory::Technical => &[0, 1, 2, 4],
        BadgeCategory::Medical => &[0, 1, 2, 7, 8],
        BadgeCategory::Vehicle => &[0],
    }
}

/// The usual zones and rules.
pub(super) fn access() -> Access {
    let zone =
        |(bit, (name, icon)): (u8, (&str, &str))| Zone { bit, name: name.to_owned(), icon: icon.to_owned() };
    let rules = BadgeCategory::ALL.iter().flat_map(|category| {
        opens(*category).iter().map(|bit| ZoneRule {
            category: *category,
            bit: *bit,
            from_at: None,
            to_at: None,
        })
    });
    Access { zones: (0..).zip(ZONES).map(zone).collect(), rules: rules.collect() }
}
