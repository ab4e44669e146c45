//! The doors of the navigation.

use platform::{i18n::key, web::NavItem};

platform::inventory::submit! {
    platform::i18n::Catalogue { area: "dienhong", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// All doors in their order; people see those of the areas they have a right in.
pub fn items() -> Vec<NavItem> {
    let item = |key, href, icon, hotkey, area| NavItem { key, href, icon, hotkey, area };
    vec![
        item(key("nav-mine"), "/viec-cua-toi", "inbox", 'v', "tasks"),
        item(key("nav-tasks"), "/nhiem-vu", "list-check", 'n', "tasks"),
        item(key("nav-briefings"), "/giao-ban", "calendar-event", 'h', "briefings"),
        item(key("nav-wall"), "/bang-tuong", "device-desktop", 't', "tasks"),
        item(key("nav-report"), "/bao-cao/nhiem-vu", "chart-bar", 'b', "tasks"),
        item(key("nav-venues"), "/dia-diem", "building", 'd', "venues"),
        item(key("nav-decisions"), "/ket-luan", "rubber-stamp", 'l', "decisions"),
        item(key("nav-badges"), "/the", "id-badge-2", 'e', "badges"),
        item(key("nav-press"), "/bao-chi", "id-badge", 'o', "accreditation"),
        item(key("nav-vehicles"), "/xe", "route", 'x', "vehicles"),
        item(key("nav-papers"), "/van-ban", "list-numbers", 's', "papers"),
        item(key("nav-sessions"), "/phien", "user-check", 'p', "attendance"),
        item(key("nav-gates"), "/cong", "door-enter", 'g', "attendance"),
        item(key("nav-delegates"), "/dai-bieu", "users", 'u', "delegates"),
        item(key("nav-credentials"), "/tham-tra", "file-certificate", 'c', "credentials"),
        item(key("nav-audit"), "/nhat-ky", "history", 'k', "audit"),
        item(key("nav-admin"), "/quan-tri", "settings", 'q', "identity"),
    ]
}
