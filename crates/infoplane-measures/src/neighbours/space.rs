//! The columns of one joint space, and the metric that measures distances in it.

/// How far apart two rows of a [`Space`] are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Metric {
    /// max |a − b| over the columns.
    #[default]
    Maximum,
    /// √Σ(a − b)² over the columns, summed in their order.
    Euclidean,
}

/// Columns of one joint space, all equally long, as a structure of arrays.
///
/// ```
/// use infoplane_measures::neighbours::{Metric, Space};
///
/// let (x, y) = ([0.0, 3.0], [0.0, -4.0]);
/// let space = Space::new(&[&x, &y]);
/// assert_eq!((space.rows(), space.dim(), space.distance(0, 1)), (2, 2, 4.0));
/// assert_eq!(space.with(Metric::Euclidean).distance(0, 1), 5.0);
/// ```
#[derive(Debug, Clone)]
pub struct Space<'a> {
    columns: Vec<&'a [f64]>,
    metric: Metric,
}

impl<'a> Space<'a> {
    /// The space of these columns, under the max-norm. Values must be finite.
    ///
    /// # Panics
    /// If there is no column, or columns differ in length.
    pub fn new(columns: &[&'a [f64]]) -> Self {
        assert!(!columns.is_empty(), "a space has at least one column");
        assert!(columns.iter().all(|column| column.len() == columns[0].len()), "columns of a space are equally long");
        Self { columns: columns.to_vec(), metric: Metric::Maximum }
    }

    /// The space of all columns of several blocks, one block after the other.
    ///
    /// # Panics
    /// As [`Space::new`].
    pub fn of_blocks(blocks: &[&'a [Vec<f64>]]) -> Self {
        Self::new(&blocks.iter().flat_map(|block| block.iter().map(Vec::as_slice)).collect::<Vec<_>>())
    }

    /// The same columns under another metric.
    #[must_use]
    pub fn with(mut self, metric: Metric) -> Self {
        self.metric = metric;
        self
    }

    /// Number of observations.
    pub fn rows(&self) -> usize {
        self.columns[0].len()
    }

    /// Number of columns.
    pub fn dim(&self) -> usize {
        self.columns.len()
    }

    /// The metric.
    pub fn metric(&self) -> Metric {
        self.metric
    }

    /// The columns, each as long as there are rows.
    pub fn columns(&self) -> &[&'a [f64]] {
        &self.columns
    }

    /// The distance of two rows: the one definition that every engine reproduces to the last bit.
    ///
    /// # Panics
    /// If a row number is not below [`Space::rows`].
    pub fn distance(&self, a: usize, b: usize) -> f64 {
        let differences = self.columns.iter().map(|column| column[a] - column[b]);
        match self.metric {
            Metric::Maximum => differences.fold(0.0, |most, difference| f64::max(most, difference.abs())),
            Metric::Euclidean => differences.fold(0.0, |sum, difference| sum + difference * difference).sqrt(),
        }
    }
}
