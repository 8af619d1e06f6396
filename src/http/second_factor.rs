//! `/api/second-factor`: codes of an authenticator app beside one's own password.

use actix_web::{HttpResponse, web};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::people::second_factor::{self, Offer};
use crate::error::Result;
use crate::http::edge::auth::{Acting, Operator};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstCode {
    #[schema(max_length = 100)]
    code: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnPassword {
    #[schema(format = Password, max_length = 1024)]
    password: String,
}

#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Each does once in place of a code. Shown this once.
    recovery_codes: Vec<String>,
}

/// A secret for my app; it counts when its first code has come.
#[utoipa::path(post, path = "/api/second-factor", tag = "second_factor", security(("session" = [])), responses((status = 200, body = Offer), (status = 409)))]
pub async fn offer(app: Acting, Operator(me): Operator) -> Result<web::Json<Offer>> {
    second_factor::offer(&app, &me).await.map(web::Json)
}

/// The app's first code: from now on my sign-in asks for one.
#[utoipa::path(put, path = "/api/second-factor", tag = "second_factor", security(("session" = [])), request_body = FirstCode, responses((status = 200, body = RecoveryCodes), (status = 404), (status = 409), (status = 422), (status = 429)))]
pub async fn confirm(
    app: Acting,
    Operator(me): Operator,
    body: web::Json<FirstCode>,
) -> Result<web::Json<RecoveryCodes>> {
    let recovery_codes = second_factor::confirm(&app, &me, &body.code).await?;
    Ok(web::Json(RecoveryCodes { recovery_codes }))
}

/// My sign-in asks for no code any more.
#[utoipa::path(delete, path = "/api/second-factor", tag = "second_factor", security(("session" = [])), request_body = OwnPassword, responses((status = 204), (status = 404), (status = 422), (status = 429)))]
pub async fn turn_off(app: Acting, Operator(me): Operator, body: web::Json<OwnPassword>) -> Result<HttpResponse> {
    second_factor::turn_off(&app, &me, SecretString::from(body.into_inner().password)).await?;
    Ok(HttpResponse::NoContent().finish())
}
