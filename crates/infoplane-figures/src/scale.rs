//! Scales: a value's place between 0 and 1, and the ticks that explain it.
//!
//! Training starts at epoch 0 and is read in decades, and TE can be exactly 0 beside values that span decades. So the
//! logarithmic scale gives 0 (and all below its range) a place of its own, before a break. What is read against a floor
//! has no use for such a place: its scale begins a little below the floor, and what is less stands at its end.

use crate::text::{power_of_ten, trimmed};

/// Share of a logarithmic scale that belongs to its zero.
const ZERO: f64 = 0.1;

/// Up to this many floors a scale that begins at 0 shows floor and values alike.
const DECADE: f64 = 10.0;
/// Smallest share of the largest value at which a logarithmic scale without a floor begins.
const WITHOUT_FLOOR: f64 = 1e-3;

/// One tick: place between 0 and 1, and label.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    pub(crate) at: f64,
    pub(crate) label: String,
}

/// Value to place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    lo: f64,
    hi: f64,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Linear,
    /// Places of lo and hi are `zero` and 1.
    Log {
        zero: f64,
    },
}

impl Scale {
    /// From 0 to a little above the largest value; from below the smallest where values are negative.
    pub(crate) fn from_zero(values: impl Iterator<Item = f64>) -> Self {
        let (lo, hi) = span(values).unwrap_or((0.0, 1.0));
        let hi = if hi > lo.min(0.0) { hi } else { 1.0 };
        let margin = 0.06 * (hi - lo.min(0.0));
        Self::linear(if lo < 0.0 { lo - margin } else { 0.0 }, hi + margin)
    }

    /// Exactly from `lo` to `hi`.
    pub(crate) fn linear(lo: f64, hi: f64) -> Self {
        Self { lo, hi, form: Form::Linear }
    }

    /// With this share of its length added above, for labels.
    pub(crate) fn headroom(self, share: f64) -> Self {
        Self { hi: self.hi + share * (self.hi - self.lo), ..self }
    }

    /// Around the values, without 0.
    pub(crate) fn around(values: impl Iterator<Item = f64>) -> Self {
        let (lo, hi) = span(values).unwrap_or((0.0, 1.0));
        let margin = if hi > lo { 0.06 * (hi - lo) } else { 0.05 * hi.abs().max(1e-9) };
        Self::linear(lo - margin, hi + margin)
    }

    /// Epochs: decades, 0 before a break.
    pub(crate) fn epochs(values: impl Iterator<Item = f64> + Clone) -> Self {
        let last = span(values.clone()).map_or(1.0, |(_, hi)| hi);
        let (first, _) = span(values.clone().filter(|v| *v > 0.0)).unwrap_or((last.max(1.0), 0.0));
        let zero = if values.into_iter().any(|v| v <= 0.0) { ZERO } else { 0.0 };
        let last = if last > first { last } else { first * 10.0 };
        Self { lo: first, hi: last, form: Form::Log { zero } }
    }

    /// Sizes: logarithmic where they span more than 20-fold, else linear from 0.
    pub(crate) fn sizes(values: impl Iterator<Item = f64> + Clone) -> Self {
        match span(values.clone().filter(|v| *v > 0.0)) {
            Some((lo, hi)) if hi > 20.0 * lo => {
                let zero = if values.into_iter().any(|v| v <= 0.0) { ZERO } else { 0.0 };
                Self { lo: lo / 1.25, hi: hi * 1.25, form: Form::Log { zero } }
            }
            _ => Self::from_zero(values),
        }
    }

    /// Values read against a floor: from 0 where all stay within a decade of it; else logarithmic, from the smallest
    /// value on but not from below `share` of the floor. Without a floor, logarithmic where values span more than 20-fold.
    pub(crate) fn beside_floor(values: impl Iterator<Item = f64> + Clone, floor: Option<f64>, share: f64) -> Self {
        let positive = |v: &f64| *v > 0.0;
        let Some((least, hi)) = span(values.clone().filter(positive)) else { return Self::from_zero(values) };
        let (wide, edge) = match floor.filter(positive) {
            Some(floor) => (hi > DECADE * floor, share * floor),
            None => (hi > 20.0 * least, WITHOUT_FLOOR * hi),
        };
        if !wide {
            return Self::from_zero(values);
        }
        let least = if values.clone().any(|v| v <= 0.0) { edge } else { least };
        Self { lo: (least / 1.25).max(edge), hi: hi * 1.25, form: Form::Log { zero: 0.0 } }
    }

    /// Where the scale begins, if one of the values is less.
    pub(crate) fn cut(&self, mut values: impl Iterator<Item = f64>) -> Option<f64> {
        values.any(|v| v < self.lo).then_some(self.lo)
    }

    /// The place of a value, kept between 0 and 1.
    pub(crate) fn place(&self, value: f64) -> f64 {
        let at = match self.form {
            Form::Linear => (value - self.lo) / (self.hi - self.lo),
            Form::Log { zero } if value >= self.lo * (1.0 - 1e-12) => {
                zero + (1.0 - zero) * (value / self.lo).ln() / (self.hi / self.lo).ln()
            }
            Form::Log { .. } => 0.0,
        };
        at.clamp(0.0, 1.0)
    }

    /// Whether equal lengths are equal ratios.
    pub(crate) fn is_log(&self) -> bool {
        self.form != Form::Linear
    }

    /// The place of the break after 0, if the scale has one.
    pub(crate) fn gap(&self) -> Option<f64> {
        match self.form {
            Form::Log { zero } if zero > 0.0 => Some(zero / 2.0),
            _ => None,
        }
    }

    /// At most about `most` ticks.
    pub(crate) fn ticks(&self, most: usize) -> Vec<Tick> {
        let values = match self.form {
            Form::Linear => self.round_values(most),
            Form::Log { .. } => self.decades(most),
        };
        // whole decades are written alike on both axes of a plane; 0.002 reads better than 2·10⁻³
        let decades = values.windows(2).all(|w| w[1] > 9.0 * w[0]);
        let least = if decades { 9e-3 } else { 9e-4 };
        let powers = values.iter().any(|v| *v > 0.0 && *v < least || *v >= 1e5);
        let step = values.windows(2).map(|w| w[1] - w[0]).fold(f64::INFINITY, f64::min);
        let zero = self.gap().map(|_| Tick { at: 0.0, label: "0".to_owned() });
        let log = self.is_log();
        let text = |v: f64| if log && powers { power(v) } else { label(v, if log { v } else { step }, log) };
        let tick = |v: &f64| Tick { at: self.place(*v), label: text(*v) };
        zero.into_iter().chain(values.iter().map(tick)).collect()
    }

    fn round_values(&self, most: usize) -> Vec<f64> {
        let step = round_step((self.hi - self.lo) / most.max(1) as f64);
        let first = (self.lo / step - 1e-9).ceil() as i64;
        let last = (self.hi / step + 1e-9).floor() as i64;
        (first..=last).map(|i| i as f64 * step).collect()
    }

    /// Powers of ten; 1, 2, 5 of each where fewer than two of them lie in range; every second where there are too many.
    fn decades(&self, most: usize) -> Vec<f64> {
        let within = |v: &f64| *v >= self.lo * (1.0 - 1e-9) && *v <= self.hi * (1.0 + 1e-9);
        let exponents = self.lo.log10().floor() as i32..=self.hi.log10().ceil() as i32;
        let tens: Vec<f64> = exponents.clone().map(|e| 10_f64.powi(e)).filter(within).collect();
        if tens.len() < 2 {
            let fine = exponents.flat_map(|e| [1.0, 2.0, 5.0].map(|m| m * 10_f64.powi(e))).filter(within);
            return fine.collect();
        }
        let every = tens.len().div_ceil(most.max(2));
        tens.into_iter().step_by(every).collect()
    }
}

/// Smallest and largest finite value.
fn span(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|v| v.is_finite()).fold(None, |span, v| match span {
        None => Some((v, v)),
        Some((lo, hi)) => Some((lo.min(v), hi.max(v))),
    })
}

/// The next of 1, 2, 5 × a power of ten.
fn round_step(raw: f64) -> f64 {
    let ten = 10_f64.powf(raw.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * ten).find(|step| *step >= raw * (1.0 - 1e-9)).unwrap_or(10.0 * ten)
}

fn label(value: f64, step: f64, thousands: bool) -> String {
    let size = value.abs();
    if size < 1e-9 * step {
        return "0".to_owned();
    }
    if size >= 1000.0 && (thousands || step >= 100.0) {
        return format!("{}k", trimmed(&format!("{:.1}", value / 1000.0)));
    }
    let finest = step.min(size);
    let digits = (-finest.log10().floor()).clamp(0.0, 8.0) as usize;
    format!("{value:.digits$}")
}

/// `10⁻³`, `2·10⁻³`.
fn power(value: f64) -> String {
    let exponent = (value.log10() + 1e-9).floor() as i32;
    match (value / 10_f64.powi(exponent)).round() {
        1.0 => power_of_ten(exponent),
        factor => format!("{factor}·{}", power_of_ten(exponent)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THIRD: f64 = 1.0 / 3.0;

    fn labels(scale: &Scale, most: usize) -> Vec<String> {
        scale.ticks(most).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn epoch_zero_has_its_own_place_before_the_break() {
        let scale = Scale::epochs([0.0, 1.0, 30.0, 10_000.0].into_iter());
        assert_eq!(labels(&scale, 6), ["0", "1", "10", "100", "1k", "10k"]);
        assert_eq!((scale.place(0.0), scale.place(10_000.0)), (0.0, 1.0));
        assert!(scale.gap().unwrap() < scale.place(1.0));
        let places: Vec<f64> = [1.0, 10.0, 100.0].map(|v| scale.place(v)).to_vec();
        assert!((places[2] - places[1] - (places[1] - places[0])).abs() < 1e-12, "decades are equally long");
    }

    #[test]
    fn a_scale_without_zero_has_no_break() {
        let scale = Scale::epochs([0.25, 0.5, 3.0].into_iter());
        assert_eq!((scale.gap(), scale.place(0.25)), (None, 0.0));
        assert_eq!(labels(&scale, 5), ["0.5", "1", "2"]);
    }

    #[test]
    fn sizes_are_logarithmic_only_when_they_span_much() {
        let wide = Scale::sizes([3e-5, 0.2].into_iter());
        assert_eq!(labels(&wide, 6), ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹"]);
        let narrow = Scale::sizes([0.1, 0.8].into_iter());
        assert_eq!(labels(&narrow, 4), ["0", "0.5"]);
        let zero = Scale::sizes([0.0, 3e-5, 0.2].into_iter());
        assert_eq!(labels(&zero, 6)[0], "0");
    }

    #[test]
    fn what_stays_within_a_decade_of_its_floor_is_linear() {
        let near = Scale::beside_floor([0.0, 1e-3, 9e-3].into_iter(), Some(1e-3), THIRD);
        assert!(!near.is_log() && near.place(0.0) == 0.0 && near.gap().is_none());
        // corrected values fall below 0
        let corrected = Scale::beside_floor([-1e-3, 2e-3].into_iter(), Some(1e-3), THIRD);
        assert!(!corrected.is_log() && corrected.place(-1e-3) > 0.0);
    }

    #[test]
    fn beyond_a_decade_the_scale_begins_at_a_third_of_the_floor() {
        let values = [0.0, 1e-9, 3e-3, 0.05];
        let scale = Scale::beside_floor(values.into_iter(), Some(3e-3), THIRD);
        assert!(scale.is_log() && scale.gap().is_none());
        assert_eq!((scale.place(0.0), scale.place(1e-9), scale.place(1e-3)), (0.0, 0.0, 0.0));
        assert!(scale.place(1.1e-3) > 0.0);
        assert!((scale.cut(values.into_iter()).unwrap() - 1e-3).abs() < 1e-15);
        // where nothing is that small there is nothing to leave room for
        let high = Scale::beside_floor([3e-3, 0.05].into_iter(), Some(3e-3), THIRD);
        assert!((high.place(2.4e-3), high.cut([3e-3].into_iter())) == (0.0, None));
        assert_eq!(labels(&high, 4), ["0.005", "0.01", "0.02", "0.05"]);
    }

    #[test]
    fn without_a_floor_three_decades_are_enough() {
        let scale = Scale::beside_floor([0.0, 1e-12, 0.5].into_iter(), None, THIRD);
        assert_eq!((scale.place(5e-4), labels(&scale, 4)[0].as_str()), (0.0, "10⁻³"));
        for floor in [None, Some(0.0), Some(1e-3)] {
            let none = Scale::beside_floor([].into_iter(), floor, THIRD);
            assert!(none.place(0.0).is_finite() && !none.ticks(5).is_empty());
        }
    }

    #[test]
    fn linear_ticks_are_round_and_inside() {
        let scale = Scale::from_zero([12.0].into_iter());
        assert_eq!(labels(&scale, 6), ["0", "5", "10"]);
        assert_eq!(labels(&Scale::linear(0.0, 1.0), 5), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert!(scale.ticks(6).iter().all(|tick| (0.0..=1.0).contains(&tick.at)));
    }

    #[test]
    fn degenerate_values_still_give_a_scale() {
        for scale in
            [Scale::from_zero([].into_iter()), Scale::around([0.0].into_iter()), Scale::epochs([0.0].into_iter())]
        {
            assert!(scale.place(0.0).is_finite() && !scale.ticks(5).is_empty(), "{scale:?}");
        }
    }
}
