//! Text in place of a code, lists of keys and deltas of bytes: read or refused, and what is read was signed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pass::{Congress, Day, Delta, Grant, Key, KeyList, Revocations, Signer, from_digits, read, to_digits};

fuzz_target!(|bytes: &[u8]| {
    let signer = Signer::new(3, &[2; 32]);
    let (first, last) = (Day::from_number(2112), Day::from_number(2114));
    let key = Key { id: 3, public: signer.public(), from: first, to: last };
    let keys = KeyList { congress: Congress([0x12, 0x34]), sequence: 1, keys: vec![key] };
    let none = Revocations::default();
    let text = String::from_utf8_lossy(bytes);
    // As text, as the digits of the bytes, and as bytes with a checksum that is right, so that signatures are reached.
    let mut sealed = bytes.to_vec();
    let Congress(checksum) = Congress::of(bytes);
    sealed.extend(checksum);
    for text in [text.as_ref(), &to_digits(bytes), &to_digits(&sealed)] {
        assert!(read(text, first, &keys, &none).is_err(), "nobody has signed this");
    }
    if bytes.len() <= 1024 {
        assert_eq!(from_digits(&to_digits(bytes)).as_deref(), Some(bytes));
    }
    assert!(KeyList::open(bytes, &signer.public()).is_err(), "no root has signed this");
    if let Ok(delta) = Delta::parse(bytes) {
        let mut list = Revocations::default();
        let _ = list.take(&delta);
        assert_eq!(Delta::parse(&delta.to_bytes()).as_ref(), Ok(&delta));
    }
    // What is signed is read back, with a name that is made of the bytes.
    let name: String = text.chars().take(12).collect();
    let mut id = [0; 6];
    for (place, byte) in id.iter_mut().zip(bytes) {
        *place = *byte;
    }
    let grant = Grant { id, category: 9, zones: 1, first, last, name: Some(name) };
    if let Ok(code) = signer.issue(keys.congress, &grant) {
        assert_eq!(read(&code, last, &keys, &none).map(|pass| pass.grant), Ok(grant));
    }
});
