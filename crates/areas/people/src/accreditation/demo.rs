//! The press of the demo: three agencies, with somebody at every step.
// words: data — names of sample agencies and people

use std::time::Duration;

use platform::db::{Done, WriteTx};

use super::{
    PressError,
    model::{AgencyKind, PressRole, VettingResult},
    store::{self, NewAgency, NewNominee},
    vetting,
};

/// Name, what they do, number of the press card, equipment.
type Nominee = (&'static str, PressRole, &'static str, &'static str);

const AGENCIES: [(&str, AgencyKind, u32, &[Nominee]); 3] = [
    (
        "Báo Thành phố (mẫu)",
        AgencyKind::Local,
        4,
        &[
            ("Nguyễn Thị Mẫu", PressRole::Reporter, "MAU-0101", ""),
            ("Trần Văn Ảnh", PressRole::Camera, "MAU-0102", "02 máy ảnh, 01 chân máy"),
            ("Lê Thị Tin", PressRole::Reporter, "", ""),
        ],
    ),
    (
        "Đài Truyền hình Thành phố (mẫu)",
        AgencyKind::Local,
        6,
        &[
            ("Phạm Văn Hình", PressRole::Camera, "MAU-0201", "02 máy quay, 02 chân máy"),
            ("Võ Thị Tiếng", PressRole::Reporter, "MAU-0202", ""),
            ("Đặng Văn Dây", PressRole::Technical, "", "01 xe màu, bàn trộn hình"),
        ],
    ),
    (
        "Thông tấn Trung ương (mẫu)",
        AgencyKind::Central,
        2,
        &[
            ("Hoàng Văn Ngữ", PressRole::Reporter, "MAU-0301", ""),
            ("Bùi Thị Bản", PressRole::Reporter, "MAU-0302", ""),
        ],
    ),
];

/// Enters them, and does the first vetting of those whose file is complete.
///
/// # Errors
/// [`PressError`].
pub fn enter(tx: &mut WriteTx<'_>) -> Result<Done<()>, PressError> {
    let deadline = tx.now() + Duration::from_secs(5 * 86_400);
    for (name, kind, quota, people) in AGENCIES {
        let agency = NewAgency { name: name.to_owned(), kind, quota, deadline };
        let no = *store::enter(tx, &agency)?.value();
        let people: Vec<NewNominee> = people
            .iter()
            .map(|(name, role, card, equipment)| NewNominee {
                name: (*name).to_owned(),
                role: Some(*role),
                card: (*card).to_owned(),
                equipment: (*equipment).to_owned(),
            })
            .collect();
        let numbers = store::nominate(tx, no, 1, &people)?;
        for number in numbers.value() {
            match vetting::pass(tx, *number) {
                Ok(_) | Err(PressError::Incomplete) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(tx.unchanged(())?)
}

/// Enters results of the second vetting, as another office.
///
/// # Errors
/// [`PressError`].
pub fn vet(tx: &mut WriteTx<'_>) -> Result<Done<()>, PressError> {
    for (no, verdict) in [
        (1, VettingResult::Clear),
        (2, VettingResult::Clear),
        (4, VettingResult::Clear),
        (5, VettingResult::Ask),
    ] {
        let _ = vetting::vet(tx, no, verdict)?;
    }
    Ok(tx.unchanged(())?)
}
