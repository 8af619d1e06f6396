//! The made-up business before its first call: one PBX, its people, its numbers. What is there already is used.

use std::sync::Arc;

use serde_json::json;

use crate::app::directory::Directory;
use crate::app::people::users;
use crate::app::{App, integrations, settings, token};
use crate::cli::demo_samples::{NUMBERS, PEOPLE};
use crate::cli::fill::chance::Chance;
use crate::domain::integration::Kind;
use crate::domain::user::{Line, Role};
use crate::error::{Error, Result};
use crate::store::tables::call_walks::{self, Look, Path};
use crate::store::tables::contact_walks;

const PBX_NAME: &str = "Облачная АТС";
/// (login, name) of the operators beside the people of the demo.
const MORE_PEOPLE: [(&str, &str); 5] = [
    ("vera", "Вера Королёва"),
    ("fedor", "Фёдор Киселёв"),
    ("galina", "Галина Зайцева"),
    ("semen", "Семён Ильин"),
    ("zoya", "Зоя Каримова"),
];
/// (number, label) beside the numbers of the demo.
const MORE_NUMBERS: [(&str, &str); 3] =
    [("+78001234569", "Бесплатный"), ("+78121234570", "Петербург"), ("+74951234571", "Визитка")];

/// Who takes the calls, and where they arrive.
pub struct Scene {
    pub directory: Arc<Directory>,
    pub integration_id: String,
    /// PBX accounts, at least one.
    pub accounts: Vec<String>,
    /// The ids of their users, in the same order.
    pub people: Vec<String>,
    pub lines: Vec<String>,
}

/// # Errors
/// `Conflict` when the store holds calls or contacts.
pub async fn furnish(app: &App, seed: u64) -> Result<Scene> {
    refuse_what_is_used(app).await?;
    let mut chance = Chance::of(seed, 0);
    let integration_id = connect(app, &mut chance).await?;
    if app.directory().await?.users.is_empty() {
        hire(app, &integration_id, &mut chance).await?;
    }
    if app.directory().await?.settings.numbers.is_empty() {
        let number = |(number, label): &(&str, &str)| json!({"number": number, "label": label});
        let numbers: Vec<_> = NUMBERS.iter().chain(&MORE_NUMBERS).map(number).collect();
        settings::update(app, [("numbers".to_owned(), numbers.into())].into_iter().collect()).await?;
    }
    let directory = app.directory().await?;
    let (accounts, people) = staff(&directory, &integration_id)?;
    let lines = directory.settings.numbers.iter().map(|one| one.number.clone()).collect();
    Ok(Scene { integration_id, accounts, people, lines, directory })
}

async fn refuse_what_is_used(app: &App) -> Result<()> {
    let is_used = app.store.show(|tx| {
        let calls = call_walks::walk(tx, &Path::All, &(i64::MAX, String::new()), &Look::default())?.rows;
        let contacts = contact_walks::walk_all(tx, &(i64::MAX, String::new()))?.rows;
        Ok(!calls.is_empty() || !contacts.is_empty())
    });
    if is_used.await? {
        return Err(Error::BadRequest("the store holds calls or contacts: only an empty one is filled".to_owned()));
    }
    Ok(())
}

/// The id of the Cloud PBX.
async fn connect(app: &App, chance: &mut Chance) -> Result<String> {
    let directory = app.directory().await?;
    let known = directory.integrations().into_iter().find(|one| one.kind == Kind::CloudPbx);
    if let Some(known) = known {
        return Ok(known.id.clone());
    }
    let connection = json!({"url": "https://pbx.example/sys/crm_api.wcgp", "token": token::new()?});
    let connection = connection.as_object().cloned().unwrap_or_default();
    let id = chance.id_at(app.clock.now_ms());
    Ok(integrations::add_as(app, id, Kind::CloudPbx, PBX_NAME, connection).await?.id)
}

/// People whose password nobody knows until it is set.
async fn hire(app: &App, integration_id: &str, chance: &mut Chance) -> Result<()> {
    let now_ms = app.clock.now_ms();
    let known = PEOPLE.iter().map(|one| (one.login, one.name, one.role));
    let more = MORE_PEOPLE.iter().map(|(login, name)| (*login, *name, Role::Operator));
    let hired = known.chain(more).map(|(login, name, role)| {
        let line = Line { integration: integration_id.to_owned(), account: login.to_owned() };
        (users::row(chance.id_at(now_ms), login, name, role), vec![line])
    });
    users::create_locked(app, hired.collect()).await
}

/// Everybody with a line at this PBX; nobody has one: lines that the PBX knows, under the default user.
fn staff(directory: &Directory, integration_id: &str) -> Result<(Vec<String>, Vec<String>)> {
    let mut staff: Vec<(String, String)> = Vec::new();
    for user in &directory.users {
        let here = user.lines.iter().filter(|line| line.integration == integration_id);
        staff.extend(here.map(|line| (line.account.clone(), user.id.clone())));
    }
    if staff.is_empty() {
        let one = directory.default_user().or(directory.users.first());
        let one = one.ok_or_else(|| Error::internal("nobody is there to take calls"))?;
        staff.extend(PEOPLE.iter().map(|person| (person.login.to_owned(), one.id.clone())));
    }
    // By account, whatever ids the people have.
    staff.sort();
    Ok(staff.into_iter().unzip())
}
