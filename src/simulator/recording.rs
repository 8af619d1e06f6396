//! The sound of a call: a tone that rises and falls, as a small WAV file (8 kHz, 8 bits, one channel).

const RATE: u32 = 8_000;
/// No file is longer, whatever the call was: 480 KB.
const LONGEST_S: u32 = 60;
/// Each note lasts this many samples.
const NOTE: u32 = RATE / 2;
const NOTES_HZ: [f64; 4] = [330.0, 392.0, 440.0, 392.0];

/// A recording of `seconds`, at least one.
pub fn wav(seconds: u32) -> Vec<u8> {
    let samples = RATE * seconds.clamp(1, LONGEST_S);
    let mut file = Vec::with_capacity(44 + samples as usize);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + samples).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16_u32.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes()); // PCM
    file.extend_from_slice(&1_u16.to_le_bytes()); // one channel
    file.extend_from_slice(&RATE.to_le_bytes());
    file.extend_from_slice(&RATE.to_le_bytes()); // bytes a second
    file.extend_from_slice(&1_u16.to_le_bytes()); // bytes a sample
    file.extend_from_slice(&8_u16.to_le_bytes()); // bits a sample
    file.extend_from_slice(b"data");
    file.extend_from_slice(&samples.to_le_bytes());
    file.extend((0..samples).map(sample));
    file
}

/// The tone at one sample; each note swells and fades, so that nothing clicks.
fn sample(index: u32) -> u8 {
    let note = NOTES_HZ[(index / NOTE) as usize % NOTES_HZ.len()];
    let within = f64::from(index % NOTE) / f64::from(NOTE);
    let loudness = 40.0 * (within * std::f64::consts::PI).sin();
    let wave = (f64::from(index) / f64::from(RATE) * note * std::f64::consts::TAU).sin();
    // 128 is silence; the sum stays within 88…168.
    (128.0 + loudness * wave) as u8
}
