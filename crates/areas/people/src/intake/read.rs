//! Foreign bytes → headings and rows of text. What cannot be read as a whole is refused with a sentence; what is
//! wrong in a cell is kept and said later, with everything else.
//!
//! Known are our own table in either language with its many spellings, the order positions of pretix (CSV and the
//! two JSON lists) and the registrations of Indico (CSV).

use std::{
    collections::HashMap,
    io::{Cursor, Read as _},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use jiff::{ToSpan as _, civil::date};
use platform::{
    i18n::{IntoArg as _, key},
    names,
    web::AppError,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::vocabulary::{Column, column, plain};
use crate::delegates::{clean, model::Sight, store::citizen_mac};

/// The most bytes of an upload: 10 MB.
pub const MOST_BYTES: usize = 10 << 20;
/// The most people in one file.
pub const MOST_ROWS: usize = 10_000;
/// The most columns.
pub const MOST_COLUMNS: usize = 120;
/// The longest cell, in characters.
pub const LONGEST_CELL: usize = 2_000;
/// The most bytes that a workbook may hold unpacked.
const UNPACKED: u64 = 160 << 20;
/// How often a part may be larger than packed; a list of people compresses twenty times, a bomb a thousand.
const RATIO: u64 = 150;
const RATIO_FROM: u64 = 1 << 20;
const PARTS: usize = 500;
/// Rows searched for the headings.
const HEAD_WITHIN: usize = 30;

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    /// No bytes.
    #[error("empty")]
    Empty,
    /// More than [`MOST_BYTES`].
    #[error("too large")]
    TooLarge,
    /// The binary format of old.
    #[error("old format")]
    Legacy,
    /// Protected by a password.
    #[error("protected")]
    Protected,
    /// Neither workbook nor text.
    #[error("no table")]
    NotATable,
    /// Text, but not in UTF-8.
    #[error("not UTF-8")]
    Encoding,
    /// Broken.
    #[error("damaged")]
    Damaged,
    /// Unpacks to far more than a list of people.
    #[error("bomb")]
    Bomb,
    /// Has macros or entities.
    #[error("unsafe")]
    Unsafe,
    /// More than [`MOST_ROWS`].
    #[error("too many rows")]
    TooManyRows,
    /// More than [`MOST_COLUMNS`].
    #[error("too many columns")]
    TooManyColumns,
    /// No row has a heading for names.
    #[error("no headings")]
    NoHeadings,
    /// Nobody below the headings.
    #[error("nobody")]
    Nobody,
}

impl ReadError {
    /// The key of its sentence.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Empty => key("intake-refused-empty"),
            Self::TooLarge => key("intake-refused-large"),
            Self::Legacy => key("intake-refused-legacy"),
            Self::Protected => key("intake-refused-protected"),
            Self::NotATable => key("intake-refused-no-table"),
            Self::Encoding => key("intake-refused-encoding"),
            Self::Damaged => key("intake-refused-damaged"),
            Self::Bomb => key("intake-refused-bomb"),
            Self::Unsafe => key("intake-refused-unsafe"),
            Self::TooManyRows => key("intake-refused-rows"),
            Self::TooManyColumns => key("intake-refused-columns"),
            Self::NoHeadings => key("intake-refused-headings"),
            Self::Nobody => key("intake-refused-nobody"),
        }
    }

    /// The sentence in a language.
    pub fn sentence(&self, lang: platform::i18n::Lang) -> String {
        platform::i18n::tr(lang, self.key(), &[("limit", self.limit().arg())])
    }

    fn limit(&self) -> i64 {
        let limit = match self {
            Self::TooLarge => MOST_BYTES >> 20,
            Self::TooManyRows => MOST_ROWS,
            Self::TooManyColumns => MOST_COLUMNS,
            _ => 0,
        };
        i64::try_from(limit).unwrap_or(0)
    }
}

impl From<ReadError> for AppError {
    fn from(error: ReadError) -> Self {
        let out = if error == ReadError::TooLarge { Self::too_large() } else { Self::invalid(Vec::new()) };
        out.because(error.key()).with("limit", error.limit()).slug("table")
    }
}

names! {
    /// Whose table it is.
    Source {
        /// A list of people, ours or an office's.
        Roll = "danh_sach",
        /// Order positions of pretix.
        Pretix = "pretix",
        /// Registrations of Indico.
        Indico = "indico",
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// Text; empty for nothing.
    Text(String),
    /// More than [`LONGEST_CELL`] characters.
    Long {
        /// How many.
        long: usize,
    },
    /// An error of a formula.
    Fault {
        /// Its code.
        fault: String,
    },
    /// The number of an identity card under the congress's key, in hexadecimal.
    Card {
        /// The code.
        card: String,
    },
    /// What should be such a number and is not.
    BadCard {
        /// How many characters it had.
        bad: usize,
    },
}

impl Cell {
    /// Its text; empty for everything else.
    pub fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }

    /// What is shown of it.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Fault { fault } => fault.clone(),
            Self::Long { .. } => "…".to_owned(),
            Self::Card { .. } | Self::BadCard { .. } => "***".to_owned(),
        }
    }
}

/// A column that is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// What it means.
    pub column: Column,
    /// Its letters in the sheet.
    pub letters: String,
    /// Its heading as written.
    pub words: String,
}

/// A row that is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its number in the file, from 1.
    pub row: u32,
    /// What the other system calls it; empty for our own tables.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub outer: String,
    /// One cell for each head.
    pub cells: Vec<Cell>,
}

/// A file as it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Whose table it is.
    pub source: Source,
    /// The sheet; empty for text.
    pub sheet: String,
    /// Columns that are read.
    pub heads: Vec<Head>,
    /// Headings that mean nothing here.
    pub unknown: Vec<String>,
    /// Headings of columns that this office may not write.
    pub withheld: Vec<String>,
    /// Rows that are no people: lines between blocks, cancelled registrations.
    pub passed: Vec<(u32, String)>,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Reading {
    /// Takes away what an office may not write, before anything is kept or shown.
    pub fn withhold(&mut self, may: Sight) {
        let kept: Vec<bool> = self
            .heads
            .iter()
            .map(|head| {
                (may.restricted || !head.column.is_restricted())
                    && (may.contacts || !head.column.is_contact())
            })
            .collect();
        for (head, kept) in self.heads.iter().zip(&kept) {
            if !kept {
                self.withheld.push(head.words.clone());
            }
        }
        let keeps = |at: usize| kept.get(at).copied().unwrap_or(false);
        let mut at = 0;
        self.heads.retain(|_| {
            at += 1;
            keeps(at - 1)
        });
        for row in &mut self.rows {
            let mut at = 0;
            row.cells.retain(|_| {
                at += 1;
                keeps(at - 1)
            });
        }
    }

    /// Whether numbers of identity cards are in it.
    pub fn has_cards(&self) -> bool {
        self.heads.iter().any(|head| head.column == Column::Citizen)
    }

    /// Puts numbers of identity cards under the congress's key. The numbers themselves are gone afterwards.
    pub fn seal(&mut self, key: &[u8; 32]) {
        let Some(at) = self.heads.iter().position(|head| head.column == Column::Citizen) else { return };
        for row in &mut self.rows {
            let Some(cell) = row.cells.get_mut(at) else { continue };
            let sealed = match cell {
                Cell::Text(text) => match clean::citizen(text) {
                    Ok(None) => continue,
                    Ok(Some(digits)) => Cell::Card { card: platform::hex(&citizen_mac(key, &digits)) },
                    Err(_) => Cell::BadCard { bad: text.chars().count() },
                },
                _ => continue,
            };
            *cell = sealed;
        }
    }
}

/// Reads a file. The numbers of identity cards are still in it: [`Reading::seal`] it at once.
///
/// # Errors
/// [`ReadError`].
pub fn read(bytes: &[u8]) -> Result<Reading, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.len() > MOST_BYTES {
        return Err(ReadError::TooLarge);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let protected = bytes.windows(name.len()).any(|window| window == name);
        return Err(if protected { ReadError::Protected } else { ReadError::Legacy });
    }
    if bytes.starts_with(b"PK") {
        unpack(bytes)?;
        // The parser is not ours: should it panic on a file made to break it, the file is damaged.
        let sheets = catch_unwind(AssertUnwindSafe(|| workbook(bytes))).unwrap_or(Err(ReadError::Damaged))?;
        return choose(sheets);
    }
    let text = text(bytes)?;
    if text.trim_start().starts_with(['[', '{']) {
        return choose(vec![("JSON".to_owned(), json(text)?)]);
    }
    choose(vec![(String::new(), csv(text)?)])
}

fn text(bytes: &[u8]) -> Result<&str, ReadError> {
    let bare = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bare.starts_with(b"\xff\xfe") || bare.starts_with(b"\xfe\xff") {
        return Err(ReadError::Encoding);
    }
    match std::str::from_utf8(bare) {
        // Text in UTF-16 without its mark is full of zeros.
        Ok(text) if text.contains('\0') => {
            Err(if text.chars().filter(char::is_ascii_alphabetic).count() > 4 && !text.contains('\u{1}') {
                ReadError::Encoding
            } else {
                ReadError::NotATable
            })
        }
        Ok(text) if text.trim().is_empty() => Err(ReadError::Empty),
        Ok(text) => Ok(text),
        Err(_) => {
            let binary = bare.iter().take(4096).filter(|b| **b < 9 || (**b > 13 && **b < 32)).count();
            Err(if binary > 0 { ReadError::NotATable } else { ReadError::Encoding })
        }
    }
}

/// Looks through the parts of a workbook before anything parses them.
fn unpack(bytes: &[u8]) -> Result<(), ReadError> {
    let damaged = |_| ReadError::Damaged;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > PARTS {
        return Err(ReadError::Bomb);
    }
    let (mut total, mut book) = (0_u64, false);
    let too_large = |size: u64, packed: u64, total: u64| {
        total > UNPACKED || (size > RATIO_FROM && size / packed.max(1) > RATIO)
    };
    for index in 0..archive.len() {
        let raw = archive.by_index_raw(index).map_err(damaged)?;
        if raw.encrypted() {
            return Err(ReadError::Protected);
        }
        let packed = raw.compressed_size();
        if too_large(raw.size(), packed, total.saturating_add(raw.size())) {
            return Err(ReadError::Bomb);
        }
        drop(raw);
        let mut part = archive.by_index(index).map_err(damaged)?;
        let name = part.name().to_ascii_lowercase().replace('\\', "/");
        book |= name.ends_with("xl/workbook.xml");
        if name.ends_with("vbaproject.bin") || name.contains("macrosheets/") {
            return Err(ReadError::Unsafe);
        }
        let xml = name.ends_with(".xml") || name.ends_with(".rels");
        // Sizes in the directory may lie: the bytes are counted as they come.
        let (mut size, mut buffer, mut tail) = (0_u64, [0_u8; 16 << 10], Vec::<u8>::new());
        loop {
            let many = part.read(&mut buffer).map_err(|_| ReadError::Damaged)?;
            if many == 0 {
                break;
            }
            size += many as u64;
            if too_large(size, packed, total + size) {
                return Err(ReadError::Bomb);
            }
            // A document type stands at the beginning, before the first element.
            if xml && size <= 64 << 10 {
                let read = buffer.get(..many).unwrap_or_default();
                tail.extend(read.iter().filter(|b| **b != 0).map(u8::to_ascii_uppercase));
                if ["<!DOCTYPE", "<!ENTITY"]
                    .iter()
                    .any(|word| tail.windows(word.len()).any(|window| window == word.as_bytes()))
                {
                    return Err(ReadError::Unsafe);
                }
                let keep = tail.len().saturating_sub(16);
                tail.drain(..keep);
            }
        }
        total += size;
    }
    if book { Ok(()) } else { Err(ReadError::NotATable) }
}

/// A row with its number, from 1, and its cells.
type Cells = Vec<(u32, Vec<Cell>)>;

fn workbook(bytes: &[u8]) -> Result<Vec<(String, Cells)>, ReadError> {
    let broken = |error: XlsxError| {
        if matches!(error, XlsxError::Password) { ReadError::Protected } else { ReadError::Damaged }
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .take(20)
        .collect();
    let mut sheets = Vec::new();
    let mut steps = 0_usize;
    for name in names {
        let mut rows: Cells = Vec::new();
        // Cells are streamed: a sheet that says it has a million rows costs nothing.
        let mut reader = book.worksheet_cells_reader(&name).map_err(broken)?;
        while let Some(cell) = reader.next_cell().map_err(broken)? {
            steps += 1;
            if steps > (MOST_ROWS + HEAD_WITHIN) * MOST_COLUMNS * 2 {
                return Err(ReadError::TooManyRows);
            }
            let (row, at) = cell.get_position();
            let value = value(cell.get_value());
            if value.is_empty() {
                continue;
            }
            let at = usize::try_from(at).unwrap_or(usize::MAX);
            if at >= MOST_COLUMNS {
                return Err(ReadError::TooManyColumns);
            }
            let number = row.saturating_add(1);
            if rows.last().is_none_or(|(last, _)| *last != number) {
                if rows.last().is_some_and(|(last, _)| *last > number) {
                    return Err(ReadError::Damaged);
                }
                if rows.len() >= MOST_ROWS + HEAD_WITHIN {
                    return Err(ReadError::TooManyRows);
                }
                rows.push((number, Vec::new()));
            }
            if let Some((_, cells)) = rows.last_mut() {
                if cells.len() <= at {
                    cells.resize(at + 1, Cell::Text(String::new()));
                }
                if let Some(place) = cells.get_mut(at) {
                    *place = value;
                }
            }
        }
        sheets.push((name, rows));
    }
    Ok(sheets)
}

fn kept(text: &str) -> Cell {
    let long = text.chars().count();
    if long > LONGEST_CELL { Cell::Long { long } } else { Cell::Text(text.trim().to_owned()) }
}

fn value(data: &DataRef<'_>) -> Cell {
    match data {
        DataRef::Empty => Cell::Text(String::new()),
        DataRef::Int(number) => Cell::Text(number.to_string()),
        // Display of f64 gives "12" for 12.0 and never an exponent.
        DataRef::Float(number) if number.is_finite() => Cell::Text(format!("{number}")),
        DataRef::Float(_) => Cell::Fault { fault: "#NUM!".to_owned() },
        DataRef::String(text) => kept(text),
        DataRef::SharedString(text) => kept(text),
        DataRef::Bool(flag) => Cell::Text(if *flag { "1" } else { "0" }.to_owned()),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            Cell::Text(format!("{day:02}/{month:02}/{year:04}"))
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            kept(text.split('T').next().unwrap_or(text))
        }
        DataRef::Error(error) => Cell::Fault { fault: error.to_string() },
    }
}

/// The day of a serial number of a spreadsheet.
pub fn day_of_serial(serial: i64) -> Option<jiff::civil::Date> {
    // 60 is the 29th of February 1900 that never was; nobody on a roll was born before it.
    (61..=73_050).contains(&serial).then(|| date(1899, 12, 30).checked_add(serial.days()).ok()).flatten()
}

/// The separator under which the first lines name most columns; of equals the more frequent.
fn separator(text: &str) -> char {
    let named = |one: char| {
        let words = |line: &str| {
            line.split(one).filter(|word| column(word.trim_matches(['"', '\u{feff}', ' '])).is_some()).count()
        };
        text.lines().take(HEAD_WITHIN).map(words).max().unwrap_or(0)
    };
    let head = text.lines().next().unwrap_or_default();
    [',', ';', '\t'].into_iter().max_by_key(|one| (named(*one), head.matches(*one).count())).unwrap_or(',')
}

/// Rows of text.
fn csv(text: &str) -> Result<Cells, ReadError> {
    let separator = separator(text);
    let mut rows: Cells = Vec::new();
    let (mut cells, mut field) = (Vec::new(), String::new());
    let (mut quoted, mut was_quoted, mut line, mut begun) = (false, false, 1_u32, 1_u32);
    let mut letters = text.chars().peekable();
    let finish = |field: &mut String, was_quoted: &mut bool| {
        let text = std::mem::take(field);
        *was_quoted = false;
        // The apostrophe with which a text was kept from being a formula.
        match text.strip_prefix('\'').filter(|rest| super::out::is_kept_apart(rest)) {
            Some(rest) => kept(rest),
            None => kept(&text),
        }
    };
    loop {
        let letter = letters.next();
        match letter {
            Some('"') if quoted => {
                if letters.peek() == Some(&'"') {
                    letters.next();
                    field.push('"');
                } else {
                    quoted = false;
                }
            }
            Some('"') if field.trim().is_empty() && !was_quoted => {
                field.clear();
                (quoted, was_quoted) = (true, true);
            }
            Some(c) if quoted => {
                if c == '\n' {
                    line += 1;
                }
                field.push(c);
            }
            Some(c) if c == separator => {
                cells.push(finish(&mut field, &mut was_quoted));
                if cells.len() > MOST_COLUMNS {
                    return Err(ReadError::TooManyColumns);
                }
            }
            Some('\r') if letters.peek() == Some(&'\n') => {}
            Some('\n' | '\r') | None => {
                cells.push(finish(&mut field, &mut was_quoted));
                if cells.iter().any(|cell| !cell.is_empty()) {
                    if rows.len() >= MOST_ROWS + HEAD_WITHIN {
                        return Err(ReadError::TooManyRows);
                    }
                    rows.push((begun, std::mem::take(&mut cells)));
                }
                cells.clear();
                line += 1;
                begun = line;
                if letter.is_none() {
                    return Ok(rows);
                }
            }
            Some(c) => field.push(c),
        }
    }
}

/// Order positions of pretix as JSON: the API's list, or its export of orders.
fn json(text: &str) -> Result<Cells, ReadError> {
    let whole: serde_json::Value = serde_json::from_str(text).map_err(|_| ReadError::Damaged)?;
    let list = |value: &serde_json::Value| value.as_array().cloned();
    let string = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) => number.to_string(),
        // A name in several languages: ours, else the first.
        serde_json::Value::Object(names) => names
            .get("vi")
            .or_else(|| names.values().next())
            .and_then(|name| name.as_str())
            .unwrap_or_default()
            .to_owned(),
        _ => String::new(),
    };
    let mut items: HashMap<String, String> = HashMap::new();
    for item in list(&whole["event"]["items"]).unwrap_or_default() {
        items.insert(string(&item["id"]), string(&item["name"]));
    }
    let mut positions: Vec<(String, String, serde_json::Value)> = Vec::new();
    for order in list(&whole["event"]["orders"]).unwrap_or_default() {
        let state = if matches!(order["status"].as_str(), Some("c" | "e")) { "canceled" } else { "" };
        for position in list(&order["positions"]).unwrap_or_default() {
            positions.push((string(&order["code"]), state.to_owned(), position));
        }
    }
    for position in list(&whole).or_else(|| list(&whole["results"])).unwrap_or_default() {
        let state = if position["canceled"].as_bool() == Some(true) { "canceled" } else { "" };
        positions.push((string(&position["order"]), state.to_owned(), position));
    }
    if positions.len() > MOST_ROWS {
        return Err(ReadError::TooManyRows);
    }
    let heads =
        ["Order code", "Position ID", "Status", "Attendee name", "Attendee email", "Company", "Product"];
    let mut rows = vec![(1, heads.iter().map(|head| Cell::Text((*head).to_owned())).collect())];
    for (at, (order, state, position)) in (2_u32..).zip(positions) {
        let item = string(&position["item"]);
        let number = match &position["positionid"] {
            serde_json::Value::Null => string(&position["id"]),
            number => string(number),
        };
        let cells = [
            order,
            number,
            state,
            string(&position["attendee_name"]),
            string(&position["attendee_email"]),
            string(&position["company"]),
            items.get(&item).cloned().unwrap_or_default(),
        ];
        rows.push((at, cells.iter().map(|text| kept(text)).collect()));
    }
    Ok(rows)
}

/// The letters of a column: A, B, … AA.
fn letters(at: usize) -> String {
    let mut out = String::new();
    let mut at = at + 1;
    while at > 0 {
        let digit = u8::try_from((at - 1) % 26).unwrap_or(0);
        out.insert(0, char::from(b'A' + digit));
        at = (at - 1) / 26;
    }
    out
}

/// The first sheet that has headings.
fn choose(sheets: Vec<(String, Cells)>) -> Result<Reading, ReadError> {
    for (name, rows) in sheets {
        let heading = |cells: &[Cell]| {
            let columns: Vec<Column> = cells.iter().filter_map(|cell| column(cell.text())).collect();
            let named = columns.contains(&Column::Name)
                || (columns.contains(&Column::Family) && columns.contains(&Column::Given));
            (named && (columns.len() > 1 || cells.len() == 1)).then_some(columns.len())
        };
        let found = rows
            .iter()
            .take(HEAD_WITHIN)
            .enumerate()
            .filter_map(|(at, (_, cells))| Some((at, heading(cells)?)))
            // The fullest row; the first of equals.
            .max_by_key(|(at, many)| (*many, std::cmp::Reverse(*at)));
        if let Some((at, _)) = found {
            return body(name, rows, at);
        }
    }
    Err(ReadError::NoHeadings)
}

fn body(sheet: String, rows: Cells, at: usize) -> Result<Reading, ReadError> {
    let Some((_, words)) = rows.get(at) else { return Err(ReadError::NoHeadings) };
    let words: Vec<String> = words.iter().map(|cell| cell.text().to_owned()).collect();
    let keys: Vec<String> = words.iter().map(|word| plain(word)).collect();
    let place = |name: &str| keys.iter().position(|key| key == name);
    let source = if place("order code").is_some() {
        Source::Pretix
    } else if place("registration state").is_some() || place("registration date").is_some() {
        Source::Indico
    } else {
        Source::Roll
    };
    let outer: Vec<usize> = match source {
        Source::Roll => Vec::new(),
        Source::Pretix => [place("order code"), place("position id")].into_iter().flatten().collect(),
        Source::Indico => place("id").into_iter().collect(),
    };
    let state = match source {
        Source::Roll => None,
        Source::Pretix => place("status"),
        Source::Indico => place("registration state"),
    };
    // One head for each meaning; several places where an office splits it over columns.
    let mut heads: Vec<(Head, Vec<usize>)> = Vec::new();
    let mut unknown = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if outer.contains(&at) || state == Some(at) || word.trim().is_empty() {
            continue;
        }
        let Some(column) = column(word).filter(|column| *column != Column::Status) else {
            let counter = matches!(keys.get(at).map(String::as_str), Some("stt" | "tt" | "no" | "so tt"));
            if !counter && column(word).is_none() {
                unknown.push(word.clone());
            }
            continue;
        };
        match heads.iter_mut().find(|(head, _)| head.column == column) {
            Some((_, places)) => places.push(at),
            None => heads.push((Head { column, letters: letters(at), words: word.clone() }, vec![at])),
        }
    }
    for (_, places) in &mut heads {
        // pretix: who attends, before who ordered.
        places.sort_by_key(|at| !keys.get(*at).is_some_and(|key| key.starts_with("attendee")));
    }
    let mut reading = Reading {
        source,
        sheet,
        unknown,
        withheld: Vec::new(),
        passed: Vec::new(),
        rows: Vec::new(),
        heads: heads.iter().map(|(head, _)| head.clone()).collect(),
    };
    let empty = Cell::Text(String::new());
    for (number, cells) in rows.into_iter().skip(at + 1) {
        let filled: Vec<&Cell> = cells.iter().filter(|cell| !cell.is_empty()).collect();
        let counting = filled.iter().all(|cell| {
            let text = cell.text().trim_matches(['(', ')']);
            !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit())
        });
        if filled.is_empty() || (counting && filled.len() > 1) {
            continue;
        }
        if filled.len() == 1 && heads.len() > 2 {
            reading.passed.push((number, filled.first().map(|cell| cell.shown()).unwrap_or_default()));
            continue;
        }
        if let Some(said) = state.and_then(|at| cells.get(at)).map(|cell| plain(cell.text()))
            && ["cancel", "withdrawn", "rejected", "expired", "unpaid", "pending"]
                .iter()
                .any(|one| said.contains(one))
        {
            reading.passed.push((number, said));
            continue;
        }
        if reading.rows.len() >= MOST_ROWS {
            return Err(ReadError::TooManyRows);
        }
        let got = heads
            .iter()
            .map(|(head, places)| {
                let mut all = places.iter().filter_map(|at| cells.get(*at)).filter(|cell| !cell.is_empty());
                let first = all.next().unwrap_or(&empty);
                if head.column != Column::Position {
                    return first.clone();
                }
                let mut text = first.text().to_owned();
                for more in all.map(Cell::text) {
                    if !text.contains(more) {
                        text = format!("{text}, {more}");
                    }
                }
                if text.is_empty() { first.clone() } else { kept(&text) }
            })
            .collect();
        let parts: Vec<&str> = outer.iter().filter_map(|at| cells.get(*at)).map(Cell::text).collect();
        reading.rows.push(Row { row: number, outer: parts.join("-"), cells: got });
    }
    if reading.rows.is_empty() {
        return Err(ReadError::Nobody);
    }
    Ok(reading)
}
