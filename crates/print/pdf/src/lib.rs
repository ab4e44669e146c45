//! PDF by Typst as a library. Nothing else of ours compiles it: it is by far the heaviest dependency.

use std::sync::Arc;

use print::{Press, PressError, Printable};

/// Typst with its fonts.
pub struct Typst;

impl Press for Typst {
    fn pdf(&self, _: &Printable) -> Result<Vec<u8>, PressError> {
        Err(PressError::Press("not set up".to_owned()))
    }
}

/// The press of the program.
pub fn press() -> Arc<dyn Press> {
    Arc::new(Typst)
}
