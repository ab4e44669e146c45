//! The words of documents, against the rules that prescribe them.

use jiff::civil::date;

use super::*;
use crate::paper::{BodyKind, Issuer, Number, Signature};

/// A notice of conclusions of the subcommittee, as sketched in the reference.
pub(crate) fn notice(kind: BodyKind, on: Date) -> Paper {
    Paper {
        kind: Kind::Notice,
        title: None,
        issuer: Issuer {
            kind,
            parent: vec!["Thành ủy TP. Hồ Chí Minh".into()],
            name: vec!["Tiểu ban Tổ chức".into(), "phục vụ Đại hội".into()],
            place: "Thành phố Hồ Chí Minh".into(),
            place_short: "TP. Hồ Chí Minh".into(),
        },
        date: Some(on),
        layout_on: on,
        number: Some(Number { number: Some(7), symbol: "TBPV".into() }),
        subject: "kết luận của Trưởng Tiểu ban tại phiên giao ban tuần 05".into(),
        urgency: None,
        to: vec![],
        body: vec![
            Block::Paragraph("Trưởng Tiểu ban kết luận:".into()),
            Block::Point("1.".into(), "Giao Văn phòng chủ trì".into()),
        ],
        signatures: vec![Signature {
            authority: Some((Authority::ByOrder, "Trưởng tiểu ban".into())),
            office: "Tổ trưởng Tổ thư ký".into(),
            name: "Họ và tên".into(),
        }],
        recipients: vec!["Các thành viên Tiểu ban".into(), "Lưu Văn phòng".into()],
        foot: String::new(),
        annexes: vec![],
        duplex: true,
    }
}

fn party() -> Paper {
    notice(BodyKind::Party, date(2026, 9, 5))
}

fn state() -> Paper {
    notice(BodyKind::State, date(2026, 9, 5))
}

/// Số và ký hiệu: no colon on Party paper, a zero before less than 10; NĐ 30, II.3 with colon and slash first.
#[test]
fn numbers() {
    for (paper, kind, figure, symbol, line) in [
        (party(), Kind::Notice, Some(7), "TBPV", "Số 07-TB/TBPV"),
        (party(), Kind::Decision, Some(127), "TW", "Số 127-QĐ/TW"),
        (party(), Kind::Letter, Some(10), "TBPV", "Số 10-CV/TBPV"),
        (party(), Kind::Programme, Some(9), "TU", "Số 09-CTr/TU"),
        (party(), Kind::Resolution, Some(1), "ĐH", "Số 01-NQ/ĐH"),
        (party(), Kind::Notice, None, "TBPV", "Số \u{a0}\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}-TB/TBPV"),
        (state(), Kind::Decision, Some(15), "UBND", "Số: 15/QĐ-UBND"),
        (state(), Kind::Report, Some(3), "SNV", "Số: 03/BC-SNV"),
        (state(), Kind::Letter, Some(215), "UBND-VP", "Số: 215/UBND-VP"),
    ] {
        let paper = Paper { kind, number: Some(Number { number: figure, symbol: symbol.into() }), ..paper };
        assert_eq!(number_line(&paper).unwrap(), line);
    }
    assert_eq!(number_line(&Paper { number: None, ..party() }), None);
}

/// Địa danh và ngày: days under 10 and months 1, 2 padded, other months not.
#[test]
fn dates() {
    for (day, words) in [
        (date(2026, 9, 5), "ngày 05 tháng 9 năm 2026"),
        (date(2026, 1, 15), "ngày 15 tháng 01 năm 2026"),
        (date(2026, 2, 1), "ngày 01 tháng 02 năm 2026"),
        (date(2026, 3, 10), "ngày 10 tháng 3 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ] {
        assert_eq!(date_words(day), words);
    }
    let draft = Paper { date: None, ..party() };
    let words = place_date(&draft, "Thành phố Hồ Chí Minh").replace('\u{a0}', " ");
    assert_eq!(words, "Thành phố Hồ Chí Minh, ngày      tháng      năm 2026");
}

/// The heading that does not fit: stored breaks first, then "TP.", then smaller letters down to 12 pt.
#[test]
fn the_heading_of_a_city_body_fits() {
    // The parent's line is 66 mm, the long date 103.9: together over 165.
    let city = heading(&party());
    assert_eq!(city.name, ["TIỂU BAN TỔ CHỨC", "PHỤC VỤ ĐẠI HỘI"]);
    assert_eq!(city.place_date, "TP. Hồ Chí Minh, ngày 05 tháng 9 năm 2026");
    assert!(city.fits && city.shrink == 0.0, "{city:?}");

    let mut broken = party();
    broken.issuer.parent = vec!["Thành ủy".into(), "TP. Hồ Chí Minh".into()];
    let whole = heading(&broken);
    assert!(whole.fits && whole.shrink == 0.0, "{whole:?}");
    assert_eq!(whole.place_date, "Thành phố Hồ Chí Minh, ngày 05 tháng 9 năm 2026");
    assert!((whole.left + whole.right - 165.0).abs() < 0.01);

    let mut one_line = party();
    one_line.issuer.name = vec!["Tiểu ban Tổ chức phục vụ".into()];
    let short = heading(&one_line);
    assert_eq!(short.place_date, "TP. Hồ Chí Minh, ngày 05 tháng 9 năm 2026");
    assert!(short.fits && short.shrink == 0.0, "{short:?}");

    one_line.issuer.place_short = String::new();
    let small = heading(&one_line);
    assert!(small.shrink > 0.0 && small.shrink <= 2.0, "{small:?}");

    one_line.issuer.name = vec!["Tiểu ban Tổ chức phục vụ Đại hội đại biểu lần thứ nhất".into()];
    let long = heading(&one_line);
    assert!(!long.fits && long.right < 165.0 * 0.66 && long.left > 50.0, "{long:?}");
}

/// T/M, K/T, T/L, Q. on Party paper; TM., KT., TL., TUQ., Q. in the state's.
#[test]
fn authorities() {
    for (by, for_party, for_state) in [
        (Authority::OnBehalf, "T/M ", "TM. "),
        (Authority::InPlace, "K/T ", "KT. "),
        (Authority::ByOrder, "T/L ", "TL. "),
        (Authority::Acting, "Q. ", "Q. "),
    ] {
        assert_eq!(authority(profile::of(&party()), by), for_party);
        assert_eq!(authority(profile::of(&state()), by), for_state);
    }
    assert_eq!(authority(profile::of(&state()), Authority::ByMandate), "TUQ. ");
    let lines = &signatures(&party())[0];
    assert_eq!(lines.authority.as_deref(), Some("T/L TRƯỞNG TIỂU BAN"));
    assert_eq!(lines.office, "TỔ TRƯỞNG TỔ THƯ KÝ");
}

/// Nơi nhận: items with ";", the last "Lưu …" with "."; the state writes "Lưu: VT".
#[test]
fn recipients_have_their_marks() {
    let typed = ["- Như trên;", "Đ/c Trưởng Tiểu ban.", "", "Lưu: Văn phòng"].map(str::to_owned).to_vec();
    let paper = Paper { recipients: typed.clone(), ..party() };
    assert_eq!(recipients(&paper), ["- Như trên;", "- Đ/c Trưởng Tiểu ban;", "- Lưu Văn phòng."]);
    let paper = Paper { recipients: typed, ..state() };
    assert_eq!(recipients(&paper)[2], "- Lưu: Văn phòng.");
    assert!(recipients(&Paper { recipients: vec![], ..party() }).is_empty());
}

/// A submission is "Kính trình" from HD 05; before, and in letters, "Kính gửi".
#[test]
fn those_addressed() {
    let one = |kind, on| {
        to(&Paper { kind, to: vec!["Ban Thường vụ Thành ủy".into()], layout_on: on, ..party() }).unwrap()
    };
    assert_eq!(one(Kind::Submission, date(2026, 5, 27)).label, "Kính trình:");
    assert_eq!(one(Kind::Submission, date(2026, 5, 26)).label, "Kính gửi:");
    assert_eq!(one(Kind::Letter, date(2026, 5, 27)).label, "Kính gửi:");
    assert_eq!(one(Kind::Letter, date(2026, 5, 27)).lines, ["Ban Thường vụ Thành ủy"]);
    let two = to(&Paper { to: vec!["A".into(), "B;".into()], ..party() }).unwrap();
    assert_eq!(two.lines, ["- A;", "- B."]);
    assert_eq!(to(&party()), None);
}

/// The text ends with "." on Party paper, "./." on the state's.
#[test]
fn end_marks() {
    let last = |paper: &Paper| match body(paper).pop() {
        Some(Block::Point(_, text) | Block::Paragraph(text)) => text.words(),
        other => panic!("{other:?}"),
    };
    for (typed, for_party, for_state) in [
        ("chủ trì", "chủ trì.", "chủ trì./."),
        ("chủ trì.", "chủ trì.", "chủ trì./."),
        ("chủ trì./.", "chủ trì.", "chủ trì./."),
        ("chủ trì; ", "chủ trì.", "chủ trì./."),
        ("Vì sao?", "Vì sao?", "Vì sao?./."),
    ] {
        let body = vec![Block::Paragraph(typed.into())];
        assert_eq!(last(&Paper { body: body.clone(), ..party() }), for_party);
        assert_eq!(last(&Paper { body, ..state() }), for_state);
    }
    assert!(body(&Paper { body: vec![], ..party() }).is_empty());
}

/// A letter has no type in its heading; its subject stands under the number.
#[test]
fn letters_and_titles() {
    let letter = Paper { kind: Kind::Letter, subject: "V/v bố trí xe".into(), ..party() };
    assert_eq!((title(&letter), subject(&letter)), (None, None));
    assert_eq!(letter_subject(&letter).as_deref(), Some("về việc bố trí xe"));
    let letter = Paper { kind: Kind::Letter, subject: "Về việc bố trí xe".into(), ..state() };
    assert_eq!(letter_subject(&letter).as_deref(), Some("V/v bố trí xe"));
    assert_eq!(title(&party()).as_deref(), Some("THÔNG BÁO"));
    let summons = Paper { kind: Kind::Summons, title: Some("Giấy triệu tập".into()), ..party() };
    assert_eq!(title(&summons).as_deref(), Some("GIẤY TRIỆU TẬP"));
    assert_eq!(KINDS.iter().filter(|kind| title_of(**kind).is_none()).count(), 1);
}

/// A legal basis has its hyphen on Party paper, none on the state's.
#[test]
fn bases() {
    let words = |paper: Paper| match &body(&paper)[0] {
        Block::Basis(text) => text.words(),
        other => panic!("{other:?}"),
    };
    let blocks = vec![Block::Basis("- Căn cứ Điều lệ Đảng;".into())];
    assert_eq!(words(Paper { body: blocks.clone(), ..party() }), "- Căn cứ Điều lệ Đảng;");
    assert_eq!(words(Paper { body: blocks, ..state() }), "Căn cứ Điều lệ Đảng;");
}

#[test]
fn roman_figures() {
    for (number, text) in
        [(0, ""), (1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (1994, "MCMXCIV")]
    {
        assert_eq!(roman(number), text);
    }
    assert_eq!(section(3, "Nhiệm vụ kỳ tới"), "III- Nhiệm vụ kỳ tới");
}
