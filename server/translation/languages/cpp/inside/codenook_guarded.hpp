// Arrays as C takes them: a pointer to elements, behind which nothing may be read or written.

#pragma once

#include "codenook_wire.hpp"

#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

namespace codenook {

template <class T> class Guarded {
public:
    template <class Items> explicit Guarded(const Items &items) : size_(items.size()) {
        const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        const std::size_t bytes = size_ * sizeof(T), whole = (bytes + page - 1) / page * page;
        void *const at = mmap(nullptr, whole + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (at == MAP_FAILED) throw std::bad_alloc();
        char *const end = static_cast<char *>(at) + whole;
        mprotect(end, page, PROT_NONE);
        first_ = reinterpret_cast<T *>(end - bytes);
        std::size_t n = 0;
        for (const auto &each : items) first_[n++] = each;
    }

    T *data() const { return first_; }

    template <class Items> void back(Items &items) const { items.assign(first_, first_ + size_); }

private:
    std::size_t size_;
    T *first_;
};

// A text with the zero behind it.
class GuardedText : public Guarded<char> {
public:
    explicit GuardedText(const std::string &text) : Guarded<char>(std::string_view(text.c_str(), text.size() + 1)) {}

    void back(std::string &text) const { text = data(); }
};

// Texts, each guarded.
class GuardedTexts {
public:
    explicit GuardedTexts(const std::vector<std::string> &texts) : pointers_(pointers(texts)) {}

    char **data() const { return pointers_.data(); }

    void back(std::vector<std::string> &texts) const { texts.assign(data(), data() + texts.size()); }

private:
    Guarded<char *> pointers_;

    static std::vector<char *> pointers(const std::vector<std::string> &texts) {
        std::vector<char *> found;
        for (const std::string &each : texts) found.push_back(GuardedText(each).data());
        return found;
    }
};

// The elements that a pointer leads to.
template <class T, class From> std::vector<T> listed(const void *first, std::size_t size) {
    const From *const at = static_cast<const From *>(first);
    return first ? std::vector<T>(at, at + size) : std::vector<T>();
}

template <class T> std::optional<T> perhaps(const void *at) {
    return at ? std::optional<T>(*static_cast<const T *>(at)) : std::nullopt;
}

}  // namespace codenook
