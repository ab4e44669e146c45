//! The printers of the demo: two that are not there, so that a test label shows what is said then.
// words: data — names of sample printers

use platform::db::{DbError, WriteTx};

use super::{
    PrinterError,
    model::PrinterKind,
    store::{NewPrinter, create},
};

/// Enters them.
///
/// # Errors
/// Any [`DbError`].
pub fn enter(tx: &mut WriteTx<'_>) -> Result<(), DbError> {
    let printers = [
        ("Bàn đón tiếp 1 – in thẻ", PrinterKind::Zpl, 9100, 300, 90, 130),
        ("Bàn đón tiếp 2 – in nhãn", PrinterKind::BrotherQl, 9101, 300, 62, 100),
    ];
    for (name, kind, port, dpi, width_mm, length_mm) in printers {
        let new = NewPrinter {
            name: name.to_owned(),
            kind,
            host: "127.0.0.1".to_owned(),
            port,
            dpi,
            width_mm,
            length_mm,
            copies: 1,
        };
        match create(tx, &new) {
            Ok(_) => {}
            Err(PrinterError::Db(error)) => return Err(error),
            Err(error) => return Err(DbError::Other(error.to_string())),
        }
    }
    Ok(())
}
