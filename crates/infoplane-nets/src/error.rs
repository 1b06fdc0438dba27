//! What can go wrong, with codes and remedies.

use infoplane_record::SinkError;
use infoplane_spec::{Code, Coded, SpecError};

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why settings, data or a training were refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the message of each variant says what its fields mean")]
pub enum Error {
    /// Too few layers, or one without units.
    #[error("model.layers = {layers:?}: at least two layers of at least one unit each are needed")]
    Layers { layers: Vec<usize> },
    /// The first layer is not as wide as the data.
    #[error("model.layers begins with {got}, but `{data}` has {features} features")]
    FirstLayer { got: usize, features: usize, data: String },
    /// The last layer is not as wide as there are classes.
    #[error("model.layers ends with {got}, but `{data}` has {classes} classes")]
    LastLayer { got: usize, classes: usize, data: String },
    /// A number outside its range.
    #[error("{key} = {got} is not allowed: it must be {allowed}")]
    Number { key: &'static str, got: f64, allowed: &'static str },
    /// Cross-entropy of outputs that are no probabilities.
    #[error("loss = \"cross-entropy\" with output = \"{output}\": its values are no probabilities")]
    LossWithoutProbability { output: &'static str },
    /// A setting that would do nothing.
    #[error("{key} is set, but has an effect only with {with}")]
    NoEffect { key: &'static str, with: &'static str },
    /// A built-in name with wrong parameters.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// Neither a built-in name nor a file of a known format.
    #[error("data.source = `{got}` is neither a built-in data set nor a file of a known format")]
    UnknownSource { got: String, hint: String },
    /// A file that cannot be opened or read.
    #[error("`{path}` cannot be read: {why}")]
    Read { path: String, why: String },
    /// A file that is not what its name promises.
    #[error("`{path}` is no {format} file: {found}")]
    Format { path: String, format: &'static str, found: String },
    /// A file that ends too early or too late.
    #[error("`{path}` should hold {expected} bytes after its header of {header} bytes, but holds {found}")]
    Size { path: String, header: usize, expected: u64, found: u64 },
    /// As many labels as rows are needed.
    #[error("`{path}` holds {labels} labels for {rows} rows")]
    LabelCount { path: String, labels: usize, rows: usize },
    /// NaN or infinity among the inputs.
    #[error("`{path}`, row {row}, column {column}: {got} is not finite")]
    NotFinite { path: String, row: usize, column: String, got: f64 },
    /// A cell that is no number.
    #[error("`{path}`, row {row}, column {column}: `{got}` is no number")]
    NotANumber { path: String, row: usize, column: String, got: String },
    /// A label that is no whole number.
    #[error("`{path}`, row {row}: the label `{got}` is no whole number")]
    Label { path: String, row: usize, got: String },
    /// Nothing to tell apart.
    #[error("`{path}`: every row has the label {label}; at least two classes are needed")]
    OneClass { path: String, label: i64 },
    /// No rows or no columns.
    #[error("`{path}` holds {rows} rows of {features} features; at least two rows and one feature are needed")]
    Empty { path: String, rows: usize, features: usize },
    /// The file of labels was not found.
    #[error("no file of labels beside `{path}`: looked for {tried}")]
    LabelsNotFound { path: String, tried: String },
    /// A column or array that is not there.
    #[error("`{path}` has no {what} `{name}`; it has {present}")]
    Missing { path: String, what: &'static str, name: String, present: String },
    /// The column of labels was not named.
    #[error("`{path}`: which column holds the labels? data.label is not set; the columns are {present}")]
    LabelUnnamed { path: String, present: String },
    /// An array of another shape.
    #[error("`{path}`: `{name}` has shape {found:?}, but {expected} is needed")]
    Shape { path: String, name: String, found: Vec<usize>, expected: &'static str },
    /// The loss is no longer a number.
    #[error("training diverged at step {step}: loss {loss}")]
    Diverged { step: u64, loss: f64 },
    /// A checkpoint that cannot be read.
    #[error("the checkpoint cannot be read: {why}")]
    Checkpoint { why: String },
    /// A checkpoint of another training.
    #[error("the checkpoint belongs to another training: its {what} differs")]
    CheckpointDiffers { what: &'static str },
    /// What the sink refused.
    #[error("the recorder stopped the training: {0}")]
    Sink(#[source] SinkError),
    /// No such tap.
    #[error("there is no tap `{got}`; this network has {present}")]
    UnknownTap { got: String, present: String },
    /// Probe inputs that do not fit.
    #[error("{what}: got {got}, allowed: {allowed}")]
    Probe { what: &'static str, got: usize, allowed: String },
    /// Too few rows for the split.
    #[error("data.train = {share} of {rows} rows leaves no row to train on")]
    EmptySplit { share: f64, rows: usize },
}

impl Coded for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Layers { .. } => "IP0150",
            Self::FirstLayer { .. } => "IP0151",
            Self::LastLayer { .. } => "IP0152",
            Self::Number { .. } => "IP0153",
            Self::LossWithoutProbability { .. } => "IP0154",
            Self::NoEffect { .. } => "IP0155",
            Self::EmptySplit { .. } => "IP0156",
            Self::Spec(error) => error.code(),
            Self::UnknownSource { .. } => "IP0200",
            Self::Read { .. } => "IP0201",
            Self::Format { .. } => "IP0202",
            Self::Size { .. } => "IP0203",
            Self::LabelCount { .. } => "IP0204",
            Self::NotFinite { .. } => "IP0205",
            Self::NotANumber { .. } => "IP0206",
            Self::Label { .. } => "IP0207",
            Self::OneClass { .. } => "IP0208",
            Self::Empty { .. } => "IP0209",
            Self::LabelsNotFound { .. } => "IP0210",
            Self::Missing { .. } => "IP0211",
            Self::LabelUnnamed { .. } => "IP0212",
            Self::Shape { .. } => "IP0213",
            Self::Diverged { .. } => "IP0601",
            Self::Checkpoint { .. } => "IP0602",
            Self::CheckpointDiffers { .. } => "IP0603",
            Self::Sink(_) => "IP0604",
            Self::UnknownTap { .. } => "IP0605",
            Self::Probe { .. } => "IP0606",
        }
    }

    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Layers { .. } => "list every width from features to classes, such as layers = [12, 10, 7, 2]",
            Self::FirstLayer { features, .. } => return Some(format!("begin model.layers with {features}")),
            Self::LastLayer { classes, .. } => return Some(format!("end model.layers with {classes}")),
            Self::LossWithoutProbability { .. } => "take output = \"softmax\" or \"sigmoid\", or loss = \"mse\"",
            Self::Number { .. } => "change the setting in the config, or with --set",
            Self::NoEffect { .. } => "remove the setting, or change what it depends on",
            Self::EmptySplit { .. } => "raise data.train",
            Self::Spec(error) => return error.hint(),
            Self::UnknownSource { hint, .. } => return Some(hint.clone()),
            Self::Read { .. } => "check the path and that the file is complete",
            Self::Format { .. } => "check that data.source (or data.labels) names the right file",
            Self::Size { .. } => "the file is truncated or damaged: fetch it again",
            Self::LabelCount { .. } => "images and labels must come from the same split of the same data set",
            Self::NotFinite { .. } => "remove or fill these rows before training",
            Self::NotANumber { .. } => "every column but the labels must be numbers; remove or encode the others",
            Self::Label { .. } => "number the classes: whole numbers, one for each class",
            Self::Empty { .. } => "check that the right file was named and that it is complete",
            Self::LabelsNotFound { .. } => "name the file: labels = \"path\" in [data]",
            Self::Missing { .. } => "check the name against those present",
            Self::LabelUnnamed { .. } => "name it: label = \"column\" in [data]",
            Self::Shape { .. } => "save x as [rows, features] and y as [rows]",
            Self::Diverged { .. } => "lower train.lr, or scale the inputs (data.scale)",
            Self::Checkpoint { .. } => "the run cannot be resumed; train it anew with --force",
            Self::UnknownTap { .. } => "name one of those present, or a glob that meets them",
            Self::Probe { .. } => "take rows of the data set, each with all its features",
            Self::OneClass { .. } => "check that the right labels were named",
            Self::CheckpointDiffers { .. } => "resume with the configuration and seed that began the run",
            Self::Sink(_) => return None,
        };
        Some(text.to_owned())
    }
}

/// The codes of this crate, for `infoplane explain`.
pub const CODES: &[Code] = &[
    Code {
        code: "IP0150",
        title: "the list of layers is too short",
        text: "model.layers lists the width of every layer, from the number of input features to the number of classes, \
               so it has at least two entries, and none may be 0.",
    },
    Code {
        code: "IP0151",
        title: "the first layer does not fit the data",
        text: "The first entry of model.layers must be the number of features of the data. The message names both.",
    },
    Code {
        code: "IP0152",
        title: "the last layer does not fit the data",
        text: "The last entry of model.layers must be the number of classes of the data. The message names both.",
    },
    Code {
        code: "IP0153",
        title: "a number of [data] or [train] is out of range",
        text: "Epochs and batch are at least 1, the learning rate lies above 0, momentum in [0, 1), the share that \
               trains in (0, 1]. The message names the setting, what it got and what is allowed.",
    },
    Code {
        code: "IP0154",
        title: "cross-entropy needs outputs that are probabilities",
        text: "The cross-entropy is the negative logarithm of a probability, which only a softmax or sigmoid output \
               gives. With an identity or tanh output take the mean squared error, loss = \"mse\".",
    },
    Code {
        code: "IP0155",
        title: "a setting has no effect here",
        text: "A setting without effect would be a silent mistake, so it is refused: momentum belongs to sgd, \
               `labels` to IDX files, `label` to CSV files.",
    },
    Code {
        code: "IP0156",
        title: "the split leaves no row to train on",
        text: "data.train is the share of the rows that trains. With so few rows the share rounds to none.",
    },
    Code {
        code: "IP0200",
        title: "the source of data is not known",
        text: "data.source is the name of a built-in data set (ib12, digits) or the path of a file whose name ends in \
               .csv, .npz, or holds -idx3- or .idx3- (IDX, the format of the MNIST family; plain or .gz).",
    },
    Code {
        code: "IP0201",
        title: "a data file cannot be read",
        text: "The file is missing, may not be read, or its compression is damaged. The message says which.",
    },
    Code {
        code: "IP0202",
        title: "a data file is not of the expected format",
        text: "The first bytes, or the structure, are not those of the format that the name promises. For IDX: two \
               zero bytes, the type 8 (unsigned bytes), and the number of dimensions.",
    },
    Code {
        code: "IP0203",
        title: "a data file is truncated, or longer than its header says",
        text: "The header of an IDX file says how many values follow. The message says how many bytes were expected and found.",
    },
    Code {
        code: "IP0204",
        title: "there are more or fewer labels than rows",
        text: "Each row needs exactly one label. Images and labels often come in two files: both must be of the same split.",
    },
    Code {
        code: "IP0205",
        title: "an input is not finite",
        text: "NaN or infinity would spread through the network and every estimate. The message names row and column, \
               counted from 0 (in a CSV file the first row below the header is row 0).",
    },
    Code {
        code: "IP0206",
        title: "an input is no number",
        text: "Every column of a CSV file but the labels is an input and must hold numbers. The message names row and column.",
    },
    Code {
        code: "IP0207",
        title: "a label is no whole number",
        text: "Classes are written as whole numbers. They need not begin at 0 nor be without gaps: they are numbered \
               in ascending order.",
    },
    Code {
        code: "IP0208",
        title: "there is only one class",
        text: "With one label for all rows there is nothing to learn and H(Y) = 0.",
    },
    Code { code: "IP0209", title: "the data are empty", text: "At least two rows and one feature are needed." },
    Code {
        code: "IP0210",
        title: "the labels of an IDX file were not found",
        text: "Beside `…images-idx3-ubyte` the labels are looked for as `…labels-idx1-ubyte`, plain and as .gz \
               (and with a dot in place of the first hyphen). Name them with data.labels if they are elsewhere.",
    },
    Code {
        code: "IP0211",
        title: "a column or array is missing",
        text: "An NPZ file needs the arrays x and y, a CSV file the column named by data.label. The message lists those present.",
    },
    Code {
        code: "IP0212",
        title: "the column of labels is not named",
        text: "A CSV file may hold its labels in any column, so data.label must name it.",
    },
    Code {
        code: "IP0213",
        title: "an array has the wrong shape",
        text: "x is [rows, features] (further dimensions are flattened), y is [rows].",
    },
    Code {
        code: "IP0601",
        title: "training diverged",
        text: "The loss became infinite or NaN: the weights ran away. Most often the learning rate is too high, or the \
               inputs are large and not scaled. The run is closed as failed; its snapshots up to there stay readable.",
    },
    Code {
        code: "IP0602",
        title: "a checkpoint cannot be read",
        text: "The saved state is damaged or was written by a version with another format.",
    },
    Code {
        code: "IP0603",
        title: "a checkpoint belongs to another training",
        text: "Resuming needs the data, model, training settings and seed that began the run, else the rows would not \
               be those of an unbroken run.",
    },
    Code {
        code: "IP0604",
        title: "the recorder stopped the training",
        text: "Writing or measuring failed, for example because the disk is full. The message carries the cause.",
    },
    Code {
        code: "IP0605",
        title: "there is no such tap",
        text: "Taps of a dense network are input, fc1.pre, fc1, …, logits, out and label.",
    },
    Code {
        code: "IP0606",
        title: "the probe does not fit",
        text: "Probe rows are indices into the data set, and probe inputs are as wide as the first layer.",
    },
];
