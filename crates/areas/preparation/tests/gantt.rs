//! The Gantt chart: what the drawing must contain, on screen, phone and paper.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "data/words.rs"]
mod words;

use std::collections::HashMap;

use jiff::civil::{Date, date, datetime};
use preparation::tasks::gantt::{GanttInput, GanttLink, GanttOptions, GanttRow, GanttSize, LinkKind, render};
use rules::calendar::{DayKind, WorkCalendar};
use rules::timing::Timing;
use words::Catalogue;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The forty tasks of the sample plan.
fn sample() -> GanttInput {
    let plan: serde_json::Value = serde_json::from_str(include_str!("../demo/plan.json")).unwrap();
    let tasks = plan["tasks"].as_array().unwrap();
    let index: HashMap<&str, usize> =
        tasks.iter().enumerate().map(|(i, t)| (t["code"].as_str().unwrap(), i)).collect();
    let chain = ["DD-02", "CN-01", "DD-06", "SD-01", "SD-02"];
    let mut groups: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    let mut links = Vec::new();
    for (i, task) in tasks.iter().enumerate() {
        let stream = task["stream"].as_str().unwrap();
        if groups.last().is_none_or(|last| last != stream) {
            groups.push(stream.to_owned());
        }
        let code = task["code"].as_str().unwrap();
        let days = task["days"].as_i64().unwrap();
        let (timing, timing_text) = match task["timing"].as_str().unwrap() {
            "chua_den_han" => (Timing::NotYet, format!("còn {days} ngày")),
            "sap_den_han" => (Timing::DueSoon, format!("còn {days} ngày")),
            "den_han_hom_nay" => (Timing::DueToday, "đến hạn hôm nay".to_owned()),
            "qua_han" => (Timing::Overdue, format!("quá hạn {} ngày", -days)),
            "hoan_thanh_truoc_han" => (Timing::DoneEarly, format!("trước hạn {} ngày", -days)),
            "hoan_thanh_dung_han" => (Timing::DoneOnTime, "đúng hạn".to_owned()),
            _ => (Timing::DoneLate, format!("trễ hạn {days} ngày")),
        };
        let due = day(task["due"].as_str().unwrap());
        let start = day(task["start"].as_str().unwrap());
        rows.push(GanttRow {
            code: code.to_owned(),
            title: task["what"].as_str().unwrap().to_owned(),
            unit: task["who"]["lead"].as_str().unwrap().to_owned(),
            start: Some(start),
            due: Some(due),
            original_due: (code == "DD-04").then(|| date(2025, 9, 28)),
            done: task["done"].as_str().map(day),
            percent: task["progress"].as_u64().unwrap() as u8,
            timing,
            timing_text,
            critical: chain.contains(&code),
            href: Some(format!("/nhiem-vu/{code}")),
            baseline: (code.starts_with("DD")).then_some((start, due)),
            group: groups.len() - 1,
        });
        for dep in task["deps"].as_array().unwrap() {
            let from = dep.as_str().unwrap();
            links.push(GanttLink {
                from: index[from],
                to: i,
                kind: LinkKind::FinishToStart,
                critical: chain.contains(&from) && chain.contains(&code),
            });
        }
    }
    GanttInput {
        title: "Kế hoạch chuẩn bị và phục vụ Đại hội đại biểu Đảng bộ Thành phố".to_owned(),
        body: "TIỂU BAN TỔ CHỨC PHỤC VỤ ĐẠI HỘI".to_owned(),
        rows,
        groups,
        links,
        as_of: datetime(2025, 9, 26, 16, 0, 0, 0),
        opening: Some(date(2025, 10, 13)),
        from: None,
        to: None,
        calendar: WorkCalendar::new([
            (date(2025, 9, 1), DayKind::Holiday),
            (date(2025, 9, 2), DayKind::Holiday),
        ]),
    }
}

fn draw(input: &GanttInput, size: GanttSize, standalone: bool) -> Vec<String> {
    let words = Catalogue::vi();
    render(input, GanttOptions { size, standalone, links: true }, &|key, args| words.say(key, args))
}

/// Parses the drawing and counts elements by name and class.
fn well_formed(svg: &str) -> HashMap<String, usize> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(svg);
    let mut counts = HashMap::new();
    let mut depth = 0i32;
    loop {
        match reader.read_event().unwrap() {
            event @ (Event::Start(_) | Event::Empty(_)) => {
                let (element, opens) = match &event {
                    Event::Start(element) => (element, 1),
                    Event::Empty(element) => (element, 0),
                    _ => continue,
                };
                depth += opens;
                for attribute in element.attributes() {
                    let attribute = attribute.unwrap();
                    assert_ne!(attribute.key.as_ref(), b"style", "no inline style");
                    assert!(!attribute.key.as_ref().starts_with(b"on"), "no handler");
                }
                let name = String::from_utf8_lossy(element.name().as_ref()).into_owned();
                *counts.entry(name).or_default() += 1;
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    counts
}

fn keep(name: &str, text: &str) {
    if let Ok(folder) = std::env::var("GANTT_OUT") {
        std::fs::write(format!("{folder}/{name}.svg"), text).unwrap();
    }
}

#[test]
fn the_sample_plan_on_a_wide_screen() {
    let pages = draw(&sample(), GanttSize::Screen { width: 1280 }, false);
    assert_eq!(pages.len(), 1);
    let svg = &pages[0];
    keep("screen-1280", svg);
    let counts = well_formed(svg);
    assert_eq!(counts["a"], 40, "every row leads to its task");
    assert!(!counts.contains_key("style") && !counts.contains_key("script"));
    assert_eq!(svg.matches("gantt-row\"").count(), 40);
    assert!(svg.contains("role=\"group\""));
    assert!(svg.contains("href=\"/nhiem-vu/DB-01\""));
    assert!(svg.contains("Hôm nay 26/09") && svg.contains("Khai mạc 13/10"));
    assert!(svg.contains("quá hạn 2 ngày"));
    assert!(svg.contains("Tháng 9/2025"));
    assert!(svg.contains("I. Văn kiện"));
    assert!(svg.contains("Số liệu đến 16:00 26/09/2025"));
    assert_eq!(svg.matches("class=\"gantt-critical\"").count(), 5 + 1, "five bars and the legend");
    assert_eq!(svg.matches("class=\"gantt-original\"").count(), 1 + 1);
    // The whole title is there although the label is cut.
    assert!(svg.contains("Tổng hợp ý kiến góp ý dự thảo Báo cáo chính trị của 173 đảng bộ trực thuộc"));
    assert!(svg.contains('…'));
}

#[test]
fn the_sample_plan_on_a_phone() {
    let pages = draw(&sample(), GanttSize::Screen { width: 390 }, false);
    keep("screen-390", &pages[0]);
    well_formed(&pages[0]);
    assert!(pages[0].contains("width=\"390\"") && pages[0].contains("gantt-compact"));
}

#[test]
fn the_sample_plan_on_a3() {
    let pages = draw(&sample(), GanttSize::A3Landscape, true);
    assert_eq!(pages.len(), 1, "forty tasks and nine streams fit one sheet");
    keep("a3", &pages[0]);
    let counts = well_formed(&pages[0]);
    assert!(!counts.contains_key("a"), "a file of its own has no links");
    assert!(pages[0].starts_with("<?xml"));
    assert!(pages[0].contains("role=\"img\""));
    assert!(pages[0].contains("TIỂU BAN TỔ CHỨC PHỤC VỤ ĐẠI HỘI"));
    assert!(pages[0].contains("Trang 1/1"));
}

#[test]
fn more_than_forty_five_rows_turn_the_page_and_lose_none() {
    let mut input = sample();
    for turn in 0..3 {
        for i in 0..40 {
            let mut row = input.rows[i].clone();
            row.code = format!("{}-{turn}", row.code);
            input.rows.push(row);
        }
    }
    let pages = draw(&input, GanttSize::A3Landscape, true);
    assert!(pages.len() >= 4);
    let rows: usize = pages.iter().map(|page| page.matches("gantt-row\"").count()).sum();
    assert_eq!(rows, 160);
    assert!(pages.iter().all(|page| page.matches("gantt-row\"").count() <= 45));
    assert!(pages.iter().any(|page| page.contains("(tiếp)")));
    for page in &pages {
        well_formed(page);
    }
}

#[test]
fn hostile_text_stays_text() {
    let mut input = sample();
    input.title = "</title><script>alert(1)</script>".to_owned();
    input.groups[0] = "\"><b>&\u{0}\u{b}".to_owned();
    input.rows[0].title = "<img src=x onerror=alert(1)> 'x' \"y\" & z".to_owned();
    input.rows[0].href = Some("javascript:alert(1)".to_owned());
    input.rows[1].href = Some("//evil.example/".to_owned());
    for (size, standalone) in [
        (GanttSize::Screen { width: 1280 }, false),
        (GanttSize::Screen { width: 0 }, true),
        (GanttSize::A3Landscape, true),
    ] {
        for page in draw(&input, size, standalone) {
            let counts = well_formed(&page);
            assert!(!counts.contains_key("script") && !counts.contains_key("img"));
            assert!(!page.contains("javascript:") && !page.contains("evil.example"));
        }
    }
}

#[test]
fn odd_dates_and_empty_plans_are_drawn() {
    let mut input = sample();
    input.rows[0].start = None;
    input.rows[1].due = None;
    input.rows[1].timing = Timing::Undated;
    input.rows[2].start = Some(date(2025, 12, 1));
    input.rows[3].due = Some(date(9999, 12, 31));
    input.rows[4].start = Some(date(-9999, 1, 1));
    input.rows[5].percent = 255;
    input.rows[6].group = 999;
    input.rows[7].timing = Timing::Paused;
    input.rows[8].timing = Timing::Cancelled;
    input.links.push(GanttLink { from: 0, to: 9999, kind: LinkKind::StartToStart, critical: true });
    for kind in [LinkKind::StartToStart, LinkKind::FinishToFinish, LinkKind::StartToFinish] {
        input.links.push(GanttLink { from: 7, to: 10, kind, critical: false });
    }
    for size in [GanttSize::Screen { width: 900 }, GanttSize::A3Landscape] {
        for page in draw(&input, size, false) {
            well_formed(&page);
            assert!(!page.contains("NaN") && !page.contains("inf"));
        }
    }
    let empty = GanttInput {
        rows: Vec::new(),
        groups: Vec::new(),
        links: Vec::new(),
        from: Some(date(2025, 10, 1)),
        to: Some(date(2025, 9, 1)),
        ..input
    };
    for page in draw(&empty, GanttSize::Screen { width: 1280 }, false) {
        well_formed(&page);
    }
}

#[test]
fn a_window_cuts_bars_and_says_so() {
    let mut input = sample();
    input.from = Some(date(2025, 9, 22));
    input.to = Some(date(2025, 10, 15));
    let page = draw(&input, GanttSize::Screen { width: 1280 }, false).remove(0);
    keep("window", &page);
    well_formed(&page);
    assert!(page.contains("22/09") && !page.contains("Tháng 8"));
}

#[test]
fn both_languages_have_the_same_words() {
    assert_eq!(Catalogue::vi().keys(), Catalogue::en().keys());
    let words = Catalogue::en();
    let page = render(
        &sample(),
        GanttOptions { size: GanttSize::Screen { width: 1280 }, standalone: false, links: true },
        &|key, args| words.say(key, args),
    )
    .remove(0);
    assert!(page.contains("September 2025") && page.contains("Opening 13/10"));
}
