use std::process::ExitCode;

/// Pushes are parsed on one thread and written on another: the system's allocator is slow at that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Synchronous: the store's threads must be let go of last, outside any async runtime.
fn main() -> ExitCode {
    // They would cost an idle program 30 MiB; a kernel that has none has nothing to switch off.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    ringcard::cli::main()
}
