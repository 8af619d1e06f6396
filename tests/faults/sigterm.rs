//! R9: told to end, the program says goodbye to its streams, keeps what it acknowledged, and is gone in two seconds.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use crate::program::Business;

const STREAMS: usize = 100;

#[tokio::test]
async fn r9_a_hundred_open_streams_are_told_and_hold_nothing_up() {
    let business = Arc::new(Business::opens());
    let mut server = business.serves().await;
    let cookie = business.signs_in(&server).await;
    let open = async |_| {
        let request = business.http.get(format!("{}/api/live", server.url)).header("cookie", &cookie);
        let mut stream = request.send().await.unwrap();
        assert_eq!(stream.status(), 200);
        assert!(stream.chunk().await.unwrap().unwrap().starts_with(b"event: snapshot"));
        stream
    };
    let streams = join_all((0..STREAMS).map(open)).await;
    let pushes = tokio::spawn({
        let (business, url) = (Arc::clone(&business), server.url.clone());
        async move {
            let mut acknowledged = Vec::new();
            for number in 0.. {
                let callid = number.to_string();
                if !business.push(&url, &callid, true).await {
                    break;
                }
                acknowledged.push(callid);
            }
            acknowledged
        }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    let (took, ended_well) = server.ends().await;
    assert!(ended_well);
    assert!(took < Duration::from_secs(2), "{took:?}");
    let goodbyes = join_all(streams.into_iter().map(async |mut stream: reqwest::Response| {
        let mut text = Vec::new();
        while let Ok(Some(bytes)) = stream.chunk().await {
            text.extend_from_slice(&bytes);
        }
        String::from_utf8(text).unwrap().contains("event: bye\n")
    }));
    assert_eq!(goodbyes.await.into_iter().filter(|was_told| *was_told).count(), STREAMS);
    let acknowledged = pushes.await.unwrap();
    assert!(!acknowledged.is_empty());
    let server = business.serves().await;
    let kept = business.callids(&server).await;
    assert!(acknowledged.iter().all(|callid| kept.contains(callid)));
}
