//! The first admin, sign-in, and who may be what.

use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};

use ringcard::app::people::{sessions, setup};
use ringcard::error::Error;
use ringcard::store::tables::users;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::support::office::{CRM_TOKEN, Office, PBX_TOKEN, at, with};
use crate::support::person::Person;
use crate::support::{Answer, TestApp};

const PASSWORD: &str = "correct horse battery";
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

async fn posts(crm: &TestApp, path: &str, body: Value) -> Answer {
    Answer::of(crm.http.post(format!("{}{path}", crm.url)).json(&body).send().await.unwrap()).await
}

async fn sets_up(crm: &TestApp, token: &str, password: &str) -> Answer {
    posts(crm, "/api/setup", json!({"token": token, "login": "dasha", "name": "Дарья", "password": password})).await
}

async fn tries(crm: &TestApp, login: &str, password: &str) -> Answer {
    posts(crm, "/api/session", json!({"login": login, "password": password})).await
}

/// An office in which Anna and Boris have their passwords.
async fn opens() -> Office {
    let office = Office::opens().await;
    for person in [&office.anna, &office.boris] {
        let answer = office.admin.patch(&format!("/api/users/{}", person.id()), json!({"password": PASSWORD})).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    office
}

async fn signs_in(office: &Office, person: &Person) -> Person {
    let login = person.appears["login"].as_str().unwrap();
    let (token, user) = sessions::sign_in(&office.app, login, PASSWORD.into(), None, None).await.unwrap();
    assert_eq!(user.id, person.id());
    Person::with_session(&office.crm, &token, person.appears.clone())
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_first_admin_comes_by_the_link_once() {
    let crm = TestApp::start().await;
    let other = setup::renew_link(&crm.app).await.unwrap().unwrap();
    let link = setup::renew_link(&crm.app).await.unwrap().unwrap();
    assert_eq!(sets_up(&crm, &link, "12345678").await.status, 422, "a refused password leaves the link whole");
    let made = sets_up(&crm, &link, PASSWORD).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let user = made.json();
    let whole = json!({"id": user["id"], "login": "dasha", "name": "Дарья", "role": "admin", "lines": []});
    assert_eq!(user, whole);
    for link in [link, other] {
        let again = sets_up(&crm, &link, PASSWORD).await;
        assert_eq!((again.status, code(&again).as_str()), (409, "set_up_already"));
    }
    assert_eq!(setup::renew_link(&crm.app).await.unwrap(), None, "no link once there is an admin");
}

#[tokio::test]
async fn a_setup_link_is_good_for_30_minutes() {
    let crm = TestApp::start().await;
    let link = setup::renew_link(&crm.app).await.unwrap().unwrap();
    crm.clock.advance(30 * MINUTE_MS);
    assert_eq!(sets_up(&crm, &link, PASSWORD).await.status, 403);
}

#[tokio::test]
async fn an_admin_adds_changes_and_disables() {
    let office = Office::opens().await;
    let admin = &office.admin;
    let lines =
        json!([{"integration": "main", "account": "vera2"}, {"integration": office.integration, "account": "v1"}]);
    let new = json!({"login": "Vera", "name": "Вера", "role": "manager", "password": PASSWORD, "lines": lines});
    let vera = admin.makes("/api/users", new.clone()).await;
    let by_id = json!([
        {"integration": office.integration, "account": "vera2"},
        {"integration": office.integration, "account": "v1"},
    ]);
    let whole = json!({"id": vera["id"], "login": "Vera", "name": "Вера", "role": "manager", "lines": by_id});
    assert_eq!(vera, whole);
    let path = format!("/api/users/{}", vera["id"].as_str().unwrap());
    assert_eq!(admin.reads(&path).await, whole);

    let taken = admin.post("/api/users", json!({"login": "VERA", "role": "operator", "password": PASSWORD})).await;
    assert_eq!((taken.status, code(&taken).as_str()), (409, "login_taken"));
    let annas = json!([{"integration": "main", "account": "anna"}]);
    let another = json!({"login": "zoya", "role": "operator", "password": PASSWORD, "lines": annas});
    let taken = admin.post("/api/users", another).await;
    assert_eq!((taken.status, code(&taken).as_str()), (409, "line_taken"));
    assert_eq!(admin.reads("/api/users").await["items"].as_array().unwrap().len(), 4, "what was refused made nobody");
    let nowhere = admin.patch(&path, json!({"lines": [{"integration": "nowhere", "account": "x"}]})).await;
    assert_eq!(nowhere.json()["errors"][0]["field"], "lines[0].integration");

    let moved = json!({"name": "Вера К.", "lines": [{"integration": "main", "account": "v1"}]});
    let changed = admin.patch(&path, moved).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(changed.json()["lines"], json!([{"integration": office.integration, "account": "v1"}]));

    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(admin.get(&path).await.status, 404);
    assert_eq!(tries(&office, "vera", PASSWORD).await.status, 401);
    admin.makes("/api/users", new).await;
}

/// The token of an invitation's link.
fn token_of(invite: &Value) -> String {
    let url = invite["url"].as_str().unwrap();
    let (page, fragment) = url.split_once('#').unwrap();
    assert!(page.ends_with("/invite"), "{url}");
    fragment.strip_prefix("token=").unwrap().split('&').next().unwrap().to_owned()
}

async fn accepts(crm: &TestApp, token: &str, password: &str) -> Answer {
    posts(crm, "/api/invite", json!({"token": token, "password": password})).await
}

#[tokio::test]
async fn whoever_is_made_without_a_password_sets_it_by_his_link_and_is_in() {
    let office = Office::opens().await;
    let lines = json!([{"integration": office.integration, "account": "vera"}]);
    let new = json!({"login": "вера k&1", "name": "Вера", "role": "manager", "lines": lines});
    let refused = office.admin.post("/api/users", new.clone()).await;
    assert_eq!(refused.status, 422, "a login has no blanks");
    let vera = office.admin.makes("/api/users", with(new, json!({"login": "вера&1"}))).await;
    let url = vera["invite"]["url"].clone();
    let invite = json!({"url": url, "expires_at": at(7 * 24 * 3600)});
    let user = json!({"id": vera["id"], "login": "вера&1", "name": "Вера", "role": "manager", "lines": lines});
    assert_eq!(vera, with(user.clone(), json!({ "invite": invite })));
    let login = url.as_str().unwrap().split_once("&login=").unwrap().1;
    assert_eq!(login, "%D0%B2%D0%B5%D1%80%D0%B0%261", "for the page to show");
    for password in ["", PASSWORD] {
        assert_eq!(tries(&office, "вера&1", password).await.status, 401, "{password:?}");
    }
    let token = token_of(&vera["invite"]);
    let weak = accepts(&office, &token, "12345678").await;
    assert_eq!((weak.status, &weak.json()["errors"][0]["field"]), (422, &json!("password")), "the link is still good");
    let body = json!({"token": token, "password": PASSWORD});
    let accepted = office.http.post(format!("{}/api/invite", office.url)).json(&body).send().await.unwrap();
    let cookie = accepted.headers()["set-cookie"].to_str().unwrap().to_owned();
    let accepted = Answer::of(accepted).await;
    assert_eq!((accepted.status, accepted.json()), (200, user), "{}", accepted.text);
    let session = cookie.strip_prefix("ringcard=").unwrap().split(';').next().unwrap();
    let vera = Person::with_session(&office.crm, session, Value::Null);
    assert_eq!(vera.reads("/api/session").await["login"], "вера&1");
    let again = accepts(&office, &token, "another horse battery").await;
    assert_eq!((again.status, &again.json()["why"]), (403, &json!({"code": "invite", "params": {}})), "{}", again.text);
    assert_eq!(tries(&office, "вера&1", PASSWORD).await.status, 200);
    for file in std::fs::read_dir(office.app.config.data_dir.clone()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(token.len()).any(|part| part == token.as_bytes()), "the token is kept as its hash");
    }
}

#[tokio::test]
async fn an_invitation_ends_when_it_should() {
    let office = opens().await;
    let path = format!("/api/users/{}", office.anna.id());
    let invites = async |admin: &Person| {
        let answer = admin.post(&format!("{path}/invite"), json!({})).await;
        assert_eq!((answer.status, answer.json().as_object().unwrap().len()), (201, 2), "{}", answer.text);
        token_of(&answer.json())
    };
    let boris = signs_in(&office, &office.boris).await;
    assert_eq!(boris.post(&format!("{path}/invite"), json!({})).await.status, 403, "an admin's");
    assert_eq!(office.admin.post("/api/users/nobody/invite", json!({})).await.status, 404);

    let (first, second) = (invites(&office.admin).await, invites(&office.admin).await);
    assert_eq!(accepts(&office, &first, PASSWORD).await.status, 403, "another one replaced it");
    office.clock.advance(7 * DAY_MS);
    let admin = office.signs_in_again("admin").await;
    assert_eq!(accepts(&office, &second, PASSWORD).await.status, 403, "7 days");
    let third = invites(&admin).await;
    assert_eq!(admin.patch(&path, json!({"password": PASSWORD})).await.status, 200);
    assert_eq!(accepts(&office, &third, PASSWORD).await.status, 403, "a password was set");

    let anna = signs_in(&office, &office.anna).await;
    let fourth = invites(&admin).await;
    assert_eq!(anna.get("/api/session").await.status, 200, "whoever has a password keeps it until then");
    assert_eq!(accepts(&office, &fourth, "another horse battery").await.status, 200);
    assert_eq!(anna.get("/api/session").await.status, 401);
    assert_eq!(tries(&office, "anna", PASSWORD).await.status, 401);

    let fifth = invites(&admin).await;
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(accepts(&office, &fifth, PASSWORD).await.status, 403, "he is disabled");
    assert_eq!(admin.post(&format!("{path}/invite"), json!({})).await.status, 404);
}

/// The page saves everybody at once: what is given to one may still be another's when it arrives.
#[tokio::test]
async fn a_line_moves_in_whatever_order_its_changes_come() {
    let office = Office::opens().await;
    let line = |account: &str| json!({"integration": office.integration, "account": account});
    let gives = async |person: &Person, lines: Value| {
        let answer = office.admin.patch(&format!("/api/users/{}", person.id()), json!({ "lines": lines })).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    };
    // An operator reads the system's name, and nothing else of it.
    let own = |account: &str| json!({"integration": office.integration, "name": "main", "account": account});
    let (anna, boris) = (&office.anna, &office.boris);
    tokio::join!(gives(anna, json!([line("boris")])), gives(boris, json!([line("anna"), line("102")])));
    for (person, lines) in [(anna, json!([own("boris")])), (boris, json!([own("anna"), own("102")]))] {
        assert_eq!(person.reads("/api/session").await["lines"], lines, "{}", person.appears);
    }
    gives(anna, json!([line("102"), line("boris")])).await;
    gives(boris, json!([line("anna")])).await;
    assert_eq!(anna.reads("/api/session").await["lines"], json!([own("102"), own("boris")]));
    assert_eq!(boris.reads("/api/session").await["lines"], json!([own("anna")]));
}

#[tokio::test]
async fn colleagues_see_names_and_admins_see_all() {
    let office = Office::opens().await;
    let mut seen = office.anna.reads("/api/users").await;
    // All three were made in one millisecond of the test's clock.
    seen["items"].as_array_mut().unwrap().sort_by_key(|user| user["login"].to_string());
    assert_eq!(seen, json!({"items": [office.admin.appears, office.anna.appears, office.boris.appears], "next": null}));
    let first = office.admin.reads("/api/users?limit=2").await;
    assert!(first["items"][0]["role"].is_string(), "whole users: {first}");
    let rest = office.admin.reads(&format!("/api/users?limit=2&cursor={}", first["next"].as_str().unwrap())).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
    assert_eq!(office.anna.reads("/api/session").await["lines"][0]["account"], "anna");
    for bad in ["limit=0", "limit=201", "limit=x", "cursor=%20", "cursor=e30"] {
        assert_eq!(office.admin.get(&format!("/api/users?{bad}")).await.status, 422, "{bad}");
    }
}

#[tokio::test]
async fn the_last_admin_cannot_go() {
    let office = Office::opens().await;
    let path = format!("/api/users/{}", office.admin.id());
    let gone = office.admin.delete(&path).await;
    assert_eq!((gone.status, code(&gone).as_str()), (409, "last_admin"));
    let lowered = office.admin.patch(&path, json!({"role": "manager"})).await;
    assert_eq!((lowered.status, code(&lowered).as_str()), (409, "last_admin"));
    let anna = format!("/api/users/{}", office.anna.id());
    assert_eq!(office.admin.patch(&anna, json!({"role": "admin"})).await.status, 200);
    assert_eq!(office.admin.delete(&path).await.status, 204);
}

#[tokio::test]
async fn r33_a_session_ends_when_it_should() {
    let office = opens().await;
    let path = format!("/api/users/{}", office.anna.id());
    for change in [json!({"password": "another horse"}), json!({"password": PASSWORD}), json!({"role": "manager"})] {
        let anna = signs_in(&office, &office.anna).await;
        assert_eq!(office.admin.patch(&path, json!({"name": "Анна П."})).await.status, 200);
        assert_eq!(anna.get("/api/session").await.status, 200, "a new name ends nothing");
        assert_eq!(office.admin.patch(&path, change.clone()).await.status, 200);
        assert_eq!(anna.get("/api/session").await.status, 401, "{change}");
        office.admin.patch(&path, json!({"password": PASSWORD, "role": "operator"})).await;
    }
    let (one, other) = (signs_in(&office, &office.anna).await, signs_in(&office, &office.anna).await);
    assert_eq!(one.delete("/api/session").await.status, 204);
    assert_eq!(one.get("/api/session").await.status, 401);
    assert_eq!(other.get("/api/session").await.status, 200, "the other browser stays signed in");
    assert_eq!(office.admin.delete(&path).await.status, 204);
    assert_eq!(other.get("/api/session").await.status, 401);
}

/// 200 people who go home at six must not make the next push read everything back.
#[tokio::test]
async fn a_sign_in_and_a_sign_out_leave_what_is_known_alone() {
    let office = opens().await;
    let known = || (office.app.store.generations().directory(), office.app.store.generations().contacts());
    let before = known();
    let anna = signs_in(&office, &office.anna).await;
    assert_eq!(anna.get("/api/session").await.status, 200);
    assert_eq!(anna.delete("/api/session").await.status, 204);
    assert_eq!(anna.get("/api/session").await.status, 401);
    if office.is_embedded() {
        assert_eq!(known(), before);
    }
}

#[tokio::test]
async fn r33_a_session_lasts_12_idle_hours_and_14_days_at_most() {
    let office = opens().await;
    let anna = signs_in(&office, &office.anna).await;
    let boris = signs_in(&office, &office.boris).await;
    for _ in 0..27 {
        office.clock.advance(12 * HOUR_MS - 1);
        assert_eq!(anna.get("/api/session").await.status, 200);
    }
    assert_eq!(boris.get("/api/session").await.status, 401, "nobody used it");
    office.clock.advance(14 * DAY_MS - 27 * (12 * HOUR_MS - 1));
    assert_eq!(anna.get("/api/session").await.status, 401, "14 days");
}

#[tokio::test]
async fn r32_a_guesser_waits_and_the_true_user_elsewhere_does_not() {
    let office = opens().await;
    for _ in 0..5 {
        assert_eq!(tries(&office, "anna", "wrong horse").await.status, 401);
    }
    let refused = tries(&office, "ANNA", PASSWORD).await;
    assert_eq!((refused.status, code(&refused).as_str()), (429, "too_many"));
    let elsewhere: IpAddr = "203.0.113.7".parse().unwrap();
    let password = SecretString::from(PASSWORD);
    let signed_in = sessions::sign_in(&office.app, "anna", password.clone(), None, Some(elsewhere)).await;
    assert!(signed_in.is_ok(), "another address");
    assert_eq!(tries(&office, "boris", PASSWORD).await.status, 200, "another login");
    office.clock.advance(MINUTE_MS);
    assert_eq!(tries(&office, "anna", PASSWORD).await.status, 200, "the wait is over");

    let mut refusals = 0;
    for index in 0..200 {
        let tried = sessions::sign_in(&office.app, &format!("n{index}"), password.clone(), None, Some(elsewhere)).await;
        refusals += i32::from(matches!(tried, Err(Error::TooMany { .. })));
    }
    assert!(refusals > 100, "an address that tries many logins waits too: {refusals}");
}

#[tokio::test]
async fn r32_a_clock_that_steps_back_keeps_nobody_waiting() {
    let office = opens().await;
    for _ in 0..5 {
        assert_eq!(tries(&office, "anna", "wrong horse").await.status, 401);
    }
    assert_eq!(tries(&office, "anna", PASSWORD).await.status, 429);
    office.clock.advance(-400 * DAY_MS);
    office.clock.advance(MINUTE_MS);
    assert_eq!(tries(&office, "anna", PASSWORD).await.status, 200);
}

/// Somebody guesses Anna's password for ever, each time from an address that nobody has seen.
fn guesses(office: &Office, guesser: u64) -> tokio::task::JoinHandle<()> {
    let app = office.app.clone();
    tokio::spawn(async move {
        for number in 0.. {
            let address = Ipv6Addr::from_bits(0x2001_0db8 << 96 | u128::from(guesser << 32 | number) << 64);
            let _ = sessions::sign_in(&app, "anna", "wrong horse".into(), None, Some(address.into())).await;
            tokio::task::yield_now().await;
        }
    })
}

#[tokio::test]
async fn r32_110_guessers_from_everywhere_lock_nobody_out() {
    let office = opens().await;
    let at_work: IpAddr = "203.0.113.7".parse().unwrap();
    let on_the_way: IpAddr = "198.51.100.9".parse().unwrap();
    let comes_from = |address| sessions::sign_in(&office.app, "anna", PASSWORD.into(), None, Some(address));
    comes_from(at_work).await.unwrap();
    let guessers: Vec<_> = (0..110).map(|number| guesses(&office, number)).collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut spent = Vec::new();
    for address in [at_work, at_work, at_work, on_the_way] {
        let begun = Instant::now();
        comes_from(address).await.unwrap();
        spent.push(begun.elapsed());
    }
    println!("beside 110 guessers: {:?} from a known address, {:?} from a new one", spent[2], spent[3]);
    assert!(spent[..3].iter().all(|known| *known * 4 < spent[3]), "{spent:?}");
    guessers.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn r32_of_one_strange_address_two_wait_and_what_was_not_tried_counts_not() {
    let office = opens().await;
    let elsewhere: IpAddr = "203.0.113.7".parse().unwrap();
    let comes = |login| sessions::sign_in(&office.app, login, PASSWORD.into(), None, Some(elsewhere));
    let ten = || futures_util::future::join_all((0..10).map(|number| comes(["anna", "boris"][number / 5])));
    let came = ten().await;
    let refused = came.iter().filter(|one| matches!(one, Err(Error::TooMany { .. }))).count();
    assert_eq!((came.iter().filter(|one| one.is_ok()).count(), refused), (2, 8));
    let came = ten().await;
    assert!(came.iter().all(Result::is_ok), "an office whose address is known");
}

#[tokio::test]
async fn r32_an_unknown_login_costs_the_same() {
    let office = opens().await;
    // The least of each: what a busy machine adds is no part of the price.
    let mut spent = [Duration::MAX; 2];
    for index in 0..10_u8 {
        for (login, spent) in ["anna", "nobody"].iter().zip(&mut spent) {
            let address = IpAddr::from([198, 51, 100, index]);
            let begun = Instant::now();
            let refused = sessions::sign_in(&office.app, login, "wrong horse".into(), None, Some(address)).await;
            assert!(matches!(refused, Err(Error::WrongPassword(_))));
            *spent = begun.elapsed().min(*spent);
        }
    }
    let [known, unknown] = spent.map(|spent| spent.as_secs_f64());
    assert!(unknown > known / 5.0 && unknown < known * 5.0, "known {known} s, unknown {unknown} s");
}

#[tokio::test]
async fn r32_passwords_are_kept_as_argon2id_hashes_of_19_mib() {
    let office = opens().await;
    let read = |login: &'static str| office.app.store.show(move |tx| users::find_credentials(tx, login));
    let kept = [read("anna").await.unwrap().unwrap().1, read("boris").await.unwrap().unwrap().1];
    assert!(kept.iter().all(|hash| hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")), "{kept:?}");
    assert_ne!(kept[0], kept[1], "the same password has another salt");
}

/// R33 for sessions, R30 for crm_tokens.
#[tokio::test]
async fn r33_the_store_keeps_no_token() {
    let office = opens().await;
    let request = office.http.post(format!("{}/api/session", office.url));
    let answer = request.json(&json!({"login": "anna", "password": PASSWORD})).send().await.unwrap();
    let cookie = answer.headers().get("set-cookie").unwrap().to_str().unwrap().to_owned();
    let token = cookie.strip_prefix("ringcard=").unwrap().split(';').next().unwrap();
    assert_eq!(token.len(), 43, "256 bits");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Path=/; Max-Age=1209600"), "{cookie}");
    let secrets = [token, PASSWORD, PBX_TOKEN, CRM_TOKEN];
    for file in std::fs::read_dir(office.app.config.data_dir.clone()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for secret in secrets {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
        }
    }
}
