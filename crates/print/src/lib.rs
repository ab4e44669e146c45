//! Documents in official layouts, described once.
//!
//! An area builds a [`Paper`] (or a [`Listing`], or a [`Drawing`]) from its rows; it comes out as PDF through a
//! [`Press`], as DOCX and as a page on the screen. The layout (margins, blocks, star, number, signature) is data
//! with a citation, chosen by issuing body and date of issue. Text is text: nothing in it is ever read as markup.

pub mod badge;
pub mod check;
pub mod device;
pub mod docx;
pub mod fonts;
pub mod list;
pub mod paper;
pub mod parts;
pub mod profile;
pub mod screen;
pub mod sheet;
pub mod specimen;

pub use badge::{Badge, BadgeSheets, BadgeSize, Band, Imposition, ZoneMark};
pub use list::{Head, List};
pub use paper::{
    Align, Annex, Authority, Block, BodyKind, Cell, Column, Issuer, Kind, Number, Paper, Picture,
    PictureFormat, Row, RowKind, Run, Signature, Table, Text, Urgency, Width,
};
pub use profile::{Profile, Rule};
pub use sheet::{Drawing, Listing, Orientation, PageSize, Papers, Printable, SheetSize};

use std::sync::Arc;

use thiserror::Error;
use tokio::sync::Semaphore;

/// Why a document cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PressError {
    /// The description is not complete: what is missing or wrong, for the log.
    #[error("the document cannot be set: {0}")]
    Document(String),
    /// The machine, for the log.
    #[error("the press failed: {0}")]
    Press(String),
}

/// Sets documents as PDF. The program has one, made of Typst; areas hold it as `Arc<dyn Press>` so that they
/// need not compile it.
pub trait Press: Send + Sync {
    /// A PDF with embedded fonts. Takes CPU time (a page about a millisecond): call it off the async threads.
    ///
    /// # Errors
    /// [`PressError`].
    fn pdf(&self, printable: &Printable) -> Result<Vec<u8>, PressError>;

    /// Its pages as grey pictures at so many dots per inch, for printers that take dots.
    ///
    /// # Errors
    /// [`PressError`].
    fn rasters(&self, printable: &Printable, dpi: u16) -> Result<Vec<Raster>, PressError>;
}

/// A page as dots, rows from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    /// Dots across.
    pub width: u32,
    /// Dots down.
    pub height: u32,
    /// One byte a dot: 0 black to 255 white; `width` × `height` of them.
    pub dots: Vec<u8>,
}

/// The press as handlers hold it: works off the async threads, a bounded number of documents at once, so that a
/// rush of prints cannot starve the hall.
#[derive(Clone)]
pub struct PressRoom {
    press: Arc<dyn Press>,
    places: Arc<Semaphore>,
}

impl PressRoom {
    /// A room in which `at_once` documents are set side by side; the others wait.
    pub fn new(press: Arc<dyn Press>, at_once: usize) -> Self {
        Self { press, places: Arc::new(Semaphore::new(at_once)) }
    }

    /// A PDF.
    ///
    /// # Errors
    /// [`PressError`].
    pub async fn pdf(&self, printable: Printable) -> Result<Vec<u8>, PressError> {
        self.work(move |press| press.pdf(&printable)).await
    }

    /// Grey pictures of the pages at so many dots per inch.
    ///
    /// # Errors
    /// [`PressError`].
    pub async fn rasters(&self, printable: Printable, dpi: u16) -> Result<Vec<Raster>, PressError> {
        self.work(move |press| press.rasters(&printable, dpi)).await
    }

    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce(&dyn Press) -> Result<T, PressError> + Send + 'static,
    ) -> Result<T, PressError> {
        let closed = |error: &dyn std::fmt::Display| PressError::Press(error.to_string());
        let place = self.places.clone().acquire_owned().await.map_err(|error| closed(&error))?;
        let press = self.press.clone();
        tokio::task::spawn_blocking(move || {
            let done = job(&*press);
            drop(place);
            done
        })
        .await
        .map_err(|error| closed(&error))?
    }
}
