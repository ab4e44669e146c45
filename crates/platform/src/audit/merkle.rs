//! The Merkle tree over the leaves (RFC 6962 section 2.1), grown one leaf at a time.

use sha2::{Digest, Sha256};

use super::Hash;

/// A tree that remembers only the roots of its complete subtrees: ⌈log₂ n⌉ hashes.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    size: u64,
    stack: Vec<Hash>,
}

fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

impl Tree {
    /// Adds the next leaf's hash.
    pub fn push(&mut self, leaf: Hash) {
        self.stack.push(leaf);
        self.size += 1;
        for _ in 0..self.size.trailing_zeros() {
            if let (Some(right), Some(left)) = (self.stack.pop(), self.stack.pop()) {
                self.stack.push(node(&left, &right));
            }
        }
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The tree's root; of no leaves, the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut roots = self.stack.iter().rev().copied();
        match roots.next() {
            None => Sha256::digest([]).into(),
            Some(last) => roots.fold(last, |right, left| node(&left, &right)),
        }
    }
}

/// A root as six groups of four digits, to be read aloud, shown on a screen and printed in minutes.
pub fn words(root: &Hash) -> String {
    let groups: Vec<String> = root
        .chunks(2)
        .take(6)
        .map(|pair| {
            let number = u16::from_be_bytes([pair[0], pair.get(1).copied().unwrap_or(0)]);
            format!("{:04}", number % 10_000)
        })
        .collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of RFC 6962, by recursion over all leaves.
    fn reference(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            many => {
                let split = many.len().next_power_of_two() / 2;
                node(&reference(&many[..split]), &reference(&many[split..]))
            }
        }
    }

    #[test]
    fn grown_root_is_the_rfc_6962_root() {
        let mut tree = Tree::default();
        let mut leaves = Vec::new();
        for index in 0..130_u8 {
            assert_eq!(tree.root(), reference(&leaves), "{index} leaves");
            let leaf = super::super::chain::leaf(&[index]);
            tree.push(leaf);
            leaves.push(leaf);
        }
    }
}
