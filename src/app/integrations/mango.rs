//! A Mango integration's settings, as calls need them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::app::directory::Integration;
use crate::app::secrets;
use crate::domain::call::Direction;
use crate::domain::facts::CallFacts;
use crate::domain::phone::Phone;
use crate::error::{Error, Result};
use crate::telephony::address::Address;
use crate::telephony::mango::{Mango, TokenIn};

/// What is kept; the token is encrypted.
#[derive(Debug, Deserialize)]
pub struct MangoSettings {
    url: String,
    token: String,
    widget_id: Option<String>,
    #[serde(default)]
    token_in: Place,
    #[serde(default)]
    directions: Directions,
    /// As it was typed.
    default_number: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Place {
    #[default]
    Header,
    Query,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Directions {
    #[default]
    Both,
    In,
    Out,
}

/// Why a call is never sent as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Unsendable {
    #[error("the integration was removed")]
    IntegrationRemoved,
    #[error("the integration takes no calls of this direction")]
    OtherDirection,
    #[error(
        "the PBX did not say which of your numbers was called: set default_number for such calls, and send it again"
    )]
    NumberUnknown,
    #[error("the call cannot be read: its row is damaged")]
    CallDamaged,
    #[error("the number called is no public number, which Mango needs")]
    NotPublic,
}

/// Both ends of a call as Mango wants them.
#[derive(Debug, PartialEq, Eq)]
pub struct Ends {
    pub to: Phone,
    pub from: Option<Phone>,
}

impl MangoSettings {
    pub fn of(integration: &Integration) -> Result<Self> {
        serde_json::from_str(&integration.settings).map_err(Error::internal)
    }

    pub fn takes(&self, direction: Direction) -> bool {
        match self.directions {
            Directions::Both => true,
            Directions::In => direction == Direction::In,
            Directions::Out => direction == Direction::Out,
        }
    }

    /// Our end is the number dialled, else the default one, which `region` reads; an end that is no public number is
    /// left out.
    ///
    /// # Errors
    /// When nobody knows where the call went.
    pub fn ends(&self, facts: &CallFacts, region: &str) -> std::result::Result<Ends, Unsendable> {
        let public = |number: &str| Some(Phone::from_stored(number)).filter(Phone::is_e164);
        let client = public(facts.client_phone());
        let default = || Some(Phone::parse(self.default_number.as_deref()?, region)).filter(Phone::is_e164);
        let ours = facts.diversion.as_deref().and_then(public).or_else(default);
        match facts.direction() {
            Direction::In => Ok(Ends { to: ours.ok_or(Unsendable::NumberUnknown)?, from: client }),
            Direction::Out => Ok(Ends { to: client.ok_or(Unsendable::NotPublic)?, from: ours }),
        }
    }

    /// The way to Mango.
    ///
    /// # Errors
    /// `Conflict` `secret_key` without the right key file.
    pub async fn open(self, app: &App, integration_id: &str) -> Result<Mango> {
        Ok(Mango {
            address: Address::parse(&self.url).ok_or_else(|| Error::internal("a kept address is none"))?,
            token: secrets::key(app).await?.open(integration_id, "token", &self.token)?,
            token_in: match self.token_in {
                Place::Header => TokenIn::Header,
                Place::Query => TokenIn::Query,
            },
            widget_id: self.widget_id,
            client: app.client()?,
        })
    }
}
