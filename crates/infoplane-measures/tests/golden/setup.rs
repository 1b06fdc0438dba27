//! What a record means here: an estimator, an embedding, a normalisation.

use infoplane_measures::transforms::standardise;
use infoplane_measures::{Chosen, Embedded, Embedding, Estimate, History, Result, Samples, entropy, estimator};

use crate::records::Record;

/// A record in our words.
pub(crate) struct Setup {
    pub(crate) spec: String,
    pub(crate) embedding: Embedding,
    /// Of the conditional's past.
    pub(crate) conditional: History,
    /// Y is read this many rows later (MI only).
    pub(crate) lag: usize,
    /// Each column of the embedded variables with mean 0 and standard deviation 1.
    pub(crate) standardised: bool,
}

impl Setup {
    pub(crate) fn new(spec: impl Into<String>) -> Self {
        let (embedding, conditional) = (Embedding::default(), History::default());
        Self { spec: spec.into(), embedding, conditional, lag: 0, standardised: false }
    }

    pub(crate) fn chosen(&self) -> Result<Chosen> {
        estimator(&self.spec)
    }

    /// The rows of the measure.
    pub(crate) fn rows<'a>(&self, role: &str, inputs: &'a [Samples<'a>]) -> Result<Embedded<'a>> {
        let history = self.embedding.target();
        let rows = match (role, inputs) {
            ("TE", [x, y, ..]) => Embedded::te(x, y, &[], &self.embedding),
            ("CTE", [x, y, z]) => Embedded::te(x, y, &[(z, self.conditional)], &self.embedding),
            ("AIS", [x]) => Embedded::ais(x, history),
            ("CMI", [x, y, z]) => Embedded::cmi(x, y, z),
            ("MI", [x, y]) => self.lagged(x, y),
            _ => panic!("no such measure: {role} of {} inputs", inputs.len()),
        }?;
        if self.standardised { rows.standardised() } else { Ok(rows) }
    }

    fn lagged<'a>(&self, x: &'a Samples<'a>, y: &'a Samples<'a>) -> Result<Embedded<'a>> {
        let n = x.rows();
        let mut rows = Embedded::cmi(x, y, &Samples::empty(n))?;
        if self.lag > 0 {
            rows.x = x.select(0..n - self.lag);
            rows.y = y.select(self.lag..n);
            rows.z = Samples::empty(n - self.lag);
        }
        Ok(rows)
    }

    /// The estimate of any measure.
    pub(crate) fn estimate(&self, role: &str, inputs: &[Samples]) -> Result<Estimate> {
        let chosen = self.chosen()?;
        match role {
            "H" if self.standardised => entropy(chosen.entropy()?, &standardise("x", &inputs[0])?),
            "H" => entropy(chosen.entropy()?, &inputs[0]),
            _ => self.rows(role, inputs)?.estimate(chosen.information()),
        }
    }

    /// The value, or as many local terms as the record has; in nats. Tools put zeros before the first embedded row.
    pub(crate) fn answer(&self, record: &Record) -> Result<Vec<f64>> {
        let estimate = self.estimate(record.role(), &record.samples())?;
        if !record.is_local() {
            return Ok(vec![estimate.nats]);
        }
        let first = if record.role() == "TE" { self.embedding.first_row() } else { 0 };
        let local = estimate.local.unwrap_or_default();
        Ok(std::iter::repeat_n(0.0, first).chain(local).take(record.values.len()).collect())
    }
}
