//! ESC/POS: the page in bands (`GS v 0`), so that a printer with little memory takes it, then a cut.

use super::{Bitmap, DeviceError, Trouble};

/// Lines of one band; printers hold at least so many of 80 mm.
const BAND: usize = 128;

/// Receipts, each printed so many times and cut.
///
/// # Errors
/// [`DeviceError::Empty`], [`DeviceError::TooWide`] for more than 65,535 bytes across.
pub fn receipts(pages: &[Bitmap], copies: u16) -> Result<Vec<u8>, DeviceError> {
    if pages.is_empty() {
        return Err(DeviceError::Empty);
    }
    let mut out = Vec::from(b"\x1b@");
    for page in pages.iter().flat_map(|page| std::iter::repeat_n(page, usize::from(copies.max(1)))) {
        if page.stride() == 0 || page.height() == 0 {
            return Err(DeviceError::Empty);
        }
        let most = u32::from(u16::MAX) * 8;
        let width =
            u16::try_from(page.stride()).map_err(|_| DeviceError::TooWide { dots: page.width(), most })?;
        let rows: Vec<&[u8]> = page.rows().collect();
        for band in rows.chunks(BAND) {
            out.extend(b"\x1dv0\x00");
            out.extend(width.to_le_bytes());
            out.extend(u16::try_from(band.len()).unwrap_or(0).to_le_bytes());
            out.extend(band.iter().copied().flatten());
        }
        // Feed to the knife, cut.
        out.extend(b"\x1dVB\x00");
    }
    Ok(out)
}

/// Asks for the state of lid and errors, then for that of the paper: a byte each.
pub const STATUS: &[u8] = b"\x10\x04\x02\x10\x04\x04";

/// Reads the two bytes that answer [`STATUS`]; `None` when all is well, or when they cannot be understood.
pub fn trouble(answer: &[u8]) -> Option<Trouble> {
    let &[cause, paper, ..] = answer else { return None };
    // Bits 1 and 4 are always set in such a byte, bits 0 and 7 never.
    if cause & 0x93 != 0x12 || paper & 0x93 != 0x12 {
        return None;
    }
    if paper & 0x60 != 0 || cause & 0x20 != 0 {
        Some(Trouble::PaperOut)
    } else if cause & 0x04 != 0 {
        Some(Trouble::Open)
    } else if cause & 0x40 != 0 {
        Some(Trouble::Fault)
    } else {
        None
    }
}
