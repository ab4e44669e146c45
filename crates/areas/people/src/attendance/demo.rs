//! The sessions of the demo: trù bị and two official days (preparation reference, sample C.3).
// words: data — the sample congress speaks Vietnamese

use jiff::civil::date;
use platform::{
    clock,
    db::{Done, WriteTx},
};

use super::{
    AttendanceError,
    model::{NewSession, SessionKind},
    store,
};

/// Enters the sessions.
///
/// # Errors
/// [`AttendanceError`].
pub fn seed(tx: &mut WriteTx<'_>) -> Result<Done<()>, AttendanceError> {
    use SessionKind::{Official, Preparatory};
    let all = [
        ("tru-bi", "Phiên trù bị", Preparatory, 13, (7, 30), (11, 0)),
        ("chinh-thuc-1", "Phiên chính thức ngày thứ nhất", Official, 14, (7, 30), (17, 0)),
        ("chinh-thuc-2", "Phiên chính thức ngày thứ hai", Official, 15, (7, 45), (10, 50)),
    ];
    let mut last = None;
    for (slug, title, kind, day, from, to) in all {
        let at = |(hour, minute)| clock::instant(date(2025, 10, day).at(hour, minute, 0, 0));
        let new = NewSession {
            slug: slug.to_owned(),
            title: title.to_owned(),
            kind,
            starts_at: at(from),
            ends_at: at(to),
            place: "Hội trường lớn".to_owned(),
            grace_minutes: 5,
        };
        last = Some(store::put_session(tx, 0, &new)?);
    }
    match last {
        Some(done) => Ok(done.map(drop)),
        None => Ok(tx.unchanged(())?),
    }
}
