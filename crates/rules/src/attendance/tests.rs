//! Every order, every taking back.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

use super::*;

const EIGHT: i64 = 1_760_317_200;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(EIGHT + minutes * 60).unwrap()
}

fn start() -> Start {
    Start { at: at(0), grace: Duration::from_secs(5 * 60) }
}

fn event(id: u32, kind: Kind, minutes: i64) -> Event<u32> {
    Event { id, kind, at: at(minutes), voids: None }
}

fn void(id: u32, of: u32, minutes: i64) -> Event<u32> {
    Event { id, kind: Kind::Void, at: at(minutes), voids: Some(of) }
}

#[test]
fn a_person_stands_as_their_events_say() {
    use Kind::{In, LeaveGranted, Out};
    use Presence::{Present, WithLeave, WithoutLeave};
    let e = event;
    for (name, events, until, presence, late) in [
        ("nothing", vec![], 60, WithoutLeave, false),
        ("in before the start", vec![e(1, In, -10)], 0, Present, false),
        ("in within the grace", vec![e(1, In, 5)], 10, Present, false),
        ("in after the grace", vec![e(1, In, 6)], 10, Present, true),
        ("not yet in at the moment asked", vec![e(1, In, 6)], 5, WithoutLeave, false),
        ("in at the moment asked", vec![e(1, In, 6)], 6, Present, true),
        ("went out", vec![e(1, In, -5), e(2, Out, 20)], 30, WithoutLeave, false),
        ("came back", vec![e(1, In, -5), e(2, Out, 20), e(3, In, 25)], 30, Present, false),
        ("events arrive late and in any order", vec![e(3, Out, 20), e(1, In, -5)], 30, WithoutLeave, false),
        ("equal instants count by id", vec![e(2, Out, 0), e(1, In, 0)], 1, WithoutLeave, false),
        ("with leave", vec![e(1, LeaveGranted, -60)], 0, WithLeave, false),
        ("with leave and here after all", vec![e(1, LeaveGranted, -60), e(2, In, 3)], 10, Present, false),
        ("let go", vec![e(1, In, -5), e(2, LeaveGranted, 30)], 40, WithLeave, false),
        (
            "let go, not yet at the moment asked",
            vec![e(1, In, -5), e(2, LeaveGranted, 30)],
            20,
            Present,
            false,
        ),
        ("twice through the gate", vec![e(1, In, -5), e(2, In, 10)], 20, Present, false),
        ("a void takes it back", vec![e(1, In, -5), void(2, 1, 10)], 20, WithoutLeave, false),
        ("a void takes it back at every moment", vec![e(1, In, -5), void(2, 1, 10)], 0, WithoutLeave, false),
        ("a void of a void", vec![e(1, In, -5), void(2, 1, 10), void(3, 2, 11)], 20, Present, false),
        ("a void of nothing known", vec![e(1, In, -5), void(2, 9, 10)], 20, Present, false),
        ("the first counts for lateness", vec![e(1, In, -5), e(2, Out, 1), e(3, In, 30)], 40, Present, false),
        ("a voided first does not", vec![e(1, In, -5), e(2, In, 30), void(4, 1, 31)], 40, Present, true),
    ] {
        let standing = stand(&events, start(), at(until), false);
        assert_eq!((standing.presence, standing.late), (presence, late), "{name}");
    }
    assert_eq!(stand::<u32>(&[], start(), at(0), true).presence, WithLeave, "excused on the roll");
    let came = stand(&[event(1, Kind::In, 0)], start(), at(0), true);
    assert_eq!(came.presence, Present, "excused, and came");
}

#[test]
fn counts_make_up_the_whole() {
    let here = stand(&[event(1, Kind::In, 9)], start(), at(10), false);
    let away = stand::<u32>(&[], start(), at(10), false);
    let (groups, whole) = tally([(1, here), (1, away), (2, here)]);
    assert_eq!(whole, Tally { summoned: 3, present: 2, with_leave: 0, without_leave: 1, late: 2 });
    assert_eq!(groups[&1].summoned + groups[&2].summoned, whole.summoned);
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter(seed in proptest::collection::vec((0_u8..4, 0_i64..20, 0_u32..12), 0..12), turn in 0_usize..12) {
        let events: Vec<Event<u32>> = (0_u32..).zip(&seed).map(|(id, (kind, minute, target))| match kind {
            0 => event(id, Kind::In, *minute),
            1 => event(id, Kind::Out, *minute),
            2 => event(id, Kind::LeaveGranted, *minute),
            _ => void(id, *target, *minute),
        }).collect();
        let mut turned = events.clone();
        if !turned.is_empty() {
            let by = turn % turned.len();
            turned.rotate_left(by);
        }
        prop_assert_eq!(stand(&events, start(), at(15), false), stand(&turned, start(), at(15), false));
    }
}
