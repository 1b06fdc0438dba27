//! A folder of hostile files: each is a typed error or is passed over, none a panic.

mod training;

use std::fs;
use std::path::Path;

use infoplane_record::{RecordError, Run, Sweep};
use infoplane_spec::{Coded, below, stream};
use training::{copy, edit_manifest, unbroken};

/// Opens a run and reads everything there is.
fn read_all(dir: &Path) -> Result<(), RecordError> {
    let run = Run::open(dir)?;
    run.rows()?;
    run.metrics()?;
    run.log()?;
    run.probe()?;
    run.config_toml()?;
    run.input_toml()?;
    for step in run.unit_steps()? {
        run.unit_arrays(step)?;
    }
    for epoch in run.stream_epochs()? {
        run.stream(epoch)?;
    }
    Ok(())
}

const FILES: [&str; 9] = [
    "manifest.json",
    "metrics.jsonl",
    "results.jsonl",
    "log.jsonl",
    "probe.json",
    "config.toml",
    "config.input.toml",
    "units/4.npz",
    "stream/0.npz",
];

/// Runs `check` on a copy of a whole run for each file.
fn for_each_file(check: impl Fn(&Path, &Path, &str)) {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    unbroken(&whole);
    assert!(FILES.iter().all(|file| whole.join(file).is_file()));
    read_all(&whole).unwrap();
    for (place, file) in FILES.iter().enumerate() {
        let dir = folder.path().join(format!("copy-{place}"));
        copy(&whole, &dir);
        check(&dir, &dir.join(file), file);
    }
}

#[test]
fn a_missing_file_is_named_or_means_nothing_was_written() {
    for_each_file(|dir, path, file| {
        fs::remove_file(path).unwrap();
        match (read_all(dir), file) {
            (Err(error), "manifest.json") => assert_eq!(error.code(), "IP0402"),
            (Err(error), "probe.json" | "config.toml" | "config.input.toml") => {
                assert!(error.to_string().contains(file), "{error}");
            }
            (result, _) => result.unwrap(),
        }
    });
}

#[test]
fn garbage_is_named() {
    let deep = "[".repeat(100_000) + "\n";
    for garbage in [b"\xff\xfe\x00garbage\n".as_slice(), b"null\n", b"[1, 2\n", b"{\"step\": \"x\"}\n", deep.as_bytes()]
    {
        for_each_file(|dir, path, file| {
            fs::write(path, garbage).unwrap();
            match (read_all(dir), file) {
                // Any JSON is a probe, any text a config.
                (Ok(()), "probe.json" | "config.toml" | "config.input.toml") => {}
                (Ok(()), _) => panic!("{file} with {:?} was read", String::from_utf8_lossy(&garbage[..8])),
                (Err(error), _) => assert!(error.to_string().contains(path.file_name().unwrap().to_str().unwrap())),
            }
        });
    }
}

#[test]
fn a_folder_or_a_link_to_nowhere_in_place_of_a_file_is_an_error() {
    for_each_file(|dir, path, file| {
        fs::remove_file(path).unwrap();
        fs::create_dir(path).unwrap();
        let error = read_all(dir).unwrap_err();
        assert!(matches!(error.code(), "IP0400" | "IP0407" | "IP0408"), "{file}: {error}");
    });
}

#[cfg(unix)]
#[test]
fn a_pipe_in_place_of_a_file_does_not_wait_for_ever() {
    for_each_file(|dir, path, file| {
        fs::remove_file(path).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
        assert!(read_all(dir).is_err(), "{file}");
    });
}

#[test]
fn bytes_changed_at_random_never_panic() {
    for_each_file(|dir, path, file| {
        let whole = fs::read(path).unwrap();
        for seed in 0..100 {
            let mut rng = stream(seed, file, 0);
            let mut bytes = whole.clone();
            for _ in 0..=below(&mut rng, 4) {
                let place = below(&mut rng, bytes.len() as u32) as usize;
                bytes[place] = below(&mut rng, 256) as u8;
            }
            bytes.truncate(below(&mut rng, 2 * bytes.len() as u32) as usize);
            fs::remove_file(path).unwrap();
            fs::write(path, bytes).unwrap();
            let _ = read_all(dir);
        }
    });
}

#[test]
fn a_line_in_the_middle_is_reported_with_its_number() {
    for_each_file(|dir, path, file| {
        if !["metrics.jsonl", "results.jsonl"].contains(&file) {
            return;
        }
        let text = fs::read_to_string(path).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        // As long as the line it takes the place of, so that no count of bytes gives it away.
        let torn = "x".repeat(lines[2].len());
        lines[2] = &torn;
        fs::write(path, lines.join("\n") + "\n").unwrap();
        let error = read_all(dir).unwrap_err();
        assert_eq!(error.code(), "IP0407");
        assert!(error.to_string().contains("line 3"), "{error}");
    });
}

#[test]
fn newer_and_absurd_manifests_are_refused() {
    for (field, value, code) in [
        ("schema", serde_json::json!(2), "IP0406"),
        ("schema", serde_json::json!("1"), "IP0407"),
        ("schema", serde_json::json!(-1), "IP0407"),
        ("status", serde_json::json!("resting"), "IP0407"),
        ("attempts", serde_json::json!({}), "IP0407"),
        ("pid", serde_json::json!(-5), "IP0407"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("run");
        unbroken(&dir);
        edit_manifest(&dir, |manifest| manifest[field] = value);
        assert_eq!(read_all(&dir).unwrap_err().code(), code, "{field}");
    }
}

#[test]
fn absurd_numbers_in_a_manifest_do_no_harm() {
    for (field, value) in [
        ("committed", serde_json::json!({ "snapshots": u64::MAX, "results_bytes": u64::MAX })),
        ("committed", serde_json::json!({ "snapshots": 0, "results_bytes": 0 })),
        ("heartbeat", serde_json::json!("+999999-01-01T00:00:00Z")),
        ("pid", serde_json::json!(u32::MAX)),
        ("attempts", serde_json::json!([])),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("run");
        unbroken(&dir);
        edit_manifest(&dir, |manifest| {
            manifest[field] = value;
            manifest["status"] = "running".into();
        });
        read_all(&dir).unwrap();
        Run::open(&dir).unwrap().status();
    }
}

#[test]
fn a_sweep_that_leads_elsewhere_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("sweep");
    fs::create_dir(&dir).unwrap();
    for (path, code) in [("../../etc", "IP0412"), ("/etc", "IP0412"), ("", "IP0412")] {
        let sweep = serde_json::json!({ "schema": 1, "name": "x", "runs": [{ "path": path, "seed": 0 }] });
        fs::write(dir.join("sweep.json"), sweep.to_string()).unwrap();
        assert_eq!(Sweep::open(&dir).unwrap_err().code(), code, "{path}");
    }
    fs::write(dir.join("sweep.json"), r#"{ "schema": 7, "moved": true }"#).unwrap();
    assert_eq!(Sweep::open(&dir).unwrap_err().code(), "IP0406");
    fs::write(dir.join("sweep.json"), "").unwrap();
    assert_eq!(Sweep::open(&dir).unwrap_err().code(), "IP0407");
    assert_eq!(Sweep::open(folder.path()).unwrap_err().code(), "IP0402");
    assert_eq!(Sweep::open(&folder.path().join("no")).unwrap_err().code(), "IP0402");
}
