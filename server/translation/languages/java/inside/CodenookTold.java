package codenook;

import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Writes values as JSON. */
final class CodenookTold {
    private static final int MOST_NESTED = 100;
    private static final int MOST_CHARS = 8 << 20;

    private final StringBuilder out = new StringBuilder();

    private CodenookTold() {}

    static String of(Object value) {
        CodenookTold told = new CodenookTold();
        told.tell(value, 0);
        return told.out.toString();
    }

    static String ending(String how, String error, String message) {
        return "{\"how\":\"" + how + "\",\"error\":" + quoted(error) + ",\"message\":" + quoted(message) + "}";
    }

    static String quoted(String text) {
        StringBuilder made = new StringBuilder("\"");
        for (int at = 0; at < text.length(); at++) {
            char each = text.charAt(at);
            if (each >= ' ' && each < 127 && each != '"' && each != '\\') {
                made.append(each);
            } else {
                made.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
            }
        }
        return made.append('"').toString();
    }

    private void tell(Object value, int depth) {
        if (depth > MOST_NESTED || out.length() > MOST_CHARS) {
            pair("o", "...");
        } else if (value == null) {
            out.append("null");
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Integer || value instanceof Long || value instanceof Short
                || value instanceof Byte || value instanceof BigInteger) {
            pair("i", value.toString());
        } else if (value instanceof Double || value instanceof Float) {
            pair("f", real(((Number) value).doubleValue()));
        } else if (value instanceof CharSequence || value instanceof Character) {
            text(value.toString());
        } else if (value instanceof Optional) {
            tell(((Optional<?>) value).orElse(null), depth + 1);
        } else if (value instanceof OptionalInt) {
            tell(((OptionalInt) value).isPresent() ? ((OptionalInt) value).getAsInt() : null, depth + 1);
        } else if (value instanceof byte[]) {
            bytes((byte[]) value);
        } else if (value.getClass().isArray()) {
            array(value, depth);
        } else if (value instanceof Map.Entry) {
            list(java.util.Arrays.asList(((Map.Entry<?, ?>) value).getKey(), ((Map.Entry<?, ?>) value).getValue()),
                    depth);
        } else if (value instanceof Map) {
            out.append("{\"m\":");
            list(((Map<?, ?>) value).entrySet(), depth);
            out.append('}');
        } else if (value instanceof Set) {
            out.append("{\"s\":");
            list((Collection<?>) value, depth);
            out.append('}');
        } else if (value instanceof Collection) {
            list((Collection<?>) value, depth);
        } else {
            pair("o", value.getClass().getSimpleName());
        }
    }

    private void pair(String key, String value) {
        out.append("{\"").append(key).append("\":").append(quoted(value)).append('}');
    }

    private static String real(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        return Double.isInfinite(value) ? value > 0 ? "inf" : "-inf" : Double.toString(value);
    }

    private void text(String value) {
        for (int at = 0; at < value.length(); at++) {
            boolean isPair = at + 1 < value.length()
                    && Character.isSurrogatePair(value.charAt(at), value.charAt(at + 1));
            if (Character.isSurrogate(value.charAt(at)) && !isPair) {
                bytes(value.getBytes(java.nio.charset.StandardCharsets.UTF_16BE));
                return;
            }
            at += isPair ? 1 : 0;
        }
        out.append(quoted(value));
    }

    private void bytes(byte[] value) {
        StringBuilder digits = new StringBuilder();
        for (byte each : value) {
            digits.append(String.format(Locale.ROOT, "%02x", each));
        }
        pair("b", digits.toString());
    }

    private void array(Object value, int depth) {
        out.append('[');
        for (int at = 0; at < Array.getLength(value); at++) {
            out.append(at > 0 ? "," : "");
            tell(Array.get(value, at), depth + 1);
        }
        out.append(']');
    }

    private void list(Collection<?> items, int depth) {
        out.append('[');
        boolean isFirst = true;
        for (Object each : items) {
            out.append(isFirst ? "" : ",");
            isFirst = false;
            tell(each, depth + 1);
        }
        out.append(']');
    }
}
