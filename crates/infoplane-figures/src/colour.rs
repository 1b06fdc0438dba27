//! Colours that survive colour-vision deficiency, grey printing and white paper.

use std::fmt;

/// An sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) [u8; 3]);

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

/// Text and axes.
pub(crate) const INK: Colour = Colour([0x22, 0x22, 0x22]);
/// Second text: 5.9:1 on white.
pub(crate) const QUIET: Colour = Colour([0x5f, 0x5f, 0x5f]);
/// Lines that must not be read as data.
pub(crate) const GRID: Colour = Colour([0xdd, 0xdd, 0xdd]);
/// Single runs beside their mean.
pub(crate) const LIGHT: Colour = Colour([0xb4, 0xb4, 0xb4]);
/// The paper.
pub(crate) const PAPER: Colour = Colour([0xff, 0xff, 0xff]);

/// Okabe–Ito, a grey in place of its yellow, which white paper swallows.
const OKABE_ITO: [Colour; 8] = [
    Colour([0x00, 0x72, 0xb2]),
    Colour([0xd5, 0x5e, 0x00]),
    Colour([0x00, 0x9e, 0x73]),
    Colour([0xcc, 0x79, 0xa7]),
    Colour([0xe6, 0x9f, 0x00]),
    Colour([0x56, 0xb4, 0xe9]),
    Colour([0x00, 0x00, 0x00]),
    Colour([0x80, 0x80, 0x80]),
];

/// cividis (Nuñez, Anderton & Renslow 2018, doi:10.1371/journal.pone.0199239) at tenths.
const CIVIDIS: [Colour; 11] = [
    Colour([0x00, 0x22, 0x4e]),
    Colour([0x08, 0x33, 0x70]),
    Colour([0x35, 0x45, 0x6c]),
    Colour([0x4f, 0x57, 0x6c]),
    Colour([0x66, 0x69, 0x70]),
    Colour([0x7d, 0x7c, 0x78]),
    Colour([0x94, 0x8e, 0x77]),
    Colour([0xae, 0xa3, 0x71]),
    Colour([0xc8, 0xb8, 0x66]),
    Colour([0xe5, 0xcf, 0x52]),
    Colour([0xfe, 0xe8, 0x38]),
];

/// One hue, white at zero.
const BLUES: [Colour; 6] = [
    PAPER,
    Colour([0xd6, 0xe5, 0xf4]),
    Colour([0x9c, 0xc6, 0xe3]),
    Colour([0x4f, 0x9b, 0xcb]),
    Colour([0x1b, 0x64, 0xa8]),
    Colour([0x08, 0x30, 0x6b]),
];

/// The colour of the i-th of a few things.
pub(crate) fn category(i: usize) -> Colour {
    OKABE_ITO[i % OKABE_ITO.len()]
}

/// Training time, 0 to 1.
pub(crate) fn cividis(t: f64) -> Colour {
    between(&CIVIDIS, t)
}

/// Strength, 0 (white) to 1.
pub(crate) fn strength(t: f64) -> Colour {
    between(&BLUES, t)
}

/// The ink that reads on `ground`.
pub(crate) fn ink_on(ground: Colour) -> Colour {
    let [r, g, b] = ground.0.map(f64::from);
    if 0.299 * r + 0.587 * g + 0.114 * b > 140.0 { INK } else { PAPER }
}

fn between(anchors: &[Colour], t: f64) -> Colour {
    let place = t.clamp(0.0, 1.0) * (anchors.len() - 1) as f64;
    let first = (place as usize).min(anchors.len() - 2);
    let share = place - first as f64;
    let mix = |c: usize| {
        let (a, b) = (f64::from(anchors[first].0[c]), f64::from(anchors[first + 1].0[c]));
        (a + share * (b - a)).round() as u8
    };
    Colour([mix(0), mix(1), mix(2)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lightness(colour: Colour) -> f64 {
        let [r, g, b] = colour.0.map(f64::from);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    #[test]
    fn the_scales_are_ordered_in_lightness() {
        let steps = (0..=20).map(|i| i as f64 / 20.0).collect::<Vec<_>>();
        assert!(steps.windows(2).all(|w| lightness(cividis(w[0])) < lightness(cividis(w[1]))));
        assert!(steps.windows(2).all(|w| lightness(strength(w[0])) > lightness(strength(w[1]))));
        assert_eq!(strength(0.0), PAPER);
    }
}
