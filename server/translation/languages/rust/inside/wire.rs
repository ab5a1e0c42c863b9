//! Plain values between languages: read from JSON and written as JSON.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, LinkedList, VecDeque};
use std::future::Future;
use std::hash::{BuildHasher, Hash};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
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

fn unfit(told: &Told, what: &str) -> String {
    let shown: String = told.json().chars().take(60).collect();
    format!("{shown} is not {what}")
}

fn sorted(items: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    let mut all: Vec<_> = items.collect();
    all.sort();
    all.into_iter()
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

impl<T: FromWire> FromWire for &'static T {
    fn from_wire(told: &Told) -> Result<Self, String> {
        Ok(Box::leak(Box::new(T::from_wire(told)?)))
    }
}

impl<T: FromWire> FromWire for &'static [T] {
    fn from_wire(told: &Told) -> Result<Self, String> {
        Ok(T::many(told)?.leak())
    }
}

/// Lends what is told of after the call as well, when the function has had it.
fn lent<T: ToWire + ?Sized + 'static>(owned: &'static mut T) -> &'static mut T {
    let place: *mut T = owned;
    let told = Box::new(move || unsafe { (*place).to_wire() });
    AFTER.with_borrow_mut(|all| all.push((INDEX.get(), told)));
    unsafe { &mut *place }
}

impl<T: FromWire + ToWire + 'static> FromWire for &'static mut T {
    fn from_wire(told: &Told) -> Result<Self, String> {
        Ok(lent(Box::leak(Box::new(T::from_wire(told)?))))
    }
}

impl<T: FromWire + ToWire + 'static> FromWire for &'static mut [T] {
    fn from_wire(told: &Told) -> Result<Self, String> {
        Ok(lent(T::many(told)?.leak()))
    }
}

impl FromWire for &'static mut str {
    fn from_wire(told: &Told) -> Result<Self, String> {
        Ok(lent(String::from_wire(told)?.leak()))
    }
}

impl<T: ToWire + ?Sized> ToWire for &T {
    fn to_wire(&self) -> String {
        (**self).to_wire()
    }
}

impl<T: ToWire + ?Sized> ToWire for &mut T {
    fn to_wire(&self) -> String {
        (**self).to_wire()
    }
}

macro_rules! owners {
    ($($type:ident)*) => { $(
        impl<T: FromWire> FromWire for $type<T> {
            fn from_wire(told: &Told) -> Result<Self, String> {
                Ok($type::new(T::from_wire(told)?))
            }
        }
        impl<T: FromWire> FromWire for $type<[T]> {
            fn from_wire(told: &Told) -> Result<Self, String> {
                Ok(T::many(told)?.into())
            }
        }
        impl FromWire for $type<str> {
            fn from_wire(told: &Told) -> Result<Self, String> {
                Ok(String::from_wire(told)?.into())
            }
        }
        impl<T: ToWire + ?Sized> ToWire for $type<T> {
            fn to_wire(&self) -> String {
                (**self).to_wire()
            }
        }
    )* };
}
owners!(Box Rc Arc);

impl<T: FromWire> FromWire for RefCell<T> {
    fn from_wire(told: &Told) -> Result<Self, String> {
        Ok(RefCell::new(T::from_wire(told)?))
    }
}

impl<T: ToWire> ToWire for RefCell<T> {
    fn to_wire(&self) -> String {
        self.borrow().to_wire()
    }
}

impl FromWire for Cow<'static, str> {
    fn from_wire(told: &Told) -> Result<Self, String> {
        Ok(Cow::Owned(String::from_wire(told)?))
    }
}

impl<T: FromWire + Clone> FromWire for Cow<'static, [T]> {
    fn from_wire(told: &Told) -> Result<Self, String> {
        Ok(Cow::Owned(T::many(told)?))
    }
}

impl<T: ToWire + ToOwned + ?Sized> ToWire for Cow<'_, T> {
    fn to_wire(&self) -> String {
        (**self).to_wire()
    }
}

impl<T: FromWire> FromWire for Option<T> {
    fn from_wire(told: &Told) -> Result<Self, String> {
        match told {
            Told::Nothing => Ok(None),
            _ => T::from_wire(told).map(Some),
        }
    }
}

impl<T: ToWire> ToWire for Option<T> {
    fn to_wire(&self) -> String {
        self.as_ref().map_or_else(|| "null".into(), T::to_wire)
    }
}

impl<T: FromWire> FromWire for Vec<T> {
    fn from_wire(told: &Told) -> Result<Self, String> {
        T::many(told)
    }
}

impl<T: ToWire> ToWire for Vec<T> {
    fn to_wire(&self) -> String {
        T::many_to_wire(self)
    }
}

impl<T: ToWire> ToWire for [T] {
    fn to_wire(&self) -> String {
        T::many_to_wire(self)
    }
}

impl<T: FromWire, const N: usize> FromWire for [T; N] {
    fn from_wire(told: &Told) -> Result<Self, String> {
        T::many(told)?.try_into().map_err(|all: Vec<T>| format!("{} elements where {N} are needed", all.len()))
    }
}

impl<T: ToWire, const N: usize> ToWire for [T; N] {
    fn to_wire(&self) -> String {
        T::many_to_wire(self)
    }
}

macro_rules! queues {
    ($($type:ident)*) => { $(
        impl<T: FromWire> FromWire for $type<T> {
            fn from_wire(told: &Told) -> Result<Self, String> {
                Ok(T::many(told)?.into_iter().collect())
            }
        }
        impl<T: ToWire> ToWire for $type<T> {
            fn to_wire(&self) -> String {
                list(self.iter().map(T::to_wire))
            }
        }
    )* };
}
queues!(VecDeque LinkedList);

macro_rules! tuples {
    ($(($n:literal $($name:ident $at:tt)*))*) => { $(
        impl<$($name: FromWire),*> FromWire for ($($name,)*) {
            fn from_wire(told: &Told) -> Result<Self, String> {
                match told {
                    Told::List(items) if items.len() == $n => Ok(($($name::from_wire(&items[$at])?,)*)),
                    _ => Err(unfit(told, concat!("a tuple of ", $n))),
                }
            }
        }
        impl<$($name: ToWire),*> ToWire for ($($name,)*) {
            fn to_wire(&self) -> String {
                list([$(self.$at.to_wire()),*].into_iter())
            }
        }
    )* };
}
tuples! {
    (1 A 0) (2 A 0 B 1) (3 A 0 B 1 C 2) (4 A 0 B 1 C 2 D 3) (5 A 0 B 1 C 2 D 3 E 4)
    (6 A 0 B 1 C 2 D 3 E 4 F 5) (7 A 0 B 1 C 2 D 3 E 4 F 5 G 6) (8 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7)
}

fn pairs<K: FromWire, V: FromWire, M: FromIterator<(K, V)>>(told: &Told) -> Result<M, String> {
    match told {
        Told::Map(items) => {
            items.iter().map(|(key, value)| Ok((K::from_wire(key)?, V::from_wire(value)?))).collect()
        }
        _ => Err(unfit(told, "a map")),
    }
}

fn elements<T: FromWire, S: FromIterator<T>>(told: &Told) -> Result<S, String> {
    match told {
        Told::Set(items) => items.iter().map(T::from_wire).collect(),
        _ => Err(unfit(told, "a set")),
    }
}

impl<K: FromWire + Eq + Hash, V: FromWire, S: BuildHasher + Default> FromWire for HashMap<K, V, S> {
    fn from_wire(told: &Told) -> Result<Self, String> {
        pairs(told)
    }
}

impl<K: FromWire + Ord, V: FromWire> FromWire for BTreeMap<K, V> {
    fn from_wire(told: &Told) -> Result<Self, String> {
        pairs(told)
    }
}

impl<T: FromWire + Eq + Hash, S: BuildHasher + Default> FromWire for HashSet<T, S> {
    fn from_wire(told: &Told) -> Result<Self, String> {
        elements(told)
    }
}

impl<T: FromWire + Ord> FromWire for BTreeSet<T> {
    fn from_wire(told: &Told) -> Result<Self, String> {
        elements(told)
    }
}

impl<K: ToWire, V: ToWire, S> ToWire for HashMap<K, V, S> {
    fn to_wire(&self) -> String {
        let items = self.iter().map(|(key, value)| format!("[{},{}]", key.to_wire(), value.to_wire()));
        format!(r#"{{"m":{}}}"#, list(sorted(items)))
    }
}

impl<K: ToWire, V: ToWire> ToWire for BTreeMap<K, V> {
    fn to_wire(&self) -> String {
        let items = self.iter().map(|(key, value)| format!("[{},{}]", key.to_wire(), value.to_wire()));
        format!(r#"{{"m":{}}}"#, list(items))
    }
}

impl<T: ToWire, S> ToWire for HashSet<T, S> {
    fn to_wire(&self) -> String {
        format!(r#"{{"s":{}}}"#, list(sorted(self.iter().map(T::to_wire))))
    }
}

impl<T: ToWire> ToWire for BTreeSet<T> {
    fn to_wire(&self) -> String {
        format!(r#"{{"s":{}}}"#, list(self.iter().map(T::to_wire)))
    }
}
