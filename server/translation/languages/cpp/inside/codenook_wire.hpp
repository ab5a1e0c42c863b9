// Values as JSON tells them (see values.py), and as types of C++.

#pragma once

#include <any>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

namespace codenook {

// A value that the declared type can't hold.
struct NotHeld {
    std::string why;
};

enum class Kind { Null, Bool, Text, List, Integer, Float, Bytes, Map, Set, Object };

struct Wire {
    Kind kind = Kind::Null;
    bool flag = false;
    std::string text;
    std::vector<Wire> items;
};

class Parser {
public:
    explicit Parser(const std::string &source) : at_(source.c_str()) {}

    Wire value() {
        blanks();
        Wire made;
        switch (*at_) {
        case 'n': at_ += 4; break;
        case 't': at_ += 4; made.kind = Kind::Bool; made.flag = true; break;
        case 'f': at_ += 5; made.kind = Kind::Bool; break;
        case '"': made.kind = Kind::Text; made.text = text(); break;
        case '[': made.kind = Kind::List; made.items = items(); break;
        default: object(made);
        }
        return made;
    }

private:
    const char *at_;

    void blanks() {
        while (*at_ == ' ') ++at_;
    }

    std::vector<Wire> items() {
        std::vector<Wire> found;
        ++at_;
        blanks();
        while (*at_ != ']') {
            found.push_back(value());
            blanks();
            if (*at_ == ',') ++at_;
            blanks();
        }
        ++at_;
        return found;
    }

    void object(Wire &made) {
        ++at_;
        blanks();
        const std::string key = text();
        blanks();
        ++at_;
        const Wire inner = value();
        blanks();
        ++at_;
        made.text = inner.text;
        made.items = inner.items;
        switch (key[0]) {
        case 'i': made.kind = Kind::Integer; break;
        case 'f': made.kind = Kind::Float; break;
        case 'b': made.kind = Kind::Bytes; made.text = unhexed(inner.text); break;
        case 'm': made.kind = Kind::Map; break;
        case 's': made.kind = Kind::Set; break;
        default: made.kind = Kind::Object;
        }
    }

    static std::string unhexed(const std::string &digits) {
        std::string bytes;
        for (std::size_t at = 0; at + 1 < digits.size(); at += 2)
            bytes += static_cast<char>(std::stoi(digits.substr(at, 2), nullptr, 16));
        return bytes;
    }

    unsigned unit() {
        const unsigned found = static_cast<unsigned>(std::stoul(std::string(at_, 4), nullptr, 16));
        at_ += 4;
        return found;
    }

    std::string text() {
        std::string found;
        for (++at_; *at_ != '"';) {
            if (*at_ != '\\') {
                found += *at_++;
                continue;
            }
            const char escaped = at_[1];
            at_ += 2;
            switch (escaped) {
            case 'n': found += '\n'; break;
            case 't': found += '\t'; break;
            case 'r': found += '\r'; break;
            case 'b': found += '\b'; break;
            case 'f': found += '\f'; break;
            case 'u': character(found); break;
            default: found += escaped;
            }
        }
        ++at_;
        return found;
    }

    void character(std::string &found) {
        std::uint32_t code = unit();
        if (code >= 0xD800 && code < 0xDC00 && at_[0] == '\\' && at_[1] == 'u') {
            at_ += 2;
            code = 0x10000 + ((code - 0xD800) << 10) + (unit() - 0xDC00);
        }
        const auto more = [&](int shift) { found += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
        if (code < 0x80) {
            found += static_cast<char>(code);
        } else if (code < 0x800) {
            found += static_cast<char>(0xC0 | (code >> 6));
            more(0);
        } else if (code < 0x10000) {
            found += static_cast<char>(0xE0 | (code >> 12));
            more(6), more(0);
        } else {
            found += static_cast<char>(0xF0 | (code >> 18));
            more(12), more(6), more(0);
        }
    }
};

inline std::string demangled(const char *name) {
    int status = 0;
    char *found = abi::__cxa_demangle(name, nullptr, nullptr, &status);
    std::string made = found ? found : name;
    std::free(found);
    for (const char *inner : {"__cxx11::", "__debug::"})
        for (std::size_t at; (at = made.find(inner)) != std::string::npos;)
            made.erase(at, std::char_traits<char>::length(inner));
    return made;
}

inline const char *name_of(Kind kind) {
    static const char *const names[] = {"nothing", "a bool",      "text",  "a list", "an integer",
                                        "a float", "bytes", "a map", "a set",  "an object"};
    return names[static_cast<int>(kind)];
}

template <class T> [[noreturn]] void not_held(const Wire &wire) {
    throw NotHeld{demangled(typeid(T).name()) + " can't hold " + name_of(wire.kind)};
}

template <class T> [[noreturn]] void too_wide(const std::string &value) {
    throw NotHeld{demangled(typeid(T).name()) + " can't hold " + value};
}

// What a type is, by the form of its template and by what it has.

template <class...> using Void = void;
template <class T, class = void> struct IsMap : std::false_type {};
template <class T> struct IsMap<T, Void<typename T::key_type, typename T::mapped_type>> : std::true_type {};
template <class T, class = void> struct IsSet : std::false_type {};
template <class T> struct IsSet<T, Void<typename T::key_type>> : std::bool_constant<!IsMap<T>::value> {};
template <class T, class = void> struct IsSequence : std::false_type {};
template <class T>
struct IsSequence<T, Void<typename T::value_type, decltype(std::declval<T &>().push_back(
                                                      std::declval<typename T::value_type>())),
                          decltype(std::declval<T &>().begin())>> : std::true_type {};
template <class T> struct IsOptional : std::false_type {};
template <class T> struct IsOptional<std::optional<T>> : std::true_type {};
template <class T> struct IsArray : std::false_type {};
template <class T, std::size_t N> struct IsArray<std::array<T, N>> : std::true_type {};
template <class T, class = void> struct IsTuple : std::false_type {};
template <class T> struct IsTuple<T, Void<decltype(std::tuple_size<T>::value)>>
    : std::bool_constant<!IsArray<T>::value> {};
template <class T> struct IsPointer : std::is_pointer<T> {};
template <class T, class D> struct IsPointer<std::unique_ptr<T, D>> : std::true_type {};
template <class T> struct IsPointer<std::shared_ptr<T>> : std::true_type {};
template <class T>
constexpr bool is_text = std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>;
template <class T>
constexpr bool is_byte = std::is_same_v<T, unsigned char> || std::is_same_v<T, std::byte>;

template <class T> T made(const Wire &wire);

template <class T> T made_integer(const std::string &digits) {
    const bool is_negative = digits[0] == '-';
    unsigned __int128 found = 0;
    if (digits.size() > 21) too_wide<T>(digits);
    for (std::size_t at = is_negative; at < digits.size(); ++at) found = found * 10 + (digits[at] - '0');
    const __int128 value = is_negative ? -static_cast<__int128>(found) : static_cast<__int128>(found);
    if (value < static_cast<__int128>(std::numeric_limits<T>::min()) ||
        value > static_cast<__int128>(std::numeric_limits<T>::max()))
        too_wide<T>(digits);
    return static_cast<T>(value);
}

template <class T> T made_float(const Wire &wire) {
    const double value = std::strtod(wire.text.c_str(), nullptr);
    const T held = static_cast<T>(value);
    if (std::isfinite(value) && !std::isfinite(held)) too_wide<T>(wire.text);
    if (wire.kind == Kind::Integer) {
        char exact[400];
        std::snprintf(exact, sizeof exact, "%.0f", static_cast<double>(held));
        if (wire.text != exact) too_wide<T>(wire.text);
    }
    return held;
}

inline std::any made_any(const Wire &wire) {
    switch (wire.kind) {
    case Kind::Null: return {};
    case Kind::Bool: return wire.flag;
    case Kind::Text: return wire.text;
    case Kind::Float: return made_float<double>(wire);
    case Kind::Integer: {
        const long long value = made_integer<long long>(wire.text);
        if (value >= INT32_MIN && value <= INT32_MAX) return static_cast<int>(value);
        return value;
    }
    case Kind::List: return made<std::vector<std::any>>(wire);
    default: not_held<std::any>(wire);
    }
}

template <class T, std::size_t... N> T made_tuple(const Wire &wire, std::index_sequence<N...>) {
    return T{made<std::decay_t<std::tuple_element_t<N, T>>>(wire.items[N])...};
}

template <class T> T made(const Wire &wire) {
    if constexpr (std::is_same_v<T, Wire>) {
        return wire;
    } else if constexpr (std::is_same_v<T, bool>) {
        if (wire.kind != Kind::Bool) not_held<T>(wire);
        return wire.flag;
    } else if constexpr (std::is_same_v<T, char>) {
        if (wire.kind != Kind::Text) not_held<T>(wire);
        if (wire.text.size() != 1) throw NotHeld{"char can't hold \"" + wire.text + "\""};
        return wire.text[0];
    } else if constexpr (std::is_integral_v<T>) {
        if (wire.kind != Kind::Integer) not_held<T>(wire);
        return made_integer<T>(wire.text);
    } else if constexpr (std::is_same_v<T, std::byte>) {
        return std::byte{made<unsigned char>(wire)};
    } else if constexpr (std::is_floating_point_v<T>) {
        if (wire.kind != Kind::Float && wire.kind != Kind::Integer) not_held<T>(wire);
        return made_float<T>(wire);
    } else if constexpr (std::is_same_v<T, std::string>) {
        if (wire.kind != Kind::Text && wire.kind != Kind::Bytes) not_held<T>(wire);
        return wire.text;
    } else if constexpr (std::is_same_v<T, std::any>) {
        return made_any(wire);
    } else if constexpr (IsOptional<T>::value) {
        if (wire.kind == Kind::Null) return std::nullopt;
        return T{made<typename T::value_type>(wire)};
    } else if constexpr (IsArray<T>::value) {
        if (wire.kind != Kind::List || wire.items.size() != std::tuple_size_v<T>) not_held<T>(wire);
        T held{};
        for (std::size_t at = 0; at < held.size(); ++at)
            held[at] = made<typename T::value_type>(wire.items[at]);
        return held;
    } else if constexpr (IsTuple<T>::value) {
        if (wire.kind != Kind::List || wire.items.size() != std::tuple_size_v<T>) not_held<T>(wire);
        return made_tuple<T>(wire, std::make_index_sequence<std::tuple_size_v<T>>());
    } else if constexpr (IsMap<T>::value) {
        if (wire.kind != Kind::Map) not_held<T>(wire);
        T held;
        for (const Wire &each : wire.items)
            held.emplace(made<typename T::key_type>(each.items.at(0)),
                         made<typename T::mapped_type>(each.items.at(1)));
        return held;
    } else if constexpr (IsSet<T>::value) {
        if (wire.kind != Kind::Set) not_held<T>(wire);
        T held;
        for (const Wire &each : wire.items) held.insert(made<typename T::key_type>(each));
        return held;
    } else if constexpr (IsSequence<T>::value) {
        T held;
        if constexpr (is_byte<typename T::value_type>)
            if (wire.kind == Kind::Bytes) {
                for (const char each : wire.text)
                    held.push_back(typename T::value_type{static_cast<unsigned char>(each)});
                return held;
            }
        if (wire.kind != Kind::List) not_held<T>(wire);
        for (const Wire &each : wire.items) held.push_back(made<typename T::value_type>(each));
        return held;
    } else {
        throw NotHeld{"no value can be made of the type " + demangled(typeid(T).name())};
    }
}

// From a value to JSON.

class Teller {
public:
    std::string out;

    void raw(const char *text) { out += text; }

    void quoted(const std::string &text) {
        out += '"';
        for (const char each : text) {
            char escaped[8];
            const unsigned char code = static_cast<unsigned char>(each);
            if (code >= 0x20 && each != '"' && each != '\\' && code != 0x7F) {
                out += each;
                continue;
            }
            std::snprintf(escaped, sizeof escaped, "\\u%04x", code);
            out += escaped;
        }
        out += '"';
    }

    void text(const std::string &text) {
        if (is_unicode(text)) return quoted(text);
        out += "{\"b\":\"";
        for (const char each : text) hex(static_cast<unsigned char>(each));
        out += "\"}";
    }

    void hex(unsigned char byte) {
        char digits[4];
        std::snprintf(digits, sizeof digits, "%02x", byte);
        out += digits;
    }

    void opaque(const std::string &name) {
        out += "{\"o\":";
        quoted(name);
        out += '}';
    }

    template <class Items> void list(const Items &items) {
        out += '[';
        bool is_first = true;
        for (auto &&each : items) {
            if (!is_first) out += ',';
            is_first = false;
            tell(each);
        }
        out += ']';
    }

    template <class T> void tell(const T &value) {
        if constexpr (std::is_same_v<T, std::vector<bool>::const_reference>) {
            out += value ? "true" : "false";
        } else if constexpr (std::is_same_v<T, std::vector<bool>::reference>) {
            out += bool(value) ? "true" : "false";
        } else if constexpr (std::is_same_v<T, std::nullopt_t> || std::is_same_v<T, std::nullptr_t>) {
            out += "null";
        } else if constexpr (std::is_same_v<T, char>) {
            text(std::string(1, value));
        } else if constexpr (std::is_enum_v<T> && !std::is_same_v<T, std::byte>) {
            opaque(demangled(typeid(T).name()));
        } else if constexpr (std::is_same_v<T, std::byte>) {
            tell(std::to_integer<unsigned char>(value));
        } else if constexpr (std::is_integral_v<T>) {
            out += "{\"i\":\"" + std::to_string(value) + "\"}";
        } else if constexpr (std::is_floating_point_v<T>) {
            floating(static_cast<double>(value));
        } else if constexpr (std::is_same_v<std::decay_t<T>, char *> ||
                             std::is_same_v<std::decay_t<T>, const char *>) {
            if (value) text(value);
            else out += "null";
        } else if constexpr (is_text<T>) {
            text(std::string(value));
        } else if constexpr (std::is_same_v<T, std::any>) {
            any(value);
        } else if constexpr (IsOptional<T>::value) {
            if (value) tell(*value);
            else out += "null";
        } else if constexpr (IsPointer<T>::value) {
            if (value) opaque(demangled(typeid(T).name()));
            else out += "null";
        } else if constexpr (IsTuple<T>::value) {
            out += '[';
            std::apply([this](const auto &...each) { int at = 0; ((at++ ? raw(",") : raw(""), tell(each)), ...); },
                       value);
            out += ']';
        } else if constexpr (IsMap<T>::value) {
            out += "{\"m\":";
            list(value);
            out += '}';
        } else if constexpr (IsSet<T>::value) {
            out += "{\"s\":";
            list(value);
            out += '}';
        } else if constexpr (IsSequence<T>::value && !IsArray<T>::value) {
            if constexpr (is_byte<typename T::value_type>) {
                out += "{\"b\":\"";
                for (const auto each : value) hex(static_cast<unsigned char>(each));
                out += "\"}";
            } else {
                list(value);
            }
        } else if constexpr (IsArray<T>::value) {
            list(value);
        } else {
            opaque(demangled(typeid(T).name()));
        }
    }

private:
    void floating(double value) {
        char digits[40];
        if (std::isnan(value)) std::snprintf(digits, sizeof digits, "nan");
        else std::snprintf(digits, sizeof digits, "%.17g", value);
        out += std::string("{\"f\":\"") + digits + "\"}";
    }

    template <class T> bool is_told(const std::any &value) {
        const T *held = std::any_cast<T>(&value);
        if (held) tell(*held);
        return held;
    }

    void any(const std::any &value) {
        if (!value.has_value()) return raw("null");
        const bool is_known = is_told<bool>(value) || is_told<char>(value) || is_told<int>(value) ||
                              is_told<long>(value) || is_told<long long>(value) || is_told<unsigned>(value) ||
                              is_told<std::size_t>(value) || is_told<float>(value) || is_told<double>(value) ||
                              is_told<std::string>(value) || is_told<const char *>(value) ||
                              is_told<std::vector<std::any>>(value) || is_told<std::vector<int>>(value);
        if (!is_known) opaque(demangled(value.type().name()));
    }

    static bool is_unicode(const std::string &text) {
        for (std::size_t at = 0; at < text.size();) {
            const auto byte = [&](std::size_t n) { return static_cast<unsigned char>(n < text.size() ? text[n] : 0); };
            const unsigned char first = byte(at);
            const int more = first < 0x80 ? 0 : first >= 0xC2 && first < 0xE0 ? 1 : (first & 0xF0) == 0xE0 ? 2
                             : first >= 0xF0 && first < 0xF5                  ? 3
                                                                              : -1;
            if (more < 0) return false;
            for (int n = 1; n <= more; ++n)
                if ((byte(at + n) & 0xC0) != 0x80) return false;
            const unsigned char second = byte(at + 1);
            if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
                return false;
            at += more + 1;
        }
        return true;
    }
};

template <> inline void Teller::tell<bool>(const bool &value) { out += value ? "true" : "false"; }

}  // namespace codenook
