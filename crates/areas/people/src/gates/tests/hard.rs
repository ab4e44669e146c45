//! What goes wrong on the day: two gates in the same second, a clock that is wrong, somebody who leaves and comes
//! back, two congresses in one house.

use platform::clock;

use super::*;
use crate::attendance::{
    AttendanceError,
    model::{NewSession, SessionKind},
    store as sessions,
};

async fn counts(house: &House, seat: &Seat, session: &str) -> Value {
    let path = format!("/api/v1/congress-sessions/{session}/attendance");
    house.call(&routes(), seat.get(&path)).await.json()["all"].clone()
}

#[test]
fn two_gates_in_the_same_second_let_one_in() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 4).await;
        let seat = office(&house).await;
        let (one, two) =
            (tablet(&house, &seat, "cong-1", false).await, tablet(&house, &seat, "cong-2", false).await);
        for n in 1..=4 {
            let code = digits(&house, &format!("DB-000{n}")).await;
            let scan = online(n, "in", &code);
            let (first, second) = futures::join!(
                one.verdicts(&house, std::slice::from_ref(&scan)),
                two.verdicts(&house, std::slice::from_ref(&scan))
            );
            let mut said = [first[0].clone(), second[0].clone()];
            said.sort();
            assert_eq!(said, ["admit", "already_inside"], "the badge and its copy, delegate {n}");
        }
        assert_eq!(counts(&house, &seat, "tru-bi").await["present"], 4);
        let found = house.call(&routes(), seat.get("/api/v1/congress-sessions/tru-bi/conflicts")).await;
        assert_eq!(found.json(), json!([]), "who was sent away made no conflict");
    });
}

#[test]
fn a_clock_that_is_wrong_is_shown_and_reaches_no_future() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 2).await;
        let seat = office(&house).await;
        let tablet = tablet(&house, &seat, "cong-1", false).await;
        let code = digits(&house, "DB-0001").await;
        // The corrected clock of the tablet is right, its own is five minutes behind.
        let body = json!({ "sent": "2025-09-26T09:00:00Z", "offset_ms": 300_000, "waiting": 0, "revoked_after": 0,
            "scans": [] });
        let told = house.call(&routes(), tablet.ask(Method::POST, "/scans", Some(&body))).await;
        assert_eq!(told.status, 200, "{}", told.text);
        assert!(told.json()["now"].as_str().unwrap().starts_with("2025-09-26T"), "{}", told.text);
        let board = house.call(&routes(), seat.get("/cong")).await;
        assert!(board.text.contains("Lệch 300 giây"), "{}", board.text);

        // A scan of the year 2031 counts from when the server heard of it, and is not lost.
        let late = alone(1, "2031-01-01T00:00:00Z", "in", &code);
        let said = tablet.verdicts(&house, &[late]).await;
        assert!(["accepted", "conflict"].contains(&said[0].as_str()), "{said:?}");
        assert_eq!(counts(&house, &seat, "tru-bi").await["present"], 1);
        // One of the year 1999 is before everything and still one entry.
        let early = alone(2, "1999-01-01T00:00:00Z", "out", &code);
        assert_eq!(tablet.verdicts(&house, &[early]).await, ["accepted"]);
        assert_eq!(counts(&house, &seat, "tru-bi").await["present"], 1, "a way out before the way in");
    });
}

#[test]
fn who_leaves_and_comes_back_between_two_sessions_is_counted_in_each() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 2).await;
        let seat = office(&house).await;
        let evening = |hour| clock::instant(date(2025, 9, 26).at(hour, 0, 0, 0));
        let second = NewSession {
            slug: "chinh-thuc-1".to_owned(),
            title: "Phiên chính thức".to_owned(),
            kind: SessionKind::Official,
            starts_at: evening(19),
            ends_at: evening(21),
            place: "Hội trường".to_owned(),
            grace_minutes: 5,
        };
        house
            .write::<_, AttendanceError, _>(&Author::cli(), move |tx| sessions::put_session(tx, 0, &second))
            .await
            .unwrap();
        let tablet = tablet(&house, &seat, "cong-1", false).await;
        let (an, binh) = (digits(&house, "DB-0001").await, digits(&house, "DB-0002").await);
        assert_eq!(
            tablet.verdicts(&house, &[online(1, "in", &an), online(2, "in", &binh)]).await,
            ["admit", "admit"]
        );
        assert_eq!(tablet.verdicts(&house, &[online(3, "out", &an)]).await, ["leave"]);
        assert_eq!(counts(&house, &seat, "tru-bi").await["present"], 1);
        // The next session begins empty: whoever stayed in the building is seen at its gate again.
        house.pass(Duration::from_secs(3 * 3600));
        let seat = house.seat("Trực ban", &[("attendance", Right::Read)]).await;
        assert_eq!(counts(&house, &seat, "chinh-thuc-1").await["present"], 0);
        assert_eq!(
            tablet.verdicts(&house, &[online(4, "in", &an), online(5, "in", &binh)]).await,
            ["admit", "admit"]
        );
        assert_eq!(counts(&house, &seat, "chinh-thuc-1").await["present"], 2);
        let before = counts(&house, &seat, "tru-bi").await;
        assert_eq!(before["present"], 1, "what was counted then stays: {before}");
        let found = house.call(&routes(), seat.get("/api/v1/congress-sessions/chinh-thuc-1/conflicts")).await;
        assert_eq!(found.json(), json!([]));
    });
}

#[test]
fn a_badge_of_the_other_congress_in_the_house_is_told_by_its_own_words() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 1).await;
        let seat = office(&house).await;
        let tablet = tablet(&house, &seat, "cong-1", false).await;
        // The congress next door signs with keys of its own.
        let ours = digits(&house, "DB-0001").await;
        let mark = house.read(keys::mark).await.unwrap();
        let days = [date(2025, 9, 1), date(2025, 10, 31)].map(|day| keys::day(day).unwrap());
        let grant = pass::Grant {
            id: [3; 6],
            category: 1,
            zones: u16::MAX,
            first: days[0],
            last: days[1],
            name: None,
        };
        let next_door = pass::Signer::new(0, &[9; 32]);
        let theirs = next_door.issue(pass::Congress([mark.0[0] ^ 1, mark.0[1]]), &grant).unwrap();
        let said = tablet.send(&house, &[online(1, "in", &theirs)]).await.json()["results"][0].clone();
        assert_eq!((&said["verdict"], &said["why"]), (&json!("unknown"), &json!("pass-foreign")), "{said}");
        assert_eq!(counts(&house, &seat, "tru-bi").await["present"], 0);
        // Ours still opens.
        assert_eq!(tablet.verdicts(&house, &[online(2, "in", &ours)]).await, ["admit"]);
    });
}
