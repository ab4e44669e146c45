//! Requests over kept connections, plain or TLS. Enough of HTTP/1.1 for our own API, and nothing between a measurement
//! and the wire.

use std::{str::FromStr, sync::Arc, time::Duration};

use serde::de::DeserializeOwned;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, rustls};
use url::Url;

use crate::RehearseError;

/// The longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// The longest head of an answer, in bytes.
const HEAD: u64 = 64 << 10;

trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// Where a server is.
#[derive(Clone)]
pub struct Address {
    host: String,
    port: u16,
    authority: String,
    base: String,
    tls: Option<TlsConnector>,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.authority)
    }
}

impl FromStr for Address {
    type Err = RehearseError;

    fn from_str(text: &str) -> Result<Self, RehearseError> {
        let wrong = || RehearseError::Address(text.to_owned());
        let url: Url = text.parse().map_err(|_| wrong())?;
        let host = url.host_str().ok_or_else(wrong)?.trim_matches(['[', ']']).to_owned();
        let port = url.port_or_known_default().ok_or_else(wrong)?;
        let tls = match url.scheme() {
            "http" => None,
            "https" => Some(connector()?),
            _ => return Err(wrong()),
        };
        let authority = match url.port() {
            Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
            None => url.host_str().unwrap_or_default().to_owned(),
        };
        Ok(Self { host, port, authority, base: url.path().trim_end_matches('/').to_owned(), tls })
    }
}

fn connector() -> Result<TlsConnector, RehearseError> {
    let mut roots = rustls::RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| RehearseError::Network(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Errors
    /// [`RehearseError::Refused`] for a status that is no success, [`RehearseError::Answer`].
    pub fn json<T: DeserializeOwned>(&self, what: &str) -> Result<T, RehearseError> {
        if !(200..300).contains(&self.status) {
            return Err(self.refused(what));
        }
        serde_json::from_slice(&self.body)
            .map_err(|error| RehearseError::Answer { what: what.to_owned(), why: error.to_string() })
    }

    /// The server's no, with its words.
    pub fn refused(&self, what: &str) -> RehearseError {
        let problem: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let said =
            |name: &str| problem.get(name).and_then(|text| text.as_str()).unwrap_or_default().to_owned();
        let fields = problem.get("errors").map(ToString::to_string).unwrap_or_default();
        let text = format!("{} {} {fields}", said("title"), said("detail")).trim().to_owned();
        RehearseError::Refused { what: what.to_owned(), status: self.status, text }
    }
}

/// One kept connection.
pub struct Conn {
    address: Arc<Address>,
    open: Option<BufReader<Box<dyn Stream>>>,
}

impl Conn {
    /// A connection that is opened by the first call.
    pub fn new(address: &Arc<Address>) -> Self {
        Self { address: address.clone(), open: None }
    }

    /// Sends a request and reads the answer; nothing is kept of a connection that failed. A kept connection that the
    /// server had closed meanwhile is opened again once.
    ///
    /// # Errors
    /// [`RehearseError::Network`].
    pub async fn call(
        &mut self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&[u8]>,
        patience: Duration,
    ) -> Result<Answer, RehearseError> {
        let bytes = self.request(method, path, token, body);
        let kept = self.open.is_some();
        let slow = || RehearseError::Network(format!("{method} {path}: no answer within {patience:?}"));
        match timeout(patience, self.once(&bytes)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) if kept => {
                let again = timeout(patience, self.once(&bytes)).await.map_err(|_| slow())?;
                again.map_err(|error| RehearseError::Network(error.to_string()))
            }
            Ok(Err(error)) => Err(RehearseError::Network(error.to_string())),
            Err(_) => Err(slow()),
        }
    }

    fn request(&self, method: &str, path: &str, token: Option<&str>, body: Option<&[u8]>) -> Vec<u8> {
        let Address { authority, base, .. } = &*self.address;
        let mut head = format!(
            "{method} {base}{path} HTTP/1.1\r\nhost: {authority}\r\naccept: application/json, application/octet-stream\r\nsec-fetch-site: same-origin\r\n"
        );
        if let Some(token) = token {
            head.push_str("authorization: Bearer ");
            head.push_str(token);
            head.push_str("\r\n");
        }
        if let Some(body) = body {
            head.push_str("content-type: application/json\r\ncontent-length: ");
            head.push_str(&body.len().to_string());
            head.push_str("\r\n");
        } else if method != "GET" {
            head.push_str("content-length: 0\r\n");
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body.unwrap_or_default());
        bytes
    }

    async fn once(&mut self, bytes: &[u8]) -> std::io::Result<Answer> {
        // Taken out while under way: dropped in the middle, the connection is gone and not half read.
        let mut stream = match self.open.take() {
            Some(stream) => stream,
            None => self.connect().await?,
        };
        stream.get_mut().write_all(bytes).await?;
        stream.get_mut().flush().await?;
        let (answer, keep) = read(&mut stream).await?;
        if keep {
            self.open = Some(stream);
        }
        Ok(answer)
    }

    async fn connect(&self) -> std::io::Result<BufReader<Box<dyn Stream>>> {
        let Address { host, port, tls, .. } = &*self.address;
        let late = |_| std::io::Error::from(std::io::ErrorKind::TimedOut);
        let stream = timeout(CONNECT, TcpStream::connect((host.as_str(), *port))).await.map_err(late)??;
        stream.set_nodelay(true)?;
        let stream: Box<dyn Stream> = match tls {
            None => Box::new(stream),
            Some(tls) => {
                let name = rustls::pki_types::ServerName::try_from(host.clone())
                    .map_err(|error| std::io::Error::other(error.to_string()))?;
                Box::new(timeout(CONNECT, tls.connect(name, stream)).await.map_err(late)??)
            }
        };
        Ok(BufReader::with_capacity(16 << 10, stream))
    }
}

async fn read(stream: &mut BufReader<Box<dyn Stream>>) -> std::io::Result<(Answer, bool)> {
    let ended = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        let left = HEAD.saturating_sub(u64::try_from(head.len()).unwrap_or(HEAD));
        if (&mut *stream).take(left).read_line(&mut head).await? == 0 {
            return Err(ended());
        }
    }
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(ended)?;
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    };
    let mut body = Vec::new();
    if header("transfer-encoding").is_some() {
        loop {
            let mut size = String::new();
            stream.read_line(&mut size).await?;
            let size = usize::from_str_radix(size.trim(), 16).map_err(|_| ended())?;
            let start = body.len();
            body.resize(start + size + 2, 0);
            stream.read_exact(body.get_mut(start..).unwrap_or_default()).await?;
            body.truncate(start + size);
            if size == 0 {
                break;
            }
        }
    } else if status != 204 && status != 304 {
        body.resize(header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0), 0);
        stream.read_exact(&mut body).await?;
    }
    let keep = !header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    Ok((Answer { status, body }, keep))
}
