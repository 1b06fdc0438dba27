//! What a plan is refused for.

use infoplane_spec::{Code, Coded, SpecError, did_you_mean};

/// Why a plan does not hold.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// A word that is not one of those allowed.
    #[error("`{key}` cannot be `{got}`")]
    Word {
        /// The key.
        key: &'static str,
        /// What was written.
        got: String,
        /// What is allowed.
        allowed: Vec<String>,
    },
    /// A word stands twice.
    #[error("`{key}` names `{word}` twice")]
    Twice {
        /// The key.
        key: &'static str,
        /// The word.
        word: String,
    },
    /// A number outside its range.
    #[error("`{key}` is {got}, allowed is {allowed}")]
    Number {
        /// The key.
        key: &'static str,
        /// What was written.
        got: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// An option without effect.
    #[error("`{key}` has no effect here: {why}")]
    NoEffect {
        /// The key.
        key: &'static str,
        /// Why not.
        why: &'static str,
    },
    /// Delay 0 under the name of transfer entropy.
    #[error("`te.history.delay` is 0, allowed is at least 1")]
    LagZero,
    /// A tap that is not recorded.
    #[error("`{key}` names the tap `{tap}`, which is not recorded")]
    UnknownTap {
        /// The key.
        key: &'static str,
        /// What was written.
        tap: String,
        /// The taps there are.
        taps: Vec<String>,
    },
    /// A tap without a rule for its symbols.
    #[error("`te.symbols` has no rule for the tap `{tap}`")]
    NoRule {
        /// The tap.
        tap: String,
    },
    /// A pair that runs against the forward order.
    #[error("`te.pairs` has {source_tap} → {target_tap}, but {source_tap} does not come before {target_tap}")]
    Backward {
        /// The source.
        source_tap: String,
        /// The target.
        target_tap: String,
    },
    /// An estimator that cannot read a tap.
    #[error("`mi.estimators`: {estimator} cannot read the tap {tap}: {why}")]
    UnfitTap {
        /// The estimator's spec.
        estimator: String,
        /// The tap.
        tap: String,
        /// Why not.
        why: String,
    },
    /// A window that is longer than an epoch, or too short to embed.
    #[error("`te.window` is {window} samples, allowed is {least} to {most} (an epoch)")]
    Window {
        /// What was written.
        window: usize,
        /// The shortest that can be embedded.
        least: usize,
        /// The epoch's length.
        most: usize,
    },
    /// A schedule of draws that does not fit the training.
    #[error("`{key}`: {why}")]
    At {
        /// The key.
        key: &'static str,
        /// Why not.
        why: String,
    },
    /// A spec that is refused.
    #[error("`{key}`: {error}")]
    Spec {
        /// The key.
        key: &'static str,
        /// The spec's own error.
        error: SpecError,
    },
}

impl PlanError {
    pub(crate) fn word(key: &'static str, got: &str, allowed: &[&str]) -> Self {
        let allowed = allowed.iter().map(|&word| word.to_owned()).collect();
        Self::Word { key, got: got.to_owned(), allowed }
    }

    pub(crate) fn in_key(key: &'static str) -> impl Fn(SpecError) -> Self {
        move |error| Self::Spec { key, error }
    }

    /// The config key the error is about, where there is one.
    pub fn key(&self) -> Option<&'static str> {
        match self {
            Self::Word { key, .. }
            | Self::Twice { key, .. }
            | Self::Number { key, .. }
            | Self::NoEffect { key, .. }
            | Self::UnknownTap { key, .. }
            | Self::At { key, .. }
            | Self::Spec { key, .. } => Some(key),
            Self::LagZero => Some("te.history.delay"),
            Self::NoRule { .. } => Some("te.symbols"),
            Self::Backward { .. } => Some("te.pairs"),
            Self::UnfitTap { .. } => Some("mi.estimators"),
            Self::Window { .. } => Some("te.window"),
        }
    }
}

pub(crate) const CODES: &[Code] = &[
    Code {
        code: "IP0130",
        title: "a plan uses a word that is not known",
        text: "The sections [mi] and [te] name measures, time axes, drivers and adjustments by fixed words. The \
               message lists the words of the key, or the nearest one.",
    },
    Code {
        code: "IP0131",
        title: "a plan has a number outside its range, or the same thing twice",
        text: "Histories, spacings, delays, windows and numbers of draws count from 1; each measure, axis and driver \
               stands once.",
    },
    Code {
        code: "IP0132",
        title: "an option has no effect",
        text: "An option that changes nothing would be a silent misunderstanding, so it is refused.",
    },
    Code {
        code: "IP0133",
        title: "lag 0 is not transfer entropy",
        text: "With delay 0 the source's present is used, which belongs to the same forward pass as the target: that \
               is the conditional mutual information I(y'; x | y⁻), offered under its own name `coupling`. Transfer \
               entropy starts at delay 1.",
    },
    Code {
        code: "IP0134",
        title: "a plan names a tap that is not recorded, or a pair against the forward order",
        text: "Pairs run from an earlier tap to a later one, both must be among
               `record.taps`, and each tap needs a rule for its symbols.",
    },
    Code {
        code: "IP0135",
        title: "an estimator cannot read a tap",
        text: "Cells of equal width need a range. Bounded activations (tanh, sigmoid, softmax) have one; ReLU and \
               identity do not, and a fixed range on them manufactures compression. Use `width:sweep`, or give `bins` \
               its lo and hi.",
    },
    Code {
        code: "IP0136",
        title: "the window does not fit the epoch",
        text: "A window is a stretch of one epoch's stream. It must hold at least one embedded row and be no longer \
               than the epoch: the number of training samples.",
    },
];

fn words(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

impl Coded for PlanError {
    fn code(&self) -> &'static str {
        match self {
            Self::Word { .. } => "IP0130",
            Self::Twice { .. } | Self::Number { .. } | Self::At { .. } => "IP0131",
            Self::NoEffect { .. } => "IP0132",
            Self::LagZero => "IP0133",
            Self::UnknownTap { .. } | Self::NoRule { .. } | Self::Backward { .. } => "IP0134",
            Self::UnfitTap { .. } => "IP0135",
            Self::Window { .. } => "IP0136",
            Self::Spec { error, .. } => error.code(),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Word { got, allowed, .. } => Some(did_you_mean(got, &words(allowed))),
            Self::UnknownTap { tap, taps, .. } => Some(did_you_mean(tap, &words(taps))),
            Self::NoRule { .. } => Some("add a rule for \"*\"".to_owned()),
            Self::LagZero => Some("for the source's present add `coupling` to `te.measures`".to_owned()),
            Self::UnfitTap { .. } => Some("use `width:sweep`, or name the range: `bins:cells=30,lo=0,hi=5`".to_owned()),
            Self::Window { .. } => Some("use \"epoch\", or a length in that range".to_owned()),
            Self::Spec { error, .. } => error.hint(),
            _ => None,
        }
    }
}
