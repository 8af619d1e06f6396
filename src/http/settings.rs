//! `/api/settings`: what the owner may change.

use actix_web::web;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::app::directory::Directory;
use crate::app::{App, settings};
use crate::domain::outcome::Outcome;
use crate::domain::returning::ReturnTo;
use crate::domain::settings::{NumberLabel, Retention, Settings};
use crate::domain::user::UserRef;
use crate::domain::working_hours::{Site, WorkingHours};
use crate::error::Result;
use crate::http::edge::auth::{Acting, Admin, Operator};

/// Every setting; people stand as people.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingsAnswer {
    lead_on_missed: bool,
    contact_on_outgoing: bool,
    keep_unknown_users: bool,
    default_user: Option<UserRef>,
    senior_manager: Option<UserRef>,
    numbers: Vec<NumberLabel>,
    outcomes: Vec<Outcome>,
    region: String,
    retention: Retention,
    working_hours: Option<WorkingHours>,
    sites: Vec<Site>,
    callback_min: i64,
    vip_callback_min: i64,
    short_miss_s: i64,
    return_to: ReturnTo,
    return_h: i64,
    display_name: String,
    transliterate: bool,
    second_factor_for_admins: bool,
}

fn answer(settings: Settings, directory: &Directory) -> SettingsAnswer {
    let person = |id: Option<String>| id.and_then(|id| directory.user_ref(&id).cloned());
    SettingsAnswer {
        lead_on_missed: settings.lead_on_missed,
        contact_on_outgoing: settings.contact_on_outgoing,
        keep_unknown_users: settings.keep_unknown_users,
        default_user: person(settings.default_user),
        senior_manager: person(settings.senior_manager),
        numbers: settings.numbers,
        outcomes: settings.outcomes,
        region: settings.region,
        retention: settings.retention,
        working_hours: settings.working_hours,
        sites: settings.sites,
        callback_min: settings.callback_min,
        vip_callback_min: settings.vip_callback_min,
        short_miss_s: settings.short_miss_s,
        return_to: settings.return_to,
        return_h: settings.return_h,
        display_name: settings.display_name,
        transliterate: settings.transliterate,
        second_factor_for_admins: settings.second_factor_for_admins,
    }
}

/// The settings.
#[utoipa::path(get, path = "/api/settings", tag = "settings", responses((status = 200, body = SettingsAnswer)))]
pub async fn get(app: web::Data<App>, _: Operator) -> Result<web::Json<SettingsAnswer>> {
    let directory = app.directory().await?;
    Ok(web::Json(answer(directory.settings.clone(), &directory)))
}

/// Changes the settings named; people are ids.
#[utoipa::path(
    patch, path = "/api/settings", tag = "settings",
    request_body = Settings,
    responses((status = 200, body = SettingsAnswer)),
)]
pub async fn update(app: Acting, _: Admin, patch: web::Json<Map<String, Value>>) -> Result<web::Json<SettingsAnswer>> {
    let settings = settings::update(&app, patch.into_inner()).await?;
    Ok(web::Json(answer(settings, &*app.directory().await?)))
}
