//! What the register of numbers promises, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use jiff::civil::{Date, date};

use super::{
    BodyId, BodyKind, NewBody, NewNumber, PapersError, Reference, Use,
    store::{self, Filter},
};
use crate::{
    audit::Author,
    congress,
    db::DbError,
    identity::{
        Confidentiality,
        store::{NewUnit, create_unit},
    },
    testing::{House, on_both},
};

const DAY: Date = date(2025, 9, 26);

fn subcommittee() -> NewBody {
    NewBody {
        kind: BodyKind::Party,
        name: "Tiểu ban Tổ chức phục vụ Đại hội".to_owned(),
        parent_lines: vec!["THÀNH ỦY".to_owned()],
        name_lines: vec!["TIỂU BAN TỔ CHỨC".to_owned(), "PHỤC VỤ ĐẠI HỘI".to_owned()],
        place: "Thành phố".to_owned(),
        symbol: "TBPV".to_owned(),
        term: "2025–2030".to_owned(),
        ..NewBody::default()
    }
}

async fn body(house: &House, new: NewBody) -> BodyId {
    house.write(&Author::cli(), move |tx| store::save_body(tx, None, 0, &new)).await.expect("a body")
}

fn number(body: BodyId, number: Option<u32>) -> NewNumber {
    NewNumber {
        body,
        abbr: "TB".to_owned(),
        number,
        on: DAY,
        subject: "Kết luận giao ban tuần".to_owned(),
        class: Confidentiality::Normal,
        of: Reference::hand(),
        gap_reason: String::new(),
    }
}

async fn enter(house: &House, new: NewNumber) -> Result<u32, PapersError> {
    house.write(&Author::cli(), move |tx| Ok(store::enter(tx, &new)?.map(|taken| taken.number))).await
}

#[test]
fn numbers_run_on_in_their_body_type_and_series() {
    on_both(&[], async |house| {
        let party = body(&house, subcommittee()).await;
        let congress =
            body(&house, NewBody { kind: BodyKind::Congress, symbol: "ĐH".to_owned(), ..subcommittee() })
                .await;
        let state =
            body(&house, NewBody { kind: BodyKind::State, symbol: "SXD".to_owned(), ..subcommittee() }).await;
        for (of, abbr, on, expected) in [
            (party, "TB", DAY, 1),
            (party, "TB", date(2026, 1, 5), 2),
            (party, "KL", DAY, 1),
            (congress, "TB", DAY, 1),
            (state, "TB", DAY, 1),
            (state, "TB", DAY, 2),
            // A state body begins again with the year (Nghị định 30/2020/NĐ-CP).
            (state, "TB", date(2026, 1, 5), 1),
        ] {
            let new = NewNumber { abbr: abbr.to_owned(), on, ..number(of, None) };
            assert_eq!(enter(&house, new).await, Ok(expected), "{abbr} {on}");
        }
        let next = house.read(move |tx| store::next_number(tx, party, "tb", DAY)).await;
        assert_eq!(next, Ok(3));
        // A new term is a new series; what was is kept.
        let renewed = NewBody { term: "2030–2035".to_owned(), ..subcommittee() };
        house.write(&Author::cli(), move |tx| store::save_body(tx, Some(party), 1, &renewed)).await.unwrap();
        assert_eq!(enter(&house, number(party, None)).await, Ok(1));
        let all = house.read(store::all_series).await.unwrap();
        assert_eq!(all.len(), 6);
    });
}

#[test]
fn a_used_number_is_refused_with_who_and_what() {
    on_both(&[], async |house| {
        let body = body(&house, subcommittee()).await;
        let meeting = Reference::new(Use::Meeting, "5").at("/giao-ban/5");
        let taken = NewNumber { of: meeting, ..number(body, None) };
        assert_eq!(enter(&house, taken).await, Ok(1));
        let refused = enter(&house, number(body, Some(1))).await.unwrap_err();
        let PapersError::Used { written, on, subject, by, what, href } = refused.clone() else {
            panic!("{refused:?}")
        };
        assert_eq!((written.as_str(), on, what), ("01-TB/TBPV", DAY, Use::Meeting));
        assert_eq!(
            (subject.as_str(), by.as_str(), href.as_str()),
            ("Kết luận giao ban tuần", "dienhong", "/giao-ban/5")
        );
        let said = crate::web::AppError::from(refused);
        assert_eq!(said.status(), 409);
        assert!(said.detail(crate::i18n::Lang::Vi).contains("01-TB/TBPV"), "{said:?}");

        // What only some may know is not told.
        let closed = NewNumber {
            class: Confidentiality::Internal,
            subject: "Nhân sự".to_owned(),
            ..number(body, None)
        };
        assert_eq!(enter(&house, closed).await, Ok(2));
        let refused = enter(&house, number(body, Some(2))).await.unwrap_err();
        assert!(matches!(&refused, PapersError::Used { subject, .. } if subject.is_empty()), "{refused:?}");
    });
}

#[test]
fn a_gap_needs_a_reason_and_stays_open_for_late_papers() {
    on_both(&[], async |house| {
        let body = body(&house, subcommittee()).await;
        assert_eq!(enter(&house, number(body, Some(6))).await, Err(PapersError::Gap { from: 1, to: 5 }));
        let reasoned =
            NewNumber { gap_reason: "Số 1 đến 5 ở sổ giấy".to_owned(), ..number(body, Some(6)) };
        assert_eq!(enter(&house, reasoned).await, Ok(6));
        assert_eq!(enter(&house, number(body, None)).await, Ok(7));
        assert_eq!(enter(&house, number(body, Some(3))).await, Ok(3));
        let series = house.read(store::all_series).await.unwrap();
        assert_eq!((series[0].last, series[0].lines, series[0].missing()), (7, 3, 4));
        let new = NewNumber { on: date(2025, 9, 30), ..number(body, Some(2)) };
        let warning = house.read(move |tx| store::order_warning(tx, new.body, "TB", 2, new.on)).await;
        assert_eq!(warning, Ok(Some((3, DAY))), "number 3 was issued before it");
        assert!(matches!(
            enter(&house, number(body, Some(0))).await,
            Err(PapersError::Field { field: "number", .. })
        ));
    });
}

#[test]
fn a_cancelled_number_is_never_used_again() {
    on_both(&[], async |house| {
        let body = body(&house, subcommittee()).await;
        let first = number(body, None);
        let taken = house.write(&Author::cli(), move |tx| store::enter(tx, &first)).await.unwrap();
        let id = taken.id;
        let cancel = move |tx: &mut crate::db::WriteTx<'_>| store::cancel_number(tx, id, "Ghi nhầm loại");
        let empty = house.write(&Author::cli(), move |tx| store::cancel_number(tx, id, " ")).await;
        assert!(matches!(empty, Err(PapersError::Field { field: "reason", .. })));
        house.write(&Author::cli(), cancel).await.unwrap();
        assert_eq!(house.write(&Author::cli(), cancel).await, Err(PapersError::AlreadyCancelled));
        let refused = enter(&house, number(body, Some(1))).await.unwrap_err();
        assert!(
            matches!(&refused, PapersError::Cancelled { reason, .. } if reason == "Ghi nhầm loại"),
            "{refused:?}"
        );
        assert_eq!(enter(&house, number(body, None)).await, Ok(2));
        let only = Filter { cancelled: Some(true), ..Filter::default() };
        let lines = house.read(move |tx| store::list(tx, &only, 0, 10)).await.unwrap();
        assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1]);
        assert_eq!(house.read(|tx| store::count(tx, &Filter::default())).await, Ok((2, 1)));
    });
}

#[test]
fn two_people_at_the_same_instant_get_two_numbers_without_a_gap() {
    on_both(&[], async |house| {
        let body = body(&house, subcommittee()).await;
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let house = house.clone();
            all.spawn(async move { enter(&house, number(body, None)).await.expect("a number") });
        }
        let mut numbers = all.join_all().await;
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=40).collect::<Vec<u32>>());
        // The same chosen number at the same instant: one has it, the other hears who.
        let mut both = tokio::task::JoinSet::new();
        for _ in 0..2 {
            let house = house.clone();
            both.spawn(async move { enter(&house, number(body, Some(41))).await });
        }
        let mut answers = both.join_all().await;
        answers.sort_by_key(Result::is_err);
        assert_eq!(answers[0], Ok(41));
        assert!(matches!(answers[1], Err(PapersError::Used { .. })), "{answers:?}");
    });
}

#[test]
fn a_number_goes_with_its_transaction_or_not_at_all() {
    on_both(&[], async |house| {
        let body = body(&house, subcommittee()).await;
        let lost: Result<(), PapersError> = house
            .write(&Author::cli(), move |tx| {
                let _ = store::take_number(tx, body, "TB", DAY, "Thông báo", &Reference::hand())?;
                Err(PapersError::NotFound)
            })
            .await;
        assert_eq!(lost, Err(PapersError::NotFound));
        assert_eq!(enter(&house, number(body, None)).await, Ok(1), "the number was given back");
    });
}

#[test]
fn a_secret_paper_leaves_only_its_number() {
    on_both(&[], async |house| {
        let body = body(&house, subcommittee()).await;
        let secret = NewNumber { class: Confidentiality::Secret, ..number(body, None) };
        assert_eq!(enter(&house, secret.clone()).await, Err(PapersError::SecretContent));
        let stub = NewNumber { subject: String::new(), ..secret };
        assert_eq!(enter(&house, stub).await, Ok(1));
        let nothing = NewNumber { subject: String::new(), ..number(body, None) };
        assert!(matches!(enter(&house, nothing).await, Err(PapersError::Field { field: "subject", .. })));
    });
}

#[test]
fn the_list_finds_what_was_typed_without_marks() {
    on_both(&[], async |house| {
        let body = body(&house, subcommittee()).await;
        for subject in ["Kết luận giao ban tuần 03", "Phân công trực 100% quân số", "Giấy mời_họp"]
        {
            let new = NewNumber { subject: subject.to_owned(), ..number(body, None) };
            enter(&house, new).await.unwrap();
        }
        for (words, expected) in [
            ("giao ban", vec![1]),
            ("tuan ket luan", vec![1]),
            ("2-tb/tbpv", vec![2]),
            ("02-TB", vec![2]),
            ("100%", vec![2]),
            ("moi_hop", vec![3]),
            ("phuc vu", vec![3, 2, 1]),
            ("không có", vec![]),
        ] {
            let filter = Filter { words: words.to_owned(), ..Filter::default() };
            let lines = house.read(move |tx| store::list(tx, &filter, 0, 10)).await.unwrap();
            assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), expected, "{words}");
        }
    });
}

#[test]
fn a_body_is_found_over_its_unit_and_saved_once() {
    on_both(&[], async |house| {
        let (own, below) = house
            .write(&Author::cli(), |tx| {
                let own = *create_unit(
                    tx,
                    &NewUnit { name: "Tiểu ban".to_owned(), short: "TB".to_owned(), ..NewUnit::default() },
                )?
                .value();
                let team = NewUnit {
                    name: "Tổ Thư ký".to_owned(),
                    short: "TK".to_owned(),
                    parent_id: Some(own),
                    ..NewUnit::default()
                };
                Ok::<_, crate::identity::Error>(create_unit(tx, &team)?.map(|below| (own, below)))
            })
            .await
            .unwrap();
        let id = body(&house, NewBody { unit: Some(own), ..subcommittee() }).await;
        let found = house.read(move |tx| store::body_of_unit(tx, below)).await.unwrap();
        assert_eq!(found.map(|body| body.id), Some(id));
        // Somebody else saved meanwhile.
        let new = subcommittee();
        let late = house.write(&Author::cli(), move |tx| store::save_body(tx, Some(id), 7, &new)).await;
        assert_eq!(late, Err(PapersError::Conflict { version: 1 }));
        let new = NewBody { symbol: "tbpv".to_owned(), ..subcommittee() };
        let twice = house.write(&Author::cli(), move |tx| store::save_body(tx, None, 0, &new)).await;
        assert!(matches!(twice, Err(PapersError::SymbolTaken { .. })), "{twice:?}");
        let new = NewBody { symbol: "-1".to_owned(), ..subcommittee() };
        let odd = house.write(&Author::cli(), move |tx| store::save_body(tx, None, 0, &new)).await;
        assert!(matches!(odd, Err(PapersError::Field { field: "symbol", .. })), "{odd:?}");
        let lines =
            house.read(move |tx| Ok::<_, PapersError>(store::body(tx, id)?.name_lines)).await.unwrap();
        assert_eq!(lines, ["TIỂU BAN TỔ CHỨC", "PHỤC VỤ ĐẠI HỘI"], "line breaks are kept");
    });
}

#[test]
fn the_term_of_the_congress_is_the_term_of_a_body() {
    on_both(&[], async |house| {
        house
            .write(&Author::cli(), |tx| {
                let new = congress::store::NewCongress {
                    name: "Đại hội".to_owned(),
                    short_name: "Đại hội".to_owned(),
                    level: congress::Level::Xa,
                    term: "2025–2030".to_owned(),
                    preparatory_on: DAY,
                    opening_on: DAY,
                    closing_on: DAY,
                    place: "Hội trường".to_owned(),
                    hotline: String::new(),
                };
                Ok::<_, DbError>(congress::store::create(tx, &new)?.map(|_| ()))
            })
            .await
            .unwrap();
        let id = body(&house, NewBody { term: String::new(), ..subcommittee() }).await;
        let term = house.read(move |tx| Ok::<_, PapersError>(store::body(tx, id)?.term)).await.unwrap();
        assert_eq!(term, "2025–2030");
    });
}
