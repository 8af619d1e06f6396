//! Many rows by their keys at once: one statement for a page, not one a row.

/// So many keys a statement takes; places that are left over are null, which equals nothing. (Such a
/// statement joins nothing that grows: PostgreSQL reads it whole, as long as it has no statistics.)
pub const KEYS: usize = 50;

/// A statement that ends its `[…]` with the column of the keys, for one key and for [`KEYS`]; see `Tx::query_by_keys`.
macro_rules! by_keys {
    ([$($before:expr),+] [$($after:expr),*]) => {
        [
            concat!($($before,)+ " IN ($1)" $(, $after)*),
            concat!(
                $($before,)+
                " IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                      $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40,
                      $41, $42, $43, $44, $45, $46, $47, $48, $49, $50)"
                $(, $after)*
            ),
        ]
    };
}

pub(super) use by_keys;
