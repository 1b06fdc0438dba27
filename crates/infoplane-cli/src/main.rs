//! The program `infoplane`: record a network while it trains, measure it, and show the result.

mod args;
mod codes;
mod commands;
mod config;
mod failure;
mod output;
mod page;
#[cfg(feature = "train")]
mod session;
mod source;
mod written;

use std::process::ExitCode;

use args::{Cli, Command};
use failure::{Failure, Paint};

fn main() -> ExitCode {
    let cli = args::parse();
    Paint::choose(cli.global.color);
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            failure.exit_code()
        }
    }
}

fn run(cli: &Cli) -> Result<(), Failure> {
    match &cli.command {
        Command::New(args) => commands::new::run(args),
        Command::Train(args) => commands::train::run(args, &cli.global),
        Command::Demo(args) => commands::demo::run(args, &cli.global),
        Command::Te(args) => commands::files::te(args),
        Command::TeNet(args) => commands::files::te_net(args),
        Command::Mi(args) => commands::files::mi(args),
        Command::Ais(args) => commands::files::ais(args),
        Command::Entropy(args) => commands::files::entropy(args),
        Command::Estimators(args) => commands::estimators::run(args),
        Command::Report(args) => commands::report::run(args),
        Command::Plot(args) => commands::plot::run(args),
        Command::Runs(args) => commands::runs::run(args),
        Command::Explain(args) => commands::explain::run(args),
        Command::Doctor(args) => commands::doctor::run(args),
        Command::Completions(args) => commands::completions::run(args),
    }
}
