//! Floor 0 · `names`: what a user name looks like. `аna` with a Cyrillic `а` is another name than `ana`, and nobody can see it.

use std::collections::BTreeSet;

use unicode_security::confusable_detection::skeleton;

use super::Username;

impl Username {
    /// What this name looks like: two names of which one look is the same are taken for each other.
    ///
    /// A look is a skeleton of UTS 39 §4 (letters that look the same are one letter): of the name in small letters, in capitals, and
    /// as it is written. The first finds `аna` for `ana`, the second `МARIA` with a Cyrillic `М` for `Maria`, the third
    /// `PauIo` with a capital `i` for `paulo`. Within ASCII the table holds for one `0` and `O`, `1` and `l` and `I`, `m` and `rn`.
    pub(crate) fn looks(&self) -> BTreeSet<String> {
        let skeleton = |text: &str| skeleton(text).collect::<String>();
        let small = skeleton(&self.key());
        let capitals = skeleton(&self.as_str().to_uppercase());
        // The skeleton writes I, l and 1 as l; marked, it is not taken for the L of `Lara`, who does not look like `Iara`.
        let written = skeleton(self.as_str()).replace('l', "|").to_lowercase();
        BTreeSet::from([small, capitals, written])
    }
}

#[cfg(test)]
mod tests {
    use unicode_security::UNICODE_VERSION;

    use super::*;

    fn look_alike(one: &str, other: &str) -> bool {
        let looks = |text| Username::parse(text).unwrap().looks();
        !looks(one).is_disjoint(&looks(other))
    }

    #[test]
    fn letters_of_other_scripts_that_look_the_same_do_not_make_another_name() {
        for (taken, fake) in [
            ("ana", "аna"),
            ("Ana", "АNА"),
            ("Maria", "МARIA"),
            ("bia", "ВIA"),
            ("hello", "ΗELLO"),
            ("joão", "jоão"),
            ("Lara", "lаra"),
            ("cop", "сор"),
            ("li", "lі"),
        ] {
            assert!(look_alike(taken, fake), "{fake} looks like {taken}");
        }
    }

    #[test]
    fn letters_and_digits_that_are_easily_confused_do_not_make_another_name() {
        for (taken, fake) in
            [("maria", "rnaria"), ("Paulo", "PauIo"), ("paulo", "PauIo"), ("carol", "caro1"), ("joao", "j0ao"), ("lara", "Iara")]
        {
            assert!(look_alike(taken, fake), "{fake} looks like {taken}");
        }
    }

    #[test]
    fn names_that_can_be_told_apart_are_all_free() {
        let all = [
            "ana",
            "anna",
            "Ana.1",
            "ana-2",
            "ana_2",
            "joão",
            "joao",
            "Lara",
            "Iara",
            "Leda",
            "Ieda",
            "Ian",
            "Lan",
            "gil",
            "gli",
            "bia",
            "bla",
            "o.k",
            "李小龙",
            "Анна",
        ];
        for (at, one) in all.iter().enumerate() {
            for other in &all[at + 1..] {
                assert!(!look_alike(one, other), "{one} and {other}");
            }
        }
    }

    #[test]
    fn names_with_numbers_are_told_apart_by_them() {
        let names: Vec<Username> = (0..5000).map(|n| Username::parse(&format!("g{n}")).unwrap()).collect();
        let looks: BTreeSet<String> = names.iter().flat_map(Username::looks).collect();
        let own: usize = names.iter().map(|name| name.looks().len()).sum();
        assert_eq!(looks.len(), own);
    }

    #[test]
    fn looks_are_those_of_the_table_with_which_they_were_kept() {
        let now = "another table finds other looks: add a migration with `delete from looks;`, and they are all found anew";
        assert_eq!(UNICODE_VERSION, (18, 0, 0), "{now}");
    }
}
