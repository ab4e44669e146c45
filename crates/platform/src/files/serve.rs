//! Files on their way out.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};

use super::{File, FileError, Files};

/// Nothing in a file runs, loads or is framed, even if a browser shows it.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

impl Files {
    /// The answer that hands a file out: always as something to save, under the type of its bytes. The caller
    /// has made sure that whoever asks may have it.
    ///
    /// # Errors
    /// [`FileError::Missing`], [`FileError::Changed`], [`FileError::Storage`].
    pub async fn download(&self, file: &File) -> Result<Response, FileError> {
        let (size, bytes) = self.read(&file.sha256).await?;
        let mut response = Response::new(Body::from_stream(bytes));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind.content_type()));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
        headers.insert(header::CONTENT_DISPOSITION, disposition(&file.name));
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    }
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
