//! What the owner may change, and the rules for it.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::app::App;
use crate::app::audit::Note;
use crate::app::directory::Directory;
use crate::domain::audit::Action;
use crate::domain::calendar;
use crate::domain::desk_name;
use crate::domain::fault::Fault;
use crate::domain::outcome::{self, Outcome};
use crate::domain::phone::Phone;
use crate::domain::settings::{NumberLabel, Retention, Settings};
use crate::domain::text::clean_line;
use crate::domain::working_hours::{Interval, WorkingHours};
use crate::error::{Error, FieldError, Result};
use crate::store::tables::settings;
use crate::store::tx::Topic;

const NUMBERS: usize = 200;
const OUTCOMES: usize = 9;
/// With those that are archived.
const OUTCOMES_EVER: usize = 200;
const LABEL_CHARS: usize = 50;
const DAYS: i64 = 36_500;
const SITES: usize = 100;
const INTERVALS: usize = 10;
const EXCEPTIONS: usize = 400;
const WEEK_MIN: i64 = 7 * 24 * 60;
const TEMPLATE_CHARS: usize = 100;
const RETURN_H: i64 = 30 * 24;

/// Changes the settings that `patch` names; inside `retention` too, absent members stay as they are. Returns
/// all settings.
///
/// # Errors
/// `Invalid`, naming every refused member.
pub async fn update(app: &App, patch: Map<String, Value>) -> Result<Settings> {
    let region = app.config.default_region.clone();
    let written = patch.get("outcomes").and_then(Value::as_array).map_or(0, Vec::len);
    let fresh: Vec<_> = (0..written).map(|_| app.clock.new_id()).collect();
    let note = Note::new(app, Action::SettingsChanged).changing(patch.keys().map(String::as_str));
    app.store
        .write(move |tx| {
            // Settings that were never changed have no row to lock.
            tx.take_turns("settings")?;
            let directory = Directory::load(tx, 0, &region)?;
            let settings = accepted(&directory, &patch, &fresh)?;
            for (name, value) in members(&settings)?.into_iter().filter(|(name, _)| patch.contains_key(name)) {
                settings::upsert(tx, &name, &value.to_string())?;
            }
            note.keep(tx)?;
            tx.notify(Topic::Directory, "settings");
            Ok(settings)
        })
        .await
}

/// The settings with the patch laid over them, checked and normalised; `fresh` are ids for new outcomes.
fn accepted(directory: &Directory, patch: &Map<String, Value>, fresh: &[String]) -> Result<Settings> {
    let mut settings = merge(&directory.settings, patch)?;
    let mut errors = Vec::new();
    check(&mut settings, directory, &mut errors);
    settings.outcomes = outcome::kept(&directory.settings.outcomes, settings.outcomes, fresh.iter().cloned());
    if settings.outcomes.len() > OUTCOMES_EVER {
        refuse(&mut errors, "outcomes", Fault::TooMany { most: OUTCOMES_EVER });
    }
    // A person who has been disabled since he was chosen does not stand in the way of other changes.
    errors.retain(|error| patch.keys().any(|name| error.field.split(['[', '.']).next() == Some(name)));
    Error::unless_empty(errors).map(|()| settings)
}

fn members(settings: &Settings) -> Result<Map<String, Value>> {
    match serde_json::to_value(settings).map_err(Error::internal)? {
        Value::Object(members) => Ok(members),
        _ => Err(Error::internal("settings are an object")),
    }
}

/// Lays the patch over the settings, a member at a time, so that each refusal names its member.
fn merge(before: &Settings, patch: &Map<String, Value>) -> Result<Settings> {
    let mut merged = members(before)?;
    let mut settings = before.clone();
    let mut errors = Vec::new();
    for (name, value) in patch {
        let Some(member) = merged.get_mut(name) else {
            refuse(&mut errors, name, Fault::Unknown);
            continue;
        };
        let kept = member.clone();
        match (&mut *member, value) {
            (Value::Object(inner), Value::Object(changes)) => inner.extend(changes.clone()),
            (member, value) => *member = value.clone(),
        }
        match serde_json::from_value(Value::Object(merged.clone())) {
            Ok(accepted) if is_list_for_object(value, &members(&accepted)?[name]) => {
                refuse(&mut errors, name, Fault::WrongForm);
                merged.insert(name.clone(), kept);
            }
            Ok(accepted) => settings = accepted,
            Err(error) => {
                errors.push(FieldError::new(name, Fault::WrongForm).saying(error.to_string()));
                merged.insert(name.clone(), kept);
            }
        }
    }
    Error::unless_empty(errors).map(|()| settings)
}

/// serde takes the members of an object as a list too, by their order, which is no part of the interface.
fn is_list_for_object(given: &Value, made: &Value) -> bool {
    match (given, made) {
        (Value::Array(_), Value::Object(_)) => true,
        (Value::Array(given), Value::Array(made)) => {
            given.iter().zip(made).any(|(given, made)| is_list_for_object(given, made))
        }
        (Value::Object(given), Value::Object(made)) => {
            given.iter().any(|(name, one)| made.get(name).is_some_and(|made| is_list_for_object(one, made)))
        }
        _ => false,
    }
}

fn refuse(errors: &mut Vec<FieldError>, field: impl Into<String>, fault: Fault) {
    errors.push(FieldError::new(field, fault));
}

/// Cleans and normalises in place; notes what cannot be accepted.
fn check(settings: &mut Settings, directory: &Directory, errors: &mut Vec<FieldError>) {
    for (field, person) in [("default_user", &settings.default_user), ("senior_manager", &settings.senior_manager)] {
        if person.as_ref().is_some_and(|id| directory.user(id).is_none()) {
            refuse(errors, field, Fault::UnknownUser);
        }
    }
    settings.region = settings.region.trim().to_ascii_uppercase();
    if !Phone::is_region(&settings.region) {
        refuse(errors, "region", Fault::NotACountry);
    }
    check_numbers(&mut settings.numbers, &settings.region, errors);
    check_outcomes(&mut settings.outcomes, &directory.settings.outcomes, errors);
    check_retention(&settings.retention, errors);
    check_working_time(settings, errors);
    check_display_name(settings, errors);
}

fn check_numbers(numbers: &mut [NumberLabel], region: &str, errors: &mut Vec<FieldError>) {
    if numbers.len() > NUMBERS {
        refuse(errors, "numbers", Fault::TooMany { most: NUMBERS });
    }
    let mut seen = HashSet::new();
    for (index, one) in numbers.iter_mut().enumerate() {
        let field = format!("numbers[{index}]");
        one.number = Phone::parse(&clean_line(&one.number), region).as_str().to_owned();
        one.label = label(&format!("{field}.label"), &one.label, errors);
        if !one.number.contains(|c: char| c.is_ascii_digit()) || one.number.len() > 100 {
            refuse(errors, format!("{field}.number"), Fault::NotANumber);
        } else if !seen.insert(one.number.clone()) {
            refuse(errors, format!("{field}.number"), Fault::Twice);
        }
    }
}

fn check_outcomes(outcomes: &mut [Outcome], before: &[Outcome], errors: &mut Vec<FieldError>) {
    if outcomes.iter().filter(|outcome| !outcome.is_archived).count() > OUTCOMES {
        refuse(errors, "outcomes", Fault::TooMany { most: OUTCOMES });
    }
    let (mut ids, mut names) = (HashSet::new(), HashSet::new());
    for (index, outcome) in outcomes.iter_mut().enumerate() {
        let field = |member: &str| format!("outcomes[{index}].{member}");
        outcome.name = label(&field("name"), &outcome.name, errors);
        if outcome.name.is_empty() {
            refuse(errors, field("name"), Fault::Required);
        } else if !outcome.is_archived && !names.insert(outcome.name.clone()) {
            refuse(errors, field("name"), Fault::Twice);
        }
        if outcome.applies.is_empty() {
            refuse(errors, field("applies"), Fault::Required);
        }
        if !outcome.id.is_empty() && before.iter().all(|known| known.id != outcome.id) {
            refuse(errors, field("id"), Fault::Unknown);
        } else if !outcome.id.is_empty() && !ids.insert(outcome.id.clone()) {
            refuse(errors, field("id"), Fault::Twice);
        }
    }
}

fn label(field: &str, text: &str, errors: &mut Vec<FieldError>) -> String {
    let text = clean_line(text);
    if text.chars().count() > LABEL_CHARS {
        refuse(errors, field, Fault::TooLong { most: LABEL_CHARS });
    }
    text
}

fn check_retention(retention: &Retention, errors: &mut Vec<FieldError>) {
    let kept = [
        ("retention.calls_d", retention.calls_d),
        ("retention.webhooks_d", retention.webhooks_d),
        ("retention.recordings_d", retention.recordings_d),
        ("retention.audit_d", retention.audit_d),
        ("retention.leads_d", retention.leads_d),
    ];
    for (field, days) in kept {
        if days.is_some_and(|days| !(1..=DAYS).contains(&days)) {
            refuse(errors, field, Fault::OutOfRange { least: 1, most: DAYS });
        }
    }
}

fn check_display_name(settings: &mut Settings, errors: &mut Vec<FieldError>) {
    let template = clean_line(&settings.display_name);
    if template.is_empty() {
        refuse(errors, "display_name", Fault::Required);
    } else if template.chars().count() > TEMPLATE_CHARS {
        refuse(errors, "display_name", Fault::TooLong { most: TEMPLATE_CHARS });
    } else if !desk_name::is_template(&template) {
        refuse(errors, "display_name", Fault::BadCharacters);
    }
    settings.display_name = template;
}

fn check_working_time(settings: &mut Settings, errors: &mut Vec<FieldError>) {
    let ranges = [
        ("callback_min", settings.callback_min, 1, WEEK_MIN),
        ("vip_callback_min", settings.vip_callback_min, 1, WEEK_MIN),
        ("short_miss_s", settings.short_miss_s, 0, 600),
        ("return_h", settings.return_h, 1, RETURN_H),
    ];
    for (field, value, least, most) in ranges {
        if !(least..=most).contains(&value) {
            refuse(errors, field, Fault::OutOfRange { least, most });
        }
    }
    if let Some(hours) = &mut settings.working_hours {
        check_hours("working_hours", hours, errors);
    }
    if settings.sites.len() > SITES {
        refuse(errors, "sites", Fault::TooMany { most: SITES });
    }
    let (mut ids, mut numbers) = (HashSet::new(), HashSet::new());
    for (index, site) in settings.sites.iter_mut().enumerate() {
        let field = format!("sites[{index}]");
        for (member, text) in [("id", &mut site.id), ("name", &mut site.name)] {
            *text = label(&format!("{field}.{member}"), text, errors);
            if text.is_empty() {
                refuse(errors, format!("{field}.{member}"), Fault::Required);
            }
        }
        if !ids.insert(site.id.clone()) {
            refuse(errors, format!("{field}.id"), Fault::Twice);
        }
        if let Some(hours) = &mut site.working_hours {
            check_hours(&format!("{field}.working_hours"), hours, errors);
        }
        for (place, number) in site.numbers.iter_mut().enumerate() {
            *number = Phone::parse(&clean_line(number), &settings.region).as_str().to_owned();
            if !number.contains(|c: char| c.is_ascii_digit()) || number.len() > 100 {
                refuse(errors, format!("{field}.numbers[{place}]"), Fault::NotANumber);
            } else if !numbers.insert(number.clone()) {
                refuse(errors, format!("{field}.numbers[{place}]"), Fault::Twice);
            }
        }
    }
}

fn check_hours(field: &str, hours: &mut WorkingHours, errors: &mut Vec<FieldError>) {
    if calendar::zone(&hours.zone).is_none() {
        refuse(errors, format!("{field}.zone"), Fault::Unknown);
    }
    let too_many = |intervals: &Vec<Interval>| intervals.len() > INTERVALS;
    if hours.days.values().any(too_many) {
        refuse(errors, format!("{field}.days"), Fault::TooMany { most: INTERVALS });
    }
    if hours.exceptions.len() > EXCEPTIONS {
        refuse(errors, format!("{field}.exceptions"), Fault::TooMany { most: EXCEPTIONS });
    }
    for (index, exception) in hours.exceptions.iter_mut().enumerate() {
        let field = format!("{field}.exceptions[{index}]");
        exception.name = label(&format!("{field}.name"), &exception.name, errors);
        if exception.to < exception.from {
            refuse(errors, format!("{field}.to"), Fault::WrongForm);
        }
        if too_many(&exception.intervals) {
            refuse(errors, format!("{field}.intervals"), Fault::TooMany { most: INTERVALS });
        }
    }
}
