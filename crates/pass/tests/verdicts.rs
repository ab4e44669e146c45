//! What every reader of passes must say, in a file for readers in other languages: the WebAssembly in a browser is
//! held to it. `WRITE_VERDICTS=1 cargo test -p pass --test verdicts` writes it anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use pass::{
    Congress, Day, Delta, DeltaError, Grant, Key, KeyList, KeyListError, Refusal, Revocations, Signer,
    address, from_digits, read, to_digits,
};
use serde_json::{Value, json};

const GOLDEN: &str = include_str!("vectors.txt");
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verdicts.json");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn root() -> Signer {
    Signer::new(0, &[42; 32])
}

fn iso(day: Day) -> String {
    let (year, month, day) = day.date();
    format!("{year:04}-{month:02}-{day:02}")
}

/// A verdict as `web/js/pass.js` gives it.
fn said(text: &str, on: Day, keys: &KeyList, revoked: &Revocations) -> Value {
    match read(text, on, keys, revoked) {
        Ok(pass) => json!({
            "valid": true, "key": pass.key, "id": hex(&pass.grant.id), "category": pass.grant.category,
            "zones": pass.grant.zones, "first": iso(pass.grant.first), "last": iso(pass.grant.last),
            "name": pass.grant.name.unwrap_or_default(),
        }),
        Err(refusal) => {
            let mut said = json!({ "valid": false, "why": refusal.key() });
            let (name, value) = match refusal {
                Refusal::WrongVersion { version } => ("version", json!(version)),
                Refusal::UnknownKey { key } => ("key", json!(key)),
                Refusal::Revoked { id } => ("id", json!(hex(&id))),
                Refusal::NotYet { first } => ("first", json!(iso(first))),
                Refusal::Expired { last } => ("last", json!(iso(last))),
                Refusal::Unreadable | Refusal::Altered | Refusal::Foreign | Refusal::Forged => return said,
            };
            said.as_object_mut().unwrap().insert(name.to_owned(), value);
            said
        }
    }
}

/// One gate: what it is given, and what it must say of each text.
fn gate(keys: &KeyList, revoked: &Revocations, texts: &[(String, Day)]) -> Value {
    let cases: Vec<Value> = texts
        .iter()
        .map(|(text, on)| json!({ "text": text, "on": iso(*on), "said": said(text, *on, keys, revoked) }))
        .collect();
    json!({
        "root": hex(&root().public()), "keys": hex(&keys.sign(&root()).unwrap()),
        "revoked": hex(&revoked.since(0).to_bytes()), "cases": cases,
    })
}

fn golden() -> Vec<Value> {
    let lines = GOLDEN.lines().filter(|line| !line.starts_with('#'));
    let congress = Congress::of(b"golden congress");
    lines
        .map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            let number = |at: usize| words[at].parse::<u16>().unwrap();
            let (seed, id) = (u8::try_from(number(0)).unwrap(), u8::try_from(number(1)).unwrap());
            let (first, last) = (Day::from_number(number(5)), Day::from_number(number(6)));
            let key = Key { id, public: Signer::new(id, &[seed; 32]).public(), from: first, to: last };
            let keys = KeyList { congress, sequence: 1, keys: vec![key] };
            let code = words[8].to_owned();
            let texts = [(code.clone(), first), (code.clone(), last), (format!("\u{2}{code}\r\n"), first)];
            gate(&keys, &Revocations::default(), &texts)
        })
        .collect()
}

fn day(day: u8) -> Day {
    Day::new(2025, 10, day).unwrap()
}

fn all() -> Value {
    let congress = Congress::of(b"city congress");
    let signer = |id: u8| Signer::new(id, &[id + 1; 32]);
    let key =
        |id: u8, from: u8, to: u8| Key { id, public: signer(id).public(), from: day(from), to: day(to) };
    let keys = KeyList { congress, sequence: 7, keys: vec![key(1, 1, 14), key(2, 10, 31)] };
    let grant = Grant {
        id: [1, 2, 3, 4, 5, 6],
        category: 3,
        zones: 0b1001,
        first: day(13),
        last: day(15),
        name: None,
    };
    let issued = |id: u8, grant: &Grant| signer(id).issue(congress, grant).unwrap();
    let whole = issued(1, &grant);
    let made_up = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = from_digits(&whole).unwrap();
        bytes.truncate(bytes.len() - 2);
        change(&mut bytes);
        // The mark of a congress is the same checksum.
        let Congress(checksum) = Congress::of(&bytes);
        bytes.extend(checksum);
        to_digits(&bytes)
    };
    let lost = Grant { id: [9; 6], ..grant.clone() };
    let named = Grant { name: Some("Nguyễn Thị Minh Khai".to_owned()), ..grant.clone() };
    let old = Grant { first: day(1), last: day(2), ..grant.clone() };
    let mut revoked = Revocations::default();
    for n in 0..100 {
        revoked.revoke([n, 0, 0, 0, 0, 7]);
    }
    revoked.revoke(lost.id);
    let texts: Vec<(String, Day)> = [
        (whole.clone(), 13),
        (whole.clone(), 14),
        (address("dh.example.vn", &whole), 14),
        (format!(" {whole}\r\n"), 14),
        (issued(2, &named), 15),
        (issued(2, &grant), 15),
        // Each refusal.
        (String::new(), 14),
        ("079123456789".to_owned(), 14),
        ("Thẻ đại biểu \u{1f600}".to_owned(), 14),
        ("7".repeat(2000), 14),
        ("0".repeat(196), 14),
        (format!("{whole}0"), 14),
        (whole[1..].to_owned(), 14),
        (made_up(&|bytes| bytes[0] = 9 << 4 | 1), 14),
        (whole.replacen('1', "2", 1), 14),
        (signer(1).issue(Congress::of(b"another congress"), &grant).unwrap(), 14),
        (issued(5, &grant), 14),
        (issued(1, &grant), 15),
        (Signer::new(1, &[99; 32]).issue(congress, &grant).unwrap(), 14),
        (made_up(&|bytes| bytes[10..12].fill(0xff)), 14),
        (issued(1, &lost), 14),
        (whole.clone(), 12),
        (issued(1, &old), 3),
    ]
    .into_iter()
    .map(|(text, on)| (text, day(on)))
    .collect();
    let mut gates = golden();
    gates.push(gate(&keys, &revoked, &texts));

    let mut cut = keys.sign(&root()).unwrap();
    cut.truncate(40);
    let next = |sequence, congress| KeyList { sequence, congress, ..keys.clone() }.sign(&root()).unwrap();
    let by_another = keys.sign(&signer(3)).unwrap();
    let lists = [cut, by_another, next(6, congress), next(8, Congress::of(b"another")), next(8, congress)];
    let lists: Vec<Value> = lists
        .iter()
        .map(|bytes| {
            let taken = keys.replace(bytes, &root().public());
            json!({ "bytes": hex(bytes), "said": taken.err().map(|error: KeyListError| error.key()) })
        })
        .collect();
    let gap = Delta { after: 5000, to: 5001, ids: vec![[1; 6]] }.to_bytes();
    let more = Delta { after: 101, to: 102, ids: vec![grant.id] }.to_bytes();
    let deltas: Vec<Value> = [b"DHR1".to_vec(), gap, more.clone(), more]
        .iter()
        .map(|bytes| {
            let done = Delta::parse(bytes).and_then(|delta| revoked.take(&delta));
            json!({
                "bytes": hex(bytes), "said": done.err().map(|error: DeltaError| error.to_string()),
                "sequence": revoked.sequence(),
            })
        })
        .collect();
    json!({ "gates": gates, "lists": lists, "deltas": deltas, "lost": whole })
}

#[test]
fn the_verdicts_are_those_of_the_file() {
    let now = serde_json::to_string_pretty(&all()).unwrap() + "\n";
    if std::env::var_os("WRITE_VERDICTS").is_some() {
        std::fs::write(FILE, &now).unwrap();
    }
    let kept = std::fs::read_to_string(FILE).unwrap();
    assert!(now == kept, "the verdicts changed: a gate that is not brought up to date would say otherwise");
    for key in Refusal::KEYS {
        assert!(kept.contains(&format!("\"why\": \"{key}\"")), "{key} has no case");
    }
}
