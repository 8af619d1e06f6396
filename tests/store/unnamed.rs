//! The statements of what a PBX named and nobody here has a name for.

use ringcard::store::tables::integrations;
use ringcard::store::tables::unnamed::{self, UnnamedRow};

use crate::contract;

fn row(kind: &str, name: &str, heard_ms: i64) -> UnnamedRow {
    UnnamedRow {
        kind: kind.to_owned(),
        integration_id: "i".to_owned(),
        name: name.to_owned(),
        heard_ms,
        nobody_ms: None,
    }
}

contract! {
    /// What was heard again stays as it was, what is old goes, and a hundred of a kind are enough.
    async fn what_has_no_name_is_kept_once_and_not_without_end(place: Place) {
        let store = place.open();
        let (kept, gone, count) = store
            .write(|tx| {
                integrations::insert(tx, "i", "cloud-pbx", "main", "{}", 1)?;
                for row in [row("account", "anna", 1), row("number", "+74951234567", 2), row("account", "anna", 3)] {
                    unnamed::insert(tx, &row)?;
                }
                let kept = unnamed::list(tx)?;
                let gone = unnamed::delete_before(tx, 2)?;
                for number in 0..120 {
                    unnamed::insert(tx, &row("account", &format!("made-up-{number}"), 4))?;
                }
                Ok((kept, gone, unnamed::list(tx)?.len()))
            })
            .await
            .unwrap();
        assert_eq!(kept, [row("number", "+74951234567", 2), row("account", "anna", 1)]);
        assert_eq!((gone, count), (1, 101));
    }
}

contract! {
    /// Whoever is nobody stays so, however long ago he was heard of, and takes no place of those who are asked for.
    async fn what_is_nobody_stays_and_takes_no_place(place: Place) {
        let store = place.open();
        let (known, kept, count, back) = store
            .write(|tx| {
                integrations::insert(tx, "i", "cloud-pbx", "main", "{}", 1)?;
                unnamed::insert(tx, &row("account", "fax", 1))?;
                let known = ["fax", "none"].map(|name| unnamed::set_nobody(tx, "account", "i", name, Some(5)).unwrap());
                unnamed::delete_before(tx, 100)?;
                unnamed::insert(tx, &row("account", "fax", 101))?;
                let kept = unnamed::list(tx)?;
                for number in 0..120 {
                    unnamed::insert(tx, &row("account", &format!("made-up-{number}"), 102))?;
                }
                let count = unnamed::list(tx)?.len();
                unnamed::set_nobody(tx, "account", "i", "fax", None)?;
                Ok((known, kept, count, unnamed::list(tx)?.pop()))
            })
            .await
            .unwrap();
        assert_eq!(known, [true, false]);
        assert_eq!(kept, [UnnamedRow { nobody_ms: Some(5), ..row("account", "fax", 1) }]);
        assert_eq!((count, back), (101, Some(row("account", "fax", 1))));
    }
}
