//! The letters of documents: Liberation Serif, which has the widths of Times New Roman and all Vietnamese letters.

use std::sync::LazyLock;

use ttf_parser::Face;

/// Upright.
pub static REGULAR: &[u8] = include_bytes!("../fonts/LiberationSerif-Regular.ttf");
/// Bold.
pub static BOLD: &[u8] = include_bytes!("../fonts/LiberationSerif-Bold.ttf");
/// Italic.
pub static ITALIC: &[u8] = include_bytes!("../fonts/LiberationSerif-Italic.ttf");
/// Bold italic.
pub static BOLD_ITALIC: &[u8] = include_bytes!("../fonts/LiberationSerif-BoldItalic.ttf");

/// Points in a millimetre.
pub const POINTS: f32 = 72.0 / 25.4;

static FACES: LazyLock<[Option<Face<'static>>; 4]> =
    LazyLock::new(|| [REGULAR, BOLD, ITALIC, BOLD_ITALIC].map(|bytes| Face::parse(bytes, 0).ok()));

/// How wide a line of text is on paper, in millimetres.
pub fn width(text: &str, size: f32, bold: bool, italic: bool) -> f32 {
    let Some(face) = &FACES[usize::from(bold) + 2 * usize::from(italic)] else { return 0.0 };
    let units: u32 = text
        .chars()
        .filter_map(|letter| face.glyph_index(letter))
        .filter_map(|glyph| face.glyph_hor_advance(glyph))
        .map(u32::from)
        .sum();
    units as f32 * size / f32::from(face.units_per_em()) / POINTS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The two lines that do not fit side by side: measured in a compiled proof.
    #[test]
    fn widths_are_those_of_the_proof() {
        let date = width("Thành phố Hồ Chí Minh, ngày 05 tháng 9 năm 2026", 14., false, true);
        assert!((date - 103.9).abs() < 0.5, "{date}");
        let name = width("TIỂU BAN TỔ CHỨC PHỤC VỤ", 14., true, false);
        assert!((name - 71.7).abs() < 0.5, "{name}");
    }
}
