//! How the end of a call is told, whatever the type of what it gives.
//!
//! A method is looked for on the type itself before it is on references to it: what can be told of more types
//! is implemented for more references.

use std::cell::Cell;
use std::fmt::{Debug, Display};

use super::json::quoted;
use super::wire::{list, ToWire};

const MOST_ITEMS: usize = 100_000;

/// A value of which is told what can be.
pub struct Given<T>(Cell<Option<T>>);

impl<T> Given<T> {
    pub fn new(value: T) -> Self {
        Given(Cell::new(Some(value)))
    }

    fn taken(&self) -> T {
        self.0.take().expect("it is taken once")
    }
}

/// Splits a result from any other value.
pub trait Splits {
    type Value;
    type Error;
    fn split(self) -> Result<Self::Value, Self::Error>;
}

impl<T, E> Splits for &&Given<Result<T, E>> {
    type Value = T;
    type Error = E;
    fn split(self) -> Result<T, E> {
        self.taken()
    }
}

impl<T> Splits for &Given<T> {
    type Value = T;
    type Error = String;
    fn split(self) -> Result<T, String> {
        Ok(self.taken())
    }
}

pub trait Tells {
    fn tell(self) -> String;
}

impl<T: ToWire> Tells for &&&Given<T> {
    fn tell(self) -> String {
        self.taken().to_wire()
    }
}

impl<T: Iterator> Tells for &&Given<T>
where
    T::Item: ToWire,
{
    fn tell(self) -> String {
        list(self.taken().take(MOST_ITEMS).map(|each| each.to_wire()))
    }
}

impl<T> Tells for &Given<T> {
    fn tell(self) -> String {
        format!(r#"{{"o":{}}}"#, quoted(&name::<T>()))
    }
}

pub trait TellsError {
    fn message(self) -> String;
}

impl<T: Display> TellsError for &&&Given<T> {
    fn message(self) -> String {
        self.taken().to_string()
    }
}

impl<T: Debug> TellsError for &&Given<T> {
    fn message(self) -> String {
        format!("{:?}", self.taken())
    }
}

impl<T> TellsError for &Given<T> {
    fn message(self) -> String {
        String::new()
    }
}

/// A type's name without the modules that it is in.
fn name<T>() -> String {
    let whole = std::any::type_name::<T>();
    let mut all = String::new();
    let mut word = String::new();
    for each in whole.chars() {
        if each == ':' {
            word.clear();
            continue;
        }
        if !(each.is_alphanumeric() || each == '_') {
            all += &std::mem::take(&mut word);
            all.push(each);
        } else {
            word.push(each);
        }
    }
    all + &word
}

pub fn raised<E>(_: &Given<E>) -> String {
    name::<E>()
}

pub fn ended(how: &str, error: &str, message: &str) -> String {
    format!(r#"{{"how":"{how}","error":{},"message":{}}}"#, quoted(error), quoted(message))
}

pub fn returned(value: &str, after: Option<String>) -> String {
    let after = after.map(|each| format!(r#","after":{each}"#)).unwrap_or_default();
    format!(r#"{{"how":"returned","value":{value}{after}}}"#)
}

pub fn not_run(why: &str) -> String {
    format!(r#"{{"how":"not_run","why":{}}}"#, quoted(why))
}
