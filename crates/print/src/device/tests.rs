//! What goes to a printer, byte by byte for small pictures, and turned back into the picture for large ones.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use proptest::prelude::*;

use super::*;
use crate::Raster;

fn picture(rows: &[&str]) -> Bitmap {
    let mut out = Bitmap::white(u32::try_from(rows[0].len()).unwrap(), u32::try_from(rows.len()).unwrap());
    for (y, row) in rows.iter().enumerate() {
        for (x, _) in row.bytes().enumerate().filter(|(_, dot)| *dot == b'#') {
            out.blacken(x, y);
        }
    }
    out
}

/// A picture of any size whose dots follow from a seed, with long runs as pages have.
fn any_picture(width: u32, height: u32, seed: u64) -> Bitmap {
    let mut out = Bitmap::white(width, height);
    let mut state = seed | 1;
    let (mut left, mut black) = (0, false);
    for y in 0..bitmap::size(height) {
        for x in 0..bitmap::size(width) {
            if left == 0 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (left, black) = (1 + state % 90, !black);
            }
            left -= 1;
            if black {
                out.blacken(x, y);
            }
        }
    }
    out
}

// ------------------------------------------------------------------ grey

#[test]
fn letters_are_cut_and_photographs_spread() {
    let raster = |dots: Vec<u8>, width: u32| Raster {
        height: u32::try_from(dots.len()).unwrap() / width,
        width,
        dots,
    };
    let edges = raster(vec![0, 127, 128, 255], 4);
    assert_eq!(Bitmap::of(&edges, Shade::Threshold(128)), picture(&["##.."]));
    assert_eq!(Bitmap::of(&edges, Shade::Mixed), picture(&["##.."]));
    // A grey plane: a quarter of the light gives a quarter of white dots.
    let plane = raster(vec![64; 64 * 64], 64);
    let count = |page: &Bitmap| page.rows().flatten().map(|byte| byte.count_ones()).sum::<u32>();
    for shade in [Shade::Dither, Shade::Mixed] {
        let black = count(&Bitmap::of(&plane, shade));
        assert!((2950..3200).contains(&black), "{shade:?}: {black} of 4096");
    }
    assert_eq!(count(&Bitmap::of(&plane, Shade::Threshold(128))), 4096);
    // Dots that do not fit their size make a white page, not a panic.
    assert_eq!(count(&Bitmap::of(&Raster { width: 9, height: 9, dots: vec![0; 3] }, Shade::Dither)), 0);
}

// ------------------------------------------------------------------ ZPL

#[test]
fn zpl_is_as_the_guide_writes_it() {
    let page = picture(&[
        "################",
        "################",
        "........#.......",
        "................",
        "#.#.#.#.#.......",
    ]);
    let made = String::from_utf8(zpl::labels(&[page], 2).unwrap()).unwrap();
    assert_eq!(made, "^XA^PW16^LL5^LH0,0^FO0,0^GFA,10,10,2,!:H08,,HA8,^FS^PQ2^XZ\n");
    assert_eq!(zpl::labels(&[], 1), Err(DeviceError::Empty));
    assert_eq!(zpl::labels(&[Bitmap::white(0, 3)], 1), Err(DeviceError::Empty));
}

/// Reads the graphic fields of a stream of labels.
fn from_zpl(bytes: &[u8]) -> Vec<Bitmap> {
    let text = std::str::from_utf8(bytes).unwrap();
    text.split("^XA").skip(1).map(label).collect()
}

fn label(text: &str) -> Bitmap {
    let after = |mark: &str| text.split_once(mark).unwrap().1;
    let number = |mark: &str| after(mark).split('^').next().unwrap().parse::<u32>().unwrap();
    let field = after("^GFA,").split_once("^FS").unwrap().0;
    let mut parts = field.splitn(4, ',');
    let total: usize = parts.next().unwrap().parse().unwrap();
    assert_eq!(parts.next().unwrap().parse(), Ok(total));
    let stride: usize = parts.next().unwrap().parse().unwrap();
    let (mut rows, mut row, mut count): (Vec<Vec<u8>>, Vec<u8>, usize) = (Vec::new(), Vec::new(), 0);
    for c in parts.next().unwrap().chars() {
        match c {
            'g'..='z' => count += 20 * (usize::from(c as u8 - b'g') + 1),
            'G'..='Y' => count += usize::from(c as u8 - b'G') + 1,
            ',' | '!' => row.resize(2 * stride, if c == ',' { 0 } else { 15 }),
            ':' => rows.push(rows.last().unwrap().clone()),
            digit => {
                let digit = u8::try_from(digit.to_digit(16).unwrap()).unwrap();
                row.extend(std::iter::repeat_n(digit, count.max(1)));
                count = 0;
            }
        }
        if row.len() == 2 * stride {
            rows.push(std::mem::take(&mut row));
        }
    }
    assert!(row.is_empty() && rows.len() * stride == total);
    let mut out = Bitmap::white(number("^PW"), number("^LL"));
    for (y, row) in rows.iter().enumerate() {
        for (x, digit) in row.iter().enumerate() {
            (0..4).filter(|bit| digit & (8 >> bit) != 0).for_each(|bit| out.blacken(4 * x + bit, y));
        }
    }
    out
}

#[test]
fn zebra_says_how_it_is() {
    let answer = |first: &str, second: &str| {
        format!("\u{2}{first}\u{3}\r\n\u{2}{second}\u{3}\r\n\u{2}1234,0\u{3}\r\n")
    };
    let well = answer("030,0,0,1245,000,0,0,0,000,0,0,0", "000,0,0,0,0,2,4,0,00000000,1,000");
    assert!(zpl::status_is_whole(well.as_bytes()) && !zpl::status_is_whole(&well.as_bytes()[..40]));
    assert_eq!(zpl::trouble(well.as_bytes()), None);
    for (first, second, expected) in [
        ("030,1,0,1245,000,0,0,0,000,0,0,0", "000,0,0,0,0,2,4,0,00000000,1,000", Trouble::PaperOut),
        ("030,0,1,1245,000,0,0,0,000,0,0,0", "000,0,0,0,0,2,4,0,00000000,1,000", Trouble::Paused),
        ("030,0,1,1245,000,0,0,0,000,0,0,0", "000,0,1,0,0,2,4,0,00000000,1,000", Trouble::Open),
        ("030,0,0,1245,000,0,0,0,000,0,0,0", "000,0,0,1,0,2,4,0,00000000,1,000", Trouble::PaperOut),
        ("030,0,0,1245,000,0,0,0,000,0,0,1", "000,0,0,0,0,2,4,0,00000000,1,000", Trouble::Fault),
    ] {
        assert_eq!(zpl::trouble(answer(first, second).as_bytes()), Some(expected), "{first}");
    }
    assert_eq!(zpl::trouble(b"\xff\x02 nonsense"), None);
}

// ------------------------------------------------------------------ Brother QL

const ROLL_62: Media = Media { width_mm: 62, length_mm: 0 };
const LABEL_62_29: Media = Media { width_mm: 62, length_mm: 29 };

#[test]
fn brother_lines_run_from_the_right() {
    let made = brother::labels(&[picture(&["#.", ".#"])], ROLL_62, 1).unwrap();
    assert!(made[..400].iter().all(|byte| *byte == 0));
    let head: &[u8] = b"\x1b@\x1bia\x01\x1biz\x8e\x0a\x3e\x00\x02\x00\x00\x00\x00\x00\x1biM\x40\x1biA\x01\x1biK\x08\x1bid\x23\x00M\x00";
    assert_eq!(&made[400..400 + head.len()], head);
    let lines = &made[400 + head.len()..];
    assert_eq!(lines.len(), 2 * 93 + 1);
    assert_eq!((&lines[..3], &lines[93..96], lines[186]), (&b"g\x00\x5a"[..], &b"g\x00\x5a"[..], 0x1a));
    // 12 pins to the right of the paper, then 696 dots: the leftmost dot of the page is pin 707.
    let pin = |line: &[u8], pin: usize| line[3 + pin / 8] & (0x80 >> (pin % 8)) != 0;
    assert!(pin(&lines[..93], 707) && !pin(&lines[..93], 706));
    assert!(pin(&lines[93..], 706) && !pin(&lines[93..], 707));
}

#[test]
fn brother_refuses_what_does_not_fit() {
    let labels = |page: Bitmap, media| brother::labels(&[page], media, 1).map(|_| ());
    assert_eq!(labels(Bitmap::white(697, 1), ROLL_62), Err(DeviceError::TooWide { dots: 697, most: 696 }));
    assert_eq!(
        labels(Bitmap::white(9, 272), LABEL_62_29),
        Err(DeviceError::TooLong { dots: 272, most: 271 })
    );
    assert_eq!(labels(Bitmap::white(9, 9), Media { width_mm: 61, length_mm: 0 }), Err(DeviceError::Media));
    assert_eq!(brother::labels(&[], ROLL_62, 1), Err(DeviceError::Empty));
    assert_eq!(brother::dots(LABEL_62_29), Ok((696, 271)));
}

/// Reads the labels of a job.
fn from_brother(bytes: &[u8], across: usize, right: usize) -> Vec<Bitmap> {
    let mut rest = &bytes[402..];
    let (mut labels, mut rows): (Vec<Bitmap>, Vec<&[u8]>) = (Vec::new(), Vec::new());
    let mut expected = 0;
    while let Some(&command) = rest.first() {
        let skip = match command {
            0x1b => match rest[2] {
                b'z' => {
                    expected = u32::from_le_bytes(rest[7..11].try_into().unwrap());
                    13
                }
                b'd' => 5,
                _ => 4,
            },
            b'M' => 2,
            b'g' => {
                let length = usize::from(rest[2]);
                rows.push(&rest[3..3 + length]);
                3 + length
            }
            0x0c | 0x1a => {
                let mut page = Bitmap::white(u32::try_from(across).unwrap(), expected);
                for (y, row) in rows.drain(..).enumerate() {
                    for pin in (0..8 * row.len()).filter(|pin| row[pin / 8] & (0x80 >> (pin % 8)) != 0) {
                        page.blacken(right + across - 1 - pin, y);
                    }
                }
                labels.push(page);
                1
            }
            other => panic!("no command {other:02x}"),
        };
        rest = &rest[skip..];
    }
    labels
}

#[test]
fn brother_says_how_it_is() {
    let answer = |first: u8, second: u8, width: u8| {
        let mut bytes = [0; brother::STATUS_BYTES];
        bytes[..4].copy_from_slice(&[0x80, 0x20, 0x42, 0x34]);
        (bytes[8], bytes[9], bytes[10], bytes[11], bytes[17]) = (first, second, width, 0x0b, 29);
        brother::trouble(&bytes, LABEL_62_29)
    };
    assert_eq!(answer(0, 0, 62), None);
    assert_eq!(answer(1, 0, 0), Some(Trouble::PaperOut));
    assert_eq!(answer(0, 0x10, 62), Some(Trouble::Open));
    assert_eq!(answer(0, 0, 29), Some(Trouble::WrongMedia));
    assert_eq!(answer(4, 0, 62), Some(Trouble::Fault));
    assert_eq!(brother::trouble(b"HTTP/1.1 400", LABEL_62_29), None);
}

// ------------------------------------------------------------------ ESC/POS

#[test]
fn receipts_are_bands_and_a_cut() {
    let made = escpos::receipts(&[picture(&["#.........", ".........#"])], 1).unwrap();
    assert_eq!(made, b"\x1b@\x1dv0\x00\x02\x00\x02\x00\x80\x00\x00\x40\x1dVB\x00");
    assert_eq!(escpos::receipts(&[], 1), Err(DeviceError::Empty));
    assert_eq!(escpos::trouble(&[0x12, 0x12]), None);
    assert_eq!(escpos::trouble(&[0x12, 0x72]), Some(Trouble::PaperOut));
    assert_eq!(escpos::trouble(&[0x16, 0x12]), Some(Trouble::Open));
    assert_eq!(escpos::trouble(&[0x52, 0x12]), Some(Trouble::Fault));
    assert_eq!(escpos::trouble(b"OK"), None);
}

fn from_escpos(bytes: &[u8], width: u32) -> Vec<Bitmap> {
    let (mut out, mut rows): (Vec<Bitmap>, Vec<Vec<u8>>) = (Vec::new(), Vec::new());
    let mut rest = &bytes[2..];
    while !rest.is_empty() {
        if rest.starts_with(b"\x1dv0\x00") {
            let two = |at: usize| usize::from(u16::from_le_bytes([rest[at], rest[at + 1]]));
            let (across, lines) = (two(4), two(6));
            assert!(lines <= 128);
            rows.extend(rest[8..8 + across * lines].chunks_exact(across).map(<[u8]>::to_vec));
            rest = &rest[8 + across * lines..];
        } else {
            assert!(rest.starts_with(b"\x1dVB\x00"));
            let mut page = Bitmap::white(width, u32::try_from(rows.len()).unwrap());
            for (y, row) in rows.drain(..).enumerate() {
                (0..8 * row.len())
                    .filter(|x| row[x / 8] & (0x80 >> (x % 8)) != 0)
                    .for_each(|x| page.blacken(x, y));
            }
            out.push(page);
            rest = &rest[4..];
        }
    }
    out
}

// ------------------------------------------------------------------ PWG raster, IPP

#[test]
fn pwg_raster_is_as_its_table_says() {
    let page = Raster { width: 4, height: 3, dots: vec![7, 7, 7, 7, 7, 7, 7, 7, 1, 2, 3, 3] };
    let made = pwg::document(std::slice::from_ref(&page), 300).unwrap();
    assert_eq!(&made[..4], b"RaS2");
    let header = &made[4..4 + pwg::HEADER];
    let number = |at: usize| u32::from_be_bytes(header[at..at + 4].try_into().unwrap());
    assert_eq!(&header[..10], b"PwgRaster\0");
    let read: Vec<u32> = [276, 280, 372, 376, 384, 388, 392, 396, 400, 420, 452].map(number).to_vec();
    assert_eq!(read, [300, 300, 4, 3, 8, 8, 4, 0, 18, 1, 1]);
    // Two equal lines of one run; then two that differ and a run.
    assert_eq!(&made[4 + pwg::HEADER..], [1, 3, 7, 0, 255, 1, 2, 1, 3]);
    assert_eq!(pwg::document(&[], 300), Err(DeviceError::Empty));
    assert_eq!(pwg::document(&[Raster { dots: vec![], ..page }], 300), Err(DeviceError::Empty));
}

fn from_pwg(bytes: &[u8]) -> Vec<Raster> {
    let mut rest = bytes.strip_prefix(b"RaS2").unwrap();
    let mut pages = Vec::new();
    while !rest.is_empty() {
        let number = |at: usize| u32::from_be_bytes(rest[at..at + 4].try_into().unwrap());
        let (width, height) = (number(372), number(376));
        let mut dots = Vec::new();
        let mut data = &rest[pwg::HEADER..];
        while dots.len() < bitmap::size(width * height) {
            let again = usize::from(data[0]) + 1;
            data = &data[1..];
            let mut line = Vec::new();
            while line.len() < bitmap::size(width) {
                let code = usize::from(data[0]);
                if code < 128 {
                    line.extend(std::iter::repeat_n(data[1], code + 1));
                    data = &data[2..];
                } else {
                    line.extend(&data[1..1 + 257 - code]);
                    data = &data[1 + 257 - code..];
                }
            }
            (0..again).for_each(|_| dots.extend(&line));
        }
        pages.push(Raster { width, height, dots });
        rest = data;
    }
    pages
}

#[test]
fn a_request_to_print_is_as_rfc_8010_writes_it() {
    let made = ipp::print_job(7, "ipp://10.0.0.9/ipp/print", "Thẻ", "image/pwg-raster", 2);
    let mut expected = b"\x01\x01\x00\x02\x00\x00\x00\x07\x01\
        \x47\x00\x12attributes-charset\x00\x05utf-8\
        \x48\x00\x1battributes-natural-language\x00\x02vi\
        \x45\x00\x0bprinter-uri\x00\x18ipp://10.0.0.9/ipp/print\
        \x42\x00\x14requesting-user-name\x00\x08dienhong\
        \x42\x00\x08job-name\x00\x05"
        .to_vec();
    expected.extend("Thẻ".as_bytes());
    expected.extend(
        b"\x49\x00\x0fdocument-format\x00\x10image/pwg-raster\x02\x21\x00\x06copies\x00\x04\x00\x00\x00\x02\x03",
    );
    assert_eq!(made, expected);
    let asked = ipp::get_printer(8, "ipp://10.0.0.9/ipp/print");
    assert_eq!(&asked[..4], b"\x01\x01\x00\x0b");
    assert!(asked.ends_with(b"\x44\x00\x00\x00\x19document-format-supported\x03"));
}

#[test]
fn what_an_office_printer_answers_is_read() {
    let with = |status: u16, reasons: &[&str]| {
        let mut out = vec![1, 1];
        out.extend(status.to_be_bytes());
        out.extend([0, 0, 0, 7, 4]);
        for (at, reason) in reasons.iter().enumerate() {
            let name = if at == 0 { "printer-state-reasons" } else { "" };
            out.push(0x44);
            for text in [name, reason] {
                out.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
                out.extend(text.as_bytes());
            }
        }
        out.push(3);
        out
    };
    let read = |status, reasons: &[&str]| ipp::answer(&with(status, reasons)).unwrap();
    assert!(read(0, &["none"]).is_done() && !read(0x0400, &[]).is_done());
    assert_eq!(read(0, &["none"]).trouble(), None);
    assert_eq!(read(0, &["toner-low-warning", "media-empty-error"]).trouble(), Some(Trouble::PaperOut));
    assert_eq!(read(0, &["media-empty-report"]).trouble(), None);
    assert_eq!(read(0, &["door-open"]).trouble(), Some(Trouble::Open));
    assert_eq!(read(0, &["media-jam-error"]).trouble(), Some(Trouble::Fault));
    assert_eq!(read(0, &["paused"]).trouble(), Some(Trouble::Paused));
    // Cut off anywhere there is no answer.
    let whole = with(0, &["media-empty-error"]);
    assert!((0..whole.len()).all(|length| ipp::answer(&whole[..length]).is_none()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn every_language_gives_the_picture_back(
        width in 1_u32..700, height in 1_u32..300, seed in any::<u64>(), copies in 1_u16..3,
    ) {
        let page = any_picture(width, height, seed);
        prop_assert_eq!(&from_zpl(&zpl::labels(std::slice::from_ref(&page), copies).unwrap()), std::slice::from_ref(&page));
        let twice = [page.clone(), Bitmap::white(width, 3)];
        prop_assert_eq!(&from_zpl(&zpl::labels(&twice, 1).unwrap()), &twice);
        let receipts = escpos::receipts(std::slice::from_ref(&page), copies).unwrap();
        prop_assert_eq!(from_escpos(&receipts, width), vec![page.clone(); usize::from(copies)]);
        if width <= 696 {
            let read = from_brother(&brother::labels(std::slice::from_ref(&page), ROLL_62, copies).unwrap(), 696, 12);
            prop_assert_eq!(read.len(), usize::from(copies));
            for label in &read {
                prop_assert_eq!(label.height(), height);
                for y in 0..bitmap::size(height) {
                    for x in 0..696 {
                        prop_assert_eq!(label.is_black(x, y), page.is_black(x, y));
                    }
                }
            }
        }
        let dots = (0..bitmap::size(width * height)).map(|at| {
            let (x, y) = (at % bitmap::size(width), at / bitmap::size(width));
            if page.is_black(x, y) { u8::try_from(seed.wrapping_mul(31).wrapping_add(at as u64 / 7) % 256).unwrap() } else { 255 }
        });
        let grey = Raster { width, height, dots: dots.collect() };
        prop_assert_eq!(&from_pwg(&pwg::document(std::slice::from_ref(&grey), 203).unwrap()), std::slice::from_ref(&grey));
    }

    #[test]
    fn any_answer_of_a_printer_is_borne(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = (zpl::trouble(&bytes), escpos::trouble(&bytes), brother::trouble(&bytes, ROLL_62));
        let ipp = [&[1, 1, 0, 0, 0, 0, 0, 1][..], &bytes].concat();
        if let Some(answer) = ipp::answer(&ipp) {
            let _ = answer.trouble();
        }
    }
}
