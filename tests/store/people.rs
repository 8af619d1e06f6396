//! The statements of users, their lines and sessions, the setup link, invitations and the key's fingerprint.

use ringcard::error::{Error, Result};
use ringcard::store::tables::sessions::SessionRow;
use ringcard::store::tables::users::{self, LockedUser, UserRow};
use ringcard::store::tables::{directory, integrations, invites, lines, secret_key, sessions, setup};
use ringcard::store::tx::Tx;

use crate::contract;

fn person(id: &str, login: &str, role: &'static str) -> UserRow {
    let (id, login) = (id.to_owned(), login.to_owned());
    UserRow { id, login_key: login.to_lowercase(), name: format!("{login}!"), login, role }
}

pub fn put(tx: &mut Tx, id: &str, login: &str, role: &'static str) -> Result<()> {
    users::insert(tx, &person(id, login, role), &format!("hash of {id}"), 1)
}

fn session(token: &str, user: &str, now_ms: i64) -> SessionRow {
    SessionRow {
        token_hash: token.to_owned(),
        id: format!("id of {token}"),
        user_id: user.to_owned(),
        browser: "Firefox".to_owned(),
        address: "192.0.2.7".to_owned(),
        created_ms: now_ms,
        seen_ms: now_ms,
    }
}

/// Each user: id, login, name, role, when disabled.
fn everybody(tx: &mut Tx) -> Result<Vec<String>> {
    let say =
        |row: directory::UserRow| format!("{} {} {} {} {:?}", row.id, row.login, row.name, row.role, row.disabled_ms);
    Ok(directory::list_users(tx)?.into_iter().map(say).collect())
}

/// Each line and whose it is.
fn owners(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(directory::list_lines(tx)?.into_iter().map(|row| format!("{} {}", row.account, row.user_id)).collect())
}

contract! {
    /// A login is given once, whatever its letter case; the same insert, run again, changes nothing.
    async fn a_login_is_one_users(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                put(tx, "a", "Anna", "operator")?;
                put(tx, "a", "Anna", "operator")?;
                put(tx, "b", "ANNA", "admin")?;
                Ok((everybody(tx)?, users::find_credentials(tx, "anna")?, users::find_credentials(tx, "boris")?))
            })
            .await
            .unwrap();
        let anna = Some(("a".to_owned(), "hash of a".to_owned()));
        assert_eq!(found, (vec!["a Anna Anna! operator None".to_owned()], anna, None));
    }
}

contract! {
    /// A change is of one user; a disabled one cannot sign in, and his login is free.
    async fn a_user_changes_and_goes(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                put(tx, "a", "anna", "operator")?;
                put(tx, "b", "boris", "admin")?;
                users::update(tx, &person("a", "anya", "manager"))?;
                users::set_password(tx, "a", "new")?;
                users::disable(tx, "b", 7)?;
                put(tx, "c", "boris", "admin")?;
                Ok((everybody(tx)?, users::find_credentials(tx, "anya")?, users::find_credentials(tx, "boris")?))
            })
            .await
            .unwrap();
        let rows = ["a anya anya! manager None", "b boris boris! admin Some(7)", "c boris boris! admin None"];
        let anya = Some(("a".to_owned(), "new".to_owned()));
        let boris = Some(("c".to_owned(), "hash of c".to_owned()));
        assert_eq!(found, (rows.map(str::to_owned).to_vec(), anya, boris));
        let taken = store.write(|tx| users::update(tx, &person("a", "boris", "manager"))).await;
        assert!(matches!(taken, Err(Error::Exists)), "{taken:?}");
    }
}

contract! {
    /// Under lock a user is read as he stands, the disabled too.
    async fn a_locked_user_is_read_whole(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                put(tx, "a", "anna", "manager")?;
                let before = users::lock(tx, "a")?;
                users::disable(tx, "a", 7)?;
                Ok((before, users::lock(tx, "a")?, users::lock(tx, "b")?))
            })
            .await
            .unwrap();
        let anna = |disabled_ms| {
            let (login, name, role) = ("anna".to_owned(), "anna!".to_owned(), "manager".to_owned());
            Some(LockedUser { login, name, role, disabled_ms })
        };
        assert_eq!(found, (anna(None), anna(Some(7)), None));
    }
}

contract! {
    /// Only those who may sign in as admins count.
    async fn admins_are_those_in_office(place: Place) {
        let store = place.open();
        let mut admins = store
            .write(|tx| {
                put(tx, "a", "anna", "admin")?;
                put(tx, "b", "boris", "operator")?;
                put(tx, "c", "vera", "admin")?;
                put(tx, "d", "gleb", "admin")?;
                users::disable(tx, "c", 7)?;
                users::lock_admins(tx)
            })
            .await
            .unwrap();
        admins.sort();
        assert_eq!(admins, ["a", "d"]);
    }
}

contract! {
    /// A line is one user's, in his order; it stays his when another asks for it, until it is given away.
    async fn a_line_is_one_users(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                integrations::insert(tx, "i", "cloud-pbx", "main", "{}", 1)?;
                put(tx, "a", "anna", "operator")?;
                put(tx, "b", "boris", "operator")?;
                lines::insert(tx, "a", "i", "second", 1)?;
                lines::insert(tx, "a", "i", "first", 0)?;
                lines::insert(tx, "b", "i", "first", 0)?;
                let listed = owners(tx)?;
                lines::give(tx, "b", "i", "second", 0)?;
                lines::give(tx, "b", "i", "third", 1)?;
                let given = owners(tx)?;
                lines::delete_of_user(tx, "a")?;
                Ok((listed, given, lines::find_user(tx, "i", "first")?))
            })
            .await
            .unwrap();
        let rows = |rows: &[&str]| rows.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>();
        assert_eq!(found, (rows(&["first a", "second a"]), rows(&["first a", "second b", "third b"]), None));
    }
}

contract! {
    /// Sessions: used, ended one by one, by user, by age; the last use never goes back in time.
    async fn a_session_ends_by_hand_and_by_age(place: Place) {
        let store = place.open();
        let alive = store
            .write(|tx| {
                put(tx, "a", "anna", "operator")?;
                put(tx, "b", "boris", "operator")?;
                for (token, user, now_ms) in [("1", "a", 10), ("2", "a", 10), ("3", "b", 10), ("4", "a", 5), ("5", "a", 20)] {
                    sessions::insert(tx, &session(token, user, now_ms))?;
                    sessions::insert(tx, &session(token, user, now_ms + 100))?;
                }
                sessions::touch(tx, "1", "::1", 30)?;
                sessions::touch(tx, "1", "::2", 25)?;
                sessions::touch(tx, "4", "", 30)?;
                sessions::delete(tx, "2")?;
                sessions::delete_of_user(tx, "b")?;
                sessions::delete_expired(tx, 15, 6)?;
                let mut alive = Vec::new();
                for token in ["1", "2", "3", "4", "5"] {
                    let found = sessions::find(tx, token)?;
                    alive.extend(found.map(|row| format!("{token} {} {} {}", row.user_id, row.created_ms, row.seen_ms)));
                }
                Ok(alive)
            })
            .await
            .unwrap();
        assert_eq!(alive, ["1 a 10 30", "5 a 20 20"]);
    }
}

contract! {
    /// Those of a user, the one used last first, each by its id too; where it was used last, unless that is not known.
    async fn the_sessions_of_a_user_are_listed(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                put(tx, "a", "anna", "operator")?;
                put(tx, "b", "boris", "operator")?;
                for (token, user, now_ms) in [("1", "a", 10), ("2", "b", 10), ("3", "a", 20)] {
                    sessions::insert(tx, &session(token, user, now_ms))?;
                }
                sessions::touch(tx, "1", "", 30)?;
                sessions::touch(tx, "3", "::1", 25)?;
                Ok((sessions::list_of_user(tx, "a")?, sessions::find_by_id(tx, "id of 2")?, sessions::find_by_id(tx, "2")?))
            })
            .await
            .unwrap();
        let first = SessionRow { seen_ms: 30, ..session("1", "a", 10) };
        let third = SessionRow { seen_ms: 25, address: "::1".to_owned(), ..session("3", "a", 20) };
        assert_eq!(found, (vec![first, third], Some(session("2", "b", 10)), None));
    }
}

contract! {
    /// Each link is good until its time or until one of them is used.
    async fn a_setup_link_is_good_once(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                setup::insert(tx, "old", 50)?;
                setup::insert(tx, "here", 100)?;
                setup::delete_expired(tx, 50)?;
                setup::insert(tx, "there", 100)?;
                let valid = ["old", "here", "there"].map(|token| setup::is_valid(tx, token, 49));
                let late = (setup::is_valid(tx, "here", 100)?, setup::take(tx, "here", 100)?);
                let taken = ["here", "here", "there"].map(|token| setup::take(tx, token, 99));
                let all = |answers: [Result<bool>; 3]| answers.into_iter().collect::<Result<Vec<_>>>();
                Ok((all(valid)?, late, all(taken)?))
            })
            .await
            .unwrap();
        assert_eq!(found, (vec![false, true, true], (false, false), vec![true, false, false]));
    }
}

contract! {
    /// An invitation is good once, until its time; a user has one at most.
    async fn an_invitation_is_good_once(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                put(tx, "a", "anna", "operator")?;
                put(tx, "b", "boris", "operator")?;
                invites::put(tx, "a", "old", 100)?;
                invites::put(tx, "a", "new", 100)?;
                invites::put(tx, "b", "his", 100)?;
                let users = ["old", "new", "his"].map(|token| invites::find_user(tx, token, 99));
                let late = (invites::find_user(tx, "new", 100)?, invites::take(tx, "new", 100)?);
                let taken = (invites::take(tx, "new", 99)?, invites::take(tx, "new", 99)?);
                invites::delete_of_user(tx, "b")?;
                let [old, new, his] = users;
                Ok(([old?, new?, his?], late, taken, invites::find_user(tx, "his", 99)?))
            })
            .await
            .unwrap();
        let of = |id: &str| Some(id.to_owned());
        assert_eq!(found, ([None, of("a"), of("b")], (None, false), (true, false), None));
    }
}

contract! {
    /// The first fingerprint stays until it is forgotten.
    async fn one_key_file_at_a_time(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                let none = secret_key::find_fingerprint(tx)?;
                secret_key::insert(tx, "one")?;
                secret_key::insert(tx, "other")?;
                let one = secret_key::find_fingerprint(tx)?;
                secret_key::delete(tx)?;
                Ok((none, one, secret_key::find_fingerprint(tx)?))
            })
            .await
            .unwrap();
        assert_eq!(found, (None, Some("one".to_owned()), None));
    }
}
