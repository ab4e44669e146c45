//! The seating of the demo: the great hall of the sample venue (preparation reference C.2, hall A), everybody seated by
//! the rules for each session of the congress, the first of them published.
// words: data — the sample congress speaks Vietnamese

use platform::db::{Done, WriteTx};
use rules::seating::{
    assign::Options,
    build::{Band, DoorSpec, Numbering, Spec, Wall},
};

use super::{
    SeatingError,
    model::Source,
    moving,
    store::{self, NewPlan},
};

const HALL: &str = "hoi-truong-lon";

/// The great hall: 23 rows in two bands, three blocks, 15 places on the stage, doors at the gates.
pub fn spec() -> Spec {
    let blocks = vec![11, 16, 11];
    let door = |wall, percent, gate: Option<&str>| DoorSpec {
        wall,
        percent,
        width: 180,
        gate: gate.map(str::to_owned),
    };
    Spec {
        bands: vec![Band { rows: 12, blocks: blocks.clone() }, Band { rows: 11, blocks }],
        pitch: 95,
        seat: 56,
        aisle: 130,
        side: 130,
        cross: 160,
        front: 260,
        back: 220,
        numbering: Numbering::LeftToRight,
        plain: true,
        stage_rows: 1,
        stage_seats: 15,
        stage_label: "CT".to_owned(),
        wheelchair: ["A-1", "A-38", "M-1", "M-38"].map(str::to_owned).to_vec(),
        // The cameras of the host broadcaster.
        blocked: ["N-19", "N-20", "Y-1", "Y-38"].map(str::to_owned).to_vec(),
        doors: vec![
            door(Wall::Left, 55, Some("cong-1")),
            door(Wall::Right, 55, Some("cong-2")),
            door(Wall::Back, 50, Some("cong-3")),
            door(Wall::Left, 18, None),
            door(Wall::Right, 18, None),
            door(Wall::Back, 15, None),
        ],
    }
}

/// Draws the hall and seats everybody; `publish` says for which sessions seats are told already. Roll, sessions and
/// gates must be there.
///
/// # Errors
/// [`SeatingError`].
pub fn seed(tx: &mut WriteTx<'_>) -> Result<Done<()>, SeatingError> {
    let mut last = store::put_hall(tx, HALL, 0, "Hội trường lớn", &Source::Drawn(spec()))?.map(drop);
    for (session, publish) in [("tru-bi", true), ("chinh-thuc-1", false), ("chinh-thuc-2", false)] {
        // The presidium is elected in the preparatory session and sits on the stage from then on.
        let new = NewPlan {
            hall: HALL.to_owned(),
            options: Options { stage: true, ..Options::default() },
            guests: session != "tru-bi",
        };
        let _ = store::put_plan(tx, session, 0, &new)?;
        last = moving::assign(tx, session, 1)?.map(drop);
        if publish {
            last = store::publish(tx, session, 2, true)?.with(());
        }
    }
    Ok(last)
}
