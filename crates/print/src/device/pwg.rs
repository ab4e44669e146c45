//! PWG Raster (PWG 5102.4-2012): the picture format that every IPP Everywhere printer takes, here in 8-bit grey.

use super::{DeviceError, bitmap::size};
use crate::Raster;

/// Bytes of the header of a page (PWG 5102.4, table 3).
pub const HEADER: usize = 1796;

/// Pages as one document.
///
/// # Errors
/// [`DeviceError::Empty`].
pub fn document(pages: &[Raster], dpi: u16) -> Result<Vec<u8>, DeviceError> {
    let count = u32::try_from(pages.len()).unwrap_or(0);
    if count == 0 || dpi == 0 {
        return Err(DeviceError::Empty);
    }
    let mut out = Vec::from(b"RaS2");
    for page in pages {
        let width = size(page.width);
        if width == 0 || page.height == 0 || page.dots.len() != width.saturating_mul(size(page.height)) {
            return Err(DeviceError::Empty);
        }
        out.extend(header(page, dpi, count));
        let mut rows = page.dots.chunks_exact(width).peekable();
        while let Some(row) = rows.next() {
            let mut again = 0_u8;
            while again < u8::MAX && rows.next_if_eq(&row).is_some() {
                again += 1;
            }
            out.push(again);
            shorten(row, &mut out);
        }
    }
    Ok(out)
}

fn header(page: &Raster, dpi: u16, count: u32) -> Vec<u8> {
    let mut out = vec![0; HEADER];
    let mut text = |at: usize, words: &[u8]| {
        if let Some(place) = out.get_mut(at..at + words.len()) {
            place.copy_from_slice(words);
        }
    };
    text(0, b"PwgRaster");
    let points = |dots: u32| dots * 72 / u32::from(dpi);
    for (at, value) in [
        (276, u32::from(dpi)),
        (280, u32::from(dpi)),
        (340, 1),
        (352, points(page.width)),
        (356, points(page.height)),
        (372, page.width),
        (376, page.height),
        // 8 bits of one colour; a line is as many bytes as dots; 18 is sGray.
        (384, 8),
        (388, 8),
        (392, page.width),
        (400, 18),
        (420, 1),
        (452, count),
        (456, 1),
        (460, 1),
        // 4 is normal quality.
        (484, 4),
    ] {
        text(at, &value.to_be_bytes());
    }
    out
}

/// Runs of one value (count − 1, value) and of differing ones (257 − count, values).
fn shorten(row: &[u8], out: &mut Vec<u8>) {
    let narrow = |count: usize| u8::try_from(count).unwrap_or(0);
    let mut rest = row;
    while let Some(first) = rest.first() {
        let same = rest.iter().take(128).take_while(|other| *other == first).count();
        if same > 1 {
            out.extend([narrow(same - 1), *first]);
            rest = rest.get(same..).unwrap_or_default();
            continue;
        }
        let pairs = rest.windows(2).take(127).take_while(|pair| pair.first() != pair.last()).count();
        // A literal ends before two that are equal; a single value goes as a run of one.
        let differing = if pairs + 1 == rest.len() { pairs + 1 } else { pairs.max(1) };
        let (now, later) = rest.split_at(differing.min(rest.len()));
        match now {
            [one] => out.extend([0, *one]),
            many => {
                out.push(narrow(257 - many.len()));
                out.extend(many);
            }
        }
        rest = later;
    }
}
