//! From activations to symbols: done once to a layer, before any estimator sees it.
//!
//! ```text
//! binary:g        1 if a ≥ g                     binary:abs=g   1 if |a| ≥ g
//! binary:median   1 if a > the unit's median     binary:mean    1 if a > the unit's mean
//! quantile:3      how many of the unit's inner quantiles lie below a
//! bins:30,lo=…    equal cells of a fixed range   width:0.5      cells of that width aligned at 0
//! ```
//! Each unit is turned into symbols on its own; `median`, `mean` and `quantile` come from the values handed over in one
//! call (a batch, a probe). `median` and `mean` are *strictly* above: a rectified unit that is mostly 0 has median 0 and
//! would otherwise always be 1. Compared entropies share these symbols, so no estimator may choose its own.
//!
//! ```
//! use infoplane_measures::transforms::symbol_transform;
//!
//! let (rule, canonical) = symbol_transform("binary:median")?;
//! let symbols = rule.symbols(&[0.0, 5.0, 0.0, 7.0, 2.0, 9.0], 2, 10)?; // 3 rows of 2 units
//! assert_eq!(canonical, "binary:at=median");
//! assert_eq!(symbols.rates(), Some(vec![1.0 / 3.0, 1.0 / 3.0]));
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

mod binary;
mod cells;
mod medians;
mod quantile;
mod standard;

pub use binary::Binary;
pub use cells::{Bins, Width};
pub use quantile::Quantile;
pub use standard::standardise;

use infoplane_spec::{Entry, Parameter, Spec};

use crate::pairs::Symbols;
use crate::{Error, Result};

/// A rule that makes symbols of activations.
pub trait SymbolTransform: Send + Sync {
    /// Symbols are 0 to this, less one.
    fn alphabet(&self) -> usize;

    /// Adds the symbols of `values`, row-major `[rows, units]`, below those there are. `classes` is the number of
    /// classes of the data, for thresholds relative to it.
    ///
    /// # Errors
    /// [`Error::NotFinite`], [`Error::Ragged`], or what the rule refuses.
    fn append(&self, values: &[f32], units: usize, classes: usize, symbols: &mut Symbols) -> Result<()>;

    /// No rows yet, to append to.
    fn empty(&self, units: usize) -> Symbols {
        Symbols::empty(units, self.alphabet())
    }

    /// The symbols of `values` alone.
    ///
    /// # Errors
    /// As [`SymbolTransform::append`].
    fn symbols(&self, values: &[f32], units: usize, classes: usize) -> Result<Symbols> {
        let mut symbols = self.empty(units);
        self.append(values, units, classes, &mut symbols)?;
        Ok(symbols)
    }
}

const CELLS: Parameter = Parameter { key: "cells", default: Some("30"), summary: "number of cells, 1 to 253" };

/// The rules a user can name.
pub const SYMBOLS: &[Entry<Box<dyn SymbolTransform>>] = &[
    Entry {
        name: "binary",
        summary: "one bit: above a threshold, or above the unit's own median or mean",
        citation: "Moldovan, Caţaron, Andonie 2023, arXiv:2404.01364",
        parameters: &[
            Parameter {
                key: "at", default: Some(""), summary: "a ≥ this number; or `median`, `mean`: strictly above"
            },
            Parameter { key: "abs", default: Some(""), summary: "|a| ≥ this number, in place of `at`" },
            Parameter { key: "per", default: Some(""), summary: "`classes`: `at` is divided by the number of classes" },
        ],
        build: |arguments| Ok(Box::new(Binary::from_arguments(arguments)?)),
    },
    Entry {
        name: "quantile",
        summary: "cells that hold equally many rows of the unit",
        citation: "",
        parameters: &[Parameter { key: "cells", default: Some("3"), summary: "number of cells, 2 to 255" }],
        build: |arguments| {
            Ok(Box::new(Quantile { cells: arguments.check("cells", "2 to 255", |cells| (2..=255).contains(cells))? }))
        },
    },
    Entry {
        name: "bins",
        summary: "cells of equal width in a fixed range",
        citation: "",
        parameters: &[
            CELLS,
            Parameter { key: "lo", default: None, summary: "lower end of the range" },
            Parameter { key: "hi", default: None, summary: "upper end, which belongs to the last cell" },
            Parameter { key: "outside", default: Some("error"), summary: "values outside: error, clip, own" },
        ],
        build: |arguments| Ok(Box::new(Bins::from_arguments(arguments)?)),
    },
    Entry {
        name: "width",
        summary: "cells of equal width, aligned at 0",
        citation: "",
        parameters: &[Parameter { key: "cell", default: None, summary: "width of a cell, above 0" }],
        build: |arguments| {
            let positive = |width: &f64| width.is_finite() && *width > 0.0;
            Ok(Box::new(Width { cell: arguments.check("cell", "a number above 0", positive)? }))
        },
    },
];

/// Builds the rule that a spec names and says its canonical form.
///
/// # Errors
/// [`Error::Spec`] if there is no such rule or a parameter is not allowed.
pub fn symbol_transform(spec: &str) -> Result<(Box<dyn SymbolTransform>, String)> {
    Ok(infoplane_spec::find("symbol rule", SYMBOLS, &spec.parse::<Spec>()?)?)
}

/// Refuses what is not whole rows.
fn check_shape(values: &[f32], units: usize) -> Result<()> {
    if units == 0 {
        return Err(Error::NoColumns { argument: "activations" });
    }
    if !values.len().is_multiple_of(units) {
        return Err(Error::Ragged { argument: "activations", len: values.len(), dim: units });
    }
    Ok(())
}

/// Refuses what is not whole rows of finite numbers.
fn check(values: &[f32], units: usize) -> Result<()> {
    check_shape(values, units)?;
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(place) => Err(Error::NotFinite {
            argument: "activations",
            row: place / units,
            column: place % units,
            value: values[place].into(),
        }),
    }
}

/// Something of each unit's values, which it may reorder.
fn of_units<T>(values: &[f32], units: usize, of: impl Fn(&mut [f32]) -> T) -> Vec<T> {
    let mut column = Vec::with_capacity(values.len() / units);
    let mut of_unit = |unit: usize| {
        column.clear();
        column.extend(values.iter().skip(unit).step_by(units));
        of(&mut column)
    };
    (0..units).map(&mut of_unit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(spec: &str, values: &[f32], units: usize) -> Vec<u8> {
        let symbols = symbol_transform(spec).unwrap().0.symbols(values, units, 10).unwrap();
        (0..symbols.rows())
            .flat_map(|row| (0..units).map(move |unit| (row, unit)))
            .map(|(r, u)| symbols.at(r, u))
            .collect()
    }

    #[test]
    fn thresholds_include_their_own_value_and_medians_do_not() {
        let values = [-1.5, -1.0, 0.0, 0.9, 1.0, 2.0];
        for (spec, bits) in [
            ("binary:abs=1.0", [1, 1, 0, 0, 1, 1]),
            ("binary:0.9", [0, 0, 0, 1, 1, 1]),
            ("binary:9,per=classes", [0, 0, 0, 1, 1, 1]),
            ("binary:median", [0, 0, 0, 1, 1, 1]),
            ("binary:mean", [0, 0, 0, 1, 1, 1]),
        ] {
            assert_eq!(made(spec, &values, 1), bits, "{spec}");
        }
        assert_eq!(made("binary:median", &[0.0, 0.0, 0.0, 4.0], 1), [0, 0, 0, 1]);
        assert_eq!(made("binary:mean", &[0.1; 5], 1), [0; 5]);
    }

    #[test]
    fn every_unit_is_on_its_own() {
        let values = [1.0, 100.0, 2.0, 200.0, 3.0, 300.0];
        assert_eq!(made("binary:median", &values, 2), [0, 0, 0, 0, 1, 1]);
        assert_eq!(made("quantile:3", &values, 2), [0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn cells_of_a_range_and_of_a_width() {
        assert_eq!(made("bins:4,lo=-1,hi=1", &[-1.0, -0.5, 0.49, 0.5, 1.0], 1), [0, 1, 2, 3, 3]);
        assert_eq!(made("bins:4,lo=-1,hi=1,outside=clip", &[-9.0, 9.0], 1), [0, 3]);
        assert_eq!(made("bins:4,lo=-1,hi=1,outside=own", &[-9.0, 9.0, 0.0], 1), [4, 5, 2]);
        // cells 0, −1, 1, −2, 2 …: equal symbols in every batch
        assert_eq!(made("width:0.5", &[0.0, 0.49, -0.01, 0.5, -0.51, -0.5], 1), [0, 0, 1, 2, 3, 1]);
    }

    #[test]
    fn tied_values_stay_together() {
        assert_eq!(made("quantile:2", &[0.0, 0.0, 0.0, 0.0, 1.0], 1), [0, 0, 0, 0, 1]);
        assert_eq!(made("quantile:4", &[2.0, 2.0, 2.0, 2.0], 1), [0; 4]);
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        let refused =
            |spec: &str, values: &[f32]| symbol_transform(spec).unwrap().0.symbols(values, 1, 10).unwrap_err();
        assert!(matches!(refused("binary:0.5", &[0.0, f32::NAN]), Error::NotFinite { row: 1, column: 0, .. }));
        assert!(matches!(refused("bins:4,lo=0,hi=1", &[2.0]), Error::OutOfRange { column: 0, .. }));
        assert!(matches!(refused("width:0.01", &[9.0]), Error::Alphabet { column: 0, .. }));
        for spec in [
            "binary",
            "binary:high",
            "binary:median,per=classes",
            "binary:0.5,abs=1",
            "binary:0.5,per=units",
            "binary:abs=1,per=classes",
            "bins:4",
            "bins:4,lo=1,hi=0",
            "bins:400,lo=0,hi=1",
            "quantile:1",
            "width:0",
            "median",
        ] {
            assert!(symbol_transform(spec).is_err(), "{spec}");
        }
    }

    #[test]
    fn canonical_forms_come_back() {
        for (spec, canonical) in [
            ("binary:0.9,per=classes", "binary:at=0.9,per=classes"),
            ("binary:abs=1.0", "binary:abs=1.0"),
            ("bins:lo=-1,hi=1", "bins:cells=30,lo=-1,hi=1,outside=error"),
        ] {
            assert_eq!(symbol_transform(spec).unwrap().1, canonical);
            assert_eq!(symbol_transform(canonical).unwrap().1, canonical);
        }
    }
}
