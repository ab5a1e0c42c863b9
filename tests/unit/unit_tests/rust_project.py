"""A crate to make tests of, for tests of the framework and of the kit."""

import shutil

import pytest

from codenook.context.code import outline_of
from codenook.server.unit_tests.target import Target

needs_cargo = pytest.mark.skipif(
    not (shutil.which("cargo") and shutil.which("bwrap")), reason="needs cargo and bubblewrap"
)

LIB = """//! Carts.
pub mod price;
mod hidden;
pub use hidden::shown;

/// Adds.
///
/// ```
/// assert_eq!(shop_cart::add(1, 2), 3);
/// assert_eq!(shop_cart::add(2, 2), 5);
/// ```
pub fn add(a: i32, b: i32) -> i32 {
    a + b
}

fn inner() -> i32 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() {
        assert_eq!(add(2, 2), 4);
        assert_eq!(inner(), 1);
    }
}
"""

PRICE = """use std::time::SystemTime;

#[derive(Debug, Clone, Default)]
pub struct Purse {
    coins: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
pub enum Coin {
    Penny,
    Dime,
    Other(u32),
}

impl Purse {
    pub fn new(coins: Vec<u32>) -> Self {
        Purse { coins }
    }

    pub fn with(&self, coin: Coin) -> Purse {
        let worth = match coin {
            Coin::Penny => 1,
            Coin::Dime => 10,
            Coin::Other(worth) => worth,
        };
        Purse { coins: [self.coins.clone(), vec![worth]].concat() }
    }

    pub fn empty(&mut self) {
        self.coins.clear();
    }
}

pub fn cents(text: &str) -> Option<u64> {
    text.strip_prefix("$")?.parse().ok()
}

pub fn words(text: &str) -> Result<Vec<String>, String> {
    if text.is_empty() {
        return Err("none".to_string());
    }
    Ok(text.split(' ').map(str::to_uppercase).collect())
}

pub fn largest<T: Ord + Copy>(all: &[T]) -> T {
    *all.iter().max().expect("no largest")
}

pub fn share(all: u8, of: u8) -> u8 {
    all / of
}

pub fn now() -> u128 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos()
}

pub fn odd() -> f64 {
    f64::NAN
}

pub fn text() -> String {
    "a\\"\\n\\u{7}é".to_string()
}

pub fn ends(n: u8) -> u8 {
    if n == 2 {
        std::process::exit(0);
    }
    n
}
"""

HIDDEN = "pub fn shown() -> i32 {\n    2\n}\n\npub fn unseen() -> i32 {\n    3\n}\n"


def crate_in(root, name="shop-cart"):
    files = {
        "Cargo.toml": f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n',
        "src/lib.rs": LIB,
        "src/price.rs": PRICE,
        "src/hidden.rs": HIDDEN,
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def target_in(root, path, symbol, text=None):
    text = (root / path).read_text() if text is None else text
    definitions = outline_of(path, text.encode()).definitions
    definition = next(each for each in definitions if each.symbol == symbol)
    return Target(root, path, text, "rust", definition)
