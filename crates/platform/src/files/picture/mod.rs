//! Photographs that people bring: looked at before they are unpacked, made upright and small, and kept as new
//! JPEG bytes.
//!
//! Nothing of the bytes that came is kept: no place, time or device of the camera, no preview, no comment, nothing
//! behind the end of the image. What is kept was drawn by this program from the pixels.
//!
//! ```text
//! let stored = app.files.put(field, PutOptions::picture(48 << 20).named(&name)).await?;
//! app.db.write(actor.author(), move |tx| files::store::add(tx, &stored)).await?;
//! …
//! app.files.picture(&file, Size::Small).await
//! ```

mod jpeg;
#[cfg(test)]
mod tests;

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageEncoder, ImageError, Limits, Rgb, RgbImage,
    codecs::{
        jpeg::{JpegDecoder, JpegEncoder},
        png::PngDecoder,
        webp::WebPDecoder,
    },
    imageops::{self, FilterType},
    metadata::Orientation,
};

use super::{FileError, Found, Kind};
use crate::i18n::key;

/// Pixels of one picture at most: a telephone's best camera takes 50 million.
pub const MOST_PIXELS: u64 = 50_000_000;
/// The longer side over the shorter one at most.
pub const MOST_RATIO: u32 = 20;
/// Memory in MiB for all pictures that are unpacked at the same time, and therefore for one.
pub(super) const MEMORY: u32 = 512;

/// How a picture is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureOptions {
    /// The longer side in pixels at most; smaller pictures stay as they are.
    pub longest: u32,
    /// The longer side of the small one, in pixels.
    pub small: u32,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
    /// Width to height to which the picture is cropped; `None` keeps all of it.
    pub ratio: Option<(u32, u32)>,
}

impl PictureOptions {
    /// A photograph that proves something: lettering on a door can be read, about 300 kB.
    pub const PHOTO: Self = Self { longest: 1600, small: 320, quality: 82, ratio: None };
    /// A portrait of three by four, as badges and lists have it: 300 dots to the inch on the largest badge.
    pub const PORTRAIT: Self = Self { longest: 600, small: 160, quality: 85, ratio: Some((3, 4)) };
}

/// What is wrong with a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureFault {
    /// A format of telephones that only their makers may read.
    #[error("HEIC")]
    Heic,
    /// No JPEG, PNG or WebP.
    #[error("not a picture")]
    NotAPicture,
    /// More pixels than [`MOST_PIXELS`], or more memory needed than there is for pictures.
    #[error("{width} x {height} pixels are too many")]
    TooManyPixels {
        /// The width it claims.
        width: u32,
        /// The height it claims.
        height: u32,
    },
    /// A strip: one side is more than [`MOST_RATIO`] times the other.
    #[error("{width} x {height} pixels is too narrow")]
    TooNarrow {
        /// The width it claims.
        width: u32,
        /// The height it claims.
        height: u32,
    },
    /// It moves.
    #[error("animated")]
    Animated,
    /// Coloured for a printing press.
    #[error("CMYK")]
    Cmyk,
    /// It ends too early, or is not what its head says.
    #[error("damaged or incomplete")]
    Damaged,
}

impl PictureFault {
    /// The key of the sentence that says what to do.
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::Heic => key("files-picture-heic"),
            Self::NotAPicture => key("files-picture-none"),
            Self::TooManyPixels { .. } => key("files-picture-pixels"),
            Self::TooNarrow { .. } => key("files-picture-narrow"),
            Self::Animated => key("files-picture-animated"),
            Self::Cmyk => key("files-picture-cmyk"),
            Self::Damaged => key("files-picture-damaged"),
        }
    }
}

/// Where other files are refused as "not allowed here", a picture says what would be.
pub(super) fn refusal(error: FileError) -> FileError {
    match error {
        FileError::KindNotAllowed { found: Found::Heic } => FileError::Picture(PictureFault::Heic),
        FileError::KindNotAllowed { .. } => FileError::Picture(PictureFault::NotAPicture),
        FileError::Broken(_) => FileError::Picture(PictureFault::Damaged),
        other => other,
    }
}

/// A picture before it is unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    kind: Kind,
    /// What unpacking will take, in MiB.
    pub(super) memory: u32,
}

/// Reads the head of a picture and checks all limits; unpacks nothing.
pub(super) fn look(bytes: &[u8], kind: Kind) -> Result<Look, PictureFault> {
    let (width, height, per_pixel) = match kind {
        Kind::Jpeg => {
            let frame = jpeg::frame(bytes)?;
            within(frame.width, frame.height)?;
            if frame.components > 3 {
                return Err(PictureFault::Cmyk);
            }
            if !frame.is_whole() {
                return Err(PictureFault::Damaged);
            }
            // Progressive ones keep two bytes of coefficients for each colour of each pixel.
            (frame.width, frame.height, if frame.progressive { 9 } else { 3 })
        }
        Kind::Png => {
            // The size stands in the first chunk: it is judged before anything else is read.
            let side = |at: usize| {
                let four = bytes.get(at..at + 4)?.try_into().ok()?;
                Some(u32::from_be_bytes(four))
            };
            let (Some(width), Some(height)) = (side(16), side(20)) else { return Err(PictureFault::Damaged) };
            within(width, height)?;
            let decoder = png(bytes)?;
            if decoder.is_apng().unwrap_or(true) {
                return Err(PictureFault::Animated);
            }
            (width, height, u64::from(decoder.color_type().bytes_per_pixel()))
        }
        Kind::Webp => {
            let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|_| PictureFault::Damaged)?;
            let (width, height) = decoder.dimensions();
            within(width, height)?;
            if decoder.has_animation() {
                return Err(PictureFault::Animated);
            }
            (width, height, 8)
        }
        _ => return Err(PictureFault::NotAPicture),
    };
    let needed = u64::from(width) * u64::from(height) * per_pixel + 2 * bytes.len() as u64;
    match u32::try_from(needed.div_ceil(1 << 20)) {
        Ok(memory) if memory <= MEMORY => Ok(Look { kind, memory }),
        _ => Err(PictureFault::TooManyPixels { width, height }),
    }
}

fn within(width: u32, height: u32) -> Result<(), PictureFault> {
    let (short, long) = (width.min(height), width.max(height));
    if short == 0 {
        return Err(PictureFault::Damaged);
    }
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PictureFault::TooManyPixels { width, height });
    }
    if long.div_ceil(short) > MOST_RATIO {
        return Err(PictureFault::TooNarrow { width, height });
    }
    Ok(())
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(u64::from(MEMORY) << 20);
    limits
}

fn png(bytes: &[u8]) -> Result<PngDecoder<Cursor<&[u8]>>, PictureFault> {
    PngDecoder::with_limits(Cursor::new(bytes), limits()).map_err(|_| PictureFault::Damaged)
}

/// One size of a picture, drawn anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Drawn {
    pub width: u32,
    pub height: u32,
    pub jpeg: Vec<u8>,
}

/// The picture and the small one. To be called outside the asynchronous threads with [`Look::memory`] at hand.
pub(super) fn redraw(
    bytes: &[u8],
    look: Look,
    options: PictureOptions,
) -> Result<(Drawn, Drawn), PictureFault> {
    let cursor = Cursor::new(bytes);
    let damaged = |_: ImageError| PictureFault::Damaged;
    let (image, turn) = match look.kind {
        Kind::Jpeg => decode(JpegDecoder::new(cursor).map_err(damaged)?)?,
        Kind::Png => decode(png(bytes)?)?,
        _ => decode(WebPDecoder::new(cursor).map_err(damaged)?)?,
    };
    let mut whole = image_within(image, options.longest);
    whole.apply_orientation(turn);
    let whole = on_white(&match options.ratio {
        Some(ratio) => crop(&whole, ratio),
        None => whole,
    });
    let small = shrink(whole.clone().into(), options.small).to_rgb8();
    Ok((encode(&whole, options.quality)?, encode(&small, options.quality)?))
}

fn decode(mut decoder: impl ImageDecoder) -> Result<(DynamicImage, Orientation), PictureFault> {
    let damaged = |_: ImageError| PictureFault::Damaged;
    decoder.set_limits(limits()).map_err(damaged)?;
    // A turn that cannot be read is no turn: cameras write strange things.
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder).map_err(damaged)?, turn))
}

/// Takes the large image, so that its memory is free before the next step.
fn image_within(image: DynamicImage, longest: u32) -> DynamicImage {
    let image = shrink(image, longest);
    // Sixteen bits and palettes become eight bits only when they are small.
    if image.color().has_alpha() { image.into_rgba8().into() } else { image.into_rgb8().into() }
}

/// Means of whole squares first, which needs no memory beside the result, then a sharp filter for the rest.
fn shrink(image: DynamicImage, longest: u32) -> DynamicImage {
    let longest = longest.max(1);
    let side = |image: &DynamicImage| image.width().max(image.height());
    let twice = longest.saturating_mul(2);
    let image = if side(&image) > twice { image.thumbnail(twice, twice) } else { image };
    if side(&image) > longest { image.resize(longest, longest, FilterType::CatmullRom) } else { image }
}

/// The largest part of this ratio: from the middle of what is too wide, from the upper part of what is too tall,
/// where the face of somebody standing is.
fn crop(image: &DynamicImage, (wide, high): (u32, u32)) -> DynamicImage {
    let (width, height) = (image.width(), image.height());
    let part = |side: u32, times: u32, by: u32| -> u32 {
        u32::try_from(u64::from(side) * u64::from(times) / u64::from(by.max(1))).unwrap_or(u32::MAX).max(1)
    };
    let fitting = part(height, wide, high);
    if fitting <= width {
        image.crop_imm((width - fitting) / 2, 0, fitting, height)
    } else {
        let fitting = part(width, high, wide).min(height);
        image.crop_imm(0, (height - fitting) / 5, width, fitting)
    }
}

/// JPEG knows no transparency: what shows through is paper.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let mut paper =
        image::RgbaImage::from_pixel(image.width(), image.height(), image::Rgba([255, 255, 255, 255]));
    imageops::overlay(&mut paper, &image.to_rgba8(), 0, 0);
    let mut out = RgbImage::new(paper.width(), paper.height());
    for (to, from) in out.pixels_mut().zip(paper.pixels()) {
        let [red, green, blue, _] = from.0;
        *to = Rgb([red, green, blue]);
    }
    out
}

fn encode(image: &RgbImage, quality: u8) -> Result<Drawn, PictureFault> {
    let (width, height) = image.dimensions();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, quality.clamp(1, 100))
        .write_image(image.as_raw(), width, height, image::ExtendedColorType::Rgb8)
        .map_err(|_| PictureFault::Damaged)?;
    Ok(Drawn { width, height, jpeg })
}
