//! A connection whose every answer has its time: what is not there by then is waited for no longer, and the connection
//! is worth nothing any more.

use std::error::Error as StdError;
use std::future::poll_fn;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout_at;
use tokio_postgres::{AsyncMessage, Client, Connection, Error, Notification};

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// The server's words, or the driver's.
    Said(Error),
    /// Nothing came in time.
    Silent,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Said(error)
    }
}

/// Makes, uses and drops a connection on a thread of the store.
pub struct Wire {
    client: Client,
    heard: UnboundedReceiver<Notification>,
    /// Nothing is waited for beyond this instant.
    pub deadline: Instant,
    /// Which of the address's hosts it leads to.
    pub host: usize,
    is_lost: bool,
    /// Moves the bytes while somebody asks. Always there until the drop.
    runtime: Option<Runtime>,
}

impl Wire {
    /// Connects as `connecting` says, which answers the two halves, the second as what drives it.
    pub fn open(
        host: usize,
        deadline: Instant,
        connecting: impl AsyncFnOnce() -> Result<Halves, Failure>,
    ) -> Result<Self, Failure> {
        // A thread of the store has nothing else to do meanwhile.
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|_| Failure::Silent)?;
        let opened = runtime.block_on(async {
            let (client, heard, driver) =
                timeout_at(deadline.into(), connecting()).await.unwrap_or(Err(Failure::Silent))?;
            tokio::spawn(driver);
            Ok((client, heard))
        });
        match opened {
            Ok((client, heard)) => Ok(Self { client, heard, deadline, host, is_lost: false, runtime: Some(runtime) }),
            Err(failure) => {
                runtime.shutdown_background();
                Err(failure)
            }
        }
    }

    /// Asks, and waits for the answer until the deadline. Never from an async thread.
    pub fn ask<T>(&mut self, question: impl AsyncFnOnce(&mut Client) -> Result<T, Error>) -> Result<T, Failure> {
        let Some(runtime) = &self.runtime else { return Err(Failure::Silent) };
        let (client, deadline) = (&mut self.client, self.deadline.into());
        match runtime.block_on(async { timeout_at(deadline, question(client)).await }) {
            Ok(answer) => Ok(answer?),
            Err(_) => {
                self.is_lost = true;
                Err(Failure::Silent)
            }
        }
    }

    /// What other connections notify of, as soon as some has come; nothing, when none has for so long.
    pub fn hear(&mut self, patience: Duration) -> Vec<Notification> {
        let Some(runtime) = &self.runtime else { return Vec::new() };
        let heard = &mut self.heard;
        runtime.block_on(async {
            let mut all = Vec::new();
            let _ = tokio::time::timeout(patience, heard.recv_many(&mut all, usize::MAX)).await;
            all
        })
    }

    /// Nothing will come of it any more.
    pub fn is_lost(&self) -> bool {
        self.is_lost || self.client.is_closed()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // A name that is still being looked up holds nobody.
        self.runtime.take().into_iter().for_each(Runtime::shutdown_background);
    }
}

/// Who asks, what is heard beside the answers, and what moves the bytes.
type Halves = (Client, UnboundedReceiver<Notification>, std::pin::Pin<Box<dyn Future<Output = ()> + Send>>);

/// A connection in its halves.
pub fn halves<S, T>(client: Client, connection: Connection<S, T>) -> Halves
where
    Connection<S, T>: Send + 'static,
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let (tell, heard) = unbounded_channel();
    (client, heard, Box::pin(drive(connection, tell)))
}

/// Ends with the connection; whoever waits for an answer then hears that it was closed.
async fn drive<S, T>(mut connection: Connection<S, T>, tell: UnboundedSender<Notification>)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        if let AsyncMessage::Notification(notification) = message {
            let _ = tell.send(notification);
        }
    }
}

/// The server's own words, which the driver keeps apart.
pub fn describe(failure: &Failure) -> String {
    let Failure::Said(error) = failure else { return "PostgreSQL: no answer in time".to_owned() };
    match (error.as_db_error(), StdError::source(error)) {
        (Some(said), _) => format!("PostgreSQL: {} ({})", said.message(), said.code().code()),
        (None, Some(cause)) => format!("PostgreSQL: {error}: {cause}"),
        (None, None) => format!("PostgreSQL: {error}"),
    }
}
