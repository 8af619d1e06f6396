//! The texts that are searched.

use ringcard::domain::search::Search;
use ringcard::error::Result;
use ringcard::store::tables::calls::{self, CallRow, Extent};
use ringcard::store::tables::contact_walks;
use ringcard::store::tables::contacts::{self, ContactRow};
use ringcard::store::tables::search_texts::{self, Kind};
use ringcard::store::tx::Tx;

use crate::calls::{call, prepare};
use crate::contacts::{contact, phone};
use crate::contract;

/// The owners that a query finds, newest first.
fn found(tx: &mut Tx, kind: Kind, query: &str) -> Result<String> {
    let stretch = search_texts::walk(tx, kind, &Search::parse(query).unwrap(), i64::MIN..i64::MAX)?;
    assert_eq!(stretch.reached, None);
    Ok(stretch.rows.into_iter().map(|(_, owner)| owner).collect::<Vec<_>>().join(" "))
}

contract! {
    /// By any part, any order of words, any spelling of a number; each kind apart, newest first.
    async fn a_text_is_found_by_its_parts(place: Place) {
        let store = place.open();
        let queries = [
            ("петр", "b a"), ("ПЁТР", "b a"), ("ромашка петров", "a"), ("петров ромашка", "a"), ("роза ромашка", ""),
            ("91012", "a"), ("8 (910) 12", "a"), ("4567", "a"), ("67", "a"), ("45", ""), ("ро", "b a"), ("ом", ""),
            ("100%", "b"), ("1_0%", ""), ("zzzz", ""), ("p@x", "a"), ("м\\", "b"),
        ];
        let found = store
            .write(move |tx| {
                for at_ms in [1, 2] {
                    search_texts::put(tx, Kind::Note, &format!("note{at_ms}"), at_ms, "Петров")?;
                }
                search_texts::put(tx, Kind::Contact, "a", 1, "Пётр Петров ООО «Ромашка» p@x.org +79101234567")?;
                search_texts::put(tx, Kind::Contact, "b", 2, "Петра 100% роза м\\н")?;
                search_texts::put(tx, Kind::Number, "+7", 3, "+79101234567")?;
                let one = |(query, _): &(&str, &str)| found(tx, Kind::Contact, query);
                let contacts: Result<Vec<_>> = queries.iter().map(one).collect();
                let (ids, search) = (search_texts::ids(tx, Kind::Note)?, Search::parse("петров").unwrap());
                let older = search_texts::walk(tx, Kind::Note, &search, ids.start..ids.end - 1)?.rows;
                assert_eq!(older, [(ids.start, "note1".to_owned())]);
                assert!(search_texts::ids(tx, Kind::Contact)?.end < ids.start);
                Ok((contacts?, found(tx, Kind::Note, "петров")?, found(tx, Kind::Number, "4567")?))
            })
            .await
            .unwrap();
        assert_eq!(found.0, queries.map(|(_, expected)| expected));
        assert_eq!((found.1.as_str(), found.2.as_str()), ("note2 note1", "+7"));
    }
}

contract! {
    /// A text is written over, put under another owner and taken away; nothing of it is found then.
    async fn a_text_is_kept_true(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                search_texts::put(tx, Kind::Note, "a", 1, "первый")?;
                search_texts::put(tx, Kind::Note, "a", 9, "второй")?;
                let mut seen = vec![found(tx, Kind::Note, "первый")?, found(tx, Kind::Note, "второй")?];
                search_texts::rename(tx, "a", "b")?;
                seen.extend([found(tx, Kind::Note, "второй")?, search_texts::find(tx, "b")?.unwrap()]);
                assert_eq!(search_texts::list(tx, &["b"])?, search_texts::list(tx, &["a", "b"])?);
                search_texts::put(tx, Kind::Note, "b", 1, " ")?;
                search_texts::put(tx, Kind::Note, "c", 1, "третий")?;
                search_texts::delete(tx, "c")?;
                seen.extend([found(tx, Kind::Note, "второй")?, found(tx, Kind::Note, "третий")?]);
                Ok((seen, search_texts::find(tx, "b")?))
            })
            .await
            .unwrap();
        assert_eq!(found, (["", "a", "b", "  второй  ", "", ""].map(str::to_owned).to_vec(), None));
    }
}

contract! {
    /// Of many texts the newest stretch comes, and where it ended; owners of one instant have places of their own.
    async fn many_texts_come_in_stretches(place: Place) {
        let store = place.open();
        let (first, second) = store
            .write(|tx| {
                for n in 0..300 {
                    contacts::insert(tx, &contact(&format!("{n:03}"), 7 + n / 100), &[])?;
                }
                let search = Search::parse("имя").unwrap();
                let first = contact_walks::walk_found(tx, &search, i64::MAX)?;
                let second = contact_walks::walk_found(tx, &search, first.reached.unwrap())?;
                Ok((first, second))
            })
            .await
            .unwrap();
        assert_eq!((first.rows.len(), second.rows.len(), second.reached), (250, 50, None));
        let heads: Vec<_> = first.rows.iter().chain(&second.rows).collect();
        assert!(heads.iter().all(|(id, head)| Kind::at_ms(*id) == head.talked_ms));
        assert!(heads.is_sorted_by_key(|(_, head)| -head.talked_ms));
        let mut ids: Vec<_> = heads.iter().map(|(_, head)| head.id.clone()).collect();
        ids.sort();
        assert_eq!(ids, (0..300).map(|n| format!("{n:03}")).collect::<Vec<_>>());
    }
}

contract! {
    /// What is rare is found behind many others, whether or not its groups of three stand in many texts; alone too.
    async fn the_rare_is_found_behind_the_many(place: Place) {
        let store = place.open();
        let queries = ["client_7@x", "мария петрова", "200007", "8 (999) 200007"];
        let found = store
            .write(move |tx| {
                let rare = "Мария Петрова client_7@x +79992000071";
                search_texts::put(tx, Kind::Contact, "rare", 1, rare)?;
                search_texts::put(tx, Kind::Contact, "other", 2, "Марина Сидорова client77@x +79992000100")?;
                for n in 0..600 {
                    let text = format!("Пётр Петров client{n}@x +7999{:07}", n * 1_000);
                    search_texts::put(tx, Kind::Contact, &format!("many{n}"), 3 + n, &text)?;
                }
                queries.iter().map(|query| found(tx, Kind::Contact, query)).collect::<Result<Vec<_>>>()
            })
            .await
            .unwrap();
        assert_eq!(found, ["rare"; 4]);
    }
}

contract! {
    /// Contacts and remarks are found as long as they are there, under the id that they have.
    async fn search_follows_its_rows(place: Place) {
        let store = place.open();
        let noted = |id: &str, note: &str| CallRow { note: note.to_owned(), ..call(id, None, "answered", 5) };
        let found = store
            .write(move |tx| {
                prepare(tx)?;
                contacts::insert(tx, &ContactRow { made_by: Some("missed".to_owned()), ..contact("made", 1) }, &[])?;
                contacts::insert(tx, &contact("kept", 2), &[phone("+79101234567", "")])?;
                let mut seen = vec![found(tx, Kind::Contact, "имя")?, found(tx, Kind::Contact, "910123")?];
                contacts::update(tx, &ContactRow { name: "Другое".to_owned(), ..contact("kept", 2) }, &[])?;
                contacts::delete_untouched(tx, "made")?;
                seen.extend([found(tx, Kind::Contact, "имя")?, found(tx, Kind::Contact, "910123")?, found(tx, Kind::Contact, "друг")?]);
                contacts::delete(tx, "kept")?;
                seen.push(found(tx, Kind::Contact, "друг")?);

                calls::insert(tx, &noted("1", "купит диван"))?;
                calls::insert(tx, &noted("2", ""))?;
                calls::insert(tx, &noted("click", "щелчок"))?;
                calls::save(tx, &CallRow { outcome: "продано".to_owned(), ..noted("2", "купит кресло") }, Extent::All)?;
                seen.extend([found(tx, Kind::Note, "купит")?, found(tx, Kind::Note, "продано")?]);
                calls::remove(tx, "click")?;
                calls::take_id(tx, "1", "click", 1)?;
                seen.extend([found(tx, Kind::Note, "щелчок")?, found(tx, Kind::Note, "диван")?]);
                Ok(seen)
            })
            .await
            .unwrap();
        assert_eq!(found[..6], ["kept made", "kept", "", "", "kept", ""]);
        assert_eq!(found[7..], ["", "", "click"]);
        let mut both: Vec<_> = found[6].split(' ').collect();
        both.sort_unstable();
        assert_eq!(both, ["1", "2"]);
    }
}
