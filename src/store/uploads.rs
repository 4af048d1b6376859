//! Floor 2 · `store/uploads`: which files were sent in, by whom, and whether a message uses them.

use super::{Store, StoreError};
use crate::ids::UserId;
use crate::upload::{ADDRESS, Attachment, Kind};

/// A file as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The name of the file in the uploads folder, made by us.
    pub name: String,
    /// Who sent it.
    pub user: UserId,
    /// The name its sender gave it.
    pub shown_name: String,
    /// Its size.
    pub bytes: i64,
    /// Its type, as its content shows.
    pub mime: String,
    /// Whether a page may show it by itself.
    pub kind: Kind,
    /// Width and height of an image that is upright, in pixels.
    pub pixels: Option<(i64, i64)>,
    /// Its thumbnail, which comes and goes with it.
    pub thumb: Option<Thumb>,
}

/// The thumbnail of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thumb {
    /// The name of its file in the uploads folder.
    pub name: String,
    /// Its size.
    pub bytes: i64,
}

impl Upload {
    /// As clients hear of it.
    pub fn attachment(&self) -> Attachment {
        Attachment {
            url: format!("{ADDRESS}{}", self.name),
            name: self.shown_name.clone(),
            bytes: self.bytes,
            mime: self.mime.clone(),
            kind: self.kind,
            width: self.pixels.map(|(width, _)| width),
            height: self.pixels.map(|(_, height)| height),
            thumb: self.thumb.as_ref().map(|thumb| format!("{ADDRESS}{}", thumb.name)),
        }
    }

    fn from_columns((name, user, shown_name, bytes, mime, kind, width, height, thumb, thumb_bytes): Columns) -> Self {
        let kind = if kind == "image" { Kind::Image } else { Kind::File };
        let thumb = thumb.map(|name| Thumb { name, bytes: thumb_bytes });
        Self { name, user: UserId(user), shown_name, bytes, mime, kind, pixels: width.zip(height), thumb }
    }
}

type Columns = (String, i64, String, i64, String, String, Option<i64>, Option<i64>, Option<String>, i64);

impl Store {
    /// Keeps `uploads`, all of them or none; `user` may have `bytes_max` in all.
    ///
    /// # Errors
    /// [`StoreError::Full`] when they do not fit; nothing is kept then.
    pub async fn add_uploads(&self, user: UserId, uploads: &[Upload], bytes_max: u64, now_ms: i64) -> Result<(), StoreError> {
        let mut work = self.begin().await?;
        for upload in uploads {
            sqlx::query(
                "insert into uploads (name, user_id, shown_name, bytes, mime, kind, width, height, thumb, thumb_bytes, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            )
            .bind(upload.name.clone())
            .bind(user.0)
            .bind(upload.shown_name.clone())
            .bind(upload.bytes)
            .bind(upload.mime.clone())
            .bind(if upload.kind == Kind::Image { "image" } else { "file" })
            .bind(upload.pixels.map(|(width, _)| width))
            .bind(upload.pixels.map(|(_, height)| height))
            .bind(upload.thumb.as_ref().map(|thumb| thumb.name.clone()))
            .bind(upload.thumb.as_ref().map_or(0, |thumb| thumb.bytes))
            .bind(now_ms)
            .execute(&mut *work)
            .await?;
        }
        // Counted within the transaction: two uploads at once cannot both take the last of the quota.
        let (bytes,): (i64,) = sqlx::query_as(BYTES_OF).bind(user.0).fetch_one(&mut *work).await?;
        if u64::try_from(bytes).unwrap_or(0) > bytes_max {
            return Err(StoreError::Full);
        }
        Ok(work.commit().await?)
    }

    /// Bytes of all files of `user`, thumbnails among them.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn upload_bytes_of(&self, user: UserId) -> Result<u64, StoreError> {
        let (bytes,): (i64,) = sqlx::query_as(BYTES_OF).bind(user.0).fetch_one(self.reader()).await?;
        Ok(u64::try_from(bytes).unwrap_or(0))
    }

    /// Those of `names` that `user` sent, in that order; names of others' files and of none are left out.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn owned_uploads(&self, user: UserId, names: &[String]) -> Result<Vec<Upload>, StoreError> {
        let mut owned = Vec::with_capacity(names.len());
        for name in names {
            owned.extend(self.upload_by_name(name).await?.filter(|upload| upload.user == user));
        }
        Ok(owned)
    }

    /// The upload with this stored name.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn upload_by_name(&self, name: &str) -> Result<Option<Upload>, StoreError> {
        let found: Option<Columns> = sqlx::query_as(
            "select name, user_id, shown_name, bytes, mime, kind, width, height, thumb, thumb_bytes
               from uploads
              where name = $1",
        )
        .bind(name.to_owned())
        .fetch_optional(self.reader())
        .await?;
        Ok(found.map(Upload::from_columns))
    }

    /// The upload whose thumbnail has this stored name.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn upload_by_thumb(&self, name: &str) -> Result<Option<Upload>, StoreError> {
        let found: Option<Columns> = sqlx::query_as(
            "select name, user_id, shown_name, bytes, mime, kind, width, height, thumb, thumb_bytes
               from uploads
              where thumb = $1",
        )
        .bind(name.to_owned())
        .fetch_optional(self.reader())
        .await?;
        Ok(found.map(Upload::from_columns))
    }

    /// Takes the rows of up to `limit` uploads out that came before `ms` and that no message uses; the stored names of their
    /// files, thumbnails among them.
    /// A message that claims one of them at the same time either comes first and keeps it, or is refused.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn take_unused_uploads(&self, before_ms: i64, limit: i64) -> Result<Vec<String>, StoreError> {
        let mut work = self.begin().await?;
        let names: Vec<(String, Option<String>)> = sqlx::query_as(
            "delete from uploads
              where name in (select name from uploads where used_at is null and created_at < $1 limit $2)
             returning name, thumb",
        )
        .bind(before_ms)
        .bind(limit)
        .fetch_all(&mut *work)
        .await?;
        work.commit().await?;
        Ok(names.into_iter().flat_map(|(name, thumb)| std::iter::once(name).chain(thumb)).collect())
    }
}

// The sum of no rows is null, and the sum of a bigint is a numeric on PostgreSQL.
const BYTES_OF: &str = "select cast(coalesce(sum(bytes + thumb_bytes), 0) as bigint) from uploads where user_id = $1";
