//! What can go wrong here, each with a code and its explanation.

use std::path::{Path, PathBuf};

use infoplane_spec::{Code, Coded, did_you_mean};

/// A result whose error is [`RecordError`].
pub type Result<T, E = RecordError> = std::result::Result<T, E>;

/// Why a schedule, a tap selection, a run directory or an `.npz` file was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// No cadence.
    #[error("every = `{got}` is no schedule: write `log:20`, `log:20@step`, `saxe`, `epoch:5` or a list of epochs")]
    Cadence {
        /// What was written.
        got: String,
    },
    /// A training without a step, or with more than can be counted.
    #[error("a schedule wants at least one step: got {epochs} epochs of {steps_per_epoch} steps")]
    NoSteps {
        /// Passes over the data.
        epochs: u64,
        /// Optimiser steps in each.
        steps_per_epoch: u64,
    },
    /// A listed epoch beyond the end.
    #[error("every lists epoch {epoch}, but the training ends after epoch {epochs}")]
    ListedEpoch {
        /// What was listed.
        epoch: u64,
        /// The last epoch.
        epochs: u64,
    },
    /// More snapshots than anyone could want.
    #[error("more than {most} snapshots would be due in {epochs} epochs")]
    TooManySnapshots {
        /// Passes over the data.
        epochs: u64,
        /// The limit.
        most: u64,
    },
    /// Patterns that select nothing.
    #[error("taps: {why}")]
    TapPattern {
        /// What is wrong.
        why: String,
    },
    /// A pattern that names no tap of this network.
    #[error("taps: `{pattern}` names no tap of this network")]
    UnknownTap {
        /// What was written.
        pattern: String,
        /// The taps there are.
        taps: Vec<String>,
    },
    /// A value that `[record]` does not allow.
    #[error("{key} = `{got}` in [record] is not allowed: {allowed}")]
    Setting {
        /// The key.
        key: &'static str,
        /// What was written.
        got: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// The file system refused.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Something stands where a run or sweep was to be made.
    #[error("`{}` exists", path.display())]
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// Neither a run nor a sweep.
    #[error("`{}` is neither a run nor a sweep: it holds no {wanted}", path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
        /// The missing file.
        wanted: &'static str,
    },
    /// Another process writes to the run.
    #[error("process {pid} still writes to `{}`", path.display())]
    LiveWriter {
        /// The run.
        path: PathBuf,
        /// Its process.
        pid: u32,
    },
    /// The run was made with another config.
    #[error("the config of `{}` differs from the one given, first at line {line}: `{stored}` there, `{given}` here", path.display())]
    ConfigDiffers {
        /// The run.
        path: PathBuf,
        /// First line that differs, counted from 1.
        line: usize,
        /// That line in the run.
        stored: String,
        /// That line in the config given.
        given: String,
    },
    /// Nothing is left to resume.
    #[error("`{}` is finished: nothing is left to resume", path.display())]
    Finished {
        /// The run.
        path: PathBuf,
    },
    /// Written by a newer infoplane.
    #[error("`{}` has schema {found}, this program reads up to {known}", path.display())]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: u64,
        /// The newest schema known here.
        known: u64,
    },
    /// A file of a run does not hold what it should.
    #[error("`{}` is damaged: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        why: String,
    },
    /// An `.npz` or `.npy` that cannot be read.
    #[error("{}: {why}", place(path.as_deref(), array))]
    Npz {
        /// The file, if it is one.
        path: Option<PathBuf>,
        /// The array, empty for the file as a whole.
        array: String,
        /// What is wrong.
        why: String,
    },
    /// An array in a form that is not read here.
    #[error("{}: {found} is not read here", place(path.as_deref(), array))]
    NpzForm {
        /// The file, if it is one.
        path: Option<PathBuf>,
        /// The array.
        array: String,
        /// The form found: a data type, an order.
        found: String,
    },
    /// A folder that is not ours to replace.
    #[error("`{}` is not replaced: {why}", path.display())]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// What it lacks.
        why: String,
    },
    /// A row whose value is no number.
    #[error("the row {row} has the value {value}")]
    NotANumber {
        /// Measure, taps and step of the row.
        row: String,
        /// NaN or an infinity.
        value: f64,
    },
    /// A path that leads out of its folder.
    #[error("the path `{path}` in `{}` leads out of its folder", file.display())]
    Outside {
        /// The file that holds it.
        file: PathBuf,
        /// The path.
        path: String,
    },
    /// A data file that cannot be opened.
    #[error("cannot read the data file `{}`: {source}", path.display())]
    NoFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A column that the data file does not have.
    #[error("no column `{wanted}` in {file}{}", unread.as_ref().map(|why| format!(": {why}")).unwrap_or_default())]
    NoColumn {
        /// The file.
        file: String,
        /// What was asked for.
        wanted: String,
        /// The columns there are.
        columns: Vec<String>,
        /// Why a part of the file of that name is no column.
        unread: Option<String>,
    },
    /// A name that two columns have.
    #[error("`{name}` is the name of columns {} in {file}", join(places))]
    TwoColumns {
        /// The file.
        file: String,
        /// The name.
        name: String,
        /// Their places, from 0.
        places: Vec<usize>,
    },
    /// A data file that does not follow its format.
    #[error("{place}: {why}")]
    Table {
        /// The file; line and column where it has them.
        place: String,
        /// What is wrong.
        why: String,
    },
    /// A word where numbers are wanted.
    #[error("{place}: `{got}` in column `{column}` is no number")]
    NotANumberCell {
        /// The file, line and column.
        place: String,
        /// The column's name.
        column: String,
        /// What stands there.
        got: String,
        /// Whether other cells of the column are numbers.
        among_numbers: bool,
    },
    /// A missing value where none is allowed.
    #[error("{place}: the cell of column `{column}` is missing")]
    MissingCell {
        /// The file, line and column.
        place: String,
        /// The column's name.
        column: String,
    },
    /// A number with a fraction where symbols are wanted.
    #[error("{place}: {got} in column `{column}` is no whole number")]
    NotWhole {
        /// The file, line and column.
        place: String,
        /// The column's name.
        column: String,
        /// What stands there.
        got: f64,
    },
    /// Arrays of different lengths where one observation is a row of all.
    #[error("in {file} `{}` has {} rows and `{}` has {}", other.0, other.1, first.0, first.1)]
    ColumnLengths {
        /// The file.
        file: String,
        /// One column and its rows.
        first: (String, usize),
        /// Another.
        other: (String, usize),
    },
}

fn join(places: &[usize]) -> String {
    places.iter().map(usize::to_string).collect::<Vec<_>>().join(" and ")
}

fn place(path: Option<&Path>, array: &str) -> String {
    match (path, array) {
        (Some(path), "") => format!("`{}`", path.display()),
        (Some(path), array) => format!("array `{array}` in `{}`", path.display()),
        (None, "") => "the .npz data".to_owned(),
        (None, array) => format!("array `{array}`"),
    }
}

impl Coded for RecordError {
    fn code(&self) -> &'static str {
        match self {
            Self::Cadence { .. } => "IP0180",
            Self::NoSteps { .. } => "IP0181",
            Self::ListedEpoch { .. } => "IP0182",
            Self::TooManySnapshots { .. } => "IP0183",
            Self::TapPattern { .. } => "IP0184",
            Self::UnknownTap { .. } => "IP0185",
            Self::Setting { .. } => "IP0186",
            Self::Io { .. } => "IP0400",
            Self::Exists { .. } => "IP0401",
            Self::NotARun { .. } => "IP0402",
            Self::LiveWriter { .. } => "IP0403",
            Self::ConfigDiffers { .. } => "IP0404",
            Self::Finished { .. } => "IP0405",
            Self::NewerSchema { .. } => "IP0406",
            Self::Damaged { .. } => "IP0407",
            Self::Npz { .. } => "IP0408",
            Self::NpzForm { .. } => "IP0409",
            Self::NotOurs { .. } => "IP0410",
            Self::NotANumber { .. } => "IP0411",
            Self::Outside { .. } => "IP0412",
            Self::NoFile { .. } => "IP0187",
            Self::NoColumn { .. } => "IP0188",
            Self::TwoColumns { .. } => "IP0189",
            Self::Table { .. } => "IP0230",
            Self::NotANumberCell { .. } => "IP0231",
            Self::MissingCell { .. } => "IP0232",
            Self::NotWhole { .. } => "IP0233",
            Self::ColumnLengths { .. } => "IP0234",
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::ListedEpoch { epochs, .. } => format!("list epochs from 0 to {epochs}, or train longer"),
            Self::TooManySnapshots { .. } => "take `log:20`".into(),
            Self::UnknownTap { pattern, taps } => {
                let taps: Vec<&str> = taps.iter().map(String::as_str).collect();
                did_you_mean(pattern.trim_start_matches('!'), &taps)
            }
            Self::Exists { .. } => "give another folder, go on with --resume, or replace it with --force".into(),
            Self::LiveWriter { .. } => "wait for it or end it, then try again".into(),
            Self::ConfigDiffers { .. } => "resume with the run's own config.toml, or start anew with --force".into(),
            Self::NewerSchema { .. } => "update infoplane".into(),
            Self::NpzForm { .. } => {
                "save it as a C-ordered little-endian array of numbers: np.ascontiguousarray(a).astype(\"<f4\")".into()
            }
            Self::NoColumn { wanted, columns, .. } => columns_there(wanted, columns),
            Self::TwoColumns { .. } => "name the column by its place".into(),
            Self::NotANumberCell { among_numbers: true, .. } => {
                "correct the cell; a missing value is written as an empty cell, NaN, NA, N/A, null or None".into()
            }
            Self::NotANumberCell { .. } => {
                "a column of words can be used as symbols (estimator `plugin`) and as trials".into()
            }
            Self::MissingCell { .. } => {
                "fill it in, or leave out the rows that need it with `--missing mask` (a trial \
                                         must be known for every row)"
                    .into()
            }
            Self::NotWhole { .. } => "make symbols of real values, such as `--symbols quantile:3`".into(),
            Self::NotOurs { .. } => "give another folder, or move this one away".into(),
            _ => return None,
        })
    }
}

/// The codes of this crate, for `infoplane explain`.
pub const CODES: &[Code] = &[
    Code {
        code: "IP0180",
        title: "`every` does not read as a schedule",
        text: "A schedule is `log:20` (20 snapshots per decade of epochs, 1 to 1000), `log:20@step` (per decade of \
               optimiser steps), `saxe` (every epoch up to 20, every 5th up to 100, every 20th up to 2000, then every \
               100th), `epoch:5` (every 5th epoch) or a list of epochs such as [0, 1, 2, 5]. The initial weights and \
               the last step are always included.",
    },
    Code {
        code: "IP0181",
        title: "the training has no steps",
        text: "A schedule is resolved for a number of epochs and of optimiser steps in each; both must be at least 1.",
    },
    Code {
        code: "IP0182",
        title: "a listed epoch lies beyond the end of training",
        text: "A list under `every` names epochs done, from 0 to the number of epochs trained. An epoch that is never \
               reached would be a snapshot that never comes, so it is refused.",
    },
    Code {
        code: "IP0183",
        title: "too many snapshots would be due",
        text: "More than a million snapshots is taken for a mistake. A logarithmic schedule shows the early phase \
               finely and the late one coarsely with far fewer: 71 for 10 000 epochs at `log:20`.",
    },
    Code {
        code: "IP0184",
        title: "the tap patterns select nothing",
        text: "`taps` is a list of globs: `*` stands for any characters, `?` for one, and a pattern behind `!` removes. \
               `*` takes every tap but the pre-activations (`fc1.pre`) and `label`, which are taken by name. At least \
               one tap must be left.",
    },
    Code {
        code: "IP0185",
        title: "a tap pattern names no tap",
        text: "Every pattern must match a tap of this network, since one without effect is most likely a slip. The \
               names are `input`, `fc1.pre`, `fc1` and so on, `logits`, `out` and `label`.",
    },
    Code {
        code: "IP0186",
        title: "a value in [record] is not allowed",
        text: "The message names the key, what it got and what is allowed.",
    },
    Code {
        code: "IP0187",
        title: "a data file cannot be read",
        text: "The file does not exist, is a folder, or may not be read. The message says what the system answered.",
    },
    Code {
        code: "IP0188",
        title: "a column that the data file does not have",
        text: "Columns are named as in the header, the Parquet schema or the archive, or by their place from 0; several \
               are separated by commas or written as a range that includes both ends (`0..3`, `a,b`). The message lists \
               those there are. Parts of a file that cannot be columns (nested Parquet columns, arrays of more than two \
               axes, texts in an archive) are not among them.",
    },
    Code {
        code: "IP0189",
        title: "a name that two columns have",
        text: "Two columns of the file carry the name, so it says nothing: name the column by its place, from 0.",
    },
    Code {
        code: "IP0230",
        title: "a data file does not follow its format",
        text: "Every line of a text holds as many cells as the first, divided by tabs, semicolons, commas or blanks, in \
               UTF-8; quotes close on the line that opened them; lines that begin with `#` are left out. A Parquet, NPY \
               or NPZ file must be whole. The message names the line (from 1) and the column (from 0) where there are \
               such.",
    },
    Code {
        code: "IP0231",
        title: "a cell is no number",
        text: "An estimator of real values needs numbers, with a point as decimal mark. Among numbers a word is taken \
               for a mistake; a column of words only can be used as symbols, and any column as trials.",
    },
    Code {
        code: "IP0232",
        title: "a value is missing",
        text: "An empty cell, NaN, NA, N/A, null or None is a missing value. Leaving such rows out of a series would close \
               gaps in time, so it is not done unasked. With `--missing mask` a row of the embedding exists only where \
               every value it needs is there; time is never closed up.",
    },
    Code {
        code: "IP0233",
        title: "a number with a fraction where symbols are wanted",
        text: "Estimators of symbols count how often each occurs, which says nothing of real numbers: each occurs once. \
               Make symbols of them first: `--symbols quantile:3`, `--symbols bins:8,lo=0,hi=1`, `--symbols ordinal:3`.",
    },
    Code {
        code: "IP0234",
        title: "columns of different lengths",
        text: "Variables that are compared are observed together, so they have the same number of rows. Arrays of one \
               archive may differ in length, but not those used together.",
    },
    Code {
        code: "IP0400",
        title: "the file system refused",
        text: "A file or folder of a run could not be read or written: it is missing, the disk is full, or the rights \
               do not suffice. The message says what was tried and what the system answered.",
    },
    Code {
        code: "IP0401",
        title: "the output folder exists",
        text: "A run never writes into a folder that stands already, so that no result is lost by accident. `--resume` \
               goes on with the run in it, `--force` replaces it, or choose another folder.",
    },
    Code {
        code: "IP0402",
        title: "the folder is no run",
        text: "A run holds manifest.json, a sweep (a folder of runs) sweep.json. The folder named has neither, or the \
               one that is wanted is missing.",
    },
    Code {
        code: "IP0403",
        title: "another process writes to the run",
        text: "The manifest names a process that is still alive, or was heard from within the last two minutes. Two \
               writers would destroy each other's results, so the second is refused.",
    },
    Code {
        code: "IP0404",
        title: "the config differs from that of the run",
        text: "A run is resumed with the very config it was begun with; otherwise its rows would not be those of an \
               unbroken run. The message shows the first line that differs.",
    },
    Code {
        code: "IP0405",
        title: "the run is finished",
        text: "Only a run that stopped before its end can be resumed.",
    },
    Code {
        code: "IP0406",
        title: "the run was written by a newer infoplane",
        text: "The schema number in manifest.json or sweep.json is higher than this program knows, so that its files \
               could be misread. Older schemas are read.",
    },
    Code {
        code: "IP0407",
        title: "a file of the run is damaged",
        text: "A file does not hold what the format says. A last line cut in half by a kill is ignored without error; \
               this is something else, such as a line in the middle, or a manifest that was edited.",
    },
    Code {
        code: "IP0408",
        title: "an .npz file cannot be read",
        text: "The file is cut short, is no zip archive of .npy arrays, or claims sizes that do not fit its content. \
               A file that would unpack to far more than it holds is refused before memory is taken.",
    },
    Code {
        code: "IP0409",
        title: "an array has a form that is not read here",
        text: "Arrays are read in C order, little-endian, of the types f4, f8, i1, i2, i4, i8, u1, u2, u4, u8 and b1. \
               Strings, objects, structures, half precision, complex numbers, big-endian and Fortran-ordered arrays \
               must be converted first.",
    },
    Code {
        code: "IP0410",
        title: "the folder is not replaced",
        text: "`--force` replaces only what infoplane wrote: a folder with its sweep.json or manifest.json, into which \
               nothing writes any more. `demo` replaces only what a demo wrote.",
    },
    Code {
        code: "IP0411",
        title: "a result is not a number",
        text: "An estimate came out as NaN or infinite. Results are saved only as numbers, so the run stops here: it is \
               a mistake of the estimator or of its input, and the message names the row.",
    },
    Code {
        code: "IP0412",
        title: "a path leads out of its folder",
        text: "Paths inside a sweep are relative and stay inside its folder, so that it can be moved and shared. This \
               one does not, and is not followed.",
    },
];

/// The nearest column, and all if they are few.
fn columns_there(wanted: &str, columns: &[String]) -> String {
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let shown = names.iter().take(20).copied().collect::<Vec<_>>().join(", ");
    let more = if names.len() > 20 { format!(" … ({} in all)", names.len()) } else { String::new() };
    let near = infoplane_spec::closest(wanted, names.iter().copied());
    let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    format!("{near}columns (also by place, from 0): {shown}{more}")
}

#[cfg(feature = "formats")]
impl RecordError {
    /// A data file that does not follow its format.
    pub(crate) fn table(place: &str, why: impl Into<String>) -> Self {
        Self::Table { place: place.to_owned(), why: why.into() }
    }

    /// Wraps what the system said.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }

    pub(crate) fn damaged(path: &Path, why: impl std::fmt::Display) -> Self {
        Self::Damaged { path: path.to_owned(), why: why.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once_and_in_its_range() {
        for pair in CODES.windows(2) {
            assert!(pair[0].code < pair[1].code, "{}", pair[1].code);
        }
        assert!(CODES.iter().all(|code| ["IP018", "IP023", "IP04"].iter().any(|family| code.code.starts_with(family))));
        let error = RecordError::Cadence { got: "x".into() };
        assert!(CODES.iter().any(|code| code.code == error.code()));
    }
}
