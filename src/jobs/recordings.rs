//! Fetches the recordings.

use crate::app::App;
use crate::app::recordings::lanes::{due, fetch};
use crate::jobs::lanes;

pub fn start(app: &App) {
    lanes::keep(app, "recordings", due, fetch);
}
