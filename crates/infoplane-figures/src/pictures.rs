//! What stands in each picture: marks counted, words read, two pictures kept whole.

use crate::rank::{changes, spearman};
use crate::scene::Mark;
use crate::synthetic::{Recording, recording};
use crate::{Drawing, Options, figure};

fn draw(id: &str, recording: &Recording, options: &Options) -> Drawing {
    (figure(id).unwrap().draw)(&recording.data(), options).unwrap_or_else(|e| panic!("{id}: {e}"))
}

fn count(drawing: &Drawing, part: &str) -> usize {
    drawing.scene.marks.iter().filter(|(own, _)| *own == part).count()
}

fn words(drawing: &Drawing, part: &str) -> Vec<String> {
    drawing.scene.texts().filter(|(own, _)| *own == part).map(|(_, text)| text.content.clone()).collect()
}

fn shuffled() -> Options {
    Options { order: Some("shuffled".into()), ..Options::default() }
}

#[test]
fn plane_names_layers_estimator_and_ceiling() {
    let drawing = draw("plane", &recording(3), &Options::default());
    assert_eq!(words(&drawing, "axis-title"), ["↑ I(T;Y) (bits)", "I(X;T) (bits), bins:cells=30 →"]);
    let mut names = words(&drawing, "end-label");
    names.sort();
    assert_eq!(names, ["fc1", "fc2", "fc3", "fc4", "fc5", "input", "logits", "out"]);
    assert_eq!(words(&drawing, "ceiling"), ["ceiling 12 × 0.999"]);
    assert_eq!((count(&drawing, "mean"), count(&drawing, "seed")), (8, 24));
    assert!(words(&drawing, "key").iter().any(|word| word.contains("no reading")), "input and fc1 are at the ceiling");
    // every seed, layer and snapshot is one line of the table
    assert_eq!(drawing.table().len(), 1 + 3 * recording(1).rows.iter().filter(|row| is_plane(row)).count());
}

fn is_plane(row: &infoplane_record::Row) -> bool {
    row.measure == "i_xt" && row.estimator.starts_with("bins")
}

#[test]
fn one_seed_has_no_light_lines() {
    for id in ["plane", "te-plane", "te-time", "te-phase", "mi-time", "training"] {
        assert_eq!(count(&draw(id, &recording(1), &Options::default()), "seed"), 0, "{id}");
    }
}

#[test]
fn te_time_draws_floor_and_surrogates_of_every_pair() {
    let drawing = draw("te-time", &recording(2), &Options::default());
    assert_eq!(words(&drawing, "panel-title").len(), 7);
    assert_eq!((count(&drawing, "floor"), count(&drawing, "null-band")), (7, 7));
    let subtitle = words(&drawing, "note").join(" ").replace('\u{a0}', " ");
    for told in ["time axis probe", "order by-class", "symbols binary:median", "k = l = 1", "delay = 1", "N = 4096"] {
        assert!(subtitle.contains(told), "{told} in {subtitle}");
    }
    // a value is 0, yet only the axes of epochs are broken
    assert_eq!(count(&drawing, "break"), 2 * (7 + 2));
    let mut columns: Vec<f64> = drawing.scene.texts().filter(|t| t.0 == "panel-title").map(|t| t.1.at.0).collect();
    columns.sort_by(f64::total_cmp);
    columns.dedup();
    assert_eq!(columns.len(), 2);
    let one = Options { source: Some("fc4".into()), estimator: Some("plugin".into()), ..Options::default() };
    assert_eq!(words(&draw("te-time", &recording(2), &one), "panel-title"), ["fc4 → fc5"]);
}

#[test]
fn te_heat_hatches_what_is_not_significant_and_leaves_small_n_blank() {
    let significant = draw("te-heat", &recording(3), &Options::default());
    assert_eq!(count(&significant, "hatch"), 0);
    assert_eq!(words(&significant, "cell-stars").len(), 16);
    let none = draw("te-heat", &recording(3), &shuffled());
    assert!(count(&none, "hatch") > 16 && words(&none, "cell-stars").is_empty());
    for drawing in [significant, none] {
        // 7 adjacent pairs, 4 more from input, 5 more to out, and input → logits without a reading
        assert_eq!((count(&drawing, "cell"), count(&drawing, "cell-blank")), (16, 1));
    }
    let early = Options { epoch: Some(10.4), ..Options::default() };
    assert!(draw("te-heat", &recording(1), &early).title.ends_with("epoch 10"));
}

#[test]
fn te_heat_tells_untested_from_not_significant() {
    let mut untested = recording(1);
    untested.rows.iter_mut().for_each(|row| (row.p, row.q) = (None, None));
    let drawing = draw("te-heat", &untested, &shuffled());
    assert_eq!(count(&drawing, "hatch"), 0);
    assert!(words(&drawing, "note").join(" ").contains("untested"));
}

#[test]
fn te_units_counts_its_significant_pairs() {
    let recording = recording(1);
    let q = recording.units.q.clone().unwrap();
    let significant = q.iter().filter(|q| **q < 0.05).count();
    let drawing = draw("te-units", &recording, &Options::default());
    assert!(words(&drawing, "note").join(" ").contains(&format!("significant: {significant} of 35 unit pairs")));
    assert_eq!(count(&drawing, "cell"), 35);
    assert!(count(&drawing, "hatch") >= 35 - significant);
    assert!(words(&drawing, "note").iter().any(|note| note.starts_with("* q < .05")));
}

#[test]
fn te_units_of_many_units_frames_what_is_significant() {
    let mut many = recording(1);
    let side = 64_u32;
    let q = |i: u32| if i.is_multiple_of(97) { 0.01 } else { 0.5 };
    many.units.q = Some((0..side * side).map(q).collect());
    many.units.p = None;
    many.units.value = (0..side * side).map(|i| f64::from(i % 13)).collect();
    (many.units.source_units, many.units.target_units) = ((0..side).collect(), (0..side).collect());
    let drawing = draw("te-units", &many, &Options::default());
    assert_eq!((count(&drawing, "outline"), count(&drawing, "hatch")), (4096_usize.div_ceil(97), 0));
    assert_eq!(words(&drawing, "key"), ["significant (q < .05)"]);
    assert!(!words(&drawing, "note").join(" ").contains("**"), "no stars stand in small cells");
}

#[test]
fn te_units_refuses_arrays_that_do_not_fit() {
    let mut broken = recording(1);
    broken.units.q = Some(vec![0.1; 3]);
    let error = (figure("te-units").unwrap().draw)(&broken.data(), &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), "the unit matrix fc2 → fc3 holds 3 values of `q`, its units want 35");
}

#[test]
fn te_phase_tells_the_rank_correlations_of_its_table() {
    let recording = recording(1);
    let drawing = draw("te-phase", &recording, &Options::default());
    let table = drawing.table();
    let against = |what: &str, column: usize| -> Vec<f64> {
        table[1..].iter().filter(|line| line[3] == what).map(|line| line[column].parse().unwrap()).collect()
    };
    let (te, accuracy) = (against("test accuracy", 2), against("test accuracy", 4));
    let shown = |rho: f64| format!("{rho:+.2}").replace('-', "−");
    let (levels, steps) = (spearman(&te, &accuracy).unwrap(), spearman(&changes(&te), &changes(&accuracy)).unwrap());
    let told = words(&drawing, "note").join(" ");
    assert!(told.contains(&format!("levels {} [", shown(levels))), "{told}");
    assert!(told.contains(&format!("changes {} [", shown(steps))), "{told}");
    assert!(told.contains("block bootstrap") && !told.contains("p ="), "no p from snapshots that depend on each other");
    assert_eq!(count(&drawing, "arrow"), 6);
}

#[test]
fn te_phase_of_a_short_run_gives_no_interval() {
    let mut short = recording(1);
    short.rows.retain(|row| row.epoch < Some(20.0));
    let told = words(&draw("te-phase", &short, &Options::default()), "note").join(" ");
    assert!(told.contains("(no interval)"), "{told}");
}

#[test]
fn mi_time_has_a_ceiling_in_every_panel_and_the_null_of_each_layer() {
    let drawing = draw("mi-time", &recording(2), &Options::default());
    assert_eq!(words(&drawing, "ceiling").len(), 2);
    assert_eq!(count(&drawing, "null-band"), 8);
    assert_eq!(words(&drawing, "end-label").len(), 16);
    assert!(words(&drawing, "axis-title").contains(&"↑ I(X;T) = H(T) (bits)".to_owned()));
}

#[test]
fn mi_time_shows_an_entropy_of_its_own() {
    let mut noisy = recording(2);
    noisy.rows.iter_mut().filter(|row| row.measure == "h_t").for_each(|row| row.value += 0.5);
    let drawing = draw("mi-time", &noisy, &Options::default());
    let titles = words(&drawing, "axis-title").join(" ");
    assert!(titles.contains("↑ H(T)") && titles.contains("↑ I(X;T) (bits)"), "{titles}");
    assert_eq!(words(&drawing, "end-label").len(), 24);
}

#[test]
fn training_dashes_the_test_split() {
    let drawing = draw("training", &recording(2), &Options::default());
    let dashed = |mark: &Mark| matches!(mark, Mark::Path { paint, .. } if !paint.dash.is_empty());
    let means: Vec<bool> =
        drawing.scene.marks.iter().filter(|(part, _)| *part == "mean").map(|(_, m)| dashed(m)).collect();
    assert_eq!(means, [false, true, false, true]);
}

/// Two pictures as they are; `INFOPLANE_BLESS=1` writes them anew, to be looked at before they are kept.
#[test]
fn two_pictures_are_unchanged() {
    for (id, options) in [("te-heat", shuffled()), ("training", Options::default())] {
        let path = format!("{}/snapshots/{id}.svg", env!("CARGO_MANIFEST_DIR"));
        let svg = draw(id, &recording(2), &options).svg();
        if std::env::var_os("INFOPLANE_BLESS").is_some() {
            std::fs::write(&path, &svg).unwrap();
        }
        assert!(std::fs::read_to_string(&path).unwrap() == svg, "{id} differs from {path}");
    }
}
