//! `plane`: I(X;T) × I(T;Y), one path per layer, colour = epoch.

use infoplane_record::Row;

use crate::choose::{self, Choice, forward};
use crate::colour::QUIET;
use crate::panel::{ABOVE, BELOW, Panel};
use crate::scale::Scale;
use crate::scene::{Anchor, Area, Paint, Text};
use crate::series::by_run;
use crate::sheet::{Sample, Sheet};
use crate::tabulate::{header, maybe, number};
use crate::trajectory::{self, Trajectory};
use crate::{Data, Drawing, Options, Result, text};

const CEILING: Paint = Paint::stroke(QUIET, 1.0).dashed("5 3");
/// A value this near its ceiling is no reading (share).
const NEAR: f64 = 0.98;
/// Bits by which a layer must exceed the one before it to be told.
const SLACK: f64 = 0.02;

pub(crate) fn draw(data: &Data, options: &Options) -> Result<Drawing> {
    let (choice, estimator) = choose::mi("plane", data, options)?;
    let paths = paths(&choice);
    if paths.is_empty() {
        return Err(choice.nothing("i_xt and i_ty of one layer at one epoch", data.rows));
    }
    let runs = choice.runs().len();
    let told = format!("{}{}{}", choice.network, choose::sample_size(&choice.rows), seeds(runs));
    let mut sheet = Sheet::new("Information plane", &told, options)?;
    let epochs = Scale::epochs(trajectory::all(&paths).map(|point| point.0));
    let unit = choice.rows[0].unit.clone();
    panel(&mut sheet, &choice, &paths, &epochs, (&estimator, &unit));
    sheet.epoch_bar(&epochs);
    sheet.key(&key(&paths, runs));
    if let Some(note) = processing_note(&paths) {
        sheet.note(&note);
    }
    Ok(sheet.finish(summary(&choice, &paths, &estimator, &unit), table(&choice, &paths)))
}

/// `· mean of 3 seeds`, where there are several.
pub(crate) fn seeds(runs: usize) -> String {
    if runs > 1 { format!(" · mean of {runs} seeds") } else { " · one seed".to_owned() }
}

fn paths(choice: &Choice) -> Vec<Trajectory> {
    let runs = choice.runs();
    let layers = forward(choice.rows.iter().filter_map(|row| row.layer.as_deref()));
    let path = |(shape, layer): (usize, &String)| {
        let of = |measure: &'static str| by_run(of_layer(choice, layer, measure), &runs, |row| Some(row.value));
        let mut path = Trajectory::new(layer, shape, &of("i_xt"), &of("i_ty"))?;
        path.hollow =
            of_layer(choice, layer, "i_xt").filter(|row| at_ceiling(row)).filter_map(|row| row.epoch).collect();
        Some(path)
    };
    layers.iter().enumerate().filter_map(path).collect()
}

pub(crate) fn of_layer<'a>(
    choice: &'a Choice,
    layer: &'a str,
    measure: &'a str,
) -> impl Iterator<Item = &'a Row> + Clone {
    choice.rows.iter().copied().filter(move |row| row.measure == measure && row.layer.as_deref() == Some(layer))
}

pub(crate) fn at_ceiling(row: &Row) -> bool {
    row.badge.as_deref() == Some("at-ceiling") || row.ceiling.is_some_and(|ceiling| row.value > NEAR * ceiling)
}

fn panel(sheet: &mut Sheet, choice: &Choice, paths: &[Trajectory], epochs: &Scale, (estimator, unit): (&str, &str)) {
    let (f, margin) = (sheet.font, sheet.margin());
    let ceiling = |measure: &str| highest(choice, measure);
    let x = Scale::from_zero(trajectory::all(paths).map(|p| p.1).chain(ceiling("i_xt")));
    let y = Scale::from_zero(trajectory::all(paths).map(|p| p.2).chain(ceiling("i_ty"))).headroom(0.1);
    let h = (0.62 * sheet.inner()).min(34.0 * f);
    let left = margin + Panel::left(&y, (h / (2.2 * f)) as usize, f);
    let area = Area { x: left, y: sheet.top + ABOVE * f, w: sheet.scene.width - margin - left - 0.6 * f, h };
    let panel = Panel { area, x, y, font: f };
    panel.axes(&mut sheet.scene, true, true);
    panel.titles(&mut sheet.scene, &format!("I(X;T) ({unit}), {estimator} →"), &format!("↑ I(T;Y) ({unit})"), margin);
    ceilings(sheet, &panel, ceiling("i_xt"), ceiling("i_ty"));
    trajectory::draw(&mut sheet.scene, &panel, epochs, paths);
    sheet.top = area.bottom() + (BELOW + 0.5) * f;
}

/// The highest ceiling of a measure.
pub(crate) fn highest(choice: &Choice, measure: &str) -> Option<f64> {
    let ceilings = choice.rows.iter().filter(|row| row.measure == measure).filter_map(|row| row.ceiling);
    ceilings.reduce(f64::max)
}

fn ceilings(sheet: &mut Sheet, panel: &Panel, x: Option<f64>, y: Option<f64>) {
    let a = panel.area;
    if let Some(x) = x {
        let at = panel.at(x, 0.0).0;
        sheet.scene.line("ceiling", &[(at, a.y), (at, a.bottom())], CEILING);
    }
    if let Some(y) = y {
        let at = panel.at(0.0, y).1;
        sheet.scene.line("ceiling", &[(a.x, at), (a.right(), at)], CEILING);
    }
    let told: Vec<String> = [x, y].iter().flatten().map(|ceiling| text::short(*ceiling)).collect();
    if !told.is_empty() {
        let at = (a.right(), a.y - 0.6 * panel.font);
        let label = Text::new(at, format!("ceiling {}", told.join(" × ")), panel.font);
        sheet.scene.text("ceiling", label.anchored(Anchor::End).coloured(QUIET));
    }
}

/// How often a layer seems to know more than the layer before it, which no processing can do.
fn processing_note(paths: &[Trajectory]) -> Option<String> {
    let more = |w: &[Trajectory]| {
        let before = |epoch: f64| w[0].mean.iter().find(|p| p.0 == epoch);
        let breaks = |p: &&(f64, f64, f64)| before(p.0).is_some_and(|b| p.1 > b.1 + SLACK || p.2 > b.2 + SLACK);
        w[1].mean.iter().filter(breaks).count()
    };
    let (count, all): (usize, usize) =
        (paths.windows(2).map(more).sum(), paths.iter().skip(1).map(|p| p.mean.len()).sum());
    (count > 0).then(|| {
        format!("At {count} of {all} points a layer shows more than the layer before it: the estimator's doing, not the network's.")
    })
}

fn key(paths: &[Trajectory], runs: usize) -> Vec<(Sample, String)> {
    let mut key: Vec<(Sample, String)> =
        paths.iter().map(|path| (Sample::Shape(path.shape, QUIET, false), path.name.clone())).collect();
    if paths.iter().any(|path| !path.hollow.is_empty()) {
        key.push((Sample::Shape(0, QUIET, true), "at ceiling: no reading".to_owned()));
    }
    if runs > 1 {
        key.push((Sample::Line(Paint::stroke(crate::colour::LIGHT, 0.9)), "one seed".to_owned()));
    }
    key
}

fn summary(choice: &Choice, paths: &[Trajectory], estimator: &str, unit: &str) -> String {
    let course = |path: &Trajectory| {
        let (first, last) = (path.mean[0], path.mean[path.mean.len() - 1]);
        let [x0, y0, x1, y1] = [first.1, first.2, last.1, last.2].map(text::short);
        format!("{} from ({x0}, {y0}) to ({x1}, {y1})", path.name)
    };
    let courses: Vec<String> = paths.iter().map(course).collect();
    format!(
        "Information plane of {} by {estimator}: over training, (I(X;T), I(T;Y)) in {unit} goes, by layer, {}.",
        choice.network,
        courses.join("; ")
    )
}

fn table(choice: &Choice, paths: &[Trajectory]) -> Vec<Vec<String>> {
    let mut table = vec![header(&["run", "layer", "epoch", "i_xt", "i_ty", "ceiling_xt", "ceiling_ty"])];
    let (ceiling_x, ceiling_y) = (maybe(highest(choice, "i_xt")), maybe(highest(choice, "i_ty")));
    let runs = choice.runs();
    for path in paths {
        let of = |measure: &'static str| by_run(of_layer(choice, &path.name, measure), &runs, |row| Some(row.value));
        for ((run, x), y) in runs.iter().zip(of("i_xt")).zip(of("i_ty")) {
            for (epoch, x, y) in crate::series::join(&x, &y) {
                let values = [number(epoch), number(x), number(y), ceiling_x.clone(), ceiling_y.clone()];
                table.push([run.clone(), path.name.clone()].into_iter().chain(values).collect());
            }
        }
    }
    table
}
