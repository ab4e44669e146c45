//! A filter is an address: the query string of every view, read into a [`Filter`] and written back in one
//! normal form.

use std::fmt::Write as _;

use jiff::civil::Date;
use platform::identity::{OfficeId, UnitId};
use rules::{state::TaskState, timing::Timing};

use crate::tasks::{
    model::{Phase, Task},
    reach::Audience,
    register::{Filter, Register, Sort},
};

/// The longest search that is read, in characters.
const LONGEST: usize = 200;

/// What the address of a view says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// Which tasks, in which order.
    pub filter: Filter,
    /// Only those without a lead unit.
    pub no_unit: bool,
    /// The page of a long list, from 1.
    pub page: usize,
    /// The first day of the month of a calendar.
    pub month: Option<Date>,
    /// Conditions that could not be read, as they were sent: shown, never silently dropped.
    pub unread: Vec<String>,
}

impl Address {
    /// Reads a query string. What is empty says nothing; what cannot be read is kept in `unread`.
    pub fn parse(query: &str) -> Self {
        let mut address = Self { page: 1, ..Self::default() };
        for (name, value) in pairs(query) {
            let value = value.trim();
            if !value.is_empty() && !address.take(&name, value) {
                address.unread.push(format!("{name}={}", value.chars().take(40).collect::<String>()));
            }
        }
        let filter = &mut address.filter;
        filter.timings.sort_unstable();
        filter.timings.dedup();
        filter.states.sort_unstable();
        filter.states.dedup();
        address
    }

    /// Takes one condition; false when it cannot be read. Names of others (`lang`) are not ours.
    fn take(&mut self, name: &str, value: &str) -> bool {
        fn set<T: std::str::FromStr>(to: &mut Option<T>, value: &str) -> bool {
            *to = value.parse().ok();
            to.is_some()
        }
        fn flag(to: &mut bool, value: &str) -> bool {
            *to = value == "1";
            *to
        }
        let filter = &mut self.filter;
        match name {
            "q" => filter.q = value.chars().take(LONGEST).collect(),
            "dong" => filter.stream = value.to_owned(),
            "ke-hoach" => return set(&mut filter.plan, value),
            "don-vi" if value == NO_UNIT => self.no_unit = true,
            "don-vi" => return set::<UnitId>(&mut filter.unit, value),
            "phoi-hop" => return set::<UnitId>(&mut filter.support, value),
            "chuc-danh" => return set::<OfficeId>(&mut filter.office, value),
            "giai-doan" => return set::<Phase>(&mut filter.phase, value),
            "den" => match value.parse::<Timing>() {
                Ok(timing) => filter.timings.push(timing),
                Err(_) => return false,
            },
            "trang-thai" => match value.parse::<TaskState>() {
                Ok(state) => filter.states.push(state),
                Err(_) => return false,
            },
            "chua-ro" => return flag(&mut filter.unclear, value),
            "cho-gia-han" => return flag(&mut filter.waiting, value),
            "kien-nghi" => return flag(&mut filter.asks, value),
            "tu" => return set::<Date>(&mut filter.from, value),
            "den-ngay" => return set::<Date>(&mut filter.to, value),
            "sap-xep" => match sort_named(value) {
                Some(sort) => filter.sort = sort,
                None => return false,
            },
            "nguoc" => return flag(&mut filter.down, value),
            "trang" => match value.parse::<usize>() {
                Ok(page) if (1..=1000).contains(&page) => self.page = page,
                _ => return false,
            },
            "thang" => match format!("{value}-01").parse::<Date>() {
                Ok(first) if rules::dates::YEARS.contains(&first.year()) => self.month = Some(first),
                _ => return false,
            },
            _ => {}
        }
        true
    }

    /// The one normal form: fixed order, nothing empty, nothing twice.
    pub fn query(&self) -> String {
        let mut out = String::new();
        let filter = &self.filter;
        let mut put = |name: &str, value: &str| {
            if !value.is_empty() {
                out.push_str(if out.is_empty() { "" } else { "&" });
                out.push_str(name);
                out.push('=');
                encode(&mut out, value);
            }
        };
        let text = |value: Option<String>| value.unwrap_or_default();
        let on = |flag: bool| if flag { "1" } else { "" };
        put("q", filter.q.trim());
        put("dong", &filter.stream);
        put("ke-hoach", &text(filter.plan.map(|id| id.to_string())));
        put("don-vi", if self.no_unit { NO_UNIT } else { "" });
        put("don-vi", &text(filter.unit.map(|id| id.to_string())));
        put("phoi-hop", &text(filter.support.map(|id| id.to_string())));
        put("chuc-danh", &text(filter.office.map(|id| id.to_string())));
        put("giai-doan", filter.phase.map_or("", Phase::as_str));
        for timing in &filter.timings {
            put("den", timing.as_str());
        }
        for state in &filter.states {
            put("trang-thai", state.as_str());
        }
        put("chua-ro", on(filter.unclear));
        put("cho-gia-han", on(filter.waiting));
        put("kien-nghi", on(filter.asks));
        put("tu", &text(filter.from.map(|day| day.to_string())));
        put("den-ngay", &text(filter.to.map(|day| day.to_string())));
        put("sap-xep", if filter.sort == Sort::Plan { "" } else { sort_name(filter.sort) });
        put("nguoc", on(filter.down));
        put("trang", &if self.page > 1 { self.page.to_string() } else { String::new() });
        put("thang", &text(self.month.map(month_name)));
        out
    }

    /// The address of a view with these conditions.
    pub fn link(&self, path: &str) -> String {
        let query = self.query();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The same conditions with a change, from the first page on.
    #[must_use]
    pub fn but(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = Self { page: 1, unread: Vec::new(), ..self.clone() };
        change(&mut other);
        other
    }

    /// The same conditions apart from timing and state: what the counts above a list are taken over.
    #[must_use]
    pub fn ground(&self) -> Self {
        self.but(|address| {
            address.filter.timings.clear();
            address.filter.states.clear();
        })
    }

    /// Whether any condition narrows the register.
    pub fn narrows(&self) -> bool {
        let order_only = self.but(|address| {
            address.filter =
                Filter { sort: address.filter.sort, down: address.filter.down, ..Filter::default() };
            address.no_unit = false;
            address.month = None;
        });
        self.but(|address| address.month = None) != order_only
    }

    /// The tasks that these conditions pick, in their order.
    pub fn pick<'r>(&self, register: &'r Register, audience: Audience) -> Vec<&'r Task> {
        let mut picked = register.pick(&self.filter, audience);
        if self.no_unit {
            picked.retain(|task| task.fields.lead_unit.is_none());
        }
        picked
    }
}

/// The value of `don-vi` for tasks that nobody leads.
pub const NO_UNIT: &str = "khong";

/// Every order a list may have.
pub const SORTS: [Sort; 6] = [Sort::Plan, Sort::Due, Sort::Timing, Sort::Percent, Sort::Unit, Sort::Code];

/// The name of an order in an address.
pub fn sort_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Plan => "ke-hoach",
        Sort::Due => "han",
        Sort::Timing => "den",
        Sort::Percent => "tien-do",
        Sort::Unit => "don-vi",
        Sort::Code => "ma",
    }
}

fn sort_named(name: &str) -> Option<Sort> {
    SORTS.into_iter().find(|sort| sort_name(*sort) == name)
}

/// A month in an address: 2025-09.
pub fn month_name(first: Date) -> String {
    format!("{:04}-{:02}", first.year(), first.month())
}

/// Writes text as it stands in a query string.
pub fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
}

/// Text as one segment of a path.
pub fn segment(text: &str) -> String {
    let mut out = String::new();
    encode(&mut out, text);
    out.replace('+', "%20")
}

fn pairs(query: &str) -> impl Iterator<Item = (String, String)> + '_ {
    query.split('&').filter(|pair| !pair.is_empty()).take(64).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            (b'+', ..) => {
                out.push(b' ');
                at += 1;
            }
            (other, ..) => {
                out.push(*other);
                at += 1;
            }
        }
    }
    rules::text::nfc(&String::from_utf8_lossy(&out))
}
