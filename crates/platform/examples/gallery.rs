//! Shows every part of the shell with sample data, for the eye and for the accessibility checks:
//! `cargo run -p platform --example gallery -- 127.0.0.1:8088`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a program for developers"
)]

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::{self, Date};
use platform::i18n::key;
use platform::web::{
    AppError, CongressBrief, Cx, Layout, NavItem, Page, PrintSize, Site, Viewer, finish, fragment, page,
    set_viewer,
};

#[derive(Clone)]
struct Task {
    code: String,
    stream: String,
    what: String,
    lead: String,
    due: Date,
    progress: i64,
    tone: &'static str,
    icon: &'static str,
    timing: &'static str,
}

struct Figure {
    tone: &'static str,
    icon: &'static str,
    words: &'static str,
    count: usize,
}

struct Column {
    tone: &'static str,
    icon: &'static str,
    words: &'static str,
    tasks: Vec<Task>,
}

struct Day {
    date: Date,
    off: bool,
    out: bool,
    today: bool,
    tasks: Vec<Task>,
}

const TIMINGS: &[(&str, &str, &str, &str)] = &[
    ("qua_han", "red", "alert-octagon", "Quá hạn"),
    ("den_han_hom_nay", "orange", "bell-ringing", "Đến hạn hôm nay"),
    ("sap_den_han", "amber", "hourglass", "Sắp đến hạn"),
    ("chua_den_han", "grey", "clock", "Chưa đến hạn"),
    ("hoan_thanh_truoc_han", "green", "checks", "Xong trước hạn"),
    ("hoan_thanh_dung_han", "lime", "check", "Xong đúng hạn"),
    ("hoan_thanh_tre_han", "brown", "clock-x", "Xong trễ hạn"),
];

#[derive(Template)]
#[template(path = "gallery.html")]
struct Gallery<'a> {
    cx: &'a Cx,
    kind: &'a str,
    tasks: Vec<Task>,
    figures: Vec<Figure>,
    columns: Vec<Column>,
    reds: Vec<Task>,
    soon: Vec<Task>,
    six: Vec<(&'static str, &'static str, &'static str, bool)>,
    options: Vec<(&'static str, &'static str)>,
    weeks: Vec<Vec<Day>>,
    matrix: Vec<(String, Vec<usize>)>,
}

fn tasks() -> Vec<Task> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../areas/preparation/demo/plan.json");
    let text = std::fs::read_to_string(path).expect("the sample plan");
    let plan: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
    plan["tasks"]
        .as_array()
        .expect("tasks")
        .iter()
        .map(|t| {
            let timing = TIMINGS.iter().find(|x| x.0 == t["timing"]).unwrap_or(&TIMINGS[3]);
            Task {
                code: text(&t["code"]),
                stream: text(&t["stream"]),
                what: text(&t["what"]),
                lead: text(&t["who"]["lead"]),
                due: text(&t["due"]).parse().expect("a date"),
                progress: t["progress"].as_i64().unwrap_or_default(),
                tone: timing.1,
                icon: timing.2,
                timing: timing.3,
            }
        })
        .collect()
}

async fn show(Path(kind): Path<String>, cx: Cx) -> Result<Response, AppError> {
    if !["list", "board", "task", "form", "empty", "calendar", "wall", "sign-in"].contains(&kind.as_str()) {
        return Err(AppError::not_found());
    }
    let all = tasks();
    let of = |tone: &str| all.iter().filter(|t| t.tone == tone).cloned().collect::<Vec<_>>();
    let figures =
        TIMINGS.iter().map(|t| Figure { tone: t.1, icon: t.2, words: t.3, count: of(t.1).len() }).collect();
    let column = |tone, icon, words, test: &dyn Fn(&Task) -> bool| Column {
        tone,
        icon,
        words,
        tasks: all.iter().filter(|t| test(t)).take(6).cloned().collect(),
    };
    let columns = vec![
        column("grey", "circle-dashed", "Đã giao", &|t| t.progress == 0),
        column("blue", "progress-check", "Đang làm", &|t| t.progress > 0 && t.progress < 80),
        column("amber", "hourglass", "Chờ nghiệm thu", &|t| t.progress >= 80 && t.progress < 100),
        column("green", "circle-check", "Hoàn thành", &|t| t.progress == 100),
    ];
    let mut reds = of("red");
    reds.extend(of("orange"));
    let today = civil::date(2025, 9, 26);
    let first = civil::date(2025, 9, 1);
    let weeks = (0..5)
        .map(|w| {
            (0..7)
                .map(|d| {
                    let date = first.saturating_add(jiff::ToSpan::days(w * 7 + d));
                    Day {
                        date,
                        off: d >= 5 || date == civil::date(2025, 9, 2),
                        out: date.month() != 9,
                        today: date == today,
                        tasks: all.iter().filter(|t| t.due == date).cloned().collect(),
                    }
                })
                .collect()
        })
        .collect();
    let mut leads: Vec<String> = all.iter().map(|t| t.lead.clone()).collect();
    leads.sort();
    leads.dedup();
    let matrix = leads
        .into_iter()
        .map(|lead| {
            let counts = TIMINGS
                .iter()
                .map(|x| all.iter().filter(|t| t.lead == lead && t.tone == x.1).count())
                .collect();
            (lead, counts)
        })
        .collect();
    let soon = of("amber").into_iter().take(5).collect();
    let body = Gallery {
        cx: &cx,
        kind: &kind,
        figures,
        columns,
        reds,
        soon,
        six: vec![
            ("Rõ người", "Tổ Biên tập – Tiểu ban Văn kiện; đầu mối: Phó Tổ trưởng", "", true),
            ("Rõ việc", "Soạn dự thảo Nghị quyết Đại hội và Chương trình hành động", "", true),
            ("Rõ thời gian", "15/09/2025 – 08/10/2025", "", true),
            ("Rõ thẩm quyền", "Ban Thường vụ duyệt trước khi trình Đại hội", "", true),
            ("Rõ trách nhiệm", "Thường trực Tiểu ban Văn kiện chịu trách nhiệm", "", true),
            (
                "Rõ kết quả",
                "Dự thảo bảo đảm chất lượng",
                "Chưa đo được: ghi số bản, hình thức và mức đạt.",
                false,
            ),
        ],
        options: vec![("1", "Đúng tiến độ"), ("2", "Có khó khăn"), ("3", "Cần hỗ trợ")],
        weeks,
        matrix,
        tasks: all.clone(),
    };
    if cx.htmx {
        return Ok(fragment(&body));
    }
    let layout = match kind.as_str() {
        "wall" => Layout::Wall,
        "sign-in" => Layout::Plain,
        "board" => Layout::Wide,
        _ => Layout::Standard,
    };
    let print = if kind == "list" { PrintSize::A4Landscape } else { PrintSize::A3 };
    let shown = Page::new("Kế hoạch", body).layout(layout).print(print).script("js/passkey.js");
    Ok(page(&cx, if kind == "wall" || kind == "task" { shown.live("/live") } else { shown }))
}

async fn live() -> axum::response::sse::Sse<
    impl futures::Stream<Item = Result<axum::response::sse::Event, std::convert::Infallible>>,
> {
    let beats = futures::stream::unfold((), |()| async {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        Some((Ok(axum::response::sse::Event::default().event("beat").data("-")), ()))
    });
    axum::response::sse::Sse::new(beats)
}

async fn sent() -> Result<Response, AppError> {
    Err(AppError::conflict())
}

async fn viewer(mut request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    if request.uri().path() != "/sign-in" {
        set_viewer(
            request.extensions_mut(),
            Viewer {
                office_title: "Phó Chánh Văn phòng".to_owned(),
                unit_name: "Văn phòng Thành ủy".to_owned(),
                initials: "VP".to_owned(),
                areas: Vec::new(),
            },
        );
    }
    next.run(request).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let at = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8088".to_owned());
    let door = |key, href, icon, hotkey| NavItem { key, href, icon, hotkey, area: "", group: "" };
    let site = Site {
        congress: CongressBrief {
            name: "Đại hội đại biểu Đảng bộ Thành phố lần thứ I".to_owned(),
            short_name: "Đại hội Đảng bộ Thành phố".to_owned(),
        },
        nav: vec![
            door(key("shell-account"), "/task", "user-check", 'v'),
            door(key("shell-search"), "/list", "clipboard-list", 'k'),
            door(key("shell-filter"), "/board", "layout-board", 'b'),
            door(key("shell-print"), "/form", "report", 'n'),
            door(key("shell-help"), "/empty", "users-group", 'd'),
        ],
        hotline: Some("0900 000 000".to_owned()),
        https: false,
        now: Box::new(|| civil::date(2025, 9, 26).at(16, 0, 0, 0)),
    };
    let routes = Router::new()
        .route("/live", get(live))
        .route("/{kind}", get(show).post(sent))
        .layer(axum::middleware::from_fn(viewer));
    let app = finish(routes, Arc::new(site));
    let listener = tokio::net::TcpListener::bind(&at).await?;
    println!("http://{at}/list");
    axum::serve(listener, app).await?;
    Ok(())
}
