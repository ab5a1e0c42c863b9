//! What holds values.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, LinkedList, VecDeque};
use std::hash::{BuildHasher, Hash};

use super::json::Told;
use super::wire::{list, unfit, FromWire, ToWire};

fn sorted(items: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    let mut all: Vec<_> = items.collect();
    all.sort();
    all.into_iter()
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
