//! What a face terminal may send: read or refused, never more than it says, and no bytes that stop the server.

#![no_main]

use libfuzzer_sys::fuzz_target;
use people::terminals::{
    model::Networks,
    read::{self, Message, hikvision, webhook, zkteco},
};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(Message::Seen(seen)) = hikvision::read(bytes) {
        assert!(!seen.event.is_empty());
    }
    let _ = webhook::read(bytes);
    let text = String::from_utf8_lossy(bytes);
    if let Ok(signature) = webhook::Signature::read(&text) {
        assert!(!signature.is_of(&[0; 32], bytes));
    }
    for lines in [zkteco::attlog(&text), zkteco::rtlog(&text)] {
        assert!(lines.len() <= read::MOST && lines.len() <= text.lines().count());
    }
    if let Ok(networks) = Networks::read(&text) {
        let _ = networks.hold("10.0.0.1");
    }
});
