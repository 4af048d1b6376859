//! Floor 0 · `bare`: a module of the front end without its comments: browsers do not read them, and they are a seventh of what is sent.

/// `source` without the lines that are comments; the others keep their numbers. What follows code on its line stays.
///
/// A module of Papo has no text that goes over lines and begins one of them like a comment; nor has anybody a use for such a text.
pub fn bare(source: &str) -> String {
    let mut in_block = false;
    let mut out = String::with_capacity(source.len());
    for line in source.lines() {
        let begins = line.trim_start();
        in_block |= begins.starts_with("/**");
        if !in_block && !begins.starts_with("// ") {
            out.push_str(line);
        }
        out.push('\n');
        in_block &= !line.ends_with("*/");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_lines_keep_their_numbers() {
        let source = "// What it is.\n\nimport a from \"b\"; // why\n\n/** One line. */\nconst x = 1;\n/**\n * More.\n */\nfunction f() {\n  // Why.\n  return \"// x\" / x;\n}\n";
        let bare = bare(source);
        assert_eq!(
            bare,
            "\n\nimport a from \"b\"; // why\n\n\nconst x = 1;\n\n\n\nfunction f() {\n\n  return \"// x\" / x;\n}\n"
        );
        assert_eq!(bare.lines().count(), source.lines().count());
    }
}
