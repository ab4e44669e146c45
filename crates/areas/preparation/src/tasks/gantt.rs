//! The Gantt chart of a plan, drawn on the server as SVG.
//!
//! One drawing serves the screen (any width), the phone and the A3 print. It
//! needs neither script nor style sheet: every shape carries presentation
//! attributes, so an exported file and a print look right by themselves, while
//! its classes let `web/gantt.css` recolour it for the dark theme. There is no
//! `style` attribute and no `<style>` element, so it also passes the strict
//! content policy.
//!
//! Status is told four ways: colour, hatch, a mark of its own shape in front of
//! the row, and words in the row's title.
//!
//! Pure: dates, words and the as-of moment come in, text goes out.

use std::collections::HashMap;
use std::fmt::Write as _;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use rules::calendar::WorkCalendar;
use rules::dates::format_vn_date;
use rules::timing::Timing;
use unicode_normalization::UnicodeNormalization;

/// Looks up a caption: word key and named arguments in, sentence out.
pub type Words<'a> = &'a dyn Fn(&str, &[(&str, &str)]) -> String;

/// How one task waits for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// The successor starts after the predecessor finishes.
    FinishToStart,
    /// Both start together.
    StartToStart,
    /// Both finish together.
    FinishToFinish,
    /// The successor finishes after the predecessor starts.
    StartToFinish,
}

/// An arrow between two rows, by index into [`GanttInput::rows`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GanttLink {
    /// The row that has to come first.
    pub from: usize,
    /// The row that waits.
    pub to: usize,
    /// Which ends are tied.
    pub kind: LinkKind,
    /// Both ends lie on the critical path, and this link is why.
    pub critical: bool,
}

/// One task as the chart shows it. A classified task comes already redacted.
#[derive(Debug, Clone, PartialEq)]
pub struct GanttRow {
    /// Code of the task, for example `DB-01`.
    pub code: String,
    /// What is to be done, in full; the drawing cuts it and keeps the whole as a tooltip.
    pub title: String,
    /// Lead unit, short name.
    pub unit: String,
    /// First day of work.
    pub start: Option<Date>,
    /// Deadline in force.
    pub due: Option<Date>,
    /// Deadline first set, when it differs from the one in force.
    pub original_due: Option<Date>,
    /// Day the result was accepted.
    pub done: Option<Date>,
    /// Progress, 0–100.
    pub percent: u8,
    /// Derived timing.
    pub timing: Timing,
    /// Timing in words ("quá hạn 2 ngày"), already in the reader's language.
    pub timing_text: String,
    /// On the critical path.
    pub critical: bool,
    /// Where the row leads; only site-relative addresses and fragments are kept.
    pub href: Option<String>,
    /// Start and deadline in the chosen baseline.
    pub baseline: Option<(Date, Date)>,
    /// Index into [`GanttInput::groups`].
    pub group: usize,
}

/// Everything the chart needs.
#[derive(Debug, Clone)]
pub struct GanttInput {
    /// Title of the plan.
    pub title: String,
    /// Name of the issuing body, printed above the title on paper.
    pub body: String,
    /// The tasks, in the order to draw them inside their group.
    pub rows: Vec<GanttRow>,
    /// Streams, in order.
    pub groups: Vec<String>,
    /// Dependencies.
    pub links: Vec<GanttLink>,
    /// Moment the figures were taken; its date is "today".
    pub as_of: DateTime,
    /// Opening day of the congress.
    pub opening: Option<Date>,
    /// First day shown; by default the earliest date of the rows.
    pub from: Option<Date>,
    /// Last day shown; by default the latest date of the rows.
    pub to: Option<Date>,
    /// The working calendar; days off are shaded.
    pub calendar: WorkCalendar,
}

/// The paper or the screen to draw for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GanttSize {
    /// One picture of the given width in CSS pixels; below 640 the compact layout.
    Screen {
        /// Width, 320–4000.
        width: u32,
    },
    /// A3 landscape pages with title block, unit column, legend and page number.
    A3Landscape,
}

/// How the picture will be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GanttOptions {
    /// Size and layout.
    pub size: GanttSize,
    /// A file of its own: XML declaration, white ground, no links.
    pub standalone: bool,
    /// Draw dependency arrows.
    pub links: bool,
}

/// Rows on one A3 page at most.
pub const ROWS_PER_PAGE: usize = 45;
const LINES_PER_PAGE: usize = 54;
const MAX_DAYS: i64 = 3 * 366;
const A3_WIDTH: f64 = 1587.0;
const A3_HEIGHT: f64 = 1122.0;
const FONT: &str = "'Be Vietnam Pro', 'Noto Sans', sans-serif";

const INK: &str = "#1d1b19";
const SOFT: &str = "#5f5a54";
const LINE: &str = "#dcd7cf";
const FAINT: &str = "#f4f2ee";
const SHADE: &str = "#f6f4ef";
const PAPER: &str = "#ffffff";
const ACCENT: &str = "#9b1c2b";
const GOLD: &str = "#b8860b";
const LINK: &str = "#a39c92";

/// Draws the chart. A screen gives one picture, paper one per page; each is a
/// complete `<svg>` element.
pub fn render(input: &GanttInput, options: GanttOptions, words: Words<'_>) -> Vec<String> {
    let span = Span::of(input);
    let pages = paginate(input, options.size);
    let total = pages.len();
    pages
        .iter()
        .enumerate()
        .map(|(index, lines)| {
            Page {
                input,
                options,
                words,
                span,
                lines,
                number: index + 1,
                total,
                out: String::with_capacity(64 * 1024),
            }
            .draw()
        })
        .collect()
}

/// The days shown.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: Date,
    days: i64,
}

impl Span {
    fn of(input: &GanttInput) -> Self {
        let today = input.as_of.date();
        let mut low: Option<Date> = None;
        let mut high: Option<Date> = None;
        let mut see = |day: Date| {
            low = Some(low.map_or(day, |d| d.min(day)));
            high = Some(high.map_or(day, |d| d.max(day)));
        };
        for row in &input.rows {
            for day in [row.start, row.due, row.original_due, row.done].into_iter().flatten() {
                see(day);
            }
            if let Some((start, due)) = row.baseline {
                see(start);
                see(due);
            }
        }
        if input.from.is_none() && input.to.is_none() {
            see(today);
            if let Some(day) = input.opening {
                see(day);
            }
        }
        let first = input.from.or(low).unwrap_or(today);
        let last = input.to.or(high).unwrap_or(first);
        // Whole weeks with air at both ends, so that no bar touches the frame.
        let from = if input.from.is_some() {
            first
        } else {
            let back = i64::from(first.weekday().to_monday_zero_offset());
            add(first, -back)
        };
        let days = (between(from, last) + if input.to.is_some() { 1 } else { 5 }).clamp(7, MAX_DAYS);
        Self { from, days }
    }

    fn end(self) -> Date {
        add(self.from, self.days)
    }
}

fn add(day: Date, days: i64) -> Date {
    let limited = days.clamp(-4000, 4000);
    day.saturating_add(limited.days())
}

/// Whole days from `a` to `b`.
fn between(a: Date, b: Date) -> i64 {
    a.duration_until(b).as_hours() / 24
}

/// A line of the chart: a stream heading or a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Group { index: usize, continued: bool },
    Task(usize),
}

fn paginate(input: &GanttInput, size: GanttSize) -> Vec<Vec<Line>> {
    let mut order: Vec<(Option<usize>, Vec<usize>)> =
        (0..input.groups.len()).map(|g| (Some(g), Vec::new())).collect();
    let mut loose = Vec::new();
    for (index, row) in input.rows.iter().enumerate() {
        match order.get_mut(row.group) {
            Some((_, members)) => members.push(index),
            None => loose.push(index),
        }
    }
    order.push((None, loose));
    order.retain(|(_, members)| !members.is_empty());

    let paged = size == GanttSize::A3Landscape;
    let mut pages = vec![Vec::new()];
    let mut tasks = 0;
    for (group, members) in order {
        let mut headed = false;
        for task in members {
            let lines = pages.last().map_or(0, Vec::len);
            let needed = if headed || group.is_none() { 1 } else { 2 };
            let full = tasks >= ROWS_PER_PAGE || lines + needed > LINES_PER_PAGE;
            let mut continued = false;
            if paged && full {
                pages.push(Vec::new());
                tasks = 0;
                continued = headed;
                headed = false;
            }
            if let Some(page) = pages.last_mut() {
                if let (Some(index), false) = (group, headed) {
                    page.push(Line::Group { index, continued });
                    headed = true;
                }
                page.push(Line::Task(task));
                tasks += 1;
            }
        }
    }
    pages
}

/// Colours, hatch and mark of a timing.
#[derive(Debug, Clone, Copy)]
struct Look {
    class: &'static str,
    solid: &'static str,
    tint: &'static str,
    mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Ring,
    Quarter,
    Disc,
    Triangle,
    Check,
    CheckRing,
    CheckBar,
    Pause,
    Cross,
    Dash,
}

const LOOKS: [Look; 10] = [
    Look { class: "not-due", solid: "#2f6699", tint: "#dde8f2", mark: Mark::Ring },
    Look { class: "due-soon", solid: "#9a6a00", tint: "#f7e8c3", mark: Mark::Quarter },
    Look { class: "due-today", solid: "#bf5208", tint: "#fbdcc2", mark: Mark::Disc },
    Look { class: "overdue", solid: "#b3202a", tint: "#f7d5d3", mark: Mark::Triangle },
    Look { class: "done-early", solid: "#2c7a4b", tint: "#d3e8da", mark: Mark::Check },
    Look { class: "done-on-time", solid: "#4d9169", tint: "#deeee4", mark: Mark::CheckRing },
    Look { class: "done-late", solid: "#7a5230", tint: "#eaddcf", mark: Mark::CheckBar },
    Look { class: "paused", solid: "#6a6762", tint: "#e7e5e1", mark: Mark::Pause },
    Look { class: "cancelled", solid: "#8a867f", tint: "#eceae6", mark: Mark::Cross },
    Look { class: "undated", solid: "#6a6762", tint: "#efede9", mark: Mark::Dash },
];

fn look_index(timing: Timing) -> usize {
    match timing {
        Timing::NotYet => 0,
        Timing::DueSoon => 1,
        Timing::DueToday => 2,
        Timing::Overdue => 3,
        Timing::DoneEarly => 4,
        Timing::DoneOnTime => 5,
        Timing::DoneLate => 6,
        Timing::Paused => 7,
        Timing::Cancelled => 8,
        Timing::Undated => 9,
    }
}

fn look(timing: Timing) -> Look {
    LOOKS[look_index(timing)]
}

/// Where things stand on the page, in CSS pixels.
#[derive(Debug, Clone, Copy)]
struct Frame {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    chart_left: f64,
    scale_top: f64,
    body_top: f64,
    row: f64,
    bar: f64,
    text: f64,
    compact: bool,
    paper: bool,
}

/// Ends of one drawn bar.
#[derive(Debug, Clone, Copy)]
struct Bar {
    start: f64,
    end: f64,
    middle: f64,
}

struct Page<'a> {
    input: &'a GanttInput,
    options: GanttOptions,
    words: Words<'a>,
    span: Span,
    lines: &'a [Line],
    number: usize,
    total: usize,
    out: String,
}

macro_rules! put {
    ($page:expr, $($arg:tt)*) => {{ let _ = write!($page.out, $($arg)*); }};
}

impl Page<'_> {
    fn draw(mut self) -> String {
        let frame = self.frame();
        self.open(frame);
        self.shading(frame);
        self.scale(frame);
        let bars = self.positions(frame);
        self.bands(frame);
        self.flags(frame, false);
        if self.draws_links() {
            self.arrows(frame, &bars);
        }
        for (slot, line) in self.lines.iter().enumerate() {
            if let Line::Task(index) = *line {
                self.task(frame, slot, index);
            }
        }
        self.flags(frame, true);
        self.legend(frame);
        self.out.push_str("</svg>\n");
        self.out
    }

    fn word(&self, key: &str) -> String {
        (self.words)(key, &[])
    }

    fn frame(&self) -> Frame {
        let lines = self.lines.len().max(1) as f64;
        match self.options.size {
            GanttSize::Screen { width } => {
                let width = f64::from(width.clamp(320, 4000));
                let compact = width < 640.0;
                let row = if compact { 46.0 } else { 28.0 };
                let chart_left = if compact { 8.0 } else { (width * 0.36).clamp(240.0, 480.0) };
                let body_top = 62.0;
                let groups = self.group_lines();
                let body = (lines - groups) * row + groups * group_height(row, compact);
                let mut frame = Frame {
                    width,
                    height: 0.0,
                    left: if compact { 8.0 } else { 12.0 },
                    right: width - if compact { 8.0 } else { 12.0 },
                    chart_left,
                    scale_top: 0.0,
                    body_top,
                    row,
                    bar: if compact { 12.0 } else { 13.0 },
                    text: 13.0,
                    compact,
                    paper: false,
                };
                frame.height = (body_top + body + self.legend_height(frame) + 8.0).ceil();
                frame
            }
            GanttSize::A3Landscape => {
                let scale_top = 96.0;
                let body_top = scale_top + 62.0;
                let mut frame = Frame {
                    width: A3_WIDTH,
                    height: A3_HEIGHT,
                    left: 46.0,
                    right: A3_WIDTH - 46.0,
                    chart_left: 712.0,
                    scale_top,
                    body_top,
                    row: 0.0,
                    bar: 10.0,
                    text: 11.5,
                    compact: false,
                    paper: true,
                };
                // The rows take what the legend and the line for signatures leave.
                let (_, legend) = self.legend_layout(frame);
                let room = A3_HEIGHT - body_top - legend - 66.0;
                frame.row = (room / lines).min(27.0);
                frame
            }
        }
    }

    /// A phone has no room for arrows that can still be followed.
    fn draws_links(&self) -> bool {
        let compact = matches!(self.options.size, GanttSize::Screen { width } if width < 640);
        self.options.links && !compact && !self.input.links.is_empty()
    }

    fn group_lines(&self) -> f64 {
        self.lines.iter().filter(|line| matches!(line, Line::Group { .. })).count() as f64
    }

    fn slot_top(&self, frame: Frame, slot: usize) -> f64 {
        let before = self.lines.iter().take(slot);
        frame.body_top
            + before
                .map(|line| match line {
                    Line::Group { .. } => group_height(frame.row, frame.compact),
                    Line::Task(_) => frame.row,
                })
                .sum::<f64>()
    }

    fn body_bottom(&self, frame: Frame) -> f64 {
        self.slot_top(frame, self.lines.len())
    }

    fn x(&self, frame: Frame, day: Date) -> f64 {
        let offset = between(self.span.from, day).clamp(0, self.span.days) as f64;
        frame.chart_left + offset * self.per_day(frame)
    }

    fn per_day(&self, frame: Frame) -> f64 {
        (frame.right - frame.chart_left) / self.span.days as f64
    }

    fn shows(&self, day: Date) -> bool {
        day >= self.span.from && day < self.span.end()
    }

    fn open(&mut self, frame: Frame) {
        if self.options.standalone {
            self.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        }
        let linked = self.linked();
        let (w, h, n) = (frame.width, frame.height, self.number);
        // A picture whose parts can be followed is a group to assistive
        // technology; one without links is a single image.
        let role = if linked { "group" } else { "img" };
        let class = if frame.compact { "gantt gantt-compact" } else { "gantt" };
        put!(
            self,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{class}\" viewBox=\"0 0 {w} {h}\" \
             width=\"{w}\" height=\"{h}\" role=\"{role}\" \
             aria-labelledby=\"gantt-title-{n} gantt-desc-{n}\" font-family=\"{FONT}\" \
             font-size=\"{}\" fill=\"{INK}\">",
            frame.text
        );
        let title = escape(&self.input.title);
        let desc = escape(&self.description());
        put!(self, "<title id=\"gantt-title-{n}\">{title}</title><desc id=\"gantt-desc-{n}\">{desc}</desc>");
        self.patterns();
        if self.options.standalone || frame.paper {
            put!(self, "<rect class=\"gantt-paper\" width=\"{w}\" height=\"{h}\" fill=\"{PAPER}\"/>");
        }
        if frame.paper {
            self.title_block(frame);
        }
    }

    fn linked(&self) -> bool {
        !self.options.standalone
            && self.lines.iter().any(|line| match line {
                Line::Task(index) => {
                    self.input.rows.get(*index).and_then(|row| row.href.as_deref()).is_some_and(safe_href)
                }
                Line::Group { .. } => false,
            })
    }

    fn description(&self) -> String {
        let rows = self.input.rows.len().to_string();
        let from = date(self.span.from);
        let to = date(add(self.span.end(), -1));
        let as_of = moment(self.input.as_of);
        (self.words)("gantt-description", &[("rows", &rows), ("from", &from), ("to", &to), ("asof", &as_of)])
    }

    fn patterns(&mut self) {
        self.out.push_str("<defs>");
        for look in LOOKS {
            let (class, solid, tint) = (look.class, look.solid, look.tint);
            let n = self.number;
            let hatch = match look.mark {
                Mark::Triangle => "<path d=\"M-1 7L7-1M5 7L7 5M-1 1L1-1\" stroke-width=\"1.5\"/>",
                Mark::CheckBar => "<path d=\"M-1-1L7 7M-1 5L1 7M5-1L7 1\" stroke-width=\"1.2\"/>",
                Mark::Quarter => "<path d=\"M1.5 0V6M4.5 0V6\" stroke-width=\".8\"/>",
                Mark::Disc => "<path d=\"M1 1.5h1.6M4 4.5h1.6\" stroke-width=\"1.6\"/>",
                Mark::Pause | Mark::Dash => "<path d=\"M0 1.5H6M0 4.5H6\" stroke-width=\".7\"/>",
                Mark::Cross => "<path d=\"M0 0L6 6M6 0L0 6\" stroke-width=\".6\"/>",
                _ => "",
            };
            put!(
                self,
                "<pattern id=\"gantt-{class}-{n}\" width=\"6\" height=\"6\" \
                 patternUnits=\"userSpaceOnUse\"><rect class=\"gantt-tint-{class}\" width=\"6\" \
                 height=\"6\" fill=\"{tint}\"/><g class=\"gantt-hatch-{class}\" stroke=\"{solid}\" \
                 stroke-opacity=\".55\" fill=\"none\">{hatch}</g></pattern>"
            );
        }
        self.out.push_str("</defs>");
    }

    fn title_block(&mut self, frame: Frame) {
        let body = escape(&self.input.body);
        let title = escape(&ellipsis(&self.input.title, 22.0, frame.right - frame.left - 330.0));
        let as_of = (self.words)("gantt-as-of", &[("at", &moment(self.input.as_of))]);
        let page = (self.words)(
            "gantt-page",
            &[("page", &self.number.to_string()), ("pages", &self.total.to_string())],
        );
        let (l, r) = (frame.left, frame.right);
        put!(
            self,
            "<text x=\"{l}\" y=\"44\" font-size=\"12\" letter-spacing=\".6\" fill=\"{SOFT}\">{body}</text>\
             <text x=\"{l}\" y=\"72\" font-size=\"22\" font-weight=\"600\">{title}</text>\
             <text x=\"{r}\" y=\"44\" font-size=\"12\" text-anchor=\"end\" fill=\"{SOFT}\">{}</text>\
             <text x=\"{r}\" y=\"70\" font-size=\"13\" text-anchor=\"end\" font-weight=\"500\">{}</text>",
            escape(&page),
            escape(&as_of)
        );
        let y = frame.body_top - 9.0;
        let columns = self.columns(frame);
        for (x, key) in [
            (columns.code, "gantt-column-code"),
            (columns.title, "gantt-column-what"),
            (columns.unit, "gantt-column-lead"),
            (columns.due, "gantt-column-due"),
        ] {
            let caption = escape(&self.word(key));
            put!(
                self,
                "<text x=\"{x}\" y=\"{y}\" font-size=\"10.5\" font-weight=\"600\" fill=\"{SOFT}\">{caption}</text>"
            );
        }
    }

    fn columns(&self, frame: Frame) -> Columns {
        let code = frame.left + 20.0;
        if frame.paper {
            Columns { code, title: code + 50.0, unit: code + 400.0, due: frame.chart_left - 52.0 }
        } else {
            Columns { code, title: code + 52.0, unit: frame.chart_left, due: frame.chart_left - 12.0 }
        }
    }

    fn shading(&mut self, frame: Frame) {
        let per_day = self.per_day(frame);
        let top = frame.body_top;
        let height = self.body_bottom(frame) - top;
        if per_day < 1.6 {
            return;
        }
        let mut path = String::new();
        for offset in 0..self.span.days {
            let day = add(self.span.from, offset);
            if !self.input.calendar.is_working(day) {
                let x = frame.chart_left + offset as f64 * per_day;
                let _ = write!(path, "M{x:.2} {top:.1}h{per_day:.2}v{height:.1}h-{per_day:.2}z");
            }
        }
        put!(self, "<path class=\"gantt-off\" d=\"{path}\" fill=\"{SHADE}\"/>");
    }

    fn scale(&mut self, frame: Frame) {
        let per_day = self.per_day(frame);
        let top = frame.scale_top;
        let bottom = self.body_bottom(frame);
        let end = self.span.end();
        // Months.
        let mut day = self.span.from;
        while day < end {
            let next = add(day.last_of_month(), 1);
            let stop = next.min(end);
            let (left, right) = (self.x(frame, day), self.x(frame, stop));
            let month = day.month().to_string();
            let year = day.year().to_string();
            let name = self.word(&format!("gantt-month-{month}"));
            let full = (self.words)("gantt-month", &[("name", &name), ("month", &month), ("year", &year)]);
            let short = (self.words)("gantt-month-short", &[("month", &month), ("year", &year)]);
            let size = if frame.compact { 11.0 } else { 12.0 };
            let room = right - left - 8.0;
            let label = if measure(&full, size) <= room {
                full
            } else if measure(&short, size) <= room {
                short
            } else {
                String::new()
            };
            let (y, tick) = (top + 18.0, top + 4.0);
            put!(
                self,
                "<text x=\"{:.1}\" y=\"{y}\" font-size=\"{size}\" font-weight=\"600\">{}</text>",
                left + 5.0,
                escape(&label)
            );
            put!(
                self,
                "<path class=\"gantt-rule\" d=\"M{left:.1} {tick}v18M{left:.1} {:.1}V{bottom:.1}\" \
                 stroke=\"{LINE}\" stroke-width=\"1.2\" fill=\"none\"/>",
                frame.body_top
            );
            day = next;
        }
        // Weeks: as many Mondays as there is room for.
        let room = if frame.compact { 37.0 } else { 38.0 };
        let step = (1..=26).find(|weeks| per_day * 7.0 * f64::from(*weeks) >= room).unwrap_or(52);
        let offset = (7 - i64::from(self.span.from.weekday().to_monday_zero_offset())) % 7;
        let mut monday = add(self.span.from, offset);
        let size = if frame.compact { 10.0 } else { 10.5 };
        while monday < end {
            let x = self.x(frame, monday);
            let label = format!("{:02}/{:02}", monday.day(), monday.month());
            if x + measure(&label, size) + 3.0 <= frame.right {
                put!(
                    self,
                    "<text class=\"gantt-soft\" x=\"{:.1}\" y=\"{}\" font-size=\"{size}\" fill=\"{SOFT}\">{label}</text>",
                    x + 4.0,
                    top + 35.0
                );
            }
            put!(
                self,
                "<path class=\"gantt-rule\" d=\"M{x:.1} {:.1}V{bottom:.1}\" stroke=\"{LINE}\" \
                 stroke-width=\".6\" fill=\"none\"/>",
                top + 26.0
            );
            monday = add(monday, 7 * i64::from(step));
        }
        put!(
            self,
            "<path class=\"gantt-rule\" d=\"M{} {:.1}H{}\" stroke=\"{SOFT}\" stroke-width=\".8\" fill=\"none\"/>",
            frame.left,
            frame.body_top,
            frame.right
        );
    }

    /// Group headings and the hairlines between rows.
    fn bands(&mut self, frame: Frame) {
        for (slot, line) in self.lines.iter().enumerate() {
            let top = self.slot_top(frame, slot);
            match *line {
                Line::Group { index, continued } => {
                    let height = group_height(frame.row, frame.compact);
                    let name = self.input.groups.get(index).map_or("", String::as_str);
                    let numbered = if name.is_empty() {
                        roman(index + 1)
                    } else {
                        format!("{}. {name}", roman(index + 1))
                    };
                    let label = if continued {
                        (self.words)("gantt-group-continued", &[("group", &numbered)])
                    } else {
                        numbered
                    };
                    let (l, w) = (frame.left, frame.right - frame.left);
                    let size = if frame.paper { 11.5 } else { 12.5 };
                    put!(
                        self,
                        "<rect class=\"gantt-group\" x=\"{l}\" y=\"{:.1}\" width=\"{w}\" height=\"{:.1}\" \
                         fill=\"{FAINT}\"/><text x=\"{}\" y=\"{:.1}\" font-size=\"{size}\" \
                         font-weight=\"600\">{}</text>",
                        top + 1.0,
                        height - 2.0,
                        l + 4.0,
                        top + height / 2.0 + size * 0.36,
                        escape(&label)
                    );
                }
                Line::Task(_) => {
                    let y = top + frame.row;
                    put!(
                        self,
                        "<path class=\"gantt-rule\" d=\"M{} {y:.1}H{}\" stroke=\"{LINE}\" \
                         stroke-width=\".5\" fill=\"none\"/>",
                        frame.left,
                        frame.right
                    );
                }
            }
        }
    }

    /// Today and the opening day: first the lines under the bars, then the labels.
    fn flags(&mut self, frame: Frame, labels: bool) {
        let today = self.input.as_of.date();
        let (top, bottom) = (frame.body_top, self.body_bottom(frame));
        let day_width = self.per_day(frame);
        let mut flags = Vec::new();
        if self.shows(today) {
            let short = day_month(today);
            flags.push((today, (self.words)("gantt-today", &[("date", &short)]), ACCENT, "today"));
        }
        if let Some(day) = self.input.opening.filter(|day| self.shows(*day)) {
            let short = day_month(day);
            flags.push((day, (self.words)("gantt-opening", &[("date", &short)]), GOLD, "opening"));
        }
        let size = if frame.compact { 10.0 } else { 10.5 };
        let mut taken: Vec<(f64, f64)> = Vec::new();
        for (day, label, colour, class) in flags {
            let x = self.x(frame, day) + day_width / 2.0;
            if !labels {
                if class == "opening" {
                    put!(
                        self,
                        "<rect class=\"gantt-{class}-day\" x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" \
                         height=\"{:.1}\" fill=\"{colour}\" fill-opacity=\".22\"/>",
                        x - day_width.max(4.0) / 2.0,
                        day_width.max(4.0),
                        bottom - top
                    );
                }
                let dash = if class == "opening" { " stroke-dasharray=\"5 3\"" } else { "" };
                put!(
                    self,
                    "<path class=\"gantt-{class}\" d=\"M{x:.1} {:.1}V{bottom:.1}\" stroke=\"{colour}\" \
                     stroke-width=\"1.4\" fill=\"none\"{dash}/>",
                    top - 4.0
                );
                continue;
            }
            let width = measure(&label, size) + 12.0;
            let limit = frame.right - width;
            let mut left = (x - width / 2.0).clamp(frame.chart_left.min(limit), limit);
            if let Some((a, b)) = taken.iter().find(|(a, b)| left < *b + 3.0 && left + width > *a - 3.0) {
                left = if x >= (a + b) / 2.0 { b + 3.0 } else { a - width - 3.0 };
                left = left.clamp(0.0, limit.max(0.0));
            }
            taken.push((left, left + width));
            let y = top - 21.0;
            put!(
                self,
                "<rect class=\"gantt-{class}-flag\" x=\"{left:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"16\" \
                 rx=\"3\" fill=\"{}\"/><text class=\"gantt-{class}-text\" x=\"{:.1}\" y=\"{:.1}\" \
                 font-size=\"{size}\" font-weight=\"600\" text-anchor=\"middle\" fill=\"{}\">{}</text>",
                if class == "opening" { "#f3dfa6" } else { colour },
                left + width / 2.0,
                y + 11.8,
                if class == "opening" { "#4a3600" } else { PAPER },
                escape(&label)
            );
        }
    }

    fn positions(&self, frame: Frame) -> HashMap<usize, Bar> {
        let mut bars = HashMap::new();
        for (slot, line) in self.lines.iter().enumerate() {
            if let Line::Task(index) = *line
                && let Some(row) = self.input.rows.get(index)
                && let Some((start, due)) = dates(row)
            {
                bars.insert(
                    index,
                    Bar {
                        start: self.x(frame, start),
                        end: self.x(frame, add(due, 1)),
                        middle: self.bar_middle(frame, slot),
                    },
                );
            }
        }
        bars
    }

    fn bar_middle(&self, frame: Frame, slot: usize) -> f64 {
        let top = self.slot_top(frame, slot);
        if frame.compact { top + 33.0 } else { top + frame.row / 2.0 }
    }

    fn arrows(&mut self, frame: Frame, bars: &HashMap<usize, Bar>) {
        let mut links: Vec<&GanttLink> = self.input.links.iter().collect();
        links.sort_by_key(|link| link.critical);
        for link in links {
            let (Some(a), Some(b)) = (bars.get(&link.from), bars.get(&link.to)) else {
                continue;
            };
            if link.from == link.to {
                continue;
            }
            let (out_right, in_left) = match link.kind {
                LinkKind::FinishToStart => (true, true),
                LinkKind::StartToStart => (false, true),
                LinkKind::FinishToFinish => (true, false),
                LinkKind::StartToFinish => (false, false),
            };
            let path = route(frame, *a, *b, out_right, in_left);
            let (colour, width, class) = if link.critical {
                (ACCENT, 1.4, "gantt-link gantt-link-critical")
            } else {
                (LINK, 0.9, "gantt-link")
            };
            let ring = match self.input.rows.get(link.to) {
                Some(row) if row.critical => 3.2,
                _ => 0.5,
            };
            let tip = if in_left { b.start - ring } else { b.end + ring };
            let back = if in_left { -5.0 } else { 5.0 };
            put!(
                self,
                "<path class=\"{class}\" d=\"{path}\" stroke=\"{colour}\" stroke-width=\"{width}\" \
                 fill=\"none\" stroke-linejoin=\"round\"/><path class=\"{class}-head\" \
                 d=\"M{tip:.1} {:.1}l{back} -3v6z\" fill=\"{colour}\"/>",
                b.middle
            );
        }
    }

    fn task(&mut self, frame: Frame, slot: usize, index: usize) {
        let Some(row) = self.input.rows.get(index) else {
            return;
        };
        let look = look(row.timing);
        let top = self.slot_top(frame, slot);
        let href = row.href.as_deref().filter(|href| !self.options.standalone && safe_href(href));
        match href {
            Some(href) => put!(self, "<a class=\"gantt-row\" href=\"{}\">", escape(href)),
            None => self.out.push_str("<g class=\"gantt-row\">"),
        }
        put!(self, "<title>{}</title>", escape(&self.row_title(row)));
        put!(
            self,
            "<rect class=\"gantt-hit\" x=\"{}\" y=\"{top:.1}\" width=\"{}\" height=\"{:.1}\" \
             fill=\"{INK}\" fill-opacity=\"0\"/>",
            frame.left,
            frame.right - frame.left,
            frame.row
        );
        if frame.compact {
            // The strip of text stands clear of the lines that cross the strip of bars.
            put!(
                self,
                "<rect class=\"gantt-paper\" x=\"{}\" y=\"{:.1}\" width=\"{}\" height=\"23\" fill=\"{PAPER}\"/>",
                frame.left,
                top + 1.0,
                frame.right - frame.left
            );
        }
        self.labels(frame, row, look, top);
        self.bar(frame, row, look, self.bar_middle(frame, slot));
        self.out.push_str(if href.is_some() { "</a>" } else { "</g>" });
    }

    fn row_title(&self, row: &GanttRow) -> String {
        let percent = row.percent.min(100).to_string();
        let start = row.start.map_or_else(|| "–".to_owned(), date);
        let due = row.due.map_or_else(|| "–".to_owned(), date);
        (self.words)(
            "gantt-row",
            &[
                ("code", &row.code),
                ("title", &row.title),
                ("unit", &row.unit),
                ("start", &start),
                ("due", &due),
                ("percent", &percent),
                ("timing", &row.timing_text),
            ],
        )
    }

    fn labels(&mut self, frame: Frame, row: &GanttRow, look: Look, top: f64) {
        let columns = self.columns(frame);
        let middle = if frame.compact { top + 15.0 } else { top + frame.row / 2.0 };
        let base = middle + frame.text * 0.36;
        self.mark(look, frame.left + 8.0, middle, 5.0);
        let bold = if row.critical { ACCENT } else { INK };
        let critical = if row.critical { " gantt-code-critical" } else { "" };
        let code_room = columns.title - columns.code - 4.0;
        put!(
            self,
            "<text class=\"gantt-code{critical}\" x=\"{}\" y=\"{base:.1}\" font-weight=\"600\" \
             fill=\"{bold}\">{}</text>",
            columns.code,
            escape(&ellipsis(&row.code, frame.text * 1.04, code_room))
        );
        let right = if frame.compact {
            frame.right - 44.0
        } else if frame.paper {
            columns.unit - 14.0
        } else {
            columns.due - 52.0
        };
        put!(
            self,
            "<text class=\"gantt-what\" x=\"{}\" y=\"{base:.1}\">{}</text>",
            columns.title,
            escape(&ellipsis(&row.title, frame.text, right - columns.title))
        );
        let size = frame.text - 1.5;
        if frame.paper {
            put!(
                self,
                "<text class=\"gantt-soft\" x=\"{}\" y=\"{base:.1}\" font-size=\"{}\" fill=\"{SOFT}\">{}</text>",
                columns.unit,
                frame.text - 0.5,
                escape(&ellipsis(&row.unit, frame.text - 0.5, columns.due - columns.unit - 14.0))
            );
        }
        if let Some(due) = row.due {
            let (x, anchor) = if frame.paper {
                (columns.due, "start")
            } else if frame.compact {
                (frame.right, "end")
            } else {
                (columns.due, "end")
            };
            put!(
                self,
                "<text class=\"gantt-soft\" x=\"{x}\" y=\"{base:.1}\" font-size=\"{size}\" \
                 text-anchor=\"{anchor}\" fill=\"{SOFT}\">{}</text>",
                day_month(due)
            );
        }
    }

    fn bar(&mut self, frame: Frame, row: &GanttRow, look: Look, middle: f64) {
        let half = frame.bar / 2.0;
        let (class, n) = (look.class, self.number);
        if let Some((start, due)) = row.baseline {
            let (x, end) = (self.x(frame, start), self.x(frame, add(due, 1)));
            if end > x {
                put!(
                    self,
                    "<rect class=\"gantt-baseline\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"2.6\" \
                     fill=\"{LINK}\"/>",
                    middle + half + 1.6,
                    end - x
                );
            }
        }
        let Some((start, due)) = dates(row) else {
            let x = row.start.map_or(frame.chart_left, |day| self.x(frame, day));
            let label = ellipsis(&row.timing_text, 10.5, frame.right - x - 40.0);
            put!(
                self,
                "<path class=\"gantt-undated\" d=\"M{:.1} {middle:.1}h26\" stroke=\"{}\" stroke-width=\"1.6\" \
                 stroke-dasharray=\"4 3\" fill=\"none\"/><text class=\"gantt-soft\" x=\"{:.1}\" y=\"{:.1}\" \
                 font-size=\"10.5\" fill=\"{SOFT}\">{}</text>",
                x + 3.0,
                look.solid,
                x + 34.0,
                middle + 3.8,
                escape(&label)
            );
            return;
        };
        let x = self.x(frame, start);
        let end = self.x(frame, add(due, 1)).max(x + 2.0);
        let (width, top) = (end - x, middle - half);
        let visible = due >= self.span.from && start < self.span.end();
        if visible {
            // Lateness is a length too: from the deadline to today, or to the day it was accepted.
            let late_until = match row.timing {
                Timing::Overdue => Some(add(self.input.as_of.date(), 1)),
                Timing::DoneLate => row.done.map(|day| add(day, 1)),
                _ => None,
            };
            if let Some(until) = late_until {
                let stop = self.x(frame, until);
                if stop > end {
                    put!(
                        self,
                        "<rect class=\"gantt-late gantt-late-{class}\" x=\"{end:.1}\" y=\"{:.1}\" width=\"{:.1}\" \
                         height=\"{:.1}\" fill=\"url(#gantt-{class}-{n})\" stroke=\"{}\" \
                         stroke-width=\".8\" stroke-dasharray=\"2 1.5\"/>",
                        top + 1.5,
                        stop - end,
                        frame.bar - 3.0,
                        look.solid
                    );
                }
            }
            put!(
                self,
                "<rect class=\"gantt-bar gantt-bar-{class}\" x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" \
                 height=\"{}\" rx=\"2.5\" fill=\"url(#gantt-{class}-{n})\" stroke=\"{}\" stroke-width=\".9\"/>",
                frame.bar,
                look.solid
            );
            let filled = width * f64::from(row.percent.min(100)) / 100.0;
            if filled > 0.5 {
                put!(
                    self,
                    "<rect class=\"gantt-fill gantt-fill-{class}\" x=\"{x:.1}\" y=\"{top:.1}\" width=\"{filled:.1}\" \
                     height=\"{}\" rx=\"2.5\" fill=\"{}\"/>",
                    frame.bar,
                    look.solid
                );
            }
            if row.critical {
                put!(
                    self,
                    "<rect class=\"gantt-critical\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{}\" \
                     rx=\"4.5\" fill=\"none\" stroke=\"{ACCENT}\" stroke-width=\"1.5\"/>",
                    x - 2.5,
                    top - 2.5,
                    width + 5.0,
                    frame.bar + 5.0
                );
            }
        }
        if start < self.span.from && due >= self.span.from {
            self.chevron(frame.chart_left + 4.0, middle, -1.0, look.solid);
        }
        if due >= self.span.end() && start < self.span.end() {
            self.chevron(frame.right - 4.0, middle, 1.0, look.solid);
        }
        if let Some(original) = row.original_due.filter(|day| Some(*day) != row.due && self.shows(*day)) {
            let at = self.x(frame, add(original, 1));
            put!(
                self,
                "<path class=\"gantt-original\" d=\"M{at:.1} {:.1}l4.5 4.5l-4.5 4.5l-4.5 -4.5z\" fill=\"{PAPER}\" \
                 stroke=\"{INK}\" stroke-width=\"1.1\"/>",
                middle - 4.5
            );
        }
        if matches!(row.timing, Timing::Overdue | Timing::DueToday) && !row.timing_text.is_empty() {
            let after = match row.timing {
                Timing::Overdue => self.x(frame, add(self.input.as_of.date(), 1)).max(end),
                _ => end,
            };
            let outline = if row.critical { 4.0 } else { 0.0 };
            let size = if frame.paper { 10.0 } else { 11.0 };
            let text = measure(&row.timing_text, size);
            if after + 8.0 + text < frame.right {
                put!(
                    self,
                    "<text class=\"gantt-note gantt-note-{class}\" x=\"{:.1}\" y=\"{:.1}\" font-size=\"{size}\" \
                     font-weight=\"600\" fill=\"{}\" stroke=\"{PAPER}\" stroke-width=\"3\" \
                     stroke-linejoin=\"round\" paint-order=\"stroke\">{}</text>",
                    after + 7.0 + outline,
                    middle + size * 0.36,
                    look.solid,
                    escape(&row.timing_text)
                );
            }
        }
    }

    fn chevron(&mut self, x: f64, y: f64, way: f64, colour: &str) {
        put!(
            self,
            "<path d=\"M{:.1} {:.1}l{:.1} 4l{:.1} 4\" fill=\"none\" stroke=\"{PAPER}\" stroke-width=\"3.4\"/>\
             <path d=\"M{:.1} {:.1}l{:.1} 4l{:.1} 4\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\"/>",
            x,
            y - 4.0,
            4.0 * way,
            -4.0 * way,
            x,
            y - 4.0,
            4.0 * way,
            -4.0 * way
        );
    }

    /// The shape in front of a row; `r` is its radius.
    fn mark(&mut self, look: Look, x: f64, y: f64, r: f64) {
        let (solid, class) = (look.solid, look.class);
        put!(
            self,
            "<g class=\"gantt-mark gantt-mark-{class}\" stroke=\"{solid}\" fill=\"none\" stroke-width=\"1.7\" \
             stroke-linecap=\"round\" stroke-linejoin=\"round\">"
        );
        match look.mark {
            Mark::Ring => put!(self, "<circle cx=\"{x}\" cy=\"{y:.1}\" r=\"{:.1}\"/>", r - 0.8),
            Mark::Quarter => put!(
                self,
                "<circle cx=\"{x}\" cy=\"{y:.1}\" r=\"{:.1}\"/><path d=\"M{x} {y:.1}V{:.1}A{r2} {r2} 0 0 1 {:.1} {y:.1}z\" \
                 fill=\"{solid}\" stroke=\"none\"/>",
                r - 0.8,
                y - r + 0.8,
                x + r - 0.8,
                r2 = r - 0.8
            ),
            Mark::Disc => {
                put!(self, "<circle cx=\"{x}\" cy=\"{y:.1}\" r=\"{:.1}\" fill=\"{solid}\"/>", r - 0.8)
            }
            Mark::Triangle => put!(
                self,
                "<path d=\"M{x} {:.1}L{:.1} {:.1}H{:.1}z\" fill=\"{solid}\"/>",
                y - r + 0.6,
                x + r - 0.4,
                y + r - 1.4,
                x - r + 0.4
            ),
            Mark::Check | Mark::CheckRing | Mark::CheckBar => {
                put!(self, "<path d=\"M{:.1} {:.1}l2.8 2.9l5 -6.2\" stroke-width=\"2\"/>", x - 3.8, y + 0.2);
                if look.mark == Mark::CheckBar {
                    put!(self, "<path d=\"M{:.1} {:.1}h8.4\" stroke-width=\"1.4\"/>", x - 4.2, y + 6.2);
                }
                if look.mark == Mark::CheckRing {
                    put!(self, "<circle cx=\"{x}\" cy=\"{y:.1}\" r=\"6.6\" stroke-width=\".9\"/>");
                }
            }
            Mark::Pause => put!(
                self,
                "<path d=\"M{:.1} {:.1}v8M{:.1} {:.1}v8\" stroke-width=\"2\"/>",
                x - 2.2,
                y - 4.0,
                x + 2.2,
                y - 4.0
            ),
            Mark::Cross => put!(
                self,
                "<path d=\"M{:.1} {:.1}l7 7M{:.1} {:.1}l-7 7\"/>",
                x - 3.5,
                y - 3.5,
                x + 3.5,
                y - 3.5
            ),
            Mark::Dash => put!(self, "<path d=\"M{:.1} {y:.1}h8\" stroke-dasharray=\"2.4 2.8\"/>", x - 4.0),
        }
        self.out.push_str("</g>");
    }

    fn legend_entries(&self) -> Vec<(Key, String)> {
        let mut used = [false; 10];
        for row in &self.input.rows {
            used[look_index(row.timing)] = true;
        }
        let mut entries: Vec<(Key, String)> = LOOKS
            .iter()
            .zip(Timing::ALL)
            .zip(used)
            .filter(|(_, used)| *used)
            .map(|((look, timing), _)| (Key::Timing(*look), self.word(timing.key())))
            .collect();
        let rows = &self.input.rows;
        if !rows.is_empty() {
            entries.push((Key::Progress, self.word("gantt-legend-progress")));
        }
        if rows.iter().any(|row| row.critical) {
            entries.push((Key::Critical, self.word("gantt-legend-critical")));
        }
        if rows.iter().any(|row| row.original_due.is_some() && row.original_due != row.due) {
            entries.push((Key::Original, self.word("gantt-legend-original")));
        }
        if rows.iter().any(|row| row.baseline.is_some()) {
            entries.push((Key::Baseline, self.word("gantt-legend-baseline")));
        }
        if self.draws_links() {
            entries.push((Key::Link, self.word("gantt-legend-link")));
        }
        entries.push((Key::Off, self.word("gantt-legend-off")));
        entries
    }

    fn legend_layout(&self, frame: Frame) -> (Vec<(f64, f64, Key, String)>, f64) {
        let size = if frame.paper { 11.0 } else { 12.0 };
        let (mut x, mut y) = (frame.left, 0.0);
        let mut placed = Vec::new();
        for (key, label) in self.legend_entries() {
            let width = 30.0 + measure(&label, size) + 16.0;
            if x > frame.left && x + width - 16.0 > frame.right {
                x = frame.left;
                y += 21.0;
            }
            placed.push((x, y, key, label));
            x += width;
        }
        (placed, y + 21.0)
    }

    fn legend_height(&self, frame: Frame) -> f64 {
        let (_, height) = self.legend_layout(frame);
        height + if frame.paper { 20.0 } else { 40.0 }
    }

    fn legend(&mut self, frame: Frame) {
        let (placed, height) = self.legend_layout(frame);
        let base = if frame.paper { frame.height - 48.0 - height } else { self.body_bottom(frame) + 22.0 };
        let size = if frame.paper { 11.0 } else { 12.0 };
        let n = self.number;
        for (x, dy, key, label) in placed {
            let y = base + dy;
            let mid = x + 10.0;
            match key {
                Key::Timing(look) => {
                    self.mark(look, x + 6.0, y, 5.0);
                    put!(
                        self,
                        "<rect class=\"gantt-bar-{c}\" x=\"{:.1}\" y=\"{:.1}\" width=\"10\" height=\"10\" rx=\"2\" \
                         fill=\"url(#gantt-{c}-{n})\" stroke=\"{}\" stroke-width=\".9\"/>",
                        x + 14.5,
                        y - 5.0,
                        look.solid,
                        c = look.class
                    );
                }
                Key::Progress => put!(
                    self,
                    "<rect x=\"{x}\" y=\"{:.1}\" width=\"24\" height=\"10\" rx=\"2\" fill=\"{}\" stroke=\"{}\" \
                     stroke-width=\".9\"/><rect x=\"{x}\" y=\"{:.1}\" width=\"14\" height=\"10\" rx=\"2\" fill=\"{}\"/>",
                    y - 5.0,
                    LOOKS[0].tint,
                    LOOKS[0].solid,
                    y - 5.0,
                    LOOKS[0].solid
                ),
                Key::Critical => put!(
                    self,
                    "<rect class=\"gantt-critical\" x=\"{:.1}\" y=\"{:.1}\" width=\"22\" height=\"12\" rx=\"4\" \
                     fill=\"none\" stroke=\"{ACCENT}\" stroke-width=\"1.5\"/>",
                    x + 1.0,
                    y - 6.0
                ),
                Key::Original => put!(
                    self,
                    "<path class=\"gantt-original\" d=\"M{mid:.1} {:.1}l4.5 4.5l-4.5 4.5l-4.5 -4.5z\" \
                     fill=\"{PAPER}\" stroke=\"{INK}\" stroke-width=\"1.1\"/>",
                    y - 4.5
                ),
                Key::Baseline => put!(
                    self,
                    "<rect class=\"gantt-baseline\" x=\"{x}\" y=\"{:.1}\" width=\"24\" height=\"2.6\" fill=\"{LINK}\"/>",
                    y - 1.3
                ),
                Key::Link => put!(
                    self,
                    "<path class=\"gantt-link\" d=\"M{x} {y:.1}h18\" stroke=\"{LINK}\" stroke-width=\"1.1\" fill=\"none\"/>\
                     <path class=\"gantt-link-head\" d=\"M{:.1} {y:.1}l-6 -3.4v6.8z\" fill=\"{LINK}\"/>",
                    x + 23.0
                ),
                Key::Off => put!(
                    self,
                    "<rect class=\"gantt-off\" x=\"{:.1}\" y=\"{:.1}\" width=\"14\" height=\"14\" fill=\"{SHADE}\" \
                     stroke=\"{LINE}\" stroke-width=\".6\"/>",
                    x + 5.0,
                    y - 7.0
                ),
            }
            put!(
                self,
                "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{size}\">{}</text>",
                x + 30.0,
                y + size * 0.36,
                escape(&label)
            );
        }
        if frame.paper && self.number == self.total {
            let y = frame.height - 30.0;
            for (x, key) in
                [(frame.right - 560.0, "gantt-sign-prepared"), (frame.right - 270.0, "gantt-sign-approved")]
            {
                let caption = self.word(key);
                let after = x + measure(&caption, 11.0) + 6.0;
                put!(
                    self,
                    "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"11\" font-weight=\"600\">{}</text>\
                     <path d=\"M{after:.1} {:.1}H{:.1}\" stroke=\"{SOFT}\" stroke-width=\".8\" \
                     stroke-dasharray=\"1 2.4\" fill=\"none\"/>",
                    escape(&caption),
                    y + 1.0,
                    x + 270.0 - 20.0
                );
            }
        }
        if !frame.paper {
            let as_of = (self.words)("gantt-as-of", &[("at", &moment(self.input.as_of))]);
            put!(
                self,
                "<text class=\"gantt-soft\" x=\"{}\" y=\"{:.1}\" font-size=\"12\" fill=\"{SOFT}\">{}</text>",
                frame.left,
                base + height + 4.0,
                escape(&as_of)
            );
        }
    }
}

/// What a legend entry explains.
#[derive(Debug, Clone, Copy)]
enum Key {
    Timing(Look),
    Progress,
    Critical,
    Original,
    Baseline,
    Link,
    Off,
}

#[derive(Debug, Clone, Copy)]
struct Columns {
    code: f64,
    title: f64,
    unit: f64,
    due: f64,
}

fn group_height(row: f64, compact: bool) -> f64 {
    if compact { 30.0 } else { row }
}

/// Both ends of a bar; a task with only one date is drawn as one day.
fn dates(row: &GanttRow) -> Option<(Date, Date)> {
    let due = row.due?;
    let start = row.start.unwrap_or(due);
    Some((start.min(due), due))
}

/// An elbow with at most four corners that leaves and enters horizontally.
fn route(frame: Frame, a: Bar, b: Bar, out_right: bool, in_left: bool) -> String {
    let gap = if frame.compact { 4.0 } else { 6.0 };
    let (x0, y0) = (if out_right { a.end } else { a.start }, a.middle);
    let (x1, y1) = (if in_left { b.start } else { b.end }, b.middle);
    let turn = if out_right { x0 + gap } else { x0 - gap };
    let entry = if in_left { x1 - gap } else { x1 + gap };
    let direct = match (out_right, in_left) {
        (true, true) => entry >= turn - 1.0,
        (false, false) => entry <= turn + 1.0,
        _ => false,
    };
    if direct {
        format!("M{x0:.1} {y0:.1}H{turn:.1}V{y1:.1}H{x1:.1}")
    } else if out_right != in_left {
        let side = if out_right { turn.max(entry) } else { turn.min(entry) };
        format!("M{x0:.1} {y0:.1}H{side:.1}V{y1:.1}H{x1:.1}")
    } else {
        // Runs along the row boundary nearest to the successor.
        let lane = if y1 > y0 { y1 - frame.row / 2.0 } else { y1 + frame.row / 2.0 };
        format!("M{x0:.1} {y0:.1}H{turn:.1}V{lane:.1}H{entry:.1}V{y1:.1}H{x1:.1}")
    }
}

fn safe_href(href: &str) -> bool {
    (href.starts_with('/') && !href.starts_with("//") && !href.starts_with("/\\")) || href.starts_with('#')
}

/// Text made safe for SVG content and attributes; characters XML forbids are dropped.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// Approximate width of a text in Be Vietnam Pro, a little generous.
fn measure(text: &str, size: f64) -> f64 {
    let em: f64 = text
        .nfc()
        .map(|c| {
            let base = c.nfd().next().unwrap_or(c);
            match base {
                'i' | 'l' | 'j' | '.' | ',' | ';' | ':' | '\'' | '|' | '!' | 'I' => 0.27,
                'f' | 't' | 'r' | '(' | ')' | '/' | '-' | '[' | ']' => 0.38,
                ' ' => 0.26,
                'm' | 'w' => 0.88,
                'M' | 'W' => 0.92,
                '0'..='9' => 0.60,
                '%' | '–' | '—' | '…' | '→' => 0.85,
                c if c.is_uppercase() => 0.71,
                c if (c as u32) > 0x1eff => 1.0,
                _ => 0.585,
            }
        })
        .sum();
    em * size * 1.01
}

/// Cuts at a word where that loses little, otherwise at a letter, and marks the cut.
fn ellipsis(text: &str, size: f64, room: f64) -> String {
    let whole: String = text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    if measure(&whole, size) <= room {
        return whole;
    }
    let room = room - measure("…", size);
    let mut used = 0.0;
    let mut cut = String::new();
    let mut buffer = [0u8; 4];
    for c in whole.chars() {
        used += measure(c.encode_utf8(&mut buffer), size);
        if used > room {
            break;
        }
        cut.push(c);
    }
    if let Some(space) = cut.rfind(' ')
        && space * 10 >= cut.len() * 7
    {
        cut.truncate(space);
    }
    let kept = cut.trim_end_matches([' ', ',', ';', ':', '–', '-', '(']);
    format!("{kept}…")
}

fn date(day: Date) -> String {
    format_vn_date(day)
}

fn day_month(day: Date) -> String {
    format!("{:02}/{:02}", day.day(), day.month())
}

fn moment(at: DateTime) -> String {
    format!("{:02}:{:02} {}", at.hour(), at.minute(), date(at.date()))
}

/// Roman numeral of a stream, as in the official annex.
pub(crate) fn roman(number: usize) -> String {
    const PARTS: [(usize, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut left = number.min(3999);
    let mut out = String::new();
    for (value, text) in PARTS {
        while left >= value {
            out.push_str(text);
            left -= value;
        }
    }
    out
}
