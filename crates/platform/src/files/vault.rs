//! Where bytes are kept: by hash, in a folder or an S3-compatible store.

use std::{
    collections::HashMap,
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    ObjectMeta, ObjectStore, ObjectStoreExt, PutPayload, local::LocalFileSystem, path::Path as Key,
};
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::Semaphore,
};
use url::Url;
use uuid::Uuid;

use super::{FileError, Found, Kind, PictureOptions, check, display_name, picture};
use crate::audit::Hash;

/// Bytes sent to the storage in one piece.
const PIECE: usize = 8 << 20;
/// Received bytes that nobody finished are removed after this time.
const LEFTOVER: Duration = Duration::from_secs(24 * 3600);

/// What may come in.
#[derive(Debug, Clone)]
pub struct PutOptions {
    /// The most bytes.
    pub max_bytes: u64,
    /// The kinds.
    pub allowed: &'static [Kind],
    /// The name it came with; never trusted.
    pub name: String,
    /// Drawn anew as a picture of this size, or kept as it is.
    pub picture: Option<PictureOptions>,
}

impl PutOptions {
    /// At most so many bytes of one of these kinds.
    pub fn new(max_bytes: u64, allowed: &'static [Kind]) -> Self {
        Self { max_bytes, allowed, name: String::new(), picture: None }
    }

    /// A photograph of at most so many bytes, kept as [`PictureOptions::PHOTO`].
    pub fn picture(max_bytes: u64) -> Self {
        Self { picture: Some(PictureOptions::PHOTO), ..Self::new(max_bytes, Kind::PHOTOS) }
    }

    /// Another size for a photograph.
    #[must_use]
    pub fn drawn(mut self, options: PictureOptions) -> Self {
        self.picture = Some(options);
        self
    }

    /// The name it came with.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

/// Bytes that are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Their hash.
    pub sha256: Hash,
    /// How many.
    pub size: u64,
    /// What they are.
    pub kind: Kind,
    /// The name to show.
    pub name: String,
    /// What else is known of a picture that was drawn anew.
    pub picture: Option<Picture>,
}

/// A picture that was drawn anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The hash of the small one, also JPEG.
    pub small: Hash,
}

/// The bytes of this installation; clones share everything.
#[derive(Clone)]
pub struct Files(Arc<Inner>);

struct Inner {
    store: Arc<dyn ObjectStore>,
    prefix: Key,
    /// Received bytes wait here until they are known to be good.
    spool: PathBuf,
    /// Unpacking is work for a processor: not for all uploads at once.
    checks: Semaphore,
    /// The memory for unpacking pictures, in MiB.
    pictures: Arc<Semaphore>,
    /// What was found unchanged, by its mark in the storage.
    verified: Mutex<HashMap<Hash, Mark>>,
}

/// What changes in the storage when bytes are changed there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    size: u64,
    modified: i64,
    tag: Option<String>,
}

impl Mark {
    fn of(meta: &ObjectMeta) -> Self {
        Self { size: meta.size, modified: meta.last_modified.timestamp_micros(), tag: meta.e_tag.clone() }
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Files({})", self.0.store)
    }
}

fn storage(error: impl fmt::Display) -> FileError {
    FileError::Storage(error.to_string())
}

impl Files {
    /// Opens a folder, made if it is not there.
    ///
    /// # Errors
    /// [`FileError::Storage`].
    pub fn local(folder: &Path) -> Result<Self, FileError> {
        let (kept, spool) = (folder.join("kept"), folder.join("received"));
        std::fs::create_dir_all(&kept).map_err(storage)?;
        let store = LocalFileSystem::new_with_prefix(&kept).map_err(storage)?.with_fsync(true);
        Self::over(Arc::new(store), Key::default(), spool)
    }

    /// Opens `file:///folder`, or `s3://bucket/prefix` (with the cargo feature `s3`; keys, region and endpoint
    /// from the `AWS_…` environment). `folder` takes what is being received when the store is elsewhere.
    ///
    /// # Errors
    /// [`FileError::Storage`].
    pub fn open(url: &Url, folder: &Path) -> Result<Self, FileError> {
        match url.scheme() {
            "file" => {
                let path = url.to_file_path().map_err(|()| storage("not a path of this machine"))?;
                Self::local(&path)
            }
            #[cfg(feature = "s3")]
            "s3" => {
                // An error says that this program has chosen one already.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let store = object_store::aws::AmazonS3Builder::from_env()
                    .with_url(url.as_str())
                    .build()
                    .map_err(storage)?;
                let prefix = Key::parse(url.path().trim_matches('/')).map_err(storage)?;
                Self::over(Arc::new(store), prefix, folder.join("received"))
            }
            scheme => {
                let _ = folder;
                Err(storage(format!("{scheme}: is not a place for files that this program knows")))
            }
        }
    }

    fn over(store: Arc<dyn ObjectStore>, prefix: Key, spool: PathBuf) -> Result<Self, FileError> {
        std::fs::create_dir_all(&spool).map_err(storage)?;
        remove_leftovers(&spool);
        Ok(Self(Arc::new(Inner {
            store,
            prefix,
            spool,
            checks: Semaphore::new(2),
            pictures: Arc::new(Semaphore::new(picture::MEMORY as usize)),
            verified: Mutex::default(),
        })))
    }

    /// `ab/cdef…`
    fn key(&self, sha256: &Hash) -> Key {
        let hex = crate::hex(sha256);
        let (shard, rest) = hex.split_at(2);
        self.0.prefix.clone().join(shard).join(rest)
    }

    /// Takes in bytes: to disk first, then checked whole, then kept under their hash. Nothing stays behind
    /// when it fails or the caller goes away.
    ///
    /// # Errors
    /// Any [`FileError`] but [`FileError::Missing`] and [`FileError::Changed`].
    pub async fn put<S, E>(&self, bytes: S, options: PutOptions) -> Result<Stored, FileError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: fmt::Display,
    {
        let result = self.take(bytes, options).await;
        let outcome = match &result {
            Ok(_) => "kept",
            Err(FileError::Storage(_)) => "failed",
            Err(_) => "refused",
        };
        metrics::counter!("dienhong_files_received_total", "outcome" => outcome).increment(1);
        result
    }

    async fn take<S, E>(&self, bytes: S, options: PutOptions) -> Result<Stored, FileError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: fmt::Display,
    {
        let spooled = Spooled { path: self.0.spool.join(Uuid::new_v4().simple().to_string()) };
        let mut file = tokio::fs::File::create_new(&spooled.path).await.map_err(storage)?;
        let (mut hash, mut size) = (Sha256::new(), 0_u64);
        let mut bytes = std::pin::pin!(bytes);
        while let Some(chunk) = bytes.next().await {
            let chunk = chunk.map_err(|error| FileError::Interrupted(error.to_string()))?;
            size += chunk.len() as u64;
            if size > options.max_bytes {
                return Err(FileError::TooLarge { limit: options.max_bytes });
            }
            hash.update(&chunk);
            file.write_all(&chunk).await.map_err(storage)?;
        }
        file.flush().await.map_err(storage)?;
        drop(file);
        if size == 0 {
            return Err(FileError::Empty);
        }
        let kind = self.inspect(&spooled, &options).await;
        let kind = if options.picture.is_some() { kind.map_err(picture::refusal) } else { kind }?;
        if let Some(wanted) = options.picture {
            return self.take_picture(spooled, kind, wanted, &options.name).await;
        }
        let sha256: Hash = hash.finalize().into();
        self.keep(&sha256, size, &spooled).await?;
        let name = display_name(&options.name, kind);
        Ok(Stored { sha256, size, kind, name, picture: None })
    }

    /// Draws a received picture anew and keeps both sizes. Waits until there is memory to unpack it.
    async fn take_picture(
        &self,
        spooled: Spooled,
        kind: Kind,
        wanted: PictureOptions,
        name: &str,
    ) -> Result<Stored, FileError> {
        let path = spooled.path.clone();
        let looking = move || {
            let bytes = std::fs::read(&path).map_err(storage)?;
            picture::look(&bytes, kind).map_err(FileError::Picture)
        };
        // One pass over the bytes; they wait on disk, not in memory, for their turn.
        let look = {
            let _turn = self.0.checks.acquire().await.map_err(storage)?;
            tokio::task::spawn_blocking(looking).await.map_err(storage)??
        };
        let memory = self.0.pictures.clone().acquire_many_owned(look.memory).await.map_err(storage)?;
        let path = spooled.path.clone();
        let drawing = move || {
            // Held by the thread itself: whoever asked may have gone, the memory is taken nevertheless.
            let _memory = memory;
            let bytes = std::fs::read(&path).map_err(storage)?;
            picture::redraw(&bytes, look, wanted).map_err(FileError::Picture)
        };
        let (whole, small) = tokio::task::spawn_blocking(drawing).await.map_err(storage)??;
        let (width, height) = (whole.width, whole.height);
        let small = self.keep_bytes(small.jpeg).await?.0;
        let (sha256, size) = self.keep_bytes(whole.jpeg).await?;
        let picture = Some(Picture { width, height, small });
        // The ending it came with tells of bytes that are no longer there.
        let ended = |ending: &str| Kind::PHOTOS.iter().any(|kind| kind.has_ending(ending));
        let stem = match name.rsplit_once('.') {
            Some((stem, ending)) if ended(&ending.to_ascii_lowercase()) => stem,
            _ => name,
        };
        let name = display_name(stem, Kind::Jpeg);
        Ok(Stored { sha256, size, kind: Kind::Jpeg, name, picture })
    }

    /// Keeps bytes that this program made.
    async fn keep_bytes(&self, bytes: Vec<u8>) -> Result<(Hash, u64), FileError> {
        let spooled = Spooled { path: self.0.spool.join(Uuid::new_v4().simple().to_string()) };
        tokio::fs::write(&spooled.path, &bytes).await.map_err(storage)?;
        let (sha256, size): (Hash, u64) = (Sha256::digest(&bytes).into(), bytes.len() as u64);
        self.keep(&sha256, size, &spooled).await?;
        Ok((sha256, size))
    }

    /// Takes in bytes that are in memory, such as a report just made.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub async fn put_bytes(&self, bytes: Bytes, options: PutOptions) -> Result<Stored, FileError> {
        self.put(futures::stream::once(async { Ok::<_, std::convert::Infallible>(bytes) }), options).await
    }

    async fn inspect(&self, spooled: &Spooled, options: &PutOptions) -> Result<Kind, FileError> {
        let _turn = self.0.checks.acquire().await.map_err(storage)?;
        let (path, name) = (spooled.path.clone(), options.name.clone());
        let kind =
            tokio::task::spawn_blocking(move || check::inspect(&path, &name)).await.map_err(storage)??;
        if options.allowed.contains(&kind) {
            Ok(kind)
        } else {
            Err(FileError::KindNotAllowed { found: Found::Kind(kind) })
        }
    }

    async fn keep(&self, sha256: &Hash, size: u64, spooled: &Spooled) -> Result<(), FileError> {
        // What is there already is kept, unless it was damaged: then the good bytes replace it.
        match self.verify(sha256).await {
            Ok(_) => return Ok(()),
            Err(FileError::Missing(_)) => {}
            Err(FileError::Changed(_)) => {
                tracing::warn!(sha256 = crate::hex(sha256), "a damaged file is replaced by good bytes");
            }
            Err(error) => return Err(error),
        }
        let key = self.key(sha256);
        let mut file = tokio::fs::File::open(&spooled.path).await.map_err(storage)?;
        if size <= PIECE as u64 {
            let bytes = piece(&mut file).await?;
            self.0.store.put(&key, PutPayload::from_bytes(bytes)).await.map_err(storage)?;
            return Ok(());
        }
        let mut upload = self.0.store.put_multipart(&key).await.map_err(storage)?;
        let sent = async {
            loop {
                let bytes = piece(&mut file).await?;
                if bytes.is_empty() {
                    break;
                }
                upload.put_part(PutPayload::from_bytes(bytes)).await.map_err(storage)?;
            }
            upload.complete().await.map_err(storage)
        };
        if let Err(error) = sent.await {
            if let Err(abort) = upload.abort().await {
                tracing::warn!(error = %abort, "an upload that failed could not be taken back");
            }
            return Err(error);
        }
        Ok(())
    }

    /// Reads the bytes in the storage once, unless they were found good before and have not been touched since.
    async fn verify(&self, sha256: &Hash) -> Result<ObjectMeta, FileError> {
        let meta = self.0.store.head(&self.key(sha256)).await.map_err(|error| self.reading(sha256, error))?;
        let mark = Mark::of(&meta);
        let known = self.verified().get(sha256).is_some_and(|known| *known == mark);
        if !known {
            let mut stream = self.raw(sha256).await?;
            let mut hash = Sha256::new();
            while let Some(chunk) = stream.try_next().await? {
                hash.update(&chunk);
            }
            if Hash::from(hash.finalize()) != *sha256 {
                return Err(self.changed(sha256));
            }
            let mut verified = self.verified();
            if verified.len() >= 10_000 {
                verified.clear();
            }
            verified.insert(*sha256, mark);
        }
        Ok(meta)
    }

    fn verified(&self) -> std::sync::MutexGuard<'_, HashMap<Hash, Mark>> {
        self.0.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self, sha256: &Hash) -> FileError {
        self.verified().remove(sha256);
        metrics::counter!("dienhong_files_changed_total").increment(1);
        tracing::error!(sha256 = crate::hex(sha256), store = %self.0.store, "a file was changed in the storage");
        FileError::Changed(*sha256)
    }

    fn reading(&self, sha256: &Hash, error: object_store::Error) -> FileError {
        match error {
            object_store::Error::NotFound { .. } => FileError::Missing(*sha256),
            error => storage(error),
        }
    }

    /// Removes bytes for good, for what the law lets nobody keep. Bytes that are not there are no error: whoever was
    /// cut short half-way begins again.
    ///
    /// # Errors
    /// [`FileError::Storage`].
    pub async fn remove(&self, sha256: &Hash) -> Result<(), FileError> {
        match self.0.store.delete(&self.key(sha256)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(storage(error)),
        }
    }

    async fn raw(&self, sha256: &Hash) -> Result<BoxStream<'static, Result<Bytes, FileError>>, FileError> {
        let got = self.0.store.get(&self.key(sha256)).await.map_err(|error| self.reading(sha256, error))?;
        Ok(got.into_stream().map_err(storage).boxed())
    }

    /// The bytes, whole and verified, for those that read them (an import).
    ///
    /// # Errors
    /// [`FileError::Missing`], [`FileError::Changed`], [`FileError::Storage`].
    pub async fn get(&self, sha256: &Hash) -> Result<Bytes, FileError> {
        let chunks: Vec<Bytes> = self.raw(sha256).await?.try_collect().await?;
        let bytes = match <[Bytes; 1]>::try_from(chunks) {
            Ok([bytes]) => bytes,
            Err(chunks) => chunks.concat().into(),
        };
        if Hash::from(Sha256::digest(&bytes)) != *sha256 {
            return Err(self.changed(sha256));
        }
        Ok(bytes)
    }

    /// The bytes as they are read, verified before the first one is given out and once more on the way: a
    /// stream whose bytes turn out to be others ends with an error.
    ///
    /// # Errors
    /// [`FileError::Missing`], [`FileError::Changed`], [`FileError::Storage`].
    pub async fn read(
        &self,
        sha256: &Hash,
    ) -> Result<(u64, BoxStream<'static, Result<Bytes, FileError>>), FileError> {
        let meta = self.verify(sha256).await?;
        let stream = self.raw(sha256).await?;
        let state = (self.clone(), *sha256, stream, Some(Sha256::new()));
        let checked = futures::stream::try_unfold(state, |(files, sha256, mut stream, hash)| async move {
            let Some(mut hash) = hash else { return Ok(None) };
            match stream.try_next().await? {
                Some(chunk) => {
                    hash.update(&chunk);
                    Ok(Some((chunk, (files, sha256, stream, Some(hash)))))
                }
                None if Hash::from(hash.finalize()) == sha256 => Ok(None),
                None => Err(files.changed(&sha256)),
            }
        });
        Ok((meta.size, checked.boxed()))
    }
}

/// The next bytes of a file, `PIECE` of them unless it ends.
async fn piece(file: &mut tokio::fs::File) -> Result<Bytes, FileError> {
    let mut bytes = Vec::new();
    file.take(PIECE as u64).read_to_end(&mut bytes).await.map_err(storage)?;
    Ok(bytes.into())
}

/// Received bytes on disk; gone when dropped.
struct Spooled {
    path: PathBuf,
}

impl Drop for Spooled {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "received bytes could not be removed");
        }
    }
}

/// What a server that was killed had been receiving.
fn remove_leftovers(spool: &Path) {
    let old = |entry: &std::fs::DirEntry| -> Option<bool> {
        let modified = entry.metadata().ok()?.modified().ok()?;
        Some(SystemTime::now().duration_since(modified).ok()? > LEFTOVER)
    };
    for entry in std::fs::read_dir(spool).into_iter().flatten().flatten() {
        if old(&entry) == Some(true)
            && let Err(error) = std::fs::remove_file(entry.path())
        {
            tracing::warn!(%error, "an old upload could not be removed");
        }
    }
}
