//! `ringcard simulate`: the PBX, played against any CRM that speaks the contract.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::cli::command::block_on;
use crate::clock::Clock;
use crate::domain::phone::Phone;
use crate::simulator::cast::{Cast, Employee};
use crate::simulator::crm::Crm;
use crate::simulator::entry;
use crate::simulator::neighbours::{MANGO_PATH, SIPSIM_PATH, UIS_PATH};
use crate::simulator::player::{Player, Tell};
use crate::simulator::scenario::Scenario;

/// Plays nothing: the PBX only waits for makeCall and accounts.
const LISTEN: &str = "listen";

#[derive(Args)]
pub struct SimulateArgs {
    /// The CRM's entry: http://127.0.0.1:8080/pbx
    #[arg(long, env = "RINGCARD_SIMULATE_CRM")]
    crm: String,

    /// What the CRM wants to be shown: the integration's crm_token
    #[arg(long, env = "RINGCARD_SIMULATE_CRM_TOKEN", hide_env_values = true)]
    crm_token: String,

    /// What to play; `listen` plays nothing and waits for makeCall
    #[arg(default_value = "plain", value_parser = PossibleValuesParser::new(scenario_names()))]
    scenario: String,

    /// Where this PBX listens for makeCall and accounts (at /sys/crm_api.wcgp), and serves its recordings; SipSim, UIS
    /// and Mango stand beside it (at /sipsim, /uis/v1, /mango/v1)
    #[arg(long, env = "RINGCARD_SIMULATE_LISTEN", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,

    /// Go on listening after the play, until Ctrl-C
    #[arg(long, env = "RINGCARD_SIMULATE_STAY")]
    stay: bool,

    /// What this PBX wants to be shown: the integration's token; also every token and password of the other three
    #[arg(long, env = "RINGCARD_SIMULATE_TOKEN", default_value = "simulated-pbx-token", hide_env_values = true)]
    token: String,

    /// The employees: login, or login=Name
    #[arg(long, env = "RINGCARD_SIMULATE_USERS", value_delimiter = ',', default_value = "anna,boris")]
    users: Vec<String>,

    /// The clients who ring, in turn
    #[arg(long, env = "RINGCARD_SIMULATE_CLIENTS", value_delimiter = ',', default_value = "79161234567,79035550101")]
    clients: Vec<String>,

    /// Our own numbers that they dial, in turn
    #[arg(long, env = "RINGCARD_SIMULATE_LINES", value_delimiter = ',', default_value = "74951234567")]
    lines: Vec<String>,

    /// How many times faster than life
    #[arg(long, env = "RINGCARD_SIMULATE_SPEED", default_value_t = 1.0)]
    speed: f64,
}

fn scenario_names() -> Vec<&'static str> {
    Scenario::ALL.into_iter().map(Scenario::name).chain(["all", LISTEN]).collect()
}

/// # Errors
/// When the address cannot be had, or the CRM answered what the contract forbids.
pub fn run(args: &SimulateArgs) -> anyhow::Result<()> {
    block_on(simulate(args))
}

async fn simulate(args: &SimulateArgs) -> anyhow::Result<()> {
    let plays = Scenario::named(&args.scenario);
    let ends_by_itself = !plays.is_empty() && !args.stay;
    let listener = listen(args.listen, ends_by_itself)?;
    let address = format!("http://{}", listener.local_addr()?);
    let recordings = format!("{address}/recordings");
    let crm = Crm::new(&args.crm, &args.crm_token).with_context(|| format!("no CRM at {}", args.crm))?;
    let player = Arc::new(Player::new(args.cast(), crm, Clock::system(), args.speed, recordings, tell_on_stdout()));
    let server = entry::serve(listener, Arc::clone(&player), args.token.clone(), Arc::new(say))?;
    let handle = server.handle();
    tokio::spawn(server);
    if !ends_by_itself {
        say(&format!("the Cloud PBX is at {address}{}", entry::PATH));
        for (name, path) in [("SipSim", SIPSIM_PATH), ("UIS", UIS_PATH), ("Mango calltracking", MANGO_PATH)] {
            say(&format!("{name} is at {address}{path}"));
        }
    }
    for scenario in &plays {
        say(&format!("— {}", scenario.name()));
        player.play(*scenario).await;
    }
    if !ends_by_itself {
        tokio::signal::ctrl_c().await?;
    }
    handle.stop(false).await;
    match player.faults() {
        0 => Ok(()),
        1 => bail!("the CRM gave one answer that the contract forbids"),
        faults => bail!("the CRM gave {faults} answers that the contract forbids"),
    }
}

/// A play that ends by itself needs an address for its recordings only, so any free port will do when the wanted one is
/// taken.
fn listen(wanted: SocketAddr, any_will_do: bool) -> anyhow::Result<TcpListener> {
    TcpListener::bind(wanted)
        .or_else(|error| if any_will_do { TcpListener::bind((wanted.ip(), 0)) } else { Err(error) })
        .with_context(|| format!("cannot listen on {wanted}"))
}

impl SimulateArgs {
    fn cast(&self) -> Cast {
        let numbers = |list: &[String]| list.iter().map(|raw| Phone::parse(raw, "RU")).collect();
        let employees = self.users.iter().map(|text| {
            let (login, name) = text.split_once('=').unwrap_or((text, text));
            Employee { login: login.to_owned(), name: name.to_owned() }
        });
        Cast::new(employees.collect(), numbers(&self.clients), numbers(&self.lines))
    }
}

fn tell_on_stdout() -> Tell {
    Arc::new(|report| say(&report.to_string()))
}

/// One line; a closed pipe ends nothing.
fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
