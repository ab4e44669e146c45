//! Codes that must be read for ever: another program, another language, a gate that was not brought up to date.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use pass::{Congress, Day, Grant, Key, KeyList, Refusal, Revocations, Signer, read};

/// One a line: seed of the key as one byte repeated, key id, id, category, zones, first, last, name or `-`, digits.
const VECTORS: &str = include_str!("vectors.txt");

fn congress() -> Congress {
    Congress::of(b"golden congress")
}

fn lines() -> impl Iterator<Item = Vec<&'static str>> {
    VECTORS.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(' ').collect())
}

fn grant(words: &[&str]) -> (Signer, u8, Grant) {
    let number = |at: usize| words[at].parse::<u16>().unwrap();
    let (seed, key) = (u8::try_from(number(0)).unwrap(), u8::try_from(number(1)).unwrap());
    let id: Vec<u8> =
        (0..6).map(|at| u8::from_str_radix(&words[2][2 * at..2 * at + 2], 16).unwrap()).collect();
    let name = (words[7] != "-").then(|| words[7].replace('_', " "));
    let grant = Grant {
        id: id.try_into().unwrap(),
        category: u8::try_from(number(3)).unwrap(),
        zones: number(4),
        first: Day::from_number(number(5)),
        last: Day::from_number(number(6)),
        name,
    };
    (Signer::new(key, &[seed; 32]), key, grant)
}

#[test]
fn golden_codes_are_written_and_read_as_ever() {
    let mut count = 0;
    for words in lines() {
        let (signer, key, grant) = grant(&words);
        let code = signer.issue(congress(), &grant).unwrap();
        assert_eq!(words.get(8), Some(&code.as_str()), "{}", words[2]);
        let key = Key { id: key, public: signer.public(), from: grant.first, to: grant.last };
        let keys = KeyList { congress: congress(), sequence: 1, keys: vec![key] };
        let pass = read(&code, grant.first, &keys, &Revocations::default()).unwrap();
        assert_eq!(pass.grant, grant);
        let none = KeyList { keys: Vec::new(), ..keys };
        let refused = read(&code, grant.first, &none, &Revocations::default());
        assert_eq!(refused, Err(Refusal::UnknownKey { key: pass.key }));
        count += 1;
    }
    assert_eq!(count, 5);
}
