//! The words of a template that nobody wrote yet.
// words: data — official documents are issued in Vietnamese, whatever the language of the page

use platform::{congress::Congress, i18n::fmt};

use super::model::{Sheet, Template};
use crate::delegates::model::Category;

/// The usual letter to a category.
pub fn template(category: Category, congress: Option<&Congress>) -> Template {
    let delegate = category == Category::Delegate;
    let name = congress.map_or("Đại hội", |congress| congress.name.as_str());
    let opening = if delegate {
        format!("Trân trọng triệu tập đại biểu dự {name}.")
    } else {
        format!("Trân trọng kính mời tham dự {name}.")
    };
    let mut points = Vec::new();
    if let Some(congress) = congress {
        if delegate {
            points.push(format!("Phiên trù bị: ngày {}.", fmt::date(congress.preparatory_on)));
        }
        let days = if congress.opening_on == congress.closing_on {
            format!("ngày {}", fmt::date(congress.opening_on))
        } else {
            format!("từ ngày {} đến ngày {}", fmt::date(congress.opening_on), fmt::date(congress.closing_on))
        };
        points.push(format!("Phiên chính thức: {days}."));
        if !congress.place.is_empty() {
            points.push(format!("Địa điểm: {}.", congress.place));
        }
    }
    Template {
        category,
        title: if delegate { "Thư triệu tập" } else { "Giấy mời" }.to_owned(),
        salutation: String::new(),
        opening,
        points: points.join("\n"),
        dress: String::new(),
        bring: if delegate {
            "thẻ đại biểu và giấy tờ tùy thân".to_owned()
        } else {
            String::new()
        },
        contact: congress.map(|congress| congress.hotline.clone()).unwrap_or_default(),
        closing: String::new(),
        recipients: "Như trên\nLưu Văn phòng".to_owned(),
        sheet: if delegate { Sheet::A4 } else { Sheet::A5 },
        body: None,
        number: None,
        issued_on: None,
        authority: None,
        authority_for: String::new(),
        office: "TRƯỞNG BAN TỔ CHỨC ĐẠI HỘI".to_owned(),
        signer: String::new(),
        link: true,
        answer_until: None,
        version: 0,
        updated_by: String::new(),
    }
}
