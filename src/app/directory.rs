//! The small and much-asked: people, lines, integrations, tokens, settings; kept in memory, never older than the last
//! commit.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use serde_json::{Map, Value};

use crate::app::memory::damages::Damages;
use crate::domain::address::network;
use crate::domain::call::LineRef;
use crate::domain::course::is_person;
use crate::domain::integration::Kind;
use crate::domain::settings::Settings;
use crate::domain::user::{Line, Role, User, UserRef};
use crate::error::{Damage, Error, Result};
use crate::store::tables::api_tokens::{self, ApiTokenRow};
use crate::store::tables::{directory, second_factors};
use crate::store::tx::Tx;

/// An integration as calls and requests need it; its settings (secrets encrypted) are JSON text.
#[derive(Clone, Debug)]
pub struct Integration {
    pub id: String,
    pub kind: Kind,
    pub name: String,
    pub settings: String,
    pub created_ms: i64,
    pub is_removed: bool,
    /// From where its PBX may push; empty: from anywhere.
    push_from: Vec<IpNet>,
}

impl Integration {
    pub fn is_heard_from(&self, address: Option<IpAddr>) -> bool {
        let is_listed = |address| self.push_from.iter().any(|network| network.contains(&address));
        self.push_from.is_empty() || address.map(|address| address.to_canonical()).is_some_and(is_listed)
    }

    /// The settings as they are kept: secrets encrypted.
    ///
    /// # Errors
    /// `Internal` when they are no JSON.
    pub fn members(&self) -> Result<Map<String, Value>> {
        serde_json::from_str(&self.settings).map_err(Error::internal)
    }
}

fn push_from(settings: &str) -> Vec<IpNet> {
    let members: Map<String, Value> = serde_json::from_str(settings).unwrap_or_default();
    let listed = members.get("push_from").and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(Value::as_str).filter_map(network).collect()
}

struct Token {
    integration_id: String,
    expires_ms: Option<i64>,
}

pub struct Directory {
    pub generation: u64,
    /// Where rows that cannot be read are noted.
    pub damages: Arc<Damages>,
    /// Those of its own.
    pub damaged: Vec<Damage>,
    pub settings: Settings,
    pub users: Vec<User>,
    /// Everybody who ever was, for old calls.
    refs: HashMap<String, UserRef>,
    /// (integration, account) → user.
    lines: HashMap<(String, String), String>,
    integrations: HashMap<String, Integration>,
    tokens: HashMap<String, Token>,
    api_tokens: Vec<ApiTokenRow>,
    /// The ids of the users who are asked for a second factor.
    second_factors: HashSet<String>,
}

impl Directory {
    /// `region` stands until the owner has set another.
    pub fn load(tx: &mut Tx, generation: u64, region: &str) -> Result<Self> {
        let mut damaged = Vec::new();
        let mut users = Vec::new();
        let mut refs = HashMap::new();
        for row in directory::list_users(tx)? {
            let person = UserRef { id: row.id.clone(), login: row.login.clone(), name: row.name.clone() };
            refs.insert(row.id.clone(), person);
            if row.disabled_ms.is_none() {
                let Some(role) = Role::parse(&row.role) else {
                    damaged.push(damage("user_account", &row.id, "a role that this version does not know"));
                    continue;
                };
                users.push(User { id: row.id, login: row.login, name: row.name, role, lines: Vec::new() });
            }
        }
        let mut integrations = HashMap::new();
        for row in directory::list_integrations(tx)? {
            let Some(kind) = Kind::parse(&row.kind) else {
                damaged.push(damage("integration", &row.id, "a kind that this version does not know"));
                continue;
            };
            let integration = Integration {
                id: row.id.clone(),
                kind,
                name: row.name,
                push_from: push_from(&row.settings),
                settings: row.settings,
                created_ms: row.created_ms,
                is_removed: row.removed_ms.is_some(),
            };
            integrations.insert(row.id, integration);
        }
        let mut lines = HashMap::new();
        for row in directory::list_lines(tx)? {
            if let Some(user) = users.iter_mut().find(|user| user.id == row.user_id) {
                // A removed integration's line can be used no more, but tells who talked.
                if integrations.get(&row.integration_id).is_some_and(|one: &Integration| !one.is_removed) {
                    user.lines.push(Line { integration: row.integration_id.clone(), account: row.account.clone() });
                }
                lines.insert((row.integration_id, row.account), row.user_id);
            }
        }
        let tokens = directory::list_tokens(tx)?
            .into_iter()
            .map(|row| (row.token_hash, Token { integration_id: row.integration_id, expires_ms: row.expires_ms }))
            .collect();
        let settings = settings(directory::list_settings(tx)?, region, &mut damaged);
        let (damages, api_tokens) = (Arc::default(), api_tokens::list(tx)?);
        let second_factors = second_factors::list_asked(tx)?.into_iter().collect();
        Ok(Self {
            generation,
            damages,
            damaged,
            settings,
            users,
            refs,
            lines,
            integrations,
            tokens,
            api_tokens,
            second_factors,
        })
    }

    /// The integration that this token (its SHA-256, hex) proves, if it is valid at `now_ms`.
    pub fn integration_of_token(&self, token_hash: &str, now_ms: i64) -> Option<&Integration> {
        let token = self.tokens.get(token_hash)?;
        if token.expires_ms.is_some_and(|expires| expires <= now_ms) {
            return None;
        }
        self.integrations.get(&token.integration_id)
    }

    /// The tokens of programs, newest first; those whose time is over too.
    pub fn api_tokens(&self) -> &[ApiTokenRow] {
        &self.api_tokens
    }

    /// An integration by id, the removed too: calls keep theirs.
    pub fn integration(&self, id: &str) -> Option<&Integration> {
        self.integrations.get(id)
    }

    /// The integrations in use, oldest first.
    pub fn integrations(&self) -> Vec<&Integration> {
        let mut list: Vec<_> = self.integrations.values().filter(|integration| !integration.is_removed).collect();
        list.sort_by(|a, b| (a.created_ms, &a.id).cmp(&(b.created_ms, &b.id)));
        list
    }

    /// The ids of the integrations in use that hear of calls.
    pub fn mangos(&self) -> impl Iterator<Item = &str> {
        let in_use = self.integrations.values().filter(|one| one.kind == Kind::Mango && !one.is_removed);
        in_use.map(|one| one.id.as_str())
    }

    /// Whether anything may ever have gone out.
    pub fn ever_had_mango(&self) -> bool {
        self.integrations.values().any(|one| one.kind == Kind::Mango)
    }

    /// An integration in use, by id or by name.
    pub fn find_integration(&self, id_or_name: &str) -> Option<&Integration> {
        self.integrations().into_iter().find(|one| one.id == id_or_name || one.name == id_or_name)
    }

    /// Whose line this account is: `login@tenant` is looked up whole, then as `login`. `pbx` and groups are nobody's.
    pub fn user_of_line(&self, integration_id: &str, account: &str) -> Option<&UserRef> {
        if !is_person(account) {
            return None;
        }
        let find = |account: &str| self.lines.get(&(integration_id.to_owned(), account.to_owned()));
        let id = find(account).or_else(|| find(account.split_once('@')?.0))?;
        self.refs.get(id)
    }

    /// A person by id, the disabled too.
    pub fn user_ref(&self, id: &str) -> Option<&UserRef> {
        self.refs.get(id)
    }

    pub fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub fn has_second_factor(&self, user_id: &str) -> bool {
        self.second_factors.contains(user_id)
    }

    /// Whether it is the want of a second factor that keeps this user from being an admin.
    pub fn lacks_second_factor(&self, user_id: &str) -> bool {
        let is_admin = self.user(user_id).is_some_and(|user| user.role == Role::Admin);
        is_admin && self.settings.second_factor_for_admins && !self.has_second_factor(user_id)
    }

    /// A user with the role that he may act in.
    pub fn acting_user(&self, id: &str) -> Option<User> {
        let most = if self.lacks_second_factor(id) { Role::Manager } else { Role::Admin };
        self.user(id).map(|user| User { role: user.role.min(most), ..user.clone() })
    }

    fn first_admin(&self) -> Option<&User> {
        self.users.iter().find(|user| user.role == Role::Admin)
    }

    /// Under whom calls of unknown PBX users are kept: the setting, else the first admin.
    pub fn default_user(&self) -> Option<&User> {
        let chosen = self.settings.default_user.as_deref().and_then(|id| self.user(id));
        chosen.or_else(|| self.first_admin())
    }

    /// Who gets the leads of missed calls: the setting, else the default user.
    pub fn senior_manager(&self) -> Option<&User> {
        let chosen = self.settings.senior_manager.as_deref().and_then(|id| self.user(id));
        chosen.or_else(|| self.default_user())
    }

    /// One of our numbers with its label, for showing.
    pub fn line_ref(&self, number: &str) -> LineRef {
        let label = self.settings.numbers.iter().find(|one| one.number == number).map(|one| one.label.clone());
        LineRef { number: number.to_owned(), label: label.unwrap_or_default() }
    }
}

/// The settings kept, each read for itself: one that this version does not know (a newer one wrote it, or an older one
/// whose setting is no more) or cannot read leaves the default in its place.
fn settings(kept: Vec<(String, String)>, region: &str, damaged: &mut Vec<Damage>) -> Settings {
    let mut settings = Settings { region: region.to_owned(), ..Settings::default() };
    for (name, value) in kept {
        let Ok(Value::Object(mut members)) = serde_json::to_value(&settings) else { continue };
        let Ok(value) = serde_json::from_str(&value) else {
            damaged.push(damage("setting", &name, "no JSON; its default stands"));
            continue;
        };
        if members.insert(name.clone(), value).is_none() {
            continue;
        }
        match serde_json::from_value(members.into()) {
            Ok(read) => settings = read,
            Err(_) => damaged.push(damage("setting", &name, "this version cannot read it; its default stands")),
        }
    }
    settings
}

fn damage(table: &'static str, id: &str, why: &str) -> Damage {
    Damage { table, id: id.to_owned(), why: why.to_owned() }
}
