//! Files on their way out.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};

use super::{File, FileError, Files, Found, Kind};

/// Nothing in a file runs, loads or is framed, even if a browser shows it.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Which size of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// As kept.
    Whole,
    /// For lists.
    Small,
}

impl Files {
    /// The answer that shows a picture inside a page. Only for a file that came in by
    /// [`PutOptions::picture`](super::PutOptions::picture): its bytes were made here, so a browser may show
    /// them. The caller has made sure that whoever asks may see it.
    ///
    /// # Errors
    /// [`FileError::KindNotAllowed`] for any other file; [`FileError::Missing`], [`FileError::Changed`],
    /// [`FileError::Storage`].
    pub async fn picture(&self, file: &File, size: Size) -> Result<Response, FileError> {
        let Some(small) = file.small else {
            return Err(FileError::KindNotAllowed { found: Found::Kind(file.kind) });
        };
        let sha256 = if size == Size::Small { small } else { file.sha256 };
        let (size, bytes) = self.read(&sha256).await?;
        let inline = HeaderValue::from_static("inline");
        Ok(answer(file.kind, size, inline, Body::from_stream(bytes)))
    }

    /// The answer that hands a file out: always as something to save, under the type of its bytes. The caller
    /// has made sure that whoever asks may have it.
    ///
    /// # Errors
    /// [`FileError::Missing`], [`FileError::Changed`], [`FileError::Storage`].
    pub async fn download(&self, file: &File) -> Result<Response, FileError> {
        let (size, bytes) = self.read(&file.sha256).await?;
        Ok(answer(file.kind, size, disposition(&file.name), Body::from_stream(bytes)))
    }
}

fn answer(kind: Kind, size: u64, disposition: HeaderValue, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.content_type()));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // A borrowed tablet keeps nothing.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `attachment; filename*=UTF-8''B%C3%A1o%20c%C3%A1o.pdf` (RFC 6266, RFC 8187).
pub(super) fn disposition(name: &str) -> HeaderValue {
    let mut text = String::from("attachment; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push_str(&crate::hex(&[byte]).to_ascii_uppercase());
        }
    }
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}
