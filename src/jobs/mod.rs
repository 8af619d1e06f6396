//! Loops in the background. They call `app`, and know no rules of their own.

mod contact_journal;
mod outbox;
mod retention;
mod settle;
mod token_uses;

use crate::app::App;

/// Starts every loop on the runtime; they end with it.
pub fn start(app: &App) {
    actix_web::rt::spawn(settle::run(app.clone()));
    actix_web::rt::spawn(outbox::run(app.clone()));
    actix_web::rt::spawn(contact_journal::run(app.clone()));
    actix_web::rt::spawn(token_uses::run(app.clone()));
    actix_web::rt::spawn(retention::run(app.clone()));
}
