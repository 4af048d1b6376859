//! Floor 3 · `room/history`: read a page of the log, before or after a place.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::codes::{Code, Rejection};
use crate::room::command::{Command, Effect, Page, page_limit};
use crate::room::state::{Member, Moment, RoomState};

/// `{"type":"history","before":43,"limit":50}`
#[derive(Deserialize, ToSchema)]
pub struct History {
    /// Only events before this `seq`, the newest of them.
    before: Option<i64>,
    /// Only events after this `seq`, the oldest of them. Not together with `before`.
    after: Option<i64>,
    /// Most events; more than 200 counts as 200.
    #[schema(minimum = 1, default = 50)]
    limit: Option<i64>,
}

impl Command for History {
    const NAME: &'static str = "history";
    const COUNTS: bool = false;
    const READS_LOG: bool = true;

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(vec![Effect::Page(page(self.before, self.after, self.limit)?)])
    }
}

/// The page that these bounds ask for. Without any, the newest.
///
/// # Errors
/// [`Code::BadFrame`] for both bounds at once, or a limit below 1.
pub fn page(before: Option<i64>, after: Option<i64>, limit: Option<i64>) -> Result<Page, Rejection> {
    let limit = page_limit(limit)?;
    match (before, after) {
        (Some(_), Some(_)) => Err(Rejection::because(Code::BadFrame, "Give before or after, not both.")),
        (None, Some(after)) => Ok(Page::After(after.max(0), limit)),
        (before, None) => Ok(Page::Before(before.map(|before| before.max(1)), limit)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_ask_for_a_page_and_a_limit_over_two_hundred_counts_as_two_hundred() {
        assert_eq!(page(Some(9), None, None), Ok(Page::Before(Some(9), 50)));
        assert_eq!(page(None, Some(9), Some(7)), Ok(Page::After(9, 7)));
        assert_eq!(page(None, None, Some(900)), Ok(Page::Before(None, 200)));
        assert_eq!(page(None, Some(-4), None), Ok(Page::After(0, 50)));
        assert_eq!(page(Some(i64::MIN), None, None), Ok(Page::Before(Some(1), 50)));
    }

    #[test]
    fn both_bounds_or_no_limit_at_all_is_a_bad_frame() {
        for bad in [page(Some(9), Some(1), None), page(None, None, Some(0)), page(None, None, Some(-1))] {
            assert_eq!(bad.unwrap_err().code, Code::BadFrame);
        }
    }
}
