//! Trajectories: paths through a plane whose colour is training time.

use crate::colour::{INK, LIGHT, PAPER, QUIET, cividis};
use crate::labels::beside;
use crate::panel::Panel;
use crate::scale::Scale;
use crate::scene::{Area, Paint, Point, Scene, Text};
use crate::series::{Series, join, mean};
use crate::{symbol, text};

/// Colours along a path.
const STEPS: f64 = 24.0;
/// Longest names at the ends, in font sizes.
const NAME: f64 = 8.0;

/// One path through a plane.
#[derive(Debug, Clone)]
pub(crate) struct Trajectory {
    pub(crate) name: String,
    /// Its symbol.
    pub(crate) shape: usize,
    /// Points (epoch, x, y) of each run.
    pub(crate) runs: Vec<Vec<(f64, f64, f64)>>,
    /// Their mean.
    pub(crate) mean: Vec<(f64, f64, f64)>,
    /// Epochs whose value is no reading, such as at the ceiling: hollow symbols.
    pub(crate) hollow: Vec<f64>,
}

impl Trajectory {
    /// From the series of both axes, one a run; None where they share no epoch.
    pub(crate) fn new(name: &str, shape: usize, x: &[Series], y: &[Series]) -> Option<Self> {
        let runs: Vec<_> = x.iter().zip(y).map(|(x, y)| join(x, y)).filter(|run| !run.is_empty()).collect();
        let mean = join(&mean(x), &mean(y));
        (!mean.is_empty()).then(|| Self { name: name.to_owned(), shape, runs, mean, hollow: Vec::new() })
    }
}

/// Epochs, x and y of all points.
pub(crate) fn all(paths: &[Trajectory]) -> impl Iterator<Item = (f64, f64, f64)> + Clone + '_ {
    paths.iter().flat_map(|path| path.runs.iter().flatten().chain(&path.mean)).copied()
}

/// Draws all paths: runs light, means coloured by epoch with symbols, names at their ends.
pub(crate) fn draw(scene: &mut Scene, panel: &Panel, epochs: &Scale, paths: &[Trajectory]) {
    let pixels = |points: &[(f64, f64, f64)]| points.iter().map(|(_, x, y)| panel.at(*x, *y)).collect::<Vec<Point>>();
    for path in paths.iter().filter(|path| path.runs.len() > 1) {
        path.runs.iter().for_each(|run| scene.line("seed", &pixels(run), Paint::stroke(LIGHT, 0.7)));
    }
    for path in paths {
        scene.line("mean", &pixels(&path.mean), Paint::stroke(QUIET, 2.6));
        coloured(scene, &pixels(&path.mean), &path.mean, epochs);
    }
    for path in paths {
        symbols(scene, panel, epochs, path);
    }
    names(scene, panel, &paths.iter().filter(|path| !path.name.is_empty()).collect::<Vec<_>>());
}

/// Stretches of one colour, each beginning where the last ended.
fn coloured(scene: &mut Scene, places: &[Point], points: &[(f64, f64, f64)], epochs: &Scale) {
    let shade = |i: usize| (epochs.place(points[i].0) * STEPS).round() / STEPS;
    let steps: Vec<usize> = (0..points.len()).collect();
    for stretch in steps.chunk_by(|a, b| shade(*a) == shade(*b)) {
        let (first, last) = (stretch[0].saturating_sub(1), stretch[stretch.len() - 1]);
        scene.line("epoch", &places[first..=last], Paint::stroke(cividis(shade(last)), 1.8));
    }
}

/// Symbols far enough apart to be told apart, always at both ends.
fn symbols(scene: &mut Scene, panel: &Panel, epochs: &Scale, path: &Trajectory) {
    let radius = 0.27 * panel.font;
    let last = path.mean.len() - 1;
    let place = |i: usize| panel.at(path.mean[i].1, path.mean[i].2);
    let apart = |a: Point, b: Point| (a.0 - b.0).hypot(a.1 - b.1) > 3.0 * radius;
    let mut drawn: Vec<Point> = Vec::new();
    for i in 0..=last {
        let at = place(i);
        let free = drawn.iter().all(|other| apart(at, *other)) && apart(at, place(last));
        if i == last || drawn.is_empty() || free {
            let (colour, hollow) = (cividis(epochs.place(path.mean[i].0)), path.hollow.contains(&path.mean[i].0));
            let size = if i == last { 1.45 * radius } else { radius };
            symbol::draw(scene, "symbol", path.shape, at, size, colour, hollow);
            drawn.push(at);
        }
    }
}

/// Names beside the last points, with a hair line where they had to move away.
fn names(scene: &mut Scene, panel: &Panel, paths: &[&Trajectory]) {
    let f = panel.font;
    let ends: Vec<Point> = paths.iter().filter_map(|p| p.mean.last()).map(|(_, x, y)| panel.at(*x, *y)).collect();
    let names: Vec<String> = paths.iter().map(|p| text::elided(&p.name, f, false, NAME * f)).collect();
    let sizes: Vec<(f64, f64)> = names.iter().map(|name| (text::width(name, f, false) + 2.0, 1.05 * f)).collect();
    let path = |p: &Trajectory| p.mean.iter().map(|(_, x, y)| panel.at(*x, *y)).collect::<Vec<Point>>();
    let obstacles: Vec<Point> = paths.iter().flat_map(|p| along(&path(p))).collect();
    let bounds = Area { x: panel.area.x + 2.0, y: panel.area.y, w: panel.area.w, h: panel.area.h - 2.0 };
    for ((area, end), name) in beside(&ends, &sizes, &obstacles, bounds).into_iter().zip(&ends).zip(names) {
        leader(scene, *end, area, 0.9 * f);
        let at = (area.x + 1.0, area.y + 0.82 * f);
        // paper below the letters keeps them apart from lines they could not avoid
        scene.rect("end-ground", area, Paint::fill(PAPER).faint(0.75));
        scene.text("end-label", Text::new(at, name, f));
    }
}

fn leader(scene: &mut Scene, end: Point, area: Area, near: f64) {
    let to = (end.0.clamp(area.x, area.right()), end.1.clamp(area.y, area.bottom()));
    if (end.0 - to.0).hypot(end.1 - to.1) > near {
        scene.line("leader", &[end, to], Paint::stroke(INK, 0.5));
    }
}

/// Points along a path, a few pixels apart.
fn along(path: &[Point]) -> Vec<Point> {
    let between = |w: &[Point]| {
        let n = ((w[1].0 - w[0].0).hypot(w[1].1 - w[0].1) / 4.0).ceil().clamp(1.0, 200.0) as usize;
        let (a, b) = (w[0], w[1]);
        (0..n)
            .map(move |i| i as f64 / n as f64)
            .map(move |s| (a.0 + s * (b.0 - a.0), a.1 + s * (b.1 - a.1)))
            .collect::<Vec<_>>()
    };
    path.windows(2).flat_map(between).chain(path.last().copied()).collect()
}
