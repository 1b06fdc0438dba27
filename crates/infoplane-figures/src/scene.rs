//! The scene: a list of marks in CSS pixels, and its SVG.
//!
//! Marks carry their paint, so the SVG needs no styles, ids, clip paths or patterns and several figures can stand in
//! one page. `part` names what a mark is for; marks of one part in a row share a group `data-part`.

use std::fmt::Write;

use crate::colour::{Colour, INK, PAPER};
#[cfg(test)]
use crate::text;

/// A place in the scene: x to the right, y down.
pub(crate) type Point = (f64, f64);

const FONTS: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) w: f64,
    pub(crate) h: f64,
}

impl Area {
    pub(crate) fn right(&self) -> f64 {
        self.x + self.w
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.y + self.h
    }

    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    pub(crate) fn holds(&self, (x, y): Point) -> bool {
        (self.x..=self.right()).contains(&x) && (self.y..=self.bottom()).contains(&y)
    }
}

/// How a mark is painted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Paint {
    pub(crate) fill: Option<Colour>,
    pub(crate) stroke: Option<Colour>,
    pub(crate) width: f64,
    pub(crate) dash: &'static str,
    pub(crate) opacity: f64,
}

impl Paint {
    pub(crate) const fn fill(colour: Colour) -> Self {
        Self { fill: Some(colour), stroke: None, width: 0.0, dash: "", opacity: 1.0 }
    }

    pub(crate) const fn stroke(colour: Colour, width: f64) -> Self {
        Self { fill: None, stroke: Some(colour), width, dash: "", opacity: 1.0 }
    }

    pub(crate) const fn dashed(self, dash: &'static str) -> Self {
        Self { dash, ..self }
    }

    pub(crate) const fn faint(self, opacity: f64) -> Self {
        Self { opacity, ..self }
    }

    pub(crate) const fn outlined(self, colour: Colour, width: f64) -> Self {
        Self { stroke: Some(colour), width, ..self }
    }
}

/// Which point of a text its place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// One line of text; `at` lies on its baseline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    pub(crate) at: Point,
    pub(crate) content: String,
    pub(crate) size: f64,
    pub(crate) anchor: Anchor,
    pub(crate) bold: bool,
    /// Read from below to above.
    pub(crate) upright: bool,
    pub(crate) colour: Colour,
}

impl Text {
    pub(crate) fn new(at: Point, content: impl Into<String>, size: f64) -> Self {
        Self { at, content: content.into(), size, anchor: Anchor::Start, bold: false, upright: false, colour: INK }
    }

    pub(crate) fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(crate) fn coloured(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    pub(crate) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(crate) fn upright(self) -> Self {
        Self { upright: true, ..self }
    }

    /// The space the text takes, by the generous widths.
    #[cfg(test)]
    pub(crate) fn area(&self) -> Area {
        let w = text::width(&self.content, self.size, self.bold);
        let before = match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => w / 2.0,
            Anchor::End => w,
        };
        let ((x, y), above) = (self.at, 0.78 * self.size);
        match self.upright {
            false => Area { x: x - before, y: y - above, w, h: self.size },
            true => Area { x: x - above, y: y + before - w, w: self.size, h: w },
        }
    }
}

/// One mark.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mark {
    Path { points: Vec<Point>, closed: bool, paint: Paint },
    Rect { area: Area, paint: Paint },
    Circle { at: Point, radius: f64, paint: Paint },
    Text(Text),
}

/// A list of marks in a rectangle.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Scene {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) marks: Vec<(&'static str, Mark)>,
}

impl Scene {
    pub(crate) fn line(&mut self, part: &'static str, points: &[Point], paint: Paint) {
        if points.len() > 1 {
            self.marks.push((part, Mark::Path { points: points.to_vec(), closed: false, paint }));
        }
    }

    pub(crate) fn polygon(&mut self, part: &'static str, points: Vec<Point>, paint: Paint) {
        self.marks.push((part, Mark::Path { points, closed: true, paint }));
    }

    pub(crate) fn rect(&mut self, part: &'static str, area: Area, paint: Paint) {
        self.marks.push((part, Mark::Rect { area, paint }));
    }

    pub(crate) fn circle(&mut self, part: &'static str, at: Point, radius: f64, paint: Paint) {
        self.marks.push((part, Mark::Circle { at, radius, paint }));
    }

    pub(crate) fn text(&mut self, part: &'static str, text: Text) {
        self.marks.push((part, Mark::Text(text)));
    }

    /// The texts, with their parts.
    #[cfg(test)]
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&'static str, &Text)> {
        self.marks.iter().filter_map(|(part, mark)| match mark {
            Mark::Text(text) => Some((*part, text)),
            _ => None,
        })
    }

    /// The scene as SVG; `title` and `description` are for those who do not see it.
    pub(crate) fn svg(&self, title: &str, description: &str) -> String {
        let (w, h) = (px(self.width), px(self.height));
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"img\" \
             font-family=\"{FONTS}\" style=\"font-variant-numeric:tabular-nums;max-width:100%;height:auto\">\n\
             <title>{}</title>\n<desc>{}</desc>\n<rect width=\"{w}\" height=\"{h}\" fill=\"{PAPER}\"/>\n",
            escaped(title),
            escaped(description)
        );
        for group in self.marks.chunk_by(|a, b| a.0 == b.0) {
            let _ = writeln!(out, "<g data-part=\"{}\">", group[0].0);
            for (_, mark) in group {
                mark.write(&mut out);
            }
            out.push_str("</g>\n");
        }
        out.push_str("</svg>\n");
        out
    }
}

impl Mark {
    fn write(&self, out: &mut String) {
        // writing to a String cannot fail
        let _ = match self {
            Self::Path { points, closed, paint } => {
                let close = if *closed { "Z" } else { "" };
                writeln!(out, "<path d=\"{}{close}\"{}/>", path(points), painted(paint))
            }
            Self::Rect { area: a, paint } => writeln!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{}/>",
                px(a.x),
                px(a.y),
                px(a.w),
                px(a.h),
                painted(paint)
            ),
            Self::Circle { at, radius, paint } => {
                let (x, y, r) = (px(at.0), px(at.1), px(*radius));
                writeln!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"{}/>", painted(paint))
            }
            Self::Text(text) => write_text(out, text),
        };
    }
}

fn write_text(out: &mut String, text: &Text) -> std::fmt::Result {
    let anchor = match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let weight = if text.bold { " font-weight=\"600\"" } else { "" };
    let (x, y, size) = (px(text.at.0), px(text.at.1), px(text.size));
    let turn = if text.upright { format!(" transform=\"rotate(-90 {x} {y})\"") } else { String::new() };
    let (fill, content) = (text.colour, escaped(&text.content));
    writeln!(
        out,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{anchor}{weight}{turn} fill=\"{fill}\">{content}</text>"
    )
}

fn path(points: &[Point]) -> String {
    let mut d = String::new();
    for (i, (x, y)) in points.iter().enumerate() {
        let _ = write!(d, "{}{} {}", if i == 0 { "M" } else { "L" }, px(*x), px(*y));
    }
    d
}

fn painted(paint: &Paint) -> String {
    let mut out = match paint.fill {
        Some(colour) => format!(" fill=\"{colour}\""),
        None => " fill=\"none\"".to_owned(),
    };
    if let Some(colour) = paint.stroke {
        let _ = write!(out, " stroke=\"{colour}\" stroke-width=\"{}\" stroke-linejoin=\"round\"", px(paint.width));
    }
    if !paint.dash.is_empty() {
        let _ = write!(out, " stroke-dasharray=\"{}\"", paint.dash);
    }
    if paint.opacity < 1.0 {
        let _ = write!(out, " opacity=\"{}\"", px(paint.opacity));
    }
    out
}

/// Hundredths of a pixel are more than a printer shows.
fn px(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    // -0 and 0 are one place
    format!("{}", rounded + 0.0)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_text_cannot_leave_its_element() {
        let mut scene = Scene { width: 10.0, height: 10.0, ..Scene::default() };
        scene.text("x", Text::new((0.0, 9.0), "<script>&\"", 9.0));
        let svg = scene.svg("a<b", "\"");
        assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;&amp;&quot;"));
        assert!(svg.contains("<title>a&lt;b</title>"));
    }

    #[test]
    fn marks_of_one_part_share_a_group() {
        let mut scene = Scene { width: 10.0, height: 10.0, ..Scene::default() };
        scene.circle("dots", (1.0, 1.0), 1.0, Paint::fill(INK));
        scene.circle("dots", (2.0, -0.001), 1.0, Paint::fill(INK));
        scene.line("line", &[(0.0, 0.0), (1.0, 1.005)], Paint::stroke(INK, 1.0));
        let svg = scene.svg("", "");
        assert_eq!(svg.matches("data-part=\"dots\"").count(), 1);
        assert_eq!(svg.matches("<circle").count(), 2);
        assert!(svg.contains("cy=\"0\"") && svg.contains("M0 0L1 1"), "{svg}");
    }
}
