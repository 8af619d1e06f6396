//! Sends what other systems shall hear.

use crate::app::App;
use crate::app::outbox::lanes::{deliver, due};
use crate::jobs::lanes;

pub fn start(app: &App) {
    lanes::keep(app, "outbox", due, deliver);
}
