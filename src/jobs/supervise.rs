//! Keeps the loops of the background going: one that fails or panics starts again, later each time, and the node is not
//! ready meanwhile.

use std::convert::Infallible;
use std::fmt::Display;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::Duration;

use futures_util::FutureExt;

use crate::app::App;

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A round that has gone on for so long after a failure is well.
const SOUND_AFTER: Duration = Duration::from_secs(5);

/// Runs `round` again and again on this thread's runtime, as long as that lasts. A round answers how long to wait for the
/// next one; a loop that listens may be one endless round.
pub fn keep<E: Display + 'static>(
    app: &App,
    name: &'static str,
    round: impl AsyncFnMut() -> Result<Duration, E> + 'static,
) {
    actix_web::rt::spawn(supervise(app.clone(), name, round));
}

async fn supervise<E: Display>(
    app: App,
    name: &'static str,
    mut round: impl AsyncFnMut() -> Result<Duration, E>,
) -> Infallible {
    let mut pause = FIRST_PAUSE;
    app.jobs.note_well(name);
    loop {
        let ended = {
            let mut running = pin!(AssertUnwindSafe(round()).catch_unwind());
            match tokio::time::timeout(SOUND_AFTER, &mut running).await {
                Ok(ended) => ended,
                Err(_) => {
                    app.jobs.note_well(name);
                    pause = FIRST_PAUSE;
                    running.await
                }
            }
        };
        let why = match ended {
            Ok(Ok(rest)) => {
                app.jobs.note_well(name);
                pause = FIRST_PAUSE;
                tokio::time::sleep(rest).await;
                continue;
            }
            Ok(Err(error)) => error.to_string(),
            // The panic itself has been printed where it happened.
            Err(_) => "it panicked".to_owned(),
        };
        app.jobs.note_failure(name, &why);
        tracing::error!(job = name, why, again_in_s = pause.as_secs(), "a job has failed and starts again");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
