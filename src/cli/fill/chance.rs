//! Dice that fall the same way for the same seed.

/// SplitMix64: small, and good enough for a made-up past.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0xD134_2543_DE82_EF95))
    }

    /// Dice of one thing's own: they fall as they do, whatever was thrown before.
    pub fn of(seed: u64, thing: u64) -> Self {
        let mut chance = Self::new(seed ^ thing.wrapping_mul(0x9E6C_63D0_876A_68DE));
        chance.throw();
        chance
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// 0 ≤ x < 1.
    pub fn fraction(&mut self) -> f64 {
        (self.throw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// 0 ≤ x < `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.throw()) * limit as u128) >> 64) as usize
    }

    /// From `least` to `most`, both possible.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        least + self.below((most - least + 1) as usize) as i64
    }

    pub fn happens(&mut self, share: f64) -> bool {
        self.fraction() < share
    }

    pub fn one_of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// A UUIDv7 of that instant.
    pub fn id_at(&mut self, ms: i64) -> String {
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&self.throw().to_le_bytes());
        bytes[8..].copy_from_slice(&self.throw().to_le_bytes()[..2]);
        uuid::Builder::from_unix_timestamp_millis(ms.unsigned_abs(), &bytes).into_uuid().to_string()
    }
}
