//! Bytes of an archive that is written piece by piece.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// Where they go until they are taken; its clones are the same place.
#[derive(Clone, Default)]
pub struct Outlet(Rc<RefCell<Vec<u8>>>);

impl Outlet {
    /// What was written since the last time.
    pub fn take(&self) -> Vec<u8> {
        self.0.take()
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
