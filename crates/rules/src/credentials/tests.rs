//! The published reports of domain reference 3.5 as oracles.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const DAY: Date = date(2015, 10, 14);

fn someone() -> Facts {
    Facts {
        standing: Standing::Elected,
        presence: Presence::Present,
        sex: Some(Sex::Male),
        born: Some(date(1965, 3, 2)),
        joined: Some(date(1990, 5, 19)),
        ethnicity: Some("Kinh".to_owned()),
        schooling: Some("12/12".to_owned()),
        qualification: Some("thạc sĩ".to_owned()),
        academic_title: None,
        theory: Some("cao cấp".to_owned()),
        occupation: Some("Đảng".to_owned()),
        badge: None,
    }
}

/// Gives the first `n` not yet given a value theirs, then the next.
fn deal<T: Clone>(roll: &mut [Facts], parts: &[(T, usize)], set: impl Fn(&mut Facts, T)) {
    let mut rows = roll.iter_mut();
    for (value, count) in parts {
        for facts in rows.by_ref().take(*count) {
            set(facts, value.clone());
        }
    }
    assert!(rows.next().is_none(), "the parts make up the whole");
}

/// HCMC X, 445 delegates.
fn hcmc_x() -> Vec<Facts> {
    let mut roll = vec![someone(); 445];
    deal(&mut roll, &[(Standing::ExOfficio, 65), (Standing::Elected, 380)], |f, v| f.standing = v);
    let ages = [(28, 1), (35, 52), (45, 152), (55, 235), (65, 4), (71, 1)];
    deal(&mut roll, &ages, |f, age| f.born = Some(date(DAY.year() - age, 1, 1)));
    deal(&mut roll, &[(Sex::Female, 85), (Sex::Male, 360)], |f, v| f.sex = Some(v));
    deal(&mut roll, &[("Hoa", 3), ("Kinh", 442)], |f, v| f.ethnicity = Some(v.to_owned()));
    deal(&mut roll, &[("10/10", 35), ("12/12", 410)], |f, v| f.schooling = Some(v.to_owned()));
    let degrees = [("tiến sĩ", 36), ("thạc sĩ", 151), ("đại học", 257), ("đang học", 1)];
    deal(&mut roll, &degrees, |f, v| f.qualification = Some(v.to_owned()));
    roll
}

#[test]
fn the_report_of_445_delegates() {
    let figures = Statistics::of(&hcmc_x(), DAY, &Bands::congress());
    figures.reconciles().unwrap();
    assert_eq!(figures.summoned, 445);
    let bands: Vec<(u64, u32)> =
        figures.age.bands.parts.iter().map(|part| (part.count.part, part.percent)).collect();
    assert_eq!(bands, [(1, 22), (52, 1169), (152, 3416), (235, 5281), (4, 90), (1, 22)]);
    assert_eq!(figures.standing.count(&Standing::ExOfficio), 65);
    assert_eq!(figures.standing.count(&Standing::Appointed), 0);
    assert_eq!(figures.sex.count(&Sex::Female), 85);
    let names = |parts: &Distribution<String>| -> Vec<(String, u64)> {
        parts.parts.iter().map(|part| (part.key.clone().unwrap(), part.count.part)).collect()
    };
    assert_eq!(names(&figures.schooling), [("12/12".to_owned(), 410), ("10/10".to_owned(), 35)]);
    assert_eq!(names(&figures.ethnicity), [("Kinh".to_owned(), 442), ("Hoa".to_owned(), 3)]);
    assert_eq!(figures.qualification.parts[0].count.part, 257, "the largest first");
    assert_eq!(figures.age.oldest, Some(Extreme { years: 71, who: vec![444] }));
    assert_eq!(figures.age.youngest, Some(Extreme { years: 28, who: vec![0] }));
}

/// The XIII report: 1,381 + 15 + 191 = 1,587; published 67.32 % and 99.49 % where the division gives others.
#[test]
fn the_figures_that_were_printed_wrong() {
    let mut roll = vec![someone(); 1587];
    let types = [(Standing::ExOfficio, 191), (Standing::Elected, 1381), (Standing::Appointed, 15)];
    deal(&mut roll, &types, |f, v| f.standing = v);
    deal(&mut roll, &[(Sex::Female, 222), (Sex::Male, 1365)], |f, v| f.sex = Some(v));
    deal(&mut roll, &[("cử nhân, cao cấp", 1579), ("trung cấp", 8)], |f, v| {
        f.theory = Some(v.to_owned())
    });
    deal(&mut roll, &[(Some("GS, PGS"), 71), (None, 1516)], |f, v| {
        f.academic_title = v.map(str::to_owned);
    });
    let figures = Statistics::of(&roll, date(2021, 1, 26), &Bands::congress());
    figures.reconciles().unwrap();
    let women = &figures.sex.parts[0];
    assert_eq!((women.count.part, women.percent), (222, 1399));
    assert_eq!(figures.theory.parts[0].percent, 9950, "not 99.49");
    assert_eq!(Ratio::new(1067, 1587).percent_scaled(2), Some(6723), "not 67.32");
    assert_eq!(Ratio::new(175, 1587).percent_scaled(2), Some(1103));
    assert_eq!(figures.titles, [("GS, PGS".to_owned(), Ratio::new(71, 1587))]);
}

#[test]
fn attendance_is_over_the_summoned() {
    let mut roll = vec![someone(); 547];
    roll[5].presence = Presence::WithLeave;
    let figures = Statistics::of(&roll, DAY, &Bands::congress());
    assert_eq!(figures.present(), Ratio::new(546, 547));
    assert_eq!(figures.present().percent(2, ',').unwrap(), "99,82");
    let parts: Vec<u64> = figures.presence.parts.iter().map(|part| part.count.part).collect();
    assert_eq!(parts, [546, 1, 0], "a class that nobody is in still stands there");
}

#[test]
fn three_thirds_are_a_hundred_and_say_where_the_rest_went() {
    let thirds = Distribution::of([1, 2, 3].map(Some), &[]);
    let percents: Vec<(u32, i32)> = thirds.parts.iter().map(|part| (part.percent, part.adjusted)).collect();
    assert_eq!(percents, [(3334, 1), (3333, 0), (3333, 0)]);
    thirds.reconciles().unwrap();
}

#[test]
fn what_is_missing_is_a_part_of_its_own() {
    let mut roll = vec![someone(); 3];
    roll[1].born = None;
    roll[2].born = Some(date(2030, 1, 1));
    roll[2].ethnicity = None;
    let figures = Statistics::of(&roll, DAY, &Bands::congress());
    figures.reconciles().unwrap();
    assert_eq!(figures.age.bands.missing(), 2, "no day of birth, and one in the future");
    assert_eq!(figures.ethnicity.missing(), 1);
    assert_eq!(figures.age.mean_tenths, Some(500), "over those known");
    assert_eq!(figures.age.oldest, Some(Extreme { years: 50, who: vec![0] }));
}

#[test]
fn nobody_has_no_percentages() {
    let figures = Statistics::of(&[], DAY, &Bands::congress());
    figures.reconciles().unwrap();
    assert_eq!((figures.age.mean_tenths, figures.age.oldest), (None, None));
    assert!(figures.sex.parts.iter().all(|part| part.percent == 0));
}

#[test]
fn birthdays_count_on_the_day() {
    for (born, on, age) in [
        (date(1975, 10, 14), date(2015, 10, 14), Some(40)),
        (date(1975, 10, 15), date(2015, 10, 14), Some(39)),
        (date(1976, 2, 29), date(2015, 2, 28), Some(38)),
        (date(1976, 2, 29), date(2015, 3, 1), Some(39)),
        (date(2016, 1, 1), date(2015, 10, 14), None),
    ] {
        assert_eq!(years(born, on), age, "{born} on {on}");
    }
}

#[test]
fn bands_meet_without_gap() {
    let bands = Bands::congress();
    assert_eq!(bands.all().len(), 6);
    for age in 0..=u8::MAX {
        assert_eq!(bands.all().iter().filter(|band| **band == bands.of(age)).count(), 1);
    }
    let named = |from, to| Band { from, to };
    assert_eq!(bands.of(29), named(None, Some(29)));
    assert_eq!(bands.of(30), named(Some(30), Some(40)));
    assert_eq!(bands.of(71), named(Some(71), None));
    assert!(Bands::new(vec![40, 40]).is_none() && Bands::new(Vec::new()).is_none());
}

proptest! {
    #[test]
    fn every_distribution_makes_up_its_whole(keys in proptest::collection::vec(proptest::option::of(0_u8..20), 0..600)) {
        let parts = Distribution::of(keys.clone(), &[3, 1]);
        prop_assert!(parts.reconciles().is_ok());
        prop_assert_eq!(parts.whole, keys.len() as u64);
        prop_assert_eq!(parts.missing(), keys.iter().filter(|key| key.is_none()).count() as u64);
        let moved = parts.parts.iter().filter(|part| part.adjusted != 0).count();
        prop_assert!(moved <= 1);
        for part in &parts.parts {
            prop_assert!(part.adjusted.unsigned_abs() <= 11, "half a hundredth a part at most");
        }
    }
}
