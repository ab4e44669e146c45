//! Badges as they come out of the press: what a reader, a ruler and a scanner find on them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;
#[path = "common/badges.rs"]
mod sample;

use common::{page_count, page_size, set, text, words};
use pass::{Refusal, Revocations, read};
use print::{BadgeSize, Imposition, Press as _, Printable, Raster};

const DPI: u16 = 300;

/// The codes on a page as a scanner sees them.
fn scan(page: &Raster) -> Vec<String> {
    let (width, height) = (page.width as usize, page.height as usize);
    let mut seen =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| page.dots[y * width + x]);
    seen.detect_grids().into_iter().map(|grid| grid.decode().expect("a code that can be read").1).collect()
}

#[test]
fn every_printed_code_is_read_back_and_opens_what_was_signed() {
    for size in [BadgeSize::Lanyard, BadgeSize::Card] {
        let sheets = sample::sheets(size, Imposition::Single, 2);
        let codes: Vec<String> = sheets.badges.iter().map(|badge| badge.code.clone()).collect();
        let pages = print_pdf::Typst.rasters(&Printable::Badges(sheets), DPI).unwrap();
        assert_eq!(pages.len(), 4);
        for (at, page) in pages.iter().enumerate() {
            let found = scan(page);
            assert_eq!(found, [codes[at / 2].clone()], "page {at} of {size:?}");
            let pass = read(&found[0], sample::day(14), &sample::keys(), &Revocations::default()).unwrap();
            assert_eq!(pass.grant, sample::grant(at / 2));
            let mut revoked = Revocations::default();
            revoked.revoke(pass.grant.id);
            let refused = read(&found[0], sample::day(14), &sample::keys(), &revoked);
            assert_eq!(refused, Err(Refusal::Revoked { id: pass.grant.id }));
        }
    }
}

#[test]
fn sheets_have_their_size_and_each_back_stands_behind_its_front() {
    let (a4, a3, lanyard) = ((210.0, 297.0), (297.0, 420.0), (90.0, 130.0));
    for (size, imposition, count, pages, (width, height)) in [
        (BadgeSize::Lanyard, Imposition::A4, 5, 4, a4),
        (BadgeSize::Card, Imposition::A4, 5, 2, a4),
        (BadgeSize::Lanyard, Imposition::A3, 9, 2, a3),
        (BadgeSize::Card, Imposition::A3, 21, 2, a3),
        (BadgeSize::Lanyard, Imposition::Single, 2, 4, lanyard),
    ] {
        let pdf = set(&Printable::Badges(sample::sheets(size, imposition, count)));
        assert_eq!(page_count(&pdf), pages, "{size:?} {imposition:?}");
        let (w, h) = page_size(&pdf);
        assert!((w - width).abs() < 0.2 && (h - height).abs() < 0.2, "{w} × {h}");
    }
    // Four lanyards on A4: the serial of the first, left on the front, is right on the back.
    let pdf = set(&Printable::Badges(sample::sheets(BadgeSize::Lanyard, Imposition::A4, 4)));
    let all = words(&pdf);
    let front = all.iter().find(|word| word.page == 1 && word.text == "An").unwrap();
    let back = all.iter().find(|word| word.page == 2 && word.text == "DB-0001").unwrap();
    assert!(front.left < 105.0 && back.left > 105.0, "{front:?} {back:?}");
}

#[test]
fn the_number_is_large_and_nothing_leaves_its_badge() {
    for (size, width) in [(BadgeSize::Lanyard, 90.0), (BadgeSize::Card, 85.6)] {
        let pdf = set(&Printable::Badges(sample::sheets(size, Imposition::Single, 9)));
        let all = words(&pdf);
        for word in &all {
            assert!(word.left >= 0.5 && word.right <= width - 0.5, "{size:?} {word:?}");
        }
        let number = all.iter().find(|word| word.page == 15 && word.text == "8").unwrap();
        assert!(number.points(true, false) >= 28.0, "{}", number.points(true, false));
    }
}

#[test]
fn what_was_typed_is_text_and_a_badge_says_nothing_of_seats() {
    let mut sheets = sample::sheets(BadgeSize::Lanyard, Imposition::Single, 1);
    sheets.badges[0].name = "#set *An* $x$ <b>".to_owned();
    let seen = text(&set(&Printable::Badges(sheets)));
    assert!(seen.contains("#set *An* $x$ <b>"), "{seen}");
    for word in ["Ghế", "Phòng nghỉ", "Khách sạn"] {
        assert!(!seen.contains(word));
    }
}

#[test]
fn a_pass_for_a_windscreen_has_a_large_plate_and_a_code_that_is_read() {
    for (size, (width, height), points) in
        [(BadgeSize::Windscreen, (210.0, 148.0), 80.0), (BadgeSize::WindscreenSmall, (148.0, 105.0), 56.0)]
    {
        for plate in ["51A-123.45", "80-NG-345-01", "29TĐ-012.34"] {
            let mut sheets = sample::sheets(size, Imposition::Single, 1);
            sheets.backs = false;
            let card = &mut sheets.badges[0];
            (card.name, card.number, card.photo) = (plate.to_owned(), "B12".to_owned(), None);
            (card.group, card.under) = (
                "Đoàn 12 · xe thứ 103".to_owned(),
                "Đoàn đại biểu Đảng bộ Ủy ban nhân dân Thành phố và các đơn vị trực thuộc".to_owned(),
            );
            let code = card.code.clone();
            let printable = Printable::Badges(sheets);
            let pdf = set(&printable);
            assert_eq!(
                (page_count(&pdf), page_size(&pdf).0.round(), page_size(&pdf).1.round()),
                (1, width, height)
            );
            let all = words(&pdf);
            for word in &all {
                assert!(word.left >= 1.0 && word.right <= width - 1.0, "{size:?} {word:?}");
            }
            let found = all.iter().find(|word| word.text == plate).unwrap();
            assert!(
                found.points(true, false) >= points * 0.8,
                "{size:?} {plate}: {}",
                found.points(true, false)
            );
            assert!(all.iter().any(|word| word.text == "B12"));
            let page = print_pdf::Typst.rasters(&printable, DPI).unwrap();
            assert_eq!(scan(&page[0]), [code]);
        }
    }
    let pdf = set(&Printable::Badges(sample::sheets(BadgeSize::WindscreenSmall, Imposition::A4, 3)));
    assert_eq!(page_count(&pdf), 4, "two a sheet, fronts and backs");
}
