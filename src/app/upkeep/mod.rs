//! What keeps the store in order by itself, and says what is not.

pub mod archive;
pub mod backup;
pub mod backup_task;
pub mod backups;
pub mod doctor;
pub mod findings;
pub mod kept;
pub mod retention;
pub mod tasks;
