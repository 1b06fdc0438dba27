//! Local values as CSV.

use std::fmt::Write as _;
use std::path::Path;

use infoplane::files::Answer;

use crate::failure::Failure;
use crate::written::write_new;

/// Writes `row,value`, one line for each row of the file that has a value.
pub(super) fn write(path: &Path, answers: &[Answer], force: bool) -> Result<(), Failure> {
    let [Answer { local: Some(terms), .. }] = answers else {
        let message = format!("local values belong to one estimate, and {} were asked for", answers.len());
        return Err(Failure::new("IP0162", message).hint("ask for one direction and one delay"));
    };
    let mut text = "row,value\n".to_owned();
    for (row, value) in terms {
        let _ = writeln!(text, "{row},{value}");
    }
    write_new(path, text.as_bytes(), force)
}
