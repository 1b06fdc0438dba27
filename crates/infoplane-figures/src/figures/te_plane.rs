//! `te-plane`: TE into a layer × TE out of it, from the ends of the network and between neighbours.

use super::plane::seeds;
use crate::choose::{self, Transfer};
use crate::colour::{LIGHT, QUIET};
use crate::curves::FLOOR;
use crate::panel::{ABOVE, BELOW, Panel};
use crate::scale::Scale;
use crate::scene::{Area, Paint};
use crate::series::by_run;
use crate::sheet::{Sample, Sheet};
use crate::trajectory::{self, Trajectory};
use crate::{Data, Drawing, Options, Result, tabulate, text};

/// Share of the floor at whose place smaller values stand.
pub(crate) const EDGE: f64 = 1.0 / 30.0;

/// A way to read a layer: the pair into it and the pair out of it.
struct View {
    across: String,
    up: String,
    paths: Vec<Trajectory>,
    /// Mean floors of both axes.
    floor: (Option<f64>, Option<f64>),
}

type Pair = (String, String);

pub(crate) fn draw(data: &Data, options: &Options) -> Result<Drawing> {
    let transfer = choose::transfer("te-plane", data, options)?;
    let views: Vec<View> =
        [ends(&transfer), neighbours(&transfer)].into_iter().filter(|v| !v.paths.is_empty()).collect();
    if views.is_empty() {
        let missing = "a tap with a pair into it and a pair out of it, at one epoch";
        return Err(transfer.choice.nothing(missing, data.rows));
    }
    let runs = transfer.choice.runs().len();
    let told = format!("{} · {}{}", transfer.choice.network, transfer.told, seeds(runs));
    let mut sheet = Sheet::new(&format!("{} plane", transfer.symbol()), &told, options)?;
    let epochs = Scale::epochs(views.iter().flat_map(|view| trajectory::all(&view.paths)).map(|point| point.0));
    panels(&mut sheet, &views, &epochs, &transfer.unit());
    sheet.epoch_bar(&epochs);
    sheet.key(&key(&views, runs));
    let pairs = transfer.pairs();
    let table = tabulate::pairs(pairs.iter().flat_map(|(source, target)| transfer.pair(source, target)));
    Ok(sheet.finish(summary(&transfer, &views), table))
}

/// From the first tap into each layer, from each layer into the last tap.
fn ends(transfer: &Transfer) -> View {
    let taps = transfer.taps();
    let (Some(first), Some(last)) = (taps.first(), taps.last()) else { return View::new(transfer, "", "", &[]) };
    let inner = taps.iter().filter(|tap| *tap != first && *tap != last);
    let ways: Vec<(String, [Pair; 2])> =
        inner.map(|t| (t.clone(), [(first.clone(), t.clone()), (t.clone(), last.clone())])).collect();
    // with adjacent pairs only, a network of one layer would be drawn twice
    let ways = if transfer.taps().len() > 3 { ways } else { Vec::new() };
    let s = transfer.symbol();
    let short = |tap: &str| text::elided(tap, 1.0, false, 8.0);
    View::new(transfer, &format!("{s}({}→T)", short(first)), &format!("{s}(T→{})", short(last)), &ways)
}

/// From the tap before into each layer, from each layer into the next tap.
fn neighbours(transfer: &Transfer) -> View {
    let way = |w: &[String]| (w[1].clone(), [(w[0].clone(), w[1].clone()), (w[1].clone(), w[2].clone())]);
    let ways: Vec<(String, [Pair; 2])> = transfer.taps().windows(3).map(way).collect();
    let s = transfer.symbol();
    View::new(transfer, &format!("{s}(before→T)"), &format!("{s}(T→next)"), &ways)
}

impl View {
    fn new(transfer: &Transfer, across: &str, up: &str, ways: &[(String, [Pair; 2])]) -> Self {
        let (runs, taps) = (transfer.choice.runs(), transfer.taps());
        let of = |(source, target): &Pair| by_run(transfer.pair(source, target), &runs, |row| Some(row.value));
        let shape = |tap: &String| taps.iter().position(|t| t == tap).unwrap_or(0);
        let path = |(tap, [into, out]): &(String, [Pair; 2])| Trajectory::new(tap, shape(tap), &of(into), &of(out));
        let floor = |side: usize| {
            let pairs = ways.iter().map(|(_, pair)| &pair[side]);
            let floors: Vec<f64> = pairs.flat_map(|(s, t)| transfer.pair(s, t).filter_map(|row| row.floor)).collect();
            (!floors.is_empty()).then(|| floors.iter().sum::<f64>() / floors.len() as f64)
        };
        Self {
            across: across.to_owned(),
            up: up.to_owned(),
            paths: ways.iter().filter_map(path).collect(),
            floor: (floor(0), floor(1)),
        }
    }
}

fn panels(sheet: &mut Sheet, views: &[View], epochs: &Scale, unit: &str) {
    let (f, margin) = (sheet.font, sheet.margin());
    let columns = sheet.columns(22.0, views.len());
    let each = (sheet.inner() - (columns - 1) as f64 * 1.5 * f) / columns as f64;
    let h = (0.68 * each).min(26.0 * f);
    for row in views.chunks(columns) {
        for (i, view) in row.iter().enumerate() {
            let space = Area { x: margin + i as f64 * (each + 1.5 * f), y: sheet.top + ABOVE * f, w: each, h };
            panel(sheet, space, view, epochs, unit);
        }
        sheet.top += h + (ABOVE + BELOW + 0.5) * f;
    }
}

fn panel(sheet: &mut Sheet, space: Area, view: &View, epochs: &Scale, unit: &str) {
    let f = sheet.font;
    let x = Scale::beside_floor(trajectory::all(&view.paths).map(|p| p.1).chain(view.floor.0), view.floor.0, EDGE);
    let y = Scale::beside_floor(trajectory::all(&view.paths).map(|p| p.2).chain(view.floor.1), view.floor.1, EDGE);
    let left = Panel::left(&y, (space.h / (2.2 * f)) as usize, f);
    let area = Area { x: space.x + left, w: space.w - left - 0.6 * f, ..space };
    let panel = Panel { area, x, y, font: f };
    panel.axes(&mut sheet.scene, true, true);
    panel.titles(&mut sheet.scene, &format!("{}{unit} →", view.across), &format!("↑ {}{unit}", view.up), space.x);
    if let Some(floor) = view.floor.0 {
        let x = panel.at(floor, 0.0).0;
        sheet.scene.line("floor", &[(x, area.y), (x, area.bottom())], FLOOR);
    }
    if let Some(floor) = view.floor.1 {
        let y = panel.at(0.0, floor).1;
        sheet.scene.line("floor", &[(area.x, y), (area.right(), y)], FLOOR);
    }
    trajectory::draw(&mut sheet.scene, &panel, epochs, &view.paths);
}

fn key(views: &[View], runs: usize) -> Vec<(Sample, String)> {
    let mut key: Vec<(Sample, String)> = Vec::new();
    for path in views.iter().flat_map(|view| &view.paths) {
        if key.iter().all(|(_, name)| *name != path.name) {
            key.push((Sample::Shape(path.shape, QUIET, false), path.name.clone()));
        }
    }
    key.extend((runs > 1).then(|| (Sample::Line(Paint::stroke(LIGHT, 0.9)), "one seed".to_owned())));
    let floors = views.iter().any(|view| view.floor.0.is_some() || view.floor.1.is_some());
    key.extend(floors.then(|| (Sample::Line(FLOOR), "mean floor (bias)".to_owned())));
    key
}

fn summary(transfer: &Transfer, views: &[View]) -> String {
    let course = |path: &Trajectory| {
        let (first, last) = (path.mean[0], path.mean[path.mean.len() - 1]);
        let [x0, y0, x1, y1] = [first.1, first.2, last.1, last.2].map(text::short);
        format!("{} from ({x0}, {y0}) to ({x1}, {y1})", path.name)
    };
    let view = |view: &View| {
        let courses: Vec<String> = view.paths.iter().map(course).collect();
        format!("({}, {}) goes, by layer, {}", view.across, view.up, courses.join("; "))
    };
    let views: Vec<String> = views.iter().map(view).collect();
    format!("{} plane of {}, {}: {}.", transfer.symbol(), transfer.choice.network, transfer.told, views.join(". "))
}
