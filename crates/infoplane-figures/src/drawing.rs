//! A drawing: the scene, the sentence and the table of one figure.

use crate::scene::Scene;

/// One figure, drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// Title of the figure.
    pub title: String,
    /// What is to be seen, in one sentence: the alternative text.
    pub summary: String,
    pub(crate) scene: Scene,
    pub(crate) table: Vec<Vec<String>>,
}

impl Drawing {
    /// The figure as SVG with inline attributes only: no ids, styles, scripts or fonts to load.
    pub fn svg(&self) -> String {
        self.scene.svg(&self.title, &self.summary)
    }

    /// The numbers drawn, header first.
    pub fn table(&self) -> Vec<Vec<String>> {
        self.table.clone()
    }

    /// Width and height in CSS pixels.
    pub fn size(&self) -> (f64, f64) {
        (self.scene.width, self.scene.height)
    }
}
