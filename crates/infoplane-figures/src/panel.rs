//! A panel: two scales in a rectangle, with its axes.

use crate::colour::{GRID, INK, QUIET};
use crate::scale::{Scale, Tick};
use crate::scene::{Anchor, Area, Paint, Point, Scene, Text};
use crate::text;

/// Space below the plot for tick labels and the title of the x axis, in font sizes.
pub(crate) const BELOW: f64 = 2.9;
/// Space above the plot for the title of the y axis, in font sizes.
pub(crate) const ABOVE: f64 = 1.6;

const AXIS: Paint = Paint::stroke(QUIET, 0.8);
const GRID_LINE: Paint = Paint::stroke(GRID, 0.6);

/// Two scales in a rectangle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Panel {
    pub(crate) area: Area,
    pub(crate) x: Scale,
    pub(crate) y: Scale,
    pub(crate) font: f64,
}

impl Panel {
    /// The place of a pair of values.
    pub(crate) fn at(&self, x: f64, y: f64) -> Point {
        (self.area.x + self.x.place(x) * self.area.w, self.area.bottom() - self.y.place(y) * self.area.h)
    }

    /// The places of a series.
    pub(crate) fn path(&self, points: &[(f64, f64)]) -> Vec<Point> {
        points.iter().map(|(x, y)| self.at(*x, *y)).collect()
    }

    /// Width of the tick labels left of a y axis, with their distance.
    pub(crate) fn left(y: &Scale, most: usize, font: f64) -> f64 {
        let widest = y.ticks(most).iter().map(|tick| text::width(&tick.label, font, false)).fold(0.0, f64::max);
        widest + 0.7 * font
    }

    /// How many ticks fit the height.
    pub(crate) fn rows(&self) -> usize {
        ticks_in(self.area.h, 2.2 * self.font)
    }

    /// Both axes: lines, ticks and labels; grid lines across.
    pub(crate) fn axes(&self, scene: &mut Scene, x_labels: bool, y_labels: bool) {
        self.grid(scene);
        let a = self.area;
        scene.line("axis", &[(a.x, a.y), (a.x, a.bottom()), (a.right(), a.bottom())], AXIS);
        self.breaks(scene);
        if x_labels {
            self.x_ticks(scene);
        }
        if y_labels {
            self.y_ticks(scene);
        }
    }

    /// The title of the y axis, above it, from the left edge `from`; of the x axis, below its right end.
    pub(crate) fn titles(&self, scene: &mut Scene, x_title: &str, y_title: &str, from: f64) {
        let a = self.area;
        scene.text("axis-title", Text::new((from, a.y - 0.6 * self.font), y_title, self.font));
        self.x_title(scene, x_title);
    }

    /// The title of the x axis, below its right end.
    pub(crate) fn x_title(&self, scene: &mut Scene, title: &str) {
        let at = (self.area.right(), self.area.bottom() + 2.65 * self.font);
        scene.text("axis-title", Text::new(at, title, self.font).anchored(Anchor::End));
    }

    fn grid(&self, scene: &mut Scene) {
        for tick in self.y.ticks(self.rows()) {
            let y = self.area.bottom() - tick.at * self.area.h;
            scene.line("grid", &[(self.area.x, y), (self.area.right(), y)], GRID_LINE);
        }
    }

    fn x_ticks(&self, scene: &mut Scene) {
        let place = |tick: &Tick| self.area.x + tick.at * self.area.w;
        let room = |tick: &Tick| text::width(&tick.label, self.font, false) + 0.5 * self.font;
        let ticks = self.x.ticks(ticks_in(self.area.w, 3.6 * self.font));
        let mut free = f64::NEG_INFINITY;
        for tick in &ticks {
            let (x, y) = (place(tick), self.area.bottom());
            scene.line("axis", &[(x, y), (x, y + 0.3 * self.font)], AXIS);
            let middle = x.min(scene.width - room(tick) / 2.0);
            if middle - room(tick) / 2.0 >= free {
                let label = Text::new((middle, y + 1.3 * self.font), &*tick.label, self.font).anchored(Anchor::Middle);
                scene.text("tick", label);
                free = middle + room(tick) / 2.0;
            }
        }
    }

    fn y_ticks(&self, scene: &mut Scene) {
        for tick in self.y.ticks(self.rows()) {
            let (x, y) = (self.area.x, self.area.bottom() - tick.at * self.area.h);
            scene.line("axis", &[(x - 0.3 * self.font, y), (x, y)], AXIS);
            let label = Text::new((x - 0.5 * self.font, y + 0.35 * self.font), tick.label, self.font);
            scene.text("tick", label.anchored(Anchor::End));
        }
    }

    /// Two short strokes across an axis where 0 ends and the decades begin.
    fn breaks(&self, scene: &mut Scene) {
        let (d, a) = (0.3 * self.font, self.area);
        let mark = Paint::stroke(INK, 0.8);
        if let Some(gap) = self.x.gap() {
            for x in [a.x + gap * a.w - 0.5 * d, a.x + gap * a.w + 0.5 * d] {
                scene.line("break", &[(x - d / 2.0, a.bottom() + d), (x + d / 2.0, a.bottom() - d)], mark);
            }
        }
        if let Some(gap) = self.y.gap() {
            for y in [a.bottom() - gap * a.h - 0.5 * d, a.bottom() - gap * a.h + 0.5 * d] {
                scene.line("break", &[(a.x - d, y + d / 2.0), (a.x + d, y - d / 2.0)], mark);
            }
        }
    }
}

fn ticks_in(length: f64, each: f64) -> usize {
    ((length / each) as usize).max(2)
}
