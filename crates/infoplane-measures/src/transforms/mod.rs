//! From real values to symbols: done once to a layer or a series, before any estimator sees it.
//!
//! ```text
//! binary:g        1 if a ≥ g                     binary:abs=g   1 if |a| ≥ g
//! binary:median   1 if a > the unit's median     binary:mean    1 if a > the unit's mean
//! quantile:3      how many of the unit's inner quantiles lie below a
//! bins:30,lo=…    equal cells of a fixed range   width:0.5      cells of that width aligned at 0
//! ordinal:3       the order by size of the last three values (series only)
//! ```
//! Each unit is turned into symbols on its own; `median`, `mean` and `quantile` come from the values handed over in one
//! call (a batch, a probe). `median` and `mean` are *strictly* above: a rectified unit that is mostly 0 has median 0 and
//! would otherwise always be 1. Compared entropies share these symbols, so no estimator may choose its own.
//!
//! A rule works on layers, [`SymbolTransform`] (single precision, batch after batch, symbols of one byte), on plain
//! series, [`SeriesTransform`] (as a whole, in their own precision), or on both. For a series `bins` takes the range of
//! the data where none is given; for a layer it must be given, lest it move from batch to batch.
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
mod ordinal;
mod quantile;
mod series;
mod standard;

pub use binary::Binary;
pub use cells::{Bins, DataBins, Width};
pub use ordinal::{Ordinal, OrdinalForm};
pub use quantile::Quantile;
pub use series::SeriesTransform;
pub use standard::standardise;

use infoplane_spec::{Arguments, Entry, Parameter, Spec, SpecError};

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

const AT: Parameter =
    Parameter { key: "at", default: Some(""), summary: "a ≥ this number; or `median`, `mean`: strictly above" };
const ABS: Parameter = Parameter { key: "abs", default: Some(""), summary: "|a| ≥ this number, in place of `at`" };
const OUTSIDE: Parameter =
    Parameter { key: "outside", default: Some("error"), summary: "values outside: error, clip, own" };

/// The rules for layers that a user can name.
pub const SYMBOLS: &[Entry<Box<dyn SymbolTransform>>] = &[BINARY, QUANTILE, BINS, WIDTH];

const BINARY: Entry<Box<dyn SymbolTransform>> = Entry {
    name: "binary",
    summary: "one bit: above a threshold, or above the unit's own median or mean",
    citation: "Moldovan, Caţaron, Andonie 2023, arXiv:2404.01364",
    parameters: &[
        AT,
        ABS,
        Parameter { key: "per", default: Some(""), summary: "`classes`: `at` is divided by the number of classes" },
    ],
    build: |arguments| Ok(Box::new(Binary::from_arguments(arguments)?)),
};

const QUANTILE: Entry<Box<dyn SymbolTransform>> = Entry {
    name: "quantile",
    summary: "cells that hold equally many rows of the unit",
    citation: "",
    parameters: &[Parameter { key: "cells", default: Some("3"), summary: "number of cells, 2 to 255" }],
    build: |arguments| Ok(Box::new(Quantile::from_arguments(arguments)?)),
};

const BINS: Entry<Box<dyn SymbolTransform>> = Entry {
    name: "bins",
    summary: "cells of equal width in a fixed range",
    citation: "",
    parameters: &[
        Parameter { key: "cells", default: Some("30"), summary: "number of cells, 1 to 253" },
        Parameter { key: "lo", default: None, summary: "lower end of the range" },
        Parameter { key: "hi", default: None, summary: "upper end, which belongs to the last cell" },
        OUTSIDE,
    ],
    build: |arguments| Ok(Box::new(Bins::from_arguments(arguments)?)),
};

const WIDTH: Entry<Box<dyn SymbolTransform>> = Entry {
    name: "width",
    summary: "cells of equal width, aligned at 0",
    citation: "",
    parameters: &[Parameter { key: "cell", default: None, summary: "width of a cell, above 0" }],
    build: |arguments| Ok(Box::new(Width::from_arguments(arguments)?)),
};

/// The rules for plain series that a user can name.
pub const SERIES_SYMBOLS: &[Entry<Box<dyn SeriesTransform>>] = &[
    Entry {
        parameters: &[AT, ABS],
        ..for_series(&BINARY, |arguments| Ok(Box::new(Binary::from_series_arguments(arguments)?)))
    },
    for_series(&QUANTILE, |arguments| Ok(Box::new(Quantile::from_arguments(arguments)?))),
    Entry {
        summary: "cells of equal width in a range, by default that of the data",
        parameters: &[
            Parameter { key: "cells", default: Some("30"), summary: "number of cells, 1 to 65536" },
            Parameter {
                key: "lo",
                default: Some("data"),
                summary: "lower end of the range, or `data`: the smallest value",
            },
            Parameter { key: "hi", default: Some("data"), summary: "upper end, or `data`: the largest value" },
            OUTSIDE,
        ],
        ..for_series(&BINS, |arguments| Ok(Box::new(DataBins::from_arguments(arguments)?)))
    },
    for_series(&WIDTH, |arguments| Ok(Box::new(Width::from_arguments(arguments)?))),
    Entry {
        name: "ordinal",
        summary: "patterns: the order by size of the last values",
        citation: "Bandt & Pompe 2002, doi:10.1103/PhysRevLett.88.174102; Kugiumtzis 2010, arXiv:1007.0357",
        parameters: &[
            Parameter { key: "length", default: Some("3"), summary: "values in a pattern, 2 to 12" },
            Parameter { key: "tau", default: Some("1"), summary: "spacing between them, in rows" },
            Parameter {
                key: "form",
                default: Some("next"),
                summary: "what the target's next value is: `next` pattern, or `terv`, its rank among the last ones",
            },
        ],
        build: |arguments| Ok(Box::new(Ordinal::from_arguments(arguments)?)),
    },
];

/// How a rule for layers is listed for series.
const fn for_series(
    rule: &Entry<Box<dyn SymbolTransform>>,
    build: fn(&Arguments) -> std::result::Result<Box<dyn SeriesTransform>, SpecError>,
) -> Entry<Box<dyn SeriesTransform>> {
    let Entry { name, summary, citation, parameters, .. } = *rule;
    Entry { name, summary, citation, parameters, build }
}

/// Builds the rule for series that a spec names and says its canonical form.
///
/// # Errors
/// [`Error::Spec`] if there is no such rule or a parameter is not allowed.
pub fn series_transform(spec: &str) -> Result<(Box<dyn SeriesTransform>, String)> {
    Ok(infoplane_spec::find("symbol rule", SERIES_SYMBOLS, &spec.parse::<Spec>()?)?)
}

/// Builds the rule for layers that a spec names and says its canonical form.
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
    use crate::Samples;

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

    fn of_series(spec: &str, values: &[f64]) -> Result<Vec<u32>> {
        let symbols = series_transform(spec).unwrap().0.apply(&Samples::real(values, 1).unwrap())?;
        Ok(symbols.as_symbols("x").unwrap().to_vec())
    }

    #[test]
    fn series_and_layers_follow_the_same_rules() {
        let values = [-1.5_f32, -1.0, 0.0, 0.9, 1.0, 2.0, 0.25, -0.25, 0.9, -0.5];
        let wide: Vec<f64> = values.iter().map(|&value| value.into()).collect();
        let single = Samples::real32(&values, 1).unwrap();
        for spec in [
            "binary:abs=1.0",
            "binary:0.5",
            "binary:median",
            "binary:mean",
            "quantile:3",
            "quantile:5",
            "width:0.4",
            "bins:4,lo=-2,hi=2",
            "bins:3,lo=-1,hi=1,outside=own",
            "bins:3,lo=-1,hi=1,outside=clip",
        ] {
            let layer: Vec<u32> = made(spec, &values, 1).into_iter().map(u32::from).collect();
            assert_eq!(of_series(spec, &wide).unwrap(), layer, "{spec}");
            let narrow = series_transform(spec).unwrap().0.apply(&single).unwrap();
            assert_eq!(narrow.as_symbols("x").unwrap(), layer, "{spec} in single precision");
        }
        // a threshold is met in the precision of the data
        assert_eq!(of_series("binary:0.9", &[0.9, f64::from(0.9_f32)]).unwrap(), [1, 0]);
        let stored = series_transform("binary:0.9").unwrap().0.apply(&Samples::real32(&[0.9], 1).unwrap()).unwrap();
        assert_eq!(stored.as_symbols("x").unwrap(), [1]);
    }

    #[test]
    fn the_range_of_the_data_is_each_column_s_own() {
        let values = [0.0, 10.0, 1.0, 20.0, 4.0, 30.0];
        let symbols = series_transform("bins:2").unwrap().0.apply(&Samples::real(&values, 2).unwrap()).unwrap();
        assert_eq!(symbols.columns(), [[0.0, 0.0, 1.0], [0.0, 1.0, 1.0]]);
        assert_eq!(of_series("bins:8", &[3.0, 3.0]).unwrap(), [0, 0]);
        assert_eq!(of_series("bins:4,lo=0", &[1.0, 4.0]).unwrap(), [1, 3]);
        assert!(matches!(of_series("bins:4,lo=9", &[1.0, 4.0]), Err(Error::OutOfRange { value: 1.0, .. })));
    }

    #[test]
    fn gaps_take_no_part_and_stay() {
        let series = Samples::real_with_missing(&[1.0, f64::NAN, 2.0, 3.0], 1).unwrap();
        for (spec, symbols) in [("binary:median", [0.0, 0.0, 0.0, 1.0]), ("bins:2", [0.0, 0.0, 1.0, 1.0])] {
            let made = series_transform(spec).unwrap().0.apply(&series).unwrap();
            assert_eq!((made.missing(), made.columns()), (series.missing(), vec![symbols.to_vec()]), "{spec}");
        }
    }

    #[test]
    fn what_a_series_cannot_be_is_refused() {
        assert!(matches!(of_series("bins:4,lo=0,hi=1", &[2.0]), Err(Error::OutOfRange { column: 0, .. })));
        assert!(matches!(of_series("width:1e-9", &[9.0]), Err(Error::Parameter { parameter: "cell", .. })));
        let symbols = Samples::symbols(&[1, 2], 1).unwrap();
        assert!(matches!(Quantile { cells: 2 }.apply(&symbols), Err(Error::Kind { .. })));
        for spec in [
            "binary",
            "binary:9,per=classes",
            "bins:0",
            "bins:4,lo=1,hi=0",
            "width:0",
            "ordinal:1",
            "ordinal:13",
            "ordinal:3,tau=0",
            "ordinal:3,form=last",
            "quantile:1",
        ] {
            assert!(series_transform(spec).is_err(), "{spec}");
        }
        assert!(symbol_transform("ordinal:3").is_err());
    }

    #[test]
    fn canonical_forms_come_back() {
        assert_eq!(series_transform("ordinal:4").unwrap().1, "ordinal:length=4,tau=1,form=next");
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
