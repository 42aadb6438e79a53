//! What a program can do to keep its memory to itself. `docs/soundness.md` says what that does not cover.

use rustix::process::{Resource, Rlimit, setrlimit};

/// No core dump, no attaching by others of the same user. Best effort: where the system refuses, the
/// program goes on, since the person needs it more than it needs this.
pub(super) fn protect_memory() {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).ok();
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable).ok();
}
