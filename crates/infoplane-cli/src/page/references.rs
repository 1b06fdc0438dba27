//! The papers behind the numbers, as a list and as BibTeX.

use super::html::{details, escape, verbatim};

/// One paper.
struct Reference {
    key: &'static str,
    kind: &'static str,
    authors: &'static str,
    title: &'static str,
    place: &'static str,
    year: u16,
    doi: Option<&'static str>,
    arxiv: Option<&'static str>,
}

const REFERENCES: &[Reference] = &[
    Reference {
        key: "moldovan2023",
        kind: "inproceedings",
        authors: "Adrian Moldovan and Angel Caţaron and Răzvan Andonie",
        title: "Information Plane Analysis Visualization in Deep Learning via Transfer Entropy",
        place: "27th International Conference Information Visualisation (IV)",
        year: 2023,
        doi: None,
        arxiv: Some("2404.01364"),
    },
    Reference {
        key: "schreiber2000",
        kind: "article",
        authors: "Thomas Schreiber",
        title: "Measuring Information Transfer",
        place: "Physical Review Letters 85, 461",
        year: 2000,
        doi: Some("10.1103/PhysRevLett.85.461"),
        arxiv: None,
    },
    Reference {
        key: "shwartzziv2017",
        kind: "misc",
        authors: "Ravid Shwartz-Ziv and Naftali Tishby",
        title: "Opening the Black Box of Deep Neural Networks via Information",
        place: "arXiv",
        year: 2017,
        doi: None,
        arxiv: Some("1703.00810"),
    },
    Reference {
        key: "saxe2018",
        kind: "article",
        authors: "Andrew M. Saxe and Yamini Bansal and Joel Dapello and Madhu Advani and Artemy Kolchinsky and Brendan D. \
                  Tracey and David D. Cox",
        title: "On the information bottleneck theory of deep learning",
        place: "ICLR 2018; Journal of Statistical Mechanics 2019, 124020",
        year: 2018,
        doi: Some("10.1088/1742-5468/ab3985"),
        arxiv: None,
    },
    Reference {
        key: "kolchinsky2017",
        kind: "article",
        authors: "Artemy Kolchinsky and Brendan D. Tracey",
        title: "Estimating Mixture Entropy with Pairwise Distances",
        place: "Entropy 19(7), 361",
        year: 2017,
        doi: Some("10.3390/e19070361"),
        arxiv: None,
    },
    Reference {
        key: "benjamini1995",
        kind: "article",
        authors: "Yoav Benjamini and Yosef Hochberg",
        title: "Controlling the False Discovery Rate: A Practical and Powerful Approach to Multiple Testing",
        place: "Journal of the Royal Statistical Society B 57(1), 289–300",
        year: 1995,
        doi: Some("10.1111/j.2517-6161.1995.tb02031.x"),
        arxiv: None,
    },
    Reference {
        key: "phipson2010",
        kind: "article",
        authors: "Belinda Phipson and Gordon K. Smyth",
        title: "Permutation P-values Should Never Be Zero: Calculating Exact P-values When Permutations Are Randomly Drawn",
        place: "Statistical Applications in Genetics and Molecular Biology 9(1), 39",
        year: 2010,
        doi: Some("10.2202/1544-6115.1585"),
        arxiv: None,
    },
];

/// A link to a reference, by its key.
///
/// # Panics
/// If there is no such reference: a mistake of the page, not of the data.
pub(crate) fn cite(key: &str) -> String {
    let place = REFERENCES.iter().position(|reference| reference.key == key);
    let place = place.unwrap_or_else(|| panic!("no reference `{key}`"));
    format!("[<a href=\"#ref-{key}\">{}</a>]", place + 1)
}

pub(crate) fn body() -> String {
    let list: String = REFERENCES.iter().map(item).collect();
    let bibtex: Vec<String> = REFERENCES.iter().map(bibtex).chain([software()]).collect();
    format!("<ol class=refs>\n{list}</ol>\n{}", details("BibTeX", &verbatim("BibTeX", &bibtex.join("\n"))))
}

fn item(reference: &Reference) -> String {
    let Reference { key, title, place, year, .. } = reference;
    let authors = reference.authors.replace(" and ", ", ");
    format!(
        "<li id=\"ref-{key}\">{} ({year}). <cite>{}</cite>. {}. {}\n",
        escape(&authors),
        escape(title),
        escape(place),
        link(reference)
    )
}

fn link(reference: &Reference) -> String {
    match (reference.doi, reference.arxiv) {
        (Some(doi), _) => format!("<a href=\"https://doi.org/{doi}\">doi:{doi}</a>"),
        (None, Some(arxiv)) => format!("<a href=\"https://arxiv.org/abs/{arxiv}\">arXiv:{arxiv}</a>"),
        (None, None) => String::new(),
    }
}

fn bibtex(reference: &Reference) -> String {
    let Reference { key, kind, authors, title, place, year, .. } = reference;
    let holder = match *kind {
        "article" => "journal",
        "inproceedings" => "booktitle",
        _ => "howpublished",
    };
    let identifier = match (reference.doi, reference.arxiv) {
        (Some(doi), _) => format!("  doi = {{{doi}}},\n"),
        (None, Some(arxiv)) => format!("  eprint = {{{arxiv}}},\n  archiveprefix = {{arXiv}},\n"),
        (None, None) => String::new(),
    };
    format!(
        "@{kind}{{{key},\n  author = {{{authors}}},\n  title = {{{title}}},\n  {holder} = {{{place}}},\n  year = {{{year}}},\n{identifier}}}\n"
    )
}

fn software() -> String {
    format!(
        "@software{{infoplane,\n  author = {{{{infoplane developers}}}},\n  title = {{infoplane}},\n  version = {{{}}},\n}}\n",
        env!("CARGO_PKG_VERSION")
    )
}
