//! A printer, and which addresses may be called.

use std::net::{IpAddr, SocketAddr};

use jiff::Timestamp;
use platform::{id, names, row};
use print::device::{Media, Trouble, brother};
use serde::Serialize;

id! {
    /// A printer.
    PrinterId
}

names! {
    /// The language that a printer speaks.
    PrinterKind {
        /// Zebra and those who speak ZPL II.
        Zpl = "zpl",
        /// Brother QL.
        BrotherQl = "brother_ql",
        /// Receipt printers.
        EscPos = "escpos",
        /// Office printers.
        Ipp = "ipp",
    }
}

impl PrinterKind {
    /// Ports on which such printers listen; nothing else is called.
    pub const fn ports(self) -> std::ops::RangeInclusive<u16> {
        match self {
            Self::Ipp => 631..=631,
            // Print servers with several printers count on from 9100.
            _ => 9100..=9109,
        }
    }

    /// Dots per inch of the head where all of the kind have the same.
    pub const fn fixed_dpi(self) -> Option<u16> {
        match self {
            Self::BrotherQl => Some(300),
            _ => None,
        }
    }
}

names! {
    /// Why something is printed.
    Purpose {
        /// In thử.
        Test = "thu",
        /// Thẻ đại biểu.
        Badge = "the",
        /// Anything else.
        Other = "khac",
    }
}

names! {
    /// How it went. Everything but [`Outcome::Sent`] has a sentence that says what to do.
    Outcome {
        /// The printer took it all.
        Sent = "da_gui",
        /// Nothing answers at the address.
        Unreachable = "khong_thay",
        /// Something answers at the address, and takes no job.
        Refused = "tu_choi",
        /// It took the connection and then nothing.
        Silent = "khong_dap",
        /// The connection ended within the job.
        Broken = "dut",
        /// No labels, no paper.
        PaperOut = "het_giay",
        /// Its lid is open.
        Open = "mo_nap",
        /// Another paper lies in it.
        WrongMedia = "sai_giay",
        /// Somebody has stopped it.
        Paused = "tam_dung",
        /// A jam or another fault.
        Fault = "loi_may",
        /// The page is larger than the paper.
        TooLarge = "qua_kho",
        /// It does not take what we send.
        Format = "khong_nhan",
        /// Others print on it and it is not our turn yet.
        Busy = "ban",
    }
}

impl From<Trouble> for Outcome {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::PaperOut => Self::PaperOut,
            Trouble::Open => Self::Open,
            Trouble::WrongMedia => Self::WrongMedia,
            Trouble::Paused => Self::Paused,
            Trouble::Fault => Self::Fault,
        }
    }
}

row! {
    /// A printer.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Printer {
        /// The id.
        pub id: PrinterId,
        /// What people call it: "Bàn 2 – Zebra".
        pub name: String,
        /// Its language.
        pub kind: PrinterKind,
        /// Its address, an IP address of this house.
        pub host: String,
        /// Its port.
        pub port: u16,
        /// Dots per inch.
        pub dpi: u16,
        /// The paper across.
        pub width_mm: u16,
        /// The paper along; 0 for a roll without end.
        pub length_mm: u16,
        /// How often each page is printed.
        pub copies: u16,
        /// Grows with each change.
        pub version: i64,
        /// When it was last changed.
        pub updated_at: Timestamp,
        /// By which office.
        pub updated_by: String,
    }
}

impl Printer {
    /// What lies in it.
    pub fn media(&self) -> Media {
        Media { width_mm: self.width_mm, length_mm: self.length_mm }
    }

    /// Dots that fit on its paper, across and along; 0 along for a roll without end. A page for it is drawn of
    /// this size.
    pub fn dots(&self) -> (u32, u32) {
        if self.kind == PrinterKind::BrotherQl
            && let Ok(dots) = brother::dots(self.media())
        {
            return dots;
        }
        // To the nearest dot: 25.4 mm an inch.
        let dots = |mm: u16| (u32::from(mm) * u32::from(self.dpi) * 10 + 127) / 254;
        (dots(self.width_mm), dots(self.length_mm))
    }

    /// Where it is, if that may be called.
    pub fn address(&self) -> Option<SocketAddr> {
        let host = self.host.parse().ok().filter(is_of_the_house)?;
        self.kind.ports().contains(&self.port).then_some(SocketAddr::new(host, self.port))
    }
}

row! {
    /// A line of the print log.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Printed {
        /// The printer's name then.
        pub name: String,
        /// Why.
        pub purpose: Purpose,
        /// How many pages.
        pub pages: u32,
        /// How it went.
        pub outcome: Outcome,
        /// When.
        pub at: Timestamp,
        /// By which office.
        pub sent_by: String,
    }
}

/// Whether an address is inside the house: loopback or private (RFC 1918, RFC 4193). Link-local addresses are not,
/// for machines in a cloud find their secrets there; nor are names, which may mean another address tomorrow.
pub fn is_of_the_house(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => four.is_loopback() || four.is_private(),
        IpAddr::V6(six) => six.is_loopback() || six.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_house_is_called() {
        let inside =
            ["127.0.0.1", "10.0.0.9", "172.16.3.4", "172.31.255.1", "192.168.1.20", "::1", "fd00::9"];
        let outside = [
            "8.8.8.8",
            "0.0.0.0",
            "169.254.169.254",
            "172.32.0.1",
            "100.64.0.1",
            "192.0.2.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "fe80::1",
            "2001:db8::1",
            "::ffff:8.8.8.8",
            "::ffff:10.0.0.1",
            "ff02::1",
        ];
        let house = |text: &str| text.parse().is_ok_and(|address| is_of_the_house(&address));
        for text in inside {
            assert!(house(text), "{text}");
        }
        for text in outside.into_iter().chain(["localhost", "printer.local", "2130706433", "0x7f.1", "127.1"])
        {
            assert!(!house(text), "{text}");
        }
    }
}
