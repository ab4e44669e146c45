//! One badge straight to a printer of labels or cards.

use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use platform::{
    app::App,
    congress, files,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, Typed, see},
};
use print::{BadgeSize, Imposition, PressRoom, Printable, Raster};

use crate::{
    badges::{
        BadgeError, ManageBadges,
        prints::{Words, drawn},
        query,
        seal::Seal,
        store,
    },
    delegates::query as roll,
    printers::{
        self,
        model::{Outcome, Printer, PrinterId, Purpose},
    },
};

/// Dots that a page may be larger than the paper: what rounding makes.
const ROUNDING: u32 = 2;

/// Dots of so many tenths of a millimetre.
fn dots(millimetres: f32, dpi: u16) -> u32 {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a badge is a few thousand dots"
    )]
    let dots = (millimetres * f32::from(dpi) / 25.4).round() as u32;
    dots
}

/// The largest badge that the paper of a printer takes.
pub(in crate::badges) fn size_for(printer: &Printer) -> Option<BadgeSize> {
    let (across, along) = printer.dots();
    [BadgeSize::Lanyard, BadgeSize::Card].into_iter().find(|size| {
        let (width, height) = size.millimetres();
        dots(width, printer.dpi) <= across + ROUNDING
            && (along == 0 || dots(height, printer.dpi) <= along + ROUNDING)
    })
}

/// A page cut to the paper where rounding made it a dot too large.
fn cut(page: Raster, (across, along): (u32, u32)) -> Raster {
    let width = page.width.min(across);
    let height = if along == 0 { page.height } else { page.height.min(along) };
    if (width, height) == (page.width, page.height) {
        return page;
    }
    let size = |dots: u32| usize::try_from(dots).unwrap_or(usize::MAX);
    let dots = page
        .dots
        .chunks(size(page.width).max(1))
        .take(size(height))
        .flat_map(|row| row.iter().take(size(width)).copied())
        .collect();
    Raster { width, height, dots }
}

/// `POST /the/{code}/may-in`
pub(in crate::badges) async fn print(
    actor: Actor<ManageBadges>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let id: PrinterId = Typed::from(pairs).get("printer").parse().map_err(|_| AppError::not_found())?;
    let wanted = code.clone();
    let (printer, person) = app
        .db
        .read(move |tx| {
            let person = roll::by_code_any(tx, &wanted)?.ok_or(BadgeError::NotFound)?;
            let printer = printers::store::printer(tx, id).map_err(AppError::from)?;
            Ok::<_, AppError>((printer, person))
        })
        .await?;
    let too_small = || AppError::conflict().because(key("badges-error-paper")).slug("badge-paper");
    let size = size_for(&printer).ok_or_else(too_small)?;
    let (seal, of) = (Seal::of(&app.config.data)?, person.id);
    let sealed = seal.clone();
    let badge = app.db.write(actor.author(), move |tx| store::ready(tx, &sealed, of)).await?;
    let (badge, photo, access, congress) = app
        .db
        .read(move |tx| {
            let badge = query::badge(tx, badge)?.ok_or(BadgeError::NotFound)?;
            let photo = match person.photo {
                Some(file) => files::store::get(tx, file)?,
                None => None,
            };
            Ok::<_, BadgeError>((badge, photo, query::access(tx)?, congress::store::find(tx)?))
        })
        .await?;
    // A portrait that the storage has lost leaves the initials.
    let photo = match photo.filter(|file| file.small.is_some()) {
        Some(file) => app.files.get(&file.sha256).await.ok().map(|bytes| bytes.to_vec()),
        None => None,
    };
    let words = Words::of(cx.lang, congress.as_ref(), &app.config.hotline);
    let card = drawn(cx.lang, &access, &badge, &person, photo);
    let sheets = words.sheets(size, Imposition::Single, false, vec![card]);
    let pages = press.rasters(Printable::Badges(sheets), printer.dpi).await.map_err(AppError::internal)?;
    let pages = pages.into_iter().map(|page| cut(page, printer.dots())).collect();
    let outcome = printers::send(&app, actor.author(), &printer, Purpose::Badge, pages).await?;
    let back = format!("/the/{code}");
    if outcome != Outcome::Sent {
        return Ok(see(&back, &format!("may-{outcome}")));
    }
    app.db.write(actor.author(), move |tx| store::print(tx, &seal, &[of])).await?;
    Ok(see(&back, "may"))
}
