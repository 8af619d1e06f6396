//! A store of its own for every test, on either engine.

use std::path::PathBuf;

use ringcard::store::Store;
use ringcard::store::location::StoreLocation;

/// Where a test's store is; gone with the test.
pub struct Place {
    pub location: StoreLocation,
    _directory: Option<tempfile::TempDir>,
}

impl Place {
    /// A directory of its own, with no store in it yet.
    pub fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self { location: StoreLocation::in_dir(directory.path()), _directory: Some(directory) }
    }

    pub fn open(&self) -> Store {
        Store::open(&self.location).unwrap()
    }

    /// The file of an embedded store.
    pub fn file(&self) -> PathBuf {
        let StoreLocation::Sqlite(path) = &self.location else { panic!("not an embedded store") };
        path.clone()
    }
}

/// One contract, two tests: `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! contract {
    ($(#[doc = $doc:literal])* async fn $name:ident($place:ident: Place) $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "not every contract needs all that its file imports")]
            use super::*;

            $(#[doc = $doc])*
            async fn contract($place: $crate::place::Place) $body

            #[actix_web::test]
            async fn sqlite() {
                contract($crate::place::Place::sqlite()).await;
            }
        }
    };
}
