//! Turns of speech that the papers share.
// words: data — official documents are issued in Vietnamese, whatever the language of the page

use jiff::civil::{Date, DateTime};
use rules::{
    count::Ratio,
    timing::{Timed, Timing},
};

use super::facts::{Conclusion, Outcome};

/// `08 giờ 00`.
pub(super) fn hour(at: DateTime) -> String {
    format!("{:02} giờ {:02}", at.hour(), at.minute())
}

/// `ngày 05 tháng 9 năm 2025`: days below ten and the months January and February are padded, as in the
/// heading (HD 05-HD/VPTW).
pub(super) fn day(date: Date) -> String {
    let month = if date.month() < 3 { format!("{:02}", date.month()) } else { date.month().to_string() };
    format!("ngày {:02} tháng {month} năm {}", date.day(), date.year())
}

/// `16 giờ 00 ngày 25 tháng 9 năm 2025`.
pub(super) fn moment(at: DateTime) -> String {
    format!("{} {}", hour(at), day(at.date()))
}

/// `25/9`.
pub(super) fn short(date: Date) -> String {
    format!("{}/{}", date.day(), date.month())
}

/// `05`.
pub(super) fn two(number: u32) -> String {
    format!("{number:02}")
}

/// `8/40 (20,0%)`; a ratio without a whole is `0/0`.
pub(super) fn share(ratio: Ratio) -> String {
    match ratio.percent(1, ',') {
        Some(percent) => format!("{}/{} ({percent}%)", ratio.part, ratio.whole),
        None => format!("{}/{}", ratio.part, ratio.whole),
    }
}

/// A text that ends as a sentence does.
pub(super) fn stop(text: &str) -> String {
    let text = text.trim().trim_end_matches([',', ';']);
    if text.is_empty() || text.ends_with(['.', '!', '?', '…']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// The name of a series within a sentence: "giao ban tuần …".
pub(super) fn lower(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) if letters.clone().next().is_some_and(char::is_lowercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => name.to_owned(),
    }
}

/// What a conclusion leads to: "giao nhiệm vụ PV-41", "lùi hạn DB-01 đến 30/09/2025".
pub(super) fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Creates(codes) if codes.is_empty() => "giao nhiệm vụ mới".to_owned(),
        Outcome::Creates(codes) => format!("giao nhiệm vụ {}", codes.join(", ")),
        Outcome::Amends(code) => format!("điều chỉnh nhiệm vụ {code}"),
        Outcome::Extends { code, to } => format!("lùi hạn nhiệm vụ {code} đến {to}"),
        Outcome::Nothing => "không phát sinh nhiệm vụ".to_owned(),
    }
}

/// What stands in brackets after a conclusion: who, by when, what comes out, which task.
pub(super) fn bracket(conclusion: &Conclusion) -> String {
    let mut parts = Vec::new();
    for (label, text) in [
        ("chủ trì", conclusion.unit.clone()),
        ("phối hợp", conclusion.supports.join(", ")),
        ("hạn", conclusion.deadline.clone()),
        ("mốc", conclusion.milestones.join(", ")),
        ("sản phẩm", conclusion.result.clone()),
    ] {
        if !text.is_empty() {
            parts.push(format!("{label}: {}", text.trim().trim_end_matches('.')));
        }
    }
    parts.push(outcome(&conclusion.outcome));
    format!("({}).", parts.join("; "))
}

/// A timing with its distance: "quá hạn 2 ngày".
pub(super) fn timed(timed: Timed) -> String {
    let days = timed.days.unsigned_abs();
    match timed.timing {
        Timing::NotYet => format!("chưa đến hạn, còn {days} ngày"),
        Timing::DueSoon => format!("sắp đến hạn, còn {days} ngày"),
        Timing::DueToday => "đến hạn trong ngày chốt".to_owned(),
        Timing::Overdue => format!("quá hạn {days} ngày"),
        Timing::DoneEarly => "hoàn thành trước hạn".to_owned(),
        Timing::DoneOnTime => "hoàn thành đúng hạn".to_owned(),
        Timing::DoneLate => format!("hoàn thành trễ hạn {days} ngày"),
        Timing::Paused => "tạm dừng".to_owned(),
        Timing::Cancelled => "huỷ".to_owned(),
        Timing::Undated => "chưa có hạn".to_owned(),
    }
}

/// What stands in place of content that is not for everybody.
pub(super) const REDACTED: &str = "(nội dung theo dõi riêng)";
/// What marks a paper that nobody has signed.
pub(super) const DRAFT: &str = "DỰ THẢO";
