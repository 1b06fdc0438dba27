//! Codes: every error and warning a user can meet has one, and a text that explains it.

/// One code with its explanation, as `infoplane explain CODE` prints it.
///
/// Families: `IP01` usage and config, `IP02` input data, `IP03` warnings on numbers, `IP04` run directory,
/// `IP05` estimation, `IP06` training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// `IP` and four digits.
    pub code: &'static str,
    /// One line, without a full stop.
    pub title: &'static str,
    /// What it means, why it happens and what to do, in plain words.
    pub text: &'static str,
}

/// An error that carries a code and, where there is one, the remedy.
pub trait Coded: std::error::Error {
    /// The code, such as `IP0102`.
    fn code(&self) -> &'static str;

    /// What the user can do about it, in one sentence.
    fn hint(&self) -> Option<String> {
        None
    }
}
