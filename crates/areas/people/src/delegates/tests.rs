//! What the roll promises, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use jiff::civil::date;
use platform::{audit::Author, testing::on_both};

use super::{
    DelegateError,
    model::{Category, GroupRole, Private, Profile, Sex, Sight, Standing, Status},
    query,
    store::{self, Change, NewParticipant},
};

fn tables() -> Vec<platform::db::Migration> {
    crate::migrations()
}

fn delegate(name: &str) -> NewParticipant {
    NewParticipant {
        profile: Profile {
            category: Some(Category::Delegate),
            name: name.to_owned(),
            sex: Some(Sex::Female),
            born: Some(date(1975, 3, 2)),
            standing: Some(Standing::Elected),
            joined: Some(date(1998, 5, 19)),
            official: Some(date(1999, 5, 19)),
            ..Profile::default()
        },
        private: Private { ethnicity: "Kinh".into(), phone: "+84 912.345.678".into(), ..Private::default() },
        citizen: "079075000001".into(),
        ..NewParticipant::default()
    }
}

#[test]
fn somebody_is_entered_changed_and_found_and_no_event_says_what_stands_in_a_field() {
    on_both(&tables(), async |house| {
        let id = house
            .write(&Author::cli(), |tx| store::create(tx, &delegate("  Nguyễn Thị   Thử ")))
            .await
            .unwrap();
        let (one, private) = house
            .read(move |tx| Ok::<_, DelegateError>((store::participant(tx, id)?, query::private(tx, id)?)))
            .await
            .unwrap();
        assert_eq!(
            (one.code.as_str(), one.profile.name.as_str(), one.number()),
            ("DB-0001", "Nguyễn Thị Thử", "1")
        );
        assert_eq!(private.phone, "0912345678");
        assert!(private.citizen.is_some());
        assert_eq!(Sight::default().of(private.clone()), Private::default());
        let profile = Profile { position: "Bí thư Đảng ủy".into(), ..one.profile.clone() };
        let religion = Private { religion: "Phật giáo".into(), ..private.clone() };
        let change = Change { version: 1, profile, private: Some(religion), citizen: None };
        let again = change.clone();
        let fields = house.write(&Author::cli(), move |tx| store::change(tx, id, &change)).await.unwrap();
        assert_eq!(fields, ["position", "religion"]);
        let refused = house.write(&Author::cli(), move |tx| store::change(tx, id, &again)).await;
        assert!(matches!(refused, Err(DelegateError::Conflict { version: 2, .. })), "{refused:?}");
        let log = house
            .read(|tx| {
                let lines: Vec<platform::db::Row> =
                    tx.query(platform::sql!("SELECT line FROM audit_event ORDER BY seq"), &[])?;
                let bytes: Result<Vec<Vec<u8>>, _> = lines.iter().map(|line| line.get("line")).collect();
                Ok::<_, DelegateError>(String::from_utf8(bytes?.concat()).unwrap())
            })
            .await
            .unwrap();
        assert!(log.contains("delegate.changed") && log.contains("religion"));
        for secret in ["Phật giáo", "Kinh", "0912345678", "079075000001", "Nguyễn Thị Thử"] {
            assert!(!log.contains(secret), "{secret}");
        }
    });
}

#[test]
fn a_line_says_everything_that_is_wrong_with_it_at_once() {
    on_both(&tables(), async |house| {
        let mut wrong = delegate("");
        wrong.profile.standing = None;
        wrong.profile.joined = Some(date(1980, 1, 1));
        wrong.profile.group_no = Some(3);
        wrong.private.email = "khong phai thu".into();
        wrong.citizen = "123".into();
        let refused = house.write(&Author::cli(), move |tx| store::create(tx, &wrong)).await.unwrap_err();
        let DelegateError::Fields(problems) = refused else { panic!("{refused:?}") };
        let mut names: Vec<&str> = problems.iter().map(|problem| problem.name.as_ref()).collect();
        names.sort_unstable();
        assert_eq!(names, ["citizen", "email", "group_no", "joined", "name", "standing"]);
    });
}

#[test]
fn a_group_has_one_head_two_deputies_two_secretaries() {
    on_both(&tables(), async |house| {
        house
            .write(&Author::cli(), |tx| Ok::<_, DelegateError>(store::put_group(tx, 1, "", "")?.with(())))
            .await
            .unwrap();
        let seat = async |role: GroupRole| {
            let mut one = delegate("Trần Văn Mẫu");
            one.profile.group_no = Some(1);
            one.profile.group_role = Some(role);
            house.write(&Author::cli(), move |tx| store::create(tx, &one)).await
        };
        for (role, most) in [(GroupRole::Head, 1), (GroupRole::Deputy, 2), (GroupRole::Secretary, 2)] {
            for _ in 0..most {
                seat(role).await.unwrap();
            }
            let refused = seat(role).await.unwrap_err();
            assert!(
                matches!(refused, DelegateError::Fields(ref one) if one[0].name == "group_role"),
                "{refused:?}"
            );
        }
        // Who leaves the roll leaves the role.
        let head = house
            .read(|tx| Ok::<_, DelegateError>(query::holders(tx, 1, GroupRole::Head)?[0].id))
            .await
            .unwrap();
        let done = house
            .write(&Author::cli(), move |tx| {
                Ok::<_, DelegateError>(
                    store::set_status(tx, head, Status::Withdrawn, "Chuyển công tác")?.with(()),
                )
            })
            .await;
        done.unwrap();
        seat(GroupRole::Head).await.unwrap();
    });
}
