//! `infoplane completions`: what a shell needs to complete commands and flags.

use clap::CommandFactory;

use crate::args::{Cli, CompletionsArgs};
use crate::failure::Failure;
use crate::output;

pub(crate) fn run(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "infoplane", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}
