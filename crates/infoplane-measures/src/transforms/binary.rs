//! One bit a unit.

use infoplane_spec::{Arguments, SpecError};

use super::medians::push_above_medians;
use super::series::{ColumnRule, Number, by_column};
use super::{SeriesTransform, SymbolTransform, check, check_shape, of_units};
use crate::pairs::Symbols;
use crate::{Error, Result, Samples};

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
        Self::parse(arguments, arguments.text("per"))
    }

    /// Without classes, which a plain series has not.
    pub(super) fn from_series_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        Self::parse(arguments, "")
    }

    fn parse(arguments: &Arguments, per: &str) -> std::result::Result<Self, SpecError> {
        let number = |key| arguments.check(key, "a number, or for `at` `median` or `mean`", |g: &f64| g.is_finite());
        match (arguments.text("at"), arguments.text("abs"), per) {
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
        match *self {
            Self::AtLeast(g) => {
                let is_one = at_least(g);
                symbols.push_bits(values, units, |a, _| is_one(a))
            }
            Self::PerClasses(g) => {
                let is_one = at_least(g / classes.max(1) as f64);
                symbols.push_bits(values, units, |a, _| is_one(a))
            }
            Self::Magnitude(g) => {
                let is_one = at_least(g);
                symbols.push_bits(values, units, |a, _| is_one(a.magnitude()))
            }
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
                symbols.push_bits(values, units, |a, unit| is_above(a, cut[unit]))
            }
        }
    }
}

impl SeriesTransform for Binary {
    fn apply(&self, series: &Samples) -> Result<Samples<'static>> {
        by_column(series, self)
    }
}

impl ColumnRule for Binary {
    fn of_column<T: Number>(&self, values: &[T], _column: usize) -> Result<Vec<u32>> {
        let bits = |is_one: &dyn Fn(T) -> bool| Ok(values.iter().map(|&a| is_one(a).into()).collect());
        match *self {
            Self::AtLeast(g) => bits(&at_least(g)),
            Self::Magnitude(g) => bits(&|a| at_least(g)(a.magnitude())),
            Self::PerClasses(_) => Err(Error::Parameter {
                parameter: "per",
                got: "classes".to_owned(),
                allowed: "nothing: a plain series has no classes",
            }),
            Self::Mean => {
                let cut = mean(values);
                bits(&|a| is_above(a, cut))
            }
            Self::Median => {
                let cut = lower_median(values);
                bits(&|a| is_above(a, cut))
            }
        }
    }
}

fn at_least<T: Number>(g: f64) -> impl Fn(T) -> bool {
    let g = T::nearest(g);
    move |a| a >= g
}

fn is_above<T: Number>(a: T, cut: f64) -> bool {
    a.into() > cut
}

fn mean<T: Number>(values: &[T]) -> f64 {
    values.iter().map(|&value| value.into()).sum::<f64>() / values.len().max(1) as f64
}

/// What lies strictly above it lies strictly above the median, see [`super::medians`].
fn lower_median<T: Number>(values: &[T]) -> f64 {
    match values.len() {
        0 => 0.0,
        n => (*values.to_vec().select_nth_unstable_by((n - 1) / 2, T::order).1).into(),
    }
}
