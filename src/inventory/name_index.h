// Finds a numbered thing by its name: four to eight bytes for each, where a map of strings takes a hundred.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace mullion::inventory {

// Holds numbers only. `name_of(number)` gives the name of a number that was added; it is the caller's to keep
// those as they are.
class NameIndex {
public:
    template <class NameOf>
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view name, const NameOf& name_of) const {
        if (slots_.empty()) return std::nullopt;
        for (std::size_t at = place_of(name);; at = (at + 1) & (slots_.size() - 1)) {
            if (slots_[at] == empty) return std::nullopt;
            if (name_of(slots_[at]) == name) return slots_[at];
        }
    }

    // The name must be new.
    template <class NameOf>
    void add(std::uint32_t number, const NameOf& name_of) {
        if ((count_ + 1) * 4 > slots_.size() * 3) grow(name_of);
        insert(number, name_of(number));
        ++count_;
    }

private:
    static constexpr std::uint32_t empty = UINT32_MAX;

    [[nodiscard]] std::size_t place_of(std::string_view name) const {
        return std::hash<std::string_view>{}(name) & (slots_.size() - 1);
    }

    void insert(std::uint32_t number, std::string_view name) {
        std::size_t at = place_of(name);
        while (slots_[at] != empty) at = (at + 1) & (slots_.size() - 1);
        slots_[at] = number;
    }

    template <class NameOf>
    void grow(const NameOf& name_of) {
        const auto old = std::exchange(slots_, std::vector(slots_.empty() ? 16 : slots_.size() * 2, empty));
        for (const std::uint32_t number : old)
            if (number != empty) insert(number, name_of(number));
    }

    std::vector<std::uint32_t> slots_;  // A power of two, at most three quarters full.
    std::size_t count_ = 0;
};

}  // namespace mullion::inventory
