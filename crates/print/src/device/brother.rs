//! Brother QL: raster lines as wide as the head, from the right to the left, not compressed (the QL-800 cannot).

use super::{Bitmap, DeviceError, Media, Trouble, bitmap::size};

/// A paper of the QL family at 300 dots per inch.
struct Roll {
    width_mm: u16,
    length_mm: u16,
    /// Dots that can be printed across.
    across: u32,
    /// Dots of a label; 0 on a roll without end.
    along: u32,
    /// Pins of the head to the right of the paper.
    right: usize,
    /// Bytes of a line: 90 for 720 pins, 162 for 1,296 (QL-1050, QL-1100).
    line: usize,
}

const fn roll(width_mm: u16, length_mm: u16, across: u32, along: u32, right: usize) -> Roll {
    Roll { width_mm, length_mm, across, along, right, line: if width_mm > 62 { 162 } else { 90 } }
}

const ROLLS: &[Roll] = &[
    roll(29, 0, 306, 0, 6),
    roll(38, 0, 413, 0, 12),
    roll(50, 0, 554, 0, 12),
    roll(54, 0, 590, 0, 0),
    roll(62, 0, 696, 0, 12),
    roll(102, 0, 1164, 0, 12),
    roll(29, 90, 306, 991, 6),
    roll(62, 29, 696, 271, 12),
    roll(62, 100, 696, 1109, 12),
    roll(102, 51, 1164, 526, 12),
    roll(102, 152, 1164, 1660, 12),
];

fn find(media: Media) -> Result<&'static Roll, DeviceError> {
    let is = |roll: &&Roll| roll.width_mm == media.width_mm && roll.length_mm == media.length_mm;
    ROLLS.iter().find(is).ok_or(DeviceError::Media)
}

/// The dots that can be printed on a paper, across and along; 0 along for a roll without end.
///
/// # Errors
/// [`DeviceError::Media`].
pub fn dots(media: Media) -> Result<(u32, u32), DeviceError> {
    find(media).map(|roll| (roll.across, roll.along))
}

/// The papers, for a choice.
pub fn papers() -> impl Iterator<Item = Media> {
    ROLLS.iter().map(|roll| Media { width_mm: roll.width_mm, length_mm: roll.length_mm })
}

/// Labels, each printed so many times and cut.
///
/// # Errors
/// [`DeviceError`].
pub fn labels(pages: &[Bitmap], media: Media, copies: u16) -> Result<Vec<u8>, DeviceError> {
    let roll = find(media)?;
    if pages.is_empty() {
        return Err(DeviceError::Empty);
    }
    // Whatever was sent by halves before is forgotten: 400 zeros, ESC @; then raster mode.
    let mut out = vec![0; 400];
    out.extend(b"\x1b@\x1bia\x01");
    let all: Vec<&Bitmap> =
        pages.iter().flat_map(|page| std::iter::repeat_n(page, usize::from(copies.max(1)))).collect();
    for (at, page) in all.iter().enumerate() {
        if page.width() == 0 || page.height() == 0 {
            return Err(DeviceError::Empty);
        }
        if page.width() > roll.across {
            return Err(DeviceError::TooWide { dots: page.width(), most: roll.across });
        }
        if roll.along > 0 && page.height() > roll.along {
            return Err(DeviceError::TooLong { dots: page.height(), most: roll.along });
        }
        let lines = if roll.along > 0 { roll.along } else { page.height() };
        let kind = if roll.along > 0 { 0x0b } else { 0x0a };
        let mm = |value: u16| u8::try_from(value).unwrap_or(u8::MAX);
        // Print information: kind, width and length are meant; the printer refuses another paper.
        out.extend([0x1b, b'i', b'z', 0x8e, kind, mm(media.width_mm), mm(media.length_mm)]);
        out.extend(lines.to_le_bytes());
        out.extend([u8::from(at > 0), 0]);
        // Cut each label, and after the last one; rolls without end need a margin of 35 dots.
        out.extend(b"\x1biM\x40\x1biA\x01\x1biK\x08");
        out.extend([0x1b, b'i', b'd', if roll.along > 0 { 0 } else { 35 }, 0]);
        out.extend(b"M\x00");
        for y in 0..size(lines) {
            let mut line = vec![0; roll.line];
            for x in (0..size(page.width())).filter(|x| page.is_black(*x, y)) {
                // The first pin is the rightmost dot of the paper; a narrow page stands at its left edge.
                let pin = roll.right + size(roll.across) - 1 - x;
                if let Some(byte) = line.get_mut(pin / 8) {
                    *byte |= 0x80 >> (pin % 8);
                }
            }
            out.extend([b'g', 0, u8::try_from(roll.line).unwrap_or(90)]);
            out.extend(line);
        }
        out.push(if at + 1 == all.len() { 0x1a } else { 0x0c });
    }
    Ok(out)
}

/// Asks how the printer is; before it, whatever was sent by halves is forgotten.
pub fn status() -> Vec<u8> {
    let mut out = vec![0; 400];
    out.extend(b"\x1b@\x1biS");
    out
}

/// Bytes of an answer to [`status`].
pub const STATUS_BYTES: usize = 32;

/// Reads the answer to [`status`]; `None` when all is well, or when it cannot be understood.
pub fn trouble(answer: &[u8], media: Media) -> Option<Trouble> {
    let &[0x80, 0x20, _, _, _, _, _, _, first, second, width, _, _, _, _, _, _, length, ..] = answer else {
        return None;
    };
    let mm = |value: u16| u8::try_from(value).unwrap_or(u8::MAX);
    if first & 0b11 != 0 {
        Some(Trouble::PaperOut)
    } else if second & 0x10 != 0 {
        Some(Trouble::Open)
    } else if second & 0x01 != 0 || width != mm(media.width_mm) || length != mm(media.length_mm) {
        Some(Trouble::WrongMedia)
    } else if first != 0 || second != 0 {
        Some(Trouble::Fault)
    } else {
        None
    }
}
