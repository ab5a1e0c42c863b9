//! Plain values between languages: read from JSON and written as JSON.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::json::{quoted, Told};

/// A type whose values can be made of what is told; what it refers to lives as long as the process.
pub trait FromWire: Sized {
    fn from_wire(told: &Told) -> Result<Self, String>;

    fn many(told: &Told) -> Result<Vec<Self>, String> {
        match told {
            Told::List(items) => items.iter().map(Self::from_wire).collect(),
            _ => Err(unfit(told, "a list")),
        }
    }
}

/// A type whose values can be told.
pub trait ToWire {
    fn to_wire(&self) -> String;

    fn many_to_wire(items: &[Self]) -> String
    where
        Self: Sized,
    {
        list(items.iter().map(Self::to_wire))
    }
}

type After = Box<dyn Fn() -> String>;

thread_local! {
    static INDEX: Cell<usize> = const { Cell::new(0) };
    static AFTER: RefCell<Vec<(usize, After)>> = const { RefCell::new(Vec::new()) };
}

/// One of the arguments, as the type that is asked for.
pub fn argument<T: FromWire>(arguments: &[Told], index: usize) -> Result<T, String> {
    INDEX.set(index);
    let told = arguments.get(index).ok_or("an argument is missing")?;
    T::from_wire(told)
}

/// Lends what is told of after the call as well, when the function has had it.
pub fn lent<T: ToWire + ?Sized + 'static>(owned: &'static mut T) -> &'static mut T {
    let place: *mut T = owned;
    let told = Box::new(move || unsafe { (*place).to_wire() });
    AFTER.with_borrow_mut(|all| all.push((INDEX.get(), told)));
    unsafe { &mut *place }
}

/// All arguments as they are now, where some could be changed.
pub fn after(arguments: &[Told]) -> Option<String> {
    AFTER.with_borrow(|changed| {
        if changed.is_empty() {
            return None;
        }
        let now = |index| changed.iter().rev().find(|each| each.0 == index).map(|each| each.1());
        Some(list(arguments.iter().enumerate().map(|(index, told)| now(index).unwrap_or_else(|| told.json()))))
    })
}

/// What comes of a future that waits for nothing but itself.
pub fn awaited<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

pub fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

pub fn unfit(told: &Told, what: &str) -> String {
    let shown: String = told.json().chars().take(60).collect();
    format!("{shown} is not {what}")
}

macro_rules! integers {
    ($($type:ident)*) => { $(
        impl FromWire for $type {
            fn from_wire(told: &Told) -> Result<Self, String> {
                match told {
                    Told::Int(digits) => digits
                        .parse()
                        .map_err(|_| format!("{digits} does not fit {}", stringify!($type))),
                    _ => Err(unfit(told, "an integer")),
                }
            }
        }
        impl ToWire for $type {
            fn to_wire(&self) -> String {
                format!(r#"{{"i":"{self}"}}"#)
            }
        }
    )* };
}
integers!(i8 i16 i32 i64 i128 isize u16 u32 u64 u128 usize);

impl FromWire for u8 {
    fn from_wire(told: &Told) -> Result<Self, String> {
        match told {
            Told::Int(digits) => digits.parse().map_err(|_| format!("{digits} does not fit u8")),
            _ => Err(unfit(told, "an integer")),
        }
    }

    fn many(told: &Told) -> Result<Vec<Self>, String> {
        match told {
            Told::Bytes(bytes) => Ok(bytes.clone()),
            Told::List(items) => items.iter().map(Self::from_wire).collect(),
            _ => Err(unfit(told, "bytes")),
        }
    }
}

impl ToWire for u8 {
    fn to_wire(&self) -> String {
        format!(r#"{{"i":"{self}"}}"#)
    }

    fn many_to_wire(items: &[Self]) -> String {
        let digits: String = items.iter().map(|each| format!("{each:02x}")).collect();
        format!(r#"{{"b":"{digits}"}}"#)
    }
}

macro_rules! floats {
    ($($type:ident)*) => { $(
        impl FromWire for $type {
            fn from_wire(told: &Told) -> Result<Self, String> {
                let (Told::Float(digits) | Told::Int(digits)) = told else {
                    return Err(unfit(told, "a number"));
                };
                let found: $type = digits.parse().map_err(|_| unfit(told, "a number"))?;
                let is_whole = matches!(told, Told::Int(_));
                if found.is_infinite() && !digits.contains("inf") || is_whole && format!("{found}") != *digits {
                    return Err(format!("{digits} does not fit {}", stringify!($type)));
                }
                Ok(found)
            }
        }
        impl ToWire for $type {
            fn to_wire(&self) -> String {
                format!(r#"{{"f":"{self:?}"}}"#)
            }
        }
    )* };
}
floats!(f32 f64);

impl FromWire for bool {
    fn from_wire(told: &Told) -> Result<Self, String> {
        match told {
            Told::Bool(value) => Ok(*value),
            _ => Err(unfit(told, "true or false")),
        }
    }
}

impl ToWire for bool {
    fn to_wire(&self) -> String {
        self.to_string()
    }
}

impl FromWire for () {
    fn from_wire(told: &Told) -> Result<Self, String> {
        match told {
            Told::Nothing => Ok(()),
            _ => Err(unfit(told, "nothing")),
        }
    }
}

impl ToWire for () {
    fn to_wire(&self) -> String {
        "null".into()
    }
}

impl FromWire for char {
    fn from_wire(told: &Told) -> Result<Self, String> {
        let Told::Text(text) = told else { return Err(unfit(told, "a character")) };
        let mut each = text.chars();
        each.next().filter(|_| each.next().is_none()).ok_or_else(|| unfit(told, "one character"))
    }

    fn many(told: &Told) -> Result<Vec<Self>, String> {
        match told {
            Told::Text(text) => Ok(text.chars().collect()),
            Told::List(items) => items.iter().map(Self::from_wire).collect(),
            _ => Err(unfit(told, "characters")),
        }
    }
}

impl ToWire for char {
    fn to_wire(&self) -> String {
        quoted(&self.to_string())
    }
}

impl FromWire for String {
    fn from_wire(told: &Told) -> Result<Self, String> {
        match told {
            Told::Text(text) => Ok(text.clone()),
            _ => Err(unfit(told, "a text of Unicode")),
        }
    }
}

impl FromWire for &'static str {
    fn from_wire(told: &Told) -> Result<Self, String> {
        Ok(String::from_wire(told)?.leak())
    }
}

impl ToWire for str {
    fn to_wire(&self) -> String {
        quoted(self)
    }
}

impl ToWire for String {
    fn to_wire(&self) -> String {
        quoted(self)
    }
}
