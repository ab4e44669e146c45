//! What a JPEG says of itself, read without decoding it.

use super::PictureFault;

/// The frame of a JPEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    pub width: u32,
    pub height: u32,
    /// 1 is grey, 3 is colour, 4 is CMYK.
    pub components: u8,
    /// Kept whole while it is decoded, which takes three times the memory.
    pub progressive: bool,
    /// Bytes of coded pixels.
    pub coded: u64,
}

impl Frame {
    /// Whether there are enough coded pixels for the size it claims: a block of 8 × 8 takes two bits at least,
    /// one where runs of blocks are coded as one (progressive). A decoder would fill what is missing with grey.
    pub fn is_whole(&self) -> bool {
        let blocks = u64::from(self.width.div_ceil(8)) * u64::from(self.height.div_ceil(8));
        let least = if self.progressive { blocks } else { 2 * blocks };
        self.coded * 8 >= least
    }
}

/// Walks from mark to mark to the end of the image. What a camera wrote behind it (a short film, a second
/// picture) is not looked at and never kept. An image that ends early is refused.
pub(super) fn frame(bytes: &[u8]) -> Result<Frame, PictureFault> {
    let mut at = 2;
    let (mut frame, mut coded) = (None, 0_u64);
    loop {
        let mark = next_mark(bytes, &mut at).ok_or(PictureFault::Damaged)?;
        match mark {
            0xd9 => break,
            // Marks without content.
            0x01 | 0xd0..=0xd7 => {}
            _ => {
                let content = segment(bytes, &mut at).ok_or(PictureFault::Damaged)?;
                if matches!(mark, 0xc0..=0xcf) && !matches!(mark, 0xc4 | 0xc8 | 0xcc) {
                    if frame.is_some() {
                        return Err(PictureFault::Damaged);
                    }
                    frame = Some(start_of_frame(mark, content)?);
                }
                if mark == 0xda {
                    let start = at;
                    skip_coded(bytes, &mut at);
                    coded += (at - start) as u64;
                }
            }
        }
    }
    frame.map(|frame| Frame { coded, ..frame }).ok_or(PictureFault::Damaged)
}

fn next_mark(bytes: &[u8], at: &mut usize) -> Option<u8> {
    if *bytes.get(*at)? != 0xff {
        return None;
    }
    while *bytes.get(*at)? == 0xff {
        *at += 1;
    }
    let mark = *bytes.get(*at)?;
    *at += 1;
    (mark != 0).then_some(mark)
}

fn segment<'a>(bytes: &'a [u8], at: &mut usize) -> Option<&'a [u8]> {
    let length = usize::from(u16::from_be_bytes([*bytes.get(*at)?, *bytes.get(*at + 1)?]));
    let content = bytes.get(*at + 2..*at + length.max(2))?;
    *at += length.max(2);
    Some(content)
}

fn start_of_frame(mark: u8, content: &[u8]) -> Result<Frame, PictureFault> {
    let [_precision, h1, h0, w1, w0, components, ..] = *content else { return Err(PictureFault::Damaged) };
    Ok(Frame {
        width: u32::from(u16::from_be_bytes([w1, w0])),
        height: u32::from(u16::from_be_bytes([h1, h0])),
        components,
        progressive: mark == 0xc2,
        coded: 0,
    })
}

/// To the next mark that is no restart.
fn skip_coded(bytes: &[u8], at: &mut usize) {
    while let (Some(byte), next) = (bytes.get(*at), bytes.get(*at + 1)) {
        if *byte == 0xff && !matches!(next, Some(0x00 | 0xd0..=0xd7) | None) {
            return;
        }
        *at += 1;
    }
}
