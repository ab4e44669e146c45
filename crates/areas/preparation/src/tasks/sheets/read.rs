//! Reading: cells → heading row → rows, with every error kept.
// words: data — the words that annexes write around headings and dates

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use rules::dates::{DateError, Deadline, YEARS};
use rules::state::TaskState;
use uuid::Uuid;

use super::vocabulary::{self, begins, is_unit, key_of};
use super::write::{Exact, META_SHEET, render_basis, render_list, render_supports};
use super::{
    AnnexError, AnnexReading, AnnexRow, Basis, Caps, CellError, CellErrorKind, FORMAT_VERSION, Field,
    HeaderCell, ReadOptions, Support, Warning, clean, container, filled, letters, one_line,
};

/// Rows searched for the heading.
const HEADER_WITHIN: u32 = 30;

/// Reads an annex. Cell errors do not stop the reading; they are all in the answer.
///
/// # Errors
/// [`AnnexError`] when the file as a whole cannot be read.
pub fn read_annex(bytes: &[u8], options: &ReadOptions) -> Result<AnnexReading, AnnexError> {
    let found = container::check(bytes, &options.caps)?;
    // The parser is not ours: should it panic on a file made to break it, the file is damaged.
    let sheets = catch_unwind(AssertUnwindSafe(|| load(bytes, &options.caps)))
        .unwrap_or_else(|_| Err(AnnexError::Damaged { detail: "parser panicked".to_owned() }))?;
    let mut reading = AnnexReading::default();
    if found.external_links {
        reading.warnings.push(Warning::ExternalLinks);
    }
    let meta = Meta::of(&sheets)?;
    reading.format = meta.version;
    let mut seen = Seen::default();
    let mut any = false;
    for sheet in sheets.iter().filter(|sheet| sheet.name != META_SHEET) {
        if let Some(header) = Header::find(sheet, &meta) {
            any = true;
            Body { sheet, header, meta: &meta, options, reading: &mut reading, seen: &mut seen }.read();
        }
    }
    if !any {
        return Err(AnnexError::NoHeader);
    }
    if reading.rows.is_empty() && reading.errors.is_empty() {
        return Err(AnnexError::NoTasks);
    }
    Ok(reading)
}

/// A cell as this reader sees it.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Text(String),
    Number(f64),
    Moment(ExcelDateTime),
    Error(String),
    TooLong(usize),
}

#[derive(Debug, Default)]
struct Sheet {
    name: String,
    cells: BTreeMap<u32, BTreeMap<u32, Value>>,
    merges: Vec<Dimensions>,
    /// Vertical and wide merges by row, to find the one over a cell quickly.
    by_row: HashMap<u32, Vec<usize>>,
}

impl Sheet {
    fn index(&mut self) {
        let last = self.cells.keys().next_back().copied().unwrap_or(0);
        // Merges may overlap in a file made to be slow; the budget is far above any real table.
        let mut budget = 1_000_000u32;
        for (at, merge) in self.merges.iter().enumerate() {
            let end = merge.end.0.min(last);
            let Some(left) = budget.checked_sub(end.saturating_sub(merge.start.0)) else {
                break;
            };
            budget = left;
            for row in merge.start.0..=end {
                self.by_row.entry(row).or_default().push(at);
            }
        }
    }

    fn merge(&self, row: u32, column: u32) -> Option<&Dimensions> {
        self.by_row
            .get(&row)?
            .iter()
            .filter_map(|at| self.merges.get(*at))
            .find(|merge| merge.contains(row, column))
    }

    fn own(&self, row: u32, column: u32) -> Option<&Value> {
        self.cells.get(&row)?.get(&column)
    }

    /// The value shown at a place: its own, or that of the vertical merge over it.
    fn shown(&self, row: u32, column: u32) -> Option<&Value> {
        self.own(row, column).or_else(|| {
            let merge = self.merge(row, column)?;
            (merge.start.1 == column && merge.start.0 < row)
                .then(|| self.own(merge.start.0, column))
                .flatten()
        })
    }

    /// As [`Sheet::shown`], and across a wide merge too: for headings.
    fn covered(&self, row: u32, column: u32) -> Option<&Value> {
        self.own(row, column).or_else(|| {
            let merge = self.merge(row, column)?;
            self.own(merge.start.0, merge.start.1)
        })
    }
}

fn text_of(value: Option<&Value>) -> String {
    match value {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Number(number)) => number_text(*number),
        Some(Value::Moment(moment)) => moment_of(*moment).map_or_else(|_| String::new(), |m| m.format_vn()),
        _ => String::new(),
    }
}

fn number_text(number: f64) -> String {
    // Display of f64 gives "12" for 12.0 and never an exponent.
    format!("{number}")
}

fn load(bytes: &[u8], caps: &Caps) -> Result<Vec<Sheet>, AnnexError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .filter(|sheet| sheet.visible == SheetVisible::Visible || sheet.name == META_SHEET)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut sheets = Vec::new();
    let mut filled_cells = 0usize;
    for name in names {
        let mut sheet = Sheet { name: name.clone(), ..Sheet::default() };
        sheet.merges = book
            .merge_cells_by_sheet_name(&name)
            .map_err(|error| broken(&error))?
            .into_iter()
            .filter(|merge| merge.start.0 < caps.rows && merge.start.1 < caps.columns && merge.len() > 1)
            .collect();
        // Cells are streamed: a declared dimension of two million rows costs nothing.
        let mut reader = book.worksheet_cells_reader(&name).map_err(|error| broken(&error))?;
        let mut steps = 0usize;
        while let Some(cell) = reader.next_cell().map_err(|error| broken(&error))? {
            steps += 1;
            if steps > caps.cells.saturating_mul(10) {
                return Err(AnnexError::TooManyCells { limit: caps.cells });
            }
            let (row, column) = cell.get_position();
            let Some(value) = value_of(cell.get_value(), caps.text) else {
                continue;
            };
            if row >= caps.rows {
                return Err(AnnexError::TooManyRows { sheet: name, limit: caps.rows });
            }
            if column >= caps.columns {
                return Err(AnnexError::TooManyColumns { sheet: name, limit: caps.columns });
            }
            filled_cells += 1;
            if filled_cells > caps.cells {
                return Err(AnnexError::TooManyCells { limit: caps.cells });
            }
            sheet.cells.entry(row).or_default().insert(column, value);
        }
        // Merges beyond the last cell matter to nobody and could be many.
        sheet.merges.truncate(20_000);
        sheet.index();
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn broken(error: &XlsxError) -> AnnexError {
    match error {
        XlsxError::Password => AnnexError::Encrypted,
        other => AnnexError::Damaged { detail: other.to_string() },
    }
}

fn value_of(data: &DataRef<'_>, limit: usize) -> Option<Value> {
    let text = |text: &str| {
        let text = clean(text);
        let length = text.chars().count();
        if text.is_empty() {
            None
        } else if length > limit {
            Some(Value::TooLong(length))
        } else {
            Some(Value::Text(text))
        }
    };
    match data {
        DataRef::Int(number) => Some(Value::Number(*number as f64)),
        DataRef::Float(number) if number.is_finite() => Some(Value::Number(*number)),
        DataRef::Float(_) | DataRef::Empty => None,
        DataRef::String(value) => text(value),
        DataRef::SharedString(value) => text(value),
        DataRef::Bool(value) => Some(Value::Text(value.to_string())),
        DataRef::DateTime(moment) => Some(Value::Moment(*moment)),
        DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => text(value),
        DataRef::Error(error) => Some(Value::Error(error.to_string())),
    }
}

/// A spreadsheet moment to the minute; midnight means the whole day.
fn moment_of(moment: ExcelDateTime) -> Result<Deadline, DateError> {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let year_number = i32::from(year);
    let year = i16::try_from(year)
        .ok()
        .filter(|year| YEARS.contains(year))
        .ok_or(DateError::YearOutOfRange { year: year_number })?;
    let part = |n: u8| i8::try_from(n).unwrap_or(-1);
    let built = Date::new(year, part(month), part(day))
        .and_then(|date| Ok(DateTime::from_parts(date, Time::new(part(hour), part(minute), 0, 0)?)));
    let mut at =
        built.map_err(|_| DateError::NoSuchDay { day: i32::from(day), month: i32::from(month), year })?;
    if second >= 30 {
        at = at.saturating_add(1.minute());
    }
    Ok(if at.time() == Time::midnight() {
        Deadline::on(at.date())
    } else {
        Deadline::at(at.date(), at.time())
    })
}

/// The hidden sheet of our own exports.
#[derive(Debug, Default)]
struct Meta {
    version: Option<u32>,
    headings: HashMap<String, Field>,
    states: HashMap<String, TaskState>,
    redacted: HashSet<String>,
    no_stream: HashSet<String>,
}

impl Meta {
    fn of(sheets: &[Sheet]) -> Result<Self, AnnexError> {
        let mut meta = Self::default();
        let Some(sheet) = sheets.iter().find(|sheet| sheet.name == META_SHEET) else {
            return Ok(meta);
        };
        for row in sheet.cells.keys().copied() {
            let [kind, word, name] = [0, 1, 2].map(|column| text_of(sheet.own(row, column)));
            match kind.as_str() {
                "format" => {
                    let version = word.parse().unwrap_or(u32::MAX);
                    if version > FORMAT_VERSION {
                        return Err(AnnexError::LaterFormat { version });
                    }
                    meta.version = Some(version);
                }
                "heading" => {
                    if let Some(field) = Field::named(&name) {
                        meta.headings.insert(key_of(&word), field);
                    }
                }
                "state" => {
                    if let Ok(state) = name.parse() {
                        meta.states.insert(key_of(&word), state);
                    }
                }
                "redacted" => {
                    meta.redacted.insert(key_of(&word));
                }
                "no-stream" => {
                    meta.no_stream.insert(key_of(&word));
                }
                _ => {}
            }
        }
        Ok(meta)
    }

    fn heading(&self, text: &str) -> Option<(Field, bool)> {
        match self.headings.get(&key_of(text)) {
            Some(field) => Some((*field, true)),
            None => vocabulary::heading(text),
        }
    }

    fn state(&self, text: &str) -> Option<TaskState> {
        let key = key_of(text);
        if let Some(state) = self.states.get(&key) {
            return Some(*state);
        }
        // "Đang thực hiện 70% — chưa đến hạn": the longest known beginning counts.
        vocabulary::STATES
            .iter()
            .flat_map(|(state, words)| words.iter().map(move |word| (*state, *word)))
            .filter(|(_, word)| begins(&key, &[word]))
            .max_by_key(|(_, word)| word.len())
            .filter(|(_, word)| {
                let rest = key.get(word.len()..).unwrap_or_default().trim();
                rest.is_empty()
                    || rest.starts_with(|c: char| c.is_ascii_digit())
                    || begins(
                        rest,
                        &[
                            "dung han",
                            "truoc han",
                            "tre han",
                            "qua han",
                            "chua den han",
                            "sap den han",
                            "den han",
                        ],
                    )
            })
            .map(|(state, _)| state)
    }

    fn is_redacted(&self, text: &str) -> bool {
        let key = key_of(text);
        self.redacted.contains(&key) || vocabulary::REDACTED.contains(&key.as_str())
    }

    fn is_no_stream(&self, text: &str) -> bool {
        let key = key_of(text);
        self.no_stream.contains(&key) || vocabulary::NO_STREAM.contains(&key.as_str())
    }
}

/// The heading row(s) of a sheet.
struct Header {
    /// First row below.
    body: u32,
    columns: BTreeMap<u32, Field>,
    /// Folded headings, to recognise them when a printed page repeats them.
    texts: BTreeMap<u32, String>,
    cells: Vec<HeaderCell>,
    warnings: Vec<Warning>,
}

impl Header {
    fn find(sheet: &Sheet, meta: &Meta) -> Option<Self> {
        let mut best: Option<(usize, u32)> = None;
        for row in sheet.cells.range(..HEADER_WITHIN).map(|(row, _)| *row) {
            let fields = Self::fields(sheet, meta, row, false);
            let what = fields.values().any(|(field, _, _)| *field == Field::What);
            let distinct: HashSet<Field> = fields.values().map(|(field, _, _)| *field).collect();
            let sure = fields.values().filter(|(_, sure, _)| *sure).count();
            let score = distinct.len() * 2 + sure;
            let enough = what && distinct.len() >= 3 && sure >= 1;
            if enough && best.is_none_or(|(other, _)| score > other) {
                best = Some((score, row));
            }
        }
        let (_, row) = best?;
        // A second row of headings: under a merge that is only as high as the first row.
        let below = row + 1;
        let split = sheet.merges.iter().any(|m| {
            m.start.0 == row && m.end.0 == row && m.end.1 > m.start.1 && sheet.cells.contains_key(&below)
        });
        let tall = sheet.merges.iter().filter(|m| m.start.0 == row && m.end.0 > row).map(|m| m.end.0).max();
        let known_below =
            Self::fields(sheet, meta, below, true).values().filter(|(_, sure, _)| *sure).count();
        let deep = (split || tall.is_some()) && (known_below >= 1 || tall.is_some_and(|end| end == below));
        let mut columns: BTreeMap<u32, (Field, bool, String)> = Self::fields(sheet, meta, row, false);
        if deep {
            for (column, (field, sure, text)) in Self::fields(sheet, meta, below, true) {
                let parent = columns.get(&column).map(|(f, _, t)| (*f, t.clone()));
                // "Thời gian" over "Hạn": the lower line decides, else both together, else the upper.
                let entry = match parent {
                    Some((_, ref above)) if !sure => meta
                        .heading(&format!("{above} {text}"))
                        .map(|(f, s)| (f, s, format!("{above} {text}")))
                        .unwrap_or((field, sure, text)),
                    _ => (field, sure, text),
                };
                columns.insert(column, entry);
            }
        }
        let end = if deep { tall.unwrap_or(below).max(below) } else { row };
        Some(Self::settle(sheet, row, end, columns))
    }

    /// The fields of one heading row; `own` keeps to the row's own cells.
    fn fields(sheet: &Sheet, meta: &Meta, row: u32, own: bool) -> BTreeMap<u32, (Field, bool, String)> {
        let mut out = BTreeMap::new();
        let mut columns: Vec<u32> =
            sheet.cells.get(&row).map_or_else(Vec::new, |cells| cells.keys().copied().collect());
        if !own {
            for merge in sheet.by_row.get(&row).into_iter().flatten().filter_map(|at| sheet.merges.get(*at)) {
                columns.extend(merge.start.1..=merge.end.1.min(merge.start.1 + 32));
            }
            columns.sort_unstable();
            columns.dedup();
        }
        for column in columns {
            let value = if own { sheet.own(row, column) } else { sheet.covered(row, column) };
            let Some(Value::Text(text)) = value else { continue };
            if let Some((field, sure)) = meta.heading(text) {
                out.insert(column, (field, sure, one_line(text)));
            }
        }
        out
    }

    fn settle(sheet: &Sheet, row: u32, end: u32, mut found: BTreeMap<u32, (Field, bool, String)>) -> Self {
        // A lone "Tiến độ" is a time unless the table has a time already.
        let timed = found
            .values()
            .any(|(field, sure, _)| matches!(field, Field::Due) || (*field == Field::When && *sure));
        for (field, _, text) in found.values_mut() {
            if key_of(text) == vocabulary::AMBIGUOUS_PROGRESS {
                *field = if timed { Field::Percent } else { Field::When };
            }
        }
        let mut header = Self {
            body: end + 1,
            columns: BTreeMap::new(),
            texts: BTreeMap::new(),
            cells: Vec::new(),
            warnings: Vec::new(),
        };
        // The surest column of a field wins, the leftmost among equals.
        let mut holder: HashMap<Field, (u32, bool)> = HashMap::new();
        for (column, (field, sure, _)) in &found {
            let better = holder.get(field).is_none_or(|(_, held)| *sure && !held);
            if better {
                holder.insert(*field, (*column, *sure));
            }
        }
        // One wide heading over several columns belongs to its first column.
        for (column, (field, _, text)) in &found {
            header.texts.insert(*column, key_of(text));
            let (sheet_name, column_name) = (sheet.name.clone(), letters(*column));
            if *field == Field::Derived {
                continue;
            }
            if holder.get(field).is_some_and(|(held, _)| held == column) {
                header.columns.insert(*column, *field);
                header.cells.push(HeaderCell {
                    sheet: sheet_name,
                    column: column_name,
                    heading: text.clone(),
                    field: *field,
                });
            } else if sheet.own(row, *column).is_some() || sheet.own(end, *column).is_some() {
                header.warnings.push(Warning::RepeatedColumn {
                    sheet: sheet_name,
                    column: column_name,
                    heading: text.clone(),
                });
            }
        }
        for at in row..=end {
            for (column, value) in sheet.cells.get(&at).into_iter().flatten() {
                let Value::Text(text) = value else { continue };
                let under_group =
                    sheet.merge(at, *column).is_some_and(|m| m.end.1 > m.start.1 && m.end.0 < end);
                if !found.contains_key(column) && !under_group {
                    header.warnings.push(Warning::UnknownColumn {
                        sheet: sheet.name.clone(),
                        column: letters(*column),
                        heading: one_line(text),
                    });
                }
            }
        }
        header
    }

    fn column(&self, field: Field) -> Option<u32> {
        self.columns.iter().find(|(_, f)| **f == field).map(|(column, _)| *column)
    }
}

/// What earlier rows of the file used.
#[derive(Default)]
struct Seen {
    codes: HashMap<String, u32>,
    ids: HashMap<Uuid, u32>,
}

struct Body<'a> {
    sheet: &'a Sheet,
    header: Header,
    meta: &'a Meta,
    options: &'a ReadOptions,
    reading: &'a mut AnnexReading,
    seen: &'a mut Seen,
}

/// What a row of the sheet is.
enum Kind {
    Blank,
    Group(String),
    Task,
    Continuation,
    End,
}

impl Body<'_> {
    fn read(mut self) {
        self.reading.header.append(&mut self.header.cells);
        self.reading.warnings.append(&mut self.header.warnings);
        let fractions = self.percent_is_fraction();
        let rows: Vec<u32> = self.sheet.cells.range(self.header.body..).map(|(row, _)| *row).collect();
        let last_task = rows.iter().copied().rfind(|row| self.numbered(*row) || self.marked(*row));
        let mut stream: Option<String> = None;
        // An export of ours states the stream even where no group is open.
        let mut grouped = self.header.column(Field::Stream).is_some() || self.meta.version.is_some();
        let mut previous: Option<usize> = None;
        for row in rows {
            match self.kind(row, last_task) {
                Kind::Blank => {}
                Kind::End => break,
                Kind::Group(name) => {
                    grouped = true;
                    previous = None;
                    stream = (!self.meta.is_no_stream(&name)).then_some(name);
                    if let Some(name) = &stream
                        && !self.reading.groups.contains(name)
                    {
                        self.reading.groups.push(name.clone());
                    }
                }
                Kind::Continuation => {
                    if let Some(task) = previous.and_then(|at| self.reading.rows.get(at)).cloned() {
                        let merged = self.continued(row, task);
                        if let Some(slot) = previous.and_then(|at| self.reading.rows.get_mut(at)) {
                            *slot = merged;
                        }
                    }
                }
                Kind::Task => {
                    let mut task = self.task(row, fractions);
                    if task.stream.is_none() {
                        task.stream.clone_from(&stream);
                    }
                    if grouped {
                        task.stated.add(Field::Stream);
                    }
                    if let Some(name) = &task.stream
                        && !self.reading.groups.contains(name)
                    {
                        self.reading.groups.push(name.clone());
                    }
                    previous = Some(self.reading.rows.len());
                    self.reading.rows.push(task);
                }
            }
        }
    }

    fn fail(&mut self, row: u32, column: u32, kind: impl Into<CellErrorKind>) {
        self.reading.errors.push(CellError {
            sheet: self.sheet.name.clone(),
            row: row + 1,
            column: letters(column),
            kind: kind.into(),
        });
    }

    /// Text of a mapped column, without reporting.
    fn peek(&self, row: u32, field: Field) -> String {
        self.header.column(field).map_or_else(String::new, |column| text_of(self.sheet.shown(row, column)))
    }

    fn own(&self, row: u32, field: Field) -> bool {
        self.header.column(field).is_some_and(|column| self.sheet.own(row, column).is_some())
    }

    /// Carries an Arabic number, so it is a task whatever else it lacks.
    fn numbered(&self, row: u32) -> bool {
        let number = self.peek(row, Field::Number);
        let digits = number.trim().trim_end_matches(['.', ')']);
        self.own(row, Field::Number) && is_number(digits) && self.filled(row) >= 2
    }

    fn marked(&self, row: u32) -> bool {
        let id = self.peek(row, Field::Id);
        !id.is_empty() && id != "end"
    }

    /// Mapped columns with a value of their own.
    fn filled(&self, row: u32) -> usize {
        self.header.columns.keys().filter(|column| self.sheet.own(row, **column).is_some()).count()
    }

    fn kind(&self, row: u32, last_task: Option<u32>) -> Kind {
        let Some(cells) = self.sheet.cells.get(&row) else {
            return Kind::Blank;
        };
        if self.peek(row, Field::Id) == "end" {
            return Kind::End;
        }
        if self.marked(row) {
            return Kind::Task;
        }
        if self.is_column_numbers(cells) || self.is_repeated_heading(cells) {
            return Kind::Blank;
        }
        if let Some(column) = self.header.column(Field::What)
            && !self.own(row, Field::What)
            && self.sheet.merge(row, column).is_some_and(|m| m.start.0 < row && m.start.1 == column)
        {
            return Kind::Continuation;
        }
        let texts: Vec<(u32, String)> = cells
            .iter()
            .map(|(column, value)| (*column, text_of(Some(value))))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        if let Some(group) = self.group(row, &texts, last_task) {
            return Kind::Group(group);
        }
        let errors = cells.values().any(|value| matches!(value, Value::Error(_) | Value::TooLong(_)));
        if self.numbered(row) {
            return Kind::Task;
        }
        let number = self.peek(row, Field::Number);
        let has = |field| !self.peek(row, field).is_empty();
        let only_number = texts.len() == 1 && is_number(number.trim().trim_end_matches(['.', ')']));
        if (texts.is_empty() && !errors) || only_number {
            return Kind::Blank;
        }
        let after = last_task.is_some_and(|last| row > last);
        let first = texts.first().map_or_else(String::new, |(_, text)| key_of(text));
        if after && begins(&first, vocabulary::FOOTERS) {
            return Kind::End;
        }
        let substance = [
            Field::Lead,
            Field::Who,
            Field::Due,
            Field::When,
            Field::Result,
            Field::Accountable,
            Field::Code,
        ]
        .into_iter()
        .filter(|field| self.own(row, *field))
        .count();
        if (has(Field::What) && substance >= 1 && !after)
            || (has(Field::What) && substance >= 2)
            || (!after && substance >= 2)
            || has(Field::Code) && self.own(row, Field::Code) && has(Field::What)
            || (errors && !after)
        {
            return Kind::Task;
        }
        Kind::Blank
    }

    /// A row of column numbers such as (1) (2) (3) or 1 2 3.
    fn is_column_numbers(&self, cells: &BTreeMap<u32, Value>) -> bool {
        let numbers: Vec<Option<i64>> = cells
            .values()
            .map(|value| {
                let text = text_of(Some(value));
                text.trim_matches(['(', ')', '[', ']', ' ']).parse().ok()
            })
            .collect();
        numbers.len() >= 3
            && numbers.iter().all(Option::is_some)
            && numbers.windows(2).all(|pair| match pair {
                [Some(a), Some(b)] => *b == a + 1,
                _ => false,
            })
    }

    fn is_repeated_heading(&self, cells: &BTreeMap<u32, Value>) -> bool {
        let same = cells
            .iter()
            .filter(|(column, value)| {
                self.header
                    .texts
                    .get(column)
                    .is_some_and(|text| !text.is_empty() && *text == key_of(&text_of(Some(value))))
            })
            .count();
        same >= 3 && same * 2 > cells.len()
    }

    /// The stream that a heading row opens.
    fn group(&self, row: u32, texts: &[(u32, String)], last_task: Option<u32>) -> Option<String> {
        let (first_column, first) = texts.first()?;
        let wide = self
            .sheet
            .merge(row, *first_column)
            .is_some_and(|m| m.end.1 >= m.start.1 + 2 && m.end.0 == m.start.0);
        let before_end = last_task.is_some_and(|last| row < last);
        let number_column = self.header.column(Field::Number);
        // Roman numeral in the number column, name beside it.
        if Some(*first_column) == number_column || number_column.is_none() {
            let bare = first.trim().trim_end_matches(['.', ')', '-', '–', '/', ' ']);
            let substance =
                [Field::Due, Field::When, Field::Result].into_iter().any(|field| self.own(row, field));
            if is_outline(bare) && !substance && texts.len() >= 2 && texts.len() <= 3 {
                return texts.get(1).map(|(_, name)| one_line(name));
            }
        }
        // "II. Công tác nhân sự" alone on its row.
        if texts.len() == 1 {
            if let Some(name) = after_outline(first) {
                return Some(one_line(name));
            }
            let key = key_of(first);
            let shouting = first.chars().any(char::is_alphabetic) && *first == first.to_uppercase();
            if before_end
                && !begins(&key, &["ghi chu", "noi nhan"])
                && (wide || shouting || Some(*first_column) == self.header.column(Field::What))
                && self.task_follows(row)
            {
                return Some(one_line(first));
            }
        }
        None
    }

    fn task_follows(&self, row: u32) -> bool {
        self.sheet
            .cells
            .range(row + 1..)
            .next()
            .is_some_and(|(next, _)| self.numbered(*next) || self.marked(*next))
    }

    /// Percent written as a share of one: 0.9 for 90 %.
    fn percent_is_fraction(&self) -> bool {
        let Some(column) = self.header.column(Field::Percent) else {
            return false;
        };
        self.sheet
            .cells
            .range(self.header.body..)
            .filter_map(|(_, cells)| match cells.get(&column) {
                Some(Value::Number(number)) => Some(*number),
                _ => None,
            })
            .all(|number| (0.0..=1.0).contains(&number))
    }

    fn task(&mut self, row: u32, fractions: bool) -> AnnexRow {
        let mut task = AnnexRow { line: row + 1, ..AnnexRow::default() };
        let columns: Vec<(u32, Field)> = self.header.columns.iter().map(|(c, f)| (*c, *f)).collect();
        let exact = Exact::parse(&self.peek(row, Field::Exact));
        task.stub = exact.stub || self.meta.is_redacted(&self.peek(row, Field::What));
        for (column, field) in columns {
            let value = self.sheet.shown(row, column).cloned();
            if let Some(Value::Error(code)) = &value {
                self.fail(row, column, CellErrorKind::Formula { code: code.clone() });
                continue;
            }
            if let Some(Value::TooLong(length)) = value {
                if field != Field::Exact {
                    let limit = self.options.caps.text;
                    self.fail(row, column, CellErrorKind::TooLong { length, limit });
                }
                continue;
            }
            self.field(&mut task, row, column, field, value, &exact, fractions);
        }
        self.check(&mut task, row);
        task
    }

    #[allow(clippy::too_many_arguments)]
    fn field(
        &mut self,
        task: &mut AnnexRow,
        row: u32,
        column: u32,
        field: Field,
        value: Option<Value>,
        exact: &Exact,
        fractions: bool,
    ) {
        let text = filled(&text_of(value.as_ref()));
        let stated = &mut task.stated;
        match field {
            Field::Number | Field::Exact | Field::Derived => return,
            Field::Who => {
                stated.add(Field::Lead);
                stated.add(Field::Supports);
            }
            Field::When => {}
            Field::Id => {}
            other => stated.add(other),
        }
        match field {
            Field::Code => task.code = text.map(|t| one_line(&t)),
            Field::Stream => task.stream = text.map(|t| one_line(&t)),
            Field::Domain => task.domain = text,
            Field::What => task.what = text.unwrap_or_default(),
            Field::Lead => match (&exact.lead, &text) {
                (Some(lead), Some(shown)) if lead == shown => task.lead = Some(lead.clone()),
                (_, Some(shown)) => task.lead = self.lead(row, column, shown),
                _ => {}
            },
            Field::Supports => {
                let shown = text.unwrap_or_default();
                task.supports = if clean(&render_supports(&exact.supports)) == shown {
                    exact.supports.clone()
                } else {
                    supports(&shown)
                };
            }
            Field::Who => {
                let who = split_who(&text.unwrap_or_default());
                task.lead = who.lead.and_then(|lead| self.lead(row, column, &lead));
                task.supports = supports(&who.supports);
                if let Some(focal) = who.focal {
                    task.stated.add(Field::Focal);
                    task.focal = Some(focal);
                }
            }
            Field::Focal => task.focal = text,
            Field::Accountable => task.accountable = text,
            Field::Authority => task.authority = text,
            Field::Approver => task.approver = text,
            Field::Acceptor => task.acceptor = text,
            Field::Start => {
                if let Some(deadline) = self.deadline(row, column, value.as_ref()) {
                    task.start = Some(deadline.date);
                }
            }
            Field::Due | Field::When => {
                task.stated.add(Field::Due);
                if let Some((start, due)) = text.as_deref().and_then(split_range) {
                    task.stated.add(Field::Start);
                    let due = self.text_date(row, column, due, self.options.default_year);
                    // "28/12 → 05/01/2026": the start without a year lies before the deadline.
                    let year = due.map(|d| d.date.year()).or(self.options.default_year);
                    let start = self.text_date(row, column, start, year).map(|s| s.date);
                    task.start = match (start, due) {
                        (Some(s), Some(d)) if s > d.date && text.as_deref().is_some_and(crosses_year) => {
                            s.checked_sub(1.year()).ok()
                        }
                        (start, _) => start,
                    };
                    task.due = due;
                } else {
                    task.due = self.deadline(row, column, value.as_ref());
                }
            }
            Field::Result => task.result = text,
            Field::Criteria => task.criteria = text,
            Field::Evidence => {
                let shown = text.unwrap_or_default();
                task.evidence = if clean(&render_list(&exact.evidence)) == shown {
                    exact.evidence.clone()
                } else {
                    pieces(&shown)
                };
            }
            Field::Basis => {
                let shown = text.unwrap_or_default();
                task.basis = if clean(&render_basis(&exact.basis)) == shown {
                    exact.basis.clone()
                } else {
                    bases(&shown)
                };
            }
            Field::Note => task.note = text,
            Field::Phase => task.phase = text,
            Field::State => {
                if let Some(text) = text {
                    task.state = self.meta.state(&text);
                    if task.state.is_none() {
                        self.fail(row, column, CellErrorKind::UnknownState { text: text.clone() });
                    }
                    if self.header.column(Field::Percent).is_none()
                        && let Some(percent) = percent_inside(&text)
                    {
                        task.stated.add(Field::Percent);
                        task.percent = Some(percent);
                    }
                }
            }
            Field::Percent => match percent(value.as_ref(), fractions) {
                Ok(percent) => task.percent = percent,
                Err(text) => self.fail(row, column, CellErrorKind::BadPercent { text }),
            },
            Field::Id => {
                if let Some(text) = text {
                    match Uuid::parse_str(&text) {
                        Ok(id) => task.id = Some(id),
                        Err(_) => self.fail(row, column, CellErrorKind::BadId),
                    }
                }
            }
            Field::Number | Field::Exact | Field::Derived => {}
        }
    }

    /// Checks across the cells of a row and across rows.
    fn check(&mut self, task: &mut AnnexRow, row: u32) {
        let column = |body: &Self, field| body.header.column(field).unwrap_or(0);
        if task.what.is_empty() {
            let at = column(self, Field::What);
            let failed = matches!(self.sheet.shown(row, at), Some(Value::Error(_) | Value::TooLong(_)));
            if !failed {
                self.fail(row, at, CellErrorKind::MissingWhat);
            }
        }
        if let (Some(start), Some(due)) = (task.start, task.due)
            && start > due.date
        {
            let field =
                [Field::Start, Field::Due, Field::When].into_iter().find(|field| self.own(row, *field));
            let at = field.map_or(0, |field| column(self, field));
            self.fail(row, at, CellErrorKind::StartAfterDue { start, due: due.date });
        }
        if let Some(code) = &task.code {
            let key = rules::text::fold(code);
            if let Some(first) = self.seen.codes.get(&key).copied() {
                let at = column(self, Field::Code);
                self.fail(row, at, CellErrorKind::DuplicateCode { code: code.clone(), first });
            } else {
                self.seen.codes.insert(key, row + 1);
            }
        }
        if let Some(id) = task.id {
            if let Some(first) = self.seen.ids.get(&id).copied() {
                let at = column(self, Field::Id);
                self.fail(row, at, CellErrorKind::DuplicateId { first });
            } else {
                self.seen.ids.insert(id, row + 1);
            }
        }
    }

    /// Further rows under a task whose *việc* is merged over them add to its other cells.
    fn continued(&mut self, row: u32, mut task: AnnexRow) -> AnnexRow {
        let columns: Vec<(u32, Field)> = self.header.columns.iter().map(|(c, f)| (*c, *f)).collect();
        for (column, field) in columns {
            let Some(value) = self.sheet.own(row, column).cloned() else {
                continue;
            };
            if let Value::Error(code) = &value {
                self.fail(row, column, CellErrorKind::Formula { code: code.clone() });
                continue;
            }
            let Some(text) = filled(&text_of(Some(&value))) else {
                continue;
            };
            let join = |slot: &mut Option<String>| {
                *slot = Some(match slot.take() {
                    Some(before) => format!("{before}\n{text}"),
                    None => text.clone(),
                });
            };
            match field {
                Field::Supports => task.supports.extend(supports(&text)),
                Field::Evidence => task.evidence.extend(pieces(&text)),
                Field::Basis => task.basis.extend(bases(&text)),
                Field::Result => join(&mut task.result),
                Field::Criteria => join(&mut task.criteria),
                Field::Authority => join(&mut task.authority),
                Field::Note => join(&mut task.note),
                Field::Lead => {
                    let units: Vec<String> = task.lead.iter().cloned().chain([text]).collect();
                    if units.len() > 1 {
                        self.fail(row, column, CellErrorKind::TwoLeads { units });
                    } else {
                        task.lead = units.into_iter().next();
                    }
                }
                Field::Due if task.due.is_none() => {
                    task.due = self.deadline(row, column, Some(&value));
                }
                _ => {}
            }
        }
        task
    }

    fn lead(&mut self, row: u32, column: u32, text: &str) -> Option<String> {
        let units = lead_units(text);
        if units.len() > 1 {
            self.fail(row, column, CellErrorKind::TwoLeads { units });
            return None;
        }
        units.into_iter().next()
    }

    fn text_date(&mut self, row: u32, column: u32, text: &str, year: Option<i16>) -> Option<Deadline> {
        match Deadline::parse(tidy_date(text), year) {
            Ok(deadline) => Some(deadline),
            Err(error) => {
                self.fail(row, column, error);
                None
            }
        }
    }

    fn deadline(&mut self, row: u32, column: u32, value: Option<&Value>) -> Option<Deadline> {
        match value? {
            Value::Text(text) => {
                let text = text.clone();
                self.text_date(row, column, &text, self.options.default_year)
            }
            Value::Moment(moment) => match moment_of(*moment) {
                Ok(deadline) => Some(deadline),
                Err(error) => {
                    self.fail(row, column, error);
                    None
                }
            },
            Value::Number(number) => {
                let moment = ExcelDateTime::new(*number, calamine::ExcelDateTimeType::DateTime, false);
                let whole = *number > 20_000.0 && *number < 100_000.0;
                match moment_of(moment).ok().filter(|_| whole) {
                    Some(deadline) => {
                        self.reading.warnings.push(Warning::SerialDate {
                            sheet: self.sheet.name.clone(),
                            row: row + 1,
                            column: letters(column),
                            date: deadline.date,
                        });
                        Some(deadline)
                    }
                    None => {
                        let text = number_text(*number);
                        self.fail(row, column, DateError::NotADate { text });
                        None
                    }
                }
            }
            Value::Error(_) | Value::TooLong(_) => None,
        }
    }
}

fn is_number(text: &str) -> bool {
    // 1, 12, 1.2 (a sub-number), but no Roman numeral and no empty text.
    !text.is_empty()
        && text.len() <= 9
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && text.bytes().any(|b| b.is_ascii_digit())
}

/// A Roman numeral in normal form, or a single capital letter: the outline of streams.
fn is_outline(text: &str) -> bool {
    roman_value(text).is_some() || (text.len() == 1 && text.bytes().all(|b| b.is_ascii_uppercase()))
}

fn roman_value(text: &str) -> Option<usize> {
    if text.is_empty() || text.len() > 15 || !text.bytes().all(|b| b"IVXLCDM".contains(&b)) {
        return None;
    }
    let value = |b: u8| match b {
        b'I' => 1,
        b'V' => 5,
        b'X' => 10,
        b'L' => 50,
        b'C' => 100,
        b'D' => 500,
        _ => 1000,
    };
    let digits: Vec<i64> = text.bytes().map(value).collect();
    let mut total = 0i64;
    for (at, digit) in digits.iter().enumerate() {
        if digits.get(at + 1).is_some_and(|next| next > digit) {
            total -= digit;
        } else {
            total += digit;
        }
    }
    let number = usize::try_from(total).ok()?;
    (crate::tasks::gantt::roman(number) == text).then_some(number)
}

/// The name after "II. ", "II- ", "A) ", "Phần II: ".
fn after_outline(text: &str) -> Option<&str> {
    let text = text.trim();
    let bare = ["Phần ", "PHẦN ", "Mục ", "MỤC ", "Nhóm ", "NHÓM "]
        .iter()
        .find_map(|head| text.strip_prefix(head))
        .unwrap_or(text);
    let end = bare.find(|c: char| !c.is_ascii_uppercase())?;
    let (numeral, rest) = bare.split_at_checked(end)?;
    if !is_outline(numeral) {
        return None;
    }
    let rest = rest.trim_start();
    let name = rest.strip_prefix(['.', '-', '–', '—', ')', ':', '/'])?;
    let name = name.trim_start_matches(['.', '-', '–', ' ', '\n']);
    (!name.is_empty()).then_some(name)
}

/// The units that a lead cell names; more than one is the caller's error.
fn lead_units(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split('\n').map(unbullet).filter(|line| !line.is_empty()) {
        let key = key_of(line);
        let lower = line.chars().next().is_some_and(char::is_lowercase);
        let tail = lower || begins(&key, vocabulary::NAME_TAILS);
        let open = lines.last().is_some_and(|last: &String| {
            last.ends_with(['–', '-', ','])
                || key_of(last).ends_with(" va")
                || key_of(last).ends_with(" thuoc")
        });
        match lines.last_mut() {
            Some(last) if tail || open => {
                last.push(' ');
                last.push_str(line);
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines
        .iter()
        .flat_map(|line| outside_brackets(line, &[';']))
        .flat_map(|part| split_units(&part))
        .map(|part| unbullet(&part).trim_end_matches(['.', ',']).to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// Splits "Công an Thành phố, Sở Y tế và Ban Nội chính" where a unit's first word follows, so
/// that "Ban Tuyên giáo và Dân vận" stays whole.
fn split_units(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let words: Vec<&str> = text.split(' ').collect();
    let mut depth = 0i32;
    for (at, word) in words.iter().enumerate() {
        let rest = words.get(at + 1..).unwrap_or_default().join(" ");
        depth += word.matches('(').count() as i32 - word.matches(')').count() as i32;
        let joins = depth <= 0 && matches!(key_of(word).as_str(), "va" | "cung" | "and")
            || *word == "&"
            || *word == "+";
        let filled_before = parts.last().is_some_and(|part| !part.trim().is_empty());
        if joins && filled_before && is_unit(&rest) {
            parts.push(String::new());
            continue;
        }
        if let Some(part) = parts.last_mut() {
            if !part.is_empty() {
                part.push(' ');
            }
            part.push_str(word);
        }
        if depth <= 0 && word.ends_with(',') && is_unit(&rest) {
            parts.push(String::new());
        }
    }
    parts
        .into_iter()
        .map(|part| part.trim().trim_end_matches(',').to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// Splits at separators that stand outside round brackets.
fn outside_brackets(text: &str, separators: &[char]) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0i32;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = (depth - 1).max(0),
            _ => {}
        }
        if depth == 0 && separators.contains(&c) {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn unbullet(text: &str) -> &str {
    let text = text.trim();
    let bare = text.trim_start_matches(['-', '–', '+', '•', '*', '·', ' ']);
    let digits = bare.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    match bare.split_at_checked(digits) {
        Some((number, rest)) if !number.is_empty() && number.len() <= 2 => {
            rest.strip_prefix(['.', ')']).filter(|rest| rest.starts_with(' ')).map_or(bare, str::trim_start)
        }
        _ => bare,
    }
}

/// Coordinating units with what each brings: "Sở Y tế (trực cấp cứu); Công an: bảo vệ".
fn supports(text: &str) -> Vec<Support> {
    let mut out = Vec::new();
    for piece in outside_brackets(text, &[';', '\n']) {
        let piece = unbullet(&piece).trim_end_matches('.');
        let (units, contribution) = match piece.rfind('(') {
            Some(open) if piece.ends_with(')') && open > 0 => {
                let (unit, rest) = piece.split_at(open);
                (unit.trim(), filled(rest.trim_matches(['(', ')'])))
            }
            _ => match piece.split_once(':') {
                Some((unit, rest)) if is_unit(unit) => (unit.trim(), filled(rest)),
                _ => (piece, None),
            },
        };
        for unit in split_units(units).iter().filter_map(|unit| filled(unit)) {
            out.push(Support { unit, contribution: contribution.clone() });
        }
    }
    out
}

struct WhoText {
    lead: Option<String>,
    supports: String,
    focal: Option<String>,
}

/// "Ban Tổ chức; phối hợp: Văn phòng (danh sách); đầu mối: Trưởng phòng".
fn split_who(text: &str) -> WhoText {
    let mut who = WhoText { lead: None, supports: String::new(), focal: None };
    let mut lead = Vec::new();
    let mut in_supports = false;
    for piece in outside_brackets(text, &[';', '\n']) {
        let piece = unbullet(&piece);
        if let Some(rest) = after_label(piece, &["phoi hop voi", "phoi hop", "ph"]) {
            in_supports = true;
            push(&mut who.supports, rest);
        } else if let Some(rest) = after_label(piece, &["chu tri", "don vi chu tri", "co quan chu tri", "ct"])
        {
            in_supports = false;
            lead.push(rest.to_owned());
        } else if let Some(rest) = after_label(piece, &["dau moi", "can bo dau moi"]) {
            who.focal = filled(rest);
        } else if in_supports {
            push(&mut who.supports, piece);
        } else {
            lead.push(piece.to_owned());
        }
    }
    who.lead = filled(&lead.join("; "));
    who
}

fn push(list: &mut String, item: &str) {
    if !list.is_empty() {
        list.push_str("; ");
    }
    list.push_str(item);
}

/// What follows "Phối hợp:" or "phối hợp với"; a bare word without colon only for the long label.
fn after_label<'a>(text: &'a str, labels: &[&str]) -> Option<&'a str> {
    if let Some((label, rest)) = text.split_once(':')
        && labels.contains(&key_of(label).as_str())
    {
        return Some(rest.trim());
    }
    let words: Vec<&str> = text.split(' ').collect();
    for count in [3, 2] {
        let Some(head) = words.get(..count) else { continue };
        let label = head.join(" ");
        if labels.iter().any(|l| *l == key_of(&label) && l.contains(' ')) {
            return text.get(label.len()..).map(str::trim);
        }
    }
    None
}

fn pieces(text: &str) -> Vec<String> {
    outside_brackets(text, &[';', '\n']).iter().filter_map(|piece| filled(unbullet(piece))).collect()
}

/// "127-TB/TU, khoản 2; 42/2014/QĐ-TTg".
fn bases(text: &str) -> Vec<Basis> {
    pieces(text)
        .into_iter()
        .map(|piece| {
            let cut = piece.match_indices(", ").find(|(at, _)| {
                let rest = piece.get(at + 2..).unwrap_or_default();
                begins(
                    &key_of(rest),
                    &[
                        "khoan", "diem", "muc", "dieu", "y", "ket luan", "phan", "chuong", "phu luc", "tiet",
                        "clause",
                    ],
                )
            });
            match cut {
                Some((at, _)) => Basis {
                    document: piece.get(..at).unwrap_or_default().trim().to_owned(),
                    clause: filled(piece.get(at + 2..).unwrap_or_default()),
                },
                None => Basis { document: piece, clause: None },
            }
        })
        .collect()
}

/// "01/08 → 05/09", "từ 1/8 đến 5/9", "01/08/2025 - 05/09/2025".
fn split_range(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let lower = text.to_lowercase();
    if lower.len() == text.len()
        && let Some(rest) = lower.strip_prefix("từ ").or_else(|| lower.strip_prefix("tu "))
        && let Some(body) = text.get(text.len() - rest.len()..)
        && let Some((a, b)) = body.split_once(" đến ").or_else(|| body.split_once(" den "))
    {
        return Some((strip_day(a), strip_day(b)));
    }
    for separator in ["→", "->", "=>", " – ", " — ", " - ", " đến ", "–", "—", "\n"] {
        if let Some((a, b)) = text.split_once(separator) {
            let (a, b) = (a.trim(), b.trim());
            let dated = |s: &str| s.bytes().any(|c| c.is_ascii_digit());
            if dated(a) && dated(b) {
                return Some((strip_day(a), strip_day(b)));
            }
        }
    }
    None
}

fn strip_day(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix("ngày ").or_else(|| text.strip_prefix("Ngày ")).unwrap_or(text).trim()
}

/// Only the deadline carries a year.
fn crosses_year(text: &str) -> bool {
    split_range(text)
        .is_some_and(|(start, _)| Deadline::parse(tidy_date(start), None) == Err(DateError::NoYear))
}

/// Drops the words around a date: "Trước ngày 30/9/2025.", "đến hết 15/10".
fn tidy_date(text: &str) -> &str {
    let mut text = text.trim().trim_end_matches(['.', ';', ',']);
    loop {
        let before = text;
        for head in [
            "Trước ",
            "trước ",
            "Chậm nhất ",
            "chậm nhất ",
            "Đến ",
            "đến ",
            "Hết ",
            "hết ",
            "Hoàn thành ",
            "hoàn thành ",
            "Xong ",
            "xong ",
            "Hạn ",
            "hạn ",
            "là ",
            "Ngày ",
            "ngày ",
            "Truoc ",
            "truoc ",
            "ngay ",
            "Ngay ",
        ] {
            text = text.strip_prefix(head).unwrap_or(text).trim_start_matches([':', ' ']);
        }
        if text == before {
            return text;
        }
    }
}

fn percent(value: Option<&Value>, fractions: bool) -> Result<Option<u8>, String> {
    let (number, text) = match value {
        None => return Ok(None),
        Some(Value::Number(number)) => {
            let scaled = if fractions || (*number > 0.0 && *number < 1.0) { number * 100.0 } else { *number };
            (scaled, number_text(*number))
        }
        Some(other) => {
            let text = text_of(Some(other));
            let bare = text.replace(['%', ' '], "").replace(',', ".");
            let Ok(number) = bare.parse::<f64>() else {
                return Err(text);
            };
            let share = !text.contains('%') && number > 0.0 && number < 1.0;
            (if share { number * 100.0 } else { number }, text)
        }
    };
    if !(0.0..=100.0).contains(&number) {
        return Err(text);
    }
    // In range and rounded: the cast cannot lose anything.
    Ok(Some(number.round() as u8))
}

/// A percentage inside a state: "Đang thực hiện 70%".
fn percent_inside(text: &str) -> Option<u8> {
    let at = text.find('%')?;
    let digits: String = text.get(..at)?.trim_end().chars().rev().take_while(char::is_ascii_digit).collect();
    let number: String = digits.chars().rev().collect();
    number.parse().ok().filter(|percent| *percent <= 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_unit_with_and_in_its_name_is_one_lead() {
        for name in [
            "Ban Tuyên giáo và Dân vận Thành ủy",
            "Sở Văn hóa và Thể thao",
            "Sở Khoa học và Công nghệ",
            "Phòng Cảnh sát PCCC và CNCH",
            "Trung tâm Văn hóa và Hội nghị",
            "Ban Tổ chức\nThành ủy",
            "Tổ Biên tập – Tiểu ban Văn kiện",
        ] {
            assert_eq!(lead_units(name), [one_line(name)]);
        }
    }

    #[test]
    fn two_units_are_two() {
        for (text, units) in [
            ("Văn phòng Thành ủy; Ban Tổ chức", 2),
            ("Văn phòng Thành ủy\nBan Tổ chức", 2),
            ("Văn phòng Thành ủy và Ban Tổ chức Thành ủy", 2),
            ("Công an Thành phố, Sở Xây dựng", 2),
            ("- Sở Y tế\n- Sở Xây dựng\n- Công an", 3),
        ] {
            assert_eq!(lead_units(text).len(), units, "{text}");
        }
    }

    #[test]
    fn groups_open_with_an_outline_number() {
        assert_eq!(after_outline("II. Công tác nhân sự"), Some("Công tác nhân sự"));
        assert_eq!(after_outline("IV- AN NINH"), Some("AN NINH"));
        assert_eq!(after_outline("Phần III: Hậu cần"), Some("Hậu cần"));
        assert_eq!(after_outline("Công an Thành phố"), None);
        assert_eq!(after_outline("IIII. Sai"), None);
        assert!(is_outline("XIV") && !is_outline("IC") && !is_outline("12"));
    }

    #[test]
    fn a_shared_contribution_goes_to_each_unit() {
        let found =
            supports("Công an Thành phố, Sở Xây dựng, Sở Y tế (chấm độc lập); Văn phòng Thành ủy (dữ liệu)");
        assert_eq!(found.len(), 4);
        assert!(found.iter().take(3).all(|s| s.contribution.as_deref() == Some("chấm độc lập")));
    }

    #[test]
    fn ranges_and_words_around_a_date() {
        assert_eq!(split_range("01/08 → 05/09"), Some(("01/08", "05/09")));
        assert_eq!(split_range("từ ngày 1/8 đến ngày 5/9"), Some(("1/8", "5/9")));
        assert_eq!(split_range("05-09-2025"), None);
        assert_eq!(tidy_date("Trước ngày 30/9/2025."), "30/9/2025");
    }
}
