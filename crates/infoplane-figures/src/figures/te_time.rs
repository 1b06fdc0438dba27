//! `te-time`: TE of each adjacent pair over training, with floor and surrogates; loss and accuracy below.

use infoplane_record::Row;

use super::plane::seeds;
use super::training::Courses;
use crate::choose::{self, Transfer};
use crate::colour::category;
use crate::curves::{self, BAND, FLOOR, SEED};
use crate::panel::Panel;
use crate::scale::Scale;
use crate::scene::{Paint, Text};
use crate::series::{Series, by_run, mean};
use crate::sheet::{Sample, Sheet};
use crate::{Data, Drawing, Options, Result, grid, tabulate, text};

/// Half width of the surrogate band, in standard deviations of the draws.
const SPREAD: f64 = 2.0;
/// Share of the floor below which nothing is told apart: surrogates of few pairs reach down to 0, which would take all
/// decades of a logarithmic scale.
const EDGE: f64 = 1.0 / 3.0;
/// Height of one panel, in font sizes.
const HEIGHT: f64 = 7.5;

fn value() -> Paint {
    Paint::stroke(category(2), 1.6)
}

pub(crate) fn draw(data: &Data, options: &Options) -> Result<Drawing> {
    let transfer = choose::transfer("te-time", data, options)?;
    let pairs = wanted(&transfer, options)?;
    let runs = transfer.choice.runs();
    let told = format!("{} · {}{}", transfer.choice.network, transfer.told, seeds(runs.len()));
    let mut sheet = Sheet::new(&format!("{} over training", transfer.symbol()), &told, options)?;
    let of_pairs: Vec<Curves> =
        pairs.iter().map(|(source, target)| Curves::of(&transfer, source, target, &runs)).collect();
    if of_pairs.iter().all(|curves| curves.values.iter().all(Vec::is_empty)) {
        return Err(transfer.choice.nothing("a value of some pair at some epoch", data.rows));
    }
    panels(&mut sheet, &transfer, &pairs, &of_pairs);
    let courses = Courses::of(data, &transfer.choice.network);
    let mut key = key(&of_pairs, runs.len());
    if !courses.is_empty() {
        courses.panels(&mut sheet, HEIGHT);
        key.extend(courses.key().into_iter().take_while(|(_, name)| name != "one seed"));
    }
    sheet.key(&key);
    let drawn = pairs.iter().flat_map(|(source, target)| transfer.pair(source, target));
    let table = tabulate::pairs(drawn);
    Ok(sheet.finish(summary(&transfer, &pairs, &of_pairs), table))
}

/// The pair asked for, else the adjacent ones, else all.
fn wanted(transfer: &Transfer, options: &Options) -> Result<Vec<(String, String)>> {
    transfer.asked(options).map(|asked| match asked {
        Some(pair) => vec![pair],
        None if transfer.adjacent().is_empty() => transfer.pairs(),
        None => transfer.adjacent(),
    })
}

/// What is drawn of one pair.
struct Curves {
    values: Vec<Series>,
    floor: Series,
    low: Series,
    high: Series,
}

impl Curves {
    fn of(transfer: &Transfer, source: &str, target: &str, runs: &[String]) -> Self {
        let of = |value: &dyn Fn(&Row) -> Option<f64>| by_run(transfer.pair(source, target), runs, value);
        let around = |sign: f64| move |row: &Row| Some((row.null_mean? + sign * SPREAD * row.null_sd?).max(0.0));
        Self {
            values: of(&|row| Some(row.value)),
            floor: mean(&of(&|row| row.floor)),
            low: mean(&of(&around(-1.0))),
            high: mean(&of(&around(1.0))),
        }
    }

    fn points(&self) -> impl Iterator<Item = (f64, f64)> + Clone + '_ {
        self.values.iter().flatten().chain(&self.floor).chain(&self.low).chain(&self.high).copied()
    }
}

fn panels(sheet: &mut Sheet, transfer: &Transfer, pairs: &[(String, String)], curves_of: &[Curves]) {
    let f = sheet.font;
    let points = curves_of.iter().flat_map(Curves::points);
    let values = points.clone().map(|p| p.1);
    let (x, y) = (Scale::epochs(points.map(|p| p.0)), Scale::beside_floor(values.clone(), floor(curves_of), EDGE));
    sheet.note(&format!("↑ mean {} over unit pairs{}{}", transfer.symbol(), transfer.unit(), form(&y, values)));
    let columns = sheet.columns(15.0, 3);
    let left = Panel::left(&y, (HEIGHT / 2.2) as usize, f);
    let cells = grid::shared(sheet, pairs.len(), columns, left, HEIGHT * f);
    for ((cell, (source, target)), drawn) in cells.iter().zip(pairs).zip(curves_of) {
        let panel = Panel { area: cell.area, x, y, font: f };
        panel.axes(&mut sheet.scene, cell.lowest, cell.first);
        let at = (cell.area.x, cell.area.y - 0.5 * f);
        let title = text::pair((source, target), f, true, cell.area.w);
        sheet.scene.text("panel-title", Text::new(at, title, f).bold());
        if cell.lowest {
            panel.x_title(&mut sheet.scene, "epoch →");
        }
        curves::band(&mut sheet.scene, &panel, &drawn.low, &drawn.high, BAND);
        curves::course(&mut sheet.scene, "floor", &panel, &drawn.floor, FLOOR);
        curves::runs(&mut sheet.scene, &panel, &drawn.values, value());
    }
}

/// The smallest mean floor of a pair.
fn floor(curves_of: &[Curves]) -> Option<f64> {
    let mean = |series: &Series| series.iter().map(|p| p.1).sum::<f64>() / series.len() as f64;
    curves_of.iter().filter(|c| !c.floor.is_empty()).map(|c| mean(&c.floor)).reduce(f64::min)
}

fn form(scale: &Scale, values: impl Iterator<Item = f64>) -> String {
    match (scale.is_log(), scale.cut(values)) {
        (false, _) => String::new(),
        (true, None) => ", log\u{a0}scale".to_owned(),
        (true, Some(edge)) => format!(", log\u{a0}scale from\u{a0}{}", text::printed(edge)),
    }
}

fn key(drawn: &[Curves], runs: usize) -> Vec<(Sample, String)> {
    let mut key = vec![(Sample::Line(value()), if runs > 1 { "mean of seeds" } else { "value" }.to_owned())];
    key.extend((runs > 1).then(|| (Sample::Line(SEED), "one seed".to_owned())));
    key.extend(drawn.iter().any(|c| !c.floor.is_empty()).then(|| (Sample::Line(FLOOR), "floor (bias)".to_owned())));
    let band = drawn.iter().any(|c| !c.low.is_empty());
    key.extend(band.then(|| (Sample::Band(BAND), format!("surrogates, mean ± {SPREAD} sd"))));
    key
}

fn summary(transfer: &Transfer, pairs: &[(String, String)], drawn: &[Curves]) -> String {
    let course = |((source, target), curves): (&(String, String), &Curves)| {
        let values = mean(&curves.values);
        let (first, last) = (values.first()?.1, values.last()?.1);
        let floor = curves.floor.last().filter(|floor| floor.1 > 0.0);
        let floors = floor.map(|floor| format!(" ({} floors)", text::short(last / floor.1))).unwrap_or_default();
        Some(format!("{source} → {target} from {} to {}{floors}", text::short(first), text::short(last)))
    };
    let courses: Vec<String> = pairs.iter().zip(drawn).filter_map(course).collect();
    format!(
        "{}{} of {}, {}: {}.",
        transfer.symbol(),
        transfer.unit(),
        transfer.choice.network,
        transfer.told,
        courses.join("; ")
    )
}
