//! What the owner may change.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::calendar::Calendar;
use crate::domain::desk_name;
use crate::domain::outcome::{self, Outcome};
use crate::domain::returning::ReturnTo;
use crate::domain::working_hours::{Site, WorkingHours};

/// One of the business's own numbers and what it is for ("Avito", "Site").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberLabel {
    pub number: String,
    #[schema(max_length = 50)]
    pub label: String,
}

/// How long things are kept, in days; `null` is for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Calls, by their end, with the notes and deliveries that hang on them.
    #[schema(minimum = 1, maximum = 36_500)]
    pub calls_d: Option<i64>,
    /// The journal of pushes.
    #[schema(minimum = 1, maximum = 36_500)]
    pub webhooks_d: Option<i64>,
    /// The recordings of calls, by when the PBX named them.
    #[schema(minimum = 1, maximum = 36_500)]
    pub recordings_d: Option<i64>,
    /// What is kept of who did what.
    #[schema(minimum = 1, maximum = 36_500)]
    pub audit_d: Option<i64>,
    /// Leads that automation made and nobody has touched since, by the last that was heard of them.
    #[schema(minimum = 1, maximum = 36_500)]
    pub leads_d: Option<i64>,
}

impl Default for Retention {
    fn default() -> Self {
        Self { calls_d: None, webhooks_d: Some(30), recordings_d: None, leads_d: None, audit_d: Some(730) }
    }
}

/// Every setting. People are ids; `None` means the rule's own default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// A lead for each missed call from an unknown number (section 4.3 of the Cloud PBX document).
    pub lead_on_missed: bool,
    /// A contact for each outgoing call to an unknown number.
    pub contact_on_outgoing: bool,
    /// Calls of PBX users whom nobody here is known by are kept under the default user.
    pub keep_unknown_users: bool,
    pub default_user: Option<String>,
    pub senior_manager: Option<String>,
    #[schema(max_items = 200)]
    pub numbers: Vec<NumberLabel>,
    /// What may be said of a call, at most 9 of them in use. A name alone will do; one left out is archived.
    #[schema(max_items = 200)]
    pub outcomes: Vec<Outcome>,
    #[schema(pattern = "^[A-Za-z]{2}$")]
    pub region: String,
    pub retention: Retention,
    /// `null`: all time is working time.
    pub working_hours: Option<WorkingHours>,
    #[schema(max_items = 100)]
    pub sites: Vec<Site>,
    /// Within how many working minutes a missed client is to be called back.
    #[schema(minimum = 1, maximum = 10_080)]
    pub callback_min: i64,
    /// The same of a client who is a VIP.
    #[schema(minimum = 1, maximum = 10_080)]
    pub vip_callback_min: i64,
    /// Who hung up before so many seconds is owed no call.
    #[schema(minimum = 0, maximum = 600)]
    pub short_miss_s: i64,
    /// To whom the PBX is told to lead a client who rings back.
    pub return_to: ReturnTo,
    /// For so many hours after a call in vain, or a talk.
    #[schema(minimum = 1, maximum = 720)]
    pub return_h: i64,
    /// How a client is named on a desk phone: text with {vip} {name} {company} {missed}; 40 characters of it are shown.
    #[schema(min_length = 1, max_length = 100)]
    pub display_name: String,
    /// In Latin letters, for phones that know no others.
    pub transliterate: bool,
    /// An admin without a second factor may do what a manager may, until he has one.
    pub second_factor_for_admins: bool,
}

impl Settings {
    /// When the place of this number of ours works.
    pub fn calendar(&self, number: Option<&str>) -> Calendar<'_> {
        let is_its = |site: &&Site| number.is_some_and(|number| site.numbers.iter().any(|one| one == number));
        let of_site = self.sites.iter().find(is_its).and_then(|site| site.working_hours.as_ref());
        Calendar::new(of_site.or(self.working_hours.as_ref()))
    }

    /// Whether a client who waited between these instants was called back in time.
    pub fn is_in_time(&self, number: Option<&str>, from_ms: i64, to_ms: i64) -> bool {
        self.calendar(number).working_ms(from_ms, to_ms) <= self.callback_ms()
    }

    /// Within so much working time a missed client is to be called back.
    pub fn callback_ms(&self) -> i64 {
        self.callback_min.saturating_mul(60_000)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lead_on_missed: true,
            contact_on_outgoing: true,
            keep_unknown_users: true,
            default_user: None,
            senior_manager: None,
            numbers: Vec::new(),
            outcomes: outcome::first_ones(),
            region: "RU".to_owned(),
            retention: Retention::default(),
            working_hours: None,
            sites: Vec::new(),
            callback_min: 15,
            vip_callback_min: 5,
            short_miss_s: 5,
            return_to: ReturnTo::Caller,
            return_h: 24,
            display_name: desk_name::FIRST_TEMPLATE.to_owned(),
            transliterate: false,
            second_factor_for_admins: false,
        }
    }
}
