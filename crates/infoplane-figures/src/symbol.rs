//! Symbols: layers are told apart by shape first.

use crate::colour::{Colour, INK, PAPER, QUIET};
use crate::scene::{Paint, Point, Scene};

/// Corners of a shape around the origin, in radii; none is a circle.
const SHAPES: [&[Point]; 8] = [
    &[],
    &[(0.0, -1.15), (1.05, 0.75), (-1.05, 0.75)],
    &[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)],
    &[(0.0, 1.15), (1.05, -0.75), (-1.05, -0.75)],
    &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    &[
        (-0.4, -1.2),
        (0.4, -1.2),
        (0.4, -0.4),
        (1.2, -0.4),
        (1.2, 0.4),
        (0.4, 0.4),
        (0.4, 1.2),
        (-0.4, 1.2),
        (-0.4, 0.4),
        (-1.2, 0.4),
        (-1.2, -0.4),
        (-0.4, -0.4),
    ],
    &[(1.1, 0.0), (0.55, 0.95), (-0.55, 0.95), (-1.1, 0.0), (-0.55, -0.95), (0.55, -0.95)],
    &[(-1.15, 0.0), (0.75, 1.05), (0.75, -1.05)],
];

/// Draws the i-th shape; a hollow one marks a value that is no reading.
pub(crate) fn draw(
    scene: &mut Scene,
    part: &'static str,
    i: usize,
    at: Point,
    radius: f64,
    colour: Colour,
    hollow: bool,
) {
    let paint = match hollow {
        true => Paint::fill(PAPER).outlined(QUIET, 1.2),
        false => Paint::fill(colour).outlined(INK, 0.5),
    };
    match SHAPES[i % SHAPES.len()] {
        [] => scene.circle(part, at, radius, paint),
        corners => {
            let points = corners.iter().map(|(x, y)| (at.0 + radius * x, at.1 + radius * y)).collect();
            scene.polygon(part, points, paint);
        }
    }
}
