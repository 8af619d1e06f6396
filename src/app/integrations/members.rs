//! Which settings each kind of outside system has: the one table of them.

use crate::domain::integration::Kind;

/// What a member of the settings must be.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    Address,
    /// Kept encrypted.
    Secret,
    /// What the PBX proves itself with: kept as a hash, and made when none is brought.
    CrmToken,
    Line,
    /// A public number.
    Number,
    /// A name that can stand as a key in a request.
    Key,
    Email,
    Switch,
    OneOf(&'static [&'static str]),
    /// A message that UIS plays.
    Message,
    /// Groups that UIS calls.
    Groups,
    /// From where recordings may be fetched.
    Hosts,
    /// From where pushes may come.
    Networks,
}

/// One member; a new integration must bring it when `needed` says where to take it from.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    pub name: &'static str,
    pub form: Form,
    pub needed: Option<&'static str>,
}

const fn needed(name: &'static str, form: Form, from: &'static str) -> Member {
    Member { name, form, needed: Some(from) }
}

const fn may(name: &'static str, form: Form) -> Member {
    Member { name, form, needed: None }
}

const CLOUD_PBX: &[Member] = &[
    needed("url", Form::Address, "the address from the PBX cabinet"),
    needed("token", Form::Secret, "the key from the PBX cabinet"),
    may("crm_token", Form::CrmToken),
    may("recording_hosts", Form::Hosts),
    may("push_from", Form::Networks),
];

const SIPSIM: &[Member] = &[
    needed("url", Form::Address, "the address that SipSim's technical service gave"),
    needed("crm_name", Form::Line, "the name that SipSim's technical service gave to this CRM"),
    needed("crm_token", Form::Secret, "the developer's token that SipSim's technical service gave"),
    needed("token", Form::Secret, "the token from the SipSim cabinet, Integrations, Click2Call API"),
    may("id_field", Form::Key),
    may("crm_user_email", Form::Email),
];

const UIS: &[Member] = &[
    needed("url", Form::Address, "the Call API's address, which ends in /v1"),
    needed("login", Form::Line, "the login of the API user"),
    needed("password", Form::Secret, "the password of the API user"),
    needed("numb", Form::Number, "your service number at UIS, which the client will see"),
    may("first_call", Form::OneOf(&["numc", "numa", "any"])),
    may("switch_at_once", Form::Switch),
    may("media_file", Form::Line),
    may("use_numb_as_numa", Form::Switch),
    may("numa_message", Form::Message),
    may("numc_message", Form::Message),
    may("groups", Form::Groups),
];

const MANGO: &[Member] = &[
    needed("url", Form::Address, "the address of calltracking with its version"),
    needed("token", Form::Secret, "the token from the Mango cabinet"),
    may("widget_id", Form::Line),
    may("token_in", Form::OneOf(&["header", "query"])),
    may("directions", Form::OneOf(&["both", "in", "out"])),
    may("default_number", Form::Number),
];

/// The members that the settings of this kind may have.
pub fn of(kind: Kind) -> &'static [Member] {
    match kind {
        Kind::CloudPbx => CLOUD_PBX,
        Kind::Sipsim => SIPSIM,
        Kind::Uis => UIS,
        Kind::Mango => MANGO,
    }
}
