//! The few pieces of HTML that the page is written with.

/// Text as content or as a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

/// A name as an anchor: letters, digits and hyphens.
pub(crate) fn anchor(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// A section with its heading.
pub(crate) fn section(id: &str, heading: &str, body: &str) -> String {
    format!("<section id=\"{id}\">\n<h2>{}</h2>\n{body}</section>\n", escape(heading))
}

/// A part that opens when asked.
pub(crate) fn details(summary: &str, body: &str) -> String {
    format!("<details><summary>{}</summary>\n{body}</details>\n", escape(summary))
}

/// Plain text in which `code` stands between backticks.
pub(crate) fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(at, part)| match at % 2 {
        0 => escape(part),
        _ => format!("<code>{}</code>", escape(part)),
    });
    parts.collect::<Vec<_>>().concat()
}

/// A paragraph of [`prose`].
pub(crate) fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", prose(text))
}

/// A table in a box of its own that scrolls sideways; cells are plain text, numbers stand right.
///
/// End tags that HTML lets go are left out: tables are most of the page's bytes.
pub(crate) fn table<H: AsRef<str>, C: AsRef<str>>(caption: &str, header: &[H], rows: &[Vec<C>]) -> String {
    let numeric: Vec<bool> = (0..header.len()).map(|at| column_is_numeric(rows, at)).collect();
    // Most columns hold numbers, so the class is the other cells'.
    let cell = |tag: &str, at: usize, text: &str| match numeric.get(at) {
        Some(true) => format!("<{tag}>{}", escape(text)),
        _ => format!("<{tag} class=t>{}", escape(text)),
    };
    let line = |tag: &str, cells: &mut dyn Iterator<Item = &str>| {
        let cells: String = cells.enumerate().map(|(at, text)| cell(tag, at, text)).collect();
        format!("<tr>{cells}\n")
    };
    let head = line("th scope=col", &mut header.iter().map(AsRef::as_ref));
    let body: String = rows.iter().map(|row| line("td", &mut row.iter().map(AsRef::as_ref))).collect();
    let label = escape(if caption.is_empty() { "numbers" } else { caption });
    let caption = if caption.is_empty() { String::new() } else { format!("<caption>{label}</caption>") };
    format!(
        "<div class=scroll tabindex=0 role=region aria-label=\"{label}\"><table class=data>{caption}\n\
         <thead>{head}</thead><tbody>{body}</tbody></table></div>\n"
    )
}

fn column_is_numeric<C: AsRef<str>>(rows: &[Vec<C>], at: usize) -> bool {
    let mut cells =
        rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.as_ref().trim()).filter(|cell| !cell.is_empty());
    let numeric = |cell: &str| cell.trim_end_matches([' ', '%']).parse::<f64>().is_ok();
    cells.clone().next().is_some() && cells.all(numeric)
}

/// A text kept as it stands, such as a config.
pub(crate) fn verbatim(label: &str, text: &str) -> String {
    format!("<pre tabindex=0 role=region aria-label=\"{}\">{}</pre>\n", escape(label), escape(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_name_becomes_markup() {
        assert_eq!(escape("<b a=\"1\">&'"), "&lt;b a=&quot;1&quot;&gt;&amp;&#39;");
        assert!(table("c", &["x<y"], &[vec!["<script>"]]).contains("x&lt;y"));
        assert_eq!(prose("set `a<b` here"), "set <code>a&lt;b</code> here");
        assert_eq!(anchor("ib12 tanh/te-time"), "ib12-tanh-te-time");
    }

    #[test]
    fn columns_of_numbers_stand_right() {
        let text = table("c", &["run", "n"], &[vec!["a", "1"], vec!["b", "2.5 %"]]);
        assert!(text.contains("<td class=t>a<td>1"), "{text}");
    }
}
