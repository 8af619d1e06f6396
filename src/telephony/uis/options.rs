//! How UIS is to place a call, as the settings say; the members' names are the document's own.
//!
//! Source: "Call API", section 4.

use serde::{Deserialize, Serialize};

use crate::domain::fault::Fault;

/// A group's timeouts and counts.
const MOST: u32 = 3_600;

/// The side that is rung first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FirstCall {
    /// The person who clicked.
    #[default]
    Numc,
    /// The client.
    Numa,
    /// Both at once.
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageKind {
    /// `value` names a media file in the UIS cabinet.
    Media,
    /// `value` is read out.
    Text,
}

/// What one side hears before it is connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    #[serde(rename = "type")]
    pub kind: MessageKind,
    pub value: String,
}

/// One number of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupPhone {
    #[serde(default = "one")]
    pub channels_count: u32,
    pub numb: String,
    /// Seconds of ringing.
    #[serde(default = "a_minute")]
    pub timeout: u32,
}

/// A list of numbers that are rung together, some lines at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forwarding {
    #[serde(default = "one")]
    pub dialing_increment: u32,
    #[serde(default = "one")]
    pub incremental_dialing_timeout: u32,
    #[serde(default = "one")]
    pub lines_limit: u32,
    #[serde(default = "one")]
    pub lines_start: u32,
    pub phones: Vec<GroupPhone>,
}

/// People who are rung in place of the one who clicked, by a name of our own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub name: String,
    /// Seconds that the call may stand in the queue.
    pub queue_timeout: u32,
    pub numc: Vec<Forwarding>,
}

/// How calls are placed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Options {
    /// The service number, which the client sees.
    pub numb: String,
    #[serde(default)]
    pub first_call: FirstCall,
    #[serde(default = "yes")]
    pub switch_at_once: bool,
    pub media_file: Option<String>,
    pub use_numb_as_numa: Option<bool>,
    pub numa_message: Option<Message>,
    pub numc_message: Option<Message>,
    #[serde(default)]
    pub groups: Vec<Group>,
}

fn yes() -> bool {
    true
}

fn one() -> u32 {
    1
}

fn a_minute() -> u32 {
    60
}

impl Options {
    /// With every number in the form that `form` gives it.
    pub fn with_numbers(mut self, form: impl Fn(&str) -> String) -> Self {
        self.numb = form(&self.numb);
        for phone in self.groups.iter_mut().flat_map(|group| &mut group.numc).flat_map(|list| &mut list.phones) {
            phone.numb = form(&phone.numb);
        }
        self
    }
}

impl Group {
    /// Every number that the group rings.
    pub fn numbers(&self) -> impl Iterator<Item = &str> {
        self.numc.iter().flat_map(|list| &list.phones).map(|phone| phone.numb.as_str())
    }

    /// What is wrong with it, and the same in words.
    pub fn fault(&self) -> Option<(Fault, String)> {
        let fits = |count: u32| (1..=MOST).contains(&count);
        let is_empty = self.numc.is_empty() || self.numc.iter().any(|list| list.phones.is_empty());
        if is_empty {
            return Some((Fault::Required, "needs at least one list with at least one phone".to_owned()));
        }
        let counts = |list: &Forwarding| {
            let own = [list.dialing_increment, list.incremental_dialing_timeout, list.lines_limit, list.lines_start];
            own.into_iter().chain(list.phones.iter().flat_map(|phone| [phone.channels_count, phone.timeout])).all(fits)
        };
        let all_fit = fits(self.queue_timeout) && self.numc.iter().all(counts);
        let fault = Fault::OutOfRange { least: 1, most: MOST.into() };
        (!all_fit).then(|| (fault, format!("has counts and seconds from 1 to {MOST} only")))
    }
}
