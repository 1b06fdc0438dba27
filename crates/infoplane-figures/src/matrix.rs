//! Matrices: cells coloured from white at zero, hatched where not significant, blank where there is no reading.

use crate::colour::{GRID, INK, QUIET, ink_on, strength};
use crate::scale::Scale;
use crate::scene::{Anchor, Area, Paint, Text};
use crate::sheet::{Sample, Sheet, hatch};
use crate::text;

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell {
    /// Not measured: no border.
    Absent,
    /// Measured without a reading: a border around nothing.
    Blank,
    /// A value; `q` where it was tested.
    Value { value: f64, q: Option<f64> },
}

impl Cell {
    fn is_significant(&self) -> bool {
        matches!(self, Self::Value { q: Some(q), .. } if *q < 0.05)
    }
}

/// A matrix, its sources down and its targets across.
#[derive(Debug, Clone)]
pub(crate) struct Matrix {
    pub(crate) sources: Vec<String>,
    pub(crate) targets: Vec<String>,
    /// Row-major.
    pub(crate) cells: Vec<Cell>,
}

/// Smallest cells that strokes fit into, in font sizes; in smaller ones what is significant is outlined instead.
const HATCHED: f64 = 1.2;
/// Smallest cells that hold a number with stars below, in font sizes.
const NUMBERED: f64 = 2.4;
/// Longest names beside the matrix, in font sizes.
const NAME: f64 = 9.0;

/// What the marks say.
pub(crate) const STARS: &str = "* q < .05, ** < .01, *** < .001";

/// The mark of an adjusted p.
pub(crate) fn mark(q: Option<f64>) -> &'static str {
    match q {
        None => "untested",
        Some(q) if q < 0.001 => "***",
        Some(q) if q < 0.01 => "**",
        Some(q) if q < 0.05 => "*",
        Some(_) => "n.s.",
    }
}

/// Whether a value was tested and is not significant.
pub(crate) fn not_significant(q: Option<f64>) -> bool {
    q.is_some_and(|q| q >= 0.05)
}

impl Matrix {
    /// The largest value.
    pub(crate) fn largest(&self) -> f64 {
        let value = |cell: &Cell| if let Cell::Value { value, .. } = cell { *value } else { 0.0 };
        self.cells.iter().map(value).fold(0.0, f64::max)
    }

    /// The mark of significance in cells of the size they have on this sheet, for its key.
    pub(crate) fn significance(&self, sheet: &Sheet) -> (Sample, String) {
        match self.elided(sheet.font).place(sheet).1 >= HATCHED * sheet.font {
            true => (Sample::Hatched, "not significant (q ≥ .05)".to_owned()),
            false => (Sample::Outlined, "significant (q < .05)".to_owned()),
        }
    }

    /// Whether cells of the size they have on this sheet hold stars.
    pub(crate) fn has_stars(&self, sheet: &Sheet) -> bool {
        self.elided(sheet.font).place(sheet).1 >= NUMBERED * sheet.font && self.cells.iter().any(Cell::is_significant)
    }

    /// The same with names that leave room for the cells.
    fn elided(&self, f: f64) -> Self {
        let short = |names: &[String]| names.iter().map(|name| text::elided(name, f, false, NAME * f)).collect();
        Self { sources: short(&self.sources), targets: short(&self.targets), cells: self.cells.clone() }
    }

    /// Draws the matrix with its labels and the scale of its colours, which reaches to `least` or beyond; `what` names
    /// the value and its unit.
    pub(crate) fn draw(&self, sheet: &mut Sheet, axes: (&str, &str), what: &str, least: f64) {
        let f = sheet.font;
        let named = self.elided(f);
        let (area, side) = named.place(sheet);
        let at = (sheet.margin(), sheet.top + f);
        sheet.scene.text("axis-title", Text::new(at, format!("↓ {}", axes.0), f));
        let at = (area.right().max(at.0 + 16.0 * f), at.1);
        sheet.scene.text("axis-title", Text::new(at, format!("{} →", axes.1), f).anchored(Anchor::End));
        named.labels(sheet, area, side);
        let (top, largest) = (self.largest().max(least), self.largest());
        let exponent = if largest > 0.0 { largest.log10().floor() as i32 } else { 0 };
        for (i, cell) in self.cells.iter().enumerate() {
            let (row, column) = (i / self.targets.len(), i % self.targets.len());
            let place = Area { x: area.x + column as f64 * side, y: area.y + row as f64 * side, w: side, h: side };
            draw_cell(sheet, *cell, place, top, exponent);
        }
        self.outlines(sheet, area, side);
        sheet.top = area.bottom() + 0.9 * f;
        bar(sheet, top, exponent, what);
    }

    /// Frames of significant cells that are too small to hatch the others; drawn last, over their neighbours.
    fn outlines(&self, sheet: &mut Sheet, area: Area, side: f64) {
        if side >= HATCHED * sheet.font {
            return;
        }
        for (i, _) in self.cells.iter().enumerate().filter(|(_, cell)| cell.is_significant()) {
            let (row, column) = (i / self.targets.len(), i % self.targets.len());
            let place = Area { x: area.x + column as f64 * side, y: area.y + row as f64 * side, w: side, h: side };
            sheet.scene.rect("outline", place, Paint::stroke(INK, 0.9));
        }
    }

    fn place(&self, sheet: &Sheet) -> (Area, f64) {
        let f = sheet.font;
        let widest = |names: &[String]| names.iter().map(|name| text::width(name, f, false)).fold(0.0, f64::max);
        let left = widest(&self.sources) + 0.6 * f;
        let side = (sheet.inner() - left) / self.targets.len() as f64;
        let side = side.min(4.2 * f).min(30.0 * f / self.sources.len() as f64);
        let head = if self.turned(side, f) { widest(&self.targets) + 0.6 * f } else { 1.4 * f };
        let (w, h) = (side * self.targets.len() as f64, side * self.sources.len() as f64);
        (Area { x: sheet.margin() + left, y: sheet.top + 1.4 * f + head, w, h }, side)
    }

    /// Whether the targets' names are too long to stand side by side.
    fn turned(&self, side: f64, f: f64) -> bool {
        self.targets.iter().any(|name| text::width(name, f, false) > side - 0.2 * f) && side >= f
    }

    /// Names of rows and columns; where cells are small, of every so many.
    fn labels(&self, sheet: &mut Sheet, area: Area, side: f64) {
        let f = sheet.font;
        let turned = self.turned(side, f);
        let widest = self.targets.iter().map(|name| text::width(name, f, false)).fold(0.0, f64::max);
        let room = if turned { 1.1 * f } else { widest + 0.4 * f };
        let every = |room: f64| (room / side).ceil().max(1.0) as usize;
        for (i, name) in self.sources.iter().enumerate().step_by(every(1.1 * f)) {
            let at = (area.x - 0.5 * f, area.y + (i as f64 + 0.5) * side + 0.35 * f);
            sheet.scene.text("row-label", Text::new(at, name.as_str(), f).anchored(Anchor::End));
        }
        for (i, name) in self.targets.iter().enumerate().step_by(every(room)) {
            let x = area.x + (i as f64 + 0.5) * side;
            let label = match turned {
                true => Text::new((x + 0.35 * f, area.y - 0.4 * f), name.as_str(), f).upright(),
                false => Text::new((x, area.y - 0.5 * f), name.as_str(), f).anchored(Anchor::Middle),
            };
            sheet.scene.text("column-label", label);
        }
    }
}

/// The scale of the colours, with the factor that the cells' numbers leave out.
fn bar(sheet: &mut Sheet, largest: f64, exponent: i32, what: &str) {
    let f = sheet.font;
    let factor =
        if exponent == 0 { String::new() } else { format!("; numbers\u{a0}in\u{a0}{}", text::power_of_ten(exponent)) };
    sheet.note(&format!("{what}{factor}"));
    let bar = Area {
        x: sheet.margin() + 0.5 * f,
        y: sheet.top + 0.3 * f,
        w: (sheet.inner() - 2.0 * f).min(24.0 * f),
        h: 0.8 * f,
    };
    let step = bar.w / 48.0;
    for i in 0..48 {
        let area = Area { x: bar.x + f64::from(i) * step, w: step + if i < 47 { 0.4 } else { 0.0 }, ..bar };
        sheet.scene.rect("strength-bar", area, Paint::fill(strength((f64::from(i) + 0.5) / 48.0)));
    }
    sheet.scene.rect("strength-bar", bar, Paint::stroke(QUIET, 0.6));
    let scale = Scale::linear(0.0, (largest / 10_f64.powi(exponent)).max(1e-9));
    for tick in scale.ticks((bar.w / (4.0 * f)) as usize) {
        let at = (bar.x + tick.at * bar.w, bar.bottom() + 1.15 * f);
        sheet.scene.text("tick", Text::new(at, tick.label, f).anchored(Anchor::Middle));
    }
    sheet.top = bar.bottom() + 1.8 * f;
}

fn draw_cell(sheet: &mut Sheet, cell: Cell, area: Area, largest: f64, exponent: i32) {
    let f = sheet.font;
    let (value, q) = match cell {
        Cell::Absent => return,
        Cell::Blank => return sheet.scene.rect("cell-blank", area, Paint::stroke(GRID, 0.8)),
        Cell::Value { value, q } => (value, q),
    };
    let ground = strength(if largest > 0.0 { value / largest } else { 0.0 });
    let small = area.w < HATCHED * f;
    sheet.scene.rect("cell", area, Paint::fill(ground).outlined(GRID, if small { 0.3 } else { 0.8 }));
    let number = format!("{:.1}", value / 10_f64.powi(exponent));
    let fits = text::width(&number, f, false) + 0.3 * f <= area.w && area.h >= NUMBERED * f;
    if not_significant(q) && !small {
        let gap = (area.w / 4.0).clamp(2.5, 5.0);
        hatch(&mut sheet.scene, "hatch", area, gap, Paint::stroke(ink_on(ground), 0.7).faint(0.7));
    }
    if fits {
        numbers(sheet, area, ground, &number, q);
    }
}

/// The value, and its stars below.
fn numbers(sheet: &mut Sheet, area: Area, ground: crate::colour::Colour, number: &str, q: Option<f64>) {
    let (f, middle) = (sheet.font, area.x + area.w / 2.0);
    let stars = mark(q).trim_matches(|c| c != '*');
    let base = area.y + area.h / 2.0 + if stars.is_empty() { 0.35 * f } else { 0.05 * f };
    if not_significant(q) {
        let w = text::width(number, f, false);
        let under = Area { x: middle - w / 2.0, y: base - 0.85 * f, w, h: 1.05 * f };
        sheet.scene.rect("cell-ground", under, Paint::fill(ground).faint(0.85));
    }
    let text = |at, content: &str| Text::new(at, content, f).anchored(Anchor::Middle).coloured(ink_on(ground));
    sheet.scene.text("cell-value", text((middle, base), number));
    if !stars.is_empty() {
        sheet.scene.text("cell-stars", text((middle, base + 1.05 * f), stars));
    }
}
