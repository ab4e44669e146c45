//! A plan on paper: by row, by group, the map on A3, a card for each seat, a code for each row.

use std::fmt::Write as _;

use axum::{Extension, extract::State, response::Response};
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Cx, Made, Path, download},
};
use print::{
    Cell as PaperCell, Drawing, Head, List, Listing, Orientation, PageSize, PressRoom, Printable, Row,
    RowKind,
    badge::{fit, qr_svg},
};
use rules::seating::assign::Team;

use super::{cells, door_words, labels, load, plan::team_legend, reading, team_name};
use crate::seating::{ReadSeating, SeatingError, model::Picture, picture};

/// Seat cards of one page: across and down.
const CARDS: (usize, usize) = (2, 5);
/// Codes of one page: across and down.
const CODES: (usize, usize) = (3, 4);
/// A millimetre of a page of cards, in units of its drawing.
const MM: f32 = 10.0;

/// Somebody on a place, in the order of a list.
struct Seat<'a> {
    at: usize,
    row: &'a str,
    text: String,
    one: &'a crate::seating::model::Sitter,
}

fn seats(picture: &Picture) -> Vec<Seat<'_>> {
    let mut out: Vec<Seat<'_>> = picture
        .by_place()
        .into_iter()
        .filter_map(|(at, person)| {
            let place = picture.layout.places.get(at)?;
            Some(Seat {
                at,
                row: picture.layout.row_of(place),
                text: picture.layout.text(place),
                one: picture.people.get(person)?,
            })
        })
        .collect();
    out.sort_by_key(|seat| picture.layout.places.get(seat.at).map(reading));
    out
}

/// A list with a heading over each part.
struct Parted {
    list: List,
    parts: Vec<(String, usize)>,
}

impl Parted {
    /// As the press sets it: upright, each part under its name.
    fn listing(&self) -> Listing {
        let mut listing = self.list.listing();
        listing.orientation = Orientation::Portrait;
        let wide = u16::try_from(self.list.heads.len()).unwrap_or(1);
        let mut rows = Vec::with_capacity(listing.table.rows.len() + self.parts.len());
        let mut left = std::mem::take(&mut listing.table.rows).into_iter();
        for (name, count) in &self.parts {
            let cell = PaperCell { columns: wide, ..name.as_str().into() };
            rows.push(Row { kind: RowKind::Group, cells: vec![cell] });
            rows.extend(left.by_ref().take(*count));
        }
        rows.extend(left);
        listing.table.rows = rows;
        listing
    }
}

fn list(
    cx: &Cx,
    picture: &Picture,
    name: &str,
    title: &str,
    heads: Vec<Head>,
    rows: Vec<Vec<String>>,
) -> List {
    let draft = if picture.plan.published { String::new() } else { cx.t("seating-draft-mark").into_owned() };
    let lines =
        [cx.congress().name.clone(), format!("{} · {}", picture.session.title, picture.hall.name), draft];
    List {
        name: format!("{name}-{}", picture.session.slug),
        title: cx.t(title).into_owned(),
        lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
        as_of: cx.as_of(),
        heads,
        rows,
        legend: vec![cx.t2("seating-seated-of", "seated", picture.seated(), "all", picture.people.len())],
    }
}

/// Lengths of stretches with one name, in their order.
fn parts<'a>(names: impl Iterator<Item = &'a str>, words: impl Fn(&str) -> String) -> Vec<(String, usize)> {
    let mut out: Vec<(String, usize)> = Vec::new();
    let mut last = None;
    for name in names {
        match out.last_mut() {
            Some(part) if last == Some(name) => part.1 += 1,
            _ => out.push((words(name), 1)),
        }
        last = Some(name);
    }
    out
}

fn by_row(cx: &Cx, picture: &Picture) -> Parted {
    let seats = seats(picture);
    let rows = seats
        .iter()
        .map(|seat| {
            vec![
                seat.text.clone(),
                seat.one.who.code.clone(),
                seat.one.who.profile.name.clone(),
                team_name(cx, seat.one.person.team),
                seat.one.who.profile.position.clone(),
            ]
        })
        .collect();
    let heads = vec![
        Head::centred(cx.t("seating-col-seat"), 8),
        Head::centred(cx.t("seating-col-code"), 10),
        Head::new(cx.t("seating-col-name"), 24),
        Head::centred(cx.t("seating-col-team"), 10),
        Head::new(cx.t("seating-col-position"), 34),
    ];
    Parted {
        parts: parts(seats.iter().map(|seat| seat.row), |row| cx.t1("seating-row-of", "row", row)),
        list: list(cx, picture, "cho-ngoi-theo-hang", "seating-print-rows", heads, rows),
    }
}

fn by_team(cx: &Cx, picture: &Picture) -> Parted {
    let mut all: Vec<(Team, String, usize)> = picture
        .people
        .iter()
        .enumerate()
        .map(|(at, one)| (one.person.team, format!("{:?}{}", one.person.rank as u8, one.who.code), at))
        .collect();
    all.sort();
    let rows = all
        .iter()
        .filter_map(|(_, _, at)| {
            let one = picture.people.get(*at)?;
            let place = picture.placed.get(*at).copied().flatten();
            let text =
                place.and_then(|at| picture.layout.places.get(at)).map(|place| picture.layout.text(place));
            Some(vec![
                one.who.code.clone(),
                one.who.profile.name.clone(),
                one.who
                    .profile
                    .group_role
                    .map(|role| cx.tp("seating-role-", role).into_owned())
                    .unwrap_or_default(),
                text.unwrap_or_else(|| cx.t("seating-none").into_owned()),
                place.map(|at| door_words(cx, picture, at)).unwrap_or_default(),
            ])
        })
        .collect();
    let heads = vec![
        Head::centred(cx.t("seating-col-code"), 12),
        Head::new(cx.t("seating-col-name"), 32),
        Head::new(cx.t("seating-col-role"), 16),
        Head::centred(cx.t("seating-col-seat"), 12),
        Head::centred(cx.t("seating-col-door"), 12),
    ];
    let names: Vec<String> = all.iter().map(|(team, _, _)| team_name(cx, *team)).collect();
    Parted {
        parts: parts(names.iter().map(String::as_str), str::to_owned),
        list: list(cx, picture, "cho-ngoi-theo-to", "seating-print-teams", heads, rows),
    }
}

/// Text that may stand in SVG.
fn safe(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A page of A4 on which something is drawn in a grid; the drawing begins in the corner of its field.
fn sheet<T>(
    (across, down): (usize, usize),
    all: &[T],
    mut draw: impl FnMut(&mut String, &T, f32, f32),
) -> Vec<String> {
    // Inside the margins of a drawing: 190 × 268 mm.
    let (width, height) = (190.0 * MM, 268.0 * MM);
    #[allow(clippy::cast_precision_loss, reason = "a handful")]
    let (w, h) = (width / across as f32, height / down as f32);
    all.chunks((across * down).max(1))
        .map(|page| {
            let mut svg = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
                 font-family=\"Liberation Serif\" text-anchor=\"middle\">"
            );
            for (n, one) in page.iter().enumerate() {
                #[allow(clippy::cast_precision_loss, reason = "a handful")]
                let (x, y) = ((n % across) as f32 * w, (n / across) as f32 * h);
                let _ = write!(
                    svg,
                    "<g transform=\"translate({x} {y})\"><rect x=\"0\" y=\"0\" width=\"{w}\" height=\"{h}\" \
                     fill=\"none\" stroke=\"#8a8378\" stroke-width=\"2\" stroke-dasharray=\"12 12\"/>"
                );
                draw(&mut svg, one, w, h);
                svg.push_str("</g>");
            }
            svg.push_str("</svg>");
            svg
        })
        .collect()
}

/// Points as units of a drawing.
fn pt(size: f32) -> f32 {
    size * 0.3528 * MM
}

fn line(svg: &mut String, text: &str, (x, y): (f32, f32), size: f32, more: &str) {
    let _ = write!(svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" {more}>{}</text>", pt(size), safe(text));
}

/// A card for each seat: the seat, and the name as large as it fits.
fn cards(cx: &Cx, picture: &Picture) -> Drawing {
    let congress = fit(&cx.congress().name, 84.0, 2, 9.0, 5.0, false);
    let all = seats(picture);
    let pages = sheet(CARDS, &all, |svg, seat, w, h| {
        let middle = w / 2.0;
        for (n, words) in congress.lines.iter().enumerate() {
            #[allow(clippy::cast_precision_loss, reason = "two lines")]
            let y = 60.0 + n as f32 * pt(congress.size) * 1.2;
            line(svg, words, (middle, y), congress.size, "fill=\"#5b554c\"");
        }
        // A name that needs two lines gets smaller letters, so that both stand clear of what is around them.
        let full = &seat.one.who.profile.name;
        let mut name = fit(full, 86.0, 1, 26.0, 17.0, true);
        if name.lines.len() > 1 {
            name = fit(full, 86.0, 2, 17.0, 9.0, true);
        }
        #[allow(clippy::cast_precision_loss, reason = "two lines")]
        let lines = name.lines.len() as f32;
        for (n, words) in name.lines.iter().enumerate() {
            #[allow(clippy::cast_precision_loss, reason = "two lines")]
            let y = 225.0 + (n as f32 - (lines - 1.0) / 2.0) * pt(name.size) * 1.15;
            line(svg, words, (middle, y), name.size, "font-weight=\"bold\" fill=\"#1e1b17\"");
        }
        let under = format!("{} · {}", seat.one.who.code, team_name(cx, seat.one.person.team));
        line(svg, &under, (middle, 335.0), 11.0, "fill=\"#1e1b17\"");
        let _ =
            write!(svg, "<rect x=\"0\" y=\"{}\" width=\"{w}\" height=\"140\" fill=\"#9b1e22\"/>", h - 140.0);
        line(svg, &seat.text, (middle, h - 36.0), 36.0, "font-weight=\"bold\" fill=\"#ffffff\"");
        let door = door_words(cx, picture, seat.at);
        line(svg, &door, (w - 40.0, h - 45.0), 13.0, "fill=\"#ffffff\" text-anchor=\"end\"");
    });
    drawing(cx, picture, "seating-print-cards", pages, (PageSize::A4, Orientation::Portrait), Vec::new())
}

/// A code for each row: the address of its list, no secret.
fn codes(cx: &Cx, picture: &Picture, base: &str) -> Result<Drawing, AppError> {
    let address = |row: &str| format!("{base}cho-ngoi/{}/hang/{row}", picture.session.slug);
    let mut all = Vec::with_capacity(picture.layout.rows.len());
    for row in &picture.layout.rows {
        let code =
            qr_svg(&address(row)).ok_or_else(|| AppError::internal("an address too long for a code"))?;
        all.push((row.as_str(), code));
    }
    let scan = cx.t("seating-scan-row");
    let pages = sheet(CODES, &all, |svg, (row, code), w, h| {
        let middle = w / 2.0;
        line(svg, &cx.t1("seating-row-of", "row", *row), (middle, 100.0), 26.0, "font-weight=\"bold\"");
        let placed = code.replacen(
            "<svg ",
            &format!("<svg x=\"{}\" y=\"135\" width=\"430\" height=\"430\" ", middle - 215.0),
            1,
        );
        svg.push_str(&placed);
        line(svg, &scan, (middle, h - 40.0), 10.0, "fill=\"#5b554c\"");
    });
    let lines = Vec::new();
    Ok(drawing(cx, picture, "seating-print-codes", pages, (PageSize::A4, Orientation::Portrait), lines))
}

fn map(cx: &Cx, picture: &Picture) -> Drawing {
    let title = cx.t1("seating-map-of", "session", picture.session.title.as_str());
    let labels = labels(cx, &picture.layout, title);
    let svg = picture::groups(&picture.layout, &cells(cx, picture, ""), &labels, false);
    let wide = picture.layout.width >= picture.layout.depth;
    let way = if wide { Orientation::Landscape } else { Orientation::Portrait };
    let legend = vec![team_legend(cx, picture), cx.t("seating-map-legend").into_owned()];
    drawing(cx, picture, "seating-print-map", vec![svg], (PageSize::A3, way), legend)
}

fn drawing(
    cx: &Cx,
    picture: &Picture,
    title: &str,
    pages: Vec<String>,
    (size, orientation): (PageSize, Orientation),
    more: Vec<String>,
) -> Drawing {
    let mut about = format!("{} · {} · {}", picture.session.title, picture.hall.name, cx.as_of());
    if !picture.plan.published {
        about = format!("{about} · {}", cx.t("seating-draft-mark"));
    }
    Drawing {
        title: format!("{} – {}", cx.t(title), picture.session.title),
        size,
        orientation,
        pages,
        legend: more.into_iter().chain([about]).collect(),
    }
}

/// `GET /cho-ngoi/{session}/in/{file}`
pub(in crate::seating) async fn file(
    _actor: Actor<ReadSeating>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path((session, file)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let known = [
        "theo-hang.pdf",
        "theo-hang.xlsx",
        "theo-to.pdf",
        "theo-to.xlsx",
        "so-do.pdf",
        "the-ghe.pdf",
        "ma-hang.pdf",
    ];
    if !known.contains(&file.as_str()) {
        return Err(AppError::not_found());
    }
    let picture = load(&app, &session).await?;
    if picture.seated() == 0 && file != "ma-hang.pdf" {
        return Err(SeatingError::Empty.into());
    }
    let base = app.config.public_url.to_string();
    if file.ends_with(".xlsx") {
        let parted = if file == "theo-hang.xlsx" { by_row(&cx, &picture) } else { by_team(&cx, &picture) };
        let name = parted.list.name.clone();
        let made =
            tokio::task::spawn_blocking(move || parted.list.xlsx()).await.map_err(AppError::internal)?;
        return Ok(download(made.map_err(AppError::internal)?, Made::Xlsx, &name));
    }
    let printable = match file.as_str() {
        "theo-hang.pdf" => Printable::Listing(by_row(&cx, &picture).listing()),
        "theo-to.pdf" => Printable::Listing(by_team(&cx, &picture).listing()),
        "so-do.pdf" => Printable::Drawing(map(&cx, &picture)),
        "the-ghe.pdf" => Printable::Drawing(cards(&cx, &picture)),
        _ => Printable::Drawing(codes(&cx, &picture, &base)?),
    };
    let bytes = press.pdf(printable).await.map_err(AppError::internal)?;
    let name = format!("{}-{}", file.trim_end_matches(".pdf"), picture.session.slug);
    Ok(download(bytes, Made::Pdf, &name))
}
