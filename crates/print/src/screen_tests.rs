//! What people typed stays text on the screen.

use jiff::civil::date;

use super::*;
use crate::{
    paper::{BodyKind, Column, Row, Width},
    parts::tests::notice,
};

#[test]
fn a_notice_says_what_its_paper_says() {
    let html = html(&notice(BodyKind::Party, date(2026, 9, 5)));
    for words in
        ["ĐẢNG CỘNG SẢN VIỆT NAM", "Số 07-TB/TBPV", "THÔNG BÁO", "-----", "T/L TRƯỞNG TIỂU BAN", "Nơi nhận:"]
    {
        assert!(html.contains(words), "{words}: {html}");
    }
    let state = super::html(&notice(BodyKind::State, date(2026, 9, 5)));
    assert!(
        state.contains("official-state")
            && state.contains("Độc lập - Tự do - Hạnh phúc")
            && !state.contains("-----")
    );
}

#[test]
fn markup_stays_text() {
    let evil = "<script>alert(1)</script>\" onload='x' & \u{0}\u{8}";
    let mut paper = notice(BodyKind::Party, date(2026, 9, 5));
    paper.subject = evil.into();
    paper.issuer.name = vec![evil.into()];
    paper.recipients = vec![evil.into()];
    paper.foot = evil.into();
    let cell = Cell::from(evil);
    paper.body = vec![
        Block::Heading(1, evil.into()),
        Block::Point(evil.into(), Text::bold(evil)),
        Block::Table(Table {
            columns: vec![Column { width: Width::Share(1), align: Align::Left }],
            head: vec![vec![cell.clone()]],
            rows: vec![Row { kind: RowKind::Body, cells: vec![cell] }],
            size: 12.0,
        }),
        Block::Picture(Picture {
            format: PictureFormat::Png,
            data: evil.into(),
            width: 50.0,
            caption: evil.into(),
        }),
    ];
    let html = html_with(&paper, |_| Some(evil.into()));
    assert!(!html.to_lowercase().contains("<script") && !html.contains("onload='"), "{html}");
    assert!(!html.contains('\u{0}'));
}
