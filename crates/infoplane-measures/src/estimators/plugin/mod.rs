//! The plug-in estimator: relative frequencies put into the formula.
//!
//! ```text
//! H(X)       = −Σ n_x/N ln(n_x/N)
//! I(X; Y|Z)  = Σ n_xyz/N ln[ n_xyz n_z / (n_xz n_yz) ]
//! ```
//! n counts the rows in which the joint states occur; each variable may have any number of columns and symbols. Unit: nats.
//!
//! It fails by bias. Under independence I is dof/(2N) on average, dof = Σ (r − 1)(s − 1) over z, r and s the numbers
//! of states of x and y that occur with it, and 2·N·I ~ χ²(dof); H is too small by about (states − 1)/(2N). Where
//! occupied joint states exceed N/3 it is hopeless and a note says so. A [`Correction`] may be named; corrected values
//! can be below 0, have no χ² law, and keep local terms only where the correction is a sum over rows. Corrections that
//! ask how many states there could be take base^columns, or what occurs where the base is `any`. A constant variable
//! has nothing to tell, whatever the correction: its information is exactly 0.
//!
//! Reference: L. Paninski, doi:10.1162/089976603321780272.
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

mod corrected;
mod counted;
mod families;
mod laws;

use infoplane_spec::{Arguments, Entry, Parameter, SpecError};

use super::corrections::Counts;
use super::{Correction, Method, Registered, Takes};
use crate::families::{Renyi, Tsallis};
use crate::measures::observed;
use crate::states::{States, undersampled};
use crate::{Entropy, Error, Estimate, Prepared, Result, Samples};
use corrected::Corrected;
use counted::Counted;

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
            Parameter { key: "correction", default: Some("none"), summary: CORRECTIONS_ALLOWED },
        ],
        build: |arguments| Ok(Method::Entropy(Box::new(PlugIn::from_arguments(arguments)?))),
    },
    takes: Takes::Symbols,
    scaled: false,
    validity: "rows many times the joint states that occur; read it beside its floor",
    laws: laws::LAWS,
};

/// What `correction` takes.
const CORRECTIONS_ALLOWED: &str = "bias correction: none, miller-madow, grassberger, grassberger-1988, \
     grassberger-plus-one, chao-shen, chao-wang-jost, shrink, shrink-local, nsb, panzeri-treves, zhang, bonachela, jackknife or reduced";

/// The most states that corrections can reckon with.
const MOST_STATES: f64 = 1e200;

/// Counts put into the formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlugIn {
    /// Symbols allowed in each column are 0 to base − 1; `None` takes what occurs.
    pub base: Option<u32>,
    /// Correction of the bias.
    pub correction: Correction,
}

impl PlugIn {
    fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let base = match arguments.text("base") {
            "any" => None,
            _ => Some(arguments.check("base", "`any` or a whole number from 1", |&base| base >= 1)?),
        };
        let correction = Correction::named(arguments.text("correction"));
        Ok(Self { base, correction: correction.ok_or_else(|| arguments.refuse("correction", CORRECTIONS_ALLOWED))? })
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

    /// How many states so many columns could have; `None` takes those that occur.
    fn possible(&self, columns: usize) -> Result<Option<f64>> {
        let states = self.base.map(|base| f64::from(base).powi(columns.try_into().unwrap_or(i32::MAX)));
        match states {
            Some(states) if states > MOST_STATES && self.correction.asks_for_possible() => Err(Error::Parameter {
                parameter: "base",
                got: format!("{} with {columns} columns", self.base.unwrap_or(0)),
                allowed: "at most 1e200 joint states for a correction that asks how many there could be",
            }),
            states => Ok(states),
        }
    }
}

impl Entropy for PlugIn {
    fn entropy(&self, x: &Samples) -> Result<Estimate> {
        observed("x", x)?;
        let states = self.states(x, "x")?;
        let (n, of_states) = (x.rows(), states.counts());
        let counts = Counts::new(of_states.iter().copied(), self.possible(x.dim())?.unwrap_or(0.0));
        let local = self.correction.local(&counts).map(|local| {
            let terms: Vec<f64> = of_states.iter().map(|&n| local(n.into())).collect();
            states.ids.iter().map(|&id| terms[id as usize]).collect()
        });
        let nats = self.correction.entropy(&counts);
        Ok(Estimate { nats, n, local, notes: undersampled(states.kinds, n), ..Estimate::default() })
    }

    fn renyi_family(&self) -> Option<&dyn Renyi> {
        Some(self)
    }

    fn tsallis_family(&self) -> Option<&dyn Tsallis> {
        Some(self)
    }

    /// By contingency tables, which also give the floor and the degrees of freedom, where those hold.
    fn prepare_information<'a>(&'a self, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Box<dyn Prepared + 'a>> {
        observed("y", y)?;
        z.same_rows("z", y, "y")?;
        match self.correction {
            Correction::None | Correction::MillerMadow => Ok(Box::new(Counted::new(self, y, z)?)),
            _ => Ok(Box::new(Corrected::new(self, y, z)?)),
        }
    }
}

/// Refuses an X that does not belong to the prepared rows, and gives its states.
fn states_of_x(plugin: &PlugIn, x: &Samples, wanted: usize) -> Result<States> {
    observed("x", x)?;
    match x.rows() == wanted {
        true => plugin.states(x, "x"),
        false => Err(Error::Lengths { argument: "x", got: x.rows(), other: "y", wanted }),
    }
}

/// The states of the rows in another order.
fn moved(states: &States, order: &[u32]) -> Vec<u32> {
    order.iter().map(|&row| states.ids[row as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Note;
    use crate::estimators::CORRECTIONS;
    use crate::{Information, cmi, mi};

    /// Every correction.
    fn all() -> impl Iterator<Item = PlugIn> {
        CORRECTIONS.iter().map(|&(_, correction, _)| PlugIn { correction, ..PlugIn::default() })
    }

    /// Dependent symbols.
    fn dependent(rows: u32) -> [Vec<u32>; 3] {
        let hash = |t: u32, salt: u32| t.wrapping_add(salt).wrapping_mul(2_654_435_761) >> 20;
        let x: Vec<u32> = (0..rows).map(|t| hash(t, 0) % 3).collect();
        let z: Vec<u32> = (0..rows).map(|t| hash(t, 7777) % 2).collect();
        let noisy = |t: usize| if hash(t as u32, 99).is_multiple_of(4) { 3 } else { (x[t] + z[t]) % 4 };
        let y = (0..rows as usize).map(noisy).collect();
        [x, y, z]
    }

    fn column(values: &[u32]) -> Samples<'_> {
        Samples::symbols(values, 1).unwrap()
    }

    #[test]
    fn the_registry_allows_every_correction() {
        for (name, correction, _) in CORRECTIONS {
            assert!(CORRECTIONS_ALLOWED.contains(name), "{name}");
            let chosen = crate::estimator(&format!("plugin:correction={name}")).unwrap();
            let x = column(&[0, 1, 1, 2, 0, 1]);
            let own = PlugIn { correction: *correction, ..PlugIn::default() }.entropy(&x).unwrap();
            assert_eq!(chosen.entropy().unwrap().entropy(&x).unwrap(), own);
        }
    }

    #[test]
    fn information_is_the_sum_of_four_entropies() {
        let [x, y, z] = dependent(100);
        let joint = |columns: &[&Vec<u32>]| {
            let rows: Vec<u32> = (0..100).flat_map(|t| columns.iter().map(move |column| column[t])).collect();
            Samples::symbols(&rows, columns.len()).unwrap().into_owned()
        };
        let whole = |plugin: &PlugIn| matches!(plugin.correction, Correction::PanzeriTreves | Correction::Reduced);
        for plugin in all().filter(|plugin| !whole(plugin)) {
            let h = |columns: &[&Vec<u32>]| plugin.entropy(&joint(columns)).unwrap().nats;
            let four = h(&[&x, &z]) + h(&[&y, &z]) - h(&[&x, &y, &z]) - h(&[&z]);
            let got = cmi(&plugin, &column(&x), &column(&y), &column(&z)).unwrap().nats;
            assert!((got - four).abs() < 1e-12, "{plugin:?}: {got} and {four}");
            let two = h(&[&x]) + h(&[&y]) - h(&[&x, &y]);
            let got = mi(&plugin, &column(&x), &column(&y)).unwrap().nats;
            assert!((got - two).abs() < 1e-12, "{plugin:?}: {got} and {two}");
        }
    }

    #[test]
    fn the_reduced_value_counts_series_and_tables() {
        // y follows x: z = 0 has y = 0 0 1, x = 0 0 1; z = 1 has y = 1 1, x = 0 0
        let (x, y, z) = ([0, 0, 1, 0, 0], [0, 0, 1, 1, 1], [0, 0, 0, 1, 1]);
        let plugin = PlugIn { base: Some(2), correction: Correction::Reduced };
        let got = cmi(&plugin, &column(&x), &column(&y), &column(&z)).unwrap().nats;
        // given z: 3 series and 4 tables, 1 and 3; given x and z: 1 and 3, 1 and 2, 1 and 3
        let truth = ((3.0 * 4.0 * 3.0_f64).ln() - (3.0 * 2.0 * 3.0_f64).ln()) / 5.0;
        assert!((got - truth).abs() < 1e-14, "{got} instead of {truth}");
    }

    #[test]
    fn panzeri_and_treves_see_more_states_than_miller_and_madow_only_where_rows_are_few() {
        let value = |correction, rows| {
            let [x, y, z] = dependent(rows);
            let plugin = PlugIn { correction, ..PlugIn::default() };
            cmi(&plugin, &column(&x), &column(&y), &column(&z)).unwrap().nats
        };
        let apart = |rows| value(Correction::PanzeriTreves, rows) - value(Correction::MillerMadow, rows);
        assert!(apart(4000).abs() < 1e-12 && apart(24) < -0.01, "{} {}", apart(4000), apart(24));
    }

    #[test]
    fn other_orders_are_as_other_samples() {
        let [x, y, z] = dependent(60);
        let (x, y, z) = (column(&x), column(&y), column(&z));
        let orders: Vec<Vec<u32>> = (0..4).map(|d| (0..60).map(|i| (i * 7 + d) % 60).collect()).collect();
        for plugin in all() {
            let prepared = plugin.prepare(&y, &z).unwrap();
            for (order, value) in orders.iter().zip(prepared.reordered(&x, &orders).unwrap()) {
                let moved = x.select(order.iter().map(|&row| row as usize));
                assert_eq!(value, prepared.cmi(&moved).unwrap().nats, "{plugin:?}");
            }
        }
    }

    #[test]
    fn a_constant_tells_exactly_nothing() {
        let [x, _, z] = dependent(50);
        let constant = vec![1; 50];
        for plugin in all().flat_map(|plugin| [plugin, PlugIn { base: Some(4), ..plugin }]) {
            for (x, y) in [(&x, &constant), (&constant, &x)] {
                let got = cmi(&plugin, &column(x), &column(y), &column(&z)).unwrap().nats;
                assert_eq!(got, 0.0, "{plugin:?}");
            }
        }
    }

    #[test]
    fn too_many_possible_states_are_refused_where_they_count() {
        let rows: Vec<u32> = (0..64 * 5).map(|i| i % 7).collect();
        let wide = Samples::symbols(&rows, 64).unwrap();
        let with = |correction| PlugIn { base: Some(u32::MAX), correction }.entropy(&wide);
        assert!(with(Correction::None).is_ok() && with(Correction::ChaoShen).is_ok());
        assert!(matches!(with(Correction::Nsb), Err(Error::Parameter { parameter: "base", .. })));
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
