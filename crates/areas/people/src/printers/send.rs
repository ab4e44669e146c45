//! The way to a printer. Every wait has an end, every end has a sentence.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, LazyLock},
    time::Duration,
};

use platform::{app::App, audit::Author, db::DbError};
use print::{
    Raster,
    device::{Bitmap, DeviceError, Shade, brother, escpos, ipp, pwg, zpl},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::Mutex,
    time::timeout,
};

use super::{
    model::{Outcome, Printer, PrinterKind, Purpose},
    store,
};

/// How long each step may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the printer says how it is; many never do, and are printed on all the same.
    pub status: Duration,
    /// Until it has taken the job.
    pub job: Duration,
    /// Until the jobs before ours are done.
    pub turn: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            status: Duration::from_millis(1_500),
            job: Duration::from_secs(30),
            turn: Duration::from_secs(30),
        }
    }
}

/// The most that is read of a printer's answer.
const LONGEST_ANSWER: usize = 64 * 1024;

/// One job at a time for each printer: most have one connection, and the halves of two badges are none.
static TURNS: LazyLock<Mutex<HashMap<SocketAddr, Arc<Mutex<()>>>>> = LazyLock::new(Mutex::default);

/// Prints pages on a printer and writes down how it went. The pages have at most the dots of
/// [`Printer::dots`], at its [`dpi`](Printer::dpi).
///
/// # Errors
/// Any [`DbError`] of the log. That the printer did not print is no error but an [`Outcome`], whose words are
/// `printers-outcome-…`.
pub async fn send(
    app: &App,
    author: &Author,
    printer: &Printer,
    purpose: Purpose,
    pages: Vec<Raster>,
) -> Result<Outcome, DbError> {
    let count = pages.len();
    let outcome = match carry(printer, pages, Patience::default()).await {
        Ok(()) => Outcome::Sent,
        Err(outcome) => outcome,
    };
    let printer = printer.clone();
    app.db.write(author, move |tx| store::printed(tx, &printer, purpose, count, outcome)).await?;
    Ok(outcome)
}

/// Prints pages on a printer.
///
/// # Errors
/// How it did not go.
pub async fn carry(printer: &Printer, pages: Vec<Raster>, patience: Patience) -> Result<(), Outcome> {
    let address = printer.address().ok_or(Outcome::Unreachable)?;
    let (kind, media, copies, dpi) = (printer.kind, printer.media(), printer.copies, printer.dpi);
    let (across, along) = printer.dots();
    let too_large = |page: &Raster| page.width > across || along > 0 && page.height > along;
    if kind != PrinterKind::Ipp && pages.iter().any(too_large) {
        return Err(Outcome::TooLarge);
    }
    let job = tokio::task::spawn_blocking(move || {
        let bits = || pages.iter().map(|page| Bitmap::of(page, Shade::Mixed)).collect::<Vec<_>>();
        match kind {
            PrinterKind::Zpl => zpl::labels(&bits(), copies),
            PrinterKind::BrotherQl => brother::labels(&bits(), media, copies),
            PrinterKind::EscPos => escpos::receipts(&bits(), copies),
            PrinterKind::Ipp => pwg::document(&pages, dpi),
        }
    });
    let job = job.await.map_err(|_| Outcome::Format)?.map_err(|error| match error {
        DeviceError::Empty | DeviceError::Media => Outcome::Format,
        DeviceError::TooWide { .. } | DeviceError::TooLong { .. } => Outcome::TooLarge,
    })?;
    let turn = TURNS.lock().await.entry(address).or_default().clone();
    let _turn = timeout(patience.turn, turn.lock()).await.map_err(|_| Outcome::Busy)?;
    match kind {
        PrinterKind::Ipp => over_ipp(address, copies, &job, patience).await,
        _ => over_raw(printer, address, &job, patience).await,
    }
}

async fn connect(address: SocketAddr, patience: Patience) -> Result<TcpStream, Outcome> {
    match timeout(patience.connect, TcpStream::connect(address)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused => Err(Outcome::Refused),
        Ok(Err(_)) | Err(_) => Err(Outcome::Unreachable),
    }
}

/// Port 9100: ask how it is, send, close.
async fn over_raw(
    printer: &Printer,
    address: SocketAddr,
    job: &[u8],
    patience: Patience,
) -> Result<(), Outcome> {
    let mut stream = connect(address, patience).await?;
    let question = match printer.kind {
        PrinterKind::BrotherQl => brother::status(),
        PrinterKind::EscPos => escpos::STATUS.to_vec(),
        PrinterKind::Zpl | PrinterKind::Ipp => zpl::STATUS.to_vec(),
    };
    let whole = |answer: &[u8]| match printer.kind {
        PrinterKind::BrotherQl => answer.len() >= brother::STATUS_BYTES,
        PrinterKind::EscPos => answer.len() >= 2,
        PrinterKind::Zpl | PrinterKind::Ipp => zpl::status_is_whole(answer),
    };
    let mut answer = Vec::new();
    let asked = async {
        stream.write_all(&question).await?;
        let mut part = [0; 512];
        while !whole(&answer) && answer.len() < 4096 {
            let read = stream.read(&mut part).await?;
            if read == 0 {
                return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof));
            }
            answer.extend(part.iter().take(read));
        }
        Ok(())
    };
    // A printer that says nothing prints nevertheless; one that hangs up does not.
    if let Ok(Err(_)) = timeout(patience.status, asked).await {
        return Err(Outcome::Broken);
    }
    let trouble = match printer.kind {
        PrinterKind::BrotherQl => brother::trouble(&answer, printer.media()),
        PrinterKind::EscPos => escpos::trouble(&answer),
        PrinterKind::Zpl | PrinterKind::Ipp => zpl::trouble(&answer),
    };
    if let Some(trouble) = trouble {
        return Err(trouble.into());
    }
    let sent = async {
        stream.write_all(job).await?;
        stream.shutdown().await
    };
    match timeout(patience.job, sent).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Outcome::Broken),
        Err(_) => Err(Outcome::Silent),
    }
}

/// The resource under which office printers take jobs (IPP Everywhere).
const RESOURCE: &str = "/ipp/print";
const PWG: &str = "image/pwg-raster";

/// IPP: ask how it is and what it takes, then send.
async fn over_ipp(
    address: SocketAddr,
    copies: u16,
    document: &[u8],
    patience: Patience,
) -> Result<(), Outcome> {
    let uri = format!("ipp://{address}{RESOURCE}");
    let how = post(address, &ipp::get_printer(1, &uri), &[], patience).await?;
    if let Some(trouble) = how.trouble() {
        return Err(trouble.into());
    }
    let mut formats = how.texts("document-format-supported").peekable();
    if formats.peek().is_some() && !formats.any(|format| format == PWG) {
        return Err(Outcome::Format);
    }
    let done = post(address, &ipp::print_job(2, &uri, "Dien Hong", PWG, copies), document, patience).await?;
    if done.is_done() {
        Ok(())
    } else if let Some(trouble) = done.trouble() {
        Err(trouble.into())
    } else if done.status == 0x040a {
        // client-error-document-format-not-supported
        Err(Outcome::Format)
    } else {
        Err(Outcome::Refused)
    }
}

/// One HTTP request with a known length, its answer read to the end of the connection.
async fn post(
    address: SocketAddr,
    head: &[u8],
    document: &[u8],
    patience: Patience,
) -> Result<ipp::Answer, Outcome> {
    let mut stream = connect(address, patience).await?;
    let length = head.len() + document.len();
    let request = format!(
        "POST {RESOURCE} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/ipp\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    );
    let mut answer = Vec::new();
    let talk = async {
        stream.write_all(request.as_bytes()).await?;
        stream.write_all(head).await?;
        stream.write_all(document).await?;
        let mut part = [0; 4096];
        while answer.len() < LONGEST_ANSWER {
            let read = stream.read(&mut part).await?;
            answer.extend(part.iter().take(read));
            if read == 0 || http_body(&answer).is_some_and(|body| ipp::answer(&body).is_some()) {
                break;
            }
        }
        Ok::<_, std::io::Error>(())
    };
    match timeout(patience.job, talk).await {
        Ok(Ok(())) => {}
        Ok(Err(_)) => return Err(Outcome::Broken),
        Err(_) => return Err(Outcome::Silent),
    }
    let body = http_body(&answer).ok_or(Outcome::Refused)?;
    ipp::answer(&body).ok_or(Outcome::Refused)
}

/// The body of an answer 200, as far as it is there; interim answers are passed over, chunks put together.
pub(super) fn http_body(bytes: &[u8]) -> Option<Vec<u8>> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, rest) = bytes.split_at_checked(end + 4)?;
    let head = std::str::from_utf8(head).ok()?.to_ascii_lowercase();
    let status = head.split(' ').nth(1)?;
    if status.starts_with('1') {
        return http_body(rest);
    }
    if !head.starts_with("http/1.") || status != "200" {
        return None;
    }
    let chunked = head
        .lines()
        .any(|line| line.strip_prefix("transfer-encoding:").is_some_and(|kind| kind.trim() == "chunked"));
    if !chunked {
        return Some(rest.to_vec());
    }
    let (mut out, mut rest) = (Vec::new(), rest);
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let (size, after) = rest.split_at_checked(end)?;
        let size = std::str::from_utf8(size).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        let after = after.get(2..)?;
        let Some(chunk) = after.get(..size) else { break };
        if size == 0 {
            break;
        }
        out.extend(chunk);
        rest = after.get(size.checked_add(2)?..).unwrap_or_default();
    }
    Some(out)
}

/// A page that shows whether a printer is set up well: a frame at the edge of the paper, rulers in centimetres, bars
/// that are hard to separate, and a ramp of grey as in a portrait.
pub fn test_page(printer: &Printer) -> Raster {
    let (width, along) = printer.dots();
    let centimetre = (u32::from(printer.dpi) * 100 + 127) / 254;
    // On a roll without end, six centimetres.
    let height = if along == 0 { centimetre * 6 } else { along };
    let edge = 4_u32;
    let at = |x: u32, y: u32| -> u8 {
        let near = |place: u32, length: u32| place < edge || place + edge >= length;
        if near(x, width) || near(y, height) {
            return 0;
        }
        let tick = |place: u32| place % centimetre.max(1) < 2;
        if tick(x) && y < centimetre / 2 || tick(y) && x < centimetre / 2 {
            return 0;
        }
        let third = height / 3;
        let inside = x > centimetre && x + centimetre < width;
        if inside && y > third && y < third + centimetre {
            // One dot black, one white; then two and two, and so on.
            let pitch = 1 + (x - centimetre) * 4 / width.max(1);
            return if (x / pitch).is_multiple_of(2) { 0 } else { 255 };
        }
        if inside && y > 2 * third && y < 2 * third + centimetre {
            let span = width.saturating_sub(2 * centimetre).max(1);
            return u8::try_from((x - centimetre) * 255 / span).unwrap_or(255);
        }
        255
    };
    let dots = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| at(x, y)).collect();
    Raster { width, height, dots }
}
