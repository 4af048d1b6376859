//! Floor 8 · `web/usernames`: whether a user name can be had: accounts keep theirs for ever, guests as long as they are present.

use super::context::Context;
use super::problem::HttpError;
use crate::codes::Code;
use crate::ids::UserId;
use crate::lobby::Claim;
use crate::names::Username;
use crate::store::{StoreError, Taken};

/// Takes `username` from the guests who have it, or one that looks like it, and are not present any more. Their sign-ins end.
///
/// # Errors
/// 409 `username_taken` when an account has it, or a guest who is present; nothing has changed then. 503.
pub async fn free(context: &Context, username: &Username) -> Result<(), HttpError> {
    let holders = context.store.holders_of(username).await?;
    if holders.is_empty() {
        return Ok(());
    }
    let guests: Vec<UserId> = holders.iter().map(|holder| holder.user).collect();
    let free = holders.iter().all(|holder| holder.guest)
        // Asked last, because whoever is not present then gets no socket any more.
        && context.lobby.send(Claim(guests.clone())).await.map_err(|_| Code::Internal)?;
    if !free {
        let same = holders.iter().any(|holder| holder.same);
        return Err(StoreError::Conflict(if same { Taken::Username } else { Taken::LookAlike }).into());
    }
    Ok(context.store.retire_guests(&guests).await?)
}
