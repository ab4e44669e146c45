//! Terminals as values.

use std::net::{IpAddr, Ipv6Addr};

use platform::{names, row};

use crate::{attendance::model::Mark, gates::model::DeviceId};

names! {
    /// How a terminal speaks.
    TerminalKind {
        /// Our own webhook, signed with HMAC.
        Webhook = "webhook",
        /// Hikvision ISAPI, event push.
        Hikvision = "hikvision",
        /// ZKTeco PUSH (ADMS, iclock).
        Zkteco = "zkteco",
    }
}

row! {
    /// A terminal, beside the device of the gate that it is.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Terminal {
        /// The device.
        pub device: DeviceId,
        /// How it speaks.
        pub kind: TerminalKind,
        /// Which way people go past it.
        pub way: Mark,
        /// The serial number it names itself by.
        pub serial: Option<String>,
        /// The networks it may speak from, one in a line.
        pub networks: String,
        /// Its secret, sealed.
        pub secret: Vec<u8>,
        /// The least score that counts, in thousandths.
        pub least_score: u16,
    }
}

/// What is written down about a new terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTerminal {
    /// Its gate.
    pub gate: String,
    /// What it is called.
    pub name: String,
    /// How it speaks.
    pub kind: TerminalKind,
    /// In or out.
    pub way: Mark,
    /// Needed for ZKTeco.
    pub serial: String,
    /// Networks, apart by spaces, commas or lines; needed but for the webhook, which signs.
    pub networks: String,
    /// In thousandths.
    pub least_score: u16,
}

/// Networks that a terminal may speak from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Networks(Vec<(Ipv6Addr, u8)>);

/// One address for both families: IPv4 as IPv6 writes it.
fn wide(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(four) => four.to_ipv6_mapped(),
        IpAddr::V6(six) => six,
    }
}

impl Networks {
    /// Reads addresses and networks (`10.1.2.3`, `10.1.2.0/24`, `fd00::/64`), apart by spaces, commas or lines.
    ///
    /// # Errors
    /// The first that is none.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut out = Vec::new();
        for one in
            text.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|one| !one.is_empty())
        {
            let wrong = || one.chars().take(60).collect::<String>();
            let (address, bits) = match one.split_once('/') {
                Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| wrong())?)),
                None => (one, None),
            };
            let address: IpAddr = address.parse().map_err(|_| wrong())?;
            let (most, shift) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
            let bits = bits.unwrap_or(most);
            if bits > most {
                return Err(wrong());
            }
            out.push((wide(address), bits + shift));
        }
        Ok(Self(out))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether an address lies in one of them; without any, every address does.
    pub fn hold(&self, address: &str) -> bool {
        let Ok(address) = address.trim().parse::<IpAddr>() else { return self.is_empty() };
        let address = u128::from(wide(address));
        self.is_empty()
            || self.0.iter().any(|(network, bits)| {
                let mask = u128::MAX.checked_shl(128 - u32::from(*bits)).unwrap_or(0);
                u128::from(*network) & mask == address & mask
            })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on shall stop")]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_addresses_and_no_other() {
        let some = Networks::read("10.1.2.3, 192.168.5.0/24\nfd00::/64").unwrap();
        assert_eq!(some.len(), 3);
        for inside in ["10.1.2.3", "::ffff:10.1.2.3", "192.168.5.255", "fd00::1"] {
            assert!(some.hold(inside), "{inside}");
        }
        for outside in ["10.1.2.4", "192.168.6.1", "fd01::1", "", "x"] {
            assert!(!some.hold(outside), "{outside}");
        }
        assert!(Networks::default().hold("203.0.113.9"));
        assert!(Networks::read("0.0.0.0/0").unwrap().hold("203.0.113.9"));
        for wrong in ["10.1.2", "10.1.2.3/33", "10.1.2.3/x", "may-1"] {
            assert_eq!(Networks::read(wrong), Err(wrong.to_owned()));
        }
    }
}
