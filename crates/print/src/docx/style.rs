//! The styles of a document: one for each part, with the measures of the profile, named as the office names it.
// words: data — names of styles as the office finds them in its word processor

use super::{half_points, twips, xml::Xml};
use crate::profile::{Profile, Style};

/// Where the lines of a style stand.
#[derive(Clone, Copy)]
enum Stand {
    Left,
    Centre,
    Both,
}

/// What a style is beside its letters.
struct Shape {
    id: &'static str,
    name: &'static str,
    style: Style,
    stand: Stand,
    /// Points before and after.
    around: (f32, f32),
    /// First line indent and left indent in millimetres.
    indent: (f32, f32),
    /// Exactly this line step in points; single where none.
    step: Option<f32>,
    keep_next: bool,
}

/// The part `word/styles.xml`.
pub(super) fn styles(profile: &Profile) -> String {
    let mut xml = Xml::default();
    xml.open("w:styles", &[("xmlns:w", super::package::WORD)]);
    xml.open("w:docDefaults", &[]);
    xml.open("w:rPrDefault", &[]);
    letters(&mut xml, &profile.parts.body, true);
    xml.close("w:rPrDefault");
    xml.close("w:docDefaults");
    for shape in shapes(profile) {
        let default = shape.id == "Normal";
        let mut attributes = vec![("w:type", "paragraph"), ("w:styleId", shape.id)];
        if default {
            attributes.push(("w:default", "1"));
        }
        xml.open("w:style", &attributes);
        xml.empty("w:name", &[("w:val", shape.name)]);
        if !default {
            xml.empty("w:basedOn", &[("w:val", "Normal")]);
        }
        xml.empty("w:qFormat", &[]);
        xml.open("w:pPr", &[]);
        if shape.keep_next {
            xml.empty("w:keepNext", &[]);
        }
        xml.empty("w:widowControl", &[]);
        let twenty = |points: f32| ((points * 20.0).round() as i32).to_string();
        let (line, rule) = match shape.step {
            Some(step) => (twenty(step), "exact"),
            None => ("240".to_owned(), "auto"),
        };
        xml.empty(
            "w:spacing",
            &[
                ("w:before", &twenty(shape.around.0)),
                ("w:after", &twenty(shape.around.1)),
                ("w:line", &line),
                ("w:lineRule", rule),
            ],
        );
        xml.empty(
            "w:ind",
            &[
                ("w:left", &twips(shape.indent.1).to_string()),
                // What is centred with an indent has it at both sides.
                (
                    "w:right",
                    &twips(if matches!(shape.stand, Stand::Centre) { shape.indent.1 } else { 0.0 })
                        .to_string(),
                ),
                ("w:firstLine", &twips(shape.indent.0).to_string()),
            ],
        );
        let stand = match shape.stand {
            Stand::Left => "left",
            Stand::Centre => "center",
            Stand::Both => "both",
        };
        xml.empty("w:jc", &[("w:val", stand)]);
        xml.close("w:pPr");
        letters(&mut xml, &shape.style, default);
        xml.close("w:style");
    }
    xml.close("w:styles");
    xml.finish()
}

fn letters(xml: &mut Xml, style: &Style, family: bool) {
    xml.open("w:rPr", &[]);
    if family {
        let font = crate::docx::package::FONT;
        xml.empty("w:rFonts", &[("w:ascii", font), ("w:hAnsi", font), ("w:eastAsia", font), ("w:cs", font)]);
    }
    if style.bold {
        xml.empty("w:b", &[]);
    }
    if style.italic {
        xml.empty("w:i", &[]);
    }
    if family {
        xml.empty("w:color", &[("w:val", "000000")]);
    }
    let size = half_points(style.size.set).to_string();
    xml.empty("w:sz", &[("w:val", &size)]);
    xml.empty("w:szCs", &[("w:val", &size)]);
    if style.underline {
        xml.empty("w:u", &[("w:val", "single")]);
    }
    if family {
        xml.empty("w:lang", &[("w:val", "vi-VN")]);
    }
    xml.close("w:rPr");
}

fn shapes(profile: &Profile) -> Vec<Shape> {
    let parts = &profile.parts;
    let text = &profile.text;
    let gap = text.gap.set;
    let plain = |id, name, style, stand| Shape {
        id,
        name,
        style,
        stand,
        around: (0.0, 0.0),
        indent: (0.0, 0.0),
        step: None,
        keep_next: false,
    };
    let running = |id, name, style| Shape {
        around: (0.0, gap),
        indent: (text.indent.set, 0.0),
        step: Some(text.step.set),
        ..plain(id, name, style, Stand::Both)
    };
    let centre = |id, name, style| plain(id, name, style, Stand::Centre);
    let small = |points: f32| Style {
        size: crate::profile::Measure { set: points, least: points, most: points },
        ..parts.foot
    };
    let mut shapes = vec![
        running("Normal", "Nội dung", parts.body),
        centre("DHPageNumber", "Số trang", parts.page_number),
        centre("DHMotto", "Tiêu đề", parts.motto),
        centre("DHParent", "Cơ quan cấp trên", parts.parent),
        centre("DHName", "Cơ quan ban hành", parts.name),
        centre("DHStar", "Dấu sao", parts.parent),
        centre("DHNumber", "Số và ký hiệu", parts.number),
        Shape {
            around: (2.0, 0.0),
            indent: (0.0, 2.0),
            ..centre("DHLetterSubject", "Trích yếu công văn", parts.letter_subject)
        },
        Shape { around: (gap, 0.0), ..centre("DHUrgency", "Độ khẩn", parts.urgency) },
        centre("DHPlaceDate", "Địa danh, ngày tháng", parts.place_date),
        Shape { around: (18.0, 0.0), keep_next: true, ..centre("DHTitle", "Tên loại", parts.title) },
        Shape { keep_next: true, ..centre("DHSubject", "Trích yếu", parts.subject) },
        Shape { around: (0.0, gap * 2.0), ..centre("DHDashes", "Gạch dưới trích yếu", parts.body) },
        Shape {
            around: (gap, gap),
            indent: (0.0, 0.0),
            ..centre("DHTo", "Kính gửi", Style { italic: false, ..parts.to })
        },
        Shape {
            indent: (0.0, 55.0),
            ..plain("DHToItem", "Nơi kính gửi", Style { italic: false, ..parts.to }, Stand::Left)
        },
        running("DHBasis", "Căn cứ", parts.basis),
        Shape {
            around: (gap, gap),
            step: Some(text.step.set),
            keep_next: true,
            ..centre("DHHeading1", "Phần, chương", parts.heading)
        },
        Shape { keep_next: true, ..running("DHHeading2", "Mục", parts.heading) },
        Shape { keep_next: true, ..running("DHHeading3", "Khoản", parts.heading) },
        centre("DHAuthority", "Quyền hạn ký", parts.authority),
        centre("DHOffice", "Chức vụ ký", parts.office),
        centre("DHSigner", "Họ tên người ký", parts.signer),
        plain("DHRecipientsHead", "Nơi nhận", parts.recipients_head, Stand::Left),
        plain("DHRecipient", "Danh sách nơi nhận", parts.recipients, Stand::Left),
        Shape {
            around: (0.0, gap),
            keep_next: true,
            ..centre("DHAnnexTitle", "Tên phụ lục", parts.annex_title)
        },
        Shape { around: (3.0, gap), ..centre("DHCaption", "Chú thích hình", parts.caption) },
        Shape { around: (3.0, 0.0), keep_next: true, ..centre("DHPicture", "Hình", parts.body) },
        plain("DHNote", "Ghi chú", small(10.0), Stand::Left),
        Shape { around: (gap, 0.0), ..plain("DHFoot", "Chân văn bản", parts.foot, Stand::Left) },
        Shape { around: (2.0, 2.0), ..plain("DHCell", "Ô bảng", parts.recipients, Stand::Left) },
        Shape { step: Some(8.0), ..plain("DHSpace", "Khoảng trống", parts.foot, Stand::Left) },
        Shape {
            around: (2.0, 0.0), step: Some(3.0), ..plain("DHRule", "Đường kẻ", small(2.0), Stand::Left)
        },
    ];
    if let Some(device) = parts.device {
        shapes.push(centre("DHDevice", "Tiêu ngữ", device));
    }
    shapes
}
