//! The command line. Each command takes only the flags that have an effect there.

mod files;

pub(crate) use files::{
    AisArgs, EntropyArgs, Estimate, EstimatorsArgs, Family, HeaderLine, Histories, Input, MiArgs, Missing, Normalise,
    TeArgs, TeNetArgs, Unit,
};

use std::path::PathBuf;
use std::process::exit;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Watch the information plane of a neural network while it trains.
#[derive(Debug, Parser)]
#[command(name = "infoplane", version, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags that every command obeys.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Colour in messages (the variable `NO_COLOR` turns `auto` off)
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true, value_name = "WHEN")]
    pub(crate) color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Progress {
    /// A bar on a terminal, lines elsewhere
    Auto,
    Bar,
    Lines,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table to read
    Human,
    /// One array of objects
    Json,
    /// One object a line
    Jsonl,
    Csv,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a config from a template
    New(NewArgs),
    /// Train a built-in feedforward network and record it
    Train(TrainArgs),
    /// Train two small networks, measure them and write the report
    Demo(DemoArgs),
    /// Transfer entropy between columns of a file
    Te(TeArgs),
    /// Transfer entropy of all ordered pairs of columns
    TeNet(TeNetArgs),
    /// Mutual information between columns of a file
    Mi(MiArgs),
    /// Active information storage of a column
    Ais(AisArgs),
    /// Entropy of columns
    Entropy(EntropyArgs),
    /// List the estimators with parameters, validity and citation
    Estimators(EstimatorsArgs),
    /// Write one self-contained HTML file about a run or a sweep
    Report(ReportArgs),
    /// Draw one figure as SVG
    Plot(PlotArgs),
    /// List runs, or show one
    Runs(RunsArgs),
    /// Explain the code of an error or a warning
    Explain(ExplainArgs),
    /// Show what this machine and this build offer
    Doctor(DoctorArgs),
    /// Write completions for a shell
    Completions(CompletionsArgs),
}

/// How much work tells of itself.
#[derive(Debug, Clone, Args)]
pub(crate) struct Pace {
    /// Threads (all cores unless given); results do not depend on it
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) threads: Option<u32>,
    /// How progress is shown
    #[arg(long, value_enum, default_value_t = Progress::Auto, value_name = "HOW")]
    pub(crate) progress: Progress,
    /// Say nothing but errors and results
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// Which template
    #[arg(value_enum, default_value_t = Template::Ib12)]
    pub(crate) template: Template,
    /// File to write (standard output unless given)
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Replace what stands at FILE
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Template {
    /// The 12-bit rule of the information-plane papers, 12-10-7-5-4-3-2 tanh
    Ib12,
    /// Handwritten digits, 8 x 8, on a small rectifier network
    Digits,
    /// IDX files of the MNIST family, 784-64-32-10
    Mnist,
}

#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    /// The config (TOML)
    #[arg(short, long, value_name = "FILE")]
    pub(crate) config: PathBuf,
    /// Set one key over the file and the environment, such as `train.lr=1e-3`; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Folder of the sweep (`run.out`/`run.name` unless given)
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Train this one seed in place of `run.seeds`
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Go on from the last checkpoint of an interrupted run
    #[arg(long, conflicts_with = "force")]
    pub(crate) resume: bool,
    /// Replace what stands at FOLDER
    #[arg(long)]
    pub(crate) force: bool,
    /// Leave the report and its summary to `infoplane report`
    #[arg(long)]
    pub(crate) report_later: bool,
    #[command(flatten)]
    pub(crate) pace: Pace,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Folder of the demo; a demo that stands there is replaced
    #[arg(short, long, value_name = "FOLDER", default_value = "runs/demo")]
    pub(crate) out: PathBuf,
    /// First of the two seeds
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) pace: Pace,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// A run, or a folder of runs
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// File to write (`report.html` in FOLDER unless given)
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Replace what stands at FILE (the folder's own report is always replaced)
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
    /// Open it in the browser
    #[arg(long)]
    pub(crate) open: bool,
    /// Do not say where the report is
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PlotArgs {
    /// A run, or a folder of runs
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// Figure: plane, te-plane, te-time, te-phase, te-heat, te-units, mi-time, training
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// File to write, `.svg` (standard output unless given)
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Replace what stands at FILE
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
    /// Do not say what was written
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) choice: Choice,
}

/// Which rows a figure draws. What is not given, the figure chooses from the rows.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Choice {
    /// Network, where a folder holds several (the run's name without its seed)
    #[arg(long)]
    pub(crate) network: Option<String>,
    /// Estimator, such as `bins:30`
    #[arg(long, value_name = "SPEC")]
    pub(crate) estimator: Option<String>,
    /// Time axis: samples or probe
    #[arg(long, value_name = "AXIS")]
    pub(crate) time: Option<String>,
    /// Order of the samples: shuffled, by-class
    #[arg(long)]
    pub(crate) order: Option<String>,
    /// Measure: te, coupling, tie, `i_xt`, `i_ty`
    #[arg(long)]
    pub(crate) measure: Option<String>,
    /// Driver it is given: none, class, block:LEN
    #[arg(long, value_name = "DRIVER")]
    pub(crate) given: Option<String>,
    /// Epoch (the nearest snapshot is taken)
    #[arg(long)]
    pub(crate) epoch: Option<f64>,
    /// Source tap
    #[arg(long, value_name = "TAP")]
    pub(crate) source: Option<String>,
    /// Target tap
    #[arg(long, value_name = "TAP")]
    pub(crate) target: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RunsArgs {
    #[command(subcommand)]
    pub(crate) command: RunsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RunsCommand {
    /// List the runs in a folder and below it
    Ls(RunsLsArgs),
    /// Show a run: its state, or its rows
    Show(RunsShowArgs),
}

#[derive(Debug, Args)]
pub(crate) struct RunsLsArgs {
    /// Where to look
    #[arg(value_name = "FOLDER", default_value = "runs")]
    pub(crate) folder: PathBuf,
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct RunsShowArgs {
    /// A run, or a folder of runs
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// The rows: one per estimate
    #[arg(long)]
    pub(crate) rows: bool,
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The code, such as IP0102; all codes unless given
    pub(crate) code: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Folder whose write access is tried
    #[arg(short, long, value_name = "FOLDER", default_value = "runs")]
    pub(crate) out: PathBuf,
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// The parsed command line; help and usage errors end the program here.
pub(crate) fn parse() -> Cli {
    Cli::try_parse().unwrap_or_else(|refused| {
        let told = refused.kind();
        if matches!(told, ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
            refused.exit();
        }
        // clap's own rendering, which points at the word and names the nearest one, under our code.
        let text = refused.render().to_string();
        match text.strip_prefix("error: ") {
            Some(rest) => eprint!("error[IP0100]: {rest}"),
            None => eprint!("{text}"),
        }
        exit(2)
    })
}
