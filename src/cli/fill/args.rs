//! How large a past is asked for.

use clap::Args;

#[derive(Args, Clone, Debug)]
pub struct FillArgs {
    /// How many calls
    #[arg(long, env = "RINGCARD_FILL_CALLS", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub calls: u64,

    /// How many contacts
    #[arg(long, env = "RINGCARD_FILL_CONTACTS", value_parser = contacts)]
    pub contacts: usize,

    /// Over how many days, until an hour ago
    #[arg(long, env = "RINGCARD_FILL_DAYS", default_value_t = 365, value_parser = clap::value_parser!(i64).range(1..=3_650))]
    pub days: i64,

    /// The same seed makes the same past up, at the same time of asking
    #[arg(long, env = "RINGCARD_FILL_SEED", default_value_t = 1)]
    pub seed: u64,
}

fn contacts(text: &str) -> std::result::Result<usize, String> {
    text.parse().ok().filter(|count| (1..=10_000_000).contains(count)).ok_or("1 to 10000000".to_owned())
}
