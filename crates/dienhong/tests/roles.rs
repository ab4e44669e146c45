//! Every route as every role: who gets in is what this table says, and a route that is not in the table fails.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Client, House, run};
use serde_json::json;

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Need {
    /// Nothing: strangers may.
    Open,
    /// To be signed in, by session or token.
    SignedIn,
    /// To be signed in with a browser; a token is not enough.
    Session,
    /// A right in an area; the least that is enough.
    Right(&'static str, u8),
    /// The same, for a screen: a token is not enough.
    Screen(&'static str, u8),
}
use Need::{Open, Screen, Session, SignedIn};

const READ: u8 = 1;
const CONTRIBUTE: u8 = 2;
const MANAGE: u8 = 3;
const DECIDE: u8 = 4;
const ADMIN: u8 = 5;

const fn tasks(right: u8) -> Need {
    Need::Right("tasks", right)
}
const fn venues(right: u8) -> Need {
    Need::Right("venues", right)
}
const fn briefings(right: u8) -> Need {
    Need::Right("briefings", right)
}
const fn papers(right: u8) -> Need {
    Need::Right("papers", right)
}
const fn decisions(right: u8) -> Need {
    Need::Right("decisions", right)
}
const fn credentials(right: u8) -> Need {
    Need::Right("credentials", right)
}
const fn attendance(right: u8) -> Need {
    Need::Right("attendance", right)
}
const fn badges(right: u8) -> Need {
    Need::Right("badges", right)
}
const fn press(right: u8) -> Need {
    Need::Right("accreditation", right)
}
const fn vehicles(right: u8) -> Need {
    Need::Right("vehicles", right)
}
const fn seating(right: u8) -> Need {
    Need::Right("seating", right)
}
const fn delegates(right: u8) -> Need {
    Need::Right("delegates", right)
}
const fn identity(right: u8) -> Need {
    Need::Right("identity", right)
}

/// A path stands without its `/api/v1`; `{}` is an id that nobody has.
const API: &[(&str, &str, Need)] = &[
    ("GET", "/me", SignedIn),
    ("GET", "/sessions", SignedIn),
    ("DELETE", "/sessions/{}", Session),
    ("GET", "/units", identity(READ)),
    ("POST", "/units", identity(ADMIN)),
    ("GET", "/units/{}", identity(READ)),
    ("PUT", "/units/{}", identity(ADMIN)),
    ("GET", "/offices", identity(READ)),
    ("POST", "/offices", identity(ADMIN)),
    ("GET", "/people", identity(ADMIN)),
    ("POST", "/people", identity(ADMIN)),
    ("GET", "/people/{}", identity(ADMIN)),
    ("PATCH", "/people/{}", identity(ADMIN)),
    ("GET", "/people/{}/assignments", identity(ADMIN)),
    ("POST", "/people/{}/assignments", identity(ADMIN)),
    ("GET", "/grants", identity(ADMIN)),
    ("POST", "/grants", identity(ADMIN)),
    ("DELETE", "/grants/{}", identity(ADMIN)),
    ("GET", "/who-sees", identity(READ)),
    ("GET", "/tokens", SignedIn),
    ("POST", "/tokens", Session),
    ("DELETE", "/tokens/{}", Session),
    ("GET", "/approvals", SignedIn),
    ("POST", "/approvals/{}/decision", Session),
    ("GET", "/audit", Need::Right("audit", READ)),
    ("GET", "/jobs", SignedIn),
    ("GET", "/jobs/{}", SignedIn),
    ("POST", "/jobs/{}/cancel", SignedIn),
    ("GET", "/tasks", tasks(READ)),
    ("POST", "/tasks", tasks(MANAGE)),
    ("GET", "/tasks/{}", tasks(READ)),
    ("PUT", "/tasks/{}", tasks(CONTRIBUTE)),
    ("POST", "/tasks/{}/moves", tasks(CONTRIBUTE)),
    ("GET", "/tasks/{}/reports", tasks(READ)),
    ("POST", "/tasks/{}/reports", tasks(CONTRIBUTE)),
    ("GET", "/tasks/{}/evidence", tasks(READ)),
    ("POST", "/tasks/{}/evidence", tasks(CONTRIBUTE)),
    ("GET", "/tasks/{}/extensions", tasks(READ)),
    ("POST", "/tasks/{}/extensions", tasks(CONTRIBUTE)),
    ("GET", "/tasks/{}/urges", tasks(READ)),
    ("POST", "/tasks/{}/urges", tasks(CONTRIBUTE)),
    ("POST", "/tasks/{}/supports/{}/confirmation", tasks(CONTRIBUTE)),
    ("GET", "/tasks/{}/ripple", tasks(READ)),
    ("GET", "/tasks/{}/history", tasks(READ)),
    ("PUT", "/tasks/{}/dependencies/{}", tasks(MANAGE)),
    ("DELETE", "/tasks/{}/dependencies/{}", tasks(MANAGE)),
    ("GET", "/briefing-series", briefings(READ)),
    ("POST", "/briefing-series", briefings(MANAGE)),
    ("GET", "/briefing-series/{}", briefings(READ)),
    ("PUT", "/briefing-series/{}", briefings(MANAGE)),
    ("GET", "/briefing-series/{}/proposal", briefings(READ)),
    ("POST", "/briefing-series/{}/briefings", briefings(MANAGE)),
    ("GET", "/briefings", briefings(READ)),
    ("GET", "/briefings/{}", briefings(READ)),
    ("PUT", "/briefings/{}", briefings(MANAGE)),
    ("POST", "/briefings/{}/moves", briefings(CONTRIBUTE)),
    ("GET", "/briefings/{}/snapshot", briefings(READ)),
    ("POST", "/briefings/{}/snapshot", briefings(MANAGE)),
    ("GET", "/briefings/{}/drift", briefings(READ)),
    ("GET", "/briefings/{}/week", briefings(READ)),
    ("GET", "/briefings/{}/agenda", briefings(READ)),
    ("POST", "/briefings/{}/agenda", briefings(CONTRIBUTE)),
    ("PUT", "/briefings/{}/agenda/{}", briefings(CONTRIBUTE)),
    ("POST", "/briefings/{}/agenda/{}/removal", briefings(CONTRIBUTE)),
    ("PUT", "/briefings/{}/agenda/{}/state", briefings(CONTRIBUTE)),
    ("PUT", "/briefings/{}/agenda-order", briefings(CONTRIBUTE)),
    ("PUT", "/briefings/{}/current", briefings(CONTRIBUTE)),
    ("GET", "/briefings/{}/attendance", briefings(READ)),
    ("PUT", "/briefings/{}/attendance/{}", briefings(CONTRIBUTE)),
    ("GET", "/briefing-reading", briefings(CONTRIBUTE)),
    ("GET", "/briefings/{}/conclusions", briefings(READ)),
    ("POST", "/briefings/{}/conclusions", briefings(CONTRIBUTE)),
    ("PUT", "/briefings/{}/conclusions/{}", briefings(CONTRIBUTE)),
    ("POST", "/briefings/{}/conclusions/{}/removal", briefings(CONTRIBUTE)),
    ("POST", "/briefings/{}/conclusions/{}/restoration", briefings(CONTRIBUTE)),
    ("POST", "/briefings/{}/conclusions/{}/parts", briefings(CONTRIBUTE)),
    ("POST", "/briefings/{}/conclusions/{}/milestones", briefings(CONTRIBUTE)),
    ("PUT", "/briefings/{}/conclusion-order", briefings(CONTRIBUTE)),
    ("GET", "/briefings/{}/signature", briefings(READ)),
    ("POST", "/briefings/{}/signature", briefings(DECIDE)),
    ("GET", "/briefings/{}/minutes", briefings(READ)),
    ("GET", "/briefings/{}/supplements", briefings(READ)),
    ("POST", "/briefings/{}/supplements", briefings(CONTRIBUTE)),
    ("PUT", "/briefings/{}/supplements/{}", briefings(CONTRIBUTE)),
    ("POST", "/briefings/{}/supplements/{}/signature", briefings(DECIDE)),
    ("GET", "/briefings/{}/notice", briefings(READ)),
    ("POST", "/briefings/{}/notice", briefings(MANAGE)),
    ("GET", "/briefings/{}/report", briefings(READ)),
    ("POST", "/briefings/{}/report", briefings(MANAGE)),
    ("GET", "/briefings/{}/receipts", briefings(READ)),
    ("GET", "/dependencies", tasks(READ)),
    ("POST", "/extensions/{}/decision", tasks(CONTRIBUTE)),
    ("POST", "/extensions/{}/withdrawal", tasks(CONTRIBUTE)),
    ("GET", "/plans", tasks(READ)),
    ("POST", "/plans", tasks(MANAGE)),
    ("GET", "/baselines", tasks(READ)),
    ("POST", "/baselines", tasks(MANAGE)),
    ("POST", "/baselines/{}/approval", tasks(DECIDE)),
    ("GET", "/baselines/{}/diff", tasks(READ)),
    ("GET", "/tally", tasks(READ)),
    ("GET", "/task-filters", tasks(READ)),
    ("POST", "/task-filters", tasks(READ)),
    ("DELETE", "/task-filters/{}", tasks(READ)),
    ("GET", "/feeds", tasks(READ)),
    ("POST", "/feeds", tasks(READ)),
    ("DELETE", "/feeds/{}", tasks(READ)),
    ("GET", "/task-settings", tasks(READ)),
    ("PUT", "/task-settings", tasks(MANAGE)),
    ("GET", "/work-days", tasks(READ)),
    ("PUT", "/work-days/{}", tasks(MANAGE)),
    ("DELETE", "/work-days/{}", tasks(MANAGE)),
    ("GET", "/task-templates", tasks(READ)),
    ("POST", "/task-templates/{}/drafts", tasks(MANAGE)),
    ("GET", "/task-imports", tasks(MANAGE)),
    ("POST", "/task-imports", tasks(MANAGE)),
    ("GET", "/task-imports/{}", tasks(MANAGE)),
    ("PUT", "/task-imports/{}", tasks(MANAGE)),
    ("DELETE", "/task-imports/{}", tasks(MANAGE)),
    ("POST", "/task-imports/{}/confirmation", tasks(MANAGE)),
    ("GET", "/task-exports/annex.xlsx", tasks(READ)),
    ("GET", "/task-exports/annex.pdf", tasks(READ)),
    ("GET", "/task-exports/tasks.pdf", tasks(READ)),
    ("GET", "/task-exports/gantt.pdf", tasks(READ)),
    ("GET", "/task-exports/tasks.csv", tasks(READ)),
    ("GET", "/task-exports/gantt.svg", tasks(READ)),
    ("GET", "/task-exports/plan.xml", tasks(READ)),
    ("GET", "/task-reports", tasks(READ)),
    ("POST", "/task-reports", tasks(DECIDE)),
    ("GET", "/task-reports/now", tasks(READ)),
    ("GET", "/task-reports/{}", tasks(READ)),
    ("GET", "/venues", venues(READ)),
    ("POST", "/venues", venues(MANAGE)),
    ("GET", "/venues/{}", venues(READ)),
    ("PUT", "/venues/{}", venues(MANAGE)),
    ("POST", "/venues/{}/moves", venues(MANAGE)),
    ("POST", "/venues/{}/spaces", venues(MANAGE)),
    ("GET", "/venues/{}/egress", venues(READ)),
    ("PUT", "/venue-spaces/{}", venues(MANAGE)),
    ("DELETE", "/venue-spaces/{}", venues(MANAGE)),
    ("GET", "/venues/{}/photos", venues(READ)),
    ("POST", "/venues/{}/photos", venues(MANAGE)),
    ("GET", "/venue-photos/{}", venues(READ)),
    ("DELETE", "/venue-photos/{}", venues(CONTRIBUTE)),
    ("GET", "/venues/{}/gates/{}", venues(READ)),
    ("PUT", "/venues/{}/gates/{}", venues(MANAGE)),
    ("POST", "/venues/{}/discussions/{}", venues(MANAGE)),
    ("GET", "/venues/{}/handovers", venues(READ)),
    ("POST", "/venues/{}/handovers", venues(MANAGE)),
    ("GET", "/venue-criteria", venues(READ)),
    ("POST", "/venue-criteria", venues(MANAGE)),
    ("GET", "/venue-criteria/{}", venues(READ)),
    ("GET", "/venue-comparison", venues(READ)),
    ("GET", "/venue-rounds", venues(READ)),
    ("POST", "/venue-rounds", venues(MANAGE)),
    ("POST", "/venue-rounds/{}/closing", venues(MANAGE)),
    ("GET", "/venue-surveys", venues(READ)),
    ("POST", "/venue-surveys", venues(MANAGE)),
    ("GET", "/venue-surveys/{}", venues(READ)),
    ("POST", "/venue-surveys/{}/records", venues(CONTRIBUTE)),
    ("POST", "/venue-surveys/{}/photos", venues(CONTRIBUTE)),
    ("POST", "/venue-surveys/{}/hand-in", venues(CONTRIBUTE)),
    ("POST", "/venue-surveys/{}/choices", venues(CONTRIBUTE)),
    ("GET", "/venue-ranking", venues(READ)),
    ("GET", "/venue-recommendations", venues(READ)),
    ("POST", "/venue-recommendations", venues(MANAGE)),
    ("GET", "/venue-recommendations/{}", venues(READ)),
    ("POST", "/venue-recommendations/{}/return", venues(DECIDE)),
    ("POST", "/venue-recommendations/{}/signature", venues(DECIDE)),
    ("POST", "/paper-checks", SignedIn),
    ("POST", "/paper-checks/corrected", SignedIn),
    ("GET", "/task-reports/{}/report.pdf", tasks(READ)),
    ("GET", "/task-reports/{}/report.docx", tasks(READ)),
    ("GET", "/issuing-bodies", papers(READ)),
    ("POST", "/issuing-bodies", papers(MANAGE)),
    ("PUT", "/issuing-bodies/{}", papers(MANAGE)),
    ("GET", "/paper-numbers", papers(READ)),
    ("POST", "/paper-numbers", papers(MANAGE)),
    ("GET", "/paper-numbers/{}", papers(READ)),
    ("POST", "/paper-numbers/{}/cancellation", papers(MANAGE)),
    ("GET", "/printers", badges(MANAGE)),
    ("POST", "/printers", badges(MANAGE)),
    ("GET", "/printers/{}", badges(MANAGE)),
    ("PUT", "/printers/{}", badges(MANAGE)),
    ("DELETE", "/printers/{}", badges(MANAGE)),
    ("POST", "/printers/{}/test", badges(MANAGE)),
    ("GET", "/badges", badges(READ)),
    ("GET", "/badges/keys", badges(READ)),
    ("GET", "/badges/revocations", badges(READ)),
    ("POST", "/badges/requests", badges(MANAGE)),
    ("POST", "/badges/approvals", badges(DECIDE)),
    ("POST", "/badges/prints", badges(MANAGE)),
    ("POST", "/badges/moves", badges(CONTRIBUTE)),
    ("POST", "/badges/readings", badges(MANAGE)),
    ("POST", "/badges/reissues", badges(MANAGE)),
    ("GET", "/badges/unsigned", badges(MANAGE)),
    ("POST", "/badges/signed", badges(MANAGE)),
    ("POST", "/badges/key-lists", badges(ADMIN)),
    ("GET", "/press-agencies", press(READ)),
    ("POST", "/press-agencies", press(MANAGE)),
    ("POST", "/press-agencies/{}/batches", press(MANAGE)),
    ("POST", "/press-agencies/{}/exceptions", press(DECIDE)),
    ("POST", "/press-agencies/{}/nominations", press(MANAGE)),
    ("GET", "/press-nominations", press(READ)),
    ("GET", "/press-nominations/{}", press(READ)),
    ("PUT", "/press-nominations/{}", press(MANAGE)),
    ("POST", "/press-nominations/{}/first-vetting", press(MANAGE)),
    ("POST", "/press-nominations/{}/second-vetting", press(DECIDE)),
    ("POST", "/press-nominations/{}/withdrawal", press(MANAGE)),
    ("GET", "/vehicles", vehicles(READ)),
    ("POST", "/vehicles", vehicles(MANAGE)),
    ("GET", "/vehicles/{}", vehicles(READ)),
    ("PUT", "/vehicles/{}", vehicles(MANAGE)),
    ("POST", "/vehicles/{}/withdrawal", vehicles(MANAGE)),
    ("POST", "/vehicles/{}/pass-moves", vehicles(CONTRIBUTE)),
    ("POST", "/vehicles/{}/new-pass", vehicles(MANAGE)),
    ("GET", "/parking-lots", vehicles(READ)),
    ("POST", "/parking-lots", vehicles(MANAGE)),
    ("POST", "/vehicle-passes/requests", vehicles(MANAGE)),
    ("POST", "/vehicle-passes/approvals", vehicles(DECIDE)),
    ("POST", "/vehicle-passes/prints", vehicles(MANAGE)),
    ("GET", "/seating/halls", seating(READ)),
    ("GET", "/seating/halls/{}", seating(READ)),
    ("PUT", "/seating/halls/{}", seating(MANAGE)),
    ("GET", "/seating/halls/{}/pretix", seating(READ)),
    ("POST", "/seating/halls/{}/pretix", seating(MANAGE)),
    ("GET", "/seating/plans", seating(READ)),
    ("GET", "/seating/plans/{}", seating(READ)),
    ("PUT", "/seating/plans/{}", seating(MANAGE)),
    ("POST", "/seating/plans/{}/assignment", seating(MANAGE)),
    ("POST", "/seating/plans/{}/moves", seating(MANAGE)),
    ("PUT", "/seating/plans/{}/pins", seating(MANAGE)),
    ("POST", "/seating/plans/{}/clearing", seating(MANAGE)),
    ("POST", "/seating/plans/{}/inheritance", seating(MANAGE)),
    ("PUT", "/seating/plans/{}/publication", seating(DECIDE)),
    ("GET", "/seating/plans/{}/seats", seating(READ)),
    ("GET", "/seating/plans/{}/ways/{}", seating(READ)),
    ("GET", "/decisions", decisions(READ)),
    ("POST", "/decisions", decisions(MANAGE)),
    ("GET", "/decisions/{}", decisions(READ)),
    ("PUT", "/decisions/{}", decisions(MANAGE)),
    ("DELETE", "/decisions/{}", decisions(MANAGE)),
    ("POST", "/decisions/{}/changes", decisions(MANAGE)),
    ("POST", "/decisions/{}/tasks", decisions(MANAGE)),
    ("POST", "/decisions/{}/tasks/untie", decisions(MANAGE)),
    ("GET", "/tasks/{}/decisions", tasks(READ)),
    ("GET", "/credentials/cases", credentials(READ)),
    ("POST", "/credentials/cases", credentials(MANAGE)),
    ("GET", "/credentials/figures", credentials(READ)),
    ("POST", "/credentials/freeze-requests/{}/complete", credentials(MANAGE)),
    ("GET", "/credentials/freezes", credentials(READ)),
    ("POST", "/credentials/freezes", credentials(MANAGE)),
    ("GET", "/credentials/freezes/{}", credentials(READ)),
    ("GET", "/credentials/reports", credentials(READ)),
    ("POST", "/credentials/reports", credentials(MANAGE)),
    ("GET", "/credentials/reports/{}", credentials(READ)),
    ("POST", "/credentials/reports/{}/vote", credentials(MANAGE)),
    ("GET", "/congress-sessions", attendance(READ)),
    ("PUT", "/congress-sessions/{}", attendance(MANAGE)),
    ("GET", "/congress-sessions/{}/attendance", attendance(READ)),
    ("POST", "/congress-sessions/{}/marks", attendance(CONTRIBUTE)),
    ("GET", "/congress-sessions/{}/conflicts", attendance(READ)),
    ("POST", "/congress-sessions/{}/conflicts", attendance(MANAGE)),
    ("GET", "/gates", attendance(READ)),
    ("PUT", "/gates/{}", attendance(MANAGE)),
    ("POST", "/gates/{}/codes", attendance(MANAGE)),
    ("POST", "/gates/{}/scans", attendance(CONTRIBUTE)),
    ("POST", "/gates/{}/looks", attendance(CONTRIBUTE)),
    ("POST", "/gates/{}/words", attendance(CONTRIBUTE)),
    ("POST", "/gates/{}/people/{}/lock", badges(CONTRIBUTE)),
    ("POST", "/gates/{}/terminals", attendance(MANAGE)),
    ("GET", "/terminals", attendance(READ)),
    ("POST", "/terminal-keys", attendance(MANAGE)),
    ("GET", "/gates/{}/snapshot", attendance(CONTRIBUTE)),
    ("GET", "/gates/{}/people", attendance(CONTRIBUTE)),
    ("GET", "/gates/{}/people/{}/photo", attendance(CONTRIBUTE)),
    ("GET", "/gates/{}/photos/{}", attendance(CONTRIBUTE)),
    // Whoever has the one-time code needs nothing else.
    ("POST", "/gate-enrolments", Open),
    ("GET", "/gate-devices", attendance(READ)),
    ("POST", "/gate-devices/{}/end", attendance(MANAGE)),
    ("POST", "/participants/import", delegates(MANAGE)),
    ("GET", "/participants", delegates(READ)),
    ("POST", "/participants", delegates(MANAGE)),
    ("GET", "/participants/{}", delegates(READ)),
    ("PUT", "/participants/{}", delegates(MANAGE)),
    ("POST", "/participants/{}/withdrawal", delegates(MANAGE)),
    ("PUT", "/participants/{}/group", delegates(MANAGE)),
    ("GET", "/participants/{}/answers", delegates(READ)),
    ("POST", "/participants/{}/answers", delegates(MANAGE)),
    ("GET", "/participant-pairs", delegates(MANAGE)),
    ("POST", "/participant-pairs", delegates(MANAGE)),
    ("GET", "/letters", delegates(READ)),
    ("POST", "/letters", delegates(MANAGE)),
    ("GET", "/letters/{}", delegates(MANAGE)),
    ("PUT", "/letters/{}", delegates(MANAGE)),
    ("POST", "/letters/{}/number", delegates(MANAGE)),
    ("POST", "/participants/{}/letter-revocation", delegates(MANAGE)),
    ("GET", "/participants/{}/replacements", delegates(READ)),
    ("POST", "/participants/{}/replacements", delegates(MANAGE)),
    ("GET", "/openapi.json", Open),
];

/// The pages; `{}` is an id that nobody has.
const PAGES: &[(&str, &str, Need)] = &[
    ("GET", "/", Open),
    ("GET", "/vao", Open),
    ("POST", "/ra", Open),
    ("GET", "/giao-dien/ngon-ngu/en", Open),
    ("GET", "/giao-dien/nen/dark", Open),
    ("GET", "/healthz", Open),
    ("GET", "/readyz", Open),
    ("GET", "/metrics", Open),
    ("GET", "/api", Open),
    ("GET", "/api/", Open),
    ("GET", "/tai-khoan", SignedIn),
    ("POST", "/tai-khoan/chuc-danh", Session),
    ("POST", "/tai-khoan/phien/{}/ket-thuc", Session),
    ("POST", "/tai-khoan/phien-khac/ket-thuc", Session),
    ("GET", "/tai-khoan/mat-khau", SignedIn),
    ("POST", "/tai-khoan/mat-khau", Session),
    ("POST", "/tai-khoan/khoa/bat-dau", Session),
    ("POST", "/tai-khoan/khoa/xong", Session),
    ("POST", "/tai-khoan/khoa/{}/xoa", Session),
    ("GET", "/tai-khoan/ma-truy-cap", SignedIn),
    ("POST", "/tai-khoan/ma-truy-cap", Session),
    ("POST", "/tai-khoan/ma-truy-cap/{}/thu-hoi", Session),
    ("GET", "/quan-tri", identity(READ)),
    ("GET", "/quan-tri/don-vi", identity(READ)),
    ("POST", "/quan-tri/don-vi", identity(ADMIN)),
    ("GET", "/quan-tri/don-vi/{}", identity(READ)),
    ("POST", "/quan-tri/don-vi/{}", identity(ADMIN)),
    ("GET", "/quan-tri/chuc-danh", identity(READ)),
    ("POST", "/quan-tri/chuc-danh", identity(ADMIN)),
    ("GET", "/quan-tri/nguoi", identity(ADMIN)),
    ("POST", "/quan-tri/nguoi", identity(ADMIN)),
    ("GET", "/quan-tri/nguoi/{}", identity(ADMIN)),
    ("POST", "/quan-tri/nguoi/{}/chuc-danh", identity(ADMIN)),
    ("POST", "/quan-tri/nguoi/{}/chuc-danh/{}/thoi", identity(ADMIN)),
    ("POST", "/quan-tri/nguoi/{}/ma", identity(ADMIN)),
    ("POST", "/quan-tri/nguoi/{}/khoa-tai-khoan", identity(ADMIN)),
    ("POST", "/quan-tri/nguoi/{}/mo-tai-khoan", identity(ADMIN)),
    ("POST", "/quan-tri/nguoi/{}/ket-thuc-phien", identity(ADMIN)),
    ("GET", "/quan-tri/quyen", identity(ADMIN)),
    ("POST", "/quan-tri/quyen", identity(ADMIN)),
    ("POST", "/quan-tri/quyen/{}/thu-hoi", identity(ADMIN)),
    ("GET", "/quan-tri/ai-thay", identity(READ)),
    ("GET", "/nhat-ky", Need::Right("audit", READ)),
    ("GET", "/nhat-ky/999999", Need::Right("audit", READ)),
    ("GET", "/phe-duyet", SignedIn),
    ("POST", "/phe-duyet/{}/duyet", Session),
    ("POST", "/phe-duyet/{}/tu-choi", Session),
    ("GET", "/viec-nen", SignedIn),
    ("GET", "/viec-nen/{}", SignedIn),
    ("GET", "/viec-nen/{}/song", SignedIn),
    ("POST", "/viec-nen/{}/dung", SignedIn),
    ("GET", "/viec-cua-toi", tasks(READ)),
    ("GET", "/song/viec-cua-toi", Screen("tasks", READ)),
    ("GET", "/nhiem-vu", tasks(READ)),
    ("GET", "/song/nhiem-vu", Screen("tasks", READ)),
    ("POST", "/nhiem-vu/bo-loc", tasks(READ)),
    ("POST", "/nhiem-vu/bo-loc/{}/xoa", tasks(READ)),
    ("GET", "/nhiem-vu/bang", tasks(READ)),
    ("GET", "/song/nhiem-vu/bang", Screen("tasks", READ)),
    ("GET", "/nhiem-vu/lich", tasks(READ)),
    ("GET", "/song/nhiem-vu/lich", Screen("tasks", READ)),
    ("GET", "/nhiem-vu/ma-tran", tasks(READ)),
    ("GET", "/song/nhiem-vu/ma-tran", Screen("tasks", READ)),
    ("GET", "/nhiem-vu/tien-do-gantt", tasks(READ)),
    ("GET", "/song/nhiem-vu/tien-do-gantt", Screen("tasks", READ)),
    ("GET", "/nhiem-vu/gantt.svg", tasks(READ)),
    ("GET", "/nhiem-vu/gantt.pdf", tasks(READ)),
    ("GET", "/nhiem-vu/xuat.pdf", tasks(READ)),
    ("GET", "/nhiem-vu/danh-sach.pdf", tasks(READ)),
    ("GET", "/nhiem-vu/bang.pdf", tasks(READ)),
    ("GET", "/nhiem-vu/lich.pdf", tasks(READ)),
    ("GET", "/nhiem-vu/ma-tran.pdf", tasks(READ)),
    ("GET", "/viec-cua-toi.pdf", tasks(READ)),
    ("GET", "/nhiem-vu/xuat.xlsx", tasks(READ)),
    ("GET", "/nhiem-vu/xuat.csv", tasks(READ)),
    ("GET", "/nhiem-vu/xuat.xml", tasks(READ)),
    ("GET", "/nhiem-vu/nhap", tasks(MANAGE)),
    ("POST", "/nhiem-vu/nhap", tasks(MANAGE)),
    ("GET", "/nhiem-vu/nhap/{}", tasks(MANAGE)),
    ("POST", "/nhiem-vu/nhap/{}/chon", tasks(MANAGE)),
    ("POST", "/nhiem-vu/nhap/{}/ap-dung", tasks(MANAGE)),
    ("POST", "/nhiem-vu/nhap/{}/bo", tasks(MANAGE)),
    ("GET", "/nhiem-vu/moi", tasks(MANAGE)),
    ("POST", "/nhiem-vu/moi", tasks(MANAGE)),
    ("POST", "/nhiem-vu/kiem-ro", tasks(CONTRIBUTE)),
    ("GET", "/nhiem-vu/dong/supports", tasks(CONTRIBUTE)),
    ("GET", "/nhiem-vu/mau", tasks(MANAGE)),
    ("POST", "/nhiem-vu/mau", tasks(MANAGE)),
    ("GET", "/nhiem-vu/duyet-giao", tasks(CONTRIBUTE)),
    ("POST", "/nhiem-vu/duyet-giao", tasks(CONTRIBUTE)),
    ("GET", "/nhiem-vu/thiet-lap", tasks(MANAGE)),
    ("POST", "/nhiem-vu/thiet-lap", tasks(MANAGE)),
    ("POST", "/nhiem-vu/thiet-lap/ngay", tasks(MANAGE)),
    ("POST", "/nhiem-vu/thiet-lap/ngay/2030-01-01/xoa", tasks(MANAGE)),
    ("GET", "/nhiem-vu/KHONG-CO", tasks(READ)),
    ("GET", "/song/nhiem-vu/KHONG-CO", Screen("tasks", READ)),
    ("GET", "/nhiem-vu/KHONG-CO/sua", tasks(CONTRIBUTE)),
    ("POST", "/nhiem-vu/KHONG-CO/sua", tasks(CONTRIBUTE)),
    ("GET", "/nhiem-vu/KHONG-CO/chuyen/pause", tasks(CONTRIBUTE)),
    ("POST", "/nhiem-vu/KHONG-CO/chuyen/pause", tasks(CONTRIBUTE)),
    ("GET", "/nhiem-vu/KHONG-CO/bao-cao", tasks(CONTRIBUTE)),
    ("POST", "/nhiem-vu/KHONG-CO/bao-cao", tasks(CONTRIBUTE)),
    ("GET", "/nhiem-vu/KHONG-CO/minh-chung", tasks(CONTRIBUTE)),
    ("POST", "/nhiem-vu/KHONG-CO/minh-chung", tasks(CONTRIBUTE)),
    ("GET", "/nhiem-vu/KHONG-CO/minh-chung/{}", tasks(READ)),
    ("POST", "/nhiem-vu/KHONG-CO/xac-nhan", tasks(CONTRIBUTE)),
    ("POST", "/nhiem-vu/KHONG-CO/da-xem", tasks(READ)),
    ("GET", "/nhiem-vu/KHONG-CO/gia-han", tasks(CONTRIBUTE)),
    ("POST", "/nhiem-vu/KHONG-CO/gia-han", tasks(CONTRIBUTE)),
    ("POST", "/nhiem-vu/KHONG-CO/gia-han/xem", tasks(CONTRIBUTE)),
    ("GET", "/nhiem-vu/KHONG-CO/don-doc", tasks(CONTRIBUTE)),
    ("POST", "/nhiem-vu/KHONG-CO/don-doc", tasks(CONTRIBUTE)),
    ("GET", "/nhiem-vu/KHONG-CO/cong-van/{}", tasks(READ)),
    ("GET", "/nhiem-vu/KHONG-CO/cong-van/{}/cong-van.pdf", tasks(READ)),
    ("GET", "/nhiem-vu/KHONG-CO/cong-van/{}/cong-van.docx", tasks(READ)),
    ("GET", "/nhiem-vu/KHONG-CO/phu-thuoc", tasks(MANAGE)),
    ("POST", "/nhiem-vu/KHONG-CO/phu-thuoc", tasks(MANAGE)),
    ("GET", "/gia-han/{}", tasks(READ)),
    ("GET", "/gia-han/{}/thong-bao.pdf", tasks(READ)),
    ("GET", "/gia-han/{}/thong-bao.docx", tasks(READ)),
    ("POST", "/gia-han/{}", tasks(CONTRIBUTE)),
    ("GET", "/duong-co-so", tasks(READ)),
    ("POST", "/duong-co-so", tasks(MANAGE)),
    ("GET", "/duong-co-so/{}", tasks(READ)),
    ("GET", "/duong-co-so/{}/so-sanh.pdf", tasks(READ)),
    ("POST", "/duong-co-so/{}/phe-duyet", tasks(DECIDE)),
    ("GET", "/dia-diem", venues(READ)),
    ("GET", "/song/dia-diem", Screen("venues", READ)),
    ("GET", "/song/dia-diem/so-sanh", Screen("venues", READ)),
    ("GET", "/song/dia-diem/{}", Screen("venues", READ)),
    ("GET", "/dia-diem/danh-sach.pdf", venues(READ)),
    ("GET", "/dia-diem/moi", venues(MANAGE)),
    ("POST", "/dia-diem/moi", venues(MANAGE)),
    ("GET", "/dia-diem/so-sanh", venues(READ)),
    ("GET", "/dia-diem/so-sanh.pdf", venues(READ)),
    ("GET", "/dia-diem/so-sanh.docx", venues(READ)),
    ("GET", "/dia-diem/tieu-chi", venues(READ)),
    ("POST", "/dia-diem/tieu-chi", venues(MANAGE)),
    ("GET", "/dia-diem/tieu-chi/sua", venues(MANAGE)),
    ("POST", "/dia-diem/tieu-chi/sua", venues(MANAGE)),
    ("GET", "/dia-diem/tieu-chi/so-doi", venues(MANAGE)),
    ("POST", "/dia-diem/tieu-chi/so-doi", venues(MANAGE)),
    ("GET", "/dia-diem/dot", venues(READ)),
    ("POST", "/dia-diem/dot", venues(MANAGE)),
    ("POST", "/dia-diem/dot/giao", venues(MANAGE)),
    ("GET", "/dia-diem/chenh-lech", venues(READ)),
    ("POST", "/dia-diem/chenh-lech", venues(MANAGE)),
    ("GET", "/dia-diem/trung", venues(READ)),
    ("POST", "/dia-diem/trung", venues(CONTRIBUTE)),
    ("GET", "/dia-diem/quyet-dinh", venues(READ)),
    ("POST", "/dia-diem/quyet-dinh", venues(MANAGE)),
    ("POST", "/dia-diem/quyet-dinh/ky", venues(DECIDE)),
    ("POST", "/dia-diem/quyet-dinh/tra-lai", venues(DECIDE)),
    ("GET", "/dia-diem/anh/{}", venues(READ)),
    ("GET", "/dia-diem/khao-sat", venues(CONTRIBUTE)),
    ("GET", "/dia-diem/khao-sat/sw.js", Open),
    ("GET", "/dia-diem/khao-sat/manifest.webmanifest", Open),
    ("GET", "/dia-diem/khao-sat/{}", venues(CONTRIBUTE)),
    ("POST", "/dia-diem/khao-sat/{}/T1", venues(CONTRIBUTE)),
    ("POST", "/dia-diem/khao-sat/{}/nop", venues(CONTRIBUTE)),
    ("GET", "/dia-diem/khao-sat/{}/phieu.pdf", venues(CONTRIBUTE)),
    ("GET", "/dia-diem/KHONG-CO", venues(READ)),
    ("GET", "/dia-diem/KHONG-CO/sua", venues(MANAGE)),
    ("POST", "/dia-diem/KHONG-CO/sua", venues(MANAGE)),
    ("POST", "/dia-diem/KHONG-CO/buoc/survey", venues(MANAGE)),
    ("POST", "/dia-diem/KHONG-CO/anh", venues(MANAGE)),
    ("GET", "/dia-diem/KHONG-CO/phong/{}", venues(MANAGE)),
    ("POST", "/dia-diem/KHONG-CO/phong/{}", venues(MANAGE)),
    ("GET", "/dia-diem/KHONG-CO/dieu-kien/K1", venues(MANAGE)),
    ("POST", "/dia-diem/KHONG-CO/dieu-kien/K1", venues(MANAGE)),
    ("GET", "/dia-diem/KHONG-CO/ban-giao", venues(MANAGE)),
    ("POST", "/dia-diem/KHONG-CO/ban-giao", venues(MANAGE)),
    ("GET", "/dia-diem/KHONG-CO/ban-giao/{}", venues(READ)),
    // Last of them: it closes the round that the others ask about.
    ("POST", "/dia-diem/dot/dong", venues(MANAGE)),
    ("GET", "/bang-tuong", tasks(READ)),
    ("GET", "/song/bang-tuong", Screen("tasks", READ)),
    ("GET", "/lich", tasks(READ)),
    ("POST", "/lich", tasks(READ)),
    ("POST", "/lich/{}/thu-hoi", tasks(READ)),
    ("GET", "/bao-cao/nhiem-vu", tasks(READ)),
    ("POST", "/bao-cao/nhiem-vu/ky", tasks(DECIDE)),
    ("GET", "/bao-cao/nhiem-vu/{}", tasks(READ)),
    ("GET", "/van-ban/kiem-tra", SignedIn),
    ("POST", "/van-ban/kiem-tra", SignedIn),
    ("POST", "/van-ban/kiem-tra/ban-sua", SignedIn),
    ("GET", "/bao-cao/nhiem-vu/{}/bao-cao.pdf", tasks(READ)),
    ("GET", "/bao-cao/nhiem-vu/{}/bao-cao.docx", tasks(READ)),
    ("GET", "/giao-ban", briefings(READ)),
    ("GET", "/giao-ban/xuat.xlsx", briefings(READ)),
    ("GET", "/giao-ban/xuat.pdf", briefings(READ)),
    ("GET", "/giao-ban/moi", briefings(MANAGE)),
    ("POST", "/giao-ban/moi", briefings(MANAGE)),
    ("GET", "/giao-ban/loat/moi", briefings(MANAGE)),
    ("POST", "/giao-ban/loat/moi", briefings(MANAGE)),
    ("GET", "/giao-ban/loat/{}", briefings(MANAGE)),
    ("POST", "/giao-ban/loat/{}", briefings(MANAGE)),
    ("GET", "/giao-ban/{}", briefings(READ)),
    ("GET", "/song/giao-ban/{}", Screen("briefings", READ)),
    ("GET", "/giao-ban/{}/sua", briefings(MANAGE)),
    ("POST", "/giao-ban/{}/sua", briefings(MANAGE)),
    ("GET", "/giao-ban/{}/buoc/cancel", briefings(READ)),
    ("POST", "/giao-ban/{}/buoc/cancel", briefings(CONTRIBUTE)),
    ("GET", "/giao-ban/{}/bien-ban", briefings(READ)),
    ("GET", "/song/giao-ban/{}/bien-ban", Screen("briefings", READ)),
    ("POST", "/giao-ban/{}/doc", briefings(CONTRIBUTE)),
    ("POST", "/giao-ban/{}/ket-luan", briefings(CONTRIBUTE)),
    ("GET", "/giao-ban/{}/ket-luan/{}", briefings(READ)),
    ("POST", "/giao-ban/{}/ket-luan/{}", briefings(CONTRIBUTE)),
    ("POST", "/giao-ban/{}/ket-luan/{}/bo", briefings(CONTRIBUTE)),
    ("GET", "/giao-ban/{}/muc/moi", briefings(CONTRIBUTE)),
    ("POST", "/giao-ban/{}/muc/moi", briefings(CONTRIBUTE)),
    ("GET", "/giao-ban/{}/muc/{}", briefings(CONTRIBUTE)),
    ("POST", "/giao-ban/{}/muc/{}", briefings(CONTRIBUTE)),
    ("POST", "/giao-ban/{}/muc/{}/den", briefings(CONTRIBUTE)),
    ("GET", "/giao-ban/{}/thanh-phan", briefings(READ)),
    ("POST", "/giao-ban/{}/thanh-phan", briefings(CONTRIBUTE)),
    ("GET", "/giao-ban/{}/ky", briefings(READ)),
    ("POST", "/giao-ban/{}/ky", briefings(DECIDE)),
    ("GET", "/giao-ban/{}/bo-sung", briefings(CONTRIBUTE)),
    ("POST", "/giao-ban/{}/bo-sung", briefings(CONTRIBUTE)),
    ("POST", "/giao-ban/{}/bo-sung/1/ky", briefings(DECIDE)),
    ("POST", "/giao-ban/{}/bao-cao", briefings(MANAGE)),
    ("POST", "/giao-ban/{}/thong-bao", briefings(MANAGE)),
    ("GET", "/giao-ban/{}/van-ban/bien-ban", briefings(READ)),
    ("GET", "/giao-ban/{}/tuong", briefings(READ)),
    ("GET", "/song/giao-ban/{}/tuong", Screen("briefings", READ)),
    ("GET", "/giao-ban/{}/trinh-bay", briefings(READ)),
    ("GET", "/song/giao-ban/{}/trinh-bay", Screen("briefings", READ)),
    ("GET", "/van-ban", papers(READ)),
    ("GET", "/song/van-ban", Screen("papers", READ)),
    ("GET", "/van-ban/xuat.xlsx", papers(READ)),
    ("GET", "/van-ban/xuat.pdf", papers(READ)),
    ("GET", "/van-ban/lay-so", papers(MANAGE)),
    ("POST", "/van-ban/lay-so", papers(MANAGE)),
    ("POST", "/van-ban/lay-so/xem", papers(MANAGE)),
    ("GET", "/van-ban/so/{}", papers(READ)),
    ("POST", "/van-ban/so/{}/huy", papers(MANAGE)),
    ("GET", "/van-ban/co-quan", papers(READ)),
    ("GET", "/van-ban/co-quan/moi", papers(MANAGE)),
    ("POST", "/van-ban/co-quan/moi", papers(MANAGE)),
    ("POST", "/van-ban/co-quan/xem", papers(MANAGE)),
    ("GET", "/van-ban/co-quan/{}", papers(READ)),
    ("POST", "/van-ban/co-quan/{}", papers(MANAGE)),
    ("GET", "/the/may-in", badges(MANAGE)),
    ("GET", "/song/the/may-in", Screen("badges", MANAGE)),
    ("GET", "/the/may-in/moi", badges(MANAGE)),
    ("POST", "/the/may-in/moi", badges(MANAGE)),
    ("GET", "/the/may-in/{}", badges(MANAGE)),
    ("POST", "/the/may-in/{}", badges(MANAGE)),
    ("POST", "/the/may-in/{}/thu", badges(MANAGE)),
    ("POST", "/the/may-in/{}/xoa", badges(MANAGE)),
    ("GET", "/ket-luan", decisions(READ)),
    ("GET", "/song/ket-luan", Screen("decisions", READ)),
    ("GET", "/ket-luan/xuat.xlsx", decisions(READ)),
    ("GET", "/ket-luan/xuat.pdf", decisions(READ)),
    ("GET", "/ket-luan/moi", decisions(MANAGE)),
    ("POST", "/ket-luan/moi", decisions(MANAGE)),
    ("GET", "/ket-luan/dong", decisions(MANAGE)),
    ("GET", "/ket-luan/{}", decisions(READ)),
    ("GET", "/song/ket-luan/{}", Screen("decisions", READ)),
    ("GET", "/ket-luan/{}/sua", decisions(MANAGE)),
    ("POST", "/ket-luan/{}/sua", decisions(MANAGE)),
    ("POST", "/ket-luan/{}/xoa", decisions(MANAGE)),
    ("POST", "/ket-luan/{}/nhiem-vu", decisions(MANAGE)),
    ("POST", "/ket-luan/{}/nhiem-vu/go", decisions(MANAGE)),
    ("GET", "/tham-tra", credentials(READ)),
    ("POST", "/tham-tra/chot", credentials(MANAGE)),
    ("GET", "/tham-tra/chot/{}", credentials(READ)),
    ("POST", "/tham-tra/chot/{}", credentials(MANAGE)),
    ("GET", "/tham-tra/chot/{}/danh-sach.xlsx", credentials(READ)),
    ("GET", "/tham-tra/chot/{}/danh-sach.pdf", credentials(READ)),
    ("POST", "/tham-tra/vu-viec", credentials(MANAGE)),
    ("GET", "/tham-tra/bao-cao", credentials(READ)),
    ("POST", "/tham-tra/bao-cao", credentials(MANAGE)),
    ("GET", "/tham-tra/bao-cao/{}", credentials(READ)),
    ("GET", "/tham-tra/bao-cao/{}/van-ban.pdf", credentials(READ)),
    ("GET", "/tham-tra/bao-cao/{}/van-ban.docx", credentials(READ)),
    ("POST", "/tham-tra/bao-cao/{}/bieu-quyet", credentials(MANAGE)),
    ("GET", "/phien", attendance(READ)),
    ("GET", "/phien/moi", attendance(MANAGE)),
    ("POST", "/phien/moi", attendance(MANAGE)),
    ("GET", "/phien/{}/sua", attendance(MANAGE)),
    ("POST", "/phien/{}/sua", attendance(MANAGE)),
    ("GET", "/phien/{}/diem-danh", attendance(READ)),
    ("POST", "/phien/{}/diem-danh", attendance(CONTRIBUTE)),
    ("GET", "/song/phien/{}/diem-danh", Screen("attendance", READ)),
    ("GET", "/song/tham-tra", Screen("credentials", READ)),
    ("GET", "/phien/{}/tinh-hinh.pdf", attendance(READ)),
    ("GET", "/bao-chi", press(READ)),
    ("GET", "/song/bao-chi", Screen("accreditation", READ)),
    ("GET", "/bao-chi/xuat.xlsx", press(READ)),
    ("GET", "/bao-chi/xuat.pdf", press(READ)),
    ("GET", "/bao-chi/co-quan", press(READ)),
    ("POST", "/bao-chi/co-quan", press(MANAGE)),
    ("GET", "/bao-chi/co-quan/{}", press(READ)),
    ("GET", "/song/bao-chi/co-quan/{}", Screen("accreditation", READ)),
    ("POST", "/bao-chi/co-quan/{}/de-cu", press(MANAGE)),
    ("POST", "/bao-chi/co-quan/{}/dot", press(MANAGE)),
    ("POST", "/bao-chi/co-quan/{}/ngoai-le", press(DECIDE)),
    ("GET", "/bao-chi/{}", press(READ)),
    ("POST", "/bao-chi/{}", press(MANAGE)),
    ("POST", "/bao-chi/{}/vong-mot", press(MANAGE)),
    ("POST", "/bao-chi/{}/vong-hai", press(DECIDE)),
    ("POST", "/bao-chi/{}/rut", press(MANAGE)),
    ("POST", "/bao-chi/{}/de-nghi-cho-phep", press(MANAGE)),
    ("POST", "/bao-chi/{}/cho-phep", press(MANAGE)),
    ("GET", "/xe", vehicles(READ)),
    ("GET", "/song/xe", Screen("vehicles", READ)),
    ("GET", "/xe/xuat.xlsx", vehicles(READ)),
    ("GET", "/xe/xuat.pdf", vehicles(READ)),
    ("GET", "/xe/moi", vehicles(MANAGE)),
    ("POST", "/xe/moi", vehicles(MANAGE)),
    ("POST", "/xe/de-nghi", vehicles(MANAGE)),
    ("POST", "/xe/duyet", vehicles(DECIDE)),
    ("POST", "/xe/in", vehicles(MANAGE)),
    ("GET", "/xe/tap/{}", vehicles(MANAGE)),
    ("GET", "/xe/doi-chieu", vehicles(READ)),
    ("GET", "/xe/doi-chieu.pdf", vehicles(READ)),
    ("GET", "/xe/bai", vehicles(READ)),
    ("POST", "/xe/bai", vehicles(MANAGE)),
    ("GET", "/xe/{}", vehicles(READ)),
    ("GET", "/song/xe/{}", Screen("vehicles", READ)),
    ("GET", "/xe/{}/sua", vehicles(MANAGE)),
    ("POST", "/xe/{}/sua", vehicles(MANAGE)),
    ("POST", "/xe/{}/rut", vehicles(MANAGE)),
    ("POST", "/xe/{}/the/{}", vehicles(CONTRIBUTE)),
    ("GET", "/cho-ngoi", seating(READ)),
    ("GET", "/cho-ngoi/{}", seating(READ)),
    ("GET", "/song/cho-ngoi/{}", Screen("seating", READ)),
    ("GET", "/cho-ngoi/{}/lap", seating(MANAGE)),
    ("POST", "/cho-ngoi/{}/lap", seating(MANAGE)),
    ("POST", "/cho-ngoi/{}/xep", seating(MANAGE)),
    ("POST", "/cho-ngoi/{}/chuyen", seating(MANAGE)),
    ("POST", "/cho-ngoi/{}/ghim", seating(MANAGE)),
    ("POST", "/cho-ngoi/{}/bo", seating(MANAGE)),
    ("POST", "/cho-ngoi/{}/thay", seating(MANAGE)),
    ("POST", "/cho-ngoi/{}/cong-bo", seating(DECIDE)),
    ("GET", "/cho-ngoi/{}/man-hinh", seating(READ)),
    ("GET", "/song/cho-ngoi/{}/man-hinh", Screen("seating", READ)),
    ("GET", "/cho-ngoi/{}/hang/{}", seating(READ)),
    ("GET", "/cho-ngoi/{}/duong/{}", seating(READ)),
    ("GET", "/cho-ngoi/{}/in/{}", seating(READ)),
    ("GET", "/hoi-truong", seating(READ)),
    ("GET", "/hoi-truong/moi", seating(MANAGE)),
    ("POST", "/hoi-truong/moi", seating(MANAGE)),
    ("GET", "/hoi-truong/nhap", seating(MANAGE)),
    ("POST", "/hoi-truong/nhap", seating(MANAGE)),
    ("GET", "/hoi-truong/{}", seating(READ)),
    ("GET", "/hoi-truong/{}/sua", seating(MANAGE)),
    ("POST", "/hoi-truong/{}/sua", seating(MANAGE)),
    ("GET", "/hoi-truong/{}/pretix.json", seating(READ)),
    ("GET", "/cong", attendance(READ)),
    ("GET", "/song/cong", Screen("attendance", READ)),
    ("GET", "/cong/moi", attendance(MANAGE)),
    ("POST", "/cong/moi", attendance(MANAGE)),
    ("GET", "/cong/sw.js", Open),
    ("GET", "/cong/may-nhan-dien", attendance(READ)),
    ("GET", "/song/cong/may-nhan-dien", Screen("attendance", READ)),
    ("POST", "/cong/may-nhan-dien/ma", attendance(MANAGE)),
    ("GET", "/cong/{}/may-nhan-dien", attendance(MANAGE)),
    ("POST", "/cong/{}/may-nhan-dien", attendance(MANAGE)),
    ("GET", "/phien/{}/chua-den", attendance(READ)),
    ("GET", "/song/phien/{}/chua-den", Screen("attendance", READ)),
    ("GET", "/phien/{}/giam-sat/{}", attendance(READ)),
    ("GET", "/cong/{}/sua", attendance(MANAGE)),
    ("POST", "/cong/{}/sua", attendance(MANAGE)),
    ("POST", "/cong/{}/ma", attendance(MANAGE)),
    ("POST", "/cong/thiet-bi/{}/thu-hoi", attendance(MANAGE)),
    // Says nothing about anybody: it is a gate once the device has joined.
    ("GET", "/cong/{}/quet", Open),
    ("GET", "/cong/{}/manifest.webmanifest", Open),
    ("GET", "/phien/{}/bang", attendance(READ)),
    ("GET", "/song/phien/{}/bang", Screen("attendance", READ)),
    ("GET", "/phien/{}/mau-thuan", attendance(READ)),
    ("POST", "/phien/{}/mau-thuan", attendance(MANAGE)),
    ("GET", "/song/phien/{}/mau-thuan", Screen("attendance", READ)),
    ("GET", "/phien/{}/anh/{}", attendance(READ)),
    ("GET", "/the", badges(READ)),
    ("GET", "/song/the", Screen("badges", READ)),
    ("GET", "/song/the/thu-hoi", Screen("badges", READ)),
    ("GET", "/the/xuat.xlsx", badges(READ)),
    ("GET", "/the/xuat.pdf", badges(READ)),
    ("POST", "/the/de-nghi", badges(MANAGE)),
    ("POST", "/the/duyet", badges(DECIDE)),
    ("POST", "/the/in", badges(MANAGE)),
    ("GET", "/the/tap/{}", badges(MANAGE)),
    ("GET", "/the/kiem-tra", badges(READ)),
    ("POST", "/the/kiem-tra", badges(READ)),
    ("GET", "/the/doi-chieu", badges(READ)),
    ("GET", "/the/doi-chieu.pdf", badges(READ)),
    ("GET", "/the/khu-vuc", badges(READ)),
    ("POST", "/the/khu-vuc", badges(MANAGE)),
    ("GET", "/the/khoa", badges(ADMIN)),
    ("POST", "/the/khoa/goc", badges(ADMIN)),
    ("POST", "/the/khoa/goc/go", badges(ADMIN)),
    ("POST", "/the/khoa/moi", badges(ADMIN)),
    ("POST", "/the/khoa/thu", badges(ADMIN)),
    ("POST", "/the/khoa/danh-muc", badges(ADMIN)),
    ("GET", "/the/chua-ky.json", badges(MANAGE)),
    ("POST", "/the/da-ky", badges(MANAGE)),
    ("GET", "/the/{}", badges(READ)),
    ("POST", "/the/{}/may-in", badges(MANAGE)),
    ("POST", "/the/{}/{}", badges(CONTRIBUTE)),
    ("GET", "/dai-bieu/nhap", delegates(MANAGE)),
    ("POST", "/dai-bieu/nhap", delegates(MANAGE)),
    ("GET", "/dai-bieu/nhap/mau.xlsx", delegates(MANAGE)),
    ("GET", "/dai-bieu/nhap/{}", delegates(MANAGE)),
    ("POST", "/dai-bieu/nhap/{}/chon", delegates(MANAGE)),
    ("POST", "/dai-bieu/nhap/{}/ap-dung", delegates(MANAGE)),
    ("POST", "/dai-bieu/nhap/{}/bo", delegates(MANAGE)),
    ("GET", "/dai-bieu/nhap/{}/loi.xlsx", delegates(MANAGE)),
    ("GET", "/dai-bieu/xuat.xlsx", delegates(READ)),
    ("GET", "/dai-bieu/xuat.csv", delegates(READ)),
    ("GET", "/dai-bieu", delegates(READ)),
    ("GET", "/song/dai-bieu", Screen("delegates", READ)),
    ("GET", "/dai-bieu/danh-sach.pdf", delegates(READ)),
    ("POST", "/dai-bieu/hang-loat", delegates(MANAGE)),
    ("GET", "/dai-bieu/moi", delegates(MANAGE)),
    ("POST", "/dai-bieu/moi", delegates(MANAGE)),
    ("GET", "/dai-bieu/to", delegates(READ)),
    ("GET", "/song/dai-bieu/to", Screen("delegates", READ)),
    ("POST", "/dai-bieu/to/luu", delegates(MANAGE)),
    ("GET", "/dai-bieu/to/{}", delegates(MANAGE)),
    ("POST", "/dai-bieu/to/{}", delegates(MANAGE)),
    ("GET", "/dai-bieu/thieu", delegates(READ)),
    ("GET", "/song/dai-bieu/thieu", Screen("delegates", READ)),
    ("GET", "/dai-bieu/thieu/xuat.xlsx", delegates(READ)),
    ("GET", "/dai-bieu/thieu/xuat.pdf", delegates(READ)),
    ("GET", "/dai-bieu/trung", delegates(MANAGE)),
    ("GET", "/song/dai-bieu/trung", Screen("delegates", MANAGE)),
    ("POST", "/dai-bieu/trung", delegates(MANAGE)),
    ("GET", "/dai-bieu/{}/thay-the", delegates(MANAGE)),
    ("POST", "/dai-bieu/{}/thay-the", delegates(MANAGE)),
    ("POST", "/dai-bieu/{}/tra-loi", delegates(MANAGE)),
    ("POST", "/dai-bieu/{}/thu", delegates(MANAGE)),
    ("POST", "/dai-bieu/{}/thu/thu-hoi", delegates(MANAGE)),
    ("GET", "/thu-moi", delegates(READ)),
    ("GET", "/song/thu-moi", Screen("delegates", READ)),
    ("GET", "/thu-moi/tra-loi.xlsx", delegates(READ)),
    ("GET", "/thu-moi/tra-loi.pdf", delegates(READ)),
    ("POST", "/thu-moi/in", delegates(MANAGE)),
    ("GET", "/thu-moi/tap/{}", delegates(MANAGE)),
    ("GET", "/thu-moi/{}", delegates(MANAGE)),
    ("POST", "/thu-moi/{}", delegates(MANAGE)),
    ("POST", "/thu-moi/{}/so", delegates(MANAGE)),
    ("GET", "/xac-nhan", Open),
    ("POST", "/xac-nhan", Open),
    ("POST", "/xac-nhan/gui", Open),
    ("GET", "/dai-bieu/{}", delegates(READ)),
    ("GET", "/song/dai-bieu/{}", Screen("delegates", READ)),
    ("GET", "/dai-bieu/{}/sua", delegates(MANAGE)),
    ("POST", "/dai-bieu/{}/sua", delegates(MANAGE)),
    ("POST", "/dai-bieu/{}/tinh-trang", delegates(MANAGE)),
    ("POST", "/dai-bieu/{}/dong-y", delegates(MANAGE)),
    ("GET", "/dai-bieu/{}/anh", delegates(READ)),
    ("POST", "/dai-bieu/{}/anh", delegates(MANAGE)),
    ("POST", "/dai-bieu/{}/anh/go", delegates(MANAGE)),
];

/// Someone who calls.
struct Role {
    name: &'static str,
    client: Client,
    /// False when nobody is known behind the call.
    known: bool,
    token: bool,
    rights: &'static [(&'static str, u8)],
}

#[derive(Debug, PartialEq)]
enum Expect {
    /// Not known: 401, or the way to the sign-in.
    Unknown,
    /// Known, but may not: 403.
    Forbidden,
    /// Let in: whatever the route then says of a thing that is not there, but neither of those.
    In,
}

impl Role {
    fn expect(&self, need: Need) -> Expect {
        let holds =
            |area: &str, least: u8| self.rights.iter().any(|(name, right)| *name == area && *right >= least);
        let may = match need {
            Open => return Expect::In,
            _ if !self.known => return Expect::Unknown,
            SignedIn => true,
            Session => !self.token,
            Need::Right(area, least) => holds(area, least),
            Screen(area, least) => holds(area, least) && !self.token,
        };
        if may { Expect::In } else { Expect::Forbidden }
    }
}

fn address(path: &str) -> String {
    path.replace("{}", "0198c6b0-0000-7000-8000-00000000dead")
}

#[test]
fn every_route_lets_in_whom_it_should() {
    let house = House::filled();
    house.person("nguoi-doc", "Chuyên viên", &["tasks:read"]);
    house.person("het-han", "Chuyên viên cũ", &[]);
    let server = house.serve_with(&["--no-signer"], &[("DIENHONG_LOG", "error")]);

    // A grant that is over.
    let mut admin = server.sign_in(&house.code("quan-tri"));
    let offices = admin.get("/api/v1/offices?limit=500").json();
    let office = offices["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|office| office["title"] == "Chuyên viên cũ")
        .unwrap();
    let over = json!({ "office_id": office["id"], "area": "tasks", "right": "decide",
        "not_before": "2026-01-01T00:00:00Z", "not_after": "2026-01-02T00:00:00Z" });
    let made = admin.json("POST", "/api/v1/grants", &over);
    assert_eq!(made.status, 201, "{}", made.text());

    // A session that was ended.
    let revoked = server.sign_in(&house.code("to-thu-ky"));
    assert_eq!(revoked.again().form("/ra", &[]).status, 303);

    let role = |name, client, known, token, rights| Role { name, client, known, token, rights };
    let signed = |login: &str| server.sign_in(&house.code(login));
    let mut roles = vec![
        role("stranger", server.client(), false, false, &[]),
        role("revoked session", revoked, false, false, &[]),
        role("wrong token", server.with_token("dh_nobody"), false, true, &[]),
        role("expired grant", signed("het-han"), true, false, &[]),
        role("reader", signed("nguoi-doc"), true, false, &[("tasks", READ)]),
        role(
            "contributor",
            signed("dau-moi-vp"),
            true,
            false,
            &[("tasks", CONTRIBUTE), ("briefings", READ), ("decisions", READ)],
        ),
        role("surveyor", signed("khao-sat-1"), true, false, &[("venues", CONTRIBUTE), ("tasks", READ)]),
        role(
            "organiser",
            signed("to-thu-ky"),
            true,
            false,
            &[
                ("tasks", MANAGE),
                ("identity", READ),
                ("venues", MANAGE),
                ("briefings", MANAGE),
                ("decisions", MANAGE),
                ("papers", MANAGE),
                ("badges", MANAGE),
                ("delegates", MANAGE),
                ("attendance", MANAGE),
                ("credentials", MANAGE),
                ("accreditation", MANAGE),
                ("vehicles", MANAGE),
                ("seating", MANAGE),
            ],
        ),
        role(
            "leader",
            signed("truong-tieu-ban"),
            true,
            false,
            &[
                ("tasks", DECIDE),
                ("audit", READ),
                ("venues", DECIDE),
                ("briefings", DECIDE),
                ("decisions", DECIDE),
                ("papers", READ),
                ("badges", DECIDE),
                ("delegates", READ),
                ("attendance", READ),
                ("credentials", DECIDE),
                ("accreditation", DECIDE),
                ("vehicles", DECIDE),
                ("seating", DECIDE),
            ],
        ),
        role(
            "secretary of the briefing",
            signed("thu-ky-giao-ban"),
            true,
            false,
            &[("briefings", MANAGE), ("tasks", READ), ("decisions", MANAGE), ("papers", MANAGE)],
        ),
        role(
            "administrator",
            signed("quan-tri"),
            true,
            false,
            &[("identity", ADMIN), ("audit", READ), ("tasks", READ), ("badges", ADMIN)],
        ),
        role(
            "token of the administrator for tasks alone",
            server.with_token(&house.token("quan-tri", &["tasks:decide"])),
            true,
            true,
            &[("tasks", READ)],
        ),
        role(
            "token of the organiser to read",
            server.with_token(&house.token("to-thu-ky", &["tasks:read"])),
            true,
            true,
            &[("tasks", READ)],
        ),
    ];

    let api = API.iter().map(|(method, path, need)| (*method, format!("/api/v1{path}"), *need));
    let routes: Vec<_> =
        api.chain(PAGES.iter().map(|(method, path, need)| (*method, (*path).to_owned(), *need))).collect();
    let mut wrong = Vec::new();
    for role in &mut roles {
        for (method, path, need) in &routes {
            // Ending all other sessions would end those of this test; the right to it is that of ending one.
            if path == "/ra" || path == "/tai-khoan/phien-khac/ket-thuc" && role.known && !role.token {
                continue;
            }
            let json = path.starts_with("/api/");
            let kind = match path.as_str() {
                "/api/v1/task-imports" | "/api/v1/paper-checks" | "/api/v1/paper-checks/corrected" => {
                    "application/octet-stream"
                }
                _ if json => "application/json",
                _ => "application/x-www-form-urlencoded",
            };
            let heads: &[(&str, &str)] = if *method == "GET" { &[] } else { &[("content-type", kind)] };
            let body: &[u8] = if *method == "GET" || *method == "DELETE" {
                b""
            } else if json {
                b"{}"
            } else {
                b"x=1"
            };
            let (status, location) = role.client.head_of(method, &address(path), heads, body);
            let to_sign_in = status == 303 && location.starts_with("/vao");
            let expected = role.expect(*need);
            let fits = match expected {
                Expect::Unknown => status == 401 || to_sign_in,
                // A screen of a thing that is not there may say that first.
                Expect::Forbidden => {
                    status == 403 || matches!(need, Screen(..)) && role.token && status == 404
                }
                // Whoever may confirm can do it for their own unit alone, which this call does not name.
                Expect::In if path.ends_with("/xac-nhan") && path != "/xac-nhan" => status == 403,
                Expect::In => !matches!(status, 401 | 403 | 405 | 501) && status < 500 && !to_sign_in,
            };
            if !fits {
                wrong.push(format!(
                    "{method} {path} as {}: {status} {location}, expected {expected:?}",
                    role.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), roles.len() * routes.len(), wrong.join("\n"));
    println!("{} routes × {} roles", routes.len(), roles.len());
}

/// The table and the document name the same routes.
#[test]
fn the_table_is_whole() {
    let document = run(&["openapi"]).ok().json();
    let mut described = BTreeSet::new();
    for (path, verbs) in document["paths"].as_object().unwrap() {
        let mut plain = String::new();
        let mut inside = false;
        for c in path.chars() {
            match c {
                '{' => (inside, plain) = (true, plain + "{}"),
                '}' => inside = false,
                _ if !inside => plain.push(c),
                _ => {}
            }
        }
        for verb in verbs.as_object().unwrap().keys() {
            if matches!(verb.as_str(), "get" | "post" | "put" | "patch" | "delete") {
                described.insert((verb.to_uppercase(), plain.clone()));
            }
        }
    }
    let table: BTreeSet<_> = API
        .iter()
        .filter(|(_, path, _)| *path != "/openapi.json")
        .map(|(method, path, _)| ((*method).to_owned(), format!("/api/v1{path}")))
        .collect();
    let missing: Vec<_> = described.difference(&table).collect();
    let stale: Vec<_> = table.difference(&described).collect();
    assert!(missing.is_empty(), "say in this test who may: {missing:?}");
    assert!(stale.is_empty(), "no longer described: {stale:?}");
}

/// The sources name no page that the table does not.
#[test]
fn no_page_is_forgotten() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let mut files = Vec::new();
    let mut folders = vec![
        format!("{root}/crates/platform/src"),
        format!("{root}/crates/areas"),
        format!("{root}/crates/dienhong/src"),
    ];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path.to_string_lossy().into_owned());
            } else if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("tests.rs") {
                files.push(path);
            }
        }
    }
    // A way in is open to strangers by its nature; each is attacked in its own test.
    let ways_in = [
        "/vao/ma",
        "/vao/mat-khau",
        "/vao/khoa/bat-dau",
        "/vao/khoa/xong",
        "/lich/{}",
        "/assets/{}/{}",
        // Face terminals prove themselves by serial number and network.
        "/iclock/cdata",
        "/iclock/registry",
        "/iclock/push",
        "/iclock/getrequest",
        "/iclock/ping",
        "/iclock/devicecmd",
    ];
    let plain = |path: &str| -> String {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let shape = |path: &str| plain(path).split('/').count();
    let table: BTreeMap<String, ()> = PAGES.iter().map(|(_, path, _)| (plain(path), ())).collect();
    let matches = |route: &str| {
        table.keys().any(|have| {
            shape(have) == shape(route)
                && have.split('/').zip(route.split('/')).all(|(have, want)| want == "{}" || have == want)
        })
    };
    // What a command serves by itself, on an address of its own machine and with nothing of the database.
    files.retain(|file| !file.ends_with("commands/rehearse/page.rs"));
    let mut forgotten = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for found in text.split(".route(").skip(1) {
            let Some(path) = found.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next())
            else {
                continue;
            };
            let route = plain(path);
            // Those of the API are compared with its document above.
            let api = path.starts_with("/api/") || file.to_string_lossy().ends_with("/api.rs");
            if !api && !ways_in.contains(&route.as_str()) && !matches(&route) {
                forgotten.push(format!("{path} in {}", file.display()));
            }
        }
    }
    assert!(forgotten.is_empty(), "say in this test who may:\n{}", forgotten.join("\n"));
}
