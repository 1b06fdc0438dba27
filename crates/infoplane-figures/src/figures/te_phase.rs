//! `te-phase`: TE of one pair × accuracy and × loss, one point per snapshot, with rank correlations that do not
//! mistake two trends for a relation.

use infoplane_record::Metrics;

use super::plane::seeds;
use super::te_plane::EDGE;
use crate::choose::{self, Transfer};
use crate::colour::{INK, LIGHT};
use crate::panel::{ABOVE, BELOW, Panel};
use crate::rank::{FEWEST, bootstrap, changes, spearman};
use crate::scale::Scale;
use crate::scene::{Area, Paint, Point, Scene};
use crate::series::{Series, by_run};
use crate::sheet::{Sample, Sheet};
use crate::tabulate::{header, number};
use crate::trajectory::{self, Trajectory};
use crate::{Data, Drawing, Options, Result, text};

/// Snapshots of the metrics at most this far from a row's epoch belong to it.
const NEAR: f64 = 0.51;

type Read = fn(&Metrics) -> Option<f64>;
const UP: [(&str, Read); 4] = [
    ("test accuracy", |m| m.test_acc),
    ("training accuracy", |m| m.train_acc),
    ("test loss", |m| m.test_loss),
    ("training loss", |m| m.train_loss),
];

/// One panel: what stands up, its path, and what the ranks say.
struct View {
    name: &'static str,
    path: Trajectory,
    /// Mean floor of TE.
    floor: Option<f64>,
    levels: String,
    changes: String,
}

pub(crate) fn draw(data: &Data, options: &Options) -> Result<Drawing> {
    let transfer = choose::transfer("te-phase", data, options)?;
    let asked = transfer.asked(options)?;
    let Some((source, target)) = asked.or_else(|| transfer.adjacent().pop()).or_else(|| transfer.pairs().pop()) else {
        return Err(transfer.choice.nothing("a pair of taps", data.rows));
    };
    let te = by_run(transfer.pair(&source, &target), &transfer.choice.runs(), |row| Some(row.value));
    let floors: Vec<f64> = transfer.pair(&source, &target).filter_map(|row| row.floor).collect();
    let floor = (!floors.is_empty()).then(|| floors.iter().sum::<f64>() / floors.len() as f64);
    let view = |pair: &[(&'static str, Read)]| {
        let view = pair.iter().find_map(|(name, read)| View::of(&transfer, data, &te, name, *read))?;
        Some(View { floor, ..view })
    };
    let views: Vec<View> = UP.chunks(2).filter_map(view).collect();
    if views.is_empty() {
        return Err(transfer.choice.nothing("metrics (accuracy, loss) at the epochs of its rows", data.rows));
    }
    let told = format!("{} · {}{}", transfer.choice.network, transfer.told, seeds(transfer.choice.runs().len()));
    let title = format!("{}({source}→{target}) against accuracy and loss", transfer.symbol());
    let mut sheet = Sheet::new(&title, &told, options)?;
    let epochs = Scale::epochs(views.iter().flat_map(|v| trajectory::all(std::slice::from_ref(&v.path))).map(|p| p.0));
    let pair = text::pair((&source, &target), sheet.font, false, 11.0 * sheet.font).replace(" → ", "→");
    let across = format!("{}({pair}){} →", transfer.symbol(), transfer.unit());
    panels(&mut sheet, &views, &epochs, &across);
    sheet.epoch_bar(&epochs);
    if transfer.choice.runs().len() > 1 {
        sheet.key(&[(Sample::Line(Paint::stroke(LIGHT, 0.9)), "one seed".to_owned())]);
    }
    sheet.note(&ranks(&views, &transfer));
    let summary = format!("{title}, {}: {}", transfer.told, ranks(&views, &transfer));
    Ok(sheet.finish(summary, table(&views, &transfer)))
}

impl View {
    fn of(transfer: &Transfer, data: &Data, te: &[Series], name: &'static str, read: Read) -> Option<Self> {
        let runs = transfer.choice.runs();
        let up: Vec<Series> = runs.iter().zip(te).map(|(run, te)| nearest(data, run, te, read)).collect();
        let path = Trajectory::new("", 0, te, &up)?;
        let columns = |run: &Vec<(f64, f64, f64)>| -> (Vec<f64>, Vec<f64>) { run.iter().map(|p| (p.1, p.2)).unzip() };
        let levels: Vec<_> = path.runs.iter().map(columns).collect();
        let steps: Vec<_> = levels.iter().map(|(x, y)| (changes(x), changes(y))).collect();
        Some(Self { name, path, floor: None, levels: rho(&levels), changes: rho(&steps) })
    }
}

/// The metrics of a run at the epochs of a series.
fn nearest(data: &Data, run: &str, te: &Series, read: Read) -> Series {
    let own: Vec<&Metrics> = data.metrics.iter().filter(|(r, _)| r == run).map(|(_, m)| m).collect();
    let at = |epoch: f64| {
        let far = |m: &&Metrics| (m.epoch - epoch).abs();
        let m = own.iter().copied().min_by(|a, b| far(a).total_cmp(&far(b)))?;
        read(m).filter(|_| far(&m) <= NEAR)
    };
    te.iter().filter_map(|(epoch, _)| Some((*epoch, at(*epoch)?))).collect()
}

/// ρ with its spread: over seeds, or from the blocks of one run.
fn rho(runs: &[(Vec<f64>, Vec<f64>)]) -> String {
    let each: Vec<f64> = runs.iter().filter_map(|(x, y)| spearman(x, y)).collect();
    // −0.00 and +0.00 are one number
    let shown = |v: f64| format!("{:+.2}", (v * 100.0).round() / 100.0 + 0.0).replace('-', "−");
    match (each.as_slice(), runs) {
        ([], _) => "none (a course is constant or too short)".to_owned(),
        ([one], [(x, y)]) => match bootstrap(x, y) {
            Some((lo, hi)) => format!("{} [{}, {}]", shown(*one), shown(lo), shown(hi)),
            None => format!("{} (no interval)", shown(*one)),
        },
        (all, _) => {
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            let (lo, hi) = all.iter().fold((f64::MAX, f64::MIN), |(lo, hi), v| (lo.min(*v), hi.max(*v)));
            format!("{} [{}, {}]", shown(mean), shown(lo), shown(hi))
        }
    }
}

fn ranks(views: &[View], transfer: &Transfer) -> String {
    let told: Vec<String> =
        views.iter().map(|v| format!("{}: levels {}, changes {}", v.name, v.levels, v.changes)).collect();
    let runs = transfer.choice.runs().len();
    let spread = match runs {
        1 => format!("one run [95 % by block bootstrap, from {FEWEST} snapshots on]"),
        _ => format!("mean [range] of {runs} seeds"),
    };
    format!(
        "Rank correlation ρ, {spread}, with {}. Levels of any two trends correlate; changes need not.",
        told.join("; ")
    )
}

fn panels(sheet: &mut Sheet, views: &[View], epochs: &Scale, across: &str) {
    let (f, margin) = (sheet.font, sheet.margin());
    let columns = sheet.columns(22.0, views.len());
    let each = (sheet.inner() - (columns - 1) as f64 * 1.5 * f) / columns as f64;
    let h = (0.6 * each).min(24.0 * f);
    for row in views.chunks(columns) {
        for (i, view) in row.iter().enumerate() {
            let space = Area { x: margin + i as f64 * (each + 1.5 * f), y: sheet.top + ABOVE * f, w: each, h };
            panel(sheet, space, view, epochs, across);
        }
        sheet.top += h + (ABOVE + BELOW + 0.5) * f;
    }
}

fn panel(sheet: &mut Sheet, space: Area, view: &View, epochs: &Scale, across: &str) {
    let f = sheet.font;
    let points = trajectory::all(std::slice::from_ref(&view.path));
    let (x, y) =
        (Scale::beside_floor(points.clone().map(|p| p.1), view.floor, EDGE), Scale::around(points.map(|p| p.2)));
    let left = Panel::left(&y, (space.h / (2.2 * f)) as usize, f);
    let area = Area { x: space.x + left, w: space.w - left - 0.6 * f, ..space };
    let panel = Panel { area, x, y, font: f };
    panel.axes(&mut sheet.scene, true, true);
    panel.titles(&mut sheet.scene, across, &format!("↑ {}", view.name), space.x);
    trajectory::draw(&mut sheet.scene, &panel, epochs, std::slice::from_ref(&view.path));
    arrows(&mut sheet.scene, &panel, &view.path);
}

/// Heads along the mean path, at its quarters.
fn arrows(scene: &mut Scene, panel: &Panel, path: &Trajectory) {
    let places: Vec<Point> = path.mean.iter().map(|(_, x, y)| panel.at(*x, *y)).collect();
    let length = |w: &[Point]| (w[1].0 - w[0].0).hypot(w[1].1 - w[0].1);
    let whole: f64 = places.windows(2).map(length).sum();
    let (mut gone, mut next) = (0.0, 0.25);
    for w in places.windows(2) {
        gone += length(w);
        if gone >= next * whole && length(w) > 0.0 && next < 1.0 {
            head(scene, w[0], w[1], 0.65 * panel.font);
            next += 0.25;
        }
    }
}

fn head(scene: &mut Scene, from: Point, to: Point, size: f64) {
    let angle = (to.1 - from.1).atan2(to.0 - from.0);
    let tip = (from.0.midpoint(to.0), from.1.midpoint(to.1));
    let corner = |turn: f64| (tip.0 - size * (angle + turn).cos(), tip.1 - size * (angle + turn).sin());
    scene.polygon("arrow", vec![tip, corner(0.45), corner(-0.45)], Paint::fill(INK));
}

fn table(views: &[View], transfer: &Transfer) -> Vec<Vec<String>> {
    let mut table = vec![header(&["run", "epoch", &transfer.measure, "against", "value"])];
    let runs = transfer.choice.runs();
    for view in views {
        for (run, points) in runs.iter().zip(&view.path.runs) {
            let line = |(epoch, x, y): &(f64, f64, f64)| {
                vec![run.clone(), number(*epoch), number(*x), view.name.to_owned(), number(*y)]
            };
            table.extend(points.iter().map(line));
        }
    }
    table
}
