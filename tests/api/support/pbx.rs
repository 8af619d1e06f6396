//! The PBX as it speaks to us: pushes to `/pbx`, named as things happen on a phone.

use crate::support::{Answer, TestApp};

/// The PBX of one integration.
#[derive(Clone)]
pub struct Pbx {
    http: reqwest::Client,
    entry: String,
    pub token: String,
}

/// What happens on one phone of one call.
#[derive(Clone, Copy)]
pub struct On<'a> {
    pub callid: &'a str,
    pub user: &'a str,
    pub phone: &'a str,
}

/// The client who rings in most tests, as the PBX sends his number.
pub const CLIENT: &str = "79101234567";

pub fn on<'a>(callid: &'a str, user: &'a str) -> On<'a> {
    On { callid, user, phone: CLIENT }
}

impl<'a> On<'a> {
    pub fn of(self, phone: &'a str) -> Self {
        Self { phone, ..self }
    }
}

impl Pbx {
    pub fn new(crm: &TestApp, token: &str) -> Self {
        Self { http: crm.http.clone(), entry: format!("{}/pbx", crm.url), token: token.to_owned() }
    }

    /// Posts a form as it stands, without a token of its own.
    pub async fn posts(&self, content_type: &str, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.http.post(&self.entry).header("content-type", content_type).body(body);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Posts these members and the token.
    pub async fn says(&self, members: &[(&str, &str)]) -> Answer {
        let mut form = members.to_vec();
        form.push(("crm_token", &self.token));
        Answer::of(self.http.post(&self.entry).form(&form).send().await.unwrap()).await
    }

    /// As [`Pbx::says`]; must be acknowledged.
    pub async fn tells(&self, members: &[(&str, &str)]) {
        let answer = self.says(members).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""), "{members:?}");
    }

    /// An event with further members.
    pub async fn event(&self, kind: &str, on: On<'_>, more: &[(&str, &str)]) {
        let mut members =
            vec![("cmd", "event"), ("type", kind), ("user", on.user), ("phone", on.phone), ("callid", on.callid)];
        members.extend(more);
        self.tells(&members).await;
    }

    pub async fn rings(&self, on: On<'_>) {
        self.event("INCOMING", on, &[]).await;
    }

    pub async fn calls_out(&self, on: On<'_>) {
        self.event("OUTGOING", on, &[]).await;
    }

    pub async fn picks_up(&self, on: On<'_>) {
        self.event("ACCEPTED", on, &[]).await;
    }

    pub async fn hangs_up(&self, on: On<'_>) {
        self.event("COMPLETED", on, &[]).await;
    }

    pub async fn stops_ringing(&self, on: On<'_>) {
        self.event("CANCELLED", on, &[]).await;
    }

    /// The report after a call.
    pub async fn reports(&self, kind: &str, status: &str, duration: &str, on: On<'_>, more: &[(&str, &str)]) {
        let mut members = vec![("cmd", "history"), ("type", kind), ("status", status), ("duration", duration)];
        members.extend([("user", on.user), ("phone", on.phone), ("callid", on.callid)]);
        members.extend(more);
        self.tells(&members).await;
    }

    /// "Who is this?"
    pub async fn asks_who(&self, phone: &str) -> Answer {
        self.says(&[("cmd", "contact"), ("phone", phone), ("callid", "asked")]).await
    }
}
