//! ZPL II: one graphic field a label, its rows shortened as the guide has it ("Alternative Data Compression").

use std::fmt::Write as _;

use super::{Bitmap, DeviceError, Trouble};

/// Labels, each printed so many times.
///
/// # Errors
/// [`DeviceError::Empty`].
pub fn labels(pages: &[Bitmap], copies: u16) -> Result<Vec<u8>, DeviceError> {
    if pages.is_empty() {
        return Err(DeviceError::Empty);
    }
    let mut out = String::new();
    for page in pages {
        let (stride, height) = (page.stride(), page.height());
        if stride == 0 || height == 0 {
            return Err(DeviceError::Empty);
        }
        let total = stride * page.rows().len();
        let _ = write!(out, "^XA^PW{}^LL{height}^LH0,0^FO0,0^GFA,{total},{total},{stride},", page.width());
        let mut before: Option<&[u8]> = None;
        for row in page.rows() {
            if before == Some(row) {
                out.push(':');
            } else {
                shorten(row, &mut out);
            }
            before = Some(row);
        }
        let _ = writeln!(out, "^FS^PQ{}^XZ", copies.max(1));
    }
    Ok(out.into_bytes())
}

/// A row in hexadecimal: a letter before a digit says how often it comes, `,` and `!` fill the rest with 0 and F.
fn shorten(row: &[u8], out: &mut String) {
    let digits: Vec<u8> = row.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect();
    let mut rest = digits.as_slice();
    while let Some(&digit) = rest.first() {
        let length = rest.iter().take_while(|other| **other == digit).count();
        if length == rest.len() && (digit == 0 || digit == 15) {
            out.push(if digit == 0 { ',' } else { '!' });
            return;
        }
        repeat(length, out);
        out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase());
        rest = rest.get(length..).unwrap_or_default();
    }
}

/// `g`…`z` are 20, 40 … 400, `G`…`Y` are 1 … 19; a single digit needs neither.
fn repeat(mut count: usize, out: &mut String) {
    let letter = |first: u8, place: usize| char::from(first + u8::try_from(place).unwrap_or(0));
    while count > 419 {
        out.push('z');
        count -= 400;
    }
    if count >= 20 {
        out.push(letter(b'g', count / 20 - 1));
        count %= 20;
        if count == 0 {
            return;
        }
        out.push(letter(b'G', count - 1));
    } else if count > 1 {
        out.push(letter(b'G', count - 1));
    }
}

/// Asks how the printer is.
pub const STATUS: &[u8] = b"~HS\r\n";

/// Bytes of a whole answer to [`STATUS`]: three lines in STX and ETX.
pub fn status_is_whole(answer: &[u8]) -> bool {
    answer.iter().filter(|byte| **byte == 3).count() >= 3
}

/// Reads the answer to [`STATUS`]; `None` when it says that all is well, or nothing that can be understood.
pub fn trouble(answer: &[u8]) -> Option<Trouble> {
    let text = String::from_utf8_lossy(answer);
    let lines: Vec<Vec<&str>> = text
        .split('\u{3}')
        .filter_map(|line| line.split_once('\u{2}'))
        .map(|(_, fields)| fields.split(',').map(str::trim).collect())
        .collect();
    let set = |line: usize, field: usize| lines.get(line).and_then(|line| line.get(field)) == Some(&"1");
    if set(0, 1) || set(1, 3) {
        Some(Trouble::PaperOut)
    } else if set(1, 2) {
        Some(Trouble::Open)
    } else if set(0, 10) || set(0, 11) {
        // Too cold or too hot.
        Some(Trouble::Fault)
    } else if set(0, 2) {
        Some(Trouble::Paused)
    } else {
        None
    }
}
