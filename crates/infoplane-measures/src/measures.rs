//! What is measured: every measure is I(X; Y | Z), whatever the estimator.
//!
//! ```text
//! mi        I(x; y)                         te        I(y'; x⁻ | y⁻)            ais  I(y'; y⁻)
//! cmi       I(x; y | z)                     cte       I(y'; x⁻ | y⁻, c⁻)        entropy H(x)
//! coupling  I(y'; x' x⁻… | y⁻): the source's history begins at its present value
//! given     H(X|L) = Σ p(l) H(X | L = l)
//! ```
//! Prime: the target's next value, minus: histories, see [`crate::embedding`]. Unit: nats.
//!
//! Transfer entropy: T. Schreiber, doi:10.1103/PhysRevLett.85.461. Active information storage: J. T. Lizier,
//! M. Prokopenko, A. Y. Zomaya, doi:10.1016/j.ins.2012.04.016.

use crate::embedding::{Embedding, History};
use crate::families::{Renyi, Tsallis};
use crate::{Embedded, Error, Estimate, Result, Samples};

/// An estimator of entropy. It is one of [`Information`] too: I(X; Y|Z) = H(XZ) + H(YZ) − H(XYZ) − H(Z).
pub trait Entropy: Send + Sync {
    /// H(X).
    ///
    /// # Errors
    /// Whatever the estimator refuses.
    fn entropy(&self, x: &Samples) -> Result<Estimate>;

    /// What [`Information::prepare`] gives for this estimator: the four entropies, those of (y, z) once. Only an
    /// estimator that gains from another way to the same sum has its own.
    ///
    /// # Errors
    /// Whatever the estimator refuses.
    fn prepare_information<'a>(&'a self, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Box<dyn Prepared + 'a>> {
        Ok(Box::new(FourEntropies::new(self, y, z)?))
    }

    /// Its Rényi entropies, if it has them.
    fn renyi_family(&self) -> Option<&dyn Renyi> {
        None
    }

    /// Its Tsallis entropies, if it has them.
    fn tsallis_family(&self) -> Option<&dyn Tsallis> {
        None
    }
}

/// An estimator of conditional mutual information, from which every other measure follows.
///
/// An estimator implements one of the two traits, never both: the compiler sees to it.
pub trait Information: Send + Sync {
    /// I(X; Y | Z). An empty Z gives I(X; Y).
    ///
    /// # Errors
    /// Whatever the estimator refuses.
    fn cmi(&self, x: &Samples, y: &Samples, z: &Samples) -> Result<Estimate>;

    /// Prepares everything of (y, z) once, for any x: surrogates and scans over sources move only x.
    ///
    /// ```
    /// use infoplane_measures::{Information, PlugIn, Samples};
    ///
    /// let (y, none) = (Samples::symbols(&[0, 1, 1, 0], 1)?, Samples::empty(4));
    /// let plugin = PlugIn::default();
    /// let prepared = plugin.prepare(&y, &none)?;
    /// assert!(prepared.cmi(&y)?.nats > 0.69);
    /// assert_eq!(prepared.cmi(&Samples::symbols(&[3, 3, 3, 3], 1)?)?.nats, 0.0);
    /// # Ok::<(), infoplane_measures::Error>(())
    /// ```
    ///
    /// # Errors
    /// Whatever the estimator refuses.
    fn prepare<'a>(&'a self, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Box<dyn Prepared + 'a>> {
        Ok(Box::new(Again { estimate: move |x: &Samples| self.cmi(x, y, z) }))
    }
}

impl<E: Entropy + ?Sized> Information for E {
    fn cmi(&self, x: &Samples, y: &Samples, z: &Samples) -> Result<Estimate> {
        self.prepare_information(y, z)?.cmi(x)
    }

    fn prepare<'a>(&'a self, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Box<dyn Prepared + 'a>> {
        self.prepare_information(y, z)
    }
}

impl<E: Entropy + ?Sized> Entropy for Box<E> {
    fn entropy(&self, x: &Samples) -> Result<Estimate> {
        (**self).entropy(x)
    }

    fn prepare_information<'a>(&'a self, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Box<dyn Prepared + 'a>> {
        (**self).prepare_information(y, z)
    }
}

/// An estimator with y and z fixed.
pub trait Prepared: Send + Sync {
    /// I(X; Y | Z) for this X.
    ///
    /// # Errors
    /// Whatever the estimator refuses.
    fn cmi(&self, x: &Samples) -> Result<Estimate>;

    /// I(X; Y | Z) for several X, as if one by one; local terms may be left out. All pairs of series ask it for all
    /// sources of a target.
    ///
    /// # Errors
    /// Whatever the estimator refuses.
    fn several(&self, xs: &[Samples]) -> Result<Vec<Estimate>> {
        xs.iter().map(|x| self.cmi(x)).collect()
    }

    /// The values, in nats, for X with its rows in other orders: in the d-th of them row i is row `orders[d][i]` of `x`.
    /// Surrogates ask it. Noise against ties belongs to x and moves with its rows.
    ///
    /// # Errors
    /// Whatever the estimator refuses.
    fn reordered(&self, x: &Samples, orders: &[Vec<u32>]) -> Result<Vec<f64>> {
        let moved: Vec<Samples> = orders.iter().map(|order| x.select(order.iter().map(|&row| row as usize))).collect();
        Ok(self.several(&moved)?.into_iter().map(|estimate| estimate.nats).collect())
    }
}

/// For estimators that gain nothing from preparing.
struct Again<F> {
    estimate: F,
}

impl<F: Fn(&Samples) -> Result<Estimate> + Send + Sync> Prepared for Again<F> {
    fn cmi(&self, x: &Samples) -> Result<Estimate> {
        (self.estimate)(x)
    }
}

/// I(X; Y|Z) from entropies.
struct FourEntropies<'a, E: ?Sized> {
    estimator: &'a E,
    y: &'a Samples<'a>,
    z: &'a Samples<'a>,
    /// H(YZ) − H(Z).
    own: Estimate,
}

impl<'a, E: Entropy + ?Sized> FourEntropies<'a, E> {
    fn new(estimator: &'a E, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Self> {
        observed("y", y)?;
        z.same_rows("z", y, "y")?;
        y.whole("y")?;
        z.whole("z")?;
        let own = match z.dim() {
            0 => Self::joint(estimator, y, &[("y", y)])?,
            _ => {
                Self::joint(estimator, &y.beside(z)?, &[("y", y), ("z", z)])? - Self::joint(estimator, z, &[("z", z)])?
            }
        };
        Ok(Self { estimator, y, z, own })
    }

    /// The entropy of a variable made of these, whose names stand in what it refuses.
    fn joint(estimator: &E, whole: &Samples, parts: &[(&'static str, &Samples)]) -> Result<Estimate> {
        let widths: Vec<(&'static str, usize)> = parts.iter().map(|(name, part)| (*name, part.dim())).collect();
        estimator.entropy(whole).map_err(|error| error.of_parts(&widths))
    }
}

impl<E: Entropy + ?Sized> Prepared for FourEntropies<'_, E> {
    fn cmi(&self, x: &Samples) -> Result<Estimate> {
        observed("x", x)?;
        x.same_rows("x", self.y, "y")?;
        x.whole("x")?;
        let (xz, xyz) = (x.beside(self.z)?, x.beside(self.y)?.beside(self.z)?);
        let both = Self::joint(self.estimator, &xz, &[("x", x), ("z", self.z)])?;
        Ok(both + self.own.clone() - Self::joint(self.estimator, &xyz, &[("x", x), ("y", self.y), ("z", self.z)])?)
    }
}

/// Refuses a variable without columns or rows.
pub(crate) fn observed(argument: &'static str, samples: &Samples) -> Result<()> {
    match (samples.dim(), samples.rows()) {
        (0, _) => Err(Error::NoColumns { argument }),
        (_, 0) => Err(Error::TooShort { argument, got: 0, wanted: 1 }),
        _ => Ok(()),
    }
}

/// H(X).
///
/// # Errors
/// Whatever the estimator refuses.
pub fn entropy(estimator: &dyn Entropy, x: &Samples) -> Result<Estimate> {
    match x.missing() {
        None => estimator.entropy(x),
        Some(_) => estimator.entropy(&Embedded::cmi(x, x, &Samples::empty(x.rows()))?.x),
    }
}

/// H(X|L), L a label for each row: for a layer, L = class gives H(T|Y).
///
/// ```
/// use infoplane_measures::{PlugIn, Samples, entropy, given};
///
/// // Within each class the coin is fair in one and fixed in the other.
/// let x = Samples::symbols(&[0, 1, 0, 1, 1, 1, 1, 1], 1)?;
/// let conditional = given(&PlugIn::default(), &x, &[0, 0, 0, 0, 7, 7, 7, 7])?;
/// assert!((conditional.nats - 0.5 * 2.0_f64.ln()).abs() < 1e-15);
/// # Ok::<(), infoplane_measures::Error>(())
/// ```
///
/// # Errors
/// [`Error::Lengths`] if there is not one label for each row, or whatever the estimator refuses.
pub fn given(estimator: &dyn Entropy, x: &Samples, labels: &[u32]) -> Result<Estimate> {
    if labels.len() != x.rows() {
        return Err(Error::Lengths { argument: "labels", got: labels.len(), other: "x", wanted: x.rows() });
    }
    let mut rows: Vec<usize> = (0..x.rows()).collect();
    rows.sort_by_key(|&row| labels[row]);
    let mut whole = Estimate { n: x.rows(), local: Some(vec![0.0; x.rows()]), ..Estimate::default() };
    for class in rows.chunk_by(|&a, &b| labels[a] == labels[b]) {
        let part = estimator.entropy(&x.select(class.iter().copied()))?;
        whole.nats += part.nats * class.len() as f64 / x.rows() as f64;
        whole.notes.extend(part.notes);
        whole.local = spread(whole.local, part.local, class);
    }
    Ok(whole)
}

/// Puts the local terms of a class back into their rows.
fn spread(whole: Option<Vec<f64>>, part: Option<Vec<f64>>, rows: &[usize]) -> Option<Vec<f64>> {
    let (mut whole, part) = (whole?, part?);
    rows.iter().zip(part).for_each(|(&row, term)| whole[row] = term);
    Some(whole)
}

/// I(X; Y).
///
/// ```
/// use infoplane_measures::{PlugIn, Samples, mi};
///
/// let (x, y) = (Samples::symbols(&[0, 0, 1, 1], 1)?, Samples::symbols(&[0, 1, 0, 1], 1)?);
/// assert_eq!(mi(&PlugIn::default(), &x, &y)?.nats, 0.0);
/// # Ok::<(), infoplane_measures::Error>(())
/// ```
///
/// # Errors
/// Whatever the estimator refuses.
pub fn mi(estimator: &dyn Information, x: &Samples, y: &Samples) -> Result<Estimate> {
    Embedded::cmi(x, y, &Samples::empty(y.rows()))?.estimate(estimator)
}

/// I(X; Y | Z).
///
/// ```
/// use infoplane_measures::{PlugIn, Samples, cmi};
///
/// // y = x XOR z
/// let [x, y, z] = [[0, 0, 1, 1], [0, 1, 1, 0], [0, 1, 0, 1]];
/// let [x, y, z] = [Samples::symbols(&x, 1)?, Samples::symbols(&y, 1)?, Samples::symbols(&z, 1)?];
/// assert_eq!(cmi(&PlugIn::default(), &x, &y, &z)?.bits(), 1.0);
/// # Ok::<(), infoplane_measures::Error>(())
/// ```
///
/// # Errors
/// Whatever the estimator refuses.
pub fn cmi(estimator: &dyn Information, x: &Samples, y: &Samples, z: &Samples) -> Result<Estimate> {
    Embedded::cmi(x, y, z)?.estimate(estimator)
}

/// Transfer entropy from `source` to `target`: I(y'; x⁻ | y⁻).
///
/// # Errors
/// [`Error::Embedding`], [`Error::Lengths`] or [`Error::TooShort`], or whatever the estimator refuses.
pub fn te(estimator: &dyn Information, source: &Samples, target: &Samples, embedding: &Embedding) -> Result<Estimate> {
    cte(estimator, source, target, &[], embedding)
}

/// Conditional transfer entropy: I(y'; x⁻ | y⁻, c⁻), where each further series brings its own history.
///
/// ```
/// use infoplane_measures::{Embedding, History, PlugIn, Samples, cte};
///
/// // The driver explains both series, so nothing is left for x to say.
/// let driver: Vec<u32> = (0..400).map(|t: u32| t.wrapping_mul(2654435761) >> 30).collect();
/// let follow = |lag: usize| (0..400).map(|t| driver[t.max(lag) - lag] / 2).collect::<Vec<u32>>();
/// let (x, y) = (follow(0), follow(1));
/// let [x, y, c] = [Samples::symbols(&x, 1)?, Samples::symbols(&y, 1)?, Samples::symbols(&driver, 1)?];
/// let left = cte(&PlugIn::default(), &x, &y, &[(&c, History::default())], &Embedding::default())?;
/// assert_eq!(left.nats, 0.0);
/// # Ok::<(), infoplane_measures::Error>(())
/// ```
///
/// # Errors
/// As [`te`].
pub fn cte(
    estimator: &dyn Information,
    source: &Samples,
    target: &Samples,
    conditionals: &[(&Samples, History)],
    embedding: &Embedding,
) -> Result<Estimate> {
    Embedded::te(source, target, conditionals, embedding)?.estimate(estimator)
}

/// Coupling from `source` to `target`: I(y'; x' x⁻… | y⁻), the source's `l` values ending at the present one. It sees
/// what passes within one forward pass; it is no transfer entropy. `embedding.delay` has no part in it.
///
/// # Errors
/// As [`te`].
pub fn coupling(
    estimator: &dyn Information,
    source: &Samples,
    target: &Samples,
    embedding: &Embedding,
) -> Result<Estimate> {
    Embedded::coupling(source, target, embedding)?.estimate(estimator)
}

/// Active information storage: I(y'; y⁻), how much of the next value its own history holds.
///
/// # Errors
/// [`Error::Embedding`] or [`Error::TooShort`], or whatever the estimator refuses.
pub fn ais(estimator: &dyn Information, target: &Samples, history: History) -> Result<Estimate> {
    Embedded::ais(target, history)?.estimate(estimator)
}
