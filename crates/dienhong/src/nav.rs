//! The doors of the navigation.

use platform::{i18n::key, web::NavItem};

platform::inventory::submit! {
    platform::i18n::Catalogue { area: "dienhong", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// All doors in their order; people see those of the areas they have a right in.
pub fn items() -> Vec<NavItem> {
    let item = |group, key, href, icon, hotkey, area| NavItem { key, href, icon, hotkey, area, group };
    let (work, people, running) = (key("nav-group-work"), key("nav-group-people"), key("nav-group-running"));
    vec![
        item(work, key("nav-mine"), "/viec-cua-toi", "inbox", 'v', "tasks"),
        item(work, key("nav-tasks"), "/nhiem-vu", "list-check", 'n', "tasks"),
        item(work, key("nav-briefings"), "/giao-ban", "calendar-event", 'h', "briefings"),
        item(work, key("nav-wall"), "/bang-tuong", "device-desktop", 't', "tasks"),
        item(work, key("nav-report"), "/bao-cao/nhiem-vu", "chart-bar", 'b', "tasks"),
        item(work, key("nav-venues"), "/dia-diem", "building", 'd', "venues"),
        item(work, key("nav-decisions"), "/ket-luan", "rubber-stamp", 'l', "decisions"),
        item(work, key("nav-papers"), "/van-ban", "list-numbers", 's', "papers"),
        item(people, key("nav-delegates"), "/dai-bieu", "users", 'u', "delegates"),
        item(people, key("nav-letters"), "/thu-moi", "mail", 'i', "delegates"),
        item(people, key("nav-credentials"), "/tham-tra", "file-certificate", 'c', "credentials"),
        item(people, key("nav-badges"), "/the", "id-badge-2", 'e', "badges"),
        item(people, key("nav-sessions"), "/phien", "user-check", 'p', "attendance"),
        item(people, key("nav-gates"), "/cong", "door-enter", 'g', "attendance"),
        item(people, key("nav-seating"), "/cho-ngoi", "armchair", 'a', "seating"),
        item(people, key("nav-press"), "/bao-chi", "id-badge", 'o', "accreditation"),
        item(people, key("nav-vehicles"), "/xe", "route", 'x', "vehicles"),
        item(running, key("nav-audit"), "/nhat-ky", "history", 'k', "audit"),
        item(running, key("nav-admin"), "/quan-tri", "settings", 'q', "identity"),
    ]
}
