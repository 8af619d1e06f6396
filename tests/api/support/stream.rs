//! A live stream, read event by event.

use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;

/// Longer than any push takes, on any machine that runs tests.
const PATIENCE: Duration = Duration::from_secs(10);
/// Long enough to see that nothing comes.
const QUIET: Duration = Duration::from_millis(250);

pub struct Stream {
    answer: reqwest::Response,
    read: String,
}

impl Stream {
    pub fn new(answer: reqwest::Response) -> Self {
        Self { answer, read: String::new() }
    }

    /// The next event of whatever name; comments are passed over. `None` at the end of the stream.
    async fn event(&mut self) -> Option<(String, Value)> {
        loop {
            while let Some((frame, rest)) = self.read.split_once("\n\n") {
                let frame = frame.to_owned();
                self.read = rest.to_owned();
                let line = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
                if let (Some(name), Some(data)) = (line("event: "), line("data: ")) {
                    return Some((name, serde_json::from_str(&data).unwrap()));
                }
            }
            let bytes = self.answer.chunk().await.ok()??;
            self.read.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    /// The next event of this name; others are passed over.
    pub async fn next(&mut self, name: &str) -> Value {
        let wanted = async {
            loop {
                match self.event().await {
                    Some((found, data)) if found == name => return data,
                    Some(_) => {}
                    None => panic!("the stream ended before a {name}"),
                }
            }
        };
        timeout(PATIENCE, wanted).await.unwrap_or_else(|_| panic!("no {name} came"))
    }

    /// Every event of this time.
    pub async fn hears_for(&mut self, time: Duration) -> Vec<(String, Value)> {
        let mut heard = Vec::new();
        let until = tokio::time::Instant::now() + time;
        while let Ok(Some(event)) = tokio::time::timeout_at(until, self.event()).await {
            heard.push(event);
        }
        heard
    }

    pub async fn card(&mut self) -> Value {
        self.next("card").await
    }

    /// The next card whose call has come to this state.
    pub async fn card_in(&mut self, state: &str) -> Value {
        loop {
            let card = self.card().await;
            if card["state"] == state {
                return card;
            }
        }
    }

    /// No card comes.
    pub async fn sees_no_card(&mut self) {
        let card = async {
            loop {
                match self.event().await {
                    Some((name, data)) if name == "card" => return data,
                    Some(_) => {}
                    None => std::future::pending().await,
                }
            }
        };
        if let Ok(card) = timeout(QUIET, card).await {
            panic!("a card came: {card}");
        }
    }

    /// The stream is ended by the server.
    pub async fn ends(&mut self) {
        let end = async { while self.event().await.is_some() {} };
        timeout(PATIENCE, end).await.expect("the stream goes on");
    }
}
