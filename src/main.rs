use std::process::ExitCode;

/// Synchronous: the store's threads must be let go of last, outside any async runtime.
fn main() -> ExitCode {
    ringcard::cli::main()
}
