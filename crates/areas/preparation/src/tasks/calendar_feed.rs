//! Deadlines as an iCalendar feed (RFC 5545) that Outlook, Google and telephones subscribe to.
//!
//! Each task is one `VEVENT`: none of them shows `VTODO` from a subscription. A day's deadline is
//! an all-day event that blocks no time; a deadline to the hour is the half hour that ends there,
//! in Asia/Ho_Chi_Minh with its `VTIMEZONE`.
//!
//! A feed's address is a secret that may leak, so an event tells only the code, the title, the
//! lead unit and the deadline; a confidential task has its title replaced.
//!
//! Pure: the as-of moment is the stamp, the address of the site comes from the caller.

use icalendar::{Calendar, Component, Event, EventStatus, Property};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use rules::dates::Deadline;
use uuid::Uuid;

use super::gantt::Words;

const ZONE: &str = "Asia/Ho_Chi_Minh";
/// Viet Nam keeps one offset all year.
const OFFSET_HOURS: i64 = 7;

/// One deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedTask {
    /// Stable identifier of the task.
    pub id: Uuid,
    /// Code.
    pub code: String,
    /// Title; replaced when `confidential`.
    pub title: String,
    /// Lead unit.
    pub unit: Option<String>,
    /// Deadline in force; a task without one is not in the feed.
    pub due: Option<Deadline>,
    /// Number of changes to what the feed shows; grows, never falls.
    pub sequence: u32,
    /// Local time of the last such change.
    pub modified: DateTime,
    /// Cancelled.
    pub cancelled: bool,
    /// Classified or internal: only code, unit and deadline are told.
    pub confidential: bool,
    /// Site-relative address of the task, for example `/nhiem-vu/DB-01`.
    pub path: Option<String>,
}

/// Who publishes the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedHead {
    /// Name of the calendar.
    pub title: String,
    /// Address of the site without a final slash, if events may link to it.
    pub site: Option<String>,
    /// Host part of the UIDs; must not change over the life of the feed.
    pub host: String,
}

/// Writes the feed.
pub fn feed(tasks: &[FeedTask], head: &FeedHead, as_of: DateTime, words: Words<'_>) -> String {
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//Dien Hong//Tasks//VI"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("X-WR-TIMEZONE", ZONE),
        ("X-PUBLISHED-TTL", "PT1H"),
    ] {
        calendar.append_property(Property::new(name, value));
    }
    calendar.name(&clean(&head.title));
    let mut interval = Property::new("REFRESH-INTERVAL", "PT1H");
    interval.add_parameter("VALUE", "DURATION");
    calendar.append_property(interval);
    for task in tasks {
        if let Some(due) = task.due {
            calendar.push(event(task, due, head, as_of, words));
        }
    }
    // The library would stamp a time zone with the time of day and a random UID, so it is put in
    // as text, before the first event.
    let text = calendar.to_string();
    let at = text.find("BEGIN:VEVENT").or_else(|| text.find("END:VCALENDAR")).unwrap_or(text.len());
    let (before, after) = text.split_at(at);
    format!("{before}{VTIMEZONE}{after}")
}

/// Viet Nam has kept UTC+7 since long before any deadline here.
const VTIMEZONE: &str = "BEGIN:VTIMEZONE\r\nTZID:Asia/Ho_Chi_Minh\r\nBEGIN:STANDARD\r\n\
    DTSTART:19700101T000000\r\nTZOFFSETFROM:+0700\r\nTZOFFSETTO:+0700\r\nTZNAME:+07\r\n\
    END:STANDARD\r\nEND:VTIMEZONE\r\n";

fn event(task: &FeedTask, due: Deadline, head: &FeedHead, as_of: DateTime, words: Words<'_>) -> Event {
    let mut event = Event::new();
    event.uid(&format!("{}@{}", task.id.hyphenated(), head.host));
    event.append_property(Property::new("DTSTAMP", utc(as_of)));
    event.append_property(Property::new("LAST-MODIFIED", utc(task.modified)));
    event.append_property(Property::new("SEQUENCE", task.sequence.to_string()));
    let title = if task.confidential { words("annex-redacted", &[]) } else { task.title.clone() };
    event.summary(&clean(&format!("{} – {title}", task.code)));
    let unit = task.unit.as_deref().unwrap_or("–");
    let deadline = due.format_vn();
    event.description(&clean(&words(
        "feed-description",
        &[("code", &task.code), ("unit", unit), ("due", &deadline)],
    )));
    match due.time {
        None => {
            event.append_property(day("DTSTART", due.date));
            event.append_property(day("DTEND", due.date.saturating_add(1.day())));
        }
        Some(time) => {
            let end = DateTime::from_parts(due.date, time);
            event.append_property(moment("DTSTART", end.saturating_sub(30.minutes())));
            event.append_property(moment("DTEND", end));
        }
    }
    event.append_property(Property::new("TRANSP", "TRANSPARENT"));
    event.status(if task.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed });
    if let (Some(site), Some(path)) = (&head.site, &task.path) {
        event.append_property(Property::new("URL", clean(&format!("{site}{path}"))));
    }
    event
}

fn clean(text: &str) -> String {
    super::sheets::clean(text)
}

fn day(name: &str, date: Date) -> Property {
    let mut property = Property::new(name, format!("{:04}{:02}{:02}", date.year(), date.month(), date.day()));
    property.add_parameter("VALUE", "DATE");
    property
}

fn stamp(at: DateTime) -> String {
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

fn moment(name: &str, at: DateTime) -> Property {
    let mut property = Property::new(name, stamp(at));
    property.add_parameter("TZID", ZONE);
    property
}

fn utc(local: DateTime) -> String {
    format!("{}Z", stamp(local.saturating_sub(OFFSET_HOURS.hours())))
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime, time};

    use super::*;

    fn task() -> FeedTask {
        FeedTask {
            id: Uuid::from_u128(7),
            code: "DB-01".to_owned(),
            title: "Rà soát, chốt danh sách đại biểu; triệu tập theo đoàn và 12 tổ, gửi Ban Thường vụ \\ phê duyệt\nBEGIN:VEVENT"
                .to_owned(),
            unit: Some("Ban Tổ chức Thành ủy".to_owned()),
            due: Some(Deadline::on(date(2025, 9, 24))),
            sequence: 3,
            modified: datetime(2025, 9, 20, 6, 30, 0, 0),
            cancelled: false,
            confidential: false,
            path: Some("/nhiem-vu/DB-01".to_owned()),
        }
    }

    fn drawn(tasks: &[FeedTask]) -> String {
        let head = FeedHead {
            title: "Nhiệm vụ của Ban Tổ chức Thành ủy".to_owned(),
            site: Some("https://dienhong.example".to_owned()),
            host: "dienhong.example".to_owned(),
        };
        feed(tasks, &head, datetime(2025, 9, 26, 16, 0, 0, 0), &|key, args| {
            let values: Vec<&str> = args.iter().map(|(_, value)| *value).collect();
            format!("{key} {}", values.join(" "))
        })
    }

    fn unfolded(text: &str) -> String {
        text.replace("\r\n ", "")
    }

    #[test]
    fn an_all_day_deadline() {
        let text = unfolded(&drawn(&[task()]));
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "METHOD:PUBLISH",
            "UID:00000000-0000-0000-0000-000000000007@dienhong.example",
            "DTSTAMP:20250926T090000Z",
            "LAST-MODIFIED:20250919T233000Z",
            "SEQUENCE:3",
            "DTSTART;VALUE=DATE:20250924",
            "DTEND;VALUE=DATE:20250925",
            "TRANSP:TRANSPARENT",
            "STATUS:CONFIRMED",
            "URL:https://dienhong.example/nhiem-vu/DB-01",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line} in\n{text}");
        }
        assert!(text.contains("SUMMARY:DB-01 – Rà soát\\, chốt danh sách đại biểu\\;"), "{text}");
        assert_eq!(text.matches("\r\nBEGIN:VEVENT\r\n").count(), 1, "text cannot open an event");
    }

    #[test]
    fn a_deadline_to_the_hour_has_its_zone() {
        let due = Deadline::at(date(2025, 10, 12), time(16, 0, 0, 0));
        let text = drawn(&[FeedTask { due: Some(due), ..task() }]);
        assert!(text.contains("DTSTART;TZID=Asia/Ho_Chi_Minh:20251012T153000\r\n"));
        assert!(text.contains("DTEND;TZID=Asia/Ho_Chi_Minh:20251012T160000\r\n"));
        let zone = text.find("BEGIN:VTIMEZONE").unwrap_or(usize::MAX);
        assert!(zone < text.find("BEGIN:VEVENT").unwrap_or(0));
        assert_eq!(text.matches("DTSTAMP").count(), 1, "the zone carries no stamp");
    }

    #[test]
    fn cancelled_confidential_and_undated() {
        let cancelled = FeedTask { cancelled: true, ..task() };
        assert!(drawn(&[cancelled]).contains("STATUS:CANCELLED\r\n"));
        let secret = unfolded(&drawn(&[FeedTask { confidential: true, ..task() }]));
        assert!(secret.contains("SUMMARY:DB-01 – annex-redacted") && !secret.contains("Rà soát"));
        let undated = drawn(&[FeedTask { due: None, ..task() }]);
        assert!(!undated.contains("VEVENT") && undated.contains("END:VTIMEZONE\r\nEND:VCALENDAR"));
    }

    #[test]
    fn lines_end_in_crlf_and_fold_at_75_octets_between_letters() {
        let long = FeedTask { title: "Đường ỡ ữ ậ ".repeat(60), ..task() };
        let text = drawn(&[task(), long]);
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        for line in text.split("\r\n") {
            assert!(line.len() <= 75, "{} octets: {line}", line.len());
        }
        let whole = "Đường ỡ ữ ậ ".repeat(60);
        assert!(unfolded(&text).contains(whole.trim_end()));
    }

    #[test]
    fn the_same_input_gives_the_same_feed() {
        assert_eq!(drawn(&[task()]), drawn(&[task()]));
    }
}
