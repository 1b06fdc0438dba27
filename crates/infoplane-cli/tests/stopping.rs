//! A training that is stopped, politely or not, leaves a readable run, and `--resume` ends with the rows of an
//! unbroken one.
#![cfg(all(unix, feature = "train"))]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use infoplane_record::{Row, Run, Status};
use infoplane_spec::{below, stream};

/// Small, with snapshots inside epochs, streams kept, and draws on both axes.
const CONFIG: &str = r#"
    [run]
    seeds = [3]
    [data]
    source = "ib12"
    train = 0.5
    [model]
    layers = [12, 6, 4, 2]
    [train]
    lr = 3e-3
    batch = 64
    epochs = 12
    [record]
    every = "epoch:2"
    probe = { size = 512, orders = ["shuffled", "by-class"] }
    [mi]
    estimators = ["width:sweep"]
    null = { kind = "permute-labels", n = 20, at = "last" }
    [te]
    window = 1000
    given = ["none", "class", "block:256"]
    null = { kind = "permute", n = 20, at = "all" }
"#;

fn start(folder: &Path, words: &[&str]) -> Child {
    let config = folder.join("small.toml");
    std::fs::write(&config, CONFIG).unwrap();
    Command::new(env!("CARGO_BIN_EXE_infoplane"))
        .args(["train", "-q", "-c"])
        .arg(&config)
        .arg("-o")
        .arg(folder.join("sweep"))
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn finish(folder: &Path, words: &[&str]) {
    let output = start(folder, words).wait_with_output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The rows, without the count of attempts.
fn rows(folder: &Path) -> Vec<Row> {
    let mut rows = Run::open(&folder.join("sweep/seed-3")).unwrap().rows().unwrap();
    for row in &mut rows {
        row.attempt = None;
    }
    rows
}

/// What must hold of a run that was stopped at any moment.
fn assert_readable(folder: &Path, unbroken: &[Row]) {
    let path = folder.join("sweep/seed-3");
    if !path.exists() {
        return;
    }
    let run = Run::open(&path).unwrap();
    let steps: Vec<u64> = run.metrics().unwrap().iter().map(|line| line.step).collect();
    let found = rows(folder);
    // every committed snapshot has all its rows, and they are those of an unbroken run
    let last = steps.last().copied();
    let expected: Vec<&Row> = unbroken.iter().filter(|row| row.step <= last && last.is_some()).collect();
    assert_eq!(found.len(), expected.len(), "steps {steps:?}");
    assert!(found.iter().zip(expected).all(|(a, b)| a == b));
    for step in run.unit_steps().unwrap() {
        run.unit_arrays(step).unwrap();
    }
    for epoch in run.stream_epochs().unwrap() {
        run.stream(epoch).unwrap();
    }
}

#[test]
fn killed_at_any_moment_it_opens_and_goes_on() {
    let whole = tempfile::tempdir().unwrap();
    let started = Instant::now();
    finish(whole.path(), &[]);
    let takes = started.elapsed().as_millis() as u32;
    let unbroken = rows(whole.path());
    assert!(unbroken.len() > 200, "{} rows", unbroken.len());
    let (mut began, mut cut) = (0, 0);
    for round in 0..50 {
        let folder = tempfile::tempdir().unwrap();
        let mut child = start(folder.path(), &[]);
        let moment = below(&mut stream(1, "kill", round), takes + takes / 10);
        std::thread::sleep(Duration::from_millis(u64::from(moment)));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_readable(folder.path(), &unbroken);
        let run = folder.path().join("sweep/seed-3");
        began += usize::from(run.exists());
        cut += usize::from(run.exists() && Run::open(&run).unwrap().manifest().status != Status::Finished);
        if folder.path().join("sweep").exists() {
            finish(folder.path(), &["--resume"]);
            assert_eq!(rows(folder.path()), unbroken, "killed after {moment} of {takes} ms");
        }
    }
    // the moments must have met the training itself, or nothing was shown
    assert!(began > 20 && cut > 10, "{began} of 50 had begun, {cut} were cut");
}

#[test]
fn interrupted_it_closes_says_so_and_goes_on() {
    let whole = tempfile::tempdir().unwrap();
    finish(whole.path(), &[]);
    let unbroken = rows(whole.path());
    let mut interrupted = 0;
    for round in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let child = start(folder.path(), &["--set", "train.epochs=12"]);
        let run = folder.path().join("sweep/seed-3");
        // wait for the first snapshot, then a little longer each time
        let began = Instant::now();
        while std::fs::metadata(run.join("metrics.jsonl")).map_or(0, |file| file.len()) == 0 {
            assert!(began.elapsed() < Duration::from_mins(1), "no snapshot came");
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(3 * round));
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            continue;
        }
        interrupted += 1;
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(130), "{told}");
        assert!(told.contains("--resume"), "{told}");
        assert_eq!(Run::open(&run).unwrap().manifest().status, Status::Interrupted);
        assert_readable(folder.path(), &unbroken);
        finish(folder.path(), &["--resume", "--set", "train.epochs=12"]);
        assert_eq!(rows(folder.path()), unbroken);
    }
    assert!(interrupted > 0, "every run was over before the signal came");
}

#[test]
fn a_folder_that_exists_is_refused_unless_resumed_or_forced() {
    let folder = tempfile::tempdir().unwrap();
    finish(folder.path(), &[]);
    let before = rows(folder.path());
    let refused = start(folder.path(), &[]).wait_with_output().unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("IP04"));
    assert_eq!(rows(folder.path()), before);
    finish(folder.path(), &["--force", "--set", "te.null.n=5"]);
    assert_ne!(rows(folder.path()), before);
}

#[test]
fn threads_and_company_change_nothing() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    finish(one.path(), &["-j", "1"]);
    finish(two.path(), &["-j", "4", "--set", "run.seeds=[1, 3, 7]"]);
    assert_eq!(rows(one.path()), rows(two.path()));
}
