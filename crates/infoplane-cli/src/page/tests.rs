//! The page of a made-up sweep: self-contained, in order, small, and honest about runs that did not finish.

use std::collections::BTreeSet;

use serde_json::json;

use super::*;

const TAPS: [&str; 6] = ["input", "fc1", "fc2", "fc3", "logits", "out"];
/// Epochs of the snapshots: as many as `log:20` takes of 200 epochs.
const EPOCHS: [f64; 40] = [
    0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 13.0, 14.0, 16.0, 18.0, 20.0, 22.0, 25.0, 28.0, 32.0,
    35.0, 40.0, 45.0, 50.0, 56.0, 63.0, 71.0, 79.0, 89.0, 100.0, 112.0, 126.0, 141.0, 158.0, 178.0, 185.0, 190.0,
    195.0, 200.0,
];

/// A number between 0 and 1 that depends on its arguments alone.
fn scatter(parts: &[usize]) -> f64 {
    let mixed = parts
        .iter()
        .fold(1_469_598_103_934_665_603_u64, |hash, &part| (hash ^ part as u64).wrapping_mul(1_099_511_628_211));
    ((mixed >> 20) % 1000) as f64 / 1000.0
}

fn base(run: &str, seed: u64, at: usize) -> Row {
    Row {
        run: Some(run.to_owned()),
        seed: Some(seed),
        attempt: Some(1),
        step: Some(EPOCHS[at] as u64 * 13),
        epoch: Some(EPOCHS[at]),
        unit: "bits".to_owned(),
        n: 4095,
        ..Row::default()
    }
}

/// How a pair was measured: measure, time axis, order, driver.
type Way = (&'static str, &'static str, &'static str, Option<&'static str>);

fn pair_row(run: &str, seed: u64, at: usize, pair: usize, (measure, time, order, given): Way) -> Row {
    let floor = 3.5e-4;
    let genuine = match (measure, order, given) {
        ("coupling", ..) => 0.05 + 0.1 * pair as f64 * (1.0 - (-EPOCHS[at] / 40.0).exp()),
        (_, "by-class", None) => 0.004 * (pair + 1) as f64,
        _ => 0.0,
    };
    let value = genuine + floor * (0.7 + 0.6 * scatter(&[at, pair, seed as usize, measure.len(), order.len()]));
    let p = if genuine > 0.0 { 0.004_975 } else { 0.2 + 0.7 * scatter(&[pair, at]) };
    Row {
        source: Some(TAPS[pair].to_owned()),
        target: Some(TAPS[pair + 1].to_owned()),
        given: given.map(str::to_owned),
        measure: measure.to_owned(),
        estimator: "plugin:correction=none".to_owned(),
        symbols: Some("binary:median".to_owned()),
        time: Some(time.to_owned()),
        order: Some(order.to_owned()),
        window: Some(0),
        k: Some(1),
        l: Some(1),
        target_tau: Some(1),
        source_tau: Some(1),
        delay: Some(u32::from(measure == "te")),
        value,
        floor: Some(floor),
        ceiling: Some(0.9),
        null: Some("permute".to_owned()),
        draws: Some(200),
        null_mean: Some(floor),
        null_sd: Some(4e-5),
        effective: Some(value - floor),
        p: Some(p),
        p_from: Some("draws".to_owned()),
        pairs: Some(70),
        pairs_constant: Some(0),
        pairs_significant: Some(if genuine > 0.0 { 61 } else { 2 }),
        min: Some(value * 0.2),
        max: Some(value * 2.5),
        sd: Some(value * 0.4),
        rate_source: Some(0.5),
        rate_target: Some(0.5),
        ..base(run, seed, at)
    }
}

fn layer_rows(run: &str, seed: u64, at: usize, layer: usize) -> Vec<Row> {
    let progress = (EPOCHS[at] + 1.0).ln() / 5.7;
    let mut rows = Vec::new();
    for (estimator, lift) in [("width:cell=0.5", 0.0), ("width:cell=0.125", 1.0), ("kde:v=0.001,bound=upper", 0.5)] {
        let i_xt = (12.0 + lift - 1.5 * layer as f64 * (0.6 + 0.5 * progress)).clamp(0.6, 12.0);
        let i_ty = (0.2 + 0.78 * progress - 0.02 * layer as f64 + 0.02 * scatter(&[at, layer, seed as usize]))
            .clamp(0.0, 0.998);
        for (measure, value, ceiling) in [("i_xt", i_xt, 12.0), ("i_ty", i_ty, 0.999)] {
            let full = measure == "i_xt" && value > 0.98 * ceiling;
            rows.push(Row {
                layer: Some(TAPS[layer].to_owned()),
                measure: measure.to_owned(),
                estimator: estimator.to_owned(),
                time: Some("probe".to_owned()),
                value,
                ceiling: Some(ceiling),
                badge: Some(if full { "at-ceiling" } else { "reliable" }.to_owned()),
                warnings: if full { vec!["IP0301".to_owned()] } else { Vec::new() },
                ..base(run, seed, at)
            });
        }
    }
    rows
}

fn snapshot(run: &str, seed: u64, at: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = (1..TAPS.len()).flat_map(|layer| layer_rows(run, seed, at, layer)).collect();
    for pair in 0..TAPS.len() - 1 {
        for way in [
            ("te", "samples", "shuffled", None),
            ("te", "samples", "shuffled", Some("block:256")),
            ("te", "probe", "shuffled", None),
            ("te", "probe", "by-class", None),
            ("te", "probe", "by-class", Some("class")),
            ("coupling", "probe", "shuffled", None),
        ] {
            rows.push(pair_row(run, seed, at, pair, way));
        }
    }
    rows
}

fn metrics(at: usize) -> Metrics {
    let progress = (EPOCHS[at] + 1.0).ln() / 5.7;
    Metrics {
        attempt: 1,
        step: EPOCHS[at] as u64 * 13,
        epoch: EPOCHS[at],
        train_loss: Some(0.7 - 0.65 * progress),
        train_acc: Some(0.5 + 0.49 * progress),
        test_loss: Some(0.7 - 0.6 * progress),
        test_acc: Some(0.5 + 0.47 * progress),
        ..Metrics::default()
    }
}

fn unit_matrix(run: &str) -> UnitMatrix {
    let cells = || 0..12 * 10;
    UnitMatrix {
        run: run.to_owned(),
        epoch: 200.0,
        measure: "te".to_owned(),
        time: "probe".to_owned(),
        order: Some("by-class".to_owned()),
        given: None,
        source: "input".to_owned(),
        target: "fc1".to_owned(),
        source_units: (0..12).collect(),
        target_units: (0..10).collect(),
        value: cells().map(|cell| 0.004 * scatter(&[cell])).collect(),
        p: Some(cells().map(|cell| scatter(&[cell, 1])).collect()),
        q: Some(cells().map(|cell| scatter(&[cell, 1]).sqrt()).collect()),
        n: Some(4095),
    }
}

fn sweep() -> Report {
    let mut report = Report { title: "demo".to_owned(), ..Report::default() };
    for network in ["demo/ib12-tanh", "demo/digits-relu"] {
        for seed in [0, 1] {
            let run = format!("{network}-seed-{seed}");
            for at in 0..EPOCHS.len() {
                report.rows.extend(snapshot(&run, seed, at));
                report.metrics.push((run.clone(), metrics(at)));
            }
            let Value::Object(manifest) = json!({
                "schema": 1, "id": run, "seed": seed, "cpu": "a processor", "threads": 2, "schedule": [0, 13, 26],
                "cost": { "training_secs": 5.25, "recorder_secs": 0.11, "draws_secs": 0.9 },
            }) else {
                unreachable!()
            };
            let config = "[run]\nname = \"demo\"\n".to_owned();
            report.runs.push(RunRecord { id: run, status: "finished".to_owned(), manifest, config });
        }
        report.units.push(unit_matrix(&format!("{network}-seed-0")));
    }
    report
}

/// The words between `before` and `after`, each time.
fn between<'t>(text: &'t str, before: &str, after: &str) -> Vec<&'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

#[test]
fn the_page_loads_nothing() {
    let page = html(&sweep());
    for loading in ["src=", "@import", "url(", "<link rel=stylesheet", "<iframe", "<object", "fetch(", "<script"] {
        assert!(!page.contains(loading), "{loading}");
    }
    let loads: Vec<_> = between(&page, "<link", ">").into_iter().filter(|link| !link.contains("data:,")).collect();
    assert_eq!(loads, [""; 0]);
}

#[test]
fn headings_come_in_order() {
    let page = html(&sweep());
    let levels: Vec<u32> =
        page.match_indices("<h").filter_map(|(at, _)| page[at + 2..].chars().next()?.to_digit(10)).collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert_eq!(levels[0], 1);
    for pair in levels.windows(2) {
        assert!(pair[1] <= pair[0] + 1, "h{} follows h{}", pair[1], pair[0]);
    }
}

#[test]
fn every_link_inside_the_page_arrives() {
    let page = html(&sweep());
    let ids = between(&page, " id=\"", "\"");
    let different: BTreeSet<_> = ids.iter().collect();
    assert_eq!(different.len(), ids.len(), "an id stands twice in {ids:?}");
    for link in between(&page, "href=\"#", "\"") {
        assert!(ids.contains(&link), "#{link} leads nowhere");
    }
}

#[test]
fn every_box_that_opens_closes() {
    let page = html(&sweep());
    for tag in
        ["section", "div", "figure", "figcaption", "details", "table", "ul", "ol", "dl", "svg", "math", "p", "main"]
    {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn figures_are_named_and_the_page_stays_small() {
    let page = html(&sweep());
    // For a look at the page: INFOPLANE_PAGE=/tmp/page.html cargo test.
    if let Some(out) = std::env::var_os("INFOPLANE_PAGE") {
        std::fs::write(out, &page).unwrap();
    }
    let figures = page.matches("<figure ").count();
    assert!(figures >= 32, "{figures} figures");
    assert_eq!(between(&page, "<svg", "</svg>").iter().filter(|svg| svg.contains("<title")).count(), figures);
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
}

#[test]
fn findings_warnings_and_their_explanations_are_there() {
    let page = html(&sweep());
    for words in [
        "As published",
        "Corrected",
        "IP0301",
        "IP0304",
        "10.1103/PhysRevLett.85.461",
        "training, seconds",
        "demo/ib12-tanh",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let title = crate::codes::all().into_iter().find(|code| code.code == "IP0301").unwrap().title;
    assert!(page.contains(&escape(title)));
}

#[test]
fn a_run_that_did_not_finish_is_shown_as_such() {
    let mut report = sweep();
    assert!(!html(&report).contains("role=note"));
    report.runs[1].status = "stopped".to_owned();
    assert!(html(&report).contains("demo/ib12-tanh-seed-1 stopped without closing"));
}

#[test]
fn a_page_without_rows_says_so() {
    let report = Report { title: "empty".to_owned(), ..Report::default() };
    let page = html(&report);
    assert!(page.contains("No estimate was recorded yet.") && page.contains("Nothing to draw yet."));
}

#[test]
fn names_never_become_markup() {
    let mut report = sweep();
    report.title = "<script>alert(1)</script>".to_owned();
    report.runs[0].config = "</pre><script>".to_owned();
    report.rows.iter_mut().for_each(|row| row.run = row.run.as_ref().map(|run| run.replace("demo/", "<script>")));
    assert!(!html(&report).contains("<script"));
}

#[test]
fn colours_contrast_in_light_and_dark() {
    let style = include_str!("style.css");
    let colour = |name: &str| -> Vec<[f64; 3]> {
        let pair = between(style, &format!("--{name}:light-dark("), ")")[0];
        pair.split(',').map(channels).collect()
    };
    for ground in ["page", "soft"] {
        for ink in ["ink", "quiet", "link", "yes", "no", "unclear", "warn"] {
            for (ink_colour, ground_colour) in colour(ink).into_iter().zip(colour(ground)) {
                let ratio = contrast(ink_colour, ground_colour);
                assert!(ratio >= 4.5, "{ink} on {ground}: {ratio:.2}");
            }
        }
    }
}

/// `#rgb` or `#rrggbb` as linear light.
fn channels(hex: &str) -> [f64; 3] {
    let digits: Vec<char> = hex.trim().trim_start_matches('#').chars().collect();
    let digits: Vec<char> =
        if digits.len() == 3 { digits.iter().flat_map(|&digit| [digit, digit]).collect() } else { digits };
    let channel = |at: usize| {
        let text: String = digits[2 * at..2 * at + 2].iter().collect();
        let value = f64::from(u8::from_str_radix(&text, 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    [channel(0), channel(1), channel(2)]
}

/// The contrast ratio of WCAG 2.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let luminance = |[r, g, b]: [f64; 3]| 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}
