use std::process::ExitCode;

/// Pushes are parsed on one thread and written on another: the system's allocator is slow at that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Synchronous: the store's threads must be let go of last, outside any async runtime.
fn main() -> ExitCode {
    ringcard::cli::main()
}
