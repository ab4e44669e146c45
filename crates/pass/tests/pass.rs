//! What a pass promises: whole round trips, a refusal for everything else, and an answer to any bytes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use pass::{
    Congress, Day, Delta, DeltaError, Grant, Key, KeyList, KeyListError, Malformed, Refusal, Revocations,
    Signer, address, found, from_digits, ndef, read, to_digits,
};
use proptest::prelude::*;

fn day(day: u8) -> Day {
    Day::new(2025, 10, day).unwrap()
}

fn congress() -> Congress {
    Congress::of(b"city congress")
}

fn signer(id: u8) -> Signer {
    Signer::new(id, &[id + 1; 32])
}

fn key(id: u8, from: u8, to: u8) -> Key {
    Key { id, public: signer(id).public(), from: day(from), to: day(to) }
}

fn keys() -> KeyList {
    KeyList { congress: congress(), sequence: 7, keys: vec![key(1, 1, 14), key(2, 10, 31)] }
}

fn grant() -> Grant {
    Grant { id: [1, 2, 3, 4, 5, 6], category: 3, zones: 0b1001, first: day(13), last: day(15), name: None }
}

fn issued(id: u8) -> String {
    signer(id).issue(congress(), &grant()).unwrap()
}

fn none() -> Revocations {
    Revocations::default()
}

/// A code of any bytes with a right checksum: what someone makes who knows the form but has no key.
fn made_up(change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut bytes = from_digits(&issued(1)).unwrap();
    bytes.truncate(bytes.len() - 2);
    change(&mut bytes);
    // The mark of a congress is the same checksum.
    let Congress(checksum) = Congress::of(&bytes);
    bytes.extend(checksum);
    to_digits(&bytes)
}

#[test]
fn a_pass_says_what_was_signed() {
    let read = read(&issued(1), day(14), &keys(), &none()).unwrap();
    assert_eq!((read.grant.clone(), read.key), (grant(), 1));
    assert!(
        read.opens(0)
            && !read.opens(1)
            && read.opens(3)
            && !read.opens(15)
            && !read.opens(16)
            && !read.opens(255)
    );
    let named = Grant { name: Some("Nguyễn Thị Minh Khai".to_owned()), ..grant() };
    let code = signer(2).issue(congress(), &named).unwrap();
    assert_eq!(pass::read(&code, day(15), &keys(), &none()).unwrap().grant, named);
}

#[test]
fn each_refusal_has_its_case_and_its_words() {
    let mut revoked = none();
    revoked.revoke(grant().id);
    let clean = none();
    let old = Grant { first: day(1), last: day(2), ..grant() };
    let foreign = signer(1).issue(Congress::of(b"another congress"), &grant()).unwrap();
    let stranger = Signer::new(1, &[99; 32]).issue(congress(), &grant()).unwrap();
    let mut misread = issued(1).into_bytes();
    misread.swap(100, 101);
    misread[120] = if misread[120] == b'9' { b'0' } else { misread[120] + 1 };
    let misread = String::from_utf8(misread).unwrap();
    let cases = [
        ("".to_owned(), 14, &clean, Refusal::Unreadable),
        ("079123456789".to_owned(), 14, &clean, Refusal::Unreadable),
        (made_up(|bytes| bytes[0] = 9 << 4 | 1), 14, &clean, Refusal::WrongVersion { version: 9 }),
        (misread, 14, &clean, Refusal::Altered),
        (foreign, 14, &clean, Refusal::Foreign),
        (issued(5), 14, &clean, Refusal::UnknownKey { key: 5 }),
        // Signed with the key that had run out: the badges of the rotation before.
        (issued(1), 15, &clean, Refusal::UnknownKey { key: 1 }),
        (stranger, 14, &clean, Refusal::Forged),
        // Someone opens all zones and puts the checksum right.
        (made_up(|bytes| bytes[10..12].fill(0xff)), 14, &clean, Refusal::Forged),
        (issued(1), 14, &revoked, Refusal::Revoked { id: grant().id }),
        (issued(1), 12, &clean, Refusal::NotYet { first: day(13) }),
        (signer(1).issue(congress(), &old).unwrap(), 3, &clean, Refusal::Expired { last: day(2) }),
    ];
    for (code, on, revoked, expected) in &cases {
        assert_eq!(read(code, day(*on), &keys(), revoked), Err(*expected), "{code}");
    }
    for name in Refusal::KEYS {
        assert!(cases.iter().any(|(.., refusal)| refusal.key() == name), "{name} has no case");
    }
}

#[test]
fn two_keys_live_at_once_while_one_takes_over() {
    for (key, on, opens) in [(1, 13, true), (1, 14, true), (1, 15, false), (2, 13, true), (2, 15, true)] {
        assert_eq!(read(&issued(key), day(on), &keys(), &none()).is_ok(), opens, "key {key} on {on}");
    }
}

#[test]
fn what_does_not_fit_is_not_issued() {
    let issue = |grant: &Grant| signer(1).issue(congress(), grant);
    assert_eq!(issue(&Grant { first: day(15), last: day(14), ..grant() }), Err(Malformed::Days));
    let long = Day::from_number(day(13).number() + 256);
    assert_eq!(issue(&Grant { last: long, ..grant() }), Err(Malformed::Days));
    for name in ["", "  ", "a\u{202e}b", "a\nb", &"ế".repeat(17)] {
        assert_eq!(
            issue(&Grant { name: Some(name.to_owned()), ..grant() }),
            Err(Malformed::Name),
            "{name:?}"
        );
    }
    assert_eq!(Signer::new(16, &[1; 32]).issue(congress(), &grant()), Err(Malformed::KeyId));
}

#[test]
fn every_single_digit_changed_is_refused() {
    for code in
        [issued(1), signer(2).issue(congress(), &Grant { name: Some("Lê Văn A".into()), ..grant() }).unwrap()]
    {
        for at in 0..code.len() {
            for digit in b'0'..=b'9' {
                let mut other = code.clone().into_bytes();
                if other[at] == digit {
                    continue;
                }
                other[at] = digit;
                let other = String::from_utf8(other).unwrap();
                assert!(read(&other, day(14), &keys(), &none()).is_err(), "digit {at} as {digit}");
            }
        }
        // One more, one fewer, two the other way round.
        assert!(read(&format!("{code}0"), day(14), &keys(), &none()).is_err());
        assert!(read(&code[1..], day(14), &keys(), &none()).is_err());
    }
}

#[test]
fn scanners_cameras_and_tags_give_the_same_code() {
    let code = issued(1);
    let web = address("dh.example.vn", &code);
    for text in
        [code.clone(), format!(" {code}\r\n"), format!("\u{2}{code}\u{3}"), web.clone(), format!("{web}\n")]
    {
        assert_eq!(found(&text), Some(code.as_str()), "{text:?}");
        assert!(read(&text, day(14), &keys(), &none()).is_ok());
    }
    for text in
        ["https://dh.example.vn/b/", "https:///b/123", "ftp://x/b/123", "12 34", "١٢٣", "https://x/y/b/12"]
    {
        assert_eq!(found(text), None, "{text}");
    }
    let tag = ndef("dh.example.vn", &code);
    assert_eq!(&tag[..5], [0xd1, 1, u8::try_from(tag.len() - 4).unwrap(), b'U', 4]);
    assert_eq!(format!("https://{}", std::str::from_utf8(&tag[5..]).unwrap()), web);
    let long = ndef(&"h".repeat(100), &code);
    assert_eq!(long[..2], [0xc1, 1]);
    assert_eq!(u32::from_be_bytes(long[2..6].try_into().unwrap()) as usize, long.len() - 7);
}

#[test]
fn a_list_of_keys_is_taken_from_the_root_alone() {
    let root = Signer::new(0, &[42; 32]);
    let bytes = keys().sign(&root).unwrap();
    assert_eq!(KeyList::open(&bytes, &root.public()), Ok(keys()));
    assert_eq!(KeyList::open(&bytes, &signer(1).public()), Err(KeyListError::Forged));
    for at in 0..bytes.len() {
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert!(KeyList::open(&other, &root.public()).is_err(), "byte {at}");
        assert!(KeyList::open(&bytes[..at], &root.public()).is_err());
    }
    let next = KeyList { sequence: 8, ..keys() };
    let older = KeyList { sequence: 6, ..keys() };
    let foreign = KeyList { congress: Congress::of(b"another"), ..next.clone() };
    let replace = |list: &KeyList| keys().replace(&list.sign(&root).unwrap(), &root.public());
    assert_eq!(replace(&next), Ok(next.clone()));
    assert_eq!(replace(&older), Err(KeyListError::Older));
    assert_eq!(replace(&foreign), Err(KeyListError::Foreign));
    let twice = KeyList { keys: vec![key(1, 1, 2), key(1, 3, 4)], ..keys() };
    assert_eq!(twice.sign(&root), Err(Malformed::KeyId));
    let backwards = KeyList { keys: vec![key(1, 2, 1)], ..keys() };
    assert_eq!(backwards.sign(&root), Err(Malformed::Days));
}

#[test]
fn revocations_travel_in_deltas() {
    let id = |n: u16| {
        let [a, b] = n.to_be_bytes();
        [a, b, 0, 0, 0, 1]
    };
    let mut server = none();
    for n in (0..1000).rev() {
        assert_eq!(server.revoke(id(n)), 1000 - u32::from(n));
    }
    assert_eq!(server.revoke(id(5)), 1000, "twice is once");
    let mut gate = none();
    gate.take(&server.since(0)).unwrap();
    assert_eq!((gate.len(), gate.sequence()), (1000, 1000));
    let first = server.since(0).to_bytes();
    assert_eq!(first.len(), 6012);
    server.revoke(id(2000));
    let delta = Delta::parse(&server.since(gate.sequence()).to_bytes()).unwrap();
    assert_eq!(delta, Delta { after: 1000, to: 1001, ids: vec![id(2000)] });
    assert!(!gate.contains(&id(2000)));
    gate.take(&delta).unwrap();
    gate.take(&delta).unwrap();
    assert!(gate.contains(&id(2000)) && gate.contains(&id(5)) && !gate.contains(&id(3000)));
    assert_eq!((gate.len(), gate.sequence()), (1001, 1001));
    // A gate that takes a delta it has no ground for would miss some without knowing.
    let mut fresh = none();
    assert_eq!(fresh.take(&delta), Err(DeltaError::Gap { known: 0 }));
    assert!(fresh.is_empty());
    assert_eq!(gate.since(1001).ids, Vec::<[u8; 6]>::new());
}

#[test]
fn days_are_those_of_the_calendar() {
    let mut number = 0;
    for year in 2020..2199 {
        for month in 1..=12 {
            for day in 1..=31 {
                let Some(found) = Day::new(year, month, day) else { continue };
                assert_eq!((found.number(), found.date()), (number, (year, month, day)));
                number += 1;
            }
        }
    }
    assert_eq!(Day::new(2025, 10, 5).unwrap().to_string(), "05/10/2025");
    assert_eq!((Day::new(2019, 12, 31), Day::new(2200, 1, 1), Day::new(2100, 2, 29)), (None, None, None));
    assert_eq!(Day::from_number(u16::MAX).date(), (2199, 6, 6));
}

proptest! {
    #[test]
    fn bytes_become_digits_and_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let digits = to_digits(&bytes);
        prop_assert!(digits.bytes().all(|digit| digit.is_ascii_digit()));
        prop_assert_eq!(from_digits(&digits), Some(bytes));
    }

    #[test]
    fn any_grant_comes_back(
        id in any::<[u8; 6]>(), category in any::<u8>(), zones in any::<u16>(), first in 0_u16..60_000,
        days in 0_u8..=255, seed in any::<[u8; 32]>(), key in 0_u8..16,
        name in proptest::option::of("[A-Za-zÀ-ỹ]{1,12}"),
    ) {
        let (first, last) = (Day::from_number(first), Day::from_number(first + u16::from(days)));
        let grant = Grant { id, category, zones, first, last, name };
        let signer = Signer::new(key, &seed);
        let code = signer.issue(congress(), &grant).unwrap();
        let listed = Key { id: key, public: signer.public(), from: first, to: last };
        let keys = KeyList { congress: congress(), sequence: 1, keys: vec![listed] };
        for on in [first, last] {
            prop_assert_eq!(&read(&code, on, &keys, &none()).unwrap().grant, &grant);
        }
    }

    #[test]
    fn any_text_gets_an_answer(text in ".{0,400}", digits in "[0-9]{150,420}") {
        prop_assert!(read(&text, day(14), &keys(), &none()).is_err());
        prop_assert!(read(&digits, day(14), &keys(), &none()).is_err());
    }

    #[test]
    fn any_bytes_get_an_answer(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        version in 0_u8..4, length in 60_usize..140,
    ) {
        let made = made_up(|code| {
            code.resize(length, 0);
            for (at, byte) in bytes.iter().enumerate().take(length) {
                code[at] = *byte;
            }
            code[0] = version << 4 | 1;
            let Congress(mark) = congress();
            code[1..3].copy_from_slice(&mark);
        });
        prop_assert!(read(&made, day(14), &keys(), &none()).is_err());
        let _ = KeyList::open(&bytes, &signer(1).public());
        let _ = KeyList::open(&bytes, &[0; 32]);
        if let Ok(delta) = Delta::parse(&bytes) {
            let mut list = none();
            let _ = list.take(&delta);
        }
        let delta = [&b"DHR1\0\0\0\0"[..], &bytes].concat();
        if let Ok(delta) = Delta::parse(&delta) {
            let mut list = none();
            list.take(&delta).unwrap();
            prop_assert!(delta.ids.iter().all(|id| list.contains(id)));
        }
    }

    #[test]
    fn several_digits_changed_are_refused(changes in proptest::collection::vec((any::<usize>(), 0_u8..10), 1..6)) {
        let code = issued(1);
        let mut other = code.clone().into_bytes();
        for (at, digit) in changes {
            let at = at % other.len();
            other[at] = b'0' + digit;
        }
        let other = String::from_utf8(other).unwrap();
        prop_assume!(other != code);
        prop_assert!(read(&other, day(14), &keys(), &none()).is_err());
    }
}
