//! Label, badge and receipt printers, addressed in their own languages: pictures of pages in, bytes out.
//!
//! Nothing is sent from here, and no font of a printer is used: a page is set once ([`crate::PressRoom::rasters`])
//! and every printer gets the same dots, so that Vietnamese is right on each of them.
//!
//! | file | language | from |
//! |---|---|---|
//! | `zpl` | Zebra and those who speak ZPL II | Zebra, *ZPL II Programming Guide*: `^GF`, `~HS` |
//! | `brother` | Brother QL | Brother, *Raster Command Reference QL-800/810W/820NWB* and *QL-1100* |
//! | `escpos` | receipt printers | Epson, *ESC/POS Command Reference*: `GS v 0`, `DLE EOT` |
//! | `pwg`, `ipp` | office printers | PWG 5102.4 (raster); RFC 8010, RFC 8011 (IPP/1.1) |

mod bitmap;
pub mod brother;
pub mod escpos;
pub mod ipp;
pub mod pwg;
#[cfg(test)]
mod tests;
pub mod zpl;

pub use bitmap::{Bitmap, Shade};
use thiserror::Error;

/// What a printer has in it, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Media {
    /// Across.
    pub width_mm: u16,
    /// Along; 0 for a roll without end.
    pub length_mm: u16,
}

/// Why pages cannot be put into a printer's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DeviceError {
    /// There is no page, or a page without dots.
    #[error("there is nothing to print")]
    Empty,
    /// A page has more dots across than the printer can put on this paper.
    #[error("{dots} dots are wider than the {most} of the paper")]
    TooWide {
        /// What the page has.
        dots: u32,
        /// What fits.
        most: u32,
    },
    /// A page has more dots along than the label.
    #[error("{dots} dots are longer than the {most} of the label")]
    TooLong {
        /// What the page has.
        dots: u32,
        /// What fits.
        most: u32,
    },
    /// The printer takes no paper of this size.
    #[error("no paper of this size")]
    Media,
}

/// What a printer says is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// No labels, no paper, no ribbon.
    PaperOut,
    /// Its lid or head is open.
    Open,
    /// Another paper than expected lies in it.
    WrongMedia,
    /// Somebody has stopped it.
    Paused,
    /// Something else that it does not get over alone: a jam, a cutter, heat.
    Fault,
}
