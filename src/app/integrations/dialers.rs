//! What places calls through an integration: its settings opened, its secrets in clear for this one use.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::app::directory::Integration;
use crate::app::memory::key::SecretKey;
use crate::app::secrets;
use crate::app::{App, token};
use crate::domain::integration::Kind;
use crate::domain::phone::Phone;
use crate::error::{Code, Error, Result};
use crate::telephony::Dialer;
use crate::telephony::address::Address;
use crate::telephony::cloud_pbx::CloudPbx;
use crate::telephony::sipsim::SipSim;
use crate::telephony::uis::Uis;
use crate::telephony::uis::options::Options;

/// Settings as they are kept, and the key that opens their secrets.
struct Opened {
    integration_id: String,
    members: Map<String, Value>,
    key: SecretKey,
}

impl Opened {
    fn text(&self, name: &str) -> Option<String> {
        self.members.get(name).and_then(Value::as_str).map(str::to_owned)
    }

    fn needed(&self, name: &str) -> Result<String> {
        self.text(name).ok_or_else(|| Error::internal(format!("the setting {name} is not there")))
    }

    fn secret(&self, name: &str) -> Result<SecretString> {
        self.key.open(&self.integration_id, name, &self.needed(name)?)
    }

    fn address(&self) -> Result<Address> {
        Address::parse(&self.needed("url")?).ok_or_else(|| Error::internal("a kept address is none"))
    }
}

/// What places calls through this integration.
///
/// # Errors
/// `Conflict` `not_available` for a kind that cannot dial, `secret_key` without the right key file.
pub async fn of(app: &App, integration: &Integration) -> Result<Dialer> {
    let members = integration.members()?;
    let opened = Opened { integration_id: integration.id.clone(), members, key: secrets::key(app).await? };
    match integration.kind {
        Kind::CloudPbx => {
            let (address, token) = (opened.address()?, opened.secret("token")?);
            Ok(Dialer::CloudPbx(CloudPbx { address, token, client: app.client()? }))
        }
        Kind::Sipsim => sipsim(app, &opened).map(Dialer::SipSim),
        Kind::Uis => {
            let region = app.directory().await?.settings.region.clone();
            uis(app, &opened, &region).map(Dialer::Uis)
        }
        Kind::Mango => Err(Error::conflict(
            Code::NotAvailable,
            "Mango is told of calls, and neither places them nor names its people",
        )),
    }
}

fn sipsim(app: &App, opened: &Opened) -> Result<SipSim> {
    Ok(SipSim {
        address: opened.address()?,
        crm_name: opened.needed("crm_name")?,
        crm_token: opened.secret("crm_token")?,
        token: opened.secret("token")?,
        id_field: opened.text("id_field").unwrap_or_else(|| "pbx_id".to_owned()),
        crm_user_email: opened.text("crm_user_email"),
        client: app.client()?,
    })
}

fn uis(app: &App, opened: &Opened, region: &str) -> Result<Uis> {
    let options: Options = serde_json::from_value(opened.members.clone().into()).map_err(Error::internal)?;
    let (address, login, password) = (opened.address()?, opened.needed("login")?, opened.secret("password")?);
    let signed_in_with = format!("{}\n{login}\n{}", address.as_str(), password.expose_secret());
    Ok(Uis {
        address,
        login,
        password,
        options: options.with_numbers(|number| Phone::parse(number, region).digits()),
        session: app.uis_sessions.of(&opened.integration_id, token::hash(&signed_in_with))?,
        client: app.client()?,
        clock: app.clock.clone(),
    })
}
