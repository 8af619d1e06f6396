//! The second factor: codes of an authenticator app beside the password, and recovery codes for when the phone is lost.
//! The secret is sealed as the outside systems' are; recovery codes are kept as hashes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use qrcode::QrCode;
use qrcode::render::svg;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

use crate::app::audit::Note;
use crate::app::{App, secrets, token};
use crate::domain::audit::Action;
use crate::domain::fault::Fault;
use crate::domain::fold::fold;
use crate::domain::one_time_code::{SECRET_BYTES, find_step, spelled};
use crate::domain::user::User;
use crate::error::{Code, Error, Result};
use crate::store::tables::second_factors::{self, SecondFactorRow};
use crate::store::tables::users;
use crate::store::tx::{Topic, Tx};

/// What the secret is sealed for, with the person's id.
const FIELD: &str = "second_factor";
const RECOVERY_CODES: usize = 10;
/// 120 bits: too many to be guessed from a hash.
const RECOVERY_BYTES: usize = 15;
/// Of those with 80 bits, which are good as long as they last.
const FEWEST_LETTERS: usize = 16;

/// A secret for the person's app; it counts when the app's first code has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct Offer {
    /// For an app that cannot look at the picture.
    pub secret: String,
    /// The same as an `otpauth:` address.
    pub uri: String,
    /// The same as a picture, a `data:` address.
    pub qr: String,
}

/// Makes a secret for a person who has none in use.
///
/// # Errors
/// `Conflict` `second_factor_on`; `secret_key`.
pub async fn offer(app: &App, user: &User) -> Result<Offer> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    let secret = spelled(&bytes);
    let sealed = secrets::key(app).await?.seal(&user.id, FIELD, &STANDARD.encode(bytes))?;
    let id = user.id.clone();
    app.store
        .write(move |tx| {
            if second_factors::find(tx, &id)?.is_some_and(|row| row.since_ms.is_some()) {
                return Err(Error::conflict(Code::SecondFactorOn, "there is one already: turn it off first"));
            }
            second_factors::put(tx, &id, &sealed)
        })
        .await?;
    let mut uri = Url::parse("otpauth://totp/").map_err(Error::internal)?;
    uri.set_path(&format!("ringcard:{}", user.login));
    uri.query_pairs_mut().append_pair("secret", &secret).append_pair("issuer", "ringcard");
    let uri = uri.to_string();
    let picture =
        QrCode::new(&uri).map_err(Error::internal)?.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    Ok(Offer { secret, uri, qr: format!("data:image/svg+xml;base64,{}", STANDARD.encode(picture)) })
}

/// The app's first code: from now on sign-in asks for one. The answer is the recovery codes, for this one time.
///
/// # Errors
/// `Invalid` for a wrong code; `Conflict` `second_factor_on`; `NotFound` without an offer; `TooMany`.
pub async fn confirm(app: &App, user: &User, code: &str) -> Result<Vec<String>> {
    let row = find(app, &user.id).await?.ok_or(Error::NotFound("second factor"))?;
    if row.since_ms.is_some() {
        return Err(Error::conflict(Code::SecondFactorOn, "there is one already"));
    }
    app.code_attempts.begin(&user.id, None, app.clock.running_ms())?;
    let now_ms = app.clock.now_ms();
    let step = find_step(&open(app, &row).await?, code, now_ms, None);
    let step = step.ok_or_else(|| Error::field("code", Fault::WrongCode))?;
    app.code_attempts.succeed(&user.id, None);
    let codes = (0..RECOVERY_CODES).map(|_| recovery_code()).collect::<Result<Vec<_>>>()?;
    let hashes: Vec<String> = codes.iter().map(|code| hash(code)).collect();
    let (id, note) = (user.id.clone(), Note::new(app, Action::SecondFactorOn));
    app.store
        .write(move |tx| {
            if !second_factors::begin(tx, &id, &row.secret, now_ms)? {
                return Err(Error::NotFound("second factor"));
            }
            second_factors::use_step(tx, &id, step)?;
            hashes.iter().try_for_each(|hash| second_factors::insert_recovery(tx, &id, hash))?;
            note.keep(tx)?;
            tx.notify(Topic::Directory, &id);
            Ok(())
        })
        .await?;
    Ok(codes)
}

/// Turns it off, for whoever knows the password.
///
/// # Errors
/// `Invalid` for a wrong password; `NotFound` when there is none; `TooMany`.
pub async fn turn_off(app: &App, user: &User, password: SecretString) -> Result<()> {
    prove_password(app, user, password, "password").await?;
    take_away(app, &user.id, &user.login).await
}

/// That whoever sits at the browser knows the password; `member` is where he wrote it. Tries are counted by person.
///
/// # Errors
/// `Invalid` for a wrong one; `TooMany`.
pub async fn prove_password(app: &App, user: &User, password: SecretString, member: &'static str) -> Result<()> {
    app.code_attempts.begin(&user.id, None, app.clock.running_ms())?;
    let login_key = fold(&user.login);
    let known = app.store.show(move |tx| users::find_credentials(tx, &login_key)).await?;
    let kept = known.map(|(_, hash)| hash).filter(|hash| !hash.is_empty());
    if !app.passwords.verify(password, kept, app.by.address).await? {
        return Err(Error::field(member, Fault::WrongPassword));
    }
    app.code_attempts.succeed(&user.id, None);
    Ok(())
}

/// Takes it away from somebody who lost it.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn take_away(app: &App, user_id: &str, login: &str) -> Result<()> {
    let (id, note) = (user_id.to_owned(), Note::new(app, Action::SecondFactorOff).about(user_id, login));
    app.store
        .write(move |tx| {
            if !second_factors::delete(tx, &id)? {
                return Err(Error::NotFound("second factor"));
            }
            note.keep(tx)?;
            tx.notify(Topic::Directory, &id);
            Ok(())
        })
        .await
}

/// What a sign-in proves beside the password; used up with the session's own transaction.
#[derive(Clone)]
pub enum Proof {
    /// Nothing is asked for.
    None,
    Step(i64),
    /// A recovery code's hash.
    Recovery(String),
}

/// What this code is, of whoever signs in with the right password.
///
/// # Errors
/// `SecondFactorNeeded` without a code; `WrongCode`; `TooMany`; `Conflict` `secret_key`.
pub async fn prove(app: &App, user_id: &str, code: Option<&str>) -> Result<Proof> {
    let Some(row) = find(app, user_id).await?.filter(|row| row.since_ms.is_some()) else { return Ok(Proof::None) };
    let code = code.ok_or(Error::SecondFactorNeeded)?;
    app.code_attempts.begin(user_id, None, app.clock.running_ms())?;
    if is_recovery(code) {
        return Ok(Proof::Recovery(hash(code)));
    }
    let step = find_step(&open(app, &row).await?, code, app.clock.now_ms(), row.used_step);
    step.map(Proof::Step).ok_or(Error::WrongCode)
}

impl Proof {
    /// Uses it up.
    ///
    /// # Errors
    /// `WrongCode` when it was used before, or never was.
    pub fn take(&self, tx: &mut Tx, user_id: &str) -> Result<()> {
        let is_taken = match self {
            Self::None => true,
            Self::Step(step) => second_factors::use_step(tx, user_id, *step)?,
            Self::Recovery(hash) => second_factors::take_recovery(tx, user_id, hash)?,
        };
        if is_taken { Ok(()) } else { Err(Error::WrongCode) }
    }
}

async fn find(app: &App, user_id: &str) -> Result<Option<SecondFactorRow>> {
    let id = user_id.to_owned();
    app.store.show(move |tx| second_factors::find(tx, &id)).await
}

async fn open(app: &App, row: &SecondFactorRow) -> Result<Vec<u8>> {
    let secret = secrets::key(app).await?.open(&row.user_id, FIELD, &row.secret)?;
    STANDARD.decode(secret.expose_secret()).map_err(Error::internal)
}

/// Six groups of four.
fn recovery_code() -> Result<String> {
    let mut bytes = [0; RECOVERY_BYTES];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    let letters: Vec<char> = spelled(&bytes).to_lowercase().chars().collect();
    Ok(letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-"))
}

/// Its letters and digits, however they were typed.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn is_recovery(code: &str) -> bool {
    plain(code).len() >= FEWEST_LETTERS
}

fn hash(code: &str) -> String {
    token::hash(&plain(code))
}
