//! The statement for the chair: how the hall stands at a moment, as a page of paper.

use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use platform::{
    app::App,
    clock,
    identity::Actor,
    web::{AppError, Cx, Made, download},
};
use print::{
    Align, Column, Listing, Orientation, PageSize, PressRoom, Printable, Row, RowKind, Table, Width,
};
use rules::{attendance::Tally, credentials::Presence};

use super::{AT, Hall, group_name, percent, when};
use crate::attendance::{ReadAttendance, query};

fn statement_of(cx: &Cx, hall: &Hall) -> Listing {
    let (groups, all) = query::tally(&hall.all);
    let row = |kind, name: String, tally: &Tally| Row {
        kind,
        cells: [
            name,
            cx.int(tally.summoned),
            cx.int(tally.present),
            percent(cx, tally.present, tally.summoned),
            cx.int(tally.with_leave),
            cx.int(tally.without_leave),
            cx.int(tally.late),
        ]
        .into_iter()
        .map(Into::into)
        .collect(),
    };
    let mut rows: Vec<Row> =
        groups.iter().map(|(no, tally)| row(RowKind::Body, group_name(cx, *no), tally)).collect();
    rows.push(row(RowKind::Total, cx.t("attendance-total").into_owned(), &all));
    let names = |presence: Presence| -> Vec<String> {
        hall.all
            .iter()
            .filter(|one| one.standing.presence == presence)
            .map(|one| {
                let profile = &one.who.profile;
                format!("{} {} ({})", one.who.code, profile.name, group_name(cx, profile.group_no))
            })
            .collect()
    };
    let mut legend = vec![cx.t3(
        "attendance-statement-sum",
        "present",
        cx.int(all.present),
        "summoned",
        cx.int(all.summoned),
        "percent",
        percent(cx, all.present, all.summoned),
    )];
    for (presence, words) in [
        (Presence::WithLeave, "attendance-statement-with"),
        (Presence::WithoutLeave, "attendance-statement-without"),
    ] {
        let names = names(presence);
        // Names help while somebody can still be looked for; a hall that is not there yet is a number.
        if !names.is_empty() && names.len() <= 40 {
            legend.push(cx.t1(words, "names", names.join("; ")));
        }
    }
    let share = |n| Column { width: Width::Share(n), align: Align::Centre };
    Listing {
        title: cx.t("attendance-statement").into_owned(),
        lines: vec![
            cx.congress().name.clone(),
            format!("{} · {} · {}", hall.session.title, when(cx, &hall.session), hall.session.place),
        ],
        as_of: if cx.param(AT).is_empty() {
            cx.as_of()
        } else {
            format!("{} {}", cx.t("shell-as-of"), cx.moment(&clock::local(hall.at)))
        },
        size: PageSize::A4,
        orientation: Orientation::Portrait,
        table: Table {
            columns: vec![
                Column { width: Width::Share(8), align: Align::Left },
                share(5),
                share(5),
                share(6),
                share(5),
                share(6),
                share(5),
            ],
            head: vec![
                [
                    "attendance-col-group",
                    "attendance-summoned",
                    "attendance-present",
                    "attendance-col-share",
                    "attendance-with-leave",
                    "attendance-without-leave",
                    "attendance-late",
                ]
                .into_iter()
                .map(|words| cx.t(words).into_owned().into())
                .collect(),
            ],
            rows,
            size: 12.0,
        },
        legend,
    }
}

/// `GET /phien/{slug}/tinh-hinh.pdf`
pub(in crate::attendance) async fn statement(
    _actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    let (named, asked) = (slug.clone(), cx.param(AT));
    let hall = app.db.read(move |tx| Hall::load(tx, &named, &asked)).await?;
    let listing = statement_of(&cx, &hall);
    let bytes = press.pdf(Printable::Listing(listing)).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &format!("tinh-hinh-dai-bieu-{slug}")))
}
