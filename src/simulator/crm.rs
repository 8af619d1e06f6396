//! The CRM's entry as the PBX sees it: one address, form posts, and what the contract lets it answer.

use std::fmt;
use std::time::{Duration, Instant};

use serde_json::Value;

/// What a CRM that keeps the contract must answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// 200; a body is of no interest.
    Kept,
    /// 200 with `{}`, or with the client's name and the responsible's login.
    Name,
    /// 401 with an `error`.
    Refused,
}

/// One push and its answer, as one readable line.
#[derive(Clone, Debug)]
pub struct Report {
    pub callid: String,
    pub what: String,
    /// `None` when no answer came.
    pub status: Option<u16>,
    pub took_ms: u128,
    /// What the CRM said, or what the contract forbids about it.
    pub verdict: Result<String, String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mark, said) = match &self.verdict {
            Ok(said) => ("ok  ", said),
            Err(fault) => ("FAIL", fault),
        };
        let status = self.status.map_or_else(|| "---".to_owned(), |status| status.to_string());
        write!(f, "{mark} {:<26} {:<38} {status} {:>5} ms  {said}", self.callid, self.what, self.took_ms)
    }
}

/// The CRM.
#[derive(Clone, Debug)]
pub struct Crm {
    client: reqwest::Client,
    url: String,
    token: String,
}

impl Crm {
    /// # Errors
    /// When `url` is no address, or no client can be built.
    pub fn new(url: &str, token: &str) -> anyhow::Result<Self> {
        let address = reqwest::Url::parse(url)?;
        Ok(Self { client: client(&address)?, url: url.to_owned(), token: token.to_owned() })
    }

    /// The same at an address of this machine, whose certificate names another.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn on_this_machine(url: &str, token: &str) -> anyhow::Result<Self> {
        let client = builder().no_proxy().tls_danger_accept_invalid_certs(true).build()?;
        Ok(Self { client, url: url.to_owned(), token: token.to_owned() })
    }

    /// The same CRM, asked with a token that is not its own.
    pub fn with_wrong_token(&self) -> Self {
        Self { token: "not-the-token-of-this-crm".to_owned(), ..self.clone() }
    }

    /// Posts one form, the token added, and judges the answer.
    pub async fn push(&self, what: String, form: Vec<(&'static str, String)>, expected: Expected) -> Report {
        let callid = form.iter().find(|(name, _)| *name == "callid").map(|(_, value)| value.clone());
        let form: Vec<_> = form.into_iter().chain([("crm_token", self.token.clone())]).collect();
        let asked = Instant::now();
        let (status, verdict) = match self.post(&form).await {
            Ok((status, body)) => (Some(status), judge(expected, status, &body)),
            Err(error) => (None, Err(format!("no answer: {error}"))),
        };
        let took_ms = asked.elapsed().as_millis();
        Report { callid: callid.unwrap_or_default(), what, status, took_ms, verdict }
    }

    async fn post(&self, form: &[(&'static str, String)]) -> reqwest::Result<(u16, String)> {
        let answer = self.client.post(&self.url).form(form).send().await?;
        let status = answer.status().as_u16();
        Ok((status, answer.text().await?))
    }
}

/// Whether the contract allows this answer: then what it says in words, else what is wrong with it.
///
/// Source: Cloud PBX REST API, sections 4.1.1–4.1.3, output data.
pub fn judge(expected: Expected, status: u16, body: &str) -> Result<String, String> {
    match (expected, status) {
        (Expected::Kept, 200) => Ok(String::new()),
        (Expected::Name, 200) => name(body),
        (Expected::Refused, 401) if body.contains("error") => Ok("refused, as it must be".to_owned()),
        (Expected::Refused, 401) => Err(format!("a 401 carries {{\"error\":\"Invalid token\"}}, not {}", short(body))),
        (Expected::Refused, _) => Err("a wrong token must be refused with 401".to_owned()),
        (_, 401) => Err("the CRM does not take this crm_token".to_owned()),
        (_, 400) => Err(format!("the CRM calls good parameters bad: {}", short(body))),
        (_, _) => Err(format!("the contract knows 200, 400 and 401 only: {}", short(body))),
    }
}

fn name(body: &str) -> Result<String, String> {
    let Ok(Value::Object(answer)) = serde_json::from_str(body) else {
        return Err(format!("contact wants a JSON object, not {}", short(body)));
    };
    let text = |member: &str| match answer.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("{member} must be text")),
    };
    match (text("contact_name")?, text("responsible")?) {
        (None, None) => Ok("nobody the CRM knows".to_owned()),
        (Some(name), None) => Ok(format!("«{name}»")),
        (Some(name), Some(login)) => Ok(format!("«{name}», responsible {login}")),
        (None, Some(login)) => Ok(format!("no name, responsible {login}")),
    }
}

fn short(body: &str) -> String {
    if body.is_empty() {
        return "an empty body".to_owned();
    }
    body.chars().take(120).collect::<String>().replace(['\n', '\r'], " ")
}

#[expect(clippy::disallowed_methods, reason = "the simulator shares no code with the CRM; its limits are here")]
fn builder() -> reqwest::ClientBuilder {
    // A second provider is refused, and the first one serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .connect_timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none())
        .user_agent("ringcard-simulator")
}

fn client(address: &reqwest::Url) -> anyhow::Result<reqwest::Client> {
    let is_here = matches!(address.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    // A proxy would look for this machine on its own.
    let build = || if is_here { builder().no_proxy() } else { builder() };
    // A machine without a CA store builds no client; the bundled roots serve there.
    build().build().or_else(|_| build().tls_backend_preconfigured(bundled_roots()).build()).map_err(Into::into)
}

fn bundled_roots() -> rustls::ClientConfig {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
}
