//! What a program must be. Pure.

use super::model::{NewProgram, ProgramKind};
use crate::error::{Code, Fault};

/// Unit of money.
const RUPIAH: &str = "IDR";

/// All faults of a program to define; none where it may be.
pub(super) fn faults_of(program: &NewProgram) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !is_code(program.code.as_str()) {
        faults.push(Fault::new("/code", Code::ProgramCodeMalformed));
    }
    if (program.kind == ProgramKind::Money) != (program.unit.as_str() == RUPIAH) {
        faults.push(Fault::new("/unit", Code::UnitUnfit));
    }
    faults
}

/// True for capital letters, digits and hyphens.
pub(super) fn is_code(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    text.len() >= 2
        && text.bytes().next().is_some_and(is_plain)
        && text.bytes().all(|byte| is_plain(byte) || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_capital_letters_digits_and_hyphens() {
        for right in ["RICE", "BLT-DD", "2026-RICE"] {
            assert!(is_code(right), "{right}");
        }
        for wrong in ["R", "rice", "-RICE", "RICE 2", "RICÉ", "RICE_2"] {
            assert!(!is_code(wrong), "{wrong}");
        }
    }
}
