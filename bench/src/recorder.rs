//! What recording costs a training: told by the recorder itself, and seen from outside by paired runs.
//!
//! A 784-64-32-10 `ReLU` network trains for five epochs on images in IDX form (10,000 test images of MNIST, say), every
//! epoch streamed, transfer entropy of each adjacent pair of dense layers in windows of 500 samples. The same training
//! runs without the stream (its snapshots and files stay), then with one part of the recording more each time; the runs take turns, so that a machine
//! that slows down slows all of them.
//!
//! `MNIST_DIR` names the folder with `t10k-images-idx3-ubyte.gz` and its labels.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};

use crate::record::{Baseline, Report};
use crate::timing::summary;

/// Runs of each variant.
const REPEATS: usize = 9;

/// Name and settings of each variant; the first is the baseline.
const VARIANTS: &[(&str, &[&str])] = &[
    ("off", &["te.time=[]"]),
    ("recorded: copied, binarised, packed, counted", &["te.null.kind=none", "record.stream=drop"]),
    ("and tested by the analytic law", &["te.null.kind=analytic", "record.stream=drop"]),
    ("and the stream kept in files", &["te.null.kind=analytic"]),
    ("and 200 draws a window", &["te.null.kind=permute"]),
];

/// Measures every variant; says what is missing where there is no data or no program.
pub(crate) fn run(report: &Report) -> Result<(), String> {
    let images = images()?;
    let program = program()?;
    let folder = std::env::temp_dir().join(format!("infoplane-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let config = folder.join("recorder.toml");
    std::fs::write(&config, toml(&images)).map_err(|error| format!("{}: {error}", config.display()))?;
    let mut runs: Vec<Vec<Measured>> = VARIANTS.iter().map(|_| Vec::new()).collect();
    for _ in 0..REPEATS {
        for ((_, settings), runs) in VARIANTS.iter().zip(&mut runs) {
            runs.push(once(&program, &config, &folder.join("run"), settings)?);
        }
    }
    for ((name, _), measured) in VARIANTS.iter().zip(&runs) {
        tell(report, name, measured, &runs[0]);
    }
    drop(std::fs::remove_dir_all(&folder));
    Ok(())
}

/// One run: the whole process from outside, and what its manifest says.
struct Measured {
    wall: f64,
    training: f64,
    recorder: f64,
    draws: f64,
}

fn images() -> Result<PathBuf, String> {
    let folder = std::env::var("MNIST_DIR").map_err(|_| "set MNIST_DIR to the folder of the IDX files")?;
    let found = Path::new(&folder).read_dir().map_err(|error| format!("{folder}: {error}"))?;
    let is_image = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().contains("t10k-images"));
    let path = found.filter_map(|entry| Some(entry.ok()?.path())).find(is_image);
    let path = path.ok_or_else(|| format!("no t10k-images in {folder}"))?;
    path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))
}

/// The program stands beside this one.
fn program() -> Result<PathBuf, String> {
    let here = std::env::current_exe().map_err(|error| error.to_string())?;
    let program = here.with_file_name(format!("infoplane{}", std::env::consts::EXE_SUFFIX));
    if program.exists() { Ok(program) } else { Err("build the program first: cargo build --release".to_owned()) }
}

fn toml(images: &Path) -> String {
    format!(
        "[data]\nsource = '{}'\ntrain = 1.0\n\
         [model]\nlayers = [784, 64, 32, 10]\nactivation = 'relu'\n\
         [train]\nlr = 1e-3\nbatch = 100\nepochs = 5\n\
         [record]\ntaps = ['fc1', 'fc2', 'logits']\nevery = 'epoch:1'\nprobe = {{ size = 1000 }}\n\
         [mi]\nestimators = ['width:0.5']\nnull = {{ kind = 'none' }}\n\
         [te]\nmeasures = ['te']\ntime = ['samples']\nwindow = 500\nnull = {{ kind = 'permute', n = 200 }}\n",
        images.display()
    )
}

fn once(program: &Path, config: &Path, out: &Path, settings: &[&str]) -> Result<Measured, String> {
    let mut command = Command::new(program);
    command.args(["train", "-q", "-j", "1", "--force", "--report-later", "-c"]).arg(config).arg("-o").arg(out);
    for setting in settings {
        command.args(["--set", setting]);
    }
    let started = Instant::now();
    let output = command.stdout(Stdio::null()).output().map_err(|error| error.to_string())?;
    let wall = started.elapsed().as_secs_f64();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let manifest = std::fs::read_to_string(out.join("seed-0/manifest.json")).map_err(|error| error.to_string())?;
    let manifest: Value = serde_json::from_str(&manifest).map_err(|error| error.to_string())?;
    let secs = |key: &str| manifest["cost"][key].as_f64().unwrap_or(f64::NAN);
    Ok(Measured { wall, training: secs("training_secs"), recorder: secs("recorder_secs"), draws: secs("draws_secs") })
}

fn tell(report: &Report, name: &str, measured: &[Measured], off: &[Measured]) {
    let walls: Vec<f64> = measured.iter().map(|run| run.wall).collect();
    let training = median(off.iter().map(|run| run.training));
    let paired = median(measured.iter().zip(off).map(|(on, off)| on.wall - off.wall));
    let baseline = Baseline { name: "the same training unrecorded", seconds: median(off.iter().map(|run| run.wall)) };
    let more = [
        ("training_secs", json!(median(measured.iter().map(|run| run.training)))),
        ("recorder_percent", json!(100.0 * median(measured.iter().map(|run| run.recorder / run.training)))),
        ("outside_percent_of_training", json!(100.0 * paired / training)),
        ("tests_and_draws_secs", json!(median(measured.iter().map(|run| run.draws)))),
    ];
    report.case(&format!("recorder 784-64-32-10: {name}"), "-", summary(walls), &baseline, &more);
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    summary(values.collect()).median
}
