//! The settings' statement.

use ringcard::store::tables::{directory, settings};

use crate::contract;

contract! {
    /// The last value counts.
    async fn a_setting_is_kept_once(place: Place) {
        let store = place.open();
        let kept = store
            .write(|tx| {
                settings::upsert(tx, "region", "\"RU\"")?;
                settings::upsert(tx, "outcomes", "[\"Заказ\"]")?;
                settings::upsert(tx, "region", "\"KZ\"")?;
                directory::list_settings(tx)
            })
            .await
            .unwrap();
        let row = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(kept, [row("outcomes", "[\"Заказ\"]"), row("region", "\"KZ\"")]);
    }
}
