//! The roll as a table that goes out and can come back: XLSX and CSV.

use jiff::civil::Date;
use platform::i18n::Lang;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

use super::vocabulary::{Column, Worded as _, yes};
use crate::delegates::model::{Private, Profile, Sight, Status};

/// One line that goes out.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// The code; empty while there is none.
    pub code: &'a str,
    /// What the office keeps.
    pub profile: &'a Profile,
    /// Restricted columns, already cut to what may be seen.
    pub private: &'a Private,
    /// The name of the unit.
    pub delegation: &'a str,
    /// How they stand to the summons.
    pub status: Option<Status>,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A day.
    Day(Date),
    /// A whole number.
    Number(u32),
}

impl Cell {
    /// As it is read.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Day(day) => rules::dates::format_vn_date(*day),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// The columns that go out to an office with this sight.
pub fn columns(sight: Sight) -> Vec<Column> {
    Column::OUT
        .iter()
        .copied()
        .filter(|column| {
            (sight.restricted || !column.is_restricted()) && (sight.contacts || !column.is_contact())
        })
        .collect()
}

/// What stands in a column of a line.
pub fn cell(column: Column, line: &Line<'_>, lang: Lang) -> Cell {
    let (profile, private) = (line.profile, line.private);
    let day = |day: Option<Date>| day.map_or_else(|| Cell::Text(String::new()), Cell::Day);
    let number = |number: Option<u32>| number.map_or_else(|| Cell::Text(String::new()), Cell::Number);
    let text = |text: &str| Cell::Text(text.to_owned());
    match column {
        Column::Code => text(line.code),
        Column::Name => text(&profile.name),
        Column::Category => text(profile.category.map_or("", |one| one.word(lang))),
        Column::Sex => text(profile.sex.map_or("", |one| one.word(lang))),
        Column::Born => day(profile.born),
        Column::Position => text(&profile.position),
        Column::Delegation => text(line.delegation),
        Column::Standing => text(profile.standing.map_or("", |one| one.word(lang))),
        Column::Alternate => text(yes(profile.alternate, lang)),
        Column::Group => number(profile.group_no.map(u32::from)),
        Column::GroupRole => text(profile.group_role.map_or("", |one| one.word(lang))),
        Column::Organ => text(profile.organ.map_or("", |one| one.word(lang))),
        Column::Joined => day(profile.joined),
        Column::Official => day(profile.official),
        Column::Schooling => text(&profile.schooling),
        Column::Qualification => text(&profile.qualification),
        Column::AcademicTitle => text(&profile.academic_title),
        Column::Theory => text(&profile.theory),
        Column::Occupation => text(&profile.occupation),
        Column::PartyBadge => number(profile.party_badge.map(u32::from)),
        Column::Awards => text(&profile.awards),
        Column::Diet => text(&profile.diet),
        Column::Mobility => text(&profile.mobility),
        Column::LargeText => text(yes(profile.large_text, lang)),
        Column::Status => text(line.status.map_or("", |one| one.word(lang))),
        Column::Ethnicity => text(&private.ethnicity),
        Column::Religion => text(&private.religion),
        Column::Health => text(&private.health),
        Column::Discipline => text(&private.discipline),
        Column::Phone => text(&private.phone),
        Column::Email => text(&private.email),
        // The number is kept nowhere, so it can go nowhere; parts of a name are one column here.
        Column::Citizen | Column::Family | Column::Given => text(""),
    }
}

/// A workbook with one sheet. Texts are written as texts, so that none is ever a formula.
///
/// # Errors
/// [`XlsxError`] when a cell does not fit.
pub fn xlsx(heads: &[String], rows: &[Vec<Cell>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    let days = Format::new().set_num_format("dd/mm/yyyy");
    for (place, head) in (0_u16..).zip(heads) {
        sheet.write_string_with_format(0, place, head, &bold)?;
        let width = (head.chars().count() + 2).clamp(10, 32);
        sheet.set_column_width(place, u32::try_from(width).unwrap_or(10))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (at, row) in (1_u32..).zip(rows) {
        for (place, cell) in (0_u16..).zip(row) {
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    sheet.write_string(at, place, text)?;
                }
                Cell::Number(number) => {
                    sheet.write_number(at, place, *number)?;
                }
                Cell::Day(day) => match serial(*day) {
                    Some(serial) => {
                        sheet.write_datetime_with_format(at, place, &serial, &days)?;
                    }
                    // Sheets begin with 1900.
                    None => {
                        sheet.write_string(at, place, cell.text())?;
                    }
                },
            }
        }
    }
    let last = u16::try_from(heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
    if !rows.is_empty() {
        sheet.autofilter(0, 0, u32::try_from(rows.len()).unwrap_or(u32::MAX), last)?;
    }
    book.save_to_buffer()
}

fn serial(day: Date) -> Option<ExcelDateTime> {
    let part = |number: i8| u8::try_from(number).ok();
    ExcelDateTime::from_ymd(u16::try_from(day.year()).ok()?, part(day.month())?, part(day.day())?).ok()
}

/// The first letters with which a spreadsheet takes a text for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Whether CSV keeps a text apart by one apostrophe more: what looks like a formula, and what already has
/// apostrophes before one, so that taking one away always gives back what was written.
pub(super) fn is_kept_apart(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// The same rows as CSV, with the mark that spreadsheets need to read UTF-8. What could be taken for a formula gets
/// an apostrophe, which the import takes away again.
pub fn csv(heads: &[String], rows: &[Vec<Cell>]) -> String {
    let mut out = String::from("\u{feff}");
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        for (at, text) in cells.enumerate() {
            if at > 0 {
                out.push(',');
            }
            let text = if is_kept_apart(&text) { format!("'{text}") } else { text };
            if text.contains([',', '"', '\n', '\r', ';', '\t']) || text.starts_with('\'') {
                out.push('"');
                out.push_str(&text.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(&text);
            }
        }
        out.push_str("\r\n");
    };
    line(&mut heads.iter().cloned());
    for row in rows {
        line(&mut row.iter().map(Cell::text));
    }
    out
}

/// Headings and rows of lines.
pub fn table(lines: &[Line<'_>], sight: Sight, lang: Lang) -> (Vec<String>, Vec<Vec<Cell>>) {
    let columns = columns(sight);
    let heads = columns.iter().map(|column| column.heading(lang).to_owned()).collect();
    let rows =
        lines.iter().map(|line| columns.iter().map(|column| cell(*column, line, lang)).collect()).collect();
    (heads, rows)
}
