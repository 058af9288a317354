//! Sorts whole numbers digit by digit: of millions, in a fraction of the time that comparing them takes.

/// A digit is so many bits: as many counts stay near.
const DIGIT: u32 = 11;
const DIGITS: usize = 1 << DIGIT;

/// Sorts numbers by `bits` of their bits from `from` on; those alike in these stay in the order they had.
///
/// `spare` is room to work in, which need not be made anew for each sort.
pub(super) fn sort_by_bits(numbers: &mut Vec<u64>, spare: &mut Vec<u64>, from: u32, bits: u32) {
    spare.resize(numbers.len(), 0);
    let mut done = 0;
    while done < bits {
        let taken = DIGIT.min(bits - done);
        sort_by_digit(numbers, spare, |number| (number >> (from + done)) & ((1 << taken) - 1));
        std::mem::swap(numbers, spare);
        done += taken;
    }
}

fn sort_by_digit(numbers: &[u64], into: &mut [u64], digit: impl Fn(u64) -> u64) {
    let place = |number: &u64| usize::try_from(digit(*number)).unwrap_or_default() % DIGITS;
    let mut places = [0_usize; DIGITS];
    for number in numbers {
        if let Some(count) = places.get_mut(place(number)) {
            *count += 1;
        }
    }
    let mut before = 0;
    for place in &mut places {
        before += std::mem::replace(place, before);
    }
    for number in numbers {
        let Some(place) = places.get_mut(place(number)) else { continue };
        if let Some(into) = into.get_mut(*place) {
            *into = *number;
        }
        *place += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_sorted_by_the_bits_named() {
        let mut numbers: Vec<u64> = (0..5_000_u64).map(|at| at.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        let mut expected = numbers.clone();
        expected.sort_by_key(|number| (number >> 7) & 0x3fff_ffff);
        let mut spare = Vec::new();
        sort_by_bits(&mut numbers, &mut spare, 7, 30);
        assert_eq!(numbers, expected);
        numbers.sort_unstable();
        sort_by_bits(&mut expected, &mut spare, 0, 64);
        assert_eq!(numbers, expected);
    }
}
