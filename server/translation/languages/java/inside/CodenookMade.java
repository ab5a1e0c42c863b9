package codenook;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.*;

/** Makes values of declared types. */
final class CodenookMade {
    private static final Map<Class<?>, Class<?>> BOXES = Map.of(
            int.class, Integer.class, long.class, Long.class, short.class, Short.class, byte.class, Byte.class,
            double.class, Double.class, float.class, Float.class, boolean.class, Boolean.class,
            char.class, Character.class);

    private CodenookMade() {}

    /** A value that the declared type can't hold. */
    static final class NotHeld extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotHeld(String why) {
            super(why);
        }
    }

    static Object of(CodenookWire wire, Type type) {
        Class<?> raw = raw(type);
        if (raw.isPrimitive()) {
            return scalar(wire, BOXES.get(raw), raw);
        }
        if (raw == Optional.class) {
            return wire.kind == CodenookWire.Kind.NOTHING
                    ? Optional.empty() : Optional.of(of(wire, part(type, 0)));
        }
        if (raw == OptionalInt.class) {
            return wire.kind == CodenookWire.Kind.NOTHING
                    ? OptionalInt.empty() : OptionalInt.of((Integer) of(wire, int.class));
        }
        if (wire.kind == CodenookWire.Kind.NOTHING) {
            return null;
        }
        if (raw.isArray()) {
            return array(wire, type, raw);
        }
        if (Map.class.isAssignableFrom(raw)) {
            return map(wire, type, raw);
        }
        if (Iterable.class.isAssignableFrom(raw)) {
            return collection(wire, type, raw);
        }
        return scalar(wire, raw, raw);
    }

    private static Class<?> raw(Type type) {
        if (type instanceof Class) {
            return (Class<?>) type;
        }
        if (type instanceof ParameterizedType) {
            return raw(((ParameterizedType) type).getRawType());
        }
        if (type instanceof GenericArrayType) {
            return Array.newInstance(raw(((GenericArrayType) type).getGenericComponentType()), 0).getClass();
        }
        if (type instanceof WildcardType) {
            return raw(((WildcardType) type).getUpperBounds()[0]);
        }
        return raw(((TypeVariable<?>) type).getBounds()[0]);
    }

    private static Type part(Type type, int at) {
        if (type instanceof ParameterizedType) {
            return ((ParameterizedType) type).getActualTypeArguments()[at];
        }
        return Object.class;
    }

    private static NotHeld notHeld(Class<?> type, CodenookWire wire) {
        return new NotHeld(type.getSimpleName() + " can't hold " + wire);
    }

    private static Object scalar(CodenookWire wire, Class<?> raw, Class<?> said) {
        switch (wire.kind) {
            case BOOL:
                if (raw.isAssignableFrom(Boolean.class)) {
                    return Boolean.valueOf(wire.text);
                }
                break;
            case TEXT:
                if (raw == Character.class && wire.text.length() == 1) {
                    return wire.text.charAt(0);
                }
                if (raw.isAssignableFrom(String.class)) {
                    return wire.text;
                }
                if (raw == StringBuilder.class) {
                    return new StringBuilder(wire.text);
                }
                break;
            case INTEGER:
                return integer(wire, raw, said);
            case FLOAT:
                if (raw == Float.class) {
                    return floating(wire, said);
                }
                if (raw.isAssignableFrom(Double.class)) {
                    return real(wire.text);
                }
                break;
            case LIST:
                if (raw.isAssignableFrom(ArrayList.class)) {
                    return collection(wire, Object.class, ArrayList.class);
                }
                break;
            case MAP:
                if (raw.isAssignableFrom(LinkedHashMap.class)) {
                    return map(wire, Object.class, LinkedHashMap.class);
                }
                break;
            case SET:
                if (raw.isAssignableFrom(LinkedHashSet.class)) {
                    return collection(wire, Object.class, LinkedHashSet.class);
                }
                break;
            default:
        }
        throw notHeld(said, wire);
    }

    private static Object floating(CodenookWire wire, Class<?> said) {
        double value = real(wire.text);
        float held = (float) value;
        if (Float.isInfinite(held) && !Double.isInfinite(value)) {
            throw notHeld(said, wire);
        }
        return held;
    }

    private static double real(String text) {
        switch (text) {
            case "nan": return Double.NaN;
            case "inf": return Double.POSITIVE_INFINITY;
            case "-inf": return Double.NEGATIVE_INFINITY;
            default: return Double.parseDouble(text);
        }
    }

    private static Object integer(CodenookWire wire, Class<?> raw, Class<?> said) {
        BigInteger value = new BigInteger(wire.text);
        int bits = value.bitLength();
        if (raw == BigInteger.class) {
            return value;
        }
        if (raw == Long.class && bits < Long.SIZE) {
            return value.longValue();
        }
        if (raw == Short.class && bits < Short.SIZE) {
            return value.shortValue();
        }
        if (raw == Byte.class && bits < Byte.SIZE) {
            return value.byteValue();
        }
        if ((raw == Double.class || raw == Float.class)
                && new BigDecimal(value).compareTo(exact(value, raw)) == 0) {
            return raw == Double.class ? (Object) value.doubleValue() : (Object) value.floatValue();
        }
        if (raw.isAssignableFrom(Integer.class) && bits < Integer.SIZE) {
            return value.intValue();
        }
        if (raw.isAssignableFrom(Long.class) && bits < Long.SIZE) {
            return value.longValue();
        }
        if (raw.isAssignableFrom(BigInteger.class)) {
            return value;
        }
        throw notHeld(said, wire);
    }

    private static BigDecimal exact(BigInteger value, Class<?> raw) {
        double near = raw == Double.class ? value.doubleValue() : value.floatValue();
        return Double.isInfinite(near) ? BigDecimal.valueOf(0.5) : new BigDecimal(near);
    }

    private static Object array(CodenookWire wire, Type type, Class<?> raw) {
        Class<?> component = raw.getComponentType();
        if (component == byte.class && wire.kind == CodenookWire.Kind.BYTES) {
            byte[] bytes = new byte[wire.text.length() / 2];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = (byte) Integer.parseInt(wire.text.substring(2 * at, 2 * at + 2), 16);
            }
            return bytes;
        }
        if (wire.kind != CodenookWire.Kind.LIST) {
            throw notHeld(raw, wire);
        }
        Type inner = type instanceof GenericArrayType
                ? ((GenericArrayType) type).getGenericComponentType() : component;
        Object made = Array.newInstance(component, wire.items.size());
        for (int at = 0; at < wire.items.size(); at++) {
            Array.set(made, at, of(wire.items.get(at), inner));
        }
        return made;
    }

    private static <T> T first(Class<?> raw, List<T> offered, CodenookWire wire) {
        for (T each : offered) {
            if (raw.isInstance(each)) {
                return each;
            }
        }
        throw notHeld(raw, wire);
    }

    private static Object collection(CodenookWire wire, Type type, Class<?> raw) {
        boolean isSet = wire.kind == CodenookWire.Kind.SET;
        if (wire.kind != CodenookWire.Kind.LIST && !isSet) {
            throw notHeld(raw, wire);
        }
        List<Collection<Object>> lists = List.of(new ArrayList<>(), new LinkedList<>(), new ArrayDeque<>(),
                new PriorityQueue<>(), new Stack<>());
        List<Collection<Object>> sets = List.of(new LinkedHashSet<>(), new TreeSet<>());
        Collection<Object> made = first(raw, isSet ? sets : lists, wire);
        for (CodenookWire each : wire.items) {
            made.add(of(each, part(type, 0)));
        }
        return made;
    }

    private static Object map(CodenookWire wire, Type type, Class<?> raw) {
        if (wire.kind != CodenookWire.Kind.MAP) {
            throw notHeld(raw, wire);
        }
        Map<Object, Object> made = first(raw, List.of(new LinkedHashMap<>(), new TreeMap<>()), wire);
        for (CodenookWire each : wire.items) {
            made.put(of(each.items.get(0), part(type, 0)), of(each.items.get(1), part(type, 1)));
        }
        return made;
    }
}
