//! The URL table, and nothing else.

pub mod assets;
pub mod audit;
pub mod backups;
pub mod calls;
pub mod contacts;
pub mod doctor;
pub mod edge;
pub mod exports;
pub mod health;
pub mod imports;
pub mod integrations;
pub mod invite;
pub mod journal;
pub mod kept;
pub mod live;
pub mod merging;
pub mod metrics;
pub mod missed;
pub mod numbers;
pub mod openapi;
pub mod outbox;
pub mod pages;
pub mod pbx;
pub mod person;
pub mod promises;
pub mod recordings;
pub mod reports;
pub mod second_factor;
pub mod session;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod tasks;
pub mod tokens;
pub mod trial;
pub mod unnamed;
pub mod users;

use actix_web::body::BoxBody;
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::{Route, web};

use crate::domain::user::Role;
use crate::http::edge::auth::admit;
use crate::http::edge::decode::JSON_LIMIT;

/// One route: the least role that may use it (`None`: anybody, signed in or not), and its handler.
pub struct Entry {
    pub method: Method,
    pub path: &'static str,
    pub least: Option<Role>,
    /// Whether a person must ask who is signed in, and no API token will do.
    pub in_person: bool,
    /// The most that a request's body may have, in bytes.
    body: usize,
    handler: fn(Route) -> Route,
}

const fn open(method: Method, path: &'static str, handler: fn(Route) -> Route) -> Entry {
    Entry { method, path, least: None, in_person: false, body: JSON_LIMIT, handler }
}

const fn operator(method: Method, path: &'static str, handler: fn(Route) -> Route) -> Entry {
    Entry { method, path, least: Some(Role::Operator), in_person: false, body: JSON_LIMIT, handler }
}

const fn manager(method: Method, path: &'static str, handler: fn(Route) -> Route) -> Entry {
    Entry { method, path, least: Some(Role::Manager), in_person: false, body: JSON_LIMIT, handler }
}

const fn admin(method: Method, path: &'static str, handler: fn(Route) -> Route) -> Entry {
    Entry { method, path, least: Some(Role::Admin), in_person: false, body: JSON_LIMIT, handler }
}

impl Entry {
    const fn in_person(mut self) -> Self {
        self.in_person = true;
        self
    }
}

/// Every route there is. A path that could be taken for another's `{id}` stands before it.
pub const ROUTES: &[Entry] = &[
    Entry {
        method: Method::POST,
        path: "/pbx",
        least: None,
        in_person: false,
        body: pbx::BODY_LIMIT,
        handler: |to| to.to(pbx::receive),
    },
    open(Method::POST, "/api/setup", |to| to.to(setup::create)),
    open(Method::POST, "/api/invite", |to| to.to(invite::accept)),
    open(Method::POST, "/api/session", |to| to.to(session::sign_in)),
    operator(Method::GET, "/api/session", |to| to.to(session::get)),
    open(Method::DELETE, "/api/session", |to| to.to(session::sign_out)),
    operator(Method::PUT, "/api/password", |to| to.to(session::change_password)).in_person(),
    operator(Method::GET, "/api/sessions", |to| to.to(sessions::list)).in_person(),
    operator(Method::DELETE, "/api/sessions/{id}", |to| to.to(sessions::end)).in_person(),
    operator(Method::POST, "/api/second-factor", |to| to.to(second_factor::offer)).in_person(),
    operator(Method::PUT, "/api/second-factor", |to| to.to(second_factor::confirm)).in_person(),
    operator(Method::DELETE, "/api/second-factor", |to| to.to(second_factor::turn_off)).in_person(),
    operator(Method::GET, "/api/users", |to| to.to(users::list)),
    admin(Method::POST, "/api/users", |to| to.to(users::create)),
    admin(Method::GET, "/api/users/{id}", |to| to.to(users::get)),
    admin(Method::PATCH, "/api/users/{id}", |to| to.to(users::update)),
    admin(Method::DELETE, "/api/users/{id}", |to| to.to(users::delete)),
    admin(Method::DELETE, "/api/users/{id}/second-factor", |to| to.to(users::take_second_factor)).in_person(),
    admin(Method::POST, "/api/users/{id}/invite", |to| to.to(users::invite)),
    operator(Method::GET, "/api/contacts", |to| to.to(contacts::list)),
    operator(Method::POST, "/api/contacts", |to| to.to(contacts::create)),
    manager(Method::GET, "/api/contacts/duplicates", |to| to.to(merging::duplicates)),
    manager(Method::GET, "/api/contacts/export", |to| to.to(exports::contacts)),
    Entry {
        method: Method::POST,
        path: "/api/contacts/import",
        least: Some(Role::Manager),
        in_person: false,
        body: imports::FILE_LIMIT,
        handler: |to| to.to(imports::take_in),
    },
    manager(Method::GET, "/api/contacts/import/{id}", |to| to.to(imports::get)),
    manager(Method::GET, "/api/contacts/import/{id}/problems", |to| to.to(imports::problems)),
    manager(Method::POST, "/api/contacts/import/{id}/check", |to| to.to(imports::check)),
    manager(Method::POST, "/api/contacts/import/{id}/run", |to| to.to(imports::run)),
    manager(Method::GET, "/api/tasks", |to| to.to(tasks::list)),
    manager(Method::GET, "/api/tasks/{id}", |to| to.to(tasks::get)),
    manager(Method::DELETE, "/api/tasks/{id}", |to| to.to(tasks::cancel)),
    manager(Method::POST, "/api/tasks/{id}/undo", |to| to.to(tasks::undo)),
    manager(Method::POST, "/api/tasks/{id}/retry", |to| to.to(tasks::retry)),
    operator(Method::GET, "/api/contacts/{id}", |to| to.to(contacts::get)),
    manager(Method::POST, "/api/contacts/{id}/merge", |to| to.to(merging::merge)),
    operator(Method::GET, "/api/contacts/{id}/timeline", |to| to.to(contacts::timeline)),
    operator(Method::PATCH, "/api/contacts/{id}", |to| to.to(contacts::update)),
    manager(Method::DELETE, "/api/contacts/{id}", |to| to.to(contacts::delete)),
    operator(Method::GET, "/api/calls", |to| to.to(calls::list)),
    operator(Method::POST, "/api/calls", |to| to.to(calls::dial)),
    manager(Method::GET, "/api/calls/export", |to| to.to(exports::calls)),
    operator(Method::GET, "/api/calls/{id}", |to| to.to(calls::get)),
    operator(Method::PATCH, "/api/calls/{id}", |to| to.to(calls::patch)),
    operator(Method::POST, "/api/calls/{id}/dismiss", |to| to.to(calls::dismiss)),
    operator(Method::GET, "/api/calls/{id}/recording", |to| to.to(recordings::play)),
    operator(Method::POST, "/api/calls/{id}/recording/retry", |to| to.to(recordings::fetch)),
    operator(Method::GET, "/api/missed", |to| to.to(missed::list)),
    operator(Method::GET, "/api/missed/{id}", |to| to.to(missed::get)),
    operator(Method::PATCH, "/api/missed/{id}", |to| to.to(missed::patch)),
    operator(Method::GET, "/api/numbers", |to| to.to(numbers::list)),
    operator(Method::GET, "/api/numbers/{number}", |to| to.to(numbers::get)),
    admin(Method::GET, "/api/numbers/{number}/person", |to| to.to(person::get)),
    admin(Method::GET, "/api/numbers/{number}/person/data", |to| to.to(person::take_out)),
    admin(Method::DELETE, "/api/numbers/{number}/person", |to| to.to(person::erase)),
    operator(Method::PUT, "/api/numbers/{number}/block", |to| to.to(numbers::block)),
    operator(Method::DELETE, "/api/numbers/{number}/block", |to| to.to(numbers::unblock)),
    operator(Method::GET, "/api/promises", |to| to.to(promises::list)),
    operator(Method::POST, "/api/promises", |to| to.to(promises::create)),
    operator(Method::PATCH, "/api/promises/{id}", |to| to.to(promises::update)),
    operator(Method::DELETE, "/api/promises/{id}", |to| to.to(promises::delete)),
    manager(Method::GET, "/api/reports/calls", |to| to.to(reports::calls)),
    manager(Method::GET, "/api/reports/people", |to| to.to(reports::people)),
    manager(Method::GET, "/api/reports/outcomes", |to| to.to(reports::outcomes)),
    manager(Method::GET, "/api/reports/callbacks", |to| to.to(reports::callbacks)),
    manager(Method::GET, "/api/reports/sources", |to| to.to(reports::sources)),
    operator(Method::GET, "/api/live", |to| to.to(live::stream)),
    admin(Method::GET, "/api/integrations", |to| to.to(integrations::list)),
    admin(Method::POST, "/api/integrations", |to| to.to(integrations::create)),
    admin(Method::GET, "/api/integrations/{id}", |to| to.to(integrations::get)),
    admin(Method::PATCH, "/api/integrations/{id}", |to| to.to(integrations::update)),
    admin(Method::DELETE, "/api/integrations/{id}", |to| to.to(integrations::delete)),
    admin(Method::POST, "/api/integrations/{id}/check", |to| to.to(integrations::check)),
    admin(Method::GET, "/api/integrations/{id}/accounts", |to| to.to(integrations::accounts)),
    admin(Method::POST, "/api/integrations/{id}/rotate-token", |to| to.to(integrations::rotate_token)),
    operator(Method::GET, "/api/settings", |to| to.to(settings::get)),
    admin(Method::PATCH, "/api/settings", |to| to.to(settings::update)),
    admin(Method::GET, "/api/tokens", |to| to.to(tokens::list)).in_person(),
    admin(Method::POST, "/api/tokens", |to| to.to(tokens::create)).in_person(),
    admin(Method::DELETE, "/api/tokens/{id}", |to| to.to(tokens::end)).in_person(),
    admin(Method::GET, "/api/audit", |to| to.to(audit::list)),
    admin(Method::GET, "/api/backups", |to| to.to(backups::list)),
    admin(Method::POST, "/api/backups", |to| to.to(backups::make)),
    admin(Method::GET, "/api/outbox", |to| to.to(outbox::list)),
    admin(Method::POST, "/api/outbox/{id}/retry", |to| to.to(outbox::retry)),
    admin(Method::GET, "/api/webhooks", |to| to.to(journal::list)),
    admin(Method::POST, "/api/webhooks/{id}/replay", |to| to.to(journal::replay)),
    admin(Method::POST, "/api/trial", |to| to.to(trial::ring)),
    admin(Method::GET, "/api/unnamed", |to| to.to(unnamed::list)),
    admin(Method::PATCH, "/api/unnamed", |to| to.to(unnamed::put_away)),
    admin(Method::GET, "/api/kept", |to| to.to(kept::list)),
    admin(Method::GET, "/api/doctor", |to| to.to(doctor::get)),
    open(Method::GET, "/api/openapi.json", |to| to.to(openapi::get)),
    open(Method::GET, "/healthz", |to| to.to(health::healthz)),
    open(Method::GET, "/readyz", |to| to.to(health::readyz)),
    // Pages lead to the sign-in by themselves.
    open(Method::GET, "/", |to| to.to(pages::workplace)),
    open(Method::GET, "/calls", |to| to.to(pages::workplace)),
    open(Method::GET, "/missed", |to| to.to(pages::workplace)),
    open(Method::GET, "/contacts", |to| to.to(pages::workplace)),
    open(Method::GET, "/contacts/{id}", |to| to.to(pages::workplace)),
    open(Method::GET, "/reports", |to| to.to(pages::workplace)),
    open(Method::GET, "/settings", |to| to.to(pages::workplace)),
    open(Method::GET, "/settings/{part}", |to| to.to(pages::workplace)),
    open(Method::GET, "/card", |to| to.to(pages::card)),
    open(Method::GET, "/login", |to| to.to(pages::login)),
    open(Method::GET, "/invite", |to| to.to(pages::invite)),
    open(Method::GET, "/setup", |to| to.to(pages::setup)),
    open(Method::GET, "/worker.js", |to| to.to(assets::worker)),
    open(Method::GET, "/static/{path:.*}", |to| to.to(assets::get)),
];

/// Puts the table into the server: one resource a path, so that another method of a known path is a 405.
pub fn configure(cfg: &mut web::ServiceConfig) {
    let mut paths: Vec<&str> = Vec::new();
    for entry in ROUTES {
        if paths.contains(&entry.path) {
            continue;
        }
        paths.push(entry.path);
        let mut resource = web::resource(entry.path).wrap(from_fn(edge::security::catch_panics));
        for same in ROUTES.iter().filter(|same| same.path == entry.path) {
            resource = resource.route(route(same, same.method.clone()));
            if same.method == Method::GET {
                resource = resource.route(route(same, Method::HEAD));
            }
        }
        cfg.service(resource);
    }
}

fn route(entry: &Entry, method: Method) -> Route {
    let Entry { body, least, in_person, .. } = *entry;
    let route = (entry.handler)(web::method(method));
    let route = match least {
        Some(least) => route.wrap(from_fn(move |request, next: Next<BoxBody>| admit(least, in_person, request, next))),
        None => route,
    };
    route.wrap(from_fn(move |request, next: Next<BoxBody>| edge::body::bound(body, request, next)))
}
