//! Pictures inside a document: their kind and their proportions from their own bytes.

use crate::{
    PressError,
    paper::{Picture, PictureFormat},
};

/// A picture as the package carries it.
pub(super) struct Media {
    pub(super) extension: &'static str,
    pub(super) data: Vec<u8>,
}

/// Width and height in pixels.
///
/// # Errors
/// [`PressError::Document`] when the bytes are not the picture they are said to be.
pub(super) fn pixels(picture: &Picture) -> Result<(u32, u32), PressError> {
    let found = match picture.format {
        PictureFormat::Png => png(&picture.data),
        PictureFormat::Jpeg => jpeg(&picture.data),
        PictureFormat::Svg => None,
    };
    found
        .filter(|(width, height)| *width > 0 && *height > 0)
        .ok_or_else(|| PressError::Document(format!("not a picture: {:?}", picture.format)))
}

fn png(data: &[u8]) -> Option<(u32, u32)> {
    let data = data.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    (data.get(4..8)? == b"IHDR").then_some(())?;
    let number = |at: usize| Some(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?));
    Some((number(8)?, number(12)?))
}

fn jpeg(data: &[u8]) -> Option<(u32, u32)> {
    let mut rest = data.strip_prefix(b"\xff\xd8")?;
    loop {
        let marker = match rest {
            [0xff, 0xff, ..] => {
                rest = &rest[1..];
                continue;
            }
            [0xff, marker, ..] => *marker,
            _ => return None,
        };
        let length = usize::from(u16::from_be_bytes(rest.get(2..4)?.try_into().ok()?));
        // The frame headers; the other markers of that row are tables.
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let side =
                |at: usize| Some(u32::from(u16::from_be_bytes(rest.get(at..at + 2)?.try_into().ok()?)));
            return Some((side(7)?, side(5)?));
        }
        rest = rest.get(2 + length..)?;
    }
}
