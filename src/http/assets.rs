//! The pages' files, out of the binary. Each stands under a path that carries the hash of them all, so that a browser asks
//! for none of them twice; a page names its modules, so that no chain of imports is waited for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;

use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, VARY,
};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::config::Switch;
use crate::error::{Error, Result};

/// Its name says which version it is: nobody asks whether it is still the same.
const FOR_GOOD: &str = "max-age=31536000, immutable";
const WORKER: &str = "live/shell-worker.js";

#[derive(RustEmbed)]
#[folder = "static/"]
#[allow_missing = true]
struct Embedded;

struct Asset {
    plain: Bytes,
    /// Only where it is smaller.
    gzip: Option<Bytes>,
    hash: String,
    content_type: &'static str,
}

/// Every embedded file by its path, compressed once.
pub struct Assets {
    files: BTreeMap<String, Asset>,
    /// Of all the files together.
    hash: String,
}

impl Assets {
    /// # Errors
    /// Never in practice: compressing into memory has nothing to fail on.
    pub fn load() -> std::io::Result<Self> {
        let contents: BTreeMap<String, Cow<'static, [u8]>> = Embedded::iter()
            .filter_map(|path| Embedded::get(&path).map(|file| (path.into_owned(), file.data)))
            .collect();
        let mut all = Sha256::new();
        for (path, content) in &contents {
            all.update(path);
            all.update(Sha256::digest(content));
        }
        let hash = URL_SAFE_NO_PAD.encode(&all.finalize()[..12]);
        let mut files = BTreeMap::new();
        for (path, content) in &contents {
            let asset = match content {
                Cow::Borrowed(page) if path.ends_with(".html") => compressed(path, page_of(&contents, page, &hash))?,
                Cow::Owned(page) if path.ends_with(".html") => compressed(path, page_of(&contents, page, &hash))?,
                Cow::Borrowed(worker) if path == WORKER => compressed(path, worker_of(worker, &hash))?,
                Cow::Owned(worker) if path == WORKER => compressed(path, worker_of(worker, &hash))?,
                script if path.ends_with(".js") => compressed(path, script_of(script))?,
                Cow::Borrowed(content) => compressed(path, Bytes::from_static(content))?,
                Cow::Owned(content) => compressed(path, Bytes::copy_from_slice(content))?,
            };
            files.insert(path.clone(), asset);
        }
        Ok(Self { files, hash })
    }

    /// A page: kept by the browser and asked about each time, so that a new version shows at once.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn answer(&self, path: &str, request: &HttpRequest) -> Result<HttpResponse> {
        self.answer_kept(path, request, "no-cache")
    }

    /// A file below `/static/`. Under another version's hash, of a page that was loaded before, or from a node that is
    /// newer, stands what this version has, for this once.
    fn answer_file(&self, path: &str, request: &HttpRequest) -> Result<HttpResponse> {
        if self.files.contains_key(path) {
            return self.answer(path, request);
        }
        let (hash, path) = path.split_once('/').ok_or(Error::NotFound("page"))?;
        let keep = if hash == self.hash { FOR_GOOD } else { "no-store" };
        self.answer_kept(path, request, keep)
    }

    fn answer_kept(&self, path: &str, request: &HttpRequest, keep: &'static str) -> Result<HttpResponse> {
        let asset = self.files.get(path).ok_or(Error::NotFound("page"))?;
        let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
        let gzip = asset.gzip.as_ref().filter(|_| accepts_gzip(header(ACCEPT_ENCODING)));
        let etag = format!("\"{}{}\"", asset.hash, if gzip.is_some() { "-gz" } else { "" });
        let is_known = header(IF_NONE_MATCH).split(',').any(|known| known.trim().trim_start_matches("W/") == etag);
        let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer.insert_header((CACHE_CONTROL, keep)).insert_header((VARY, "Accept-Encoding"));
        if keep != FOR_GOOD {
            answer.insert_header((ETAG, etag));
        }
        if is_known {
            return Ok(answer.finish());
        }
        answer.insert_header((CONTENT_TYPE, asset.content_type));
        if gzip.is_some() {
            answer.insert_header((CONTENT_ENCODING, "gzip"));
        }
        Ok(answer.body(gzip.unwrap_or(&asset.plain).clone()))
    }
}

/// A file of the pages.
pub async fn get(assets: web::Data<Assets>, path: web::Path<String>, request: HttpRequest) -> Result<HttpResponse> {
    assets.answer_file(&path, &request)
}

/// The script that holds the page for when this server cannot be reached. It stands at the root, where it may see every
/// page, and is another one with every version. Where the owner wants none, what browsers have takes itself away.
pub async fn worker(app: web::Data<App>, assets: web::Data<Assets>, request: HttpRequest) -> Result<HttpResponse> {
    let path = if app.config.offline_page == Switch::On { WORKER } else { "live/shell-gone.js" };
    assets.answer(path, &request)
}

/// The worker with its files' paths in full.
fn worker_of(worker: &[u8], hash: &str) -> Bytes {
    Bytes::from(String::from_utf8_lossy(worker).replace("'/static/", &format!("'/static/{hash}/")))
}

fn compressed(path: &str, plain: Bytes) -> std::io::Result<Asset> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&plain)?;
    let gzip = Some(encoder.finish()?).filter(|gzip| gzip.len() < plain.len()).map(Bytes::from);
    let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(&plain)[..16]);
    Ok(Asset { plain, gzip, hash, content_type: content_type(path) })
}

/// The script without what `/**` begins: types and sentences for whoever reads the source are a quarter of its weight.
/// Its lines stay where they were.
fn script_of(script: &[u8]) -> Bytes {
    let script = String::from_utf8_lossy(script);
    let (mut lean, mut rest) = (String::with_capacity(script.len()), &*script);
    while let Some((before, behind)) = rest.split_once("/**") {
        let (comment, after) = behind.split_once("*/").unwrap_or((behind, ""));
        lean.push_str(before);
        lean.extend(comment.matches('\n'));
        rest = after;
    }
    Bytes::from(lean + rest)
}

/// The page with its files' paths in full, and every module that it needs from the start.
fn page_of(contents: &BTreeMap<String, Cow<'static, [u8]>>, page: &[u8], hash: &str) -> Bytes {
    let page = String::from_utf8_lossy(page);
    let mut preloads = String::new();
    if let Some((_, rest)) = page.split_once("type=\"module\" src=\"/static/")
        && let Some((entry, _)) = rest.split_once('"')
    {
        for module in modules(contents, entry) {
            preloads.push_str(&format!("<link rel=\"modulepreload\" href=\"/static/{module}\">\n"));
        }
    }
    let whole = page.replacen("</head>", &format!("{preloads}</head>"), 1);
    Bytes::from(whole.replace("=\"/static/", &format!("=\"/static/{hash}/")))
}

/// What `entry` imports, and what that imports, without what is imported later.
fn modules(contents: &BTreeMap<String, Cow<'static, [u8]>>, entry: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![entry.to_owned()];
    while let Some(path) = waiting.pop() {
        let Some(content) = contents.get(&path) else { continue };
        let text = String::from_utf8_lossy(content);
        for imported in imports(&text).filter_map(|import| resolve(&path, import)) {
            if imported != entry && !found.contains(&imported) {
                found.push(imported.clone());
                waiting.push(imported);
            }
        }
    }
    found
}

/// The relative paths after `from` and `import`; `import(` comes later, if ever.
fn imports(text: &str) -> impl Iterator<Item = &str> {
    ["from", "import"].into_iter().flat_map(move |word| {
        text.match_indices(word).filter_map(move |(at, _)| {
            let rest = text[at + word.len()..].trim_start();
            let quote = rest.chars().next().filter(|first| matches!(first, '\'' | '"'))?;
            rest[1..].split_once(quote).map(|(path, _)| path).filter(|path| path.starts_with('.'))
        })
    })
}

/// `../core/api.js`, as `card/card.js` means it.
fn resolve(from: &str, import: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// `gzip` or `*`, unless its weight is 0.
fn accepts_gzip(accept: &str) -> bool {
    accept.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_named = matches!(parts.next(), Some("gzip" | "x-gzip" | "*"));
        let is_refused = parts.any(|part| part.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0));
        is_named && !is_refused
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("mp3") => "audio/mpeg",
        Some("wav") => "audio/wav",
        Some("ogg") => "audio/ogg",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_comes_without_its_documentation_line_by_line() {
        let source = "// @ts-check\n/**\n * Twice.\n */\nconst twice = (/** @type {number} */ n) => n * 2; // 'a' /* b */\n/** never";
        let lean = script_of(source.as_bytes());
        assert_eq!(lean, "// @ts-check\n\n\n\nconst twice = ( n) => n * 2; // 'a' /* b */\n");
    }

    /// What a person reads is never taken for a comment.
    #[test]
    fn no_script_has_the_sign_in_a_text() {
        for path in Embedded::iter().filter(|path| path.ends_with(".js")) {
            let script = Embedded::get(&path).map(|file| file.data).unwrap_or_default();
            for line in String::from_utf8_lossy(&script).lines().filter(|line| line.contains("/**")) {
                let before = line.split_once("/**").map(|(before, _)| before).unwrap_or_default();
                assert!(before.matches(['\'', '"']).count() % 2 == 0, "{path}: {line}");
            }
        }
    }
}
