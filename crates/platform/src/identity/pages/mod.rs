//! The pages: sign-in, my account, administration, audit log, approvals. All of them work without JavaScript
//! but passkeys, which need the browser's own dialogue.

mod account;
mod admin;
mod approvals;
mod log;
mod sign_in;
mod view;

use std::collections::HashMap;

use axum::{
    Router,
    extract::{FromRequest, FromRequestParts, RawForm, Request},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::{Timestamp, civil};

use super::{Confidentiality, Error, Right, session};
use crate::{
    app::App,
    clock,
    i18n::key,
    web::{AppError, Cx},
};

/// Every page of this area with the capability it needs.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/vao", get(sign_in::form))
        .route("/vao/ma", post(sign_in::by_code))
        .route("/vao/mat-khau", post(sign_in::by_password))
        .route("/vao/khoa/bat-dau", post(sign_in::passkey_start))
        .route("/vao/khoa/xong", post(sign_in::passkey_finish))
        .route("/ra", post(sign_in::out))
        .route("/tai-khoan", get(account::page))
        .route("/tai-khoan/chuc-danh", post(account::switch))
        .route("/tai-khoan/phien/{id}/ket-thuc", post(account::end_session))
        .route("/tai-khoan/phien-khac/ket-thuc", post(account::end_others))
        .route("/tai-khoan/mat-khau", get(account::password_form).post(account::password))
        .route("/tai-khoan/khoa/bat-dau", post(account::passkey_start))
        .route("/tai-khoan/khoa/xong", post(account::passkey_finish))
        .route("/tai-khoan/khoa/{id}/xoa", post(account::passkey_remove))
        .route("/tai-khoan/ma-truy-cap", get(account::tokens).post(account::make_token))
        .route("/tai-khoan/ma-truy-cap/{id}/thu-hoi", post(account::end_token))
        .route("/quan-tri", get(admin::home))
        .route("/quan-tri/don-vi", get(admin::units).post(admin::make_unit))
        .route("/quan-tri/don-vi/{id}", get(admin::unit).post(admin::change_unit))
        .route("/quan-tri/chuc-danh", get(admin::offices).post(admin::make_office))
        .route("/quan-tri/nguoi", get(admin::people).post(admin::make_person))
        .route("/quan-tri/nguoi/{id}", get(admin::person))
        .route("/quan-tri/nguoi/{id}/chuc-danh", post(admin::assign))
        .route("/quan-tri/nguoi/{id}/chuc-danh/{assignment}/thoi", post(admin::end_assignment))
        .route("/quan-tri/nguoi/{id}/ma", post(admin::issue_code))
        .route("/quan-tri/nguoi/{id}/khoa-tai-khoan", post(admin::disable))
        .route("/quan-tri/nguoi/{id}/mo-tai-khoan", post(admin::enable))
        .route("/quan-tri/nguoi/{id}/ket-thuc-phien", post(admin::end_sessions))
        .route("/quan-tri/quyen", get(admin::grants).post(admin::make_grant))
        .route("/quan-tri/quyen/{id}/thu-hoi", post(admin::end_grant))
        .route("/quan-tri/ai-thay", get(admin::who_sees))
        .route("/nhat-ky", get(log::page))
        .route("/nhat-ky/{seq}", get(log::entry))
        .route("/phe-duyet", get(approvals::page))
        .route("/phe-duyet/{id}/duyet", post(approvals::approve))
        .route("/phe-duyet/{id}/tu-choi", post(approvals::refuse))
}

/// A form as typed: its fields by name. A field that was not asked for, or stands twice, is refused.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed(HashMap<String, String>);

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let RawForm(bytes) = RawForm::from_request(request, state).await.map_err(|error| {
            match error.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => AppError::too_large(),
                _ => AppError::unsupported_type(),
            }
        })?;
        let mut fields = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(&bytes) {
            if fields.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(AppError::bad_request().slug("duplicate-field"));
            }
        }
        Ok(Self(fields))
    }
}

impl Typed {
    /// The fields, if there are no others than these.
    fn only(self, names: &[&str]) -> Result<Self, AppError> {
        if self.0.keys().all(|name| names.contains(&name.as_str())) {
            Ok(self)
        } else {
            Err(AppError::bad_request().slug("unknown-field"))
        }
    }
    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
    fn id<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, Error> {
        self.get(name).trim().parse().map_err(|_| Error::field(name, key("identity-error-choose")))
    }
    fn optional_id<T: std::str::FromStr>(&self, name: &'static str) -> Result<Option<T>, Error> {
        if self.get(name).trim().is_empty() { Ok(None) } else { self.id(name).map(Some) }
    }
    /// A day as the start of it in Vietnam.
    fn day(&self, name: &'static str) -> Result<Option<Timestamp>, Error> {
        Ok(self.date(name)?.map(|date| clock::instant(date.at(0, 0, 0, 0))))
    }
    /// A last day: until the end of it in Vietnam.
    fn last_day(&self, name: &'static str) -> Result<Option<Timestamp>, Error> {
        let next = self.date(name)?.map(|date| date.tomorrow().unwrap_or(civil::Date::MAX));
        Ok(next.map(|date| clock::instant(date.at(0, 0, 0, 0))))
    }
    fn date(&self, name: &'static str) -> Result<Option<civil::Date>, Error> {
        let text = self.get(name).trim();
        if text.is_empty() {
            return Ok(None);
        }
        let bad = || Error::field(name, key("identity-error-date"));
        let date = match text.split('/').collect::<Vec<_>>().as_slice() {
            [day, month, year] => civil::Date::new(
                year.parse().map_err(|_| bad())?,
                month.parse().map_err(|_| bad())?,
                day.parse().map_err(|_| bad())?,
            )
            .map_err(|_| bad())?,
            _ => text.parse().map_err(|_| bad())?,
        };
        if (2000..2200).contains(&date.year()) { Ok(Some(date)) } else { Err(bad()) }
    }
}

/// Where a request comes from: the address, and the device as its browser names itself.
#[derive(Debug, Clone)]
pub struct Client {
    /// The address, as the trusted proxy or the connection names it.
    pub address: String,
    /// Browser and system in two words.
    pub device: String,
    /// The session's secret it already has, to be ended by a new one.
    pub(super) old: Option<String>,
}

impl FromRequestParts<App> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let named = app.identity.settings.client_header.as_deref().and_then(|name| {
            // The proxy appends: the last address is the one it saw itself.
            parts.headers.get_all(name).iter().next_back()?.to_str().ok()?.rsplit(',').next().map(str::trim)
        });
        let address = named.map(str::to_owned).or_else(|| {
            let info = parts.extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>()?;
            Some(info.0.ip().to_string())
        });
        let agent =
            parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Self {
            address: address.unwrap_or_default(),
            device: device(agent),
            old: session::cookie(&parts.headers, app.config.secure()).map(str::to_owned),
        })
    }
}

/// Browser and system in two words.
fn device(agent: &str) -> String {
    let first = |marks: &[(&str, &'static str)]| {
        marks.iter().find(|(mark, _)| agent.contains(mark)).map_or("", |(_, name)| name)
    };
    let browser = first(&[
        ("Edg/", "Edge"),
        ("coc_coc", "CocCoc"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system].iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" · ")
}

/// Goes on to another page of this site.
fn to(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let location =
        HeaderValue::from_str(crate::web::local_path(path)).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, location);
    response
}

/// Goes on with a new session.
fn with_session(app: &App, secret: &super::secret::Secret, mut response: Response) -> Response {
    let cookie = session::set_cookie(secret, app.config.secure(), app.identity.settings.absolute);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// A moment as people in Vietnam read it.
fn moment(cx: &Cx, at: Timestamp) -> String {
    cx.moment(&clock::local(at))
}

fn until(cx: &Cx, at: Option<Timestamp>) -> String {
    at.map_or_else(|| cx.t("identity-no-end").into_owned(), |at| moment(cx, at))
}

fn right_words(cx: &Cx, right: Right) -> String {
    cx.t(&format!("identity-right-{right}")).into_owned()
}

fn level_words(cx: &Cx, level: Confidentiality) -> String {
    cx.t(&format!("identity-level-{level}")).into_owned()
}

/// The QR of a text as SVG; nothing inline but geometry.
fn qr(text: &str, label: &str) -> String {
    use std::fmt::Write as _;
    let Ok(code) = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M) else {
        return String::new();
    };
    let width = code.width();
    let mut path = String::new();
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == qrcode::Color::Dark {
            let _ = write!(path, "M{} {}h1v1h-1z", at % width + 4, at / width + 4);
        }
    }
    let side = width + 8;
    let label = label.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    format!(
        "<svg viewBox=\"0 0 {side} {side}\" width=\"240\" height=\"240\" role=\"img\" aria-label=\"{label}\" \
         shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
         <path d=\"{path}\" fill=\"#000\"/></svg>"
    )
}

/// For forms that come back: which field is wrong and why. Any other error goes on.
fn field_error(error: Error) -> Result<(&'static str, &'static str), AppError> {
    match error {
        Error::Field { field, key } => Ok((field, key)),
        other => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_in_two_words() {
        let agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36";
        assert_eq!(device(agent), "Chrome · Android");
        assert_eq!(device("curl/8"), "");
    }

    #[test]
    fn dates_are_day_first_and_sane() {
        let typed = |text: &str| Typed(HashMap::from([("d".to_owned(), text.to_owned())])).date("d");
        assert_eq!(typed("05/10/2025").unwrap(), Some(civil::date(2025, 10, 5)));
        assert_eq!(typed("2025-10-05").unwrap(), Some(civil::date(2025, 10, 5)));
        assert_eq!(typed("").unwrap(), None);
        for bad in ["09/30/2025", "1900-01-01", "x", "5/10"] {
            assert!(typed(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_qr_holds_nothing_but_geometry() {
        let svg = qr("https://dh.example/vao#ABC", "a \"label\"");
        assert!(svg.starts_with("<svg") && svg.contains("&quot;label&quot;") && !svg.contains("ABC"));
    }
}
