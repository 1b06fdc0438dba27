//! What every figure owes its reader, whatever the rows, the options and the width.

use std::sync::OnceLock;

use infoplane_record::{Metrics, Row};
use infoplane_spec::Coded;

use crate::scene::{Area, Mark};
use crate::synthetic::{Recording, recording};
use crate::{Data, Drawing, FIGURES, FigureError, Options, figure};

/// Widths to be legible at: one column, as drawn by default, a page.
const WIDTHS: [f64; 3] = [318.0, 400.0, 640.0];

fn at(width: f64) -> Options {
    Options { width: Some(width), ..Options::default() }
}

fn draw(id: &str, recording: &Recording, options: &Options) -> Drawing {
    (figure(id).unwrap().draw)(&recording.data(), options).unwrap_or_else(|e| panic!("{id}: {e}"))
}

/// Recordings that a figure must survive: usual, thin, long-named.
fn recordings() -> Vec<(&'static str, Recording)> {
    let mut one_snapshot = recording(2);
    one_snapshot.rows.retain(|row| row.epoch == Some(0.0));
    one_snapshot.metrics.retain(|(_, m)| m.epoch == 0.0);
    let mut long = recording(2);
    let rename = |name: &mut Option<String>| {
        if let Some(name) = name.as_mut().filter(|name| name.starts_with("fc")) {
            *name = format!("encoder.layers.{name}.mlp");
        }
    };
    for row in &mut long.rows {
        [&mut row.layer, &mut row.source, &mut row.target].into_iter().for_each(rename);
    }
    vec![("one seed", recording(1)), ("five seeds", recording(5)), ("one snapshot", one_snapshot), ("long names", long)]
}

fn options() -> Vec<Options> {
    let shuffled = Options { order: Some("shuffled".into()), ..Options::default() };
    let coupling = Options { measure: Some("coupling".into()), time: Some("samples".into()), ..Options::default() };
    WIDTHS
        .into_iter()
        .flat_map(|width| {
            [Options::default(), shuffled.clone(), coupling.clone()].map(|o| Options { width: Some(width), ..o })
        })
        .collect()
}

/// Each figure in each width of each recording, with a name for messages; drawn once.
fn everything() -> &'static [(String, Drawing)] {
    static DRAWN: OnceLock<Vec<(String, Drawing)>> = OnceLock::new();
    DRAWN.get_or_init(draw_everything)
}

fn draw_everything() -> Vec<(String, Drawing)> {
    let mut drawn = Vec::new();
    for (name, recording) in recordings() {
        for figure in FIGURES {
            for options in options() {
                let drawing = draw(figure.id, &recording, &options);
                drawn.push((format!("{} of {name}, {options:?}", figure.id), drawing));
            }
        }
    }
    drawn
}

#[test]
fn no_mark_leaves_the_sheet() {
    for (name, drawing) in everything() {
        let (w, h) = drawing.size();
        let sheet = Area { x: 0.0, y: 0.0, w, h };
        for (part, mark) in &drawing.scene.marks {
            let corners = match mark {
                Mark::Text(text) => corners(text.area()),
                Mark::Rect { area, .. } => corners(*area),
                Mark::Circle { at, .. } => vec![*at],
                Mark::Path { points, .. } => points.clone(),
            };
            assert!(corners.iter().all(|corner| sheet.holds(*corner)), "{name}: {part} {mark:?} leaves {w} × {h}");
        }
    }
}

fn corners(area: Area) -> Vec<(f64, f64)> {
    vec![(area.x, area.y), (area.right(), area.bottom())]
}

#[test]
fn no_two_texts_overlap() {
    for (name, drawing) in everything() {
        let texts: Vec<_> = drawing.scene.texts().collect();
        for (i, (part, text)) in texts.iter().enumerate() {
            let over = texts[..i].iter().find(|(_, other)| other.area().overlaps(&text.area()));
            assert!(over.is_none(), "{name}: {part} `{}` lies over {over:?}", text.content);
        }
    }
}

#[test]
fn type_is_at_least_seven_points_in_one_column() {
    let seven_points = 7.0 / 72.0 * 96.0;
    for (name, drawing) in everything() {
        let smallest = drawing.scene.texts().map(|(_, text)| text.size).fold(f64::INFINITY, f64::min);
        let shrunk = smallest * (318.0 / drawing.size().0).min(1.0);
        // what is drawn for a page is as wide as a page
        let native = if drawing.size().0 > 400.0 { smallest } else { shrunk };
        assert!(native >= seven_points, "{name}: {native} px");
    }
}

#[test]
fn every_figure_has_axes_a_sentence_and_a_table() {
    for (name, drawing) in everything() {
        let svg = drawing.svg();
        assert!(svg.contains(" role=\"img\"") && svg.contains("<title>") && svg.contains("<desc>"), "{name}");
        assert!(drawing.scene.texts().any(|(part, _)| part == "axis-title"), "{name} names its axes");
        assert!(is_finite(&svg), "{name} holds a number that is none");
        assert!(!svg.contains(" id=") && !svg.contains("url(") && !svg.contains("<style"), "{name}");
        let table = drawing.table();
        assert!(table.len() > 1 && table.iter().all(|line| line.len() == table[0].len()), "{name}: {:?}", table[0]);
        assert!(drawing.summary.ends_with('.') && drawing.summary.len() > 40, "{name}: {}", drawing.summary);
    }
}

/// Whether no number in the picture is infinite or none.
fn is_finite(svg: &str) -> bool {
    svg.split(|c: char| !c.is_alphanumeric()).all(|word| !matches!(word, "NaN" | "inf"))
}

#[test]
fn equal_rows_give_equal_pictures() {
    for figure in FIGURES {
        let (a, b) = (draw(figure.id, &recording(2), &at(400.0)), draw(figure.id, &recording(2), &at(400.0)));
        assert_eq!((a.svg(), a.table(), &a.summary), (b.svg(), b.table(), &b.summary), "{}", figure.id);
    }
}

#[test]
fn nothing_to_draw_says_what_is_missing_and_what_there_is() {
    let ais = Row { measure: "ais".into(), ..Row::default() };
    let rows = [ais];
    for figure in FIGURES {
        for data in [Data::default(), Data { rows: &rows, ..Data::default() }] {
            let error = (figure.draw)(&data, &Options::default()).unwrap_err();
            assert_eq!(error.code(), "IP0140", "{}: {error}", figure.id);
            assert!(error.to_string().contains(figure.id), "{error}");
            assert!(data.rows.is_empty() || figure.id == "training" || error.to_string().contains("ais"), "{error}");
        }
    }
}

#[test]
fn an_option_without_rows_lists_those_there_are() {
    let recording = recording(1);
    let bad = Options { order: Some("by-clas".into()), ..Options::default() };
    let error = (figure("te-time").unwrap().draw)(&recording.data(), &bad).unwrap_err();
    assert_eq!((error.code(), error.hint().as_deref()), ("IP0142", Some("did you mean `by-class`?")));
    let bad = Options { estimator: Some("ksg:4".into()), ..Options::default() };
    let error = (figure("plane").unwrap().draw)(&recording.data(), &bad).unwrap_err();
    assert!(error.to_string().contains("bins:cells=30"), "{error}");
    let bad = Options { network: Some("demo/other".into()), ..Options::default() };
    for figure in FIGURES.iter().filter(|figure| figure.id != "te-units") {
        assert_eq!((figure.draw)(&recording.data(), &bad).unwrap_err().code(), "IP0142", "{}", figure.id);
    }
    for width in [0.0, -5.0, f64::NAN, 1e9] {
        let error = (figure("plane").unwrap().draw)(&recording.data(), &at(width)).unwrap_err();
        assert!(matches!(error, FigureError::Width { .. }), "{width}: {error}");
    }
    assert_eq!(figure("plan").unwrap_err().hint().as_deref(), Some("did you mean `plane`?"));
}

#[test]
fn values_that_are_no_numbers_are_left_out() {
    let mut broken = recording(2);
    for (i, row) in broken.rows.iter_mut().enumerate().filter(|(i, _)| i % 7 == 0) {
        row.value = [f64::NAN, f64::INFINITY, -1.0][i % 3];
        row.null_sd = Some(f64::NAN);
    }
    broken.metrics[0].1 = Metrics { train_loss: Some(f64::NAN), ..broken.metrics[0].1.clone() };
    for figure in FIGURES {
        let svg = draw(figure.id, &broken, &at(400.0)).svg();
        assert!(is_finite(&svg), "{}: {svg}", figure.id);
    }
}

/// Writes every figure into the folder that `INFOPLANE_GALLERY` names, to be looked at.
#[test]
fn gallery() {
    let Ok(folder) = std::env::var("INFOPLANE_GALLERY") else { return };
    std::fs::create_dir_all(&folder).unwrap();
    for (name, recording) in recordings() {
        for figure in FIGURES {
            for (i, options) in options().iter().enumerate() {
                let name = format!("{folder}/{}-{}-{i}.svg", figure.id, name.replace(' ', "-"));
                std::fs::write(name, draw(figure.id, &recording, options).svg()).unwrap();
            }
        }
    }
}
