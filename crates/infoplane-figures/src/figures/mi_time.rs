//! `mi-time`: I(X;T), I(T;Y) and H(T) over training, one panel each, with ceiling and the null of I(T;Y).

use infoplane_record::Row;

use super::plane::{highest, of_layer, seeds};
use crate::choose::{self, Choice, forward};
use crate::colour::{QUIET, category};
use crate::curves::{self, CEILING};
use crate::labels::spread;
use crate::panel::{ABOVE, BELOW, Panel};
use crate::scale::Scale;
use crate::scene::{Area, Paint, Text};
use crate::series::{Series, by_run, mean};
use crate::sheet::{Sample, Sheet};
use crate::tabulate::{header, maybe, number};
use crate::{Data, Drawing, Options, Result, symbol, text};

const MEASURES: [(&str, &str); 3] = [("i_xt", "I(X;T)"), ("i_ty", "I(T;Y)"), ("h_t", "H(T)")];
/// Height of one panel, in font sizes.
const HEIGHT: f64 = 12.0;
/// Longest names at the ends, in font sizes.
const NAME: f64 = 8.0;
/// Half width of the null band, in standard deviations of the draws.
const SPREAD: f64 = 2.0;
/// Opacity of a null band, in the colour of its layer.
const NULL: f64 = 0.22;

/// One layer in one panel.
struct Curve {
    /// Place among the layers: shape and colour.
    layer: usize,
    name: String,
    runs: Vec<Series>,
    low: Series,
    high: Series,
}

pub(crate) fn draw(data: &Data, options: &Options) -> Result<Drawing> {
    let (choice, estimator) = choose::mi("mi-time", data, options)?;
    let runs = choice.runs();
    let told = format!("{} · {estimator}{}{}", choice.network, choose::sample_size(&choice.rows), seeds(runs.len()));
    let mut sheet = Sheet::new("Mutual information over training", &told, options)?;
    let unit = choice.rows[0].unit.clone();
    let mut summaries = Vec::new();
    let mut banded = false;
    for (measure, name) in measures(&choice) {
        let curves = curves_of(&choice, &runs, measure);
        if curves.is_empty() {
            continue;
        }
        banded |= curves.iter().any(|curve| !curve.low.is_empty());
        panel(&mut sheet, &curves, &format!("↑ {name} ({unit})"), highest(&choice, measure));
        summaries.push(format!("{name} goes, by layer, {}", courses(&curves)));
    }
    if summaries.is_empty() {
        return Err(choice.nothing("a value of i_xt, i_ty or h_t at some epoch", data.rows));
    }
    sheet.key(&key(runs.len(), banded));
    let summary =
        format!("Mutual information ({unit}) of {} by {estimator}: {}.", choice.network, summaries.join(". "));
    Ok(sheet.finish(summary, table(&choice)))
}

/// What has a panel; H(T) only where it is not I(X;T): a deterministic layer in cells has equal ones.
fn measures(choice: &Choice) -> Vec<(&'static str, &'static str)> {
    let of = |measure: &str| choice.rows.iter().filter(|row| row.measure == measure).collect::<Vec<_>>();
    let (i_xt, h_t) = (of("i_xt"), of("h_t"));
    let same = |(a, b): (&&&Row, &&&Row)| {
        a.run == b.run && a.layer == b.layer && a.epoch == b.epoch && (a.value - b.value).abs() <= 1e-9 * a.value.abs()
    };
    match !h_t.is_empty() && i_xt.len() == h_t.len() && i_xt.iter().zip(&h_t).all(same) {
        true => vec![("i_xt", "I(X;T) = H(T)"), MEASURES[1]],
        false => MEASURES.to_vec(),
    }
}

fn curves_of(choice: &Choice, runs: &[String], measure: &'static str) -> Vec<Curve> {
    let layers = forward(choice.rows.iter().filter_map(|row| row.layer.as_deref()));
    let curve = |(layer, name): (usize, &String)| {
        let of = |value: &dyn Fn(&Row) -> Option<f64>| by_run(of_layer(choice, name, measure), runs, value);
        let bound = |sign: f64| mean(&of(&|row| Some((row.null_mean? + sign * SPREAD * row.null_sd?).max(0.0))));
        let values = of(&|row| Some(row.value));
        let (low, high) = (bound(-1.0), bound(1.0));
        (!mean(&values).is_empty()).then(|| Curve { layer, name: name.clone(), runs: values, low, high })
    };
    layers.iter().enumerate().filter_map(curve).collect()
}

fn panel(sheet: &mut Sheet, curves_of: &[Curve], title: &str, ceiling: Option<f64>) {
    let (f, margin) = (sheet.font, sheet.margin());
    let points = curves_of.iter().flat_map(|c| c.runs.iter().flatten());
    let y = Scale::from_zero(points.clone().map(|p| p.1).chain(ceiling));
    let left = Panel::left(&y, (HEIGHT / 2.2) as usize, f);
    let names = curves_of.iter().map(|c| text::width(&c.name, f, false)).fold(0.0, f64::max).min(NAME * f) + 2.6 * f;
    let area = Area { x: margin + left, y: sheet.top + ABOVE * f, w: sheet.inner() - left - names, h: HEIGHT * f };
    let panel = Panel { area, x: Scale::epochs(points.map(|p| p.0)), y, font: f };
    panel.axes(&mut sheet.scene, true, true);
    panel.titles(&mut sheet.scene, "epoch →", title, margin);
    for c in curves_of {
        // one snapshot is a bar, which pale would be lost
        let opacity = if c.low.len() == 1 { 3.0 * NULL } else { NULL };
        curves::band(&mut sheet.scene, &panel, &c.low, &c.high, Paint::fill(category(c.layer)).faint(opacity));
    }
    if let Some(ceiling) = ceiling {
        curves::ceiling(&mut sheet.scene, &panel, ceiling);
    }
    for c in curves_of {
        curves::runs(&mut sheet.scene, &panel, &c.runs, Paint::stroke(category(c.layer), 1.5));
    }
    end_labels(sheet, &panel, curves_of);
    sheet.top = area.bottom() + (BELOW + 0.3) * f;
}

/// Symbol and name right of each last value, apart from each other, with a hair line to the value.
fn end_labels(sheet: &mut Sheet, panel: &Panel, curves_of: &[Curve]) {
    let (f, a) = (panel.font, panel.area);
    let ends: Vec<f64> = curves_of.iter().filter_map(|c| mean(&c.runs).last().map(|p| panel.at(p.0, p.1).1)).collect();
    // what ends at one place stands in the order of the layers, whatever the last bits of its mean
    let ends: Vec<f64> = ends.into_iter().map(|end| (2.0 * end).round() / 2.0).collect();
    let places = spread(&ends, 1.1 * f, a.y, a.bottom());
    for ((c, end), y) in curves_of.iter().zip(ends).zip(places) {
        let colour = category(c.layer);
        let x = a.right() + 1.1 * f;
        sheet.scene.line("leader", &[(a.right(), end), (x, y)], Paint::stroke(colour, 0.7));
        symbol::draw(&mut sheet.scene, "symbol", c.layer, (x + 0.3 * f, y), 0.3 * f, colour, false);
        let name = text::elided(&c.name, f, false, NAME * f);
        sheet.scene.text("end-label", Text::new((x + 0.95 * f, y + 0.35 * f), name, f));
    }
}

fn key(runs: usize, banded: bool) -> Vec<(Sample, String)> {
    let mut key =
        vec![(Sample::Line(Paint::stroke(QUIET, 1.5)), if runs > 1 { "mean of seeds" } else { "value" }.to_owned())];
    key.extend((runs > 1).then(|| (Sample::Line(curves::SEED), "one seed".to_owned())));
    key.push((Sample::Line(CEILING), "ceiling".to_owned()));
    key.extend(
        banded.then(|| (Sample::Band(Paint::fill(QUIET).faint(NULL)), format!("labels permuted, mean ± {SPREAD} sd"))),
    );
    key
}

fn courses(curves_of: &[Curve]) -> String {
    let course = |c: &Curve| {
        let mean = mean(&c.runs);
        Some(format!("{} from {} to {}", c.name, text::short(mean.first()?.1), text::short(mean.last()?.1)))
    };
    curves_of.iter().filter_map(course).collect::<Vec<_>>().join("; ")
}

fn table(choice: &Choice) -> Vec<Vec<String>> {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let line = |row: &&Row| {
        let names = [text(&row.run), row.measure.clone(), text(&row.layer), maybe(row.epoch), number(row.value)];
        let numbers = [row.ceiling, row.null_mean, row.null_sd, row.p].map(maybe);
        names.into_iter().chain(numbers).chain([text(&row.badge)]).collect()
    };
    let names = ["run", "measure", "layer", "epoch", "value", "ceiling", "null_mean", "null_sd", "p", "badge"];
    std::iter::once(header(&names)).chain(choice.rows.iter().map(line)).collect()
}
