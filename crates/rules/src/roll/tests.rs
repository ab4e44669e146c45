use jiff::civil::{Date, date};

use super::*;

fn days(born: Option<Date>, joined: Option<Date>, official: Option<Date>) -> Days {
    Days { born, joined, official }
}

#[test]
fn days_that_cannot_be_right_are_named_with_their_field() {
    let congress = date(2025, 10, 13);
    let fine = days(Some(date(1975, 3, 2)), Some(date(1998, 5, 19)), Some(date(1999, 5, 19)));
    assert_eq!(faults(&fine, congress), []);
    let table = [
        (days(Some(date(2026, 1, 1)), None, None), "born", DayFault::Future),
        (days(Some(date(2015, 1, 1)), None, None), "born", DayFault::TooYoung { years: 10 }),
        (days(Some(date(1900, 1, 1)), None, None), "born", DayFault::TooOld { years: 125 }),
        (
            days(Some(date(1980, 5, 20)), Some(date(1998, 5, 19)), None),
            "joined",
            DayFault::JoinedTooYoung { years: 17 },
        ),
        (days(Some(date(1980, 5, 20)), Some(date(1979, 5, 19)), None), "joined", DayFault::JoinedBeforeBirth),
        (
            days(None, Some(date(2000, 5, 19)), Some(date(1999, 5, 19))),
            "official",
            DayFault::OfficialBeforeJoined,
        ),
        (days(None, Some(date(2030, 5, 19)), None), "joined", DayFault::Future),
    ];
    for (days, field, fault) in table {
        assert_eq!(faults(&days, congress), [(field, fault)], "{days:?}");
    }
    // The eighteenth birthday itself is late enough.
    assert_eq!(faults(&days(Some(date(1980, 5, 19)), Some(date(1998, 5, 19)), None), congress), []);
}

#[test]
fn tones_decide_only_between_equal_letters_and_both_normal_forms_sort_alike() {
    let mut names = ["Lê Bạn", "Lê Bán", "Lê Bãn", "Lê Bản", "Lê Bàn", "Lê Ban", "Lê Bang"];
    names.sort_by_key(|name| sort_key(name));
    assert_eq!(names, ["Lê Ban", "Lê Bàn", "Lê Bản", "Lê Bãn", "Lê Bán", "Lê Bạn", "Lê Bang"]);
    let decomposed: String = unicode_normalization::UnicodeNormalization::nfd("Nguyễn Thị Ước").collect();
    assert_eq!(sort_key(&decomposed), sort_key("Nguyễn Thị Ước"));
    assert_eq!(sort_key("Y"), sort_key(" y "));
}
