//! One file per command; those on people's files share a folder.

pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod estimators;
pub(crate) mod explain;
pub(crate) mod files;
pub(crate) mod new;
pub(crate) mod plot;
pub(crate) mod report;
pub(crate) mod runs;
pub(crate) mod train;

/// What a build without the networks says to a command that needs them.
#[cfg(not(feature = "train"))]
pub(crate) fn without_training() -> crate::failure::Failure {
    crate::failure::Failure::new("IP0108", "this build cannot train: it was made without the built-in networks")
        .hint("build with default features: `cargo build --release -p infoplane-cli`")
}
