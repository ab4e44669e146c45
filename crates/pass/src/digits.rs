//! Bytes as decimal digits and back.
//!
//! The bytes are one large number, the first byte first; as many digits are written as the largest number of so many
//! bytes has, so that the length of the text says the length of the bytes and leading zeros stay.

use alloc::{string::String, vec, vec::Vec};

/// The most bytes that are read back; the longest code has fewer.
const MOST: usize = 1024;

/// Nine digits at once: the largest power of ten in 32 bits.
const STEP: u32 = 1_000_000_000;
const STEP_DIGITS: usize = 9;

/// Digits of the largest number of `bytes` bytes: ⌈8 n · log₁₀ 2⌉, exact for every n up to [`MOST`].
const fn digits_of(bytes: usize) -> usize {
    // 0.30102999566398119… × 8, rounded up in the 16th place.
    ((bytes as u128 * 24_082_399_653_118_496).div_ceil(10_000_000_000_000_000)) as usize
}

/// Writes bytes as digits.
///
/// ```
/// assert_eq!(pass::to_digits(&[0, 255]), "00255");
/// assert_eq!(pass::from_digits("00255"), Some(vec![0, 255]));
/// ```
pub fn to_digits(bytes: &[u8]) -> String {
    // Base 2^32, the highest first.
    let mut limbs: Vec<u32> = bytes
        .rchunks(4)
        .rev()
        .map(|chunk| chunk.iter().fold(0, |limb, byte| limb << 8 | u32::from(*byte)))
        .collect();
    let count = digits_of(bytes.len());
    let mut out = vec![b'0'; count];
    let mut end = count;
    while end > 0 {
        let mut rest = 0_u64;
        for limb in &mut limbs {
            let value = rest << 32 | u64::from(*limb);
            *limb = u32::try_from(value / u64::from(STEP)).unwrap_or(u32::MAX);
            rest = value % u64::from(STEP);
        }
        for _ in 0..STEP_DIGITS.min(end) {
            end -= 1;
            if let Some(place) = out.get_mut(end) {
                *place = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            }
            rest /= 10;
        }
    }
    out.into_iter().map(char::from).collect()
}

/// Reads digits; `None` for anything that [`to_digits`] does not write.
pub fn from_digits(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // Every byte adds two or three digits, so at most one length fits.
    let bytes = digits.len() * 10_000 / 24_083;
    let bytes = (bytes..=bytes + 1).find(|bytes| digits_of(*bytes) == digits.len())?;
    if bytes > MOST {
        return None;
    }
    let mut limbs = vec![0_u32; bytes.div_ceil(4)];
    for chunk in chunks_from_the_right(digits) {
        let mut carry = chunk.iter().fold(0_u64, |value, digit| value * 10 + u64::from(digit - b'0'));
        let scale = 10_u64.pow(u32::try_from(chunk.len()).ok()?);
        for limb in limbs.iter_mut().rev() {
            let value = u64::from(*limb) * scale + carry;
            *limb = u32::try_from(value & u64::from(u32::MAX)).ok()?;
            carry = value >> 32;
        }
        if carry > 0 {
            return None;
        }
    }
    let all: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_be_bytes()).collect();
    let (above, value) = all.split_at(all.len() - bytes);
    above.iter().all(|byte| *byte == 0).then(|| value.to_vec())
}

/// The first chunk takes what is left over, so that all others have nine digits.
fn chunks_from_the_right(digits: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (first, rest) = digits.split_at(digits.len() % STEP_DIGITS);
    core::iter::once(first).filter(|first| !first.is_empty()).chain(rest.chunks(STEP_DIGITS))
}
