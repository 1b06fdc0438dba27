//! One bit a unit.

use infoplane_spec::{Arguments, SpecError};

use super::medians::push_above_medians;
use super::{SymbolTransform, check, check_shape, of_units};
use crate::Result;
use crate::pairs::Symbols;

/// Where the bit turns to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Binary {
    /// a ≥ g.
    AtLeast(f64),
    /// a ≥ g / classes.
    PerClasses(f64),
    /// |a| ≥ g.
    Magnitude(f64),
    /// a strictly above the unit's median.
    Median,
    /// a strictly above the unit's mean.
    Mean,
}

impl Binary {
    pub(super) fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let number = |key| arguments.check(key, "a number, or for `at` `median` or `mean`", |g: &f64| g.is_finite());
        let (at, abs, per) = (arguments.text("at"), arguments.text("abs"), arguments.text("per"));
        match (at, abs, per) {
            ("median", "", "") => Ok(Self::Median),
            ("mean", "", "") => Ok(Self::Mean),
            ("", "", _) => Err(arguments.refuse("at", "give a threshold, `median`, `mean`, or `abs`")),
            ("", _, "") => Ok(Self::Magnitude(number("abs")?)),
            (_, "", "") => Ok(Self::AtLeast(number("at")?)),
            (_, "", "classes") => Ok(Self::PerClasses(number("at")?)),
            (_, "", _) => Err(arguments.refuse("per", "only `classes`")),
            ("", ..) => Err(arguments.refuse("per", "it belongs to a number `at`")),
            _ => Err(arguments.refuse("abs", "it stands in place of `at`, not beside it")),
        }
    }
}

impl SymbolTransform for Binary {
    fn alphabet(&self) -> usize {
        2
    }

    fn append(&self, values: &[f32], units: usize, classes: usize, symbols: &mut Symbols) -> Result<()> {
        match self {
            Self::Median => check_shape(values, units)?,
            _ => check(values, units)?,
        }
        // thresholds in the precision of the activations, so that a stored 0.9 is at least 0.9
        match *self {
            Self::AtLeast(g) => symbols.push_bits(values, units, |a, _| a >= g as f32),
            Self::PerClasses(g) => {
                let g = (g / classes.max(1) as f64) as f32;
                symbols.push_bits(values, units, |a, _| a >= g)
            }
            Self::Magnitude(g) => symbols.push_bits(values, units, |a, _| a.abs() >= g as f32),
            Self::Median => {
                let mut bytes = Vec::new();
                // it looks for what is not finite itself, in the same pass
                if !push_above_medians(values, units, &mut bytes) {
                    check(values, units)?;
                }
                symbols.push_packed(&bytes, units)
            }
            Self::Mean => {
                let cut = of_units(values, units, |column| mean(column));
                symbols.push_bits(values, units, |a, unit| f64::from(a) > cut[unit])
            }
        }
    }
}

fn mean(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len().max(1) as f64
}
