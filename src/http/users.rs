//! `/api/users`: people.

use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::form_urlencoded::byte_serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::app::directory::Directory;
use crate::app::people::draft::{UserDraft, UserPatch};
use crate::app::people::invites::{self, Invitation};
use crate::app::people::{second_factor, users};
use crate::domain::time::UtcMs;
use crate::domain::user::{Line, Role, User, UserRef};
use crate::error::Result;
use crate::http::edge::auth::{Acting, Admin, Operator};
use crate::http::edge::origin::public_origin;
use crate::http::edge::page::{Page, PageQuery};

/// A person as the asker may see him: whole for an admin.
#[derive(Serialize, ToSchema)]
pub struct Person {
    #[serde(flatten)]
    who: UserRef,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<Line>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    has_second_factor: Option<bool>,
}

impl Person {
    fn seen_by(asker: &User, User { id, login, name, role, lines }: User, directory: &Directory) -> Self {
        let is_whole = asker.role == Role::Admin;
        let has_second_factor = is_whole.then(|| directory.has_second_factor(&id));
        let (role, lines) = is_whole.then_some((role, lines)).unzip();
        Self { who: UserRef { id, login, name }, role, lines, has_second_factor }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    #[schema(min_length = 1, max_length = 64, pattern = r"^\S+$")]
    login: String,
    #[serde(default)]
    #[schema(max_length = 200)]
    name: String,
    role: Role,
    /// Without one the answer holds an invitation to set it.
    #[schema(format = Password, min_length = 8, max_length = 1024)]
    password: Option<String>,
    /// The first is the default line; an integration is named by id or by name.
    #[serde(default)]
    #[schema(max_items = 50)]
    lines: Vec<Line>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedUser {
    #[schema(min_length = 1, max_length = 64, pattern = r"^\S+$")]
    login: Option<String>,
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    role: Option<Role>,
    #[schema(format = Password, min_length = 8, max_length = 1024)]
    password: Option<String>,
    #[schema(max_items = 50)]
    lines: Option<Vec<Line>>,
}

/// Everybody, newest first: whole users for an admin, {id, login, name} for the others.
#[utoipa::path(get, path = "/api/users", tag = "users", params(PageQuery), responses((status = 200, body = Page<Person>)))]
pub async fn list(
    app: web::Data<App>,
    asker: Operator,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<Person>>> {
    let limit = query.limit()?;
    let found = users::list(&app, query.after()?, limit + 1).await?;
    let page = Page::cut(found, limit, |user| user.id.clone())?;
    let directory = app.directory().await?;
    let items = page.items.into_iter().map(|user| Person::seen_by(&asker.0, user, &directory)).collect();
    Ok(web::Json(Page { items, next: page.next }))
}

/// A link with which a person sets the password; it is shown once, and good once, for 7 days.
#[derive(Serialize, ToSchema)]
pub struct Invite {
    url: String,
    expires_at: UtcMs,
}

impl Invite {
    /// The page shows the login, for the person and for what keeps passwords.
    fn new(request: &HttpRequest, user: &User, invitation: Invitation) -> Self {
        let login: String = byte_serialize(user.login.as_bytes()).collect();
        let url = format!("{}/invite#token={}&login={login}", public_origin(request), invitation.token);
        Self { url, expires_at: invitation.expires_at }
    }
}

/// A user just made.
#[derive(Serialize, ToSchema)]
pub struct MadeUser {
    #[serde(flatten)]
    user: User,
    /// When no password was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    invite: Option<Invite>,
}

/// Adds a user; one without a password is invited to set it.
#[utoipa::path(post, path = "/api/users", tag = "users", request_body = NewUser, responses((status = 201, body = MadeUser), (status = 409), (status = 422)))]
pub async fn create(app: Acting, _: Admin, request: HttpRequest, body: web::Json<NewUser>) -> Result<HttpResponse> {
    let body = body.into_inner();
    let draft = UserDraft {
        login: body.login,
        name: body.name,
        role: body.role,
        password: body.password.map(SecretString::from),
        lines: body.lines,
    };
    let (user, invitation) = users::create(&app, draft).await?;
    let invite = invitation.map(|invitation| Invite::new(&request, &user, invitation));
    Ok(HttpResponse::Created().json(MadeUser { user, invite }))
}

/// Another invitation; the one before it is void, a password that there is stays until the link is used.
#[utoipa::path(post, path = "/api/users/{id}/invite", tag = "users", params(("id" = String, Path)), responses((status = 201, body = Invite), (status = 404)))]
pub async fn invite(app: Acting, _: Admin, request: HttpRequest, id: web::Path<String>) -> Result<HttpResponse> {
    let (user, invitation) = invites::renew(&app, &id).await?;
    Ok(HttpResponse::Created().json(Invite::new(&request, &user, invitation)))
}

/// One user.
#[utoipa::path(get, path = "/api/users/{id}", tag = "users", params(("id" = String, Path)), responses((status = 200, body = User), (status = 404)))]
pub async fn get(app: web::Data<App>, _: Admin, id: web::Path<String>) -> Result<web::Json<User>> {
    Ok(web::Json(users::get(&app, &id).await?))
}

/// Changes what the body names; a new password or role ends the user's sessions.
#[utoipa::path(patch, path = "/api/users/{id}", tag = "users", params(("id" = String, Path)), request_body = ChangedUser, responses((status = 200, body = User), (status = 404), (status = 409), (status = 422)))]
pub async fn update(
    app: Acting,
    _: Admin,
    id: web::Path<String>,
    body: web::Json<ChangedUser>,
) -> Result<web::Json<User>> {
    let body = body.into_inner();
    let patch = UserPatch {
        login: body.login,
        name: body.name,
        role: body.role,
        password: body.password.map(SecretString::from),
        lines: body.lines,
    };
    Ok(web::Json(users::update(&app, &id, patch).await?))
}

/// Disables and hides the user; calls stay. The last admin cannot go.
#[utoipa::path(delete, path = "/api/users/{id}", tag = "users", params(("id" = String, Path)), responses((status = 204), (status = 404), (status = 409)))]
pub async fn delete(app: Acting, _: Admin, id: web::Path<String>) -> Result<HttpResponse> {
    users::disable(&app, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes the second factor away from whoever lost it: he signs in with the password alone, until he turns it on again.
#[utoipa::path(delete, path = "/api/users/{id}/second-factor", tag = "users", security(("session" = [])), params(("id" = String, Path)), responses((status = 204), (status = 404)))]
pub async fn take_second_factor(app: Acting, _: Admin, id: web::Path<String>) -> Result<HttpResponse> {
    let user = users::get(&app, &id).await?;
    second_factor::take_away(&app, &user.id, &user.login).await?;
    Ok(HttpResponse::NoContent().finish())
}
