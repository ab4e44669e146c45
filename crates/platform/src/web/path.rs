//! The parts of a page's address.

use axum::extract::{FromRequestParts, path::Path as Parts};
use axum::http::request;
use serde::de::DeserializeOwned;

use super::AppError;

/// The parts of a page's address. An address that cannot be read is an address where nothing is: whoever mistypes
/// one is told so (404), not that the request was malformed (400).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path<T>(pub T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut request::Parts, state: &S) -> Result<Self, AppError> {
        match Parts::<T>::from_request_parts(parts, state).await {
            Ok(Parts(value)) => Ok(Self(value)),
            // The route and the handler disagree: that is ours.
            Err(error) if error.status().is_server_error() => Err(AppError::internal(error)),
            Err(error) => Err(AppError::not_found().caused_by(error)),
        }
    }
}
