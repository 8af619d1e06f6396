//! The statements of second factors and recovery codes.

use ringcard::store::tables::second_factors::{self, SecondFactorRow};

use crate::contract;
use crate::people::put;

contract! {
    /// It is asked for since its first code; no step is used twice, nor one before it.
    async fn a_second_factor_begins_and_its_codes_are_good_once(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                put(tx, "a", "anna", "operator")?;
                put(tx, "b", "boris", "operator")?;
                let none = (second_factors::is_any(tx)?, second_factors::find(tx, "a")?);
                second_factors::put(tx, "a", "first")?;
                second_factors::put(tx, "a", "sealed")?;
                second_factors::put(tx, "b", "his")?;
                let other = second_factors::begin(tx, "a", "first", 3)?;
                let begun = second_factors::begin(tx, "a", "sealed", 3)?;
                let steps = [5, 5, 4, 6].map(|step| second_factors::use_step(tx, "a", step));
                let steps: Vec<bool> = steps.into_iter().collect::<Result<_, _>>()?;
                let asked = (second_factors::is_any(tx)?, second_factors::list_asked(tx)?);
                Ok((none, (other, begun), steps, asked, second_factors::find(tx, "a")?))
            })
            .await
            .unwrap();
        let row = SecondFactorRow {
            user_id: "a".to_owned(),
            secret: "sealed".to_owned(),
            since_ms: Some(3),
            used_step: Some(6),
        };
        let asked = (true, vec!["a".to_owned()]);
        assert_eq!(found, ((false, None), (false, true), vec![true, false, false, true], asked, Some(row)));
    }
}

contract! {
    /// A recovery code does once, for its own person, and goes with the factor.
    async fn a_recovery_code_does_once(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                put(tx, "a", "anna", "operator")?;
                put(tx, "b", "boris", "operator")?;
                second_factors::put(tx, "a", "sealed")?;
                for code in ["1", "2", "2", "3"] {
                    second_factors::insert_recovery(tx, "a", code)?;
                }
                let mut taken = Vec::new();
                for (user, code) in [("b", "1"), ("a", "1"), ("a", "1"), ("a", "2"), ("a", "2")] {
                    taken.push(second_factors::take_recovery(tx, user, code)?);
                }
                let gone = (second_factors::delete(tx, "a")?, second_factors::delete(tx, "a")?);
                Ok((taken, gone, second_factors::take_recovery(tx, "a", "3")?, second_factors::is_any(tx)?))
            })
            .await
            .unwrap();
        assert_eq!(found, (vec![false, true, false, true, false], (true, false), false, false));
    }
}
