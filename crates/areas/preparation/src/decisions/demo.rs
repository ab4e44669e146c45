//! The papers of the demo: bodies of the fictional city, the numbers given out so far, and the decisions that its
//! forty tasks really name. They are brought in as papers signed before the installation was there.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use platform::{
    db::{Done, WriteTx},
    identity::{Confidentiality, UnitId},
    papers::{BodyId, BodyKind, NewBody, NewNumber, Reference, store as papers},
};
use rules::papers::Change;

use super::{
    DecisionError,
    model::{Changes, DecisionId, DecisionKind, NewDecision, Relation},
    store,
};
use crate::tasks::model::{Basis, TaskId};

/// What the papers of the demo hang on.
#[derive(Debug)]
pub struct Ground<'a> {
    /// The subcommittee that issues notices.
    pub subcommittee: UnitId,
    /// A department of the state.
    pub department: UnitId,
    /// The tasks by code.
    pub tasks: &'a BTreeMap<&'a str, TaskId>,
}

/// A decision of the demo.
struct Past<'a> {
    kind: DecisionKind,
    number: &'a str,
    on: Date,
    body: BodyId,
    authority: &'a str,
    subject: &'a str,
    basis: &'a [(&'a str, Date, &'a str)],
    points: &'a [&'a str],
    /// Point, task, what the decision is to it.
    ties: &'a [(u16, &'a str, Relation)],
    changes: Option<(DecisionId, Change)>,
}

const HEAD: &str = "Trưởng Tiểu ban Tổ chức phục vụ";

/// Fills in bodies, numbers and decisions.
///
/// # Errors
/// [`DecisionError`].
#[allow(clippy::too_many_lines, reason = "the papers of one demo, one after the other")]
pub fn seed(tx: &mut WriteTx<'_>, ground: &Ground<'_>) -> Result<Done<()>, DecisionError> {
    let tbpv = body(
        tx,
        NewBody {
            unit: Some(ground.subcommittee),
            kind: BodyKind::Party,
            name: "Tiểu ban Tổ chức phục vụ Đại hội".to_owned(),
            parent_lines: vec!["THÀNH ỦY".to_owned()],
            name_lines: lines(&["TIỂU BAN TỔ CHỨC", "PHỤC VỤ ĐẠI HỘI"]),
            symbol: "TBPV".to_owned(),
            ..place()
        },
    )?;
    let committee = body(
        tx,
        NewBody {
            kind: BodyKind::Party,
            name: "Thành ủy".to_owned(),
            name_lines: lines(&["THÀNH ỦY"]),
            symbol: "TU".to_owned(),
            ..place()
        },
    )?;
    body(
        tx,
        NewBody {
            kind: BodyKind::Congress,
            name: "Đại hội đại biểu Đảng bộ Thành phố lần thứ I".to_owned(),
            parent_lines: lines(&["ĐẢNG BỘ THÀNH PHỐ"]),
            name_lines: lines(&["ĐẠI HỘI ĐẠI BIỂU", "LẦN THỨ I"]),
            symbol: "ĐH".to_owned(),
            ..place()
        },
    )?;
    let department = body(
        tx,
        NewBody {
            unit: Some(ground.department),
            kind: BodyKind::State,
            name: "Sở Xây dựng".to_owned(),
            parent_lines: lines(&["ỦY BAN NHÂN DÂN", "THÀNH PHỐ"]),
            name_lines: lines(&["SỞ XÂY DỰNG"]),
            symbol: "SXD".to_owned(),
            ..place()
        },
    )?;

    let before = "Các số trước ở sổ giấy, trước ngày dùng hệ thống";
    for (of, abbr, number, on, subject, gap) in [
        (tbpv, "KH", 15, date(2025, 7, 15), "Kế hoạch tổ chức phục vụ Đại hội", before),
        (tbpv, "QĐ", 1, date(2025, 7, 21), "Thành lập các tổ giúp việc Tiểu ban", ""),
        (tbpv, "TB", 1, date(2025, 7, 28), "Phân công nhiệm vụ các tổ giúp việc", ""),
        (tbpv, "TB", 2, date(2025, 8, 18), "Quy tắc không lãng phí trong tổ chức phục vụ Đại hội", ""),
        (tbpv, "TB", 3, date(2025, 8, 29), "Kết luận của Trưởng Tiểu ban tại phiên giao ban tuần 01", ""),
        (
            tbpv,
            "TB",
            4,
            date(2025, 9, 5),
            "Quy tắc không lãng phí trong tổ chức phục vụ Đại hội (thay Thông báo số 02)",
            "",
        ),
        (tbpv, "TB", 5, date(2025, 9, 12), "Kết luận của Trưởng Tiểu ban tại phiên giao ban tuần 03", ""),
        (tbpv, "CV", 1, date(2025, 8, 4), "Đề nghị các đơn vị kê khai thiết bị cho mượn", ""),
        (
            committee,
            "TB",
            112,
            date(2025, 8, 25),
            "Kết luận của Thường trực Thành ủy về địa điểm tổ chức Đại hội",
            before,
        ),
        (department, "TB", 86, date(2025, 8, 12), "Kết quả kiểm tra kết cấu hội trường", before),
    ] {
        number_of(tx, of, abbr, Some(number), on, subject, gap)?;
    }
    let wrong = number_of(tx, tbpv, "QĐ", None, date(2025, 8, 20), "Thành lập tổ khảo sát địa điểm", "")?;
    papers::cancel_number(tx, wrong, "Ban hành bằng thông báo, không phải quyết định")?;

    let plan_on = date(2025, 6, 30);
    enter(
        tx,
        ground,
        &Past {
            kind: DecisionKind::Plan,
            number: "98-KH/TU",
            on: plan_on,
            body: committee,
            authority: "Ban Thường vụ Thành ủy",
            subject: "Kế hoạch tổ chức Đại hội đại biểu Đảng bộ Thành phố lần thứ I",
            basis: &[],
            points: &[],
            ties: &[],
            changes: None,
        },
    )?;
    let plan: &[(&str, Date, &str)] = &[("98-KH/TU", plan_on, "mục III")];
    enter(
        tx,
        ground,
        &Past {
            kind: DecisionKind::Plan,
            number: "15-KH/TBPV",
            on: date(2025, 7, 15),
            body: tbpv,
            authority: HEAD,
            subject: "Kế hoạch tổ chức phục vụ Đại hội",
            basis: plan,
            points: &[],
            ties: &[],
            changes: None,
        },
    )?;
    enter(
        tx,
        ground,
        &Past {
            kind: DecisionKind::Notice,
            number: "86/TB-SXD",
            on: date(2025, 8, 12),
            body: department,
            authority: "Giám đốc Sở Xây dựng",
            subject: "Kết quả kiểm tra kết cấu hội trường",
            basis: &[],
            points: &[
                "Kết cấu hội trường bảo đảm an toàn cho 900 người.",
                "Kiểm tra lại giàn treo khi lắp thêm màn hình.",
            ],
            ties: &[(1, "DD-01", Relation::Basis)],
            changes: None,
        },
    )?;
    let thrift = enter(
        tx,
        ground,
        &Past {
            kind: DecisionKind::Notice,
            number: "02-TB/TBPV",
            on: date(2025, 8, 18),
            body: tbpv,
            authority: HEAD,
            subject: "Quy tắc không lãng phí trong tổ chức phục vụ Đại hội",
            basis: plan,
            points: &[
                "Không nhận hoa, quà.",
                "Dùng lại trước, mượn sau; chỉ thuê, mua khi không còn cách khác.",
            ],
            ties: &[(2, "TC-02", Relation::Creates)],
            changes: None,
        },
    )?;
    enter(
        tx,
        ground,
        &Past {
            kind: DecisionKind::Notice,
            number: "112-TB/TU",
            on: date(2025, 8, 25),
            body: committee,
            authority: "Thường trực Thành ủy",
            subject: "Kết luận về địa điểm tổ chức Đại hội",
            basis: &[("86/TB-SXD", date(2025, 8, 12), "mục 1")],
            points: &[
                "Chọn hội trường Học viện Cán bộ Thành phố trên cơ sở tận dụng cơ sở vật chất hiện có.",
                "Học viện Cán bộ Thành phố bảo trì hội trường, âm thanh, ánh sáng, điều hòa, xong trước 30/9.",
                "Văn phòng Thành ủy bố trí 12 phòng họp tổ và 04 điểm cầu.",
            ],
            ties: &[
                (1, "DD-02", Relation::Basis),
                (2, "DD-03", Relation::Creates),
                (3, "DD-04", Relation::Creates),
            ],
            changes: None,
        },
    )?;
    let tablets = enter(
        tx,
        ground,
        &Past {
            kind: DecisionKind::Notice,
            number: "03-TB/TBPV",
            on: date(2025, 8, 29),
            body: tbpv,
            authority: HEAD,
            subject: "Kết luận của Trưởng Tiểu ban tại phiên giao ban tuần 01",
            basis: plan,
            points: &[
                "Sở Khoa học và Công nghệ kiểm kê, cấu hình máy tính bảng cho đại biểu; không mua mới nếu mượn đủ.",
                "Công an Thành phố chủ trì diễn tập các tình huống trước ngày 09/10.",
            ],
            ties: &[(1, "HC-05", Relation::Creates), (2, "AN-04", Relation::Creates)],
            changes: None,
        },
    )?;
    enter(
        tx,
        ground,
        &Past {
            kind: DecisionKind::Notice,
            number: "04-TB/TBPV",
            on: date(2025, 9, 5),
            body: tbpv,
            authority: HEAD,
            subject: "Quy tắc không lãng phí trong tổ chức phục vụ Đại hội (thay Thông báo số 02)",
            basis: plan,
            points: &[
                "Không nhận hoa, quà; thông báo công khai trước Đại hội.",
                "Thứ tự bắt buộc: dùng lại, mượn, thuê, mua; mua phải nêu nơi nhận sau Đại hội.",
                "Trang trí, cổ động dùng lại khung pa-nô hiện có.",
            ],
            ties: &[(2, "TC-02", Relation::Amends), (3, "TT-02", Relation::Creates)],
            changes: Some((thrift, Change::Supersedes)),
        },
    )?;
    enter(
        tx,
        ground,
        &Past {
            kind: DecisionKind::Notice,
            number: "05-TB/TBPV",
            on: date(2025, 9, 12),
            body: tbpv,
            authority: HEAD,
            subject: "Kết luận của Trưởng Tiểu ban tại phiên giao ban tuần 03",
            basis: plan,
            points: &[
                "Máy tính bảng có 5% dự phòng, lấy từ máy mượn.",
                "Diễn tập đủ 06 tình huống, thêm tình huống thẻ giả.",
            ],
            ties: &[(1, "HC-05", Relation::Amends), (2, "AN-04", Relation::Amends)],
            changes: Some((tablets, Change::Amends)),
        },
    )
    .map(|_| ())?;
    Ok(tx.unchanged(())?)
}

fn lines(all: &[&str]) -> Vec<String> {
    all.iter().map(|line| (*line).to_owned()).collect()
}

fn place() -> NewBody {
    NewBody { place: "Thành phố".to_owned(), ..NewBody::default() }
}

fn body(tx: &mut WriteTx<'_>, new: NewBody) -> Result<BodyId, DecisionError> {
    Ok(*papers::save_body(tx, None, 0, &new)?.value())
}

fn number_of(
    tx: &mut WriteTx<'_>,
    body: BodyId,
    abbr: &str,
    number: Option<u32>,
    on: Date,
    subject: &str,
    gap: &str,
) -> Result<platform::papers::NumberId, DecisionError> {
    let new = NewNumber {
        body,
        abbr: abbr.to_owned(),
        number,
        on,
        subject: subject.to_owned(),
        class: Confidentiality::Normal,
        of: Reference::hand(),
        gap_reason: gap.to_owned(),
    };
    Ok(papers::enter(tx, &new)?.value().id)
}

fn enter(tx: &mut WriteTx<'_>, ground: &Ground<'_>, past: &Past<'_>) -> Result<DecisionId, DecisionError> {
    let mut new = NewDecision::new(past.kind, past.on, past.authority, Reference::hand());
    new.number = Some(past.number.to_owned());
    new.body = Some(past.body);
    new.subject = past.subject.to_owned();
    new.points = lines(past.points);
    new.basis = past
        .basis
        .iter()
        .map(|(symbol, on, clause)| Basis {
            symbol: (*symbol).to_owned(),
            issued_on: Some(*on),
            clause: (*clause).to_owned(),
            subject: String::new(),
        })
        .collect();
    new.changes = past.changes.map(|(earlier, change)| Changes { earlier, change }).into_iter().collect();
    let id = *store::enter(tx, &new)?.value();
    for (point, code, relation) in past.ties {
        let task = ground.tasks.get(code).copied().ok_or(DecisionError::NotFound)?;
        store::link_point(tx, id, Some(*point), task, *relation)?;
    }
    Ok(id)
}
