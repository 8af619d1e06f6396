//! A call's recording: the sound itself, by parts if asked so, as it comes from where it is kept; and another try to fetch it.

use actix_web::body::SizedStream;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, IF_RANGE, RANGE,
};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::app::desk::past;
use crate::app::recordings::listen;
use crate::domain::call::Call;
use crate::error::Result;
use crate::http::edge::auth::{Acting, Operator};

/// The sound of a call, with Range. Whoever hears its beginning is kept in `heard_by`.
#[utoipa::path(
    get, path = "/api/calls/{id}/recording", tag = "calls",
    responses(
        (status = 200, description = "The file", content_type = "audio/*"),
        (status = 206, description = "The part that was asked for", content_type = "audio/*"),
        (status = 404, description = "There is none, or none yet"),
        (status = 416, description = "It is not so long"),
    )
)]
pub async fn play(user: Operator, app: Acting, id: web::Path<String>, request: HttpRequest) -> Result<HttpResponse> {
    let opened = listen::open(&app, &id).await?;
    let (size, etag) = (opened.size_bytes, format!("\"{}\"", opened.version));
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let is_same = header(IF_RANGE).is_none_or(|version| version == etag);
    let asked = header(RANGE).filter(|_| is_same).map_or(Asked::Whole, |range| Asked::of(range, size));
    let (status, first, length) = match asked {
        Asked::Whole => (StatusCode::OK, 0, size),
        Asked::Part { first, last } => (StatusCode::PARTIAL_CONTENT, first, last - first + 1),
        Asked::Nothing => {
            let answer =
                HttpResponse::RangeNotSatisfiable().insert_header((CONTENT_RANGE, format!("bytes */{size}"))).finish();
            return Ok(answer);
        }
    };
    let sound = opened.part(&app, first, length).await?;
    if first == 0 && *request.method() == Method::GET {
        listen::note(&app, &user.0, &id).await?;
    }
    let mut answer = HttpResponse::build(status);
    answer.insert_header((CONTENT_TYPE, opened.media.content_type())).insert_header((ACCEPT_RANGES, "bytes"));
    answer.insert_header((ETAG, etag)).insert_header((CACHE_CONTROL, "private, no-cache"));
    answer.insert_header((
        CONTENT_DISPOSITION,
        format!("inline; filename=\"call-{}.{}\"", name(&id), opened.media.as_str()),
    ));
    if status == StatusCode::PARTIAL_CONTENT {
        answer.insert_header((CONTENT_RANGE, format!("bytes {first}-{}/{size}", first + length - 1)));
    }
    Ok(answer.body(SizedStream::new(length, sound)))
}

/// Fetches it now, as if for the first time.
#[utoipa::path(post, path = "/api/calls/{id}/recording/retry", tag = "calls", responses((status = 200, body = Call), (status = 404)))]
pub async fn fetch(_: Operator, app: web::Data<App>, id: web::Path<String>) -> Result<web::Json<Call>> {
    listen::retry(&app, &id).await?;
    past::get(&app, &id).await.map(web::Json)
}

/// The id as it may stand in a header.
fn name(id: &str) -> String {
    id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

/// What `Range` asks for of so many bytes. What is no range, or several, is the whole (RFC 9110, 14.2).
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    Part {
        first: u64,
        last: u64,
    },
    /// It begins behind the end.
    Nothing,
}

impl Asked {
    fn of(range: &str, size: u64) -> Self {
        let Some((first, last)) = range.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
            return Self::Whole;
        };
        let (first, last) = (first.trim(), last.trim());
        let (first, last) = match (first.parse::<u64>(), last.parse::<u64>()) {
            (Ok(first), Ok(last)) if first <= last => (first, last),
            (Ok(first), Err(_)) if last.is_empty() => (first, u64::MAX),
            (Err(_), Ok(0)) if first.is_empty() => return Self::Nothing,
            (Err(_), Ok(count)) if first.is_empty() => (size.saturating_sub(count), u64::MAX),
            _ => return Self::Whole,
        };
        if first >= size {
            return Self::Nothing;
        }
        Self::Part { first, last: last.min(size - 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_one_part_or_the_whole() {
        let of = |range: &str| Asked::of(range, 100);
        let part = |first, last| Asked::Part { first, last };
        assert_eq!(of("bytes=0-"), part(0, 99));
        assert_eq!(of("bytes=10-19"), part(10, 19));
        assert_eq!(of("bytes=90-900"), part(90, 99));
        assert_eq!(of("bytes=-10"), part(90, 99));
        assert_eq!(of("bytes=-1000"), part(0, 99));
        for behind in ["bytes=100-", "bytes=-0", "bytes=100-200"] {
            assert_eq!(of(behind), Asked::Nothing, "{behind}");
        }
        for whole in ["", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "bytes=0-1,5-6", "lines=1-2"] {
            assert_eq!(of(whole), Asked::Whole, "{whole}");
        }
        assert_eq!(Asked::of("bytes=0-", 0), Asked::Nothing);
    }
}
