//! A client over a bare socket: it sends exactly what a test says, also what no browser would.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use serde_json::Value;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.status, self.text()))
    }

    /// A header; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(have, _)| have.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    /// All headers of a name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(have, _)| have.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect()
    }
}

/// One client; keeps its connection while the server does.
pub struct Client {
    pub address: SocketAddr,
    /// `dh=…`, sent as the session.
    pub cookie: Option<String>,
    /// Sent as the bearer token.
    pub token: Option<String>,
    /// The longest wait for an answer.
    pub patience: Duration,
    open: Option<BufReader<TcpStream>>,
    head_only: bool,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            cookie: None,
            token: None,
            patience: Duration::from_secs(20),
            open: None,
            head_only: false,
        }
    }

    /// The same person on another connection.
    pub fn again(&self) -> Self {
        let mut client = Self::new(self.address);
        (client.cookie, client.token) = (self.cookie.clone(), self.token.clone());
        client
    }

    #[track_caller]
    pub fn get(&mut self, path: &str) -> Answer {
        self.call("GET", path, &[], &[])
    }

    /// Sends JSON.
    #[track_caller]
    pub fn json(&mut self, method: &str, path: &str, body: &Value) -> Answer {
        self.call(method, path, &[("content-type", "application/json")], body.to_string().as_bytes())
    }

    /// Sends JSON under an idempotency key; an error when no whole answer came.
    pub fn keyed(&mut self, method: &str, path: &str, key: &str, body: &Value) -> io::Result<Answer> {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        self.try_call(method, path, &headers, body.to_string().as_bytes())
    }

    /// Sends a form as a browser does.
    #[track_caller]
    pub fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let text: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        self.call(
            "POST",
            path,
            &[("content-type", "application/x-www-form-urlencoded")],
            text.join("&").as_bytes(),
        )
    }

    /// Sends one file with fields before it.
    #[track_caller]
    pub fn upload(&mut self, path: &str, fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> Answer {
        let (kind, body) = multipart(fields, name, bytes);
        self.call("POST", path, &[("content-type", &kind)], &body)
    }

    /// Calls, with the head of a same-origin request.
    #[track_caller]
    pub fn call(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.try_call(method, path, headers, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    pub fn try_call(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let same = [("sec-fetch-site", "same-origin")];
        let all: Vec<(&str, &str)> = same.iter().chain(headers).copied().collect();
        self.raw(method, path, &all, body)
    }

    /// Calls with these headers alone, besides `Host`, the length and who calls.
    pub fn raw(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.address);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(cookie) = &self.cookie {
            head.push_str(&format!("cookie: {cookie}\r\n"));
        }
        if let Some(token) = &self.token {
            head.push_str(&format!("authorization: Bearer {token}\r\n"));
        }
        if !body.is_empty() || !matches!(method, "GET" | "HEAD" | "DELETE" | "TRACE") {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        self.bytes(&bytes, method == "HEAD" || self.head_only)
    }

    /// Sends bytes as they are and reads one answer.
    pub fn bytes(&mut self, bytes: &[u8], head_only: bool) -> io::Result<Answer> {
        let mut stream = match self.open.take() {
            Some(stream) => stream,
            None => BufReader::new(self.connect()?),
        };
        // A server that refuses early may close before it has read everything; its answer still counts.
        let sent = stream.get_mut().write_all(bytes);
        let answer = match read_head(&mut stream) {
            Ok(answer) => answer,
            Err(error) => return Err(sent.err().unwrap_or(error)),
        };
        let answer = read_body(&mut stream, answer, head_only)?;
        if sent.is_ok() && !answer.header("connection").eq_ignore_ascii_case("close") {
            self.open = Some(stream);
        }
        Ok(answer)
    }

    fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(5))?;
        stream.set_read_timeout(Some(self.patience))?;
        stream.set_write_timeout(Some(self.patience))?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// Calls on a connection of its own and reads only the head: status and `Location`. For routes that stream.
    #[track_caller]
    pub fn head_of(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, String) {
        let mut client = self.again();
        client.head_only = true;
        let answer = client.call(method, path, headers, body);
        (answer.status, answer.header("location").to_owned())
    }

    /// Opens a stream of events.
    #[track_caller]
    pub fn events(&self, path: &str) -> Events {
        let mut head =
            format!("GET {path} HTTP/1.1\r\nhost: {}\r\naccept: text/event-stream\r\n", self.address);
        if let Some(cookie) = &self.cookie {
            head.push_str(&format!("cookie: {cookie}\r\n"));
        }
        head.push_str("\r\n");
        let mut stream = BufReader::new(self.connect().unwrap());
        stream.get_mut().write_all(head.as_bytes()).unwrap();
        let answer = read_head(&mut stream).unwrap();
        if answer.status != 200 {
            let answer = read_body(&mut stream, answer, false).unwrap();
            panic!("GET {path}: {} {}", answer.status, answer.text());
        }
        Events { stream, waiting: String::new() }
    }
}

/// Server-sent events as they arrive.
pub struct Events {
    stream: BufReader<TcpStream>,
    waiting: String,
}

impl Events {
    /// The next event that carries data, or none within the time or when the stream ended.
    pub fn next(&mut self, within: Duration) -> Option<String> {
        let until = Instant::now() + within;
        loop {
            while let Some(end) = self.waiting.find("\n\n") {
                let event: String = self.waiting.drain(..end + 2).collect();
                if event.contains("data:") {
                    return Some(event);
                }
            }
            let left = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
            self.stream.get_ref().set_read_timeout(Some(left)).ok()?;
            let mut size = String::new();
            self.stream.read_line(&mut size).ok()?;
            let size = usize::from_str_radix(size.trim(), 16).ok().filter(|size| *size > 0)?;
            let mut chunk = vec![0; size + 2];
            self.stream.read_exact(&mut chunk).ok()?;
            self.waiting.push_str(&String::from_utf8_lossy(&chunk[..size]));
        }
    }

    /// The first event that contains the text, with the time it took to come.
    pub fn wait_for(&mut self, text: &str, within: Duration) -> Option<(Duration, String)> {
        let begun = Instant::now();
        loop {
            let left = within.checked_sub(begun.elapsed())?;
            let event = self.next(left)?;
            if event.contains(text) {
                return Some((begun.elapsed(), event));
            }
        }
    }

    /// Whether the server ends the stream within the time.
    pub fn ends(&mut self, within: Duration) -> bool {
        let until = Instant::now() + within;
        loop {
            let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
            else {
                return false;
            };
            self.stream.get_ref().set_read_timeout(Some(left)).unwrap();
            let mut bytes = [0; 4096];
            match self.stream.read(&mut bytes) {
                Ok(0) => return true,
                // The last chunk: the stream is over, the connection may go on.
                Ok(read) if bytes[..read].ends_with(b"0\r\n\r\n") => return true,
                Ok(_) => {}
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    return false;
                }
                Err(_) => return true,
            }
        }
    }
}

fn ended() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection")
}

fn read_head(stream: &mut BufReader<TcpStream>) -> io::Result<Answer> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(ended());
    }
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(ended)?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(ended());
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    Ok(Answer { status, headers, body: Vec::new() })
}

fn read_body(stream: &mut BufReader<TcpStream>, mut answer: Answer, head_only: bool) -> io::Result<Answer> {
    if head_only || matches!(answer.status, 204 | 304) {
        return Ok(answer);
    }
    if answer.header("transfer-encoding").eq_ignore_ascii_case("chunked") {
        loop {
            let mut size = String::new();
            if stream.read_line(&mut size)? == 0 {
                return Err(ended());
            }
            let size = usize::from_str_radix(size.trim(), 16).map_err(|_| ended())?;
            let mut chunk = vec![0; size + 2];
            stream.read_exact(&mut chunk)?;
            if size == 0 {
                return Ok(answer);
            }
            answer.body.extend_from_slice(&chunk[..size]);
        }
    }
    let length = answer.header("content-length").parse().unwrap_or(0);
    answer.body = vec![0; length];
    stream.read_exact(&mut answer.body)?;
    Ok(answer)
}

/// A value for a query or a form.
pub fn encode(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    text.bytes()
        .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// A multipart body with one file, last, and its content type.
pub fn multipart(fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    let mark = "dienhong-test-boundary-5c1f";
    let mut body = Vec::new();
    for (field, value) in fields {
        body.extend(
            format!("--{mark}\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    let head = format!(
        "--{mark}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         content-type: application/octet-stream\r\n\r\n"
    );
    body.extend(head.bytes());
    body.extend_from_slice(bytes);
    body.extend(format!("\r\n--{mark}--\r\n").bytes());
    (format!("multipart/form-data; boundary={mark}"), body)
}
