//! Floor 9 · `seed`: what the people of the demonstration have said, read from `talk.txt`.

/// Rooms, each with its lines: `== <minutes ago of the last line> <title>`, then `<minutes since the line before> <who> <text>`, where
/// `{name}` stands for a file and `\\n` for the end of a line.
const TALK: &str = include_str!("talk.txt");
const MINUTE_MS: i64 = 60_000;

/// A room with what was said in it, oldest first.
pub(super) struct Talk {
    pub(super) title: &'static str,
    pub(super) lines: Vec<Line>,
}

/// One message.
pub(super) struct Line {
    pub(super) by: &'static str,
    pub(super) text: String,
    pub(super) file: Option<&'static str>,
    pub(super) sent_at: i64,
}

/// Everything, as if it had been said in the days before `now_ms`.
pub(super) fn rooms(now_ms: i64) -> Vec<Talk> {
    TALK.split("== ").filter(|part| !part.is_empty()).filter_map(|part| room(part, now_ms)).collect()
}

fn room(part: &'static str, now_ms: i64) -> Option<Talk> {
    let (head, rest) = part.split_once('\n')?;
    let (ago, title) = head.split_once(' ')?;
    let mut sent_at = now_ms - ago.parse::<i64>().ok()? * MINUTE_MS;
    let mut lines: Vec<Line> = Vec::new();
    // Backwards, because the end is what is known.
    for line in rest.lines().rev() {
        let (gap, said) = line.split_once(' ')?;
        let (by, text) = said.split_once(' ')?;
        let file = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        let text = if file.is_some() { String::new() } else { text.replace("\\n", "\n") };
        lines.push(Line { by, text, file, sent_at });
        // Two lines within a minute are a few seconds apart.
        sent_at -= (gap.parse::<i64>().ok()? * MINUTE_MS).max(MINUTE_MS / 5);
    }
    lines.reverse();
    Some(Talk { title, lines })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_and_is_of_the_last_days() {
        let rooms = rooms(0);
        assert_eq!(rooms.len(), 5);
        let lines: Vec<&Line> = rooms.iter().flat_map(|room| &room.lines).collect();
        assert_eq!(lines.len(), TALK.lines().filter(|line| !line.starts_with("==")).count());
        let days = -4 * 24 * 60 * MINUTE_MS;
        assert!(lines.iter().all(|line| line.sent_at < 0 && line.sent_at > days));
        assert!(rooms.iter().all(|room| room.lines.is_sorted_by_key(|line| line.sent_at)));
        assert!(lines.iter().all(|line| line.text.is_empty() == line.file.is_some()));
    }
}
