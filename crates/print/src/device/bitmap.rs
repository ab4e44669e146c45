//! Grey dots as black and white ones.

use crate::Raster;

/// How grey becomes black or white.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shade {
    /// Darker than this is black: letters and codes.
    Threshold(u8),
    /// Errors are spread to the neighbours (Floyd and Steinberg, 1976): photographs.
    Dither,
    /// Photographs are spread, everything else is cut at the middle, so that a QR code beside a portrait stays sharp.
    Mixed,
}

/// Black and white dots, rows from the top, eight in a byte with the leftmost highest; 1 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: u32,
    height: u32,
    stride: usize,
    bits: Vec<u8>,
}

/// Side of the squares in which [`Shade::Mixed`] looks for photographs.
const SQUARE: usize = 16;

/// A number of dots as an index.
pub(super) fn size(dots: u32) -> usize {
    usize::try_from(dots).unwrap_or(usize::MAX)
}

impl Bitmap {
    /// A white one.
    pub fn white(width: u32, height: u32) -> Self {
        let stride = size(width).div_ceil(8);
        Self { width, height, stride, bits: vec![0; stride.saturating_mul(size(height))] }
    }

    /// The dots of a page.
    pub fn of(page: &Raster, shade: Shade) -> Self {
        let (width, height) = (size(page.width), size(page.height));
        let mut out = Self::white(page.width, page.height);
        if page.dots.len() != width.saturating_mul(height) || width == 0 {
            return out;
        }
        let photos = match shade {
            Shade::Mixed => photographs(&page.dots, width),
            _ => Vec::new(),
        };
        let across = width.div_ceil(SQUARE);
        // The errors of the row above and of this one, in sixteenths, with a place on either side.
        let mut above = vec![0_i32; width + 2];
        for (y, row) in page.dots.chunks_exact(width).enumerate() {
            let mut below = vec![0_i32; width + 2];
            let mut ahead = 0_i32;
            for (x, grey) in row.iter().enumerate() {
                let spreads = match shade {
                    Shade::Threshold(_) => false,
                    Shade::Dither => true,
                    Shade::Mixed => photos.get(y / SQUARE * across + x / SQUARE).copied().unwrap_or(false),
                };
                let black = if spreads {
                    let value = i32::from(*grey) + (above.get(x + 1).copied().unwrap_or(0) + ahead) / 16;
                    let black = value < 128;
                    let error = if black { value } else { value - 255 };
                    ahead = error * 7;
                    for (place, share) in [(x, 3), (x + 1, 5), (x + 2, 1)] {
                        if let Some(cell) = below.get_mut(place) {
                            *cell += error * share;
                        }
                    }
                    black
                } else {
                    ahead = 0;
                    *grey < if let Shade::Threshold(level) = shade { level } else { 128 }
                };
                if black {
                    out.blacken(x, y);
                }
            }
            above = below;
        }
        out
    }

    /// Dots across.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Dots down.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Bytes of a row.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// The rows from the top; the spare bits at the end of each are white.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.bits.chunks_exact(self.stride.max(1))
    }

    /// Whether a dot is black; outside is white.
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        x < size(self.width)
            && self.bits.get(y * self.stride + x / 8).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    }

    /// Makes a dot black; outside nothing happens.
    pub fn blacken(&mut self, x: usize, y: usize) {
        if x < size(self.width)
            && let Some(byte) = self.bits.get_mut(y * self.stride + x / 8)
        {
            *byte |= 0x80 >> (x % 8);
        }
    }
}

/// The squares that are mostly neither black nor white: letters have grey edges, photographs are grey all over.
fn photographs(dots: &[u8], width: usize) -> Vec<bool> {
    let across = width.div_ceil(SQUARE);
    let mut counts = vec![(0_usize, 0_usize); across * dots.len().div_ceil(width).div_ceil(SQUARE)];
    for (y, row) in dots.chunks_exact(width).enumerate() {
        for (x, grey) in row.iter().enumerate() {
            if let Some((grey_ones, all)) = counts.get_mut(y / SQUARE * across + x / SQUARE) {
                *grey_ones += usize::from((24..=231).contains(grey));
                *all += 1;
            }
        }
    }
    counts.into_iter().map(|(grey_ones, all)| grey_ones * 2 > all).collect()
}
