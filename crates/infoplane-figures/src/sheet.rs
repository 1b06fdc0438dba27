//! A sheet: one figure's scene while it is laid out, from top to bottom.

use crate::colour::{Colour, INK, QUIET, cividis};
use crate::data::WIDTHS;
use crate::scale::Scale;
use crate::scene::{Anchor, Area, Paint, Scene, Text};
use crate::{Drawing, FigureError, Options, Result, symbol, text};

/// Width of a figure unless chosen: shrunk to one journal column its type is still above 7 pt.
const WIDTH: f64 = 400.0;
/// Steps of colour along the bar of epochs.
const STEPS: usize = 48;

/// One figure's scene while it is laid out.
pub(crate) struct Sheet {
    pub(crate) scene: Scene,
    pub(crate) font: f64,
    /// The first free y.
    pub(crate) top: f64,
    title: String,
}

/// How one entry of a key is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sample {
    Line(Paint),
    Band(Paint),
    Shape(usize, Colour, bool),
    Hatched,
    Outlined,
    Blank,
}

impl Sheet {
    /// A sheet with title and subtitle.
    pub(crate) fn new(title: &str, subtitle: &str, options: &Options) -> Result<Self> {
        let width = options.width.unwrap_or(WIDTH);
        if !WIDTHS.contains(&width) {
            return Err(FigureError::Width { got: width.round() as i64 });
        }
        let font = (0.03 * width).clamp(10.0, 13.0);
        let title = options.title.clone().unwrap_or_else(|| title.to_owned());
        let scene = Scene { width, ..Scene::default() };
        let mut sheet = Self { scene, font, top: 0.7 * font, title };
        sheet.heading();
        // lines break between the facts, not inside one
        let facts: Vec<String> = subtitle.split(" · ").map(|fact| fact.replace(' ', "\u{a0}")).collect();
        sheet.note(&facts.join("\u{a0}· "));
        sheet.top += 0.3 * font;
        Ok(sheet)
    }

    /// Space left and right of everything.
    pub(crate) fn margin(&self) -> f64 {
        0.8 * self.font
    }

    /// Width between the margins.
    pub(crate) fn inner(&self) -> f64 {
        self.scene.width - 2.0 * self.margin()
    }

    /// How many panels of at least `least` font sizes stand side by side, at most `most`.
    pub(crate) fn columns(&self, least: f64, most: usize) -> usize {
        ((self.inner() / (least * self.font)) as usize).clamp(1, most)
    }

    fn heading(&mut self) {
        let size = 1.12 * self.font;
        for line in text::wrap(&self.title, 1.12 * size, self.inner()) {
            let at = (self.margin(), self.top + size);
            self.scene.text("title", Text::new(at, line, size).bold());
            self.top += 1.3 * size;
        }
    }

    /// Quiet text, wrapped.
    pub(crate) fn note(&mut self, note: &str) {
        for line in text::wrap(note, self.font, self.inner()) {
            let at = (self.margin(), self.top + self.font);
            self.scene.text("note", Text::new(at, line, self.font).coloured(QUIET));
            self.top += 1.35 * self.font;
        }
    }

    /// The key: samples with their names, in lines.
    pub(crate) fn key(&mut self, entries: &[(Sample, String)]) {
        let (f, mut x) = (self.font, self.margin());
        for (sample, name) in entries {
            let name = text::elided(name, f, false, self.inner() - 3.0 * f);
            let length = 2.4 * f + text::width(&name, f, false);
            if x > self.margin() && x + length > self.margin() + self.inner() {
                (x, self.top) = (self.margin(), self.top + 1.5 * f);
            }
            self.sample(*sample, Area { x, y: self.top + 0.1 * f, w: 1.8 * f, h: f });
            self.scene.text("key", Text::new((x + 2.3 * f, self.top + 0.95 * f), name, f));
            x += length + 1.1 * f;
        }
        self.top += if entries.is_empty() { 0.0 } else { 1.6 * f };
    }

    fn sample(&mut self, sample: Sample, area: Area) {
        let middle = area.y + area.h / 2.0;
        match sample {
            Sample::Line(paint) => self.scene.line("key", &[(area.x, middle), (area.right(), middle)], paint),
            Sample::Band(paint) => self.scene.rect("key", area, paint),
            Sample::Shape(i, colour, hollow) => {
                symbol::draw(&mut self.scene, "key", i, (middle_of(area), middle), 0.36 * self.font, colour, hollow);
            }
            Sample::Hatched => {
                self.scene.rect("key", area, Paint::fill(crate::colour::strength(0.35)).outlined(QUIET, 0.6));
                hatch(&mut self.scene, "key", area, 4.0, Paint::stroke(QUIET, 0.8));
            }
            Sample::Outlined => {
                let cell = Area { x: middle_of(area) - 0.4 * area.h, w: 0.8 * area.h, ..area };
                self.scene.rect("key", cell, Paint::fill(crate::colour::strength(0.35)).outlined(INK, 0.9));
            }
            Sample::Blank => self.scene.rect("key", area, Paint::fill(crate::colour::PAPER).outlined(QUIET, 0.6)),
        }
    }

    /// The colours of training time, with the ticks of its scale.
    pub(crate) fn epoch_bar(&mut self, scale: &Scale) {
        let (f, name) = (self.font, "epoch");
        let lead = text::width(name, f, false) + f;
        self.scene.text("key", Text::new((self.margin(), self.top + 0.85 * f), name, f));
        let bar =
            Area { x: self.margin() + lead, y: self.top, w: (self.inner() - lead - 1.5 * f).min(24.0 * f), h: 0.8 * f };
        let step = bar.w / STEPS as f64;
        for i in 0..STEPS {
            // a hair wider than its step, so that no paper shows between
            let area = Area { x: bar.x + i as f64 * step, w: step + if i + 1 < STEPS { 0.4 } else { 0.0 }, ..bar };
            self.scene.rect("epoch-bar", area, Paint::fill(cividis((i as f64 + 0.5) / STEPS as f64)));
        }
        for tick in scale.ticks((bar.w / (3.6 * f)) as usize) {
            let x = bar.x + tick.at * bar.w;
            self.scene.line("axis", &[(x, bar.bottom()), (x, bar.bottom() + 0.25 * f)], Paint::stroke(QUIET, 0.8));
            let at = (x, bar.bottom() + 1.2 * f);
            self.scene.text("tick", Text::new(at, tick.label, f).anchored(Anchor::Middle));
        }
        self.top += 2.6 * f;
    }

    /// The finished drawing.
    pub(crate) fn finish(mut self, summary: String, table: Vec<Vec<String>>) -> Drawing {
        self.scene.height = (self.top + 0.5 * self.font).ceil();
        Drawing { title: self.title, summary, scene: self.scene, table }
    }
}

fn middle_of(area: Area) -> f64 {
    area.x + area.w / 2.0
}

/// Strokes from lower left to upper right, `gap` apart, cut at the area's edges.
pub(crate) fn hatch(scene: &mut Scene, part: &'static str, area: Area, gap: f64, paint: Paint) {
    let mut offset = gap.min(area.w.min(area.h) / 2.0);
    while offset < area.w + area.h {
        // the stroke x + y = offset, in the area's own coordinates
        let from = (area.x + (offset - area.h).max(0.0), area.y + offset.min(area.h));
        let to = (area.x + offset.min(area.w), area.y + (offset - area.w).max(0.0));
        scene.line(part, &[from, to], paint);
        offset += gap;
    }
}
