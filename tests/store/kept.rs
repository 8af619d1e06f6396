//! The statements that count what is kept.

use ringcard::store::tables::{calls, contacts, kept};

use crate::calls::{call, prepare};
use crate::contacts::contact;
use crate::contract;

contract! {
    /// Nothing at first; then so many, since when.
    async fn what_is_kept_is_counted(place: Place) {
        let store = place.open();
        store
            .write(|tx| {
                let counts = (kept::count_calls(tx)?, kept::count_contacts(tx)?, kept::count_promises(tx)?, kept::count_recordings(tx)?, kept::count_to_undo(tx)?);
                assert_eq!(counts, (0, 0, 0, (0, 0), (0, 0)));
                assert_eq!((kept::find_oldest_call(tx)?, kept::find_oldest_webhook(tx)?, kept::find_oldest_act(tx)?), (None, None, None));
                prepare(tx)?;
                calls::insert(tx, &call("c", None, "answered", 5))?;
                calls::insert(tx, &call("d", None, "answered", 3))?;
                contacts::insert(tx, &contact("x", 1), &[])?;
                assert_eq!((kept::find_oldest_call(tx)?, kept::count_contacts(tx)?), (Some(3), 1));
                Ok(())
            })
            .await
            .unwrap();
    }
}
