//! The annex table (*phụ lục phân công nhiệm vụ*) in and out as `.xlsx`.
//!
//! [`read_annex`] takes the official table as offices really write it: headings in any order and
//! spelling, title lines above, two-row and merged headings, Roman groups, merged cells, text
//! dates, signatures below. It reports every doubtful cell at once, by sheet, row and column, and
//! nothing is to be applied while there is an error. [`write_annex`] prints the same table so
//! that reading it back gives exactly the rows written; [`changes`] says what a file would change.
//!
//! Pure: bytes and structs in, bytes and structs out. The as-of moment, the year to assume and
//! the captions come from the caller.

mod changes;
mod container;
mod fields;
mod read;
mod vocabulary;
mod write;

use jiff::civil::{Date, DateTime};
use rules::dates::{DateError, Deadline};
use rules::message::{Arg, Args};
use rules::state::TaskState;
use rules::text::nfc;
use rules::timing::Timing;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

pub use super::gantt::Words;
pub use changes::{FieldChange, RowChange, changes};
pub use fields::{Field, FieldSet};
pub use read::read_annex;
pub use write::{AnnexWriteError, write_annex};

/// Version of the hidden sheet; a file with a later one is refused.
pub const FORMAT_VERSION: u32 = 1;

/// A coordinating unit and what it brings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Support {
    /// The unit as named in the table.
    pub unit: String,
    /// What it contributes, if the table says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contribution: Option<String>,
}

/// A legal basis: the document and where in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Basis {
    /// Number and symbol, for example `127-TB/TU`.
    pub document: String,
    /// Clause, for example `khoản 2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
}

/// One task as the annex states it. Empty and blank are `None`; whether the file had the column
/// at all is in [`AnnexRow::stated`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnnexRow {
    /// Sheet row it was read from, counted from 1; 0 for a row that comes from no file.
    pub line: u32,
    /// Columns that the file has for this row. A field outside the set is "not stated" and must
    /// never erase anything.
    pub stated: FieldSet,
    /// Hidden identifier written by an earlier export.
    pub id: Option<Uuid>,
    /// Code of the task.
    pub code: Option<String>,
    /// Stream: the group the row stands under.
    pub stream: Option<String>,
    /// *Lĩnh vực*.
    pub domain: Option<String>,
    /// *Rõ việc*.
    pub what: String,
    /// Lead unit (*chủ trì*).
    pub lead: Option<String>,
    /// Coordinating units (*phối hợp*).
    pub supports: Vec<Support>,
    /// Focal officer, by office.
    pub focal: Option<String>,
    /// Office that answers for the result (*rõ trách nhiệm*).
    pub accountable: Option<String>,
    /// *Rõ thẩm quyền*, in words.
    pub authority: Option<String>,
    /// Office that approves.
    pub approver: Option<String>,
    /// Office that accepts the result.
    pub acceptor: Option<String>,
    /// First day of work.
    pub start: Option<Date>,
    /// Deadline.
    pub due: Option<Deadline>,
    /// *Rõ kết quả*.
    pub result: Option<String>,
    /// When the result is good enough.
    pub criteria: Option<String>,
    /// Kinds of evidence asked for.
    pub evidence: Vec<String>,
    /// Legal bases.
    pub basis: Vec<Basis>,
    /// *Ghi chú*.
    pub note: Option<String>,
    /// Stored state.
    pub state: Option<TaskState>,
    /// Progress, 0–100.
    pub percent: Option<u8>,
    /// Before, during or after the congress, in the table's words.
    pub phase: Option<String>,
    /// A classified task: the file shows its code and a redacted title, nothing else. A stub read
    /// back says nothing about the task.
    pub stub: bool,
}

impl AnnexRow {
    /// The row with every text in stored form: NFC, single spaces, no control characters, blanks
    /// as `None`. This is what an export holds and what reading it gives back.
    #[must_use]
    pub fn normalised(mut self) -> Self {
        self.what = clean(&self.what);
        for text in [
            &mut self.code,
            &mut self.stream,
            &mut self.domain,
            &mut self.lead,
            &mut self.focal,
            &mut self.accountable,
            &mut self.authority,
            &mut self.approver,
            &mut self.acceptor,
            &mut self.result,
            &mut self.criteria,
            &mut self.note,
            &mut self.phase,
        ] {
            *text = text.take().and_then(|t| filled(&t));
        }
        // A stream stands on one line of its own.
        self.stream = self.stream.take().map(|t| one_line(&t));
        self.supports = std::mem::take(&mut self.supports)
            .into_iter()
            .filter_map(|s| {
                Some(Support {
                    unit: filled(&s.unit)?,
                    contribution: s.contribution.and_then(|c| filled(&c)),
                })
            })
            .collect();
        self.basis = std::mem::take(&mut self.basis)
            .into_iter()
            .filter_map(|b| {
                Some(Basis { document: filled(&b.document)?, clause: b.clause.and_then(|c| filled(&c)) })
            })
            .collect();
        self.evidence = std::mem::take(&mut self.evidence).iter().filter_map(|e| filled(e)).collect();
        self.percent = self.percent.map(|p| p.min(100));
        self
    }
}

/// Stored form of a text: as [`nfc`], without control characters.
pub(crate) fn clean(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c == '\u{a0}' || c == '\t' { ' ' } else { c })
        .filter(|c| *c == '\n' || *c == '\r' || !c.is_control())
        .filter(|c| !matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
        .collect();
    nfc(&plain)
}

/// Stored form, `None` when nothing is left.
pub(crate) fn filled(text: &str) -> Option<String> {
    let text = clean(text);
    (!text.is_empty()).then_some(text)
}

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Limits on a file; the defaults hold a plan of some thousand tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caps {
    /// Bytes of the file itself.
    pub bytes: usize,
    /// Parts inside the container.
    pub entries: usize,
    /// Uncompressed to compressed, per part.
    pub ratio: u64,
    /// Bytes of all parts together, uncompressed.
    pub unpacked: u64,
    /// Rows on a sheet.
    pub rows: u32,
    /// Columns on a sheet.
    pub columns: u32,
    /// Filled cells in the whole file.
    pub cells: usize,
    /// Characters in one cell.
    pub text: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            bytes: 20 << 20,
            entries: 1_000,
            ratio: 100,
            unpacked: 64 << 20,
            rows: 20_000,
            columns: 256,
            cells: 400_000,
            text: 8_000,
        }
    }
}

/// How to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Year of a date written without one.
    pub default_year: Option<i16>,
    /// Limits.
    pub caps: Caps,
}

/// Why the whole file was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AnnexError {
    /// No bytes.
    #[error("empty file")]
    Empty,
    /// Larger than [`Caps::bytes`].
    #[error("file of {bytes} bytes, limit {limit}")]
    TooLarge {
        /// Size.
        bytes: usize,
        /// Limit.
        limit: usize,
    },
    /// An old binary `.xls`.
    #[error("legacy xls")]
    LegacyXls,
    /// Protected with a password.
    #[error("encrypted")]
    Encrypted,
    /// Not an `.xlsx` at all.
    #[error("not an xlsx")]
    NotXlsx,
    /// Damaged or cut off.
    #[error("damaged: {detail}")]
    Damaged {
        /// What broke, for the log.
        detail: String,
    },
    /// Holds macros.
    #[error("macros")]
    Macros,
    /// Unpacks to more than the limits allow.
    #[error("zip bomb: {limit}")]
    Bomb {
        /// Which limit: `entries`, `ratio` or `unpacked`.
        limit: &'static str,
    },
    /// Declares XML entities or a document type.
    #[error("document type in {part}")]
    Entities {
        /// The part.
        part: String,
    },
    /// More rows than [`Caps::rows`].
    #[error("too many rows on {sheet}")]
    TooManyRows {
        /// The sheet.
        sheet: String,
        /// Limit.
        limit: u32,
    },
    /// More columns than [`Caps::columns`].
    #[error("too many columns on {sheet}")]
    TooManyColumns {
        /// The sheet.
        sheet: String,
        /// Limit.
        limit: u32,
    },
    /// More cells than [`Caps::cells`].
    #[error("too many cells")]
    TooManyCells {
        /// Limit.
        limit: usize,
    },
    /// No sheet has a row of headings that can be recognised.
    #[error("no heading row")]
    NoHeader,
    /// Headings but no task below them.
    #[error("no tasks")]
    NoTasks,
    /// Written by a later version of this program.
    #[error("format version {version}")]
    LaterFormat {
        /// Version found.
        version: u32,
    },
}

impl AnnexError {
    /// Every key that [`AnnexError::key`] can give.
    pub const KEYS: &'static [&'static str] = &[
        "annex-file-empty",
        "annex-file-too-large",
        "annex-file-xls",
        "annex-file-encrypted",
        "annex-file-not-xlsx",
        "annex-file-damaged",
        "annex-file-macros",
        "annex-file-bomb",
        "annex-file-entities",
        "annex-file-rows",
        "annex-file-columns",
        "annex-file-cells",
        "annex-file-no-header",
        "annex-file-no-tasks",
        "annex-file-later-format",
    ];

    /// Message key.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Empty => "annex-file-empty",
            Self::TooLarge { .. } => "annex-file-too-large",
            Self::LegacyXls => "annex-file-xls",
            Self::Encrypted => "annex-file-encrypted",
            Self::NotXlsx => "annex-file-not-xlsx",
            Self::Damaged { .. } => "annex-file-damaged",
            Self::Macros => "annex-file-macros",
            Self::Bomb { .. } => "annex-file-bomb",
            Self::Entities { .. } => "annex-file-entities",
            Self::TooManyRows { .. } => "annex-file-rows",
            Self::TooManyColumns { .. } => "annex-file-columns",
            Self::TooManyCells { .. } => "annex-file-cells",
            Self::NoHeader => "annex-file-no-header",
            Self::NoTasks => "annex-file-no-tasks",
            Self::LaterFormat { .. } => "annex-file-later-format",
        }
    }

    /// Message arguments: `limit`, `size` (both megabytes for the file), `sheet`, `version`.
    pub fn args(&self) -> Args {
        let mega = |bytes: &usize| Arg::Number(i64::try_from(bytes.div_ceil(1 << 20)).unwrap_or(i64::MAX));
        match self {
            Self::TooLarge { bytes, limit } => vec![("size", mega(bytes)), ("limit", mega(limit))],
            Self::TooManyRows { sheet, limit } | Self::TooManyColumns { sheet, limit } => {
                vec![("sheet", Arg::Text(sheet.clone())), ("limit", Arg::Number(i64::from(*limit)))]
            }
            Self::TooManyCells { limit } => {
                vec![("limit", Arg::Number(i64::try_from(*limit).unwrap_or(i64::MAX)))]
            }
            Self::LaterFormat { version } => vec![("version", Arg::Number(i64::from(*version)))],
            _ => Vec::new(),
        }
    }
}

/// What is wrong with one cell.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CellErrorKind {
    /// A task without its *việc*.
    #[error("missing what")]
    MissingWhat,
    /// More than one lead unit.
    #[error("two leads: {}", units.join(" | "))]
    TwoLeads {
        /// The units found.
        units: Vec<String>,
    },
    /// A date that cannot be taken as written.
    #[error(transparent)]
    Date(#[from] DateError),
    /// The start is after the deadline.
    #[error("start after deadline")]
    StartAfterDue {
        /// Start.
        start: Date,
        /// Deadline.
        due: Date,
    },
    /// The same code stands on an earlier row.
    #[error("duplicate code {code}")]
    DuplicateCode {
        /// The code.
        code: String,
        /// Earlier row.
        first: u32,
    },
    /// The same hidden identifier stands on an earlier row: a row was copied.
    #[error("duplicate id")]
    DuplicateId {
        /// Earlier row.
        first: u32,
    },
    /// The hidden identifier was overwritten.
    #[error("bad id")]
    BadId,
    /// Not a known state.
    #[error("unknown state {text}")]
    UnknownState {
        /// As written.
        text: String,
    },
    /// Not a percentage between 0 and 100.
    #[error("bad percent {text}")]
    BadPercent {
        /// As written.
        text: String,
    },
    /// A formula that ends in an error, or the error itself.
    #[error("formula error {code}")]
    Formula {
        /// The spreadsheet's own code, such as `#REF!`.
        code: String,
    },
    /// Longer than [`Caps::text`].
    #[error("text of {length}")]
    TooLong {
        /// Characters found.
        length: usize,
        /// Limit.
        limit: usize,
    },
}

impl CellErrorKind {
    /// Every key that [`CellErrorKind::key`] can give, besides those of
    /// [`DateError::KEYS`].
    pub const KEYS: &'static [&'static str] = &[
        "annex-cell-missing-what",
        "annex-cell-two-leads",
        "annex-cell-start-after-due",
        "annex-cell-duplicate-code",
        "annex-cell-duplicate-id",
        "annex-cell-bad-id",
        "annex-cell-unknown-state",
        "annex-cell-bad-percent",
        "annex-cell-formula",
        "annex-cell-too-long",
    ];

    /// Message key; dates keep the keys of [`DateError`].
    pub fn key(&self) -> &'static str {
        match self {
            Self::MissingWhat => "annex-cell-missing-what",
            Self::TwoLeads { .. } => "annex-cell-two-leads",
            Self::Date(error) => error.key(),
            Self::StartAfterDue { .. } => "annex-cell-start-after-due",
            Self::DuplicateCode { .. } => "annex-cell-duplicate-code",
            Self::DuplicateId { .. } => "annex-cell-duplicate-id",
            Self::BadId => "annex-cell-bad-id",
            Self::UnknownState { .. } => "annex-cell-unknown-state",
            Self::BadPercent { .. } => "annex-cell-bad-percent",
            Self::Formula { .. } => "annex-cell-formula",
            Self::TooLong { .. } => "annex-cell-too-long",
        }
    }

    /// Message arguments.
    pub fn args(&self) -> Args {
        match self {
            Self::MissingWhat | Self::BadId => Vec::new(),
            Self::TwoLeads { units } => vec![("units", Arg::Text(units.join("; ")))],
            Self::Date(error) => error.args(),
            Self::StartAfterDue { start, due } => {
                vec![("start", Arg::Date(*start)), ("due", Arg::Date(*due))]
            }
            Self::DuplicateCode { code, first } => {
                vec![("code", Arg::Text(code.clone())), ("row", Arg::Number(i64::from(*first)))]
            }
            Self::DuplicateId { first } => vec![("row", Arg::Number(i64::from(*first)))],
            Self::UnknownState { text } | Self::BadPercent { text } => {
                vec![("text", Arg::Text(text.clone()))]
            }
            Self::Formula { code } => vec![("code", Arg::Text(code.clone()))],
            Self::TooLong { length, limit } => vec![
                ("length", Arg::Number(i64::try_from(*length).unwrap_or(i64::MAX))),
                ("limit", Arg::Number(i64::try_from(*limit).unwrap_or(i64::MAX))),
            ],
        }
    }
}

/// An error and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellError {
    /// Sheet name.
    pub sheet: String,
    /// Row, counted from 1.
    pub row: u32,
    /// Column letters.
    pub column: String,
    /// What is wrong.
    pub kind: CellErrorKind,
}

/// Something the reader decided that a person should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A column whose heading means nothing here; it is not read.
    UnknownColumn {
        /// Sheet.
        sheet: String,
        /// Column letters.
        column: String,
        /// Heading.
        heading: String,
    },
    /// Two columns say the same; the second is not read.
    RepeatedColumn {
        /// Sheet.
        sheet: String,
        /// Column letters.
        column: String,
        /// Heading.
        heading: String,
    },
    /// A number without date format was read as a day.
    SerialDate {
        /// Sheet.
        sheet: String,
        /// Row, counted from 1.
        row: u32,
        /// Column letters.
        column: String,
        /// The day it was read as.
        date: Date,
    },
    /// The file refers to other files; the values last saved were read.
    ExternalLinks,
}

impl Warning {
    /// Every key that [`Warning::key`] can give.
    pub const KEYS: &'static [&'static str] = &[
        "annex-warning-unknown-column",
        "annex-warning-repeated-column",
        "annex-warning-serial-date",
        "annex-warning-external-links",
    ];

    /// Message key.
    pub fn key(&self) -> &'static str {
        match self {
            Self::UnknownColumn { .. } => "annex-warning-unknown-column",
            Self::RepeatedColumn { .. } => "annex-warning-repeated-column",
            Self::SerialDate { .. } => "annex-warning-serial-date",
            Self::ExternalLinks => "annex-warning-external-links",
        }
    }

    /// Message arguments.
    pub fn args(&self) -> Args {
        let text = |s: &String| Arg::Text(s.clone());
        match self {
            Self::UnknownColumn { sheet, column, heading }
            | Self::RepeatedColumn { sheet, column, heading } => {
                vec![("sheet", text(sheet)), ("column", text(column)), ("heading", text(heading))]
            }
            Self::SerialDate { sheet, row, column, date } => vec![
                ("sheet", text(sheet)),
                ("row", Arg::Number(i64::from(*row))),
                ("column", text(column)),
                ("date", Arg::Date(*date)),
            ],
            Self::ExternalLinks => Vec::new(),
        }
    }
}

/// Where a field was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderCell {
    /// Sheet.
    pub sheet: String,
    /// Column letters.
    pub column: String,
    /// Heading as written.
    pub heading: String,
    /// What it was taken for.
    pub field: Field,
}

/// A file, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnnexReading {
    /// Rows in file order, also those with errors.
    pub rows: Vec<AnnexRow>,
    /// Streams in the order they appear.
    pub groups: Vec<String>,
    /// Everything that stands in the way, all at once.
    pub errors: Vec<CellError>,
    /// Everything decided on the reader's own account.
    pub warnings: Vec<Warning>,
    /// Which column was taken for what.
    pub header: Vec<HeaderCell>,
    /// Version of the hidden sheet if this is an export of ours.
    pub format: Option<u32>,
}

impl AnnexReading {
    /// The rows, only if nothing is wrong: a file is applied whole or not at all.
    ///
    /// # Errors
    /// All cell errors.
    pub fn accepted(&self) -> Result<&[AnnexRow], &[CellError]> {
        if self.errors.is_empty() { Ok(&self.rows) } else { Err(&self.errors) }
    }
}

/// One printed row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnexEntry {
    /// The task; a stub prints only its code and a redacted title.
    pub row: AnnexRow,
    /// Derived timing at the as-of moment.
    pub timing: Timing,
    /// The timing in words ("quá hạn 2 ngày").
    pub timing_text: String,
}

/// A plan to print.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnnexPlan {
    /// Parent body, capitals as it should print.
    pub parent_body: String,
    /// Issuing body.
    pub body: String,
    /// Title of the plan.
    pub title: String,
    /// Document the annex belongs to, for example `Kèm theo Kế hoạch số 12-KH/TU`.
    pub attached_to: String,
    /// Rows; a change of stream starts a new group.
    pub entries: Vec<AnnexEntry>,
}

/// Column letters of a zero-based column.
pub(crate) fn letters(mut column: u32) -> String {
    let mut out = Vec::new();
    loop {
        let digit = u8::try_from(column % 26).unwrap_or(0);
        out.push(char::from(b'A' + digit));
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    out.iter().rev().collect()
}

pub(crate) fn as_of_text(as_of: DateTime) -> String {
    Deadline::at(as_of.date(), as_of.time()).format_vn()
}
