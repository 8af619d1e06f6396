//! Somebody listens to a recording, or wants it fetched again.

use crate::app::App;
use crate::app::audit::Note;
use crate::app::recordings::plan::again;
use crate::app::recordings::vault::{Sound, Vault};
use crate::domain::audit::Action;
use crate::domain::recording::{Media, Progress};
use crate::domain::user::User;
use crate::error::{Error, Result};
use crate::store::tables::recordings::{self, RecordingRow};
use crate::store::tables::{calls, recording_listeners};
use crate::store::tx::{Topic, Tx};

/// A recording to be played.
#[derive(Debug)]
pub struct Opened {
    id: String,
    call_id: String,
    pub media: Media,
    pub size_bytes: u64,
    /// Another one when another file takes its place.
    pub version: String,
}

/// The recording of a call.
///
/// # Errors
/// `NotFound` while it is not there.
pub async fn open(app: &App, call_id: &str) -> Result<Opened> {
    let call = call_id.to_owned();
    let row = app.store.show(move |tx| find(tx, &call)).await?;
    let row = row.filter(|row| row.state == Progress::Ready.as_str()).ok_or(Error::NotFound("recording"))?;
    let media = Media::parse(&row.media).ok_or(Error::NotFound("recording"))?;
    let size_bytes = row.size_bytes.and_then(|size| u64::try_from(size).ok()).ok_or(Error::NotFound("recording"))?;
    let version = format!("{}-{}", row.id, row.changed_ms);
    Ok(Opened { id: row.id, call_id: call_id.to_owned(), media, size_bytes, version })
}

impl Opened {
    /// So many bytes of it from `first` on.
    ///
    /// # Errors
    /// `NotFound` when its file is gone: it is fetched again.
    pub async fn part(&self, app: &App, first: u64, length: u64) -> Result<Sound> {
        let sound = Vault::of(app)?.open(&self.id, first, length).await.map_err(Error::internal)?;
        if let Some(sound) = sound {
            return Ok(sound);
        }
        tracing::warn!(recording = self.id, "a recording's file is gone; it is fetched again");
        retry(app, &self.call_id).await?;
        Err(Error::NotFound("recording"))
    }
}

/// This person begins to listen.
///
/// # Errors
/// What the store says.
pub async fn note(app: &App, user: &User, call_id: &str) -> Result<()> {
    let (user_id, call_id, now_ms) = (user.id.clone(), call_id.to_owned(), app.clock.now_ms());
    let note = Note::new(app, Action::RecordingPlayed).by(&user_id);
    app.store
        .write(move |tx| {
            let Some(call) = calls::find(tx, &call_id)? else { return Ok(()) };
            if recording_listeners::note(tx, &call.id, &user_id, now_ms)? {
                calls::lock(tx, &call.id)?;
                note.clone().about(&call.id, "").keep(tx)?;
                tx.notify(Topic::Call, &call.id);
            }
            Ok(())
        })
        .await
}

/// It is fetched now, as if for the first time.
///
/// # Errors
/// `NotFound`, also of one whose time is over.
pub async fn retry(app: &App, call_id: &str) -> Result<()> {
    let (call_id, now_ms) = (call_id.to_owned(), app.clock.now_ms());
    app.store
        .write(move |tx| {
            let call = calls::lock(tx, &call_id)?.ok_or(Error::NotFound("call"))?;
            let row = recordings::lock_of_call(tx, &call.id)?.ok_or(Error::NotFound("recording"))?;
            if row.state == Progress::Erased.as_str() {
                return Err(Error::NotFound("recording"));
            }
            recordings::save(tx, &again(row, now_ms))?;
            tx.notify(Topic::Call, &call.id);
            Ok(())
        })
        .await
}

fn find(tx: &mut Tx, call_id: &str) -> Result<Option<RecordingRow>> {
    let call = calls::find(tx, call_id)?.ok_or(Error::NotFound("call"))?;
    recordings::find_of_call(tx, &call.id)
}
