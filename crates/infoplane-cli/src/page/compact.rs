//! The same picture in fewer bytes: a page holds many figures and should stay below a megabyte.
//!
//! Coordinates keep a tenth of a pixel and are written as steps, points on a straight line between their neighbours go,
//! neighbouring strokes of one style share a path, and what most marks say of themselves is said once. A drawing taken
//! with `infoplane plot` is untouched.

/// Distance in pixels below which a point counts as lying on the line between its neighbours.
const OFF_LINE: f64 = 0.06;

/// Said once in the page's style.
const REPEATED: [&str; 3] = [
    " xmlns=\"http://www.w3.org/2000/svg\"",
    " stroke-linejoin=\"round\"",
    " font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif\"",
];

/// Colours with a shorter name.
const COLOURS: [(&str, &str); 3] = [("#ffffff", "#fff"), ("#222222", "#222"), ("#dddddd", "#ddd")];

/// The drawing, shorter.
pub(crate) fn compact(svg: &str) -> String {
    let mut marks: Vec<Mark> = Vec::new();
    for line in svg.lines().filter(|line| !is_label(line)) {
        let mark = Mark::of(line);
        match marks.last_mut() {
            Some(last) if last.joins(&mark) => last.path.push_str(&mark.path),
            _ => marks.push(mark),
        }
    }
    let mut text: String = marks.iter().map(Mark::written).collect::<Vec<_>>().join("\n");
    for repeated in REPEATED {
        text = text.replace(repeated, "");
    }
    let text = COLOURS.iter().fold(text, |text, (long, short)| text.replace(long, short));
    // Letters are mostly of one size and colour: the drawing itself says which. Shapes name their own fill.
    let text = text.replace(" font-size=\"10\"", "").replace(" fill=\"#222\">", ">");
    text.replacen("<svg", "<svg font-size=\"10\" fill=\"#222\"", 1)
}

/// Groups only name their parts.
fn is_label(line: &str) -> bool {
    line == "</g>" || (line.starts_with("<g data-part=\"") && line.matches('"').count() == 2)
}

/// One line of a drawing: a path and its attributes, or anything else as it stands.
struct Mark {
    path: String,
    rest: String,
}

impl Mark {
    fn of(line: &str) -> Self {
        let path = line.strip_prefix("<path d=\"").and_then(|line| line.split_once('"'));
        match path.and_then(|(path, rest)| Some((simplified(path)?, rest))) {
            Some((path, rest)) => Self { path, rest: rest.to_owned() },
            None => Self { path: String::new(), rest: line.to_owned() },
        }
    }

    /// Strokes of one style can share a path; fills could cover each other.
    fn joins(&self, next: &Self) -> bool {
        !self.path.is_empty() && !next.path.is_empty() && self.rest == next.rest && self.rest.contains("fill=\"none\"")
    }

    fn written(&self) -> String {
        if self.path.is_empty() { self.rest.clone() } else { format!("<path d=\"{}\"{}", self.path, self.rest) }
    }
}

/// The path with fewer points and digits; none where it is made of more than straight lines.
fn simplified(path: &str) -> Option<String> {
    let mut text = String::new();
    for part in path.split_inclusive('Z').flat_map(|part| part.split('M').filter(|part| !part.is_empty())) {
        let (line, end) = part.strip_suffix('Z').map_or((part, ""), |line| (line, "Z"));
        let points = line.split('L').map(point).collect::<Option<Vec<_>>>()?;
        text.extend([&steps(&bends(&points)), end]);
    }
    Some(text)
}

fn point(text: &str) -> Option<(f64, f64)> {
    let (x, y) = text.trim().split_once(' ')?;
    Some((x.parse().ok()?, y.trim().parse().ok()?))
}

/// The first point, then steps in tenths of a pixel between the rounded points, so that rounding never adds up.
fn steps(points: &[(f64, f64)]) -> String {
    let rounded = |x: f64| (10.0 * x).round() as i64;
    let points: Vec<(i64, i64)> = points.iter().map(|&(x, y)| (rounded(x), rounded(y))).collect();
    let Some(&(x, y)) = points.first() else { return String::new() };
    let mut text = format!("M{}", joined(x, y));
    let moves = points.windows(2).map(|pair| (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1));
    for (at, (dx, dy)) in moves.filter(|step| *step != (0, 0)).enumerate() {
        let step = joined(dx, dy);
        let separator = if at == 0 {
            "l"
        } else if step.starts_with('-') {
            ""
        } else {
            " "
        };
        text.extend([separator, &step]);
    }
    text
}

/// Two numbers given in tenths; a minus sign separates them where there is one.
fn joined(x: i64, y: i64) -> String {
    let separator = if y < 0 { "" } else { " " };
    format!("{}{separator}{}", tenths(x), tenths(y))
}

/// `12`, `-.4`, `3.5`.
fn tenths(x: i64) -> String {
    let sign = if x < 0 { "-" } else { "" };
    match (x.unsigned_abs() / 10, x.unsigned_abs() % 10) {
        (whole, 0) => format!("{sign}{whole}"),
        (0, part) => format!("{sign}.{part}"),
        (whole, part) => format!("{sign}{whole}.{part}"),
    }
}

/// The points where the line bends, ends included: of a stretch that stays straight only its ends are kept.
fn bends(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    let mut start = 0;
    for at in 1..points.len() {
        let straight = (start + 1..at).all(|between| is_between(points[between], points[start], points[at]));
        if !straight {
            start = at - 1;
            kept.push(points[start]);
        }
    }
    let last = points.last().filter(|_| points.len() > 1);
    points.first().copied().into_iter().chain(kept).chain(last.copied()).collect()
}

/// Whether `p` lies on the way from `a` to `b`.
fn is_between(p: (f64, f64), a: (f64, f64), b: (f64, f64)) -> bool {
    let (along, off) = ((b.0 - a.0, b.1 - a.1), (p.0 - a.0, p.1 - a.1));
    let length = along.0.hypot(along.1);
    let forward = (along.0 * off.0 + along.1 * off.1) / length;
    let beside = (along.0 * off.1 - along.1 * off.0).abs() / length;
    (0.0..=length).contains(&forward) && beside <= OFF_LINE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_stretches_keep_their_ends() {
        assert_eq!(simplified("M0 1L1 1L2 1L3 5L4 9").unwrap(), "M0 1l2 0 2 8");
        assert_eq!(simplified("M0.04 1.26L9 1L0 1Z").unwrap(), "M0 1.3l9-.3-9 0Z");
        assert_eq!(simplified("M0 0L5 0L2 0").unwrap(), "M0 0l5 0-3 0");
        assert_eq!(simplified("M3 4").unwrap(), "M3 4");
        assert_eq!(simplified("M0 0C1 1 2 2 3 3"), None);
    }

    #[test]
    fn steps_lead_to_the_rounded_points() {
        let points: Vec<(f64, f64)> = (0..50).map(|at| (f64::from(at) * 0.137, (f64::from(at) * 0.7).sin())).collect();
        let text = steps(&points).replace('-', " -").replace(['M', 'l'], " ");
        let numbers: Vec<f64> = text.split_whitespace().map(|number| number.parse().unwrap()).collect();
        let end = numbers.chunks(2).fold((0.0, 0.0), |(x, y), step| (x + step[0], y + step[1]));
        let (x, y) = points[49];
        assert!((end.0 - x).abs() <= 0.05 + 1e-9 && (end.1 - y).abs() <= 0.05 + 1e-9, "{end:?} for {x} {y}");
    }

    #[test]
    fn strokes_of_one_style_share_a_path_and_fills_do_not() {
        let stroke = "<path d=\"M0 0L1 1\" fill=\"none\" stroke=\"#222222\"/>";
        let fill = "<path d=\"M0 0L1 1L2 0Z\" fill=\"#ffffff\"/>";
        let svg = format!(
            "<svg>\n<g data-part=\"a\">\n{stroke}\n</g>\n<g data-part=\"b\">\n{stroke}\n</g>\n{fill}\n{fill}\n</svg>"
        );
        let short = "<svg font-size=\"10\" fill=\"#222\">\n<path d=\"M0 0l1 1M0 0l1 1\" fill=\"none\" stroke=\"#222\"/>\n\
                     <path d=\"M0 0l1 1 1-1Z\" fill=\"#fff\"/>\n<path d=\"M0 0l1 1 1-1Z\" fill=\"#fff\"/>\n</svg>";
        assert_eq!(compact(&svg), short);
    }
}
