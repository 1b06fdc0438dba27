//! A kill at any moment leaves a run that opens, lacks at most the snapshot in flight, and can be resumed to the rows of
//! an unbroken run.

mod training;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use infoplane_record::{Row, Run, RunWriter, Status};
use training::{assert_same, bury, copy, finish, rows, setup, steps, train, train_slowly, unbroken};

/// The three files that grow or change, as they stood after one call of the writer.
struct Moment {
    manifest: Vec<u8>,
    metrics: Vec<u8>,
    results: Vec<u8>,
}

fn moment(dir: &Path) -> Moment {
    let read = |name: &str| fs::read(dir.join(name)).unwrap();
    Moment { manifest: read("manifest.json"), metrics: read("metrics.jsonl"), results: read("results.jsonl") }
}

fn put(dir: &Path, manifest: &[u8], metrics: &[u8], results: &[u8]) {
    fs::write(dir.join("manifest.json"), manifest).unwrap();
    fs::write(dir.join("metrics.jsonl"), metrics).unwrap();
    fs::write(dir.join("results.jsonl"), results).unwrap();
}

fn moments(dir: &Path) -> Vec<Moment> {
    let mut writer = RunWriter::create(dir, &setup()).unwrap();
    let mut moments = vec![moment(dir)];
    train(&mut writer, None, |writer, _| {
        moments.push(moment(writer.dir()));
        true
    })
    .unwrap();
    moments
}

/// Lets a file grow from `end` bytes byte by byte, or shrink, without writing the rest anew.
fn cut(dir: &Path, name: &str, whole: &[u8], end: usize) {
    let mut file = fs::OpenOptions::new().append(true).open(dir.join(name)).unwrap();
    let there = file.metadata().unwrap().len() as usize;
    match there < end {
        true => file.write_all(&whole[there..end]).unwrap(),
        false => file.set_len(end as u64).unwrap(),
    }
}

/// Between two calls a kill can leave: any part of the new rows; then all of them and any part of the metrics line; then
/// both and the old manifest. Each of these is tried, byte by byte.
#[test]
fn a_kill_at_any_byte_shows_the_last_snapshot_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    let moments = moments(&dir);
    let shown = || rows(&Run::open(&dir).unwrap());
    for pair in moments.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        put(&dir, &after.manifest, &after.metrics, &after.results);
        let new = shown();
        put(&dir, &before.manifest, &before.metrics, &before.results);
        let old = shown();
        for end in before.results.len()..=after.results.len() {
            cut(&dir, "results.jsonl", &after.results, end);
            assert_eq!(shown(), old, "{end} bytes of rows");
        }
        for end in before.metrics.len()..after.metrics.len() {
            cut(&dir, "metrics.jsonl", &after.metrics, end);
            assert_eq!(shown(), old, "{end} bytes of metrics");
        }
        if after.metrics.len() > before.metrics.len() {
            cut(&dir, "metrics.jsonl", &after.metrics, after.metrics.len());
            assert_eq!(shown(), new, "the metrics line commits");
        }
    }
}

/// No kill cuts what is committed; but a disk may, and then what is whole must still be read.
#[test]
fn files_cut_anywhere_still_open() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    let whole = moments(&dir).pop().unwrap();
    let all = rows(&Run::open(&dir).unwrap());
    for end in (0..whole.results.len()).rev() {
        cut(&dir, "results.jsonl", &whole.results, end);
        let lines =
            whole.results[..end].split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")).count();
        assert_eq!(rows(&Run::open(&dir).unwrap()).len(), lines);
    }
    cut(&dir, "results.jsonl", &whole.results, whole.results.len());
    for end in (0..whole.metrics.len()).rev() {
        cut(&dir, "metrics.jsonl", &whole.metrics, end);
        let run = Run::open(&dir).unwrap();
        let last = steps(&run).last().copied();
        let expected: Vec<Row> = all.iter().filter(|row| row.step <= last).cloned().collect();
        assert_eq!(rows(&run), if last.is_some() { expected } else { Vec::new() });
    }
}

#[test]
fn what_a_kill_left_is_resumed_to_the_rows_of_an_unbroken_run() {
    let folder = tempfile::tempdir().unwrap();
    let reference = unbroken(&folder.path().join("unbroken"));
    let calls = {
        let mut calls = 0;
        let mut writer = RunWriter::create(&folder.path().join("counted"), &setup()).unwrap();
        train(&mut writer, None, |_, _| {
            calls += 1;
            true
        })
        .unwrap();
        calls
    };
    for stop in 1..=calls {
        let dir = folder.path().join(format!("killed-{stop}"));
        let mut writer = RunWriter::create(&folder.path().join(format!("writing-{stop}")), &setup()).unwrap();
        let mut call = 0;
        train(&mut writer, None, |writer, _| {
            call += 1;
            if call == stop {
                copy(writer.dir(), &dir);
            }
            call < stop
        })
        .unwrap();
        bury(&dir);
        // And something of the next snapshot, torn.
        for name in ["results.jsonl", "metrics.jsonl", "log.jsonl"] {
            let torn = [fs::read(dir.join(name)).unwrap(), br#"{"attempt":1,"st"#.to_vec()].concat();
            fs::write(dir.join(name), torn).unwrap();
        }
        fs::write(dir.join("manifest.json.tmp"), "{").unwrap();
        assert_eq!(Run::open(&dir).unwrap().status(), Status::Stopped);
        finish(&dir);
        let run = Run::open(&dir).unwrap();
        assert_eq!((run.status(), run.manifest().attempt()), (Status::Finished, 2));
        assert_same(&run, &reference);
        assert!(!dir.join("manifest.json.tmp").exists());
    }
}

/// Set for the process that is to be killed: its folder.
const VICTIM: &str = "INFOPLANE_RECORD_TEST_VICTIM";

/// Not a test of its own: what the killed process does. It begins or resumes, trains and closes.
#[test]
fn victim() {
    let Some(dir) = std::env::var_os(VICTIM) else { return };
    let dir = Path::new(&dir);
    let (mut writer, state) = match dir.exists() {
        true => RunWriter::resume(dir, &setup()).unwrap(),
        false => (RunWriter::create(dir, &setup()).unwrap(), None),
    };
    train_slowly(&mut writer, state.as_deref()).unwrap();
    writer.close(Status::Finished).unwrap();
}

#[test]
fn fifty_kills_at_random_moments() {
    let folder = tempfile::tempdir().unwrap();
    let reference = unbroken(&folder.path().join("unbroken"));
    let mut random = infoplane_spec::stream(0, "kill", 0);
    let (mut kills, mut round) = (0, 0);
    while kills < 50 {
        let dir = folder.path().join(format!("run-{round}"));
        round += 1;
        loop {
            let run_before = Run::open(&dir).map(|run| rows(&run)).unwrap_or_default();
            let mut child = Command::new(std::env::current_exe().unwrap());
            let child = child.args(["--exact", "victim", "-q"]).env(VICTIM, &dir).stdout(std::process::Stdio::null());
            let mut child = child.spawn().unwrap();
            std::thread::sleep(Duration::from_micros(u64::from(infoplane_spec::below(&mut random, 20_000))));
            child.kill().unwrap();
            if child.wait().unwrap().success() {
                break;
            }
            kills += 1;
            let Ok(run) = Run::open(&dir) else {
                assert!(!dir.exists(), "a run that was begun must open");
                continue;
            };
            let shown = rows(&run);
            assert!(run_before.iter().all(|row| shown.contains(row)), "nothing is dropped");
            assert!(shown.iter().all(|row| rows(&reference).contains(row)), "nothing is made up");
            assert!(matches!(run.status(), Status::Stopped | Status::Finished));
            if run.status() == Status::Finished {
                break;
            }
        }
        assert_same(&Run::open(&dir).unwrap(), &reference);
    }
}
