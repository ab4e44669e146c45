//! All SQL of printers, as functions over a transaction.

use platform::{
    audit::Event,
    db::{DbError, Done, Tx, WriteTx},
    i18n::key,
    identity::store::new_id,
    params, sql,
    web::FieldProblem,
};
use print::device::{Media, brother};
use rules::text::{fold, nfc};
use serde_json::json;

use super::{
    TOPIC,
    error::PrinterError,
    model::{Outcome, Printed, Printer, PrinterId, PrinterKind, Purpose, is_of_the_house},
};

/// A printer as it is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPrinter {
    /// What people call it.
    pub name: String,
    /// Its language.
    pub kind: PrinterKind,
    /// Its IP address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Dots per inch.
    pub dpi: u16,
    /// The paper across.
    pub width_mm: u16,
    /// The paper along; 0 for a roll without end.
    pub length_mm: u16,
    /// How often each page is printed.
    pub copies: u16,
}

/// All printers by name.
///
/// # Errors
/// Any [`DbError`].
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Printer>, DbError> {
    tx.query(sql!("SELECT * FROM printer ORDER BY folded"), params![])
}

/// One printer.
///
/// # Errors
/// [`PrinterError::NotFound`].
pub fn printer(tx: &mut Tx<'_>, id: PrinterId) -> Result<Printer, PrinterError> {
    tx.query_opt(sql!("SELECT * FROM printer WHERE id = $1"), params![id])?.ok_or(PrinterError::NotFound)
}

/// The newest lines of the print log.
///
/// # Errors
/// Any [`DbError`].
pub fn log(tx: &mut Tx<'_>, most: u32) -> Result<Vec<Printed>, DbError> {
    tx.query(sql!("SELECT * FROM printer_log ORDER BY at DESC, id DESC LIMIT $1"), params![most])
}

fn clean(tx: &mut Tx<'_>, id: Option<PrinterId>, new: &NewPrinter) -> Result<NewPrinter, PrinterError> {
    let mut wrong = Vec::new();
    let mut clean = new.clone();
    clean.name = nfc(&new.name).split_whitespace().collect::<Vec<_>>().join(" ");
    clean.host = new.host.trim().to_owned();
    if clean.name.is_empty() || clean.name.chars().count() > 80 || clean.name.chars().any(char::is_control) {
        wrong.push(FieldProblem::new("name", key("printers-error-name")));
    } else {
        let taken: Option<String> =
            tx.scalar(sql!("SELECT id FROM printer WHERE folded = $1"), params![fold(&clean.name)])?;
        if taken.is_some_and(|taken| id.is_none_or(|id| id.to_string() != taken)) {
            wrong.push(FieldProblem::new("name", key("printers-error-name-taken")));
        }
    }
    if !clean.host.parse().is_ok_and(|host| is_of_the_house(&host)) {
        wrong.push(FieldProblem::new("host", key("printers-error-host")));
    }
    let ports = new.kind.ports();
    if !ports.contains(&new.port) {
        let problem = FieldProblem::new("port", key("printers-error-port"));
        let text = |port: &u16| port.to_string();
        wrong.push(problem.with("first", text(ports.start())).with("last", text(ports.end())));
    }
    if let Some(dpi) = new.kind.fixed_dpi() {
        clean.dpi = dpi;
    }
    if !(100..=1200).contains(&clean.dpi) {
        wrong.push(FieldProblem::new("dpi", key("printers-error-dpi")));
    }
    let media = Media { width_mm: new.width_mm, length_mm: new.length_mm };
    if new.kind == PrinterKind::BrotherQl {
        if brother::dots(media).is_err() {
            wrong.push(FieldProblem::new("width_mm", key("printers-error-roll")));
        }
    } else if !(10..=300).contains(&new.width_mm) || new.length_mm > 500 {
        wrong.push(FieldProblem::new("width_mm", key("printers-error-media")));
    } else if new.length_mm == 0 && new.kind == PrinterKind::Ipp {
        wrong.push(FieldProblem::new("length_mm", key("printers-error-length")));
    }
    if !(1..=5).contains(&new.copies) {
        wrong.push(FieldProblem::new("copies", key("printers-error-copies")));
    }
    if wrong.is_empty() { Ok(clean) } else { Err(PrinterError::Fields(wrong)) }
}

/// Enters a printer.
///
/// # Errors
/// [`PrinterError::Fields`].
pub fn create(tx: &mut WriteTx<'_>, new: &NewPrinter) -> Result<Done<PrinterId>, PrinterError> {
    let new = clean(tx, None, new)?;
    let id = PrinterId(new_id(tx));
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO printer(id, name, folded, kind, host, port, dpi, width_mm, length_mm, copies, version,
               updated_at, updated_by)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12)"
        ),
        params![
            id, new.name, fold(&new.name), new.kind, new.host, new.port, new.dpi, new.width_mm, new.length_mm,
            new.copies, now, by,
        ],
    )?;
    Ok(tx.record(Event::new("printer.entered", "printer", id).topic(TOPIC)).with(id))
}

/// Changes a printer.
///
/// # Errors
/// [`PrinterError`].
pub fn save(
    tx: &mut WriteTx<'_>,
    id: PrinterId,
    version: i64,
    new: &NewPrinter,
) -> Result<Done<()>, PrinterError> {
    let before = printer(tx, id)?;
    if before.version != version {
        return Err(PrinterError::Conflict { version: before.version, by: before.updated_by });
    }
    let new = clean(tx, Some(id), new)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "UPDATE printer SET name = $2, folded = $3, kind = $4, host = $5, port = $6, dpi = $7, width_mm = $8,
               length_mm = $9, copies = $10, version = version + 1, updated_at = $11, updated_by = $12
             WHERE id = $1"
        ),
        params![
            id, new.name, fold(&new.name), new.kind, new.host, new.port, new.dpi, new.width_mm, new.length_mm,
            new.copies, now, by,
        ],
    )?;
    Ok(tx.record(Event::new("printer.changed", "printer", id).topic(TOPIC)).with(()))
}

/// Takes a printer off the list; the log keeps what it printed.
///
/// # Errors
/// [`PrinterError::NotFound`].
pub fn remove(tx: &mut WriteTx<'_>, id: PrinterId) -> Result<Done<()>, PrinterError> {
    printer(tx, id)?;
    tx.execute(sql!("DELETE FROM printer WHERE id = $1"), params![id])?;
    Ok(tx.record(Event::new("printer.removed", "printer", id).topic(TOPIC)).with(()))
}

/// Writes down what was sent and how it went.
///
/// # Errors
/// Any [`DbError`].
pub fn printed(
    tx: &mut WriteTx<'_>,
    printer: &Printer,
    purpose: Purpose,
    pages: usize,
    outcome: Outcome,
) -> Result<Done<()>, DbError> {
    let pages = u32::try_from(pages).unwrap_or(u32::MAX);
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO printer_log(id, printer, name, purpose, pages, outcome, at, sent_by)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![new_id(tx), printer.id, printer.name, purpose, pages, outcome, now, by],
    )?;
    let event = Event::new("printer.used", "printer", printer.id)
        .topic(TOPIC)
        .data(json!({ "purpose": purpose, "pages": pages, "outcome": outcome }));
    Ok(tx.record(event).with(()))
}
