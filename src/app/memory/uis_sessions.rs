//! The sessions of UIS accounts.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::error::{Error, Result};
use crate::telephony::uis::session::UisSession;

/// The sessions of UIS accounts, by integration: each with what it was signed in with, hashed.
#[derive(Default)]
pub struct UisSessions(Mutex<HashMap<String, (String, UisSession)>>);

impl UisSessions {
    /// The session of this integration; a new one when address, login or password have changed.
    pub fn of(&self, integration_id: &str, signed_in_with: String) -> Result<UisSession> {
        let mut kept = self.0.lock().map_err(Error::internal)?;
        if let Some((with, session)) = kept.get(integration_id)
            && *with == signed_in_with
        {
            return Ok(session.clone());
        }
        let session = UisSession::default();
        kept.insert(integration_id.to_owned(), (signed_in_with, session.clone()));
        Ok(session)
    }
}
