//! Sections of documents that follow from the code: compared with it, or written where `INFOPLANE_WRITE_DOCS` is set
//! (`cargo xtask docs`).

use std::fs;
use std::path::Path;

/// The text between `<!-- NAME -->` and `<!-- end of NAME -->` in a document of the repository is `wanted`.
pub(crate) fn assert_section(document: &str, name: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(document);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{document}: {error}"));
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let (head, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{document} has no section `{name}`"));
    let (found, tail) = rest.split_once(&end).unwrap_or_else(|| panic!("{document}: section `{name}` never ends"));
    if std::env::var_os("INFOPLANE_WRITE_DOCS").is_some() {
        fs::write(&path, format!("{head}{begin}{wanted}{end}{tail}")).unwrap();
    } else {
        let differs = found.lines().zip(wanted.lines()).find(|(found, wanted)| found != wanted);
        assert!(
            found == wanted,
            "{document}, `{name}` is not what the code says; `cargo xtask docs` writes it: {differs:?}"
        );
    }
}
