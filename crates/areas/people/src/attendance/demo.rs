//! The sessions of the demo: trù bị and two official days (preparation reference, sample C.3), and before them an
//! hour in which the delegates learn to use the application, with the roll-call of that hour.
// words: data — the sample congress speaks Vietnamese

use jiff::{ToSpan as _, civil::date};
use platform::{
    clock,
    db::{Done, WriteTx},
};

use super::{
    AttendanceError,
    model::{Mark, NewMark, NewSession, SessionKind},
    store,
};
use crate::delegates::query as roll;

/// Enters the sessions.
///
/// # Errors
/// [`AttendanceError`].
pub fn seed(tx: &mut WriteTx<'_>) -> Result<Done<()>, AttendanceError> {
    use SessionKind::{Gathering, Official, Preparatory};
    let october = |day| date(2025, 10, day);
    let all = [
        (TRAINING, "Tập huấn sử dụng ứng dụng Đại hội", Gathering, date(2025, 9, 25), (8, 0), (11, 0)),
        ("tru-bi", "Phiên trù bị", Preparatory, october(13), (7, 30), (11, 0)),
        ("chinh-thuc-1", "Phiên chính thức ngày thứ nhất", Official, october(14), (7, 30), (17, 0)),
        ("chinh-thuc-2", "Phiên chính thức ngày thứ hai", Official, october(15), (7, 45), (10, 50)),
    ];
    let mut last = None;
    for (slug, title, kind, day, from, to) in all {
        let at = |(hour, minute)| clock::instant(day.at(hour, minute, 0, 0));
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

/// The session that the demo has behind it.
const TRAINING: &str = "tap-huan";

/// Enters the roll-call of the training: who came, who was given leave. The roll must be there.
///
/// # Errors
/// [`AttendanceError`].
pub fn roll_call(tx: &mut WriteTx<'_>) -> Result<Done<()>, AttendanceError> {
    let doors = clock::instant(date(2025, 9, 25).at(7, 20, 0, 0));
    let people = roll::everybody(tx)?;
    let mut last = None;
    for (n, one) in people.iter().filter(|one| one.is_summoned_delegate()).enumerate() {
        let mut mark = match n % 182 {
            // A few were given leave, a few did not come and said nothing.
            90 => NewMark::by_hand(Mark::Leave, "Đi công tác theo quyết định của đơn vị"),
            181 => continue,
            _ => NewMark::by_hand(Mark::In, ""),
        };
        mark.at = Some(doors + i64::try_from(n * 5).unwrap_or(0).seconds());
        last = Some(store::mark(tx, TRAINING, one.id, &mark)?);
    }
    match last {
        Some(done) => Ok(done.map(drop)),
        None => Ok(tx.unchanged(())?),
    }
}
