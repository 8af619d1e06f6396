//! The statements of the audit.

use ringcard::store::tables::audit::{self, AuditRow};

use crate::contract;

fn row(id: &str, user_id: Option<&str>) -> AuditRow {
    AuditRow {
        id: id.to_owned(),
        at_ms: 7,
        action: "user_made".to_owned(),
        user_id: user_id.map(str::to_owned),
        token: "export".to_owned(),
        address: "127.0.0.1".to_owned(),
        about_id: "b".to_owned(),
        about_name: "boris".to_owned(),
        role: "admin".to_owned(),
        fields: "[]".to_owned(),
    }
}

contract! {
    /// An entry is kept once, read newest first by pages, and goes the oldest first.
    async fn an_entry_is_kept_once_until_it_goes(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                for one in [row("1", None), row("2", Some("a")), row("3", Some("a")), row("2", None)] {
                    audit::insert(tx, &one)?;
                }
                let page = audit::list(tx, "3", 1)?;
                let gone = (audit::delete_before(tx, "3", 1)?, audit::delete_before(tx, "1", 9)?);
                Ok((page, gone, audit::list(tx, "x", 9)?))
            })
            .await
            .unwrap();
        let left = vec![row("3", Some("a")), row("2", Some("a"))];
        assert_eq!(found, (vec![row("2", Some("a"))], (1, 0), left));
    }
}
