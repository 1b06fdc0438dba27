//! Every registered estimator in every form its entry wants tested.

use infoplane_measures::{Chosen, ESTIMATORS, Estimate, Information, Laws, Samples, Takes, cmi, estimator, mi};

use crate::data::Triple;

/// One estimator, ready.
pub(crate) struct Case {
    pub(crate) spec: String,
    pub(crate) chosen: Chosen,
    /// What it is held to.
    pub(crate) laws: Laws,
}

/// All of them.
pub(crate) fn all() -> Vec<Case> {
    ESTIMATORS.iter().flat_map(|registered| cases(registered.entry.name, registered.laws)).collect()
}

fn cases(name: &'static str, laws: Laws) -> Vec<Case> {
    let own = if laws.specs.is_empty() { vec![name] } else { laws.specs.to_vec() };
    let also = laws.also.iter().map(|&(spec, laws)| (spec, laws));
    own.into_iter().map(|spec| (spec, laws)).chain(also).map(|(spec, laws)| Case::new(spec, laws)).collect()
}

impl Case {
    fn new(spec: &str, laws: Laws) -> Self {
        let chosen = estimator(spec).unwrap_or_else(|error| panic!("`{spec}`: {error}"));
        Self { spec: spec.to_owned(), chosen, laws }
    }

    pub(crate) fn information(&self) -> &dyn Information {
        self.chosen.information()
    }

    /// Real values where it takes them, else symbols.
    pub(crate) fn is_real(&self) -> bool {
        self.chosen.registered.takes != Takes::Symbols
    }

    pub(crate) fn takes_symbols(&self) -> bool {
        self.chosen.registered.takes != Takes::Real
    }

    pub(crate) fn has_entropy(&self) -> bool {
        self.chosen.entropy().is_ok()
    }

    /// I(X; Y).
    pub(crate) fn mi(&self, x: &Samples, y: &Samples) -> Estimate {
        mi(self.information(), x, y).unwrap_or_else(|error| panic!("`{}`: {error}", self.spec))
    }

    /// I(X; Y | Z).
    pub(crate) fn cmi(&self, [x, y, z]: &Triple) -> Estimate {
        cmi(self.information(), x, y, z).unwrap_or_else(|error| panic!("`{}`: {error}", self.spec))
    }
}
