//! Curves over training: runs light, their mean dark, with floor, surrogate band and ceiling.

use crate::colour::{Colour, INK, LIGHT, QUIET};
use crate::panel::Panel;
use crate::scene::{Anchor, Paint, Point, Scene, Text};
use crate::series::{Series, mean};

/// A single run beside the mean.
pub(crate) const SEED: Paint = Paint::stroke(LIGHT, 0.8);
/// The expected value under independence.
pub(crate) const FLOOR: Paint = Paint::stroke(INK, 1.1).dashed("5 3");
/// Where surrogates lie.
pub(crate) const BAND: Paint = Paint::fill(Colour([0xe6, 0x9f, 0x00])).faint(0.35);
/// The largest value the data can show.
pub(crate) const CEILING: Paint = Paint::stroke(QUIET, 1.0).dashed("5 3");

/// Light lines of single runs, where there are several, and their mean in `paint`.
pub(crate) fn runs(scene: &mut Scene, panel: &Panel, series: &[Series], paint: Paint) {
    if series.iter().filter(|s| !s.is_empty()).count() > 1 {
        let light = Paint { dash: paint.dash, ..SEED };
        for run in series {
            scene.line("seed", &panel.path(run), light);
        }
    }
    course(scene, "mean", panel, &mean(series), paint);
}

/// A line; a dot where there is one point only.
pub(crate) fn course(scene: &mut Scene, part: &'static str, panel: &Panel, series: &Series, paint: Paint) {
    match series.as_slice() {
        [(x, y)] => scene.circle(part, panel.at(*x, *y), 1.5 * paint.width, Paint::fill(paint.stroke.unwrap_or(INK))),
        _ => scene.line(part, &panel.path(series), paint),
    }
}

/// The area between two courses; a bar where there is one point only.
pub(crate) fn band(scene: &mut Scene, panel: &Panel, low: &Series, high: &Series, paint: Paint) {
    let mut points: Vec<Point> = panel.path(high);
    points.extend(panel.path(low).into_iter().rev());
    if let [top, bottom] = points[..] {
        // however narrow the band, a bar to be seen
        let (d, lack) = (0.5 * panel.font, (2.5 - (bottom.1 - top.1)).max(0.0) / 2.0);
        let (x0, x1) = ((top.0 - d).max(panel.area.x), (top.0 + d).min(panel.area.right()));
        let (y0, y1) = ((top.1 - lack).max(panel.area.y), (bottom.1 + lack).min(panel.area.bottom()));
        points = vec![(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
    }
    if points.len() > 2 {
        scene.polygon("null-band", points, paint);
    }
}

/// The ceiling, with its value above the panel's right end.
pub(crate) fn ceiling(scene: &mut Scene, panel: &Panel, value: f64) {
    let (a, y) = (panel.area, panel.at(0.0, value).1);
    scene.line("ceiling", &[(a.x, y), (a.right(), y)], CEILING);
    let at = (a.right(), a.y - 0.6 * panel.font);
    let label = Text::new(at, format!("ceiling {}", crate::text::short(value)), panel.font);
    scene.text("ceiling", label.anchored(Anchor::End).coloured(QUIET));
}
