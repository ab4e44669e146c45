//! Badges for tests: made-up people, real passes.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests")]

use pass::{Congress, Day, Grant, Key, KeyList, Signer};
use print::{Badge, BadgeSheets, BadgeSize, Band, Imposition, ZoneMark};

pub const CONGRESS: Congress = Congress([0x12, 0x34]);

pub fn signer() -> Signer {
    Signer::new(3, &[2; 32])
}

pub fn day(day: u8) -> Day {
    Day::new(2025, 10, day).unwrap()
}

/// The list that a gate has.
pub fn keys() -> KeyList {
    let key = Key { id: 3, public: signer().public(), from: day(1), to: day(31) };
    KeyList { congress: CONGRESS, sequence: 1, keys: vec![key] }
}

pub fn grant(at: usize) -> Grant {
    let number = u32::try_from(at).unwrap().to_be_bytes();
    let id = [0xA5, 0x5A, number[0], number[1], number[2], number[3]];
    Grant { id, category: 1, zones: 0b11, first: day(13), last: day(15), name: None }
}

/// A portrait that is nobody: a gradient.
pub fn portrait(at: usize) -> Vec<u8> {
    let shade = u8::try_from(at % 200).unwrap();
    let picture = image::RgbImage::from_fn(240, 320, |x, y| {
        let dx = f64::from(x) - 120.0;
        let head = dx.powi(2) / 3000.0 + (f64::from(y) - 130.0).powi(2) / 5000.0 < 1.0;
        let body = y > 210 && dx.abs() < 40.0 + f64::from(y - 210);
        if head {
            image::Rgb([214, 180, 160])
        } else if body {
            image::Rgb([40, 50, 70 + shade / 4])
        } else {
            image::Rgb([170, 190, 210])
        }
    });
    let mut out = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut out, image::ImageFormat::Jpeg).unwrap();
    out.into_inner()
}

pub fn zones(count: usize) -> Vec<ZoneMark> {
    [
        ("door-enter", "Sảnh, khu đón tiếp"),
        ("users-group", "Hội trường"),
        ("star", "Đoàn Chủ tịch, sân khấu"),
        ("settings", "Kỹ thuật, hậu trường"),
        ("lock", "Phòng tài liệu"),
        ("camera", "Trung tâm báo chí"),
        ("first-aid-kit", "Y tế"),
        ("tools-kitchen-2", "Phòng ăn"),
    ]
    .iter()
    .take(count)
    .map(|(icon, name)| ZoneMark { icon: (*icon).to_owned(), name: (*name).to_owned() })
    .collect()
}

pub fn badge(at: usize, name: &str) -> Badge {
    let presidium = at % 7 == 6;
    Badge {
        band: match at % 7 {
            6 => Band { rgb: [0x9b, 0x1e, 0x22], gold: true },
            2 => Band { rgb: [0x0b, 0x56, 0x8a], gold: false },
            3 => Band { rgb: [0x2c, 0x6b, 0x32], gold: false },
            _ => Band { rgb: [0x9b, 0x1e, 0x22], gold: false },
        },
        title: match at % 7 {
            6 => "ĐOÀN CHỦ TỊCH",
            2 => "KHÁCH MỜI",
            3 => "BÁO CHÍ",
            _ => "ĐẠI BIỂU",
        }
        .to_owned(),
        name: name.to_owned(),
        under: "Đảng bộ Ủy ban nhân dân Thành phố".to_owned(),
        group: format!("Tổ {}", at % 12 + 1),
        number: format!("{}", at + 1),
        photo: (at % 5 != 4).then(|| portrait(at)),
        zones: zones(if presidium { 8 } else { 2 + at % 3 }),
        code: signer().issue(CONGRESS, &grant(at)).unwrap(),
        days: "Có giá trị từ 13/10/2025 đến 15/10/2025".to_owned(),
        serial: format!("DB-{:04} · bản 1", at + 1),
    }
}

pub const NAMES: [&str; 9] = [
    "Nguyễn Văn An",
    "Trần Thị Minh Khai",
    "Công Tằng Tôn Nữ Hoàng Thị Phương Thảo",
    "Hà",
    "Lê Hoàng Long",
    "Krajan Plin Wolfeschlegelsteinhausenbergerdorff",
    "Đặng Thị Ngọc Thịnh",
    "Thích Nữ Huệ Nghiêm",
    "Phạm Ủy",
];

pub fn sheets(size: BadgeSize, imposition: Imposition, count: usize) -> BadgeSheets {
    BadgeSheets {
        title: "Thẻ đại biểu".to_owned(),
        size,
        imposition,
        backs: true,
        congress: "Đại hội đại biểu Đảng bộ Thành phố Hồ Chí Minh lần thứ I".to_owned(),
        term: "Nhiệm kỳ 2025 – 2030".to_owned(),
        number_label: "Số đại biểu".to_owned(),
        lost: vec!["Mất thẻ, xin báo ngay để khóa thẻ.".to_owned(), "Ai nhặt được, xin gọi:".to_owned()],
        hotline: "028 3829 0000".to_owned(),
        code_label: "Mã để gõ khi không quét được".to_owned(),
        badges: (0..count).map(|at| badge(at, NAMES[at % NAMES.len()])).collect(),
    }
}
