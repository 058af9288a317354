//! Merkle trees as certificate transparency has them.
//!
//! Source: RFC 6962, section 2.1, read 2026-11-28.

use crate::keys::{Hasher, sha256};

/// A SHA-256 hash.
pub(crate) type Hash = [u8; 32];

/// Hash of what a leaf holds.
#[must_use]
pub(crate) fn leaf_hash(data: &[u8]) -> Hash {
    let mut hasher = Hasher::new();
    hasher.update(&[0]);
    hasher.update(data);
    hasher.finish()
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    let both = left.iter().chain(right);
    bytes.iter_mut().skip(1).zip(both).for_each(|(to, from)| *to = *from);
    sha256(&bytes)
}

/// Root of the tree of some leaves; of none, the hash of nothing.
///
/// Pairing neighbours and carrying the odd one up gives the same tree as the RFC's split at a power of two.
#[must_use]
pub(crate) fn root(leaves: &[Hash]) -> Hash {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        level = above(&level);
    }
    level.pop().unwrap_or_else(|| sha256(&[]))
}

fn above(level: &[Hash]) -> Vec<Hash> {
    let node = |pair: &[Hash]| match pair {
        [left, right] => node_hash(left, right),
        [odd, ..] => *odd,
        [] => sha256(&[]),
    };
    level.chunks(2).map(node).collect()
}

/// Siblings from a leaf up to the root: what proves that the leaf is in the tree.
#[must_use]
pub(super) fn path(leaves: &[Hash], index: usize) -> Vec<Hash> {
    let (mut level, mut place, mut path) = (leaves.to_vec(), index, Vec::new());
    while level.len() > 1 {
        path.extend(level.get(place ^ 1));
        level = above(&level);
        place /= 2;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::chain::hexadecimal;

    /// Root that a path leads to from a leaf; nothing where the path does not fit a tree of that size.
    ///
    /// Source: RFC 9162, section 2.1.3.2, read 2026-11-28.
    fn root_of_path(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
        let (mut place, mut last) = (index, size.checked_sub(1)?);
        if place > last {
            return None;
        }
        let mut hash = leaf;
        for sibling in path {
            if last == 0 {
                return None;
            }
            if place & 1 == 1 || place == last {
                hash = node_hash(sibling, &hash);
                while place & 1 == 0 && place != 0 {
                    (place, last) = (place >> 1, last >> 1);
                }
            } else {
                hash = node_hash(&hash, sibling);
            }
            (place, last) = (place >> 1, last >> 1);
        }
        (last == 0).then_some(hash)
    }

    /// Leaves and roots of the reference implementation: github.com/google/certificate-transparency, `merkletree`.
    const INPUTS: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    #[test]
    fn roots_are_those_of_the_reference() {
        let leaves: Vec<Hash> = INPUTS.iter().map(|data| leaf_hash(data)).collect();
        for (count, expected) in (1..).zip(ROOTS) {
            assert_eq!(hexadecimal(&root(&leaves[..count])), expected, "{count} leaves");
        }
    }

    #[test]
    fn every_path_leads_to_the_root_and_no_other_leaf_does() {
        for size in 1..=70_u64 {
            let leaves: Vec<Hash> = (0..size).map(|number| leaf_hash(&number.to_be_bytes())).collect();
            let root = root(&leaves);
            for (index, leaf) in (0_u64..).zip(&leaves) {
                let mut path = path(&leaves, usize::try_from(index).unwrap());
                assert_eq!(root_of_path(*leaf, index, size, &path), Some(root), "{index} of {size}");
                assert_ne!(root_of_path(leaf_hash(b"other"), index, size, &path), Some(root));
                assert_eq!(root_of_path(*leaf, size, size, &path), None);
                path.push(*leaf);
                assert_ne!(root_of_path(*leaf, index, size, &path), Some(root));
            }
        }
    }
}
