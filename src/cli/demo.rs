//! `ringcard demo`: a made-up business on a throw-away store, whose phone keeps ringing.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::app::desk::contacts;
use crate::app::people::draft::UserDraft;
use crate::app::people::users;
use crate::app::{App, integrations, settings, token};
use crate::cli::command::{in_one_line, make_data_dir};
use crate::cli::demo_past;
use crate::cli::demo_samples::{CLIENTS, NUMBERS, PEOPLE, STRANGERS};
use crate::cli::trial;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::integration::Kind;
use crate::domain::phone::Phone;
use crate::domain::user::Line;
use crate::server;
use crate::simulator::cast::{Cast, Employee};
use crate::simulator::crm::Crm;
use crate::simulator::entry;
use crate::simulator::neighbours::{MANGO_PATH, SIPSIM_PATH, UIS_PATH};
use crate::simulator::player::Player;
use crate::simulator::scenario::Scenario;
use crate::store::Store;
use crate::store::location::StoreLocation;

/// Time to open the browser before the first call.
const FIRST_CALL_AFTER: Duration = Duration::from_secs(3);
const PBX_NAME: &str = "Облачная АТС (демо)";
/// In this order, over and over; the first rings on everybody's phone.
const PLAYS: [Scenario; 5] =
    [Scenario::Group, Scenario::Plain, Scenario::Missed, Scenario::Transfer, Scenario::HistoryFirst];

#[derive(Args)]
pub struct DemoArgs {
    /// The password of all three sign-ins; made up and printed when absent
    #[arg(long, env = "RINGCARD_DEMO_PASSWORD", hide_env_values = true)]
    password: Option<SecretString>,

    /// Seconds from one call's beginning to the next
    #[arg(long, env = "RINGCARD_DEMO_EVERY", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,

    /// Where the simulated PBX listens; any free port when absent
    #[arg(long, env = "RINGCARD_DEMO_PBX_LISTEN", default_value = "127.0.0.1:0")]
    pbx_listen: SocketAddr,
}

/// The store's directory; gone with the demo.
struct ThrowAway(PathBuf);

impl Drop for ThrowAway {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// # Errors
/// When an address cannot be had, or the store cannot be made.
pub fn run(mut config: Config, args: DemoArgs) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
    let pbx = TcpListener::bind(args.pbx_listen).with_context(|| format!("cannot listen on {}", args.pbx_listen))?;
    let clock = Clock::system();
    let data = ThrowAway(std::env::temp_dir().join(format!("ringcard-demo-{}", clock.new_id())));
    config.data_dir.clone_from(&data.0);
    config.database_url = None;
    config.secret_key_file = None;
    // The simulated PBX reaches the CRM by its plain address.
    config.tls_cert = None;
    config.tls_key = None;
    make_data_dir(&config)?;
    let store = Store::open_for_serving(&StoreLocation::in_dir(&config.data_dir))?;
    let app = App::new(store, clock, config);
    actix_web::rt::System::new().block_on(show(&app, listener, pbx, args))
}

async fn show(app: &App, listener: TcpListener, pbx: TcpListener, args: DemoArgs) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    let password = match args.password {
        Some(password) => password,
        None => easy_password()?,
    };
    let crm_token = furnish(app, &pbx, &password).await.map_err(in_one_line)?;
    let player = Arc::new(player(app, &pbx, address, &crm_token)?);
    let note = Arc::new(|line: &str| tracing::debug!("{line}"));
    actix_web::rt::spawn(entry::serve(pbx, Arc::clone(&player), crm_token, note)?);
    actix_web::rt::spawn(keep_calling(player, Duration::from_secs(args.every)));
    trial::prepare(app, address);
    greet(&app.config.local_url(address.port()), &password, args.every);
    server::run(app.clone(), listener, server::asked_to_stop()).await
}

/// Ten characters that are easy to type: 51 bits.
fn easy_password() -> anyhow::Result<SecretString> {
    let letters = token::new()?.to_lowercase();
    let easy: String = letters.chars().filter(|c| c.is_ascii_alphanumeric() && !"0o1l".contains(*c)).take(10).collect();
    Ok(SecretString::from(easy))
}

/// The PBX first, then the people with their lines, then what they keep. Answers the crm_token, which serves both ways.
async fn furnish(app: &App, pbx: &TcpListener, password: &SecretString) -> crate::error::Result<String> {
    let pbx_address = pbx.local_addr().map_err(crate::error::Error::internal)?;
    let crm_token = token::new()?;
    let connection = object(json!({
        "url": format!("http://{pbx_address}{}", entry::PATH), "token": crm_token, "crm_token": crm_token,
    }));
    let integration = integrations::add(app, Kind::CloudPbx, PBX_NAME, connection).await?;
    let [sipsim, uis] = connect_neighbours(app, pbx_address, &crm_token).await?;
    for person in &PEOPLE {
        let line = |integration: &str, account: &str| Line {
            integration: integration.to_owned(),
            account: account.to_owned(),
        };
        let draft = UserDraft {
            login: person.login.to_owned(),
            name: person.name.to_owned(),
            role: person.role,
            password: Some(password.clone()),
            lines: vec![
                line(&integration.id, person.login),
                line(&sipsim, person.sipsim_number),
                line(&uis, person.uis_number),
            ],
        };
        users::create(app, draft).await?;
    }
    let numbers: Vec<_> = NUMBERS.iter().map(|(number, label)| json!({"number": number, "label": label})).collect();
    settings::update(app, object(json!({ "numbers": numbers }))).await?;
    for client in &CLIENTS {
        let responsible = match client.responsible {
            Some(login) => Some(users::get_by_login(app, login).await?.id),
            None => None,
        };
        contacts::create(app, client.patch(responsible)).await?;
    }
    demo_past::write(app, &integration.id).await?;
    Ok(crm_token)
}

/// The other three systems; answers the ids of the two that can call: SipSim and UIS.
async fn connect_neighbours(app: &App, pbx: SocketAddr, token: &str) -> crate::error::Result<[String; 2]> {
    let sipsim = json!({
        "url": format!("http://{pbx}{SIPSIM_PATH}"), "crm_name": "ringcard", "crm_token": token, "token": token,
    });
    let uis = json!({
        "url": format!("http://{pbx}{UIS_PATH}"), "login": "ringcard", "password": token, "numb": NUMBERS[0].0,
    });
    let mango = json!({
        "url": format!("http://{pbx}{MANGO_PATH}"), "token": token, "default_number": NUMBERS[0].0,
    });
    let sipsim = integrations::add(app, Kind::Sipsim, "SipSim (демо)", object(sipsim)).await?;
    let uis = integrations::add(app, Kind::Uis, "UIS (демо)", object(uis)).await?;
    integrations::add(app, Kind::Mango, "Mango (демо)", object(mango)).await?;
    Ok([sipsim.id, uis.id])
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn player(app: &App, pbx: &TcpListener, crm: SocketAddr, crm_token: &str) -> anyhow::Result<Player> {
    let here = if crm.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { crm.ip() };
    let crm = Crm::new(&format!("http://{}/pbx", SocketAddr::new(here, crm.port())), crm_token)?;
    let employees = PEOPLE.iter().map(|one| Employee { login: one.login.to_owned(), name: one.name.to_owned() });
    let known = CLIENTS.iter().map(|client| client.phones[0].0);
    let clients = known.chain(STRANGERS).map(Phone::from_stored).collect();
    let lines = NUMBERS.iter().map(|(number, _)| Phone::from_stored(*number)).collect();
    let recordings = format!("http://{}/recordings", pbx.local_addr()?);
    let tell = Arc::new(|report: &crate::simulator::crm::Report| tracing::debug!("{report}"));
    let cast = Cast::new(employees.collect(), clients, lines);
    Ok(Player::new(cast, crm, app.clock.clone(), 1.0, recordings, tell))
}

async fn keep_calling(player: Arc<Player>, every: Duration) {
    tokio::time::sleep(FIRST_CALL_AFTER).await;
    for scenario in PLAYS.into_iter().cycle() {
        let player = Arc::clone(&player);
        actix_web::rt::spawn(async move { player.play(scenario).await });
        tokio::time::sleep(every).await;
    }
}

#[expect(clippy::print_stdout, reason = "what the visitor is waiting for")]
fn greet(url: &str, password: &SecretString, every: u64) {
    let password = password.expose_secret();
    let logins: Vec<_> = PEOPLE.iter().map(|person| format!("{} ({})", person.login, person.name)).collect();
    let logins = logins.join(", ");
    println!(
        "
  ringcard — демонстрация / demo

  Откройте / open       {url}/
  Вход / sign in        {logins}
  Пароль / password     {password}

  Через несколько секунд зазвонит телефон, дальше — каждые {every} с. Номер можно и набрать: «АТС» позвонит.
  The phone rings in a few seconds, then every {every} s. Click a number, and the simulated PBX calls it.
  Ctrl-C — конец; всё показанное исчезнет. / Ctrl-C ends it; nothing is kept.
"
    );
}
