//! The statements of long work, and of the files of clients that it takes in.

use ringcard::domain::import::{ImportColumn, ImportField, ImportFormat};
use ringcard::domain::task::{TaskKind, TaskState, Way};
use ringcard::store::tables::imports::{self, ImportRow, PartRow};
use ringcard::store::tables::tasks::{self, TaskRow};

use crate::calls::prepare;
use crate::contract;

fn task(id: &str, made_ms: i64) -> TaskRow {
    TaskRow {
        id: id.to_owned(),
        kind: TaskKind::Import,
        state: TaskState::Waiting,
        way: Way::On,
        done: 0,
        total: 3,
        user_id: Some("a".to_owned()),
        made_ms,
        ended_ms: None,
        lease_ms: 0,
        result: "{}".to_owned(),
        error: String::new(),
    }
}

contract! {
    /// Every column is kept; one of that id stays; what is open and free is found, what ended long ago goes.
    async fn a_task_comes_back_whole(place: Place) {
        let store = place.open();
        let (changed, found, open, listed, gone) = store
            .write(|tx| {
                prepare(tx)?;
                assert!(tasks::insert(tx, &task("1", 1))?);
                assert!(!tasks::insert(tx, &task("1", 2))?);
                tasks::insert(tx, &task("2", 2))?;
                let before = (tasks::find_open(tx, 0)?, tasks::lock(tx, "1")?);
                assert_eq!(before, (Some("1".to_owned()), Some(task("1", 1))));
                let changed = TaskRow {
                    state: TaskState::Cancelled,
                    way: Way::Back,
                    done: 2,
                    ended_ms: Some(9),
                    lease_ms: 5,
                    result: "{\"made\":1}".to_owned(),
                    error: "{}".to_owned(),
                    ..task("1", 1)
                };
                tasks::save(tx, &changed)?;
                tasks::save(tx, &TaskRow { state: TaskState::Running, lease_ms: 7, ..task("2", 2) })?;
                let open = (tasks::find_open(tx, 6)?, tasks::find_open(tx, 7)?);
                let listed: Vec<_> = tasks::list(tx, "3", 9)?.into_iter().map(|row| row.id).collect();
                assert_eq!(tasks::list(tx, "2", 9)?, std::slice::from_ref(&changed));
                let found = tasks::find(tx, "1")?;
                let gone = (tasks::delete_before(tx, 3)?, tasks::find(tx, "1")?);
                Ok((changed, found, open, listed, gone))
            })
            .await
            .unwrap();
        assert_eq!(found, Some(changed));
        assert_eq!((open, listed), ((None, Some("2".to_owned())), vec!["2".to_owned(), "1".to_owned()]));
        assert_eq!(gone, (1, None), "what is worked at stays");
    }
}

contract! {
    /// A file is kept with its rows by parts, walked either way, and goes with them.
    async fn a_file_comes_back_whole(place: Place) {
        let store = place.open();
        let column = ImportColumn { name: "Имя".to_owned(), samples: vec!["Иван".to_owned()], field: Some(ImportField::Name) };
        let row = ImportRow {
            id: "1".to_owned(),
            user_id: None,
            name: "clients.csv".to_owned(),
            format: ImportFormat::Csv,
            encoding: String::new(),
            sheets: Vec::new(),
            sheet: String::new(),
            rows: 0,
            columns: Vec::new(),
            plan: String::new(),
            made_ms: 5,
        };
        let sheets = vec!["Клиенты".to_owned(), "Лист2".to_owned()];
        let read = ImportRow { encoding: "utf-8".to_owned(), sheets, sheet: "Лист2".to_owned(), rows: 2, columns: vec![column], format: ImportFormat::Xlsx, ..row.clone() };
        let part = |position, outcomes: &str| PartRow { position, cells: "[[\"a\"]]".to_owned(), outcomes: outcomes.to_owned() };
        let expected = ImportRow { plan: "{}".to_owned(), ..read.clone() };
        let (found, forwards, back, gone) = store
            .write(move |tx| {
                imports::insert(tx, &row)?;
                imports::save_read(tx, &read)?;
                imports::save_plan(tx, "1", "{}")?;
                for position in [0, 25, 25] {
                    imports::insert_part(tx, "1", &part(position, ""))?;
                }
                imports::save_outcomes(tx, "1", 25, "[]")?;
                let found = imports::find(tx, "1")?;
                let forwards = (imports::list_parts(tx, "1", 0, 9)?, imports::list_parts(tx, "1", 1, 1)?.len());
                let back = (imports::find_part_before(tx, "1", 25)?, imports::find_part_before(tx, "1", 0)?);
                let kept = imports::delete_before(tx, 5, 10)?;
                let gone = (kept, imports::delete_before(tx, 6, 10)?, imports::list_parts(tx, "1", 0, 9)?);
                imports::insert(tx, &row)?;
                imports::delete(tx, "1")?;
                assert_eq!(imports::find(tx, "1")?, None);
                Ok((found, forwards, back, gone))
            })
            .await
            .unwrap();
        assert_eq!(found, Some(expected));
        let part = |position, outcomes: &str| PartRow { position, cells: "[[\"a\"]]".to_owned(), outcomes: outcomes.to_owned() };
        assert_eq!(forwards, (vec![part(0, ""), part(25, "[]")], 1));
        assert_eq!(back, (Some(part(0, "")), None));
        assert_eq!(gone, (0, 1, vec![]));
    }
}
