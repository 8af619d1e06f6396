//! Loops in the background. They call `app`, and know no rules of their own.

mod backup;
mod contact_journal;
mod figures;
mod lanes;
mod missed;
mod numbers;
mod outbox;
mod promises;
mod recordings;
mod retention;
mod settle;
pub mod supervise;
mod tasks;
mod token_uses;
mod trials;

use crate::app::App;

/// Starts every loop on the runtime; they end with it.
pub fn start(app: &App) {
    settle::start(app);
    missed::start(app);
    outbox::start(app);
    recordings::start(app);
    numbers::start(app);
    figures::start(app);
    contact_journal::start(app);
    token_uses::start(app);
    promises::start(app);
    retention::start(app);
    tasks::start(app);
    trials::start(app);
    backup::start(app);
}
