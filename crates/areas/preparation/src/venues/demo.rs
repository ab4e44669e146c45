//! The three fictional venues of preparation reference C.2, surveyed and rated: measures and ratings are
//! assumptions. A fourth is being surveyed, so that the forms can be tried.

use platform::{
    db::{Done, WriteTx},
    identity::{
        OfficeId,
        store::{self as identity, NewUnit},
    },
};
use rules::{
    ahp::Answer,
    egress::{FireGrade, Use},
    scoring::Gate,
    text::fold,
    venue::VenueMove,
};

use super::{
    error::VenueError,
    model::*,
    store::{self, Who},
};
use crate::demo::DemoError;

/// A criterion that is rated: code, name, group, weight in percent, what 10, 5 and 0 mean, what is shown.
type Scored = (&'static str, &'static str, &'static str, u32, [&'static str; 4]);

const SCORED: &[Scored] = &[
    (
        "T1",
        "Sức chứa, bố trí ghế, tầm nhìn",
        "Công năng",
        15,
        [
            "Đủ chỗ và dự phòng; mọi ghế thấy rõ sân khấu, không quá 24 m",
            "Đủ chỗ; dưới 10% ghế bị khuất hoặc quá xa",
            "Thiếu chỗ, hoặc nhiều ghế không thấy sân khấu",
            "Sơ đồ ghế, ảnh từ hàng cuối và hai bên",
        ],
    ),
    (
        "T2",
        "Thoát nạn, PCCC",
        "An toàn",
        15,
        [
            "Mọi lối thông, đèn và bảng chỉ dẫn đủ, diễn tập trong 12 tháng",
            "Lối thông, còn thiếu sót nhỏ khắc phục được trong 7 ngày",
            "Có lối bị khóa, bị chắn hoặc thiếu thiết bị chữa cháy",
            "Biên bản kiểm tra PCCC, ảnh từng lối",
        ],
    ),
    (
        "T3",
        "An ninh khu vực, vành đai",
        "An ninh",
        12,
        [
            "Một vành đai khép kín, có sẵn điểm kiểm soát người và xe",
            "Khép kín được bằng rào tạm và tăng chốt",
            "Không khép kín được, nhiều nhà cao nhìn vào",
            "Sơ đồ vành đai, ý kiến cơ quan an ninh",
        ],
    ),
    (
        "T4",
        "Giao thông, tiếp cận, bãi đỗ",
        "Hậu cần – tiếp cận",
        10,
        [
            "Đủ chỗ đỗ cho mọi đoàn xe, hai đường vào độc lập",
            "Phải đỗ thêm ở nơi khác dưới 500 m",
            "Thiếu chỗ đỗ, đường vào thường ùn tắc",
            "Sơ đồ bãi đỗ, ảnh cổng giờ cao điểm",
        ],
    ),
    (
        "T5",
        "Phòng họp tổ (cần 12)",
        "Công năng",
        12,
        [
            "Đủ 12 phòng trong cùng khuôn viên",
            "Có 6 phòng, số còn lại cách dưới 10 phút đi xe",
            "Không có phòng họp tổ",
            "Danh mục phòng kèm số ghế",
        ],
    ),
    (
        "T6",
        "Âm thanh, ánh sáng, màn hình",
        "Công năng",
        8,
        [
            "Đủ, mới, có thiết bị dự phòng và người vận hành",
            "Đủ dùng, phải mượn hoặc thuê thêm màn hình",
            "Phải lắp mới gần như toàn bộ",
            "Danh mục thiết bị, ảnh bàn điều khiển",
        ],
    ),
    (
        "T7",
        "Hạ tầng số, điện dự phòng",
        "Công năng",
        10,
        [
            "Hai đường truyền độc lập, wifi cho toàn bộ chỗ ngồi, máy phát thử có tải",
            "Một đường truyền, kéo thêm được trước Đại hội",
            "Không có đường truyền riêng, không có máy phát",
            "Kết quả đo đường truyền, biên bản chạy thử máy phát",
        ],
    ),
    (
        "T8",
        "Y tế, ăn, nghỉ gần",
        "Hậu cần – tiếp cận",
        6,
        [
            "Có phòng y tế, nhà ăn tại chỗ, lưu trú dưới 10 phút",
            "Ăn, nghỉ cách dưới 30 phút",
            "Không có nơi ăn, nghỉ phù hợp trong 30 phút",
            "Ảnh phòng y tế, bếp; danh mục cơ sở lưu trú",
        ],
    ),
    (
        "T9",
        "Trung tâm báo chí",
        "Công năng",
        5,
        [
            "Phòng riêng từ 60 chỗ, có đường truyền và điểm tác nghiệp",
            "Phòng dùng chung, phải kéo thêm đường truyền",
            "Không có phòng cho báo chí",
            "Ảnh phòng, sơ đồ vị trí máy quay",
        ],
    ),
    (
        "T10",
        "Chi phí, tận dụng sẵn có (không lãng phí)",
        "Chi phí",
        5,
        [
            "Không thuê, dùng lại thiết bị và phòng sẵn có",
            "Thuê một phần, trong dự toán",
            "Thuê trọn gói, vượt dự toán",
            "Bảng dự kiến chi",
        ],
    ),
    (
        "T11",
        "Tiếp cận cho người khuyết tật, tiện nghi",
        "Hậu cần – tiếp cận",
        2,
        [
            "Xe lăn vào được mọi nơi, có chỗ ngồi và phòng vệ sinh riêng",
            "Vào được hội trường, phải có người giúp",
            "Xe lăn không vào được",
            "Ảnh đường dốc, thang máy, phòng vệ sinh",
        ],
    ),
];

/// A gate: code, name, what is shown.
const GATES: &[(&str, &str, &str)] = &[
    ("K1", "Sức chứa an toàn đủ số cần, kể cả dự phòng", "Số đo hội trường và từng lối ra"),
    ("K2", "Biên bản kiểm tra PCCC còn hiệu lực", "Biên bản kiểm tra trong 12 tháng"),
    ("K3", "Hai nguồn điện độc lập", "Sơ đồ cấp điện, biên bản chạy thử máy phát"),
    ("K4", "Cơ quan an ninh đồng ý", "Văn bản của cơ quan an ninh"),
];

const GROUPS: [&str; 5] = ["An toàn", "An ninh", "Công năng", "Hậu cần – tiếp cận", "Chi phí"];

/// The sample matrix [1 2 2 4 5; ½ 1 1 3 4; ½ 1 1 2 3; ¼ ⅓ ½ 1 2; ⅕ ¼ ⅓ ½ 1] in the order of the wizard.
const COMPARED: [i8; 10] = [2, 1, 2, 2, 2, 3, 3, 4, 4, 5];

/// What the three assessors gave, criterion by criterion; the means are the ratings of C.2.
const RATED: [[[u8; 3]; 11]; 3] = [
    [
        [9, 9, 9],
        [8, 8, 8],
        [10, 9, 8],
        [7, 7, 7],
        [10, 10, 10],
        [6, 7, 8],
        [8, 8, 8],
        [8, 8, 8],
        [8, 9, 7],
        [9, 9, 9],
        [7, 7, 7],
    ],
    [
        [8, 8, 8],
        [8, 7, 9],
        // The widest gap: talked about and written down.
        [4, 6, 8],
        [7, 7, 7],
        [6, 6, 6],
        [9, 9, 9],
        [9, 9, 9],
        [8, 8, 8],
        [9, 10, 8],
        [5, 4, 3],
        [9, 9, 9],
    ],
    [
        [5, 5, 5],
        [4, 3, 5],
        [8, 8, 8],
        [8, 8, 8],
        [4, 4, 4],
        [8, 8, 8],
        [7, 7, 7],
        [9, 9, 9],
        [6, 6, 6],
        [7, 7, 7],
        [6, 5, 7],
    ],
];

/// Remarks: venue, criterion, assessor, words.
const REMARKS: &[(usize, &str, usize, &str)] = &[
    (0, "T5", 1, "12 phòng ở dãy B, mỗi phòng 50 chỗ, cùng khuôn viên."),
    (0, "T6", 0, "Thiếu hai màn hình bên; mượn hoặc thuê được."),
    (0, "T9", 2, "Hành lang phòng báo chí hẹp khi đông."),
    (1, "T3", 0, "Hai mặt giáp khu thương mại, khó khép vành đai."),
    (1, "T3", 2, "Có thể rào tạm và tăng chốt phía đông."),
    (1, "T10", 2, "Phải thuê trọn gói ba ngày."),
    (2, "T2", 1, "Hai lối phụ đang để đạo cụ."),
];

struct Site {
    fields: [&'static str; 6],
    hall: (&'static str, u32, u32, &'static [u32]),
    diagonal_mm: u32,
    apart_mm: u32,
    travel_mm: u32,
    rooms: &'static [(&'static str, Use, u32, u32)],
    gates: &'static [(&'static str, Gate, &'static str, &'static str)],
}

const SITES: &[Site] = &[
    Site {
        fields: [
            "A",
            "Hội trường học viện",
            "Khu học viện, phường Một",
            "Hội trường sẵn có",
            "Học viện Cán bộ Thành phố",
            "Phương án tận dụng",
        ],
        hall: ("Hội trường lớn", 900, 6_300, &[1_800, 1_800, 1_800, 1_800, 1_800, 1_800]),
        diagonal_mm: 41_000,
        apart_mm: 28_000,
        travel_mm: 18_500,
        rooms: &[
            ("Phòng họp tổ (12 phòng)", Use::Meeting, 9_000, 50),
            ("Trung tâm báo chí", Use::Exhibition, 18_000, 80),
            ("Sảnh chính", Use::Lobby, 60_000, 0),
        ],
        gates: &[
            ("K2", Gate::Pass, "", "Biên bản kiểm tra tháng 8, không còn tồn tại"),
            ("K3", Gate::Pass, "", "Lưới hai lộ; máy phát 400 kVA thử tải ngày 20/8"),
            ("K4", Gate::Pass, "", "Công an Thành phố đồng ý bằng văn bản"),
        ],
    },
    Site {
        fields: [
            "B",
            "Trung tâm hội nghị thuê ngoài",
            "Đại lộ Trung tâm, phường Hai",
            "Trung tâm hội nghị",
            "Doanh nghiệp",
            "Phương án thuê",
        ],
        hall: ("Phòng đại hội", 1_200, 12_000, &[2_000, 2_000, 2_000, 2_000, 1_600, 1_600]),
        diagonal_mm: 52_000,
        apart_mm: 34_000,
        travel_mm: 19_800,
        rooms: &[
            ("Phòng họp nhóm (6 phòng)", Use::Meeting, 8_000, 40),
            ("Phòng báo chí", Use::Exhibition, 24_000, 120),
        ],
        gates: &[
            ("K2", Gate::Pass, "", "Biên bản kiểm tra tháng 7, không còn tồn tại"),
            ("K3", Gate::Pass, "", "Lưới hai lộ; hai máy phát dự phòng"),
            (
                "K4",
                Gate::Conditional,
                "Rào tạm phía đông và thêm 6 chốt trước ngày 10/10",
                "Công an Thành phố đồng ý có điều kiện",
            ),
        ],
    },
    Site {
        fields: ["C", "Nhà hát", "Quảng trường, phường Ba", "Nhà hát", "Sở Văn hóa và Thể thao", ""],
        hall: ("Khán phòng", 650, 4_500, &[1_600, 1_600, 1_600, 1_600]),
        diagonal_mm: 36_000,
        apart_mm: 24_000,
        travel_mm: 17_000,
        rooms: &[("Phòng khánh tiết", Use::Meeting, 12_000, 60)],
        gates: &[
            ("K2", Gate::Fail, "", "Biên bản tháng 6 còn 2 tồn tại chưa khắc phục"),
            ("K3", Gate::Pass, "", "Lưới hai lộ; máy phát 250 kVA"),
        ],
    },
    Site {
        fields: [
            "D",
            "Nhà văn hóa Trung tâm",
            "Đường Ven sông, phường Bốn",
            "Nhà văn hóa",
            "Sở Văn hóa và Thể thao",
            "Khảo sát bổ sung",
        ],
        hall: ("Hội trường", 800, 5_600, &[]),
        diagonal_mm: 38_000,
        apart_mm: 0,
        travel_mm: 0,
        rooms: &[],
        gates: &[],
    },
];

/// The office that keeps the venues, and the three that survey.
#[derive(Debug, Clone)]
pub struct Surveyors {
    /// Công an Thành phố, Sở Xây dựng, Sở Y tế: a member of the survey team each.
    pub offices: Vec<OfficeId>,
}

fn criteria(weights: bool) -> Vec<Criterion> {
    let scored = SCORED.iter().map(|(code, name, group, percent, [high, middle, low, evidence])| Criterion {
        code: (*code).to_owned(),
        kind: CriterionKind::Score,
        name: (*name).to_owned(),
        cluster: (*group).to_owned(),
        weight: if weights { percent * 100 } else { *percent },
        high: (*high).to_owned(),
        middle: (*middle).to_owned(),
        low: (*low).to_owned(),
        evidence: (*evidence).to_owned(),
    });
    let gates = GATES.iter().map(|(code, name, evidence)| Criterion {
        code: (*code).to_owned(),
        kind: if *code == "K1" { CriterionKind::Egress } else { CriterionKind::Gate },
        name: (*name).to_owned(),
        cluster: String::new(),
        weight: 0,
        high: String::new(),
        middle: String::new(),
        low: String::new(),
        evidence: (*evidence).to_owned(),
    });
    gates.chain(scored).collect()
}

fn hall(site: &Site) -> SpaceFields {
    let (name, seats, volume_m3, widths) = site.hall;
    let sides = ["sảnh chính", "sân phía đông", "sân phía tây"];
    SpaceFields {
        name: name.to_owned(),
        used_as: Use::Hall,
        main: true,
        area: None,
        seats: Some(seats),
        volume_m3: Some(volume_m3),
        grade: Some(FireGrade::II),
        sprinkler: true,
        diagonal_mm: Some(site.diagonal_mm),
        apart_mm: Some(site.apart_mm).filter(|apart| *apart > 0),
        travel_mm: Some(site.travel_mm).filter(|travel| *travel > 0),
        dead_end_mm: None,
        density_tenths: None,
        note: String::new(),
        exits: (1..)
            .zip(widths)
            .zip(sides.iter().cycle())
            .map(|((no, width), side)| Exit {
                name: format!("Cửa {no}"),
                clear_width_mm: *width,
                clear_height_mm: Some(2_200),
                leads_to: (*side).to_owned(),
            })
            .collect(),
    }
}

fn room(name: &str, used_as: Use, area: u32, seats: u32) -> SpaceFields {
    SpaceFields {
        name: name.to_owned(),
        used_as,
        main: false,
        area: Some(area),
        seats: Some(seats).filter(|seats| *seats > 0),
        volume_m3: None,
        grade: Some(FireGrade::II),
        sprinkler: true,
        diagonal_mm: None,
        apart_mm: None,
        travel_mm: None,
        dead_end_mm: None,
        density_tenths: None,
        note: String::new(),
        exits: Vec::new(),
    }
}

fn offices(tx: &mut WriteTx<'_>) -> Result<Vec<OfficeId>, DemoError> {
    let mut offices = Vec::new();
    for name in ["Công an Thành phố", "Sở Xây dựng", "Sở Y tế"] {
        let known = identity::units(tx)?.into_iter().find(|unit| fold(&unit.name) == fold(name));
        let unit = match known {
            Some(unit) => unit.id,
            None => {
                let new = NewUnit { name: name.to_owned(), short: name.to_owned(), ..NewUnit::default() };
                *identity::create_unit(tx, &new)?.value()
            }
        };
        let title = format!("Thành viên Tổ khảo sát, {name}");
        offices.push(*identity::create_office(tx, unit, &title, 900)?.value());
    }
    Ok(offices)
}

/// Fills in criteria, the round, the venues with their spaces and gates, the forms of three assessors, and opens
/// rating. The units of the sample plan are used where they exist.
///
/// # Errors
/// [`DemoError`].
pub fn seed(tx: &mut WriteTx<'_>) -> Result<Done<Surveyors>, DemoError> {
    let offices = offices(tx)?;
    let desk = Who::PROGRAM;
    let by_groups = NewCriteria {
        after: 0,
        reason: "So sánh năm nhóm theo từng cặp".to_owned(),
        criteria: criteria(false),
        comparison: Some(Comparison {
            groups: GROUPS.map(str::to_owned).to_vec(),
            answers: COMPARED.into_iter().filter_map(Answer::new).collect(),
        }),
    };
    let _ = store::set_criteria(tx, &desk, &by_groups)?;
    let by_points = NewCriteria {
        after: 1,
        reason: "Tiểu ban thống nhất cho điểm trực tiếp; kết quả so sánh cặp dùng để đối chiếu".to_owned(),
        criteria: criteria(true),
        comparison: None,
    };
    let _ = store::set_criteria(tx, &desk, &by_points)?;
    let round = *store::open_round(tx, &desk, "Đợt 1", 700, 5)?.value();
    let mut done = None;
    for (at, site) in SITES.iter().enumerate() {
        let [code, name, address, kind, owner, note] = site.fields.map(str::to_owned);
        let fields = VenueFields { code, name, address, kind, owner, geo: String::new(), note };
        let venue = *store::nominate(tx, &desk, &fields)?.value();
        let _ = store::add_space(tx, &desk, venue, &hall(site))?;
        for (name, used_as, area, seats) in site.rooms {
            let _ = store::add_space(tx, &desk, venue, &room(name, *used_as, *area, *seats))?;
        }
        step(tx, venue, VenueMove::Survey)?;
        for (place, office) in offices.iter().enumerate() {
            let survey = store::assign(tx, &desk, round, venue, *office)?;
            let id = *survey.value();
            done = Some(survey.map(|_| ()));
            if let Some(rated) = RATED.get(at) {
                form(tx, id, *office, at, place, rated, site)?;
            }
        }
        for (code, result, condition, evidence) in site.gates {
            let _ = store::judge(tx, &desk, venue, code, *result, condition, evidence)?;
        }
        if !site.gates.is_empty() {
            step(tx, venue, VenueMove::Conclude)?;
            if store::venue(tx, venue)?.state == rules::venue::VenueState::Qualified {
                step(tx, venue, VenueMove::Score)?;
            }
        }
        if at == 1 {
            let note = "Ba thành viên cùng xem lại vành đai ngày 14/8. Điểm thấp tính theo hiện trạng, điểm cao tính \
                        theo phương án rào tạm; giữ nguyên điểm của từng người, ghi thành điều kiện an ninh.";
            let _ = store::discuss(tx, &desk, venue, "T3", note)?;
        }
    }
    let done = done.ok_or(VenueError::NotFound)?;
    Ok(done.map(|()| Surveyors { offices }))
}

fn step(tx: &mut WriteTx<'_>, id: VenueId, step: VenueMove) -> Result<(), VenueError> {
    let version = store::venue(tx, id)?.version;
    store::step(tx, &Who::PROGRAM, id, version, step, "").map(drop)
}

fn form(
    tx: &mut WriteTx<'_>,
    survey: SurveyId,
    office: OfficeId,
    at: usize,
    place: usize,
    rated: &[[u8; 3]; 11],
    site: &Site,
) -> Result<(), VenueError> {
    let who = Who { office: Some(office), person: None, surveys: true, manages: false, decides: false };
    let now = tx.now();
    let mut contents = Vec::new();
    for ((code, ..), given) in SCORED.iter().zip(rated) {
        let remark = REMARKS
            .iter()
            .find(|(venue, of, by, _)| *venue == at && of == code && *by == place)
            .map_or("", |(.., words)| words);
        let value = given.get(place).copied().unwrap_or_default();
        contents.push(Content::Rating { code: (*code).to_owned(), value, note: remark.to_owned() });
    }
    for (code, result, condition, evidence) in site.gates {
        contents.push(Content::Gate {
            code: (*code).to_owned(),
            result: *result,
            condition: (*condition).to_owned(),
            note: (*evidence).to_owned(),
        });
    }
    if place == 1 {
        for (no, exit) in (1..).zip(&hall(site).exits) {
            contents.push(Content::Exit {
                id: format!("cua-{no}"),
                space: None,
                exit: exit.clone(),
                removed: false,
            });
        }
    }
    let records: Vec<NewRecord> = (1..)
        .zip(contents)
        .map(|(sequence, content)| NewRecord { sequence, seen: 0, written_at: now, content })
        .collect();
    let _ = store::take_in(tx, &who, survey, &format!("may-{}", place + 1), &records)?;
    store::hand_in(tx, &who, survey).map(drop)
}
