//! Official documents on paper, measured as a reader's program sees them, against the rule on layout
//! (preparation reference 3.2: HD 05-HD/VPTW, HD 36-HD/VPTW, Nghị định 30/2020/NĐ-CP; traps of 3.8).

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests")]

mod common;
#[path = "common/papers.rs"]
mod papers;

use common::{MM, Word, find, find_end, flow, fonts, page_count, page_size, set, text, words};
use papers::{LONG, PROFILES, congress, letter, minutes, notice, report, submission};
use print::{Annex, Block, BodyKind, Paper, Papers, Picture, PictureFormat, Printable, Run, SheetSize, Text};

fn pdf(paper: Paper) -> Vec<u8> {
    set(&Printable::Paper(Box::new(paper)))
}

#[track_caller]
fn near(have: f64, want: f64, slack: f64, what: &str) {
    assert!((have - want).abs() <= slack, "{what}: {have:.2}, not {want:.2}");
}

/// Lines of a page by their upper edge, each from left to right.
fn lines(words: &[Word], page: usize) -> Vec<Vec<&Word>> {
    let mut all: Vec<&Word> = words.iter().filter(|word| word.page == page).collect();
    all.sort_by(|a, b| (a.top, a.left).partial_cmp(&(b.top, b.left)).unwrap());
    let mut out: Vec<Vec<&Word>> = Vec::new();
    for word in all {
        match out.last_mut() {
            Some(line) if (line[0].top - word.top).abs() < 0.6 => line.push(word),
            _ => out.push(vec![word]),
        }
    }
    out
}

/// A body of many lines, so that there is a second page and a third.
fn long(kind: BodyKind, on: jiff::civil::Date) -> Paper {
    let mut paper = notice(kind, on);
    paper.body = (0..26).map(|at| Block::Paragraph(format!("Đoạn{at:02} {LONG}").into())).collect();
    paper
}

#[test]
fn margins_indent_steps_and_mirrored_pages() {
    for (kind, on) in PROFILES {
        let words = words(&pdf(long(kind, on)));
        // Front page: left 30, right 15.
        let body: Vec<Vec<&Word>> = lines(&words, 1)
            .into_iter()
            .filter(|line| line[0].top > find(&words, "Đoạn00").top + 0.6)
            .collect();
        let left = body.iter().map(|line| line[0].left).fold(f64::MAX, f64::min);
        let right = body.iter().flatten().map(|word| word.right).fold(0.0, f64::max);
        near(left, 30.0, 0.3, "left margin");
        near(right, 195.0, 0.2, "right margin");
        near(find(&words, "Đoạn00").left, 40.0, 0.3, "indent of 10 mm");
        // Back page: mirrored on both sides where the rule wants it.
        let back = lines(&words, 2);
        let back: Vec<_> = back.iter().filter(|line| line[0].top > 19.0).collect();
        let left = back.iter().map(|line| line[0].left).fold(f64::MAX, f64::min);
        let right = back.iter().flat_map(|line| line.iter()).map(|word| word.right).fold(0.0, f64::max);
        let (want_left, want_right) = if kind == BodyKind::State { (30.0, 195.0) } else { (15.0, 180.0) };
        near(left, want_left, 0.3, "left margin of the back");
        near(right, want_right, 0.2, "right margin of the back");
        // The first line stands under a margin of 20 mm; the last above one of 20 mm.
        let top = back.iter().map(|line| line[0].top).fold(f64::MAX, f64::min);
        assert!((19.0..=21.0).contains(&top), "top margin: {top}");
        for page in 1..=3 {
            for word in words.iter().filter(|word| word.page == page) {
                assert!(word.bottom < 277.8, "bottom margin: {word:?}");
            }
        }
        // From line to line 19 pt exactly (18–22), between paragraphs 6 pt more.
        for pair in back.windows(2) {
            let step = (pair[1][0].top - pair[0][0].top) * MM;
            let paragraph = pair[1][0].text.starts_with("Đoạn");
            near(step, if paragraph { 25.0 } else { 19.0 }, 0.05, "step");
        }
        for word in ["Đoạn09", "thành", "phòng"] {
            let word = words.iter().find(|one| one.text == word && one.page > 1).unwrap();
            near(word.points(false, false), 14.0, 0.1, "14 pt");
        }
    }
}

#[test]
fn one_sided_pages_are_not_mirrored() {
    let (kind, on) = PROFILES[1];
    let words = words(&pdf(Paper { duplex: false, ..long(kind, on) }));
    let left = lines(&words, 2)
        .iter()
        .filter(|line| line[0].top > 19.0)
        .map(|line| line[0].left)
        .fold(f64::MAX, f64::min);
    near(left, 30.0, 0.3, "left margin of the back");
}

#[test]
fn the_page_number_stands_ten_millimetres_from_the_edge_and_not_on_page_one() {
    for (kind, on) in PROFILES {
        let words = words(&pdf(long(kind, on)));
        assert!(!words.iter().any(|word| word.page == 1 && word.text == "1" && word.top < 20.0));
        for page in 2..=3 {
            let number =
                words.iter().find(|word| word.page == page && word.top < 18.0).expect("a page number");
            assert_eq!(number.text, page.to_string());
            near(number.top, 10.0, 0.2, "from the edge");
            near(number.points(false, false), 14.0, 0.1, "14 pt");
            let middle = (number.left + number.right) / 2.0;
            let want = if kind == BodyKind::State || page % 2 == 1 { 112.5 } else { 97.5 };
            near(middle, want, 0.5, "centred");
        }
    }
}

/// Trap 3: the heading of a city body does not fit at 14 pt with the place in full; it takes the short place.
#[test]
fn the_heading_of_a_city_body_fits() {
    for (kind, on) in PROFILES {
        let words = words(&pdf(notice(kind, on)));
        let date = find(&words, "ngày");
        assert!(date.right < 195.5);
        // Nothing in the heading breaks but where the office broke it.
        let name = find_end(&words, "TIỂU BAN TỔ CHỨC");
        let motto = if kind == BodyKind::State {
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
        } else {
            "ĐẢNG CỘNG SẢN VIỆT NAM"
        };
        let motto_end = find_end(&words, motto);
        let motto = find(&words, motto);
        near(motto.top, motto_end.top, 0.1, "one line");
        assert!(name.right < motto.left, "{name:?} {motto:?}");
        assert!(motto_end.right < 195.5, "{motto_end:?}");
        let place = find(&words, "TP. Hồ Chí Minh, ngày");
        near(place.top, date.top, 0.1, "one line");
    }
}

#[test]
fn sizes_of_the_heading() {
    let (kind, on) = PROFILES[1];
    let all = words(&pdf(notice(kind, on)));
    near(find(&all, "ĐẢNG CỘNG").points(true, false), 15.0, 0.1, "Party's name, 15");
    near(find(&all, "07-TB/TBPV").points(false, false), 14.0, 0.1, "number, 14");
    near(find(&all, "THÔNG BÁO").points(true, false), 16.0, 0.1, "type, 15–16");
    near(find(&all, "-----").points(false, false), 14.0, 0.1, "hyphens");
    near(find(&all, "Thường trực Thành").points(false, false), 12.0, 0.1, "recipients, 12");
    // The number and the date stand on one line, the star under the body's name.
    near(find(&all, "Số 07-TB/TBPV").top, find(&all, "ngày 05").top, 0.4, "number and date");
    let star = find(&all, "*");
    assert!(star.top > find(&all, "PHỤC VỤ ĐẠI").top && star.top < find(&all, "Số 07-TB/TBPV").top);
    // Under the subject, exactly five hyphens, centred.
    let dashes = find(&all, "-----");
    near((dashes.left + dashes.right) / 2.0, 112.5, 0.5, "hyphens centred");
}

#[test]
fn a_state_paper_has_its_motto_and_neither_star_nor_hyphens() {
    let (kind, on) = PROFILES[2];
    let text = flow(&pdf(notice(kind, on)));
    assert!(text.contains("Độc lập - Tự do - Hạnh phúc"), "{text}");
    assert!(text.contains("Số: 07/TB-TBPV") && text.contains("TL. TRƯỞNG TIỂU BAN"), "{text}");
    assert!(!text.contains('*') && !text.contains("-----"), "{text}");
    assert!(text.contains("lễ tân./."), "{text}");
}

/// Traps 1 and 4: what looks like markup prints as typed.
#[test]
fn what_looks_like_markup_prints_as_typed() {
    let odd = [
        "1. một",
        "- hai",
        "-----",
        "--- ba",
        "# bốn",
        "* năm *",
        "_sáu_",
        "$x$",
        "@bảy",
        "// tám",
        "/* chín */",
        "`mười`",
        "<x>",
        "\\#",
        "= đầu",
        "+ thêm",
        "/ mục: giải",
        "~",
        "'nháy' \"kép\"",
        "...",
        "#let x = 1",
        "[ngoặc]",
        "{nhọn}",
        "https://thanh-uy.example/van-ban",
        "fi fl ffi",
        "&amp;",
        "%",
        "^",
        "|",
    ];
    let (kind, on) = PROFILES[1];
    let mut paper = notice(kind, on);
    paper.body = odd.iter().map(|text| Block::Paragraph((*text).into())).collect();
    paper.body.push(Block::Paragraph("hết".into()));
    paper.subject = "#về *việc* _này_ -----".into();
    let text = text(&pdf(paper));
    let have: Vec<&str> = text.lines().map(str::trim).collect();
    for one in odd {
        assert!(have.contains(&one), "{one:?} in {have:#?}");
    }
    assert!(have.contains(&"#về *việc* _này_ -----"));
}

#[test]
fn a_point_has_its_mark_as_typed_and_lines_that_begin_at_the_margin() {
    let (kind, on) = PROFILES[1];
    let mut paper = notice(kind, on);
    paper.body = ["1.", "a)", "-", "①"].map(|mark| Block::Point(mark.into(), LONG.into())).to_vec();
    let words = words(&pdf(paper));
    for mark in ["1.", "a)", "-", "①"] {
        let Some(at) = words.iter().find(|word| word.text == mark && word.top > 70.0) else { continue };
        near(at.left, 40.0, 0.3, mark);
    }
    let second =
        lines(&words, 1).into_iter().find(|line| line[0].top > find(&words, "1.").top + 3.0).unwrap();
    near(second[0].left, 30.0, 0.3, "second line");
}

#[test]
fn a_signature_never_stands_alone() {
    let (kind, on) = PROFILES[1];
    for (count, size) in (14..30)
        .map(|count| (count, 1))
        .chain((0..12).map(|count| (count, 9)))
        .chain((0..6).map(|count| (count + 20, 0)))
    {
        let mut paper = notice(kind, on);
        paper.body = (0..count).map(|at| Block::Paragraph(format!("Dòng{at:02}.").into())).collect();
        // The last paragraph: a line, some lines, or more than fit in one piece.
        let last = match size {
            0 => "Đoạn cuối ngắn.".to_owned(),
            1 => LONG.to_owned(),
            many => vec![LONG; many].join(". "),
        };
        paper.body.push(Block::Paragraph(last.into()));
        let words = words(&pdf(paper));
        let office = find(&words, "TỔ TRƯỞNG");
        let before = lines(&words, office.page)
            .into_iter()
            .filter(|line| line[0].top > 19.0 && line[0].bottom < office.top - 3.0 && line[0].text != "Nơi")
            .filter(|line| !line.iter().any(|word| word.text == "T/L"))
            .count();
        assert!(before >= 2, "{count} × {size}: {before} lines before the signature");
        let name = find(&words, "Họ và tên");
        assert_eq!(name.page, office.page, "in one piece");
        // Four blank lines for the signature.
        let room = (name.top - office.bottom) * MM / 19.0;
        assert!((3.5..5.5).contains(&room), "{room} lines");
    }
}

#[test]
fn a_long_last_paragraph_keeps_all_its_words_in_order() {
    let (kind, on) = PROFILES[1];
    let mut paper = notice(kind, on);
    let all: Vec<String> = (0..900).map(|at| format!("từ{at}")).collect();
    paper.body = vec![Block::Paragraph(Text(
        all.chunks(7)
            .enumerate()
            .map(|(at, chunk)| Run {
                text: format!("{} ", chunk.join(" ")),
                bold: at % 2 == 1,
                italic: false,
            })
            .collect(),
    ))];
    let text = flow(&pdf(paper));
    let expected = format!("{}.", all.join(" "));
    // Page numbers stand between the words of two pages.
    let without: Vec<&str> = text.split(' ').filter(|word| word.starts_with("từ")).collect();
    assert_eq!(without.join(" "), expected);
}

#[test]
fn recipients_stand_left_of_the_signature() {
    let (kind, on) = PROFILES[1];
    let words = words(&pdf(notice(kind, on)));
    let (label, sign) = (find(&words, "Nơi nhận:"), find(&words, "T/L TRƯỞNG"));
    near(label.top, sign.top, 0.6, "beside each other");
    assert!(label.left < 31.0 && sign.left > 105.0);
    let text = flow(&pdf(notice(kind, on)));
    assert!(text.contains("Các thành viên Tiểu ban;") && text.contains("Lưu Văn phòng."), "{text}");
}

#[test]
fn two_signatures_stand_left_and_right() {
    let (kind, on) = PROFILES[1];
    let words = words(&pdf(minutes(kind, on)));
    let (left, right) = (find(&words, "NGƯỜI GHI"), find(&words, "CHỦ TRÌ HỘI"));
    near(left.top, right.top, 0.1, "beside each other");
    assert!(left.right < right.left);
    assert!(find(&words, "Nguyễn Văn A").left < 100.0 && find(&words, "Trần Thị B").left > 100.0);
}

#[test]
fn a_letter_has_its_subject_under_the_number_and_no_type() {
    let (kind, on) = PROFILES[1];
    let words = words(&pdf(letter(kind, on)));
    let (number, subject) = (find(&words, "Số 07-CV/TBPV"), find(&words, "về việc đôn đốc"));
    assert!(subject.top > number.top && subject.right < 112.0);
    let urgent = find(&words, "THƯỢNG KHẨN");
    assert!(urgent.top > subject.top && urgent.right < 112.0);
    let text = flow(&pdf(letter(kind, on)));
    assert!(text.contains("Kính gửi: - Công an thành phố; - Sở Y tế."), "{text}");
    assert!(!text.contains("-----"), "{text}");
    assert!(flow(&pdf(submission(kind, on))).contains("Kính trình: Ban Thường vụ Thành ủy"));
}

#[test]
fn a_draft_leaves_its_number_and_day_open() {
    let (kind, on) = PROFILES[1];
    let mut paper = notice(kind, on);
    paper.date = None;
    paper.number.as_mut().unwrap().number = None;
    let words = words(&pdf(paper));
    let (so, kind) = (find(&words, "Số"), find(&words, "-TB/TBPV"));
    assert!(kind.left - so.right > 4.0, "{so:?} {kind:?}");
    let (day, month) = (find(&words, "ngày"), find(&words, "tháng"));
    assert!(month.left - day.right > 4.0, "{day:?} {month:?}");
}

#[test]
fn a_congress_names_itself() {
    let words = words(&pdf(congress(PROFILES[1].1)));
    find(&words, "ĐẢNG BỘ THÀNH PHỐ HỒ CHÍ MINH");
    find(&words, "Số 01-NQ/ĐH");
    find(&words, "T/M ĐOÀN CHỦ TỊCH");
}

#[test]
fn an_annex_lies_on_its_side_and_repeats_its_heading() {
    for (kind, on) in PROFILES {
        let pdf = pdf(report(kind, on));
        let text = text(&pdf);
        let words = words(&pdf);
        let annex = find(&words, "PHỤ LỤC");
        let pages = page_count(&pdf);
        assert!(annex.page > 1 && annex.page < pages, "{} of {pages}", annex.page);
        assert_eq!(text.matches("Phối hợp").count(), pages - annex.page + 1);
        let right =
            words.iter().filter(|word| word.page == annex.page).map(|word| word.right).fold(0.0, f64::max);
        assert!(right > 240.0 && right < 278.0, "{right}");
        for at in 1..=40 {
            find(&words, &format!("PV-{at:02}"));
        }
        // The hash stands at the foot of the last page alone.
        assert_eq!(text.matches("SHA-256").count(), 1);
        assert_eq!(find(&words, "SHA-256:").page, pages);
        // Pages of an annex of a state body are counted on their own (NĐ 30, phụ lục I).
        let second =
            words.iter().find(|word| word.page == annex.page + 1 && word.top < 18.0).expect("a page number");
        let want = if kind == BodyKind::State { 2 } else { annex.page + 1 };
        assert_eq!(second.text, want.to_string());
    }
}

#[test]
fn a_picture_fits_its_page_and_has_its_caption() {
    let (kind, on) = PROFILES[1];
    let mut paper = notice(kind, on);
    let tall = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 900\"><rect width=\"100\" height=\"900\" fill=\"#ccc\"/></svg>";
    paper.body.insert(
        1,
        Block::Picture(Picture {
            format: PictureFormat::Svg,
            data: tall.as_bytes().to_vec(),
            width: 400.0,
            caption: "Sơ đồ hội trường".into(),
        }),
    );
    let pdf = pdf(paper);
    let words = words(&pdf);
    let caption = find(&words, "Sơ đồ hội trường");
    assert!(caption.bottom < 277.0, "{caption:?}");
    assert!(page_count(&pdf) <= 3);
}

#[test]
fn a_picture_that_is_none_is_refused_in_words() {
    let (kind, on) = PROFILES[1];
    let mut paper = notice(kind, on);
    paper.body.push(Block::Picture(Picture {
        format: PictureFormat::Png,
        data: b"not a picture".to_vec(),
        width: 50.0,
        caption: String::new(),
    }));
    let refused = print::Press::pdf(&print_pdf::Typst, &Printable::Paper(Box::new(paper)));
    assert!(matches!(refused, Err(print::PressError::Document(_))), "{refused:?}");
}

#[test]
fn an_empty_document_is_one_page() {
    for (kind, on) in PROFILES {
        let paper = Paper {
            subject: String::new(),
            number: None,
            body: vec![],
            signatures: vec![],
            recipients: vec![],
            annexes: vec![Annex { title: vec![], landscape: false, blocks: vec![] }],
            ..notice(kind, on)
        };
        let pdf = pdf(paper);
        assert!((1..=2).contains(&page_count(&pdf)));
        assert!(flow(&pdf).contains("THÔNG BÁO"));
    }
}

#[test]
fn only_our_letters_are_in_it_and_all_of_them_are_embedded() {
    let (kind, on) = PROFILES[1];
    let mut paper = report(kind, on);
    paper.body.insert(
        0,
        Block::Paragraph(Text::bold("đậm").and(Text::italic(" nghiêng")).and(Text(vec![Run {
            text: " cả hai".into(),
            bold: true,
            italic: true,
        }]))),
    );
    let fonts = fonts(&pdf(paper));
    assert!(fonts.len() >= 4, "{fonts:?}");
    for (name, embedded) in fonts {
        assert!(name.starts_with("LiberationSerif") && embedded, "{name}");
    }
}

#[test]
fn every_vietnamese_letter_prints() {
    let letters: String =
        "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ".to_owned();
    let all = format!("{letters} {}", letters.to_uppercase());
    let (kind, on) = PROFILES[1];
    let mut paper = notice(kind, on);
    paper.body = vec![Block::Paragraph(all.as_str().into()), Block::Paragraph("hết".into())];
    let text = flow(&pdf(paper)).replace(['\u{200b}', ' '], "");
    assert!(text.contains(&all.replace(' ', "")), "{text}");
}

#[test]
fn the_same_document_is_the_same_file() {
    let (kind, on) = PROFILES[1];
    assert_eq!(pdf(report(kind, on)), pdf(report(kind, on)));
}

mod any_text {
    use super::*;
    use proptest::prelude::*;

    /// What must come back: letters and marks in their order; where lines break is the press's.
    fn bare(text: &str) -> String {
        text.chars().filter(|letter| !letter.is_whitespace() && *letter != '\u{200b}').collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

        #[test]
        fn prints_as_typed(parts in prop::collection::vec("[ -~đĐạếộưỳ–“”…]{1,24}", 1..8)) {
            let (kind, on) = PROFILES[1];
            let mut paper = notice(kind, on);
            let marked: Vec<String> =
                parts.iter().enumerate().map(|(at, part)| format!("»{at}» {} «{at}«", part.trim())).collect();
            paper.body = marked.iter().map(|text| Block::Paragraph(text.as_str().into())).collect();
            paper.body.push(Block::Paragraph("hết".into()));
            let have = bare(&flow(&pdf(paper)));
            for text in &marked {
                prop_assert!(have.contains(&bare(text)), "{text:?} in {have:?}");
            }
        }
    }
}

/// Letters to many in one file: each is set as it is alone, with its own pages counted from one.
#[test]
fn many_papers_in_one_file_are_each_as_they_are_alone() {
    let (kind, on) = PROFILES[0];
    let one_sided = |paper: Paper| Paper { duplex: false, ..paper };
    let papers = vec![one_sided(letter(kind, on)), one_sided(long(kind, on)), one_sided(letter(kind, on))];
    let alone: Vec<usize> = papers.iter().map(|one| page_count(&pdf(one.clone()))).collect();
    let all = set(&Printable::Papers(Papers { papers: papers.clone(), size: SheetSize::A4 }));
    assert_eq!(page_count(&all), alone.iter().sum::<usize>());
    let (one, many) = (words(&pdf(papers[1].clone())), words(&all));
    // The long one stands in the middle as it stands by itself, page numbers and all.
    for page in 1..=alone[1] {
        let seen = |words: &[Word], page: usize| -> Vec<(String, i64, i64)> {
            let round = |mm: f64| format!("{:.0}", mm * 5.0).parse().unwrap();
            let mut out: Vec<_> = words
                .iter()
                .filter(|word| word.page == page)
                .map(|word| (word.text.clone(), round(word.left), round(word.top)))
                .collect();
            out.sort();
            out
        };
        assert_eq!(seen(&one, page), seen(&many, alone[0] + page), "page {page}");
    }
    assert!(
        print_pdf::press().pdf(&Printable::Papers(Papers { papers: vec![], size: SheetSize::A4 })).is_err()
    );
}

/// An invitation on A5 (preparation reference 3.4 (6)): the same words, all smaller in one proportion, on one page.
#[test]
fn a_letter_on_a5_is_the_same_smaller() {
    let (kind, on) = PROFILES[0];
    let paper = letter(kind, on);
    let small = set(&Printable::Papers(Papers { papers: vec![paper.clone()], size: SheetSize::A5 }));
    let large = pdf(paper);
    assert_eq!(page_count(&small), page_count(&large));
    let (width, height) = page_size(&small);
    near(width, 148.0, 0.2, "width");
    near(height, 210.0, 0.2, "height");
    let (small, large) = (words(&small), words(&large));
    let all = |words: &[Word]| -> std::collections::BTreeSet<String> {
        words.iter().map(|word| word.text.clone()).collect()
    };
    assert_eq!(all(&small), all(&large));
    let left = small.iter().map(|word| word.left).fold(f64::MAX, f64::min);
    let right = small.iter().map(|word| word.right).fold(0.0, f64::max);
    assert!(left > 12.0 && right < 136.5, "{left} {right}");
}
