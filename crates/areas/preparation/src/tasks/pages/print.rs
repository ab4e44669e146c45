//! What the prints of tasks share: the answer with a file, and the cells of a list on paper.

use platform::{
    db::{DbError, Tx},
    identity::UnitId,
    papers,
    web::{AppError, Cx, Made, download},
};
use print::{
    Align, Cell, Column, Issuer, Listing, Orientation, PageSize, Paper, PressRoom, Printable, Row, RowKind,
    Table, Text, Width,
};

use axum::response::Response;
use jiff::civil::DateTime;

use crate::tasks::{model::PlanId, register::Register};

platform::inventory::submit! {
    platform::i18n::Catalogue {
        area: "print",
        vi: include_str!("../words/print.vi.ftl"),
        en: include_str!("../words/print.en.ftl"),
    }
}

/// The file as PDF.
///
/// # Errors
/// 500 when the press fails.
pub async fn pdf(press: &PressRoom, printable: Printable, name: &str) -> Result<Response, AppError> {
    let bytes = press.pdf(printable).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, name))
}

/// A list as PDF.
///
/// # Errors
/// Those of [`pdf`].
pub async fn list(press: &PressRoom, listing: Listing, name: &str) -> Result<Response, AppError> {
    pdf(press, Printable::Listing(listing), name).await
}

/// In which form a paper is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// To be read and printed.
    Pdf,
    /// To be edited.
    Docx,
}

/// A paper in the form that is wanted.
///
/// # Errors
/// 500 when it cannot be set.
pub async fn paper(press: &PressRoom, paper: Paper, form: Form, name: &str) -> Result<Response, AppError> {
    match form {
        Form::Pdf => pdf(press, Printable::Paper(Box::new(paper)), name).await,
        Form::Docx => {
            let bytes = tokio::task::spawn_blocking(move || print::docx::write(&paper))
                .await
                .map_err(AppError::internal)?
                .map_err(AppError::internal)?;
            Ok(download(bytes, Made::Docx, name))
        }
    }
}

/// The body that issues a plan's papers.
#[derive(Debug, Clone, Default)]
pub struct Issuing {
    /// As the heading prints it.
    pub issuer: Issuer,
    /// What stands in its numbers.
    pub symbol: String,
}

impl Issuing {
    /// The unit that keeps a plan, or the first plan, and its name.
    pub fn unit(register: &Register, plan: Option<PlanId>) -> (Option<UnitId>, String) {
        let found = register.plans.iter().find(|one| Some(one.id) == plan).or(register.plans.first());
        let name = found.map(|plan| register.people.unit_name(plan.unit).to_owned());
        (found.map(|plan| plan.unit), name.unwrap_or_default())
    }

    /// The body of a unit or of the one above it; a unit without either stands under its own `name`.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn of(tx: &mut Tx<'_>, unit: Option<UnitId>, name: &str) -> Result<Self, DbError> {
        let body = match unit {
            Some(unit) => papers::store::body_of_unit(tx, unit)?,
            None => None,
        };
        Ok(match body {
            Some(body) => Self { issuer: crate::papers::issuer(&body), symbol: body.symbol },
            None => {
                Self { issuer: Issuer { name: halves(name), ..Issuer::default() }, symbol: String::new() }
            }
        })
    }
}

/// A name in capitals, on two lines of like length when it is too long for one beside the other column.
fn halves(name: &str) -> Vec<String> {
    let name = name.to_uppercase();
    let length = name.chars().count();
    let middle = name
        .char_indices()
        .enumerate()
        .filter(|(_, (_, letter))| *letter == ' ')
        .min_by_key(|(at, _)| (2 * at).abs_diff(length));
    match middle {
        Some((_, (space, _))) if length > 24 => {
            let (first, second) = name.split_at(space);
            vec![first.to_owned(), second.trim_start().to_owned()]
        }
        _ => vec![name],
    }
}

/// The moment of the figures in words.
pub fn as_of(cx: &Cx, moment: &DateTime) -> String {
    format!("{} {}", cx.t("shell-as-of"), cx.moment(moment))
}

/// A column of so many millimetres.
pub fn mm(width: f32, align: Align) -> Column {
    Column { width: Width::Mm(width), align }
}

/// A column that takes its share of what is left.
pub fn share(share: u16) -> Column {
    Column { width: Width::Share(share), align: Align::Left }
}

/// An ordinary row.
pub fn row<T: Into<Cell>>(cells: impl IntoIterator<Item = T>) -> Row {
    Row { kind: RowKind::Body, cells: cells.into_iter().map(Into::into).collect() }
}

/// A row of sums.
pub fn total<T: Into<Cell>>(cells: impl IntoIterator<Item = T>) -> Row {
    Row { kind: RowKind::Total, ..row(cells) }
}

/// The name of a group over all columns, with more about it in plain letters.
pub fn group(columns: &[Column], name: &str, more: &str) -> Row {
    let more = if more.is_empty() { String::new() } else { format!(" · {more}") };
    let text = Text::bold(name).and(Text::plain(more));
    let columns = u16::try_from(columns.len()).unwrap_or(u16::MAX);
    Row { kind: RowKind::Group, cells: vec![Cell { text, columns, rows: 1 }] }
}

/// A list on A4 across, letters of 10 pt.
pub fn across(
    title: String,
    as_of: String,
    columns: Vec<Column>,
    head: Vec<String>,
    rows: Vec<Row>,
) -> Listing {
    Listing {
        title,
        lines: Vec::new(),
        as_of,
        size: PageSize::A4,
        orientation: Orientation::Landscape,
        table: Table { columns, head: vec![head.into_iter().map(Cell::from).collect()], rows, size: 10.0 },
        legend: Vec::new(),
    }
}
