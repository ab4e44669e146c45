//! PDF by Typst as a library. Nothing else of ours compiles it: it is by far the heaviest dependency.
//!
//! A description becomes plain values in JSON; a template (`templates/*.typ`) reads them and sets them. Nothing
//! that people typed is ever read as markup, and a template sees neither disk nor network.

mod badges;
mod data;
mod paper;
mod world;

use std::sync::Arc;

use print::{Press, PressError, Printable, Raster, SheetSize};
use serde::Serialize;
use typst::{comemo, diag::SourceDiagnostic, ecow::EcoVec, foundations::Smart, utils::Scalar};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use typst_render::RenderOptions;
use world::{Desk, Template};

/// Typst with its fonts.
pub struct Typst;

impl Press for Typst {
    fn pdf(&self, printable: &Printable) -> Result<Vec<u8>, PressError> {
        set(printable, |document| typst_pdf::pdf(document, &options()))
    }

    fn rasters(&self, printable: &Printable, dpi: u16) -> Result<Vec<Raster>, PressError> {
        let options =
            RenderOptions { pixel_per_pt: Scalar::new(f64::from(dpi) / 72.0), ..RenderOptions::default() };
        set(printable, |document| {
            let pages = document.pages().iter().map(|page| {
                let picture = typst_render::render(page, &options);
                let dots = picture.pixels().iter();
                let dots = dots.map(|dot| grey([dot.red(), dot.green(), dot.blue()], dot.alpha())).collect();
                Raster { width: picture.width(), height: picture.height(), dots }
            });
            Ok(pages.collect())
        })
    }
}

/// The press of the program.
pub fn press() -> Arc<dyn Press> {
    Arc::new(Typst)
}

fn set<T>(
    printable: &Printable,
    write: impl FnOnce(&PagedDocument) -> Result<T, EcoVec<SourceDiagnostic>>,
) -> Result<T, PressError> {
    match printable {
        Printable::Paper(paper) => {
            let paper::Set { data, pictures } = paper::set(&[&**paper], SheetSize::A4);
            compile(Template::Paper, &data, pictures, write)
        }
        Printable::Papers(all) if all.papers.is_empty() => Err(PressError::Document("no papers".to_owned())),
        Printable::Papers(all) => {
            let paper::Set { data, pictures } = paper::set(&all.papers.iter().collect::<Vec<_>>(), all.size);
            compile(Template::Paper, &data, pictures, write)
        }
        Printable::Listing(listing) => compile(Template::Listing, listing, Vec::new(), write),
        Printable::Drawing(drawing) => {
            let pages = drawing.pages.iter().map(|page| page.clone().into_bytes()).collect();
            compile(Template::Drawing, drawing, pages, write)
        }
        Printable::Badges(sheets) => {
            let badges::Set { data, pictures } = badges::set(sheets)?;
            compile(Template::Badges, &data, pictures, write)
        }
    }
}

fn compile<T>(
    template: Template,
    data: &impl Serialize,
    pictures: Vec<Vec<u8>>,
    write: impl FnOnce(&PagedDocument) -> Result<T, EcoVec<SourceDiagnostic>>,
) -> Result<T, PressError> {
    let wrong = |error: serde_json::Error| PressError::Document(error.to_string());
    let mut data = serde_json::to_value(data).map_err(wrong)?;
    data::clean(&mut data);
    let desk = Desk::new(template, serde_json::to_vec(&data).map_err(wrong)?, pictures)?;
    let done = typst::compile::<PagedDocument>(&desk)
        .output
        .and_then(|document| write(&document))
        .map_err(|errors| PressError::Document(errors.iter().map(said).collect::<Vec<_>>().join("; ")));
    // What Typst remembers between documents is worth little to the next one and would grow without bound.
    comemo::evict(0);
    done
}

/// The luminance (Rec. 709) of a dot over white paper. Colours come premultiplied, so what is missing to opaque is
/// paper.
fn grey(colours: [u8; 3], alpha: u8) -> u8 {
    let [red, green, blue] = colours.map(u32::from);
    u8::try_from((red * 2126 + green * 7152 + blue * 722) / 10_000 + u32::from(255 - alpha))
        .unwrap_or(u8::MAX)
}

fn options() -> PdfOptions {
    PdfOptions { creator: Smart::Custom(None), ..PdfOptions::default() }
}

fn said(error: &SourceDiagnostic) -> String {
    let hints = error.hints.iter().map(|hint| format!(" ({})", hint.v)).collect::<String>();
    format!("{}{hints}", error.message)
}
