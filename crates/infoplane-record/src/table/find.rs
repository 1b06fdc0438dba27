//! Columns as users name them: `heart`, `0`, `a,b`, `0..3`, `first..last`, and the name of a wide array.

use super::Table;
use crate::{RecordError, Result};

impl Table {
    /// The places of the columns that `text` names: a list, separated by commas, of names, places from 0, and ranges
    /// that include both ends. A name wins over a place.
    ///
    /// # Errors
    /// [`RecordError::NoColumn`], which lists those there are.
    pub fn find(&self, text: &str) -> Result<Vec<usize>> {
        if let Some(places) = self.named(text)? {
            return Ok(places);
        }
        let mut places = Vec::new();
        for part in text.split(',') {
            places.extend(self.part(part.trim())?);
        }
        Ok(places)
    }

    /// The columns of one part of a list.
    fn part(&self, part: &str) -> Result<Vec<usize>> {
        if let Some(places) = self.named(part)? {
            return Ok(places);
        }
        if let Some(place) = self.placed(part) {
            return Ok(vec![place]);
        }
        let end = |end: &str| self.part(end.trim()).ok().filter(|places| places.len() == 1).map(|places| places[0]);
        match part.split_once("..").map(|(first, last)| (end(first), end(last))) {
            Some((Some(first), Some(last))) if first <= last => Ok((first..=last).collect()),
            _ => Err(self.no_column(part)),
        }
    }

    fn placed(&self, part: &str) -> Option<usize> {
        part.parse().ok().filter(|&place| place < self.columns.len())
    }

    /// The column of this name, or the columns `name[0]` … of a wide array.
    fn named(&self, name: &str) -> Result<Option<Vec<usize>>> {
        let of = |wanted: &dyn Fn(&str) -> bool| -> Vec<usize> {
            (0..self.columns.len()).filter(|&place| wanted(&self.columns[place].name)).collect()
        };
        let exact = of(&|found| found == name);
        if exact.len() > 1 {
            return Err(RecordError::TwoColumns { file: self.name.clone(), name: name.to_owned(), places: exact });
        }
        let wide =
            of(&|found| found.strip_prefix(name).is_some_and(|rest| rest.starts_with('[') && rest.ends_with(']')));
        Ok([exact, wide].into_iter().find(|places| !places.is_empty()))
    }

    fn no_column(&self, wanted: &str) -> RecordError {
        let unread = self.unread.iter().find(|(name, _)| name == wanted).map(|(_, why)| why.clone());
        RecordError::NoColumn {
            file: self.name.clone(),
            wanted: wanted.to_owned(),
            columns: self.columns.iter().map(|column| column.name.clone()).collect(),
            unread,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Header, Table};

    fn table(text: &str) -> Table {
        Table::from_bytes("t.csv", text.as_bytes(), Header::Auto).unwrap()
    }

    #[test]
    fn names_places_lists_and_ranges() {
        let t = table("a,b,c,d\n1,2,3,4\n");
        for (text, places) in [
            ("a", vec![0]),
            ("2", vec![2]),
            ("c,a", vec![2, 0]),
            ("0..3", vec![0, 1, 2, 3]),
            ("b..d", vec![1, 2, 3]),
            ("3, 0..1", vec![3, 0, 1]),
        ] {
            assert_eq!(t.find(text).unwrap(), places, "{text}");
        }
    }

    #[test]
    fn a_name_wins_over_a_place_and_over_the_comma() {
        let t = table("x;1;a,b\n5.5;6;7\n8;9;10\n");
        assert_eq!(t.columns().len(), 3);
        let t = Table::from_bytes("t", b"x;1;a,b\n5.5;6;7\n", Header::Yes).unwrap();
        assert_eq!(t.find("1").unwrap(), [1]);
        assert_eq!(t.find("a,b").unwrap(), [2]);
    }

    #[test]
    fn what_is_not_there_lists_what_is() {
        let t = table("breath,heart\n1,2\n");
        for (text, words) in [
            ("hart", ["no column `hart` in t.csv", "did you mean `heart`?"]),
            ("zebra", ["no column `zebra`", "breath, heart"]),
            ("2", ["no column `2`", "breath, heart"]),
            ("1..0", ["no column `1..0`", "heart"]),
            ("", ["no column ``", "heart"]),
        ] {
            let error = t.find(text).unwrap_err();
            let seen = format!("{error}: {}", infoplane_spec::Coded::hint(&error).unwrap_or_default());
            assert!(words.iter().all(|word| seen.contains(word)), "{seen}");
        }
        let twice = table("a,a\n1,2\n").find("a").unwrap_err().to_string();
        assert!(twice.contains("columns 0 and 1"), "{twice}");
    }
}
