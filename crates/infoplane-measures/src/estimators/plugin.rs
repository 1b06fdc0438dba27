//! The plug-in estimator: relative frequencies put into the formula.
//!
//! ```text
//! H(X)       = −Σ n_x/N ln(n_x/N)
//! I(X; Y|Z)  = Σ n_xyz/N ln[ n_xyz n_z / (n_xz n_yz) ]
//! ```
//! n counts the rows in which the joint states occur; each variable may have any number of columns and symbols. Unit: nats.
//!
//! It fails by bias. Under independence I is dof/(2N) on average, dof = Σ (r − 1)(s − 1) over z, r and s the numbers
//! of states of x and y that occur with it, and 2·N·I ~ χ²(dof); H is too small by about (states − 1)/(2N). Miller–Madow adds that term, with the
//! occupied states, to each entropy. Where occupied joint states exceed N/3 both are hopeless and a note says so.
//!
//! References: L. Paninski, doi:10.1162/089976603321780272; G. Miller, in *Information Theory in Psychology* (1955) 95.
//!
//! ```
//! use infoplane_measures::{Embedding, PlugIn, Samples, te};
//!
//! // y copies x one step later.
//! let x: Vec<u32> = (0..4000).map(|t: u32| t.wrapping_mul(2654435761) >> 31).collect();
//! let y: Vec<u32> = (0..4000).map(|t| if t == 0 { 0 } else { x[t - 1] }).collect();
//! let te = te(&PlugIn::default(), &Samples::symbols(&x, 1)?, &Samples::symbols(&y, 1)?, &Embedding::default())?;
//! assert_eq!((te.n, te.dof), (3999, Some(2.0)));
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

use infoplane_spec::{Arguments, Entry, Parameter, SpecError};

use super::{Laws, Method, Registered, Takes};
use crate::contingency::{Margins, Table};
use crate::measures::observed;
use crate::states::{Cell, States};
use crate::{Entropy, Error, Estimate, Note, Prepared, Result, Samples};

pub(super) const ENTRY: Registered = Registered {
    entry: Entry {
        name: "plugin",
        summary: "counts of joint symbols put into the formula",
        citation: "Paninski 2003, doi:10.1162/089976603321780272",
        parameters: &[
            Parameter {
                key: "base",
                default: Some("any"),
                summary: "symbols are 0 to base − 1; `any` takes what occurs",
            },
            Parameter { key: "correction", default: Some("none"), summary: "bias correction: none, miller-madow" },
        ],
        build: |arguments| Ok(Method::Entropy(Box::new(PlugIn::from_arguments(arguments)?))),
    },
    takes: Takes::Symbols,
    scaled: false,
    validity: "rows many times the joint states that occur; read it beside its floor",
    // only symbols: there is no Gaussian to compare with
    laws: Laws { gaussian: None, ..Laws::SHANNON },
};

/// Counts put into the formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlugIn {
    /// Symbols allowed in each column are 0 to base − 1; `None` takes what occurs.
    pub base: Option<u32>,
    /// Correction of the bias.
    pub correction: Correction,
}

/// Bias correction of plug-in entropies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Correction {
    /// As counted.
    #[default]
    None,
    /// (occupied states − 1)/(2N) added to each entropy.
    MillerMadow,
}

impl PlugIn {
    pub(crate) fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let base = match arguments.text("base") {
            "any" => None,
            _ => Some(arguments.check("base", "`any` or a whole number from 1", |&base| base >= 1)?),
        };
        let correction = match arguments.text("correction") {
            "none" => Correction::None,
            "miller-madow" => Correction::MillerMadow,
            _ => return Err(arguments.refuse("correction", "none or miller-madow")),
        };
        Ok(Self { base, correction })
    }

    /// The states of a variable, after checking its symbols.
    fn states(&self, samples: &Samples, argument: &'static str) -> Result<States> {
        let (symbols, dim) = (samples.as_symbols(argument)?, samples.dim());
        let last = self.base.map_or(u32::MAX, |base| base - 1);
        match symbols.iter().position(|&symbol| symbol > last) {
            Some(place) => {
                Err(Error::Symbol { argument, row: place / dim, column: place % dim, got: symbols[place], last })
            }
            None => Ok(States::of_rows(symbols, samples.rows(), dim)),
        }
    }

    /// What Miller–Madow adds to a sum of entropies with so many occupied states, less its subtracted ones.
    fn miller_madow(&self, states: f64, n: usize) -> f64 {
        match self.correction {
            Correction::None => 0.0,
            Correction::MillerMadow => states / (2.0 * n as f64),
        }
    }
}

impl Entropy for PlugIn {
    fn entropy(&self, x: &Samples) -> Result<Estimate> {
        observed("x", x)?;
        let states = self.states(x, "x")?;
        let (n, counts) = (x.rows(), states.counts());
        let added = self.miller_madow(states.kinds as f64 - 1.0, n);
        let surprise: Vec<f64> = counts.iter().map(|&count| (n as f64 / count as f64).ln() + added).collect();
        let total: f64 = surprise.iter().zip(&counts).map(|(term, &count)| count as f64 * term).sum();
        Ok(Estimate {
            nats: total / n as f64,
            n,
            local: Some(states.ids.iter().map(|&id| surprise[id as usize]).collect()),
            notes: notes(states.kinds, n),
            ..Estimate::default()
        })
    }

    /// By contingency tables, which also give the floor and the degrees of freedom.
    fn prepare_information<'a>(&'a self, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Box<dyn Prepared + 'a>> {
        observed("y", y)?;
        z.same_rows("z", y, "y")?;
        let (y_states, z_states) = (self.states(y, "y")?, self.states(z, "z")?);
        let (yz, cells) = z_states.join(&y_states);
        Ok(Box::new(Counted { plugin: self, margins: Margins::new(&z_states, &cells), yz }))
    }
}

/// Everything of (y, z), ready for any x.
struct Counted<'a> {
    plugin: &'a PlugIn,
    yz: States,
    margins: Margins,
}

impl Prepared for Counted<'_> {
    fn cmi(&self, x: &Samples) -> Result<Estimate> {
        observed("x", x)?;
        let (n, wanted) = (x.rows(), self.yz.ids.len());
        if n != wanted {
            return Err(Error::Lengths { argument: "x", got: n, other: "y", wanted });
        }
        let x_states = self.plugin.states(x, "x")?;
        let (xyz, cells) = self.yz.join(&x_states);
        Ok(self.estimate(&xyz, cells, x_states.kinds))
    }
}

impl Counted<'_> {
    fn estimate(&self, xyz: &States, cells: Vec<Cell>, x_kinds: usize) -> Estimate {
        let (n, margins) = (xyz.ids.len(), &self.margins);
        let mut table = Table::default();
        table.fill(cells, x_kinds, margins);
        let states = (table.xz_kinds(margins) + self.yz.kinds) as f64 - (xyz.kinds + margins.n_z.len()) as f64;
        let added = self.plugin.miller_madow(states, n);
        let terms: Vec<f64> = table.log_ratios(margins).map(|ratio| ratio + added).collect();
        let dof = table.law(margins).dof;
        Estimate {
            nats: table.information(margins) + added,
            n,
            local: Some(xyz.ids.iter().map(|&id| terms[id as usize]).collect()),
            floor: Some(dof / (2.0 * n as f64) + added),
            dof: (self.plugin.correction == Correction::None).then_some(dof),
            notes: notes(xyz.kinds, n),
            ..Estimate::default()
        }
    }
}

fn notes(states: usize, n: usize) -> Vec<Note> {
    match 3 * states > n {
        true => vec![Note::Undersampled { states, n }],
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Information;

    /// A sample with these counts.
    fn entropy_bits(counts: &[u32], correction: Correction) -> f64 {
        let rows: Vec<u32> =
            (0..).zip(counts).flat_map(|(symbol, &n)| std::iter::repeat_n(symbol, n as usize)).collect();
        let plugin = PlugIn { correction, ..PlugIn::default() };
        plugin.entropy(&Samples::symbols(&rows, 1).unwrap()).unwrap().bits()
    }

    #[test]
    fn entropy_of_small_counts() {
        for (counts, plain, miller_madow) in [
            (&[2, 1][..], 0.9182958341, 1.1587450075),
            (&[2, 2], 1.0, 1.1803368801),
            (&[1, 2, 3], 1.4591479170, 1.6995970905),
            (&[10, 5, 3, 1, 1], 1.8427376486, 1.9870071527),
            (&[1, 1, 1, 1, 1], 2.3219280949, 2.8990061112),
        ] {
            for (correction, truth) in [(Correction::None, plain), (Correction::MillerMadow, miller_madow)] {
                let got = entropy_bits(counts, correction);
                assert!((got - truth).abs() < 6e-11, "{counts:?} {correction:?}: {got} instead of {truth}");
            }
        }
    }

    #[test]
    fn symbols_outside_the_base_are_named() {
        let x = Samples::symbols(&[0, 1, 2, 1], 2).unwrap();
        let refused = PlugIn { base: Some(2), ..PlugIn::default() }.entropy(&x).unwrap_err();
        assert_eq!(refused.to_string(), "`x`: symbol 2 at row 1, column 0; allowed are 0 to 1");
    }

    #[test]
    fn bad_input_is_refused() {
        let (x, y) = (Samples::symbols(&[0, 1, 2], 1).unwrap(), Samples::symbols(&[0, 1], 1).unwrap());
        let none = Samples::empty(2);
        let plugin = PlugIn::default();
        assert!(matches!(plugin.cmi(&x, &y, &none), Err(Error::Lengths { argument: "x", got: 3, wanted: 2, .. })));
        assert!(matches!(plugin.cmi(&none, &y, &none), Err(Error::NoColumns { argument: "x" })));
        assert!(matches!(plugin.cmi(&y, &x, &none), Err(Error::Lengths { argument: "z", .. })));
        let real = Samples::real(&[0.5, 1.0], 1).unwrap();
        assert!(matches!(plugin.entropy(&real), Err(Error::Kind { argument: "x", .. })));
        let nothing = Samples::symbols(&[], 1).unwrap();
        assert!(matches!(plugin.entropy(&nothing), Err(Error::TooShort { wanted: 1, .. })));
    }

    #[test]
    fn a_third_of_the_rows_in_states_of_their_own_is_noted() {
        let few = Samples::symbols(&[0, 0, 0, 1], 1).unwrap();
        assert_eq!(PlugIn::default().entropy(&few).unwrap().notes, [Note::Undersampled { states: 2, n: 4 }]);
    }
}
