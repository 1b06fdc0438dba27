//! One column: numbers, or words with a number for each.

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name: from the header, the schema or the array, else its place.
    pub name: String,
    /// What stands in it.
    pub cells: Cells,
}

/// The cells of a column, one a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Numbers; NaN where missing.
    Numbers(Vec<f64>),
    /// Words.
    Words {
        /// The number of each row's word; NaN where missing.
        codes: Vec<f64>,
        /// The words in alphabetical order; their places are their numbers.
        words: Vec<String>,
        /// The first cell that is no number: its row and text, where others in the column *are* numbers.
        odd: Option<(usize, String)>,
    },
}

impl Column {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.values().len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers, or the words' numbers.
    pub(super) fn values(&self) -> &[f64] {
        match &self.cells {
            Cells::Numbers(values) | Cells::Words { codes: values, .. } => values,
        }
    }

    pub(super) fn numbers(name: impl Into<String>, values: Vec<f64>) -> Self {
        Self { name: name.into(), cells: Cells::Numbers(values) }
    }

    /// Gives each word its number; `None` is missing.
    pub(super) fn words(name: impl Into<String>, cells: &[Option<&str>], odd: Option<(usize, String)>) -> Self {
        let mut words: Vec<&str> = cells.iter().flatten().copied().collect();
        words.sort_unstable();
        words.dedup();
        let code = |cell: Option<&str>| cell.map_or(f64::NAN, |word| words.partition_point(|&w| w < word) as f64);
        let codes = cells.iter().copied().map(code).collect();
        Self {
            name: name.into(),
            cells: Cells::Words { codes, words: words.into_iter().map(str::to_owned).collect(), odd },
        }
    }
}
