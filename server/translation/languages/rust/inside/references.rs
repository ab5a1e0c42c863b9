//! What refers to a value, or owns it for others.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::json::Told;
use super::wire::{lent, FromWire, ToWire};

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
