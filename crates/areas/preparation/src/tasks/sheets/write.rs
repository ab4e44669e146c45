//! Writing: the plan as the official annex, ready to sign and ready to be read back.

use jiff::civil::{Date, DateTime};
use rules::count::Tally;
use rules::dates::Deadline;
use rules::state::TaskState;
use rules::timing::Timing;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatUnderline, Workbook,
    Worksheet, XlsxError,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    AnnexEntry, AnnexPlan, AnnexRow, Basis, FORMAT_VERSION, Field, Support, Words, as_of_text, clean,
};
use crate::tasks::gantt::roman;

/// Name of the hidden sheet.
pub(super) const META_SHEET: &str = "dienhong";

const FONT: &str = "Times New Roman";
/// Characters that Excel allows in a cell.
const CELL_LIMIT: usize = 32_767;

/// Why a workbook could not be written.
#[derive(Debug, Error)]
pub enum AnnexWriteError {
    /// A text is longer than a spreadsheet cell can hold.
    #[error("text of {length} characters in {code}")]
    TooLong {
        /// Code of the task.
        code: String,
        /// Characters.
        length: usize,
    },
    /// The library refused.
    #[error(transparent)]
    Sheet(#[from] XlsxError),
}

impl AnnexWriteError {
    /// Every key that [`AnnexWriteError::key`] can give.
    pub const KEYS: &'static [&'static str] = &["annex-write-too-long", "annex-write-failed"];

    /// Message key.
    pub fn key(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "annex-write-too-long",
            Self::Sheet(_) => "annex-write-failed",
        }
    }

    /// Message arguments.
    pub fn args(&self) -> rules::message::Args {
        use rules::message::Arg;
        match self {
            Self::TooLong { code, length } => vec![
                ("code", Arg::Text(code.clone())),
                ("length", Arg::Number(i64::try_from(*length).unwrap_or(i64::MAX))),
            ],
            Self::Sheet(_) => Vec::new(),
        }
    }
}

/// The exact form of the cells whose text could be cut in more than one way. It counts only while
/// the visible cell still says the same.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Exact {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supports: Vec<Support>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<Basis>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stub: bool,
}

impl Exact {
    fn of(row: &AnnexRow) -> Self {
        Self {
            lead: row.lead.clone(),
            supports: row.supports.clone(),
            basis: row.basis.clone(),
            evidence: row.evidence.clone(),
            stub: row.stub,
        }
    }

    pub(super) fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

pub(super) fn render_supports(supports: &[Support]) -> String {
    let one = |support: &Support| match &support.contribution {
        Some(contribution) => format!("{} ({contribution})", support.unit),
        None => support.unit.clone(),
    };
    supports.iter().map(one).collect::<Vec<_>>().join(";\n")
}

pub(super) fn render_basis(basis: &[Basis]) -> String {
    let one = |basis: &Basis| match &basis.clause {
        Some(clause) => format!("{}, {clause}", basis.document),
        None => basis.document.clone(),
    };
    basis.iter().map(one).collect::<Vec<_>>().join(";\n")
}

pub(super) fn render_list(items: &[String]) -> String {
    items.join(";\n")
}

/// The columns of an export: field, width in characters, printed or only kept to the right.
const COLUMNS: &[(Field, f64, bool)] = &[
    (Field::Number, 4.5, true),
    (Field::Code, 8.0, true),
    (Field::What, 30.0, true),
    (Field::Lead, 15.0, true),
    (Field::Supports, 19.0, true),
    (Field::Start, 11.0, true),
    (Field::Due, 11.0, true),
    (Field::Authority, 16.0, true),
    (Field::Accountable, 13.0, true),
    (Field::Result, 20.0, true),
    (Field::State, 10.0, true),
    (Field::Percent, 6.5, true),
    (Field::Derived, 11.0, true),
    (Field::Note, 10.0, true),
    (Field::Focal, 20.0, false),
    (Field::Approver, 20.0, false),
    (Field::Acceptor, 20.0, false),
    (Field::Criteria, 26.0, false),
    (Field::Evidence, 20.0, false),
    (Field::Basis, 22.0, false),
    (Field::Phase, 10.0, false),
    (Field::Domain, 14.0, false),
    (Field::Id, 4.0, false),
    (Field::Exact, 4.0, false),
];

fn printed() -> u16 {
    let count = COLUMNS.iter().filter(|(_, _, printed)| *printed).count();
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn column(field: Field) -> u16 {
    let at = COLUMNS.iter().position(|(f, _, _)| *f == field).unwrap_or(0);
    u16::try_from(at).unwrap_or(0)
}

/// Writes the plan as an annex.
///
/// Rows keep their order; a change of stream opens a new Roman group and numbering starts again.
/// Text is always written as text, so nothing a person typed can become a formula.
///
/// # Errors
/// [`AnnexWriteError`] when a text does not fit a cell.
pub fn write_annex(plan: &AnnexPlan, words: Words<'_>, as_of: DateTime) -> Result<Vec<u8>, AnnexWriteError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(
        1900.max(as_of.year().unsigned_abs()),
        unsigned(as_of.month()),
        unsigned(as_of.day()),
    )?
    .and_hms(u16::from(unsigned(as_of.hour())), unsigned(as_of.minute()), 0)?;
    let title: String = clean(&plan.title).chars().take(200).collect();
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&created));

    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(&words("annex-sheet", &[])))?;
    let styles = Styles::new();
    page(sheet)?;
    let header = title_block(sheet, plan, words, as_of, &styles)?;
    headings(sheet, header, words, &styles)?;
    let body = header + 2;
    let end = rows(sheet, body, plan, words, &styles)?;
    tail(sheet, end, plan, words, as_of, &styles)?;
    sheet.set_repeat_rows(header, header + 1)?;
    sheet.set_freeze_panes(body, 3)?;
    sheet.set_print_area(0, 0, end + 3, printed() - 1)?;
    sheet.set_footer("&C&\"Times New Roman,Regular\"&10&P/&N");

    let meta = book.add_worksheet();
    meta.set_name(META_SHEET)?;
    meta.set_very_hidden(true);
    hidden(meta, words)?;
    Ok(book.save_to_buffer()?)
}

fn unsigned(value: i8) -> u8 {
    value.unsigned_abs()
}

/// Excel forbids some characters and more than 31 of any.
fn sheet_name(text: &str) -> String {
    let name: String = clean(text)
        .chars()
        .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'' | '\n'))
        .take(31)
        .collect();
    if name.trim().is_empty() { "1".to_owned() } else { name }
}

struct Styles {
    small: Format,
    body: Format,
    star: Format,
    party: Format,
    title: Format,
    subtitle: Format,
    head: Format,
    number: Format,
    group: Format,
    group_number: Format,
    text: Format,
    quoted: Format,
    centre: Format,
    bold: Format,
    bold_quoted: Format,
    day: Format,
    hour: Format,
    percent: Format,
    plain: Format,
    counts: Format,
    machine: Format,
    lights: Vec<(Timing, Format)>,
}

impl Styles {
    fn new() -> Self {
        let base = || Format::new().set_font_name(FONT).set_font_size(12);
        let cell = || {
            base()
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0x0040_4040))
                .set_text_wrap()
                .set_align(FormatAlign::Top)
        };
        let centre = || cell().set_align(FormatAlign::Center);
        let narrow = || {
            base()
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0x0040_4040))
                .set_align(FormatAlign::Top)
                .set_align(FormatAlign::Center)
                .set_shrink()
        };
        let group = || {
            cell()
                .set_bold()
                .set_background_color(Color::RGB(0x00F2_EFE9))
                .set_align(FormatAlign::VerticalCenter)
        };
        let light = |timing: Timing| {
            let colour = match timing {
                Timing::NotYet => 0x002F_6699,
                Timing::DueSoon => 0x008A_5E00,
                Timing::DueToday => 0x00B0_4A06,
                Timing::Overdue => 0x00B3_202A,
                Timing::DoneEarly => 0x002C_7A4B,
                Timing::DoneOnTime => 0x003F_7F59,
                Timing::DoneLate => 0x007A_5230,
                Timing::Paused | Timing::Cancelled | Timing::Undated => 0x005F_5A54,
            };
            let format = cell().set_font_color(Color::RGB(colour));
            if timing == Timing::Overdue { format.set_bold() } else { format }
        };
        Self {
            small: base().set_align(FormatAlign::Center),
            body: base().set_bold().set_align(FormatAlign::Center),
            star: base().set_align(FormatAlign::Center),
            party: base()
                .set_font_size(13)
                .set_bold()
                .set_underline(FormatUnderline::Single)
                .set_align(FormatAlign::Center),
            title: base().set_font_size(14).set_bold().set_align(FormatAlign::Center).set_text_wrap(),
            subtitle: base().set_italic().set_align(FormatAlign::Center),
            head: centre()
                .set_bold()
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(Color::RGB(0x00E9_E4DA)),
            number: centre().set_font_size(9).set_italic(),
            group: group(),
            group_number: group().set_align(FormatAlign::Center),
            text: cell(),
            quoted: cell().set_quote_prefix(),
            centre: centre(),
            bold: cell().set_bold(),
            bold_quoted: cell().set_bold().set_quote_prefix(),
            day: centre().set_num_format("dd/mm/yyyy"),
            // A number does not wrap; shrinking keeps it from turning into ####.
            hour: narrow().set_num_format("hh:mm dd/mm/yyyy"),
            percent: centre().set_num_format("0%"),
            plain: base(),
            counts: base().set_bold(),
            machine: Format::new()
                .set_font_name(FONT)
                .set_font_size(8)
                .set_font_color(Color::RGB(0x0080_8080)),
            lights: Timing::ALL.into_iter().map(|timing| (timing, light(timing))).collect(),
        }
    }

    fn light(&self, timing: Timing) -> &Format {
        self.lights.iter().find(|(t, _)| *t == timing).map_or(&self.text, |(_, format)| format)
    }
}

/// A4 landscape, one page wide, margins of the Party layout.
fn page(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    let inch = |mm: f64| mm / 25.4;
    sheet.set_margins(inch(20.0), inch(15.0), inch(20.0), inch(20.0), inch(10.0), inch(10.0));
    sheet.set_print_center_horizontally(true);
    for (at, (_, width, printed)) in COLUMNS.iter().enumerate() {
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        sheet.set_column_width(at, *width)?;
        if !printed {
            sheet.set_column_hidden(at)?;
        }
    }
    Ok(())
}

/// The lines above the table; gives the row of the headings.
fn title_block(
    sheet: &mut Worksheet,
    plan: &AnnexPlan,
    words: Words<'_>,
    as_of: DateTime,
    styles: &Styles,
) -> Result<u32, AnnexWriteError> {
    let last = printed() - 1;
    let line = |sheet: &mut Worksheet, row: u32, from: u16, to: u16, text: &str, format: &Format| {
        let text: String = clean(text).chars().take(1000).collect();
        sheet.merge_range(row, from, row, to, &text, format).map(|_| ())
    };
    line(sheet, 0, 0, 3, &plan.parent_body, &styles.small)?;
    line(sheet, 1, 0, 3, &plan.body, &styles.body)?;
    line(sheet, 2, 0, 3, "*", &styles.star)?;
    line(sheet, 0, 8, last, &words("annex-party", &[]), &styles.party)?;
    line(sheet, 4, 0, last, &words("annex-title", &[]), &styles.title)?;
    line(sheet, 5, 0, last, &plan.title, &styles.title)?;
    let as_of = as_of_text(as_of);
    let under = if plan.attached_to.trim().is_empty() {
        words("annex-as-of", &[("at", &as_of)])
    } else {
        words("annex-attached", &[("document", plan.attached_to.trim()), ("at", &as_of)])
    };
    line(sheet, 6, 0, last, &under, &styles.subtitle)?;
    sheet.set_row_height(5, 20)?;
    Ok(8)
}

/// Headings and, below, the column numbers that official tables carry.
fn headings(
    sheet: &mut Worksheet,
    row: u32,
    words: Words<'_>,
    styles: &Styles,
) -> Result<(), AnnexWriteError> {
    sheet.set_row_height(row, 34)?;
    for (at, (field, _, printed)) in COLUMNS.iter().enumerate() {
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        let caption = heading(*field, words);
        sheet.write_string_with_format(row, at, &caption, &styles.head)?;
        if *printed {
            sheet.write_string_with_format(row + 1, at, format!("({})", at + 1), &styles.number)?;
        }
    }
    Ok(())
}

fn heading(field: Field, words: Words<'_>) -> String {
    match field {
        Field::Id => "dienhong-id".to_owned(),
        Field::Exact => "dienhong-exact".to_owned(),
        other => clean(&words(other.key(), &[])),
    }
}

fn rows(
    sheet: &mut Worksheet,
    mut row: u32,
    plan: &AnnexPlan,
    words: Words<'_>,
    styles: &Styles,
) -> Result<u32, AnnexWriteError> {
    let mut group: Option<Option<String>> = None;
    let mut groups = 0usize;
    let mut number = 0u32;
    for entry in &plan.entries {
        let task = entry.row.clone().normalised();
        // A plan without any stream needs no headings.
        if group.as_ref() != Some(&task.stream) && !(group.is_none() && task.stream.is_none()) {
            groups += 1;
            number = 0;
            let name = task.stream.clone().unwrap_or_else(|| words("annex-no-stream", &[]));
            sheet.write_string_with_format(row, 0, roman(groups), &styles.group_number)?;
            sheet.merge_range(row, 1, row, printed() - 1, "", &styles.group)?;
            sheet.write_string_with_format(row, 1, limited(&name, "")?, &styles.group)?;
            row += 1;
        }
        group = Some(task.stream.clone());
        number += 1;
        task_row(sheet, row, number, &task, entry, words, styles)?;
        row += 1;
    }
    Ok(row)
}

fn limited<'a>(text: &'a str, code: &str) -> Result<&'a str, AnnexWriteError> {
    let length = text.chars().count();
    // Escapes of the format may lengthen a text a little; stay well below the limit.
    if length > CELL_LIMIT - 1_000 {
        return Err(AnnexWriteError::TooLong { code: code.to_owned(), length });
    }
    Ok(text)
}

fn task_row(
    sheet: &mut Worksheet,
    row: u32,
    number: u32,
    task: &AnnexRow,
    entry: &AnnexEntry,
    words: Words<'_>,
    styles: &Styles,
) -> Result<(), AnnexWriteError> {
    let code = task.code.clone().unwrap_or_default();
    let put = |sheet: &mut Worksheet, field: Field, text: &str| -> Result<(), AnnexWriteError> {
        let at = column(field);
        let centred = matches!(field, Field::Code | Field::State);
        let quoted = text.starts_with(['=', '+', '-', '@']);
        let format = match field {
            Field::Lead if quoted => &styles.bold_quoted,
            Field::Lead => &styles.bold,
            _ if quoted => &styles.quoted,
            _ if centred => &styles.centre,
            _ => &styles.text,
        };
        if text.is_empty() {
            sheet.write_blank(row, at, format)?;
        } else {
            sheet.write_string_with_format(row, at, limited(text, &code)?, format)?;
        }
        Ok(())
    };
    sheet.write_number_with_format(row, 0, number, &styles.centre)?;
    if let Some(id) = task.id {
        sheet.write_string_with_format(row, column(Field::Id), id.to_string(), &styles.machine)?;
    }
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    put(sheet, Field::Code, &code)?;
    if task.stub {
        // Nothing of a classified task leaves the register but its code.
        for (field, _, printed) in COLUMNS {
            if *printed && !matches!(field, Field::Number | Field::Code | Field::What) {
                put(sheet, *field, "")?;
            }
        }
        put(sheet, Field::What, &words("annex-redacted", &[]))?;
        let exact = serde_json::to_string(&Exact { stub: true, ..Exact::default() }).unwrap_or_default();
        sheet.write_string_with_format(row, column(Field::Exact), exact, &styles.machine)?;
        return Ok(());
    }
    put(sheet, Field::What, &task.what)?;
    put(sheet, Field::Lead, &text(&task.lead))?;
    put(sheet, Field::Supports, &render_supports(&task.supports))?;
    put(sheet, Field::Authority, &text(&task.authority))?;
    put(sheet, Field::Accountable, &text(&task.accountable))?;
    put(sheet, Field::Result, &text(&task.result))?;
    put(sheet, Field::Note, &text(&task.note))?;
    put(sheet, Field::Focal, &text(&task.focal))?;
    put(sheet, Field::Approver, &text(&task.approver))?;
    put(sheet, Field::Acceptor, &text(&task.acceptor))?;
    put(sheet, Field::Criteria, &text(&task.criteria))?;
    put(sheet, Field::Evidence, &render_list(&task.evidence))?;
    put(sheet, Field::Basis, &render_basis(&task.basis))?;
    put(sheet, Field::Phase, &text(&task.phase))?;
    put(sheet, Field::Domain, &text(&task.domain))?;
    date_cell(sheet, row, column(Field::Start), task.start.map(Deadline::on), styles)?;
    date_cell(sheet, row, column(Field::Due), task.due, styles)?;
    let state = task.state.map(|state| words(state.key(), &[])).unwrap_or_default();
    put(sheet, Field::State, &state)?;
    match task.percent {
        Some(percent) => {
            sheet.write_number_with_format(
                row,
                column(Field::Percent),
                f64::from(percent) / 100.0,
                &styles.percent,
            )?;
        }
        None => {
            sheet.write_blank(row, column(Field::Percent), &styles.percent)?;
        }
    }
    let light = clean(&entry.timing_text);
    let light = if light.is_empty() { words(entry.timing.key(), &[]) } else { light };
    let shown = format!("{} {light}", mark(entry.timing));
    sheet.write_string_with_format(
        row,
        column(Field::Derived),
        limited(&shown, &code)?,
        styles.light(entry.timing),
    )?;
    let exact = serde_json::to_string(&Exact::of(task)).unwrap_or_default();
    if exact.chars().count() < CELL_LIMIT - 1_000 && exact != "{}" {
        sheet.write_string_with_format(row, column(Field::Exact), exact, &styles.machine)?;
    }
    Ok(())
}

/// The sign that stands for a timing beside its colour and its words.
fn mark(timing: Timing) -> &'static str {
    match timing {
        Timing::NotYet => "○",
        Timing::DueSoon => "◔",
        Timing::DueToday => "●",
        Timing::Overdue => "▲",
        Timing::DoneEarly | Timing::DoneOnTime | Timing::DoneLate => "✔",
        Timing::Paused => "‖",
        Timing::Cancelled => "✕",
        Timing::Undated => "–",
    }
}

/// A real date where a spreadsheet can hold it; text otherwise.
fn date_cell(
    sheet: &mut Worksheet,
    row: u32,
    at: u16,
    deadline: Option<Deadline>,
    styles: &Styles,
) -> Result<(), AnnexWriteError> {
    let Some(deadline) = deadline else {
        sheet.write_blank(row, at, &styles.day)?;
        return Ok(());
    };
    let midnight = deadline.time.is_some_and(|t| t.hour() == 0 && t.minute() == 0);
    match serial(deadline.date) {
        Some(day) if !midnight => match deadline.time {
            None => sheet.write_datetime_with_format(row, at, &day, &styles.day)?,
            Some(time) => {
                let moment = day.and_hms(u16::from(unsigned(time.hour())), unsigned(time.minute()), 0)?;
                sheet.write_datetime_with_format(row, at, &moment, &styles.hour)?
            }
        },
        _ => sheet.write_string_with_format(row, at, deadline.format_vn(), &styles.centre)?,
    };
    Ok(())
}

fn serial(date: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok()?;
    ExcelDateTime::from_ymd(year, unsigned(date.month()), unsigned(date.day())).ok()
}

/// Counts with their denominators, and what the signs mean.
fn tail(
    sheet: &mut Worksheet,
    row: u32,
    plan: &AnnexPlan,
    words: Words<'_>,
    as_of: DateTime,
    styles: &Styles,
) -> Result<(), AnnexWriteError> {
    sheet.write_string_with_format(row, column(Field::Id), "end", &styles.machine)?;
    let tally: Tally = plan.entries.iter().map(|entry| entry.timing).collect();
    let numbers: Vec<(&str, String)> = vec![
        ("total", tally.total.to_string()),
        ("done", tally.done.total().to_string()),
        ("early", tally.done.early.to_string()),
        ("ontime", tally.done.on_time.to_string()),
        ("late", tally.done.late.to_string()),
        ("open", tally.open.total().to_string()),
        ("overdue", tally.open.overdue.to_string()),
        ("today", tally.open.due_today.to_string()),
        ("soon", tally.open.due_soon.to_string()),
        ("notyet", tally.open.not_yet.to_string()),
        ("paused", tally.open.paused.to_string()),
        ("undated", tally.open.undated.to_string()),
        ("cancelled", tally.cancelled.to_string()),
        ("at", as_of_text(as_of)),
    ];
    let args: Vec<(&str, &str)> = numbers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    sheet.write_string_with_format(row + 1, 0, words("annex-counts", &args), &styles.counts)?;
    let signs: Vec<String> = Timing::ALL
        .into_iter()
        .filter(|timing| tally.of(*timing) > 0)
        .map(|timing| format!("{} {}", mark(timing), words(timing.key(), &[])))
        .collect();
    let legend = words("annex-legend", &[("signs", &signs.join("   "))]);
    sheet.write_string_with_format(row + 2, 0, legend, &styles.plain)?;
    sheet.write_string_with_format(
        row + 3,
        0,
        words("annex-as-of", &[("at", &as_of_text(as_of))]),
        &styles.plain,
    )?;
    Ok(())
}

/// What a later reading needs to know, whatever the language of the captions.
fn hidden(sheet: &mut Worksheet, words: Words<'_>) -> Result<(), XlsxError> {
    let mut lines: Vec<[String; 3]> = vec![["format".into(), FORMAT_VERSION.to_string(), String::new()]];
    for (field, _, _) in COLUMNS {
        lines.push(["heading".into(), heading(*field, words), field.as_str().into()]);
    }
    for state in TaskState::ALL {
        lines.push(["state".into(), clean(&words(state.key(), &[])), state.as_str().into()]);
    }
    lines.push(["redacted".into(), clean(&words("annex-redacted", &[])), String::new()]);
    lines.push(["no-stream".into(), clean(&words("annex-no-stream", &[])), String::new()]);
    for (row, line) in lines.iter().enumerate() {
        let row = u32::try_from(row).unwrap_or(0);
        for (column, text) in line.iter().enumerate() {
            if !text.is_empty() {
                sheet.write_string(row, u16::try_from(column).unwrap_or(0), text)?;
            }
        }
    }
    Ok(())
}
