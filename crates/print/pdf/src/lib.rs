//! PDF by Typst as a library. Nothing else of ours compiles it: it is by far the heaviest dependency.
//!
//! A description becomes plain values in JSON; a template (`templates/*.typ`) reads them and sets them. Nothing
//! that people typed is ever read as markup, and a template sees neither disk nor network.

mod data;
mod paper;
mod world;

use std::sync::Arc;

use print::{Drawing, Listing, Paper, Press, PressError, Printable};
use serde::Serialize;
use typst::{comemo, diag::SourceDiagnostic, foundations::Smart};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use world::{Desk, Template};

/// Typst with its fonts.
pub struct Typst;

impl Press for Typst {
    fn pdf(&self, printable: &Printable) -> Result<Vec<u8>, PressError> {
        match printable {
            Printable::Paper(paper) => set_paper(paper),
            Printable::Listing(listing) => set_listing(listing),
            Printable::Drawing(drawing) => set_drawing(drawing),
        }
    }
}

/// The press of the program.
pub fn press() -> Arc<dyn Press> {
    Arc::new(Typst)
}

fn set_paper(paper: &Paper) -> Result<Vec<u8>, PressError> {
    let paper::Set { data, pictures } = paper::set(paper);
    set(Template::Paper, &data, pictures)
}

fn set_listing(listing: &Listing) -> Result<Vec<u8>, PressError> {
    set(Template::Listing, listing, Vec::new())
}

fn set_drawing(drawing: &Drawing) -> Result<Vec<u8>, PressError> {
    set(Template::Drawing, drawing, drawing.pages.iter().map(|page| page.clone().into_bytes()).collect())
}

fn set(template: Template, data: &impl Serialize, pictures: Vec<Vec<u8>>) -> Result<Vec<u8>, PressError> {
    let wrong = |error: serde_json::Error| PressError::Document(error.to_string());
    let mut data = serde_json::to_value(data).map_err(wrong)?;
    data::clean(&mut data);
    let desk = Desk::new(template, serde_json::to_vec(&data).map_err(wrong)?, pictures)?;
    let pdf = typst::compile::<PagedDocument>(&desk)
        .output
        .and_then(|document| typst_pdf::pdf(&document, &options()))
        .map_err(|errors| PressError::Document(errors.iter().map(said).collect::<Vec<_>>().join("; ")));
    // What Typst remembers between documents is worth little to the next one and would grow without bound.
    comemo::evict(0);
    pdf
}

fn options() -> PdfOptions {
    PdfOptions { creator: Smart::Custom(None), ..PdfOptions::default() }
}

fn said(error: &SourceDiagnostic) -> String {
    let hints = error.hints.iter().map(|hint| format!(" ({})", hint.v)).collect::<String>();
    format!("{}{hints}", error.message)
}
