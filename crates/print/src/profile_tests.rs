//! The profiles against the table of measures.

use jiff::civil::date;

use super::*;

#[test]
fn profiles_are_whole() {
    for text in [
        include_str!("../profiles/hd-36.toml"),
        include_str!("../profiles/hd-05.toml"),
        include_str!("../profiles/nd-30.toml"),
    ] {
        toml::from_str::<Profile>(text).unwrap();
    }
    assert_eq!(all().iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["hd-36", "hd-05", "nd-30"]);
}

/// HD 05-HD/VPTW is in force from 27/05/2026; HD 36-HD/VPTW before; Decree 30 for state bodies.
#[test]
fn a_profile_is_chosen_by_body_and_day() {
    for (kind, day, id) in [
        (BodyKind::Party, date(2025, 9, 26), "hd-36"),
        (BodyKind::Congress, date(2025, 10, 14), "hd-36"),
        (BodyKind::Party, date(2026, 1, 9), "hd-36"),
        (BodyKind::Party, date(2026, 5, 26), "hd-36"),
        (BodyKind::Party, date(2026, 5, 27), "hd-05"),
        (BodyKind::Congress, date(2027, 1, 1), "hd-05"),
        (BodyKind::State, date(2025, 9, 26), "nd-30"),
        (BodyKind::State, date(2026, 5, 27), "nd-30"),
        (BodyKind::State, date(2019, 1, 1), "nd-30"),
        (BodyKind::Party, date(2010, 1, 1), "hd-36"),
    ] {
        assert_eq!(on(kind, day).id, id, "{kind:?} {day}");
    }
}

/// The table of layout numbers: margins, sizes, indent, line step, of the Party rules and the Decree.
#[test]
fn measures_are_those_of_the_table() {
    for id in ["hd-36", "hd-05"] {
        let profile = all().iter().find(|profile| profile.id == id).unwrap();
        let page = profile.page;
        assert_eq!((page.width, page.height), (210., 297.));
        assert_eq!([page.top.set, page.bottom.set, page.left.set, page.right.set], [20., 20., 30., 15.]);
        assert_eq!(page.number_from_edge, 10.);
        assert!(profile.mirrored && profile.star && profile.dashes);
        let parts = profile.parts;
        assert_eq!((parts.motto.size.set, parts.motto.bold), (15., true));
        assert_eq!((parts.parent.size.set, parts.parent.bold), (14., false));
        assert_eq!((parts.name.size.set, parts.name.bold), (14., true));
        assert_eq!((parts.place_date.size.set, parts.place_date.italic), (14., true));
        assert_eq!((parts.title.size.least, parts.title.size.most), (15., 16.));
        assert_eq!((parts.letter_subject.size.set, parts.letter_subject.italic), (12., true));
        assert_eq!((parts.body.size.least, parts.body.size.most), (14., 15.));
        assert_eq!((parts.authority.bold, parts.office.bold, parts.signer.bold), (true, false, true));
        assert!(parts.recipients_head.underline && !parts.basis.italic);
        assert_eq!(parts.recipients.size.set, 12.);
        assert_eq!((profile.text.step.least, profile.text.step.most), (18., 22.));
        assert_eq!(profile.text.indent.set, 10.);
        assert!(profile.text.gap.set >= 6.);
    }
    let state = &all()[2];
    assert!(!state.mirrored && !state.star && !state.dashes);
    assert_eq!((state.page.left.least, state.page.left.most), (30., 35.));
    assert_eq!((state.page.top.least, state.page.top.most), (20., 25.));
    assert_eq!((state.parts.body.size.least, state.parts.body.size.most), (13., 14.));
    assert!(state.parts.basis.italic && state.parts.office.bold && state.parts.recipients_head.italic);
    assert_eq!(state.parts.recipients.size.set, 11.);
}

#[test]
fn every_rule_has_a_clause_and_an_unsure_one_says_what_is_unsure() {
    for profile in all() {
        for rule in Rule::ALL {
            let cited = profile.rule(*rule);
            assert!(!cited.clause.is_empty() && !cited.says.is_empty(), "{} {rule:?}", profile.id);
            assert!(cited.confirmed || !cited.note.is_empty(), "{} {rule:?}", profile.id);
        }
    }
    assert!(!all()[1].rule(Rule::Basis).confirmed && !all()[1].rule(Rule::Issuer).confirmed);
}

/// Abbreviations of HD 05: NQ, CT, KL, QC, QĐ, BC, CTr, TT, TTr, TB, KH, ĐA, PA, HD, CV, BB.
#[test]
fn abbreviations_are_those_of_the_rule() {
    let (party, state) = (&all()[1], &all()[2]);
    for (kind, text) in [
        (Kind::Resolution, "NQ"),
        (Kind::Directive, "CT"),
        (Kind::Conclusion, "KL"),
        (Kind::Statute, "QC"),
        (Kind::Regulation, "QĐ"),
        (Kind::Decision, "QĐ"),
        (Kind::Report, "BC"),
        (Kind::Programme, "CTr"),
        (Kind::Circular, "TT"),
        (Kind::Submission, "TTr"),
        (Kind::Notice, "TB"),
        (Kind::Plan, "KH"),
        (Kind::Scheme, "ĐA"),
        (Kind::Option, "PA"),
        (Kind::Guidance, "HD"),
        (Kind::Letter, "CV"),
        (Kind::Minutes, "BB"),
    ] {
        assert_eq!(party.abbreviation(kind), Some(text));
    }
    assert_eq!(state.abbreviation(Kind::Regulation), Some("QyĐ"));
    assert_eq!(state.abbreviation(Kind::Letter), None);
}
