// Calls one function for each line of stdin, each in a process of its own, and tells what came of it on fd 9.

#pragma once

#include "codenook_wire.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace codenook {

constexpr int channel = 9;
constexpr rlim_t most_cpu_s = 2;
constexpr int most_wall_ms = 8000;
constexpr rlim_t most_bytes = rlim_t{768} << 20;
constexpr std::size_t most_result_bytes = std::size_t{4} << 20;
constexpr int most_timed_out = 5;

// What an argument is kept in, and how it is handed over.

template <class P> using Bare = std::remove_cv_t<std::remove_reference_t<P>>;
template <class P> constexpr bool is_c_text = std::is_same_v<Bare<P>, const char *> || std::is_same_v<Bare<P>, char *>;
template <class P>
using Kept = std::conditional_t<is_c_text<P> || std::is_same_v<Bare<P>, std::string_view>, std::string, Bare<P>>;

template <class P>
constexpr bool is_changeable = (std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>>) ||
                               std::is_same_v<Bare<P>, char *>;

template <class P> decltype(auto) handed(Kept<P> &kept) {
    if constexpr (std::is_same_v<Bare<P>, char *>) return kept.data();
    else if constexpr (std::is_same_v<Bare<P>, const char *>) return kept.c_str();
    else if constexpr (is_changeable<P>) return static_cast<Kept<P> &>(kept);
    else if constexpr (std::is_lvalue_reference_v<P>) return static_cast<const Kept<P> &>(kept);
    else if constexpr (std::is_rvalue_reference_v<P> || !std::is_copy_constructible_v<Kept<P>>) return std::move(kept);
    else return Kept<P>(kept);
}

template <class R, class... P, class F> void tell_call(Teller &teller, const std::vector<Wire> &arguments, F call) {
    if (arguments.size() != sizeof...(P))
        throw NotHeld{std::to_string(arguments.size()) + " arguments for " + std::to_string(sizeof...(P))};
    std::size_t at = 0;
    std::tuple<Kept<P>...> kept{made<Kept<P>>(arguments[at++])...};
    std::apply(
        [&](Kept<P> &...each) {
            teller.raw("{\"how\":\"returned\",\"value\":");
            if constexpr (std::is_void_v<R>) {
                call(handed<P>(each)...);
                teller.raw("null");
            } else {
                decltype(auto) value = call(handed<P>(each)...);
                teller.tell(value);
            }
            if constexpr ((is_changeable<P> || ...) && !(std::is_rvalue_reference_v<P> || ...)) {
                teller.raw(",\"after\":[");
                int n = 0;
                ((n++ ? teller.raw(",") : teller.raw(""), teller.tell(each)), ...);
                teller.raw("]");
            }
            teller.raw("}");
        },
        kept);
}

// A call with as many of the parameters as there are arguments, and with the `Least` at least.

template <class R, class All, class F, std::size_t... I>
void tell_first(Teller &teller, const std::vector<Wire> &arguments, F call, std::index_sequence<I...>) {
    tell_call<R, std::tuple_element_t<I, All>...>(teller, arguments, call);
}

template <std::size_t Least, std::size_t N, class R, class All, class F>
void tell_some(Teller &teller, const std::vector<Wire> &arguments, F call) {
    if constexpr (N > Least) {
        if (arguments.size() < N) return tell_some<Least, N - 1, R, All>(teller, arguments, call);
    }
    tell_first<R, All>(teller, arguments, call, std::make_index_sequence<N>());
}

// Calls of functions, and of methods on an object that `make` makes; the first argument tells the types.

template <std::size_t Least, class R, class... P, class F, class M>
void tell_one(R (*)(P...), F call, M, Teller &teller, const Wire &, const Wire &arguments) {
    tell_some<Least, sizeof...(P), R, std::tuple<P...>>(teller, arguments.items, call);
}

template <std::size_t Least, class R, class... P, class F, class M>
void tell_method(F call, M make, Teller &teller, const Wire &with, const Wire &arguments) {
    auto object = make(with.items);
    const auto bound = [&](auto &&...each) -> decltype(auto) {
        return call(object, std::forward<decltype(each)>(each)...);
    };
    tell_some<Least, sizeof...(P), R, std::tuple<P...>>(teller, arguments.items, bound);
}

template <std::size_t Least, class C, class R, class... P, class F, class M>
void tell_one(R (C::*)(P...), F call, M make, Teller &teller, const Wire &with, const Wire &arguments) {
    tell_method<Least, R, P...>(call, make, teller, with, arguments);
}

template <std::size_t Least, class C, class R, class... P, class F, class M>
void tell_one(R (C::*)(P...) const, F call, M make, Teller &teller, const Wire &with, const Wire &arguments) {
    tell_method<Least, R, P...>(call, make, teller, with, arguments);
}

template <class T> T argument(const std::vector<Wire> &with, std::size_t at) {
    if (at >= with.size()) throw NotHeld{"there are too few arguments to make the object with"};
    return made<T>(with[at]);
}

inline std::string ending(const char *how, const std::string &error, const std::string &message) {
    Teller teller;
    teller.raw("{\"how\":\"");
    teller.raw(how);
    teller.raw("\",\"error\":");
    teller.quoted(error);
    teller.raw(",\"message\":");
    teller.quoted(message);
    teller.raw("}");
    return teller.out;
}

inline std::string thrown() {
    const std::type_info *type = abi::__cxa_current_exception_type();
    const std::string name = type ? demangled(type->name()) : "an exception";
    try {
        throw;
    } catch (const NotHeld &error) {
        Teller teller;
        teller.raw("{\"how\":\"not_run\",\"why\":");
        teller.quoted(error.why);
        teller.raw("}");
        return teller.out;
    } catch (const std::exception &error) {
        return ending("raised", name, error.what());
    } catch (const char *error) {
        return ending("raised", name, error);
    } catch (const std::string &error) {
        return ending("raised", name, error);
    } catch (int error) {
        return ending("raised", name, std::to_string(error));
    } catch (...) {
        return ending("raised", name, "");
    }
}

inline void write_all(int to, const std::string &text) {
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t n = write(to, text.data() + done, text.size() - done);
        if (n <= 0) return;
        done += static_cast<std::size_t>(n);
    }
}

inline void limit(int which, rlim_t soft, rlim_t hard) {
    rlimit known{};
    getrlimit(static_cast<__rlimit_resource>(which), &known);
    const rlimit wanted{std::min(soft, known.rlim_max), std::min(hard, known.rlim_max)};
    setrlimit(static_cast<__rlimit_resource>(which), &wanted);
}

template <class One> [[noreturn]] void child(int to, int errors, One tell, const std::string &line) {
    setpgid(0, 0);
    close(channel);
    dup2(errors, STDERR_FILENO);
    limit(RLIMIT_CPU, most_cpu_s, most_cpu_s + 1);
    limit(RLIMIT_DATA, most_bytes, most_bytes);
    limit(RLIMIT_FSIZE, 1 << 20, 1 << 20);
    signal(SIGXFSZ, SIG_IGN);
    std::string told;
    try {
        const Wire call = Parser(line).value();
        Teller teller;
        tell(teller, call.items.at(0), call.items.at(1));
        told = teller.out;
    } catch (...) {
        told = thrown();
    }
    write_all(to, told + "\n");
    _exit(0);
}

inline std::string crash(int status, int errors) {
    std::string said(4096, '\0');
    const ssize_t n = pread(errors, &said[0], said.size(), 0);
    said.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    for (const char *mark : {"runtime error: ", "Assertion '", "Error: ", "terminate called"}) {
        const std::size_t at = said.find(mark);
        if (at == std::string::npos) continue;
        const std::size_t start = mark[0] == 'r' ? at + std::strlen(mark) : at;
        const std::string line = said.substr(start, said.find('\n', start) - start);
        return ending("crashed", mark[0] == 't' ? "abort" : "undefined behaviour", line);
    }
    if (WIFSIGNALED(status)) return ending("crashed", std::string("SIG") + sigabbrev_np(WTERMSIG(status)), strsignal(WTERMSIG(status)));
    return ending("crashed", "exit", "it ended the process with the status " + std::to_string(WEXITSTATUS(status)));
}

// What a child tells until it ends, or is ended because of its time or of too long a result.
inline std::string heard(pid_t pid, int from, int errors) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(most_wall_ms);
    std::string told;
    bool is_late = false;
    while (told.size() <= most_result_bytes && (told.empty() || told.back() != '\n')) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        pollfd wait_for{from, POLLIN, 0};
        is_late = left.count() <= 0 || poll(&wait_for, 1, static_cast<int>(left.count())) == 0;
        char piece[65536];
        const ssize_t n = is_late ? 0 : read(from, piece, sizeof piece);
        if (n <= 0) break;
        told.append(piece, static_cast<std::size_t>(n));
    }
    const bool is_whole = !told.empty() && told.back() == '\n';
    if (is_whole || is_late || told.size() > most_result_bytes) {
        kill(-pid, SIGKILL);
        kill(pid, SIGKILL);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    kill(-pid, SIGKILL);
    if (is_whole) return told.substr(0, told.size() - 1);
    if (told.size() > most_result_bytes) return ending("crashed", "result", "the result is too long");
    if (is_late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)) return ending("timed_out", "", "");
    return crash(status, errors);
}

template <std::size_t Least, class T, class F, class M> int run(T type, F call, M make) {
    const auto tell = [=](Teller &teller, const Wire &with, const Wire &arguments) {
        tell_one<Least>(type, call, make, teller, with, arguments);
    };
    signal(SIGPIPE, SIG_IGN);
    write_all(channel, "ready\n");
    std::vector<std::string> lines;
    for (std::string line; std::getline(std::cin, line);) lines.push_back(line);
    const int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, STDIN_FILENO);
    int n_timed_out = 0;
    for (const std::string &line : lines) {
        if (n_timed_out == most_timed_out) {
            write_all(channel, "{\"how\":\"not_run\",\"why\":\"too many calls before it took too long\"}\n");
            continue;
        }
        int ends[2];
        const int errors = open("/tmp", O_TMPFILE | O_RDWR | O_APPEND, 0600);
        if (errors < 0 || pipe(ends) != 0) return 1;
        const pid_t pid = fork();
        if (pid < 0) return 1;
        if (pid == 0) {
            close(ends[0]);
            child(ends[1], errors, tell, line);
        }
        close(ends[1]);
        const std::string told = heard(pid, ends[0], errors);
        close(ends[0]);
        close(errors);
        n_timed_out += told.find("{\"how\":\"timed_out\"") == 0;
        write_all(channel, told + "\n");
    }
    write_all(channel, "done\n");
    return 0;
}

}  // namespace codenook
