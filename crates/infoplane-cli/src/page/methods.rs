//! Methods: what was measured, how, with which nulls; written from the rows, to be pasted into a paper.

use infoplane_record::Row;

use super::html::{escape, paragraph};
use super::references::cite;
use super::{Report, distinct, rules};

pub(crate) fn body(report: &Report) -> String {
    let rows = &report.rows;
    let te = any(rows, |row| row.measure == "te" || row.measure == "tie");
    let parts = [
        if te { transfer_entropy(rows) } else { String::new() },
        if any(rows, |row| row.measure == "coupling") { coupling() } else { String::new() },
        if any(rows, |row| row.source.is_some()) { nulls(rows) } else { String::new() },
        if any(rows, |row| row.given.is_some()) { drivers(rows) } else { String::new() },
        if any(rows, |row| row.layer.is_some()) { plane(rows) } else { String::new() },
        verdict_rules(),
    ];
    parts.concat()
}

fn any(rows: &[Row], holds: impl Fn(&Row) -> bool) -> bool {
    rows.iter().any(holds)
}

/// The different values of a field, as a list in words.
fn listed<'r>(rows: &'r [Row], field: impl Fn(&'r Row) -> Option<&'r str>) -> String {
    distinct(rows.iter().filter_map(field)).join(", ")
}

fn heading(text: &str) -> String {
    format!("<h3>{}</h3>\n", escape(text))
}

/// A paragraph of markup with citations in it.
fn cited(text: &str) -> String {
    format!("<p>{text}</p>\n")
}

fn transfer_entropy(rows: &[Row]) -> String {
    let symbols = listed(rows, |row| row.symbols.as_deref());
    let axes = listed(rows, |row| row.time.as_deref().filter(|_| row.source.is_some()));
    let orders = listed(rows, |row| row.order.as_deref().filter(|_| row.source.is_some()));
    let estimators = listed(rows, |row| row.source.is_some().then_some(row.estimator.as_str()));
    heading("Transfer entropy between layers")
        + &cited(&format!(
            "Each unit of a recorded layer gives a series over samples, turned to symbols ({}). For each pair of units \
             of two layers the transfer entropy {} from source x to target y is the plug-in estimate ({}) with histories \
             and delay as the rows state, here written for history 1 and delay 1, after Moldovan, Caţaron and Andonie {}:",
            code_list(&symbols),
            cite("schreiber2000"),
            code_list(&estimators),
            cite("moldovan2023")
        ))
        + TE_FORMULA
        + &paragraph("A layer pair is the mean over its unit pairs, constant units included, in bits.")
        + &paragraph(&format!(
            "A value depends on its time axis, which every figure names. Here: {axes}; order of samples: {orders}. On \
             `samples`, t runs over training samples as the training pass computed them; on `probe`, over a fixed labelled \
             set with frozen weights. Within one forward pass a layer acts on the next for the same sample, so at lag 1 over \
             shuffled samples the true value is 0 and what the estimate shows is its own bias, the floor:"
        ))
        + FLOOR_FORMULA
        + &paragraph(
            "with N embedded rows and r the number of source (target) states that occur with this target past. A \
             value is read against its floor and its surrogates, never against 0.",
        )
}

fn coupling() -> String {
    heading("Coupling within one forward pass")
        + &paragraph(
            "The source's present in place of its past gives the conditional mutual information of two layers within \
             the same forward pass. It is shown under its own name, coupling, and is not transfer entropy:",
        )
        + COUPLING_FORMULA
        + &paragraph("Both are also read as a share of their ceiling, the entropy of the target given its past.")
}

fn nulls(rows: &[Row]) -> String {
    let names = listed(rows, |row| row.null.as_deref().filter(|_| row.source.is_some()));
    let draws = rows.iter().filter(|row| row.source.is_some()).filter_map(|row| row.draws).max().unwrap_or(0);
    let drawn = match draws {
        0 => "No surrogates were drawn; p-values are analytic (2·N·TE in nats is compared with χ²). ".to_owned(),
        _ => format!(
            "Surrogates: {}, {draws} draws. One draw moves the rows of the whole source layer, so its units stay together \
             and the null of a layer mean has the right spread. With b draws at or above the observed value, p = \
             (b + 1)/(n + 1) {}, which is never 0; the effective value is the value minus the mean of the draws. ",
            code_list(&names),
            cite("phipson2010")
        ),
    };
    heading("Nulls and tests")
        + &cited(&format!(
            "{drawn}Unit pairs take the analytic p-value and are adjusted over the pairs of a layer pair by Benjamini and \
             Hochberg {}; a pair counts as significant at q &lt; .05.",
            cite("benjamini1995")
        ))
}

fn drivers(rows: &[Row]) -> String {
    let given = listed(rows, |row| row.given.as_deref());
    heading("Common drivers")
        + &cited(&format!(
            "Two drivers can pass for transfer: the class, where samples are ordered by class, and the drift of the \
             weights along an epoch. Transfer entropy is therefore also estimated given the driver ({}): inside each stratum \
             of N<sub>s</sub> rows, weighted by N<sub>s</sub>/N, with the degrees of freedom of the floor added. What \
             vanishes there was the driver's.",
            code_list(&given)
        ))
}

fn plane(rows: &[Row]) -> String {
    let estimators = listed(rows, |row| row.layer.is_some().then_some(family(&row.estimator)));
    heading("Mutual information with input and label")
        + &cited(&format!(
            "The information plane {} shows each layer T by I(X;T) and I(T;Y). In a deterministic network with continuous T, \
             I(X;T) is infinite or constant; a plotted value is a property of the chosen cells or noise {}. The estimator, \
             its scale, N and the ceiling log<sub>2</sub> N therefore stand beside each value, and a value within 2 % of the \
             ceiling is no reading. X is the identity of the input, so I(X;T) = H(T) of the discretised layer and has no \
             permutation null; I(T;Y) is tested against permuted labels.",
            cite("shwartzziv2017"),
            cite("saxe2018")
        ))
        + MI_FORMULA
        + &cited(&format!(
            "Estimators here: {}. <code>width</code> and <code>bins</code> count cells; <code>kde</code> gives the upper and \
             lower bounds of Kolchinsky and Tracey {} for Gaussian noise of the stated variance.",
            code_list(&estimators),
            cite("kolchinsky2017")
        ))
}

/// The estimator without its parameters, so that a sweep of scales is named once.
fn family(estimator: &str) -> &str {
    estimator.split(':').next().unwrap_or(estimator)
}

fn verdict_rules() -> String {
    heading("How the findings are judged")
        + &paragraph(
            "Each finding is a rule applied to the rows: yes if it holds in every seed, no if it fails in every seed, \
             unclear otherwise, no reading where a ceiling or missing test leaves nothing to judge. From three seeds on the \
             interval is the t interval of 95 % over seeds; with fewer the seeds are counted and IP0304 is raised. “As \
             published” applies the rule to raw means; “corrected” takes floor, surrogates, driver and ceiling into account.",
        )
        + &rules::list()
}

fn code_list(names: &str) -> String {
    if names.is_empty() {
        return "as the rows state".to_owned();
    }
    names.split(", ").map(|name| format!("<code>{}</code>", escape(name))).collect::<Vec<_>>().join(", ")
}

const TE_FORMULA: &str = "<math display=block aria-label=\"TE from x to y is the sum over y prime, y, x of p of y prime, y, x \
times log 2 of p of y prime given y, x over p of y prime given y\"><mrow><mi>TE</mi><mo stretchy=false>(</mo><mi>x</mi>\
<mo>→</mo><mi>y</mi><mo stretchy=false>)</mo><mo>=</mo><munder><mo>∑</mo><mrow><mi>y′</mi><mo>,</mo>\
<mi>y</mi><mo>,</mo><mi>x</mi></mrow></munder><mi>p</mi><mo stretchy=false>(</mo><mi>y′</mi><mo>,</mo>\
<mi>y</mi><mo>,</mo><mi>x</mi><mo stretchy=false>)</mo><mspace width=0.2em /><msub><mi>log</mi><mn>2</mn></msub>\
<mfrac><mrow><mi>p</mi><mo stretchy=false>(</mo><mi>y′</mi><mo>|</mo><mi>y</mi><mo>,</mo><mi>x</mi>\
<mo stretchy=false>)</mo></mrow><mrow><mi>p</mi><mo stretchy=false>(</mo><mi>y′</mi><mo>|</mo>\
<mi>y</mi><mo stretchy=false>)</mo></mrow></mfrac><mo>,</mo><mspace width=0.6em /><mi>y′</mi><mo>=</mo>\
<msub><mi>y</mi><mi>t</mi></msub><mo>,</mo><mi>y</mi><mo>=</mo><msub><mi>y</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub>\
<mo>,</mo><mi>x</mi><mo>=</mo><msub><mi>x</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub></mrow></math>\n";

const FLOOR_FORMULA: &str = "<math display=block aria-label=\"floor is the sum over occurring y of r x minus 1 times r y prime \
minus 1, over 2 N log 2\"><mrow><mi>floor</mi><mo>=</mo><mfrac><mrow><munder><mo>∑</mo><mi>y</mi></munder><mo stretchy=false>(</mo>\
<msub><mi>r</mi><mi>x</mi></msub><mo>−</mo><mn>1</mn><mo stretchy=false>)</mo><mo stretchy=false>(</mo><msub><mi>r</mi>\
<mi>y′</mi></msub><mo>−</mo><mn>1</mn><mo stretchy=false>)</mo></mrow><mrow><mn>2</mn><mi>N</mi>\
<mspace width=0.2em /><mi>ln</mi><mspace width=0.15em /><mn>2</mn></mrow></mfrac><mspace width=0.4em /><mtext>bits</mtext><mo>,</mo><mspace width=0.5em />\
<mfrac><mn>1</mn><mrow><mi>N</mi><mspace width=0.2em /><mi>ln</mi><mspace width=0.15em /><mn>2</mn></mrow></mfrac>\
<mspace width=0.4em /><mtext>for two binary units</mtext></mrow></math>\n";

const COUPLING_FORMULA: &str = "<math display=block aria-label=\"coupling is the mutual information of y t and x t given y t minus 1\">\
<mrow><mi>coupling</mi><mo stretchy=false>(</mo><mi>x</mi><mo>→</mo><mi>y</mi><mo stretchy=false>)</mo><mo>=</mo><mi>I</mi>\
<mo stretchy=false>(</mo><msub><mi>y</mi><mi>t</mi></msub><mo>;</mo><msub><mi>x</mi><mi>t</mi></msub><mo>|</mo>\
<msub><mi>y</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub><mo stretchy=false>)</mo></mrow></math>\n";

const MI_FORMULA: &str = "<math display=block aria-label=\"I of X and T is H of T minus H of T given X; I of T and Y is H of T \
minus H of T given Y\"><mrow><mi>I</mi><mo stretchy=false>(</mo><mi>X</mi><mo>;</mo><mi>T</mi><mo stretchy=false>)</mo><mo>=</mo>\
<mi>H</mi><mo stretchy=false>(</mo><mi>T</mi><mo stretchy=false>)</mo><mo>−</mo><mi>H</mi><mo stretchy=false>(</mo><mi>T</mi>\
<mo>|</mo><mi>X</mi><mo stretchy=false>)</mo><mo>,</mo><mspace width=0.8em /><mi>I</mi><mo stretchy=false>(</mo><mi>T</mi><mo>;</mo><mi>Y</mi>\
<mo stretchy=false>)</mo><mo>=</mo><mi>H</mi><mo stretchy=false>(</mo><mi>T</mi><mo stretchy=false>)</mo><mo>−</mo><mi>H</mi>\
<mo stretchy=false>(</mo><mi>T</mi><mo>|</mo><mi>Y</mi><mo stretchy=false>)</mo></mrow></math>\n";
