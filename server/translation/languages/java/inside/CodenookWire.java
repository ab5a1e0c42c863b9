package codenook;

import java.util.ArrayList;
import java.util.List;

/** A value as JSON tells it. */
final class CodenookWire {
    /** What it is; OBJECT is one of the program. */
    enum Kind { NOTHING, BOOL, TEXT, LIST, INTEGER, FLOAT, BYTES, MAP, SET, OBJECT }

    final Kind kind;
    final String text;
    final List<CodenookWire> items;

    private CodenookWire(Kind kind, String text, List<CodenookWire> items) {
        this.kind = kind;
        this.text = text;
        this.items = items;
    }

    static CodenookWire list(List<CodenookWire> items) {
        return new CodenookWire(Kind.LIST, "", items);
    }

    @Override
    public String toString() {
        switch (kind) {
            case NOTHING: return "nothing";
            case TEXT: return "\"" + text + "\"";
            case BOOL:
            case INTEGER:
            case FLOAT: return text;
            default: return "a " + kind.toString().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Reads what codenook writes: valid JSON. */
    static final class Parser {
        private final String source;
        private int at;

        Parser(String source) {
            this.source = source;
        }

        CodenookWire value() {
            blanks();
            switch (source.charAt(at)) {
                case 'n': at += 4; return new CodenookWire(Kind.NOTHING, "", List.of());
                case 't': at += 4; return new CodenookWire(Kind.BOOL, "true", List.of());
                case 'f': at += 5; return new CodenookWire(Kind.BOOL, "false", List.of());
                case '"': return new CodenookWire(Kind.TEXT, text(), List.of());
                case '[': return list(items());
                default: return object();
            }
        }

        private void blanks() {
            while (source.charAt(at) == ' ') {
                at++;
            }
        }

        private List<CodenookWire> items() {
            List<CodenookWire> found = new ArrayList<>();
            at++;
            blanks();
            while (source.charAt(at) != ']') {
                found.add(value());
                blanks();
                if (source.charAt(at) == ',') {
                    at++;
                    blanks();
                }
            }
            at++;
            return found;
        }

        private CodenookWire object() {
            at++;
            blanks();
            String key = text();
            blanks();
            at++;
            CodenookWire inner = value();
            blanks();
            at++;
            return new CodenookWire(kind(key), inner.text, inner.items);
        }

        private static Kind kind(String key) {
            switch (key) {
                case "i": return Kind.INTEGER;
                case "f": return Kind.FLOAT;
                case "b": return Kind.BYTES;
                case "m": return Kind.MAP;
                case "s": return Kind.SET;
                default: return Kind.OBJECT;
            }
        }

        private String text() {
            StringBuilder found = new StringBuilder();
            for (at++; source.charAt(at) != '"'; at++) {
                char each = source.charAt(at);
                if (each != '\\') {
                    found.append(each);
                    continue;
                }
                at++;
                switch (source.charAt(at)) {
                    case 'n': found.append('\n'); break;
                    case 't': found.append('\t'); break;
                    case 'r': found.append('\r'); break;
                    case 'b': found.append('\b'); break;
                    case 'f': found.append('\f'); break;
                    case 'u':
                        found.append((char) Integer.parseInt(source.substring(at + 1, at + 5), 16));
                        at += 4;
                        break;
                    default: found.append(source.charAt(at));
                }
            }
            at++;
            return found.toString();
        }
    }
}
