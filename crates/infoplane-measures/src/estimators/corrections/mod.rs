//! Bias corrections of plug-in entropies: what counts say of the states that were not seen often enough.
//!
//! ```text
//! None           −Σ p ln p, p = n/N                        Zhang          Σ p [ψ(N) − ψ(n)]
//! MillerMadow    + (occupied − 1)/(2N)                     Grassberger…   ln N − Σ p g(n)
//! ChaoShen, ChaoWangJost   from the states seen once and twice
//! Shrink, Nsb, Bonachela, PanzeriTreves   from the number of states K that there could be
//! Jackknife      N·H − (N − 1)·mean of H without one row
//! Reduced        bits to name this very series among all with its counts, in nats per row
//! ```
//! n: rows in a state, N: all rows, g: see `grassberger.rs`. Unit: nats. Every correction is a function of how many
//! states have how many rows, and most correct each entropy on its own: H(Y|V) = H(YV) − H(V). Two correct
//! the conditional entropy as a whole, `PanzeriTreves` and `Reduced`; with them I(X; Y|Z) = H(Y|Z) − H(Y|XZ) is not
//! symmetric: Y is what is to be told, the target's next value.
//!
//! Local terms exist where the correction is a sum over rows: none, Miller–Madow, Grassberger's, Zhang's, `ShrinkLocal`.

mod bonachela;
mod chao_shen;
mod chao_wang_jost;
mod counts;
mod grassberger;
mod jackknife;
mod miller_madow;
mod nsb;
mod panzeri_treves;
mod reduced;
mod shrink;
mod zhang;

pub(super) use counts::{Counts, Joint};

/// Bias correction of plug-in entropies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Correction {
    /// As counted.
    #[default]
    None,
    /// (occupied states − 1)/(2N) added to each entropy.
    MillerMadow,
    /// Grassberger 2003.
    Grassberger,
    /// Grassberger 1988, which the later form replaced.
    Grassberger1988,
    /// Grassberger 1988 with n + 1 for n(n + 1), as one other library has it; more biased.
    GrassbergerPlusOne,
    /// Coverage and inclusion probabilities, Chao and Shen 2003.
    ChaoShen,
    /// The accumulation curve continued, Chao, Wang and Jost 2013.
    ChaoWangJost,
    /// James–Stein shrinkage towards equal probabilities, Hausser and Strimmer 2009.
    Shrink,
    /// The same probabilities, averaged over the rows as they occurred: −Σ p ln q.
    ShrinkLocal,
    /// Mean under a prior that is nearly flat in the entropy, Nemenman, Shafee and Bialek 2002.
    Nsb,
    /// (relevant states − 1)/(2N) added to each conditional entropy, Panzeri and Treves 1996.
    PanzeriTreves,
    /// Zhang 2012, the same as Schürmann 2004 at ξ = 1.
    Zhang,
    /// Balanced between bias and variance for short series, Bonachela, Hinrichsen and Muñoz 2008.
    Bonachela,
    /// Every row left out once, Efron and Stein 1981.
    Jackknife,
    /// Transfer entropy of finite data, Kirkley 2025: below 0 where the source does not pay for its description.
    Reduced,
}

/// Name and reference of every correction.
pub const CORRECTIONS: &[(&str, Correction, &str)] = &[
    ("none", Correction::None, ""),
    ("miller-madow", Correction::MillerMadow, "Miller 1955, in Information Theory in Psychology"),
    ("grassberger", Correction::Grassberger, "Grassberger 2003, arXiv:physics/0307138"),
    ("grassberger-1988", Correction::Grassberger1988, "Grassberger 1988, doi:10.1016/0375-9601(88)90193-4"),
    ("grassberger-plus-one", Correction::GrassbergerPlusOne, "Grassberger 1988, with (−1)ⁿ/(n + 1)"),
    ("chao-shen", Correction::ChaoShen, "Chao & Shen 2003, doi:10.1023/A:1026096204727"),
    ("chao-wang-jost", Correction::ChaoWangJost, "Chao, Wang & Jost 2013, doi:10.1111/2041-210X.12108"),
    ("shrink", Correction::Shrink, "Hausser & Strimmer 2009, arXiv:0811.3579"),
    ("shrink-local", Correction::ShrinkLocal, "Hausser & Strimmer 2009, averaged over rows"),
    ("nsb", Correction::Nsb, "Nemenman, Shafee & Bialek 2002, arXiv:physics/0108025"),
    ("panzeri-treves", Correction::PanzeriTreves, "Panzeri & Treves 1996, doi:10.1088/0954-898X/7/1/006"),
    ("zhang", Correction::Zhang, "Zhang 2012, doi:10.1162/NECO_a_00266"),
    ("bonachela", Correction::Bonachela, "Bonachela et al. 2008, doi:10.1088/1751-8113/41/20/202001"),
    ("jackknife", Correction::Jackknife, "Efron & Stein 1981, doi:10.1214/aos/1176345462"),
    ("reduced", Correction::Reduced, "Kirkley 2025, doi:10.1103/tcss-5hn3"),
];

/// An entropy: a mean over rows of a term that depends on the row's state, or one number.
enum Form<'a> {
    Rows(Box<dyn Fn(f64) -> f64 + 'a>),
    Whole(f64),
}

impl Correction {
    /// The correction of that name.
    pub fn named(name: &str) -> Option<Self> {
        CORRECTIONS.iter().find(|(own, ..)| *own == name).map(|(_, correction, _)| *correction)
    }

    /// The name in a spec.
    pub fn name(self) -> &'static str {
        CORRECTIONS.iter().find(|(_, own, _)| *own == self).map_or("", |(name, ..)| name)
    }

    /// Whether the number of states there could be has a part in it.
    pub(super) fn asks_for_possible(self) -> bool {
        matches!(
            self,
            Self::Shrink | Self::ShrinkLocal | Self::Nsb | Self::PanzeriTreves | Self::Bonachela | Self::Reduced
        )
    }

    fn form(self, counts: &Counts) -> Form<'_> {
        let rows = |term: fn(f64, &Counts) -> f64| Form::Rows(Box::new(move |n| term(n, counts)));
        match self {
            Self::None => rows(|n, counts| (counts.rows / n).ln()),
            Self::MillerMadow => rows(miller_madow::term),
            Self::Grassberger => rows(grassberger::term_2003),
            Self::Grassberger1988 => rows(grassberger::term_1988),
            Self::GrassbergerPlusOne => rows(grassberger::term_plus_one),
            Self::ShrinkLocal => rows(shrink::term),
            Self::Zhang => rows(zhang::term),
            Self::ChaoShen => Form::Whole(chao_shen::entropy(counts)),
            Self::ChaoWangJost => Form::Whole(chao_wang_jost::entropy(counts)),
            Self::Shrink => Form::Whole(shrink::entropy(counts)),
            Self::Nsb => Form::Whole(nsb::entropy(counts)),
            Self::PanzeriTreves => Form::Whole(panzeri_treves::entropy(counts)),
            Self::Bonachela => Form::Whole(bonachela::entropy(counts)),
            Self::Jackknife => Form::Whole(jackknife::entropy(counts)),
            Self::Reduced => Form::Whole(reduced::entropy(counts)),
        }
    }

    /// H, nats.
    pub(super) fn entropy(self, counts: &Counts) -> f64 {
        match self.form(counts) {
            Form::Rows(term) => counts.mean(term),
            Form::Whole(entropy) => entropy,
        }
    }

    /// The local term of a row whose state has n rows, where there is such a thing.
    pub(super) fn local(self, counts: &Counts) -> Option<Box<dyn Fn(f64) -> f64 + '_>> {
        match self.form(counts) {
            Form::Rows(term) => Some(term),
            Form::Whole(_) => None,
        }
    }

    /// H(Y|V), nats.
    pub(super) fn conditional(self, joint: &Joint) -> f64 {
        match self {
            Self::PanzeriTreves => panzeri_treves::conditional(joint),
            Self::Reduced => reduced::conditional(joint),
            _ if joint.whole => self.entropy(&joint.both()),
            _ => self.entropy(&joint.both()) - self.entropy(&joint.given()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The correction of these counts, with K as many states as occur or as stated.
    fn bits(name: &str, counts: &[u32], possible: f64) -> f64 {
        let counts = Counts::new(counts.iter().copied(), possible);
        Correction::named(name).unwrap().entropy(&counts) / std::f64::consts::LN_2
    }

    const SMALL: [&[u32]; 5] = [&[2, 1], &[2, 2], &[1, 2, 3], &[10, 5, 3, 1, 1], &[1, 1, 1, 1, 1]];

    #[test]
    fn entropies_of_small_counts() {
        for (name, truths) in [
            ("none", [0.9182958341, 1.0, 1.4591479170, 1.8427376486, 2.3219280949]),
            ("miller-madow", [1.1587450075, 1.1803368801, 1.6995970905, 1.9870071527, 2.8990061112]),
            ("grassberger-1988", [1.5360617086, 1.1496019629, 1.9549762060, 2.1336281794, 3.8760217926]),
            ("grassberger-plus-one", [1.3757622596, 0.9091527894, 1.9950510682, 2.1587660476, 3.8760217926]),
            ("grassberger", [1.4941152901, 0.9473560955, 2.0132169432, 2.1815379294, 4.1546742722]),
            ("chao-shen", [1.5382695755, 1.0666666667, 1.8139237517, 2.0873375426, 5.0305194621]),
            ("chao-wang-jost", [1.3333333333, 1.2022458674, 1.8083524888, 2.0521058144, 4.2144319550]),
            ("shrink", [1.0, 1.0, 1.5849625007, 2.0569258889, 2.3219280949]),
            ("zhang", [1.2022458674, 1.2022458674, 1.7312340491, 2.0016271230, 3.0056146685]),
            ("bonachela", [0.8415721072, 0.8896619419, 1.3754980844, 1.9685145699, 2.2523708291]),
            ("jackknife", [1.4215541688, 1.2451124978, 1.8560241121, 2.0673179304, 3.6096404744]),
        ] {
            for (counts, truth) in SMALL.into_iter().zip(truths) {
                let got = bits(name, counts, counts.len() as f64);
                assert!((got - truth).abs() < 6e-11, "{name} of {counts:?}: {got} instead of {truth}");
            }
        }
    }

    #[test]
    fn nsb_of_small_counts() {
        for (counts, possible, truth, digits) in [
            (&[2, 1][..], 2.0, 0.84966617, 6e-9),
            (&[2, 2], 2.0, 0.90339691, 6e-9),
            (&[10, 5, 3, 1, 1], 5.0, 1.942340, 6e-7),
            (&[10, 5, 3, 1, 1], 8.0, 2.055141, 6e-7),
        ] {
            let got = bits("nsb", counts, possible);
            assert!((got - truth).abs() < digits, "{counts:?}, {possible} states: {got} instead of {truth}");
        }
    }

    #[test]
    fn plenty_of_rows_need_no_correction() {
        let (counts, truth) = ([500_000, 250_000, 125_000, 125_000], 1.75);
        for (name, ..) in CORRECTIONS {
            let got = bits(name, &counts, 4.0);
            assert!((got - truth).abs() < 1e-4, "{name}: {got}");
        }
    }

    #[test]
    fn names_are_one_to_one() {
        for (name, correction, _) in CORRECTIONS {
            assert_eq!((Correction::named(name), correction.name()), (Some(*correction), *name));
        }
        assert_eq!(Correction::named("some"), None);
    }
}
