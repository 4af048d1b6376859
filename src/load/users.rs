//! Floor 9 · `load`: the users of a test, made over the API that everyone has: guests, or accounts from a file.

use std::net::IpAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::{fs, thread};

use serde::Deserialize;
use serde_json::json;

use super::http::{Answer, Connection, Target};

/// Connections over which they are made: enough to keep a server busy.
const AT_ONCE: usize = 8;
/// Letters of the name of a test that look like no digit and like no pair of others.
const LETTERS: &[u8] = b"bcdefghkpqtwxyz";
const LETTERS_COUNT: usize = 5;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct User {
    pub name: String,
    pub token: String,
}

/// Who is to come.
#[derive(Clone, Debug)]
pub enum Who {
    /// Guests of these names.
    Guests(Vec<String>),
    /// Accounts: login and password.
    Accounts(Vec<(String, String)>),
}

impl Who {
    /// How many.
    pub fn count(&self) -> usize {
        match self {
            Self::Guests(names) => names.len(),
            Self::Accounts(accounts) => accounts.len(),
        }
    }
}

/// A name that no other test has, with good luck: its rooms and guests have it in theirs.
pub fn name_of_test(seed: u64) -> String {
    let letter = |n: u64| char::from(LETTERS[usize::try_from(n % LETTERS.len() as u64).expect("it is below a length")]);
    (0..LETTERS_COUNT)
        .scan(seed, |left, _| {
            let letter = letter(*left);
            *left /= LETTERS.len() as u64;
            Some(letter)
        })
        .collect()
}

/// The accounts of a file: on each line a login, a blank, and the password; lines with `#` in front are notes.
///
/// # Errors
/// One sentence: the file cannot be read, a line is no account, there is none.
pub fn accounts(path: &Path) -> Result<Vec<(String, String)>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    accounts_in(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn accounts_in(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut accounts = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')) {
        match line.split_once([' ', '\t']) {
            Some((login, password)) if !login.is_empty() && !password.is_empty() => {
                accounts.push((login.to_owned(), password.to_owned()));
            }
            _ => return Err(format!("line {number} is no login, blank and password")),
        }
    }
    if accounts.is_empty() { Err("there is no account in it".into()) } else { Ok(accounts) }
}

/// Lets all of `who` in, and tells `made` how many are; `None` if `stop` was asked for meanwhile.
///
/// # Errors
/// One sentence: why the server does not let somebody in, and what to do.
pub fn sign_in(
    target: &Target,
    from: &[IpAddr],
    who: &Who,
    stop: &dyn Fn() -> bool,
    made: &mut dyn FnMut(usize),
) -> Result<Option<Vec<User>>, String> {
    let (next, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (next, over) = (&next, &over);
    let (tell, told) = sync_channel(AT_ONCE);
    thread::scope(|scope| {
        for worker in 0..AT_ONCE {
            let tell = tell.clone();
            scope.spawn(move || {
                let from = (!from.is_empty()).then(|| from[worker % from.len()]);
                let mut connection = Connection::new(target, from);
                while !over.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= who.count() || tell.send((at, one(&mut connection, target, who, at))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(tell);
        let mut users: Vec<Option<User>> = vec![None; who.count()];
        let mut failed = None;
        for (count, (at, user)) in (1..).zip(told) {
            match user {
                Ok(user) => users[at] = Some(user),
                Err(error) => failed = failed.or(Some(error)),
            }
            if failed.is_some() || stop() {
                over.store(true, Ordering::Relaxed);
            }
            made(count);
        }
        match failed {
            Some(error) => Err(error),
            // Whoever asked for an end did so before all were in.
            None => Ok(users.into_iter().collect()),
        }
    })
}

#[derive(Deserialize)]
struct Welcome {
    user: Named,
    token: String,
}

#[derive(Deserialize)]
struct Named {
    username: String,
}

fn one(connection: &mut Connection<'_>, target: &Target, who: &Who, at: usize) -> Result<User, String> {
    let (path, body) = match who {
        Who::Guests(names) => ("/api/guest", json!({"username": names[at]})),
        Who::Accounts(accounts) => ("/api/login", json!({"login": accounts[at].0, "password": accounts[at].1})),
    };
    let answer = connection
        .ask("POST", path, &body.to_string())
        .map_err(|error| format!("no server answers on {}: {error}", target.authority))?;
    if !(200..300).contains(&answer.status) {
        return Err(refused(who, at, &answer));
    }
    let welcome: Welcome =
        serde_json::from_slice(&answer.body).map_err(|_| format!("what answers on {} is not papo", target.authority))?;
    Ok(User { name: welcome.user.username, token: welcome.token })
}

/// Why somebody is not let in, and what to do.
fn refused(who: &Who, at: usize, answer: &Answer) -> String {
    let problem = answer.problem();
    let said = format!("{} {}", answer.status, if problem.detail.is_empty() { &problem.code } else { &problem.detail });
    match (who, answer.status) {
        (Who::Guests(_), 404) => {
            "the server lets no guests in: start it with --guests, or name accounts with --accounts FILE".into()
        }
        (Who::Guests(_), 429) => format!(
            "the server refuses guest {} by rate ({said}): an address may bring 100 in ten minutes; start the server with --limits off, or \
             drive it with fewer --sockets",
            at + 1
        ),
        (Who::Guests(names), _) => format!("the server refuses the guest {}: {said}", names[at]),
        (Who::Accounts(accounts), 429) => format!(
            "the server refuses to sign in {} by rate ({said}): ten tries failed in five minutes, of this account or from this address",
            accounts[at].0
        ),
        (Who::Accounts(accounts), _) => format!("the server does not sign in {}: {said}", accounts[at].0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_line_by_line() {
        let read = accounts_in("# ours\n\nana goiabada com queijo\nbia@example.org\tx \n").unwrap();
        let expected = [("ana", "goiabada com queijo"), ("bia@example.org", "x ")];
        assert_eq!(read, expected.map(|(login, password)| (login.to_owned(), password.to_owned())));
        for (wrong, why) in [("ana", "line 1"), ("#\nana x\n bia", "line 3"), ("", "no account"), ("ana ", "line 1")] {
            assert!(accounts_in(wrong).unwrap_err().contains(why), "{wrong}");
        }
    }

    #[test]
    fn tests_have_names_of_their_own() {
        let names: std::collections::BTreeSet<String> = (0..1000).map(name_of_test).collect();
        assert_eq!((names.len(), name_of_test(u64::MAX).len()), (1000, LETTERS_COUNT));
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let answer = |status, body: &str| Answer { status, body: body.into() };
        let guests = Who::Guests(vec!["g".into()]);
        assert!(refused(&guests, 0, &answer(404, "")).contains("--guests"));
        assert!(refused(&guests, 0, &answer(429, r#"{"code":"rate_limited","detail":"Too fast."}"#)).contains("(429 Too fast.)"));
        let accounts = Who::Accounts(vec![("ana".into(), "secret".into())]);
        let said = refused(&accounts, 0, &answer(401, r#"{"code":"bad_credentials","detail":"No."}"#));
        assert_eq!(said, "the server does not sign in ana: 401 No.");
    }
}
