#include "core/secret.h"

#include <string.h>  // explicit_bzero

#include <utility>

namespace mullion {

// A call also in builds with link-time optimisation: what is inlined into a destructor is taken for the
// object that ends there, and warned of where it is a longer one.
[[gnu::noinline]] void wipe_memory(void* begin, std::size_t size) noexcept {
    if (size > 0) explicit_bzero(begin, size);
}

void wipe(std::string& text) noexcept {
    text.resize(text.capacity());  // Within its buffer: nothing is allocated.
    wipe_memory(text.data(), text.size());
    text.clear();
}

bool same_in_constant_time(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    volatile unsigned char difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference = static_cast<unsigned char>(
            difference | (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i])));
    }
    return difference == 0;
}

Secret::Secret(std::string_view clear_text) {
    bytes_.reserve(clear_text.size() + 1);  // Exactly once: growing would leave copies behind.
    bytes_.assign(clear_text.begin(), clear_text.end());
    bytes_.push_back('\0');
}

Secret::Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) {
    other.bytes_.clear();
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        bytes_ = std::move(other.bytes_);
        other.bytes_.clear();
    }
    return *this;
}

Secret::~Secret() {
    wipe();
}

std::string_view Secret::expose() const noexcept {
    return bytes_.empty() ? std::string_view("", 0) : std::string_view(bytes_.data(), bytes_.size() - 1);
}

bool Secret::same_as(const Secret& other) const noexcept {
    return same_in_constant_time(expose(), other.expose());
}

void Secret::wipe() noexcept {
    wipe_memory(bytes_.data(), bytes_.size());
    bytes_.clear();
}

}  // namespace mullion
