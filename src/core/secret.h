// A byte string that must not outlive its use: password, hash of one, session key.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mullion {

// Move-only, wiped on destruction. No stream operator, formatter or conversion exists, so a log line that
// names one does not compile. Every reader is found with `git grep 'expose('`.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view clear_text);
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;  // Wipes the old value first.
    ~Secret();

    // Copies are made on purpose and by name.
    [[nodiscard]] Secret clone() const { return Secret(expose()); }
    // The clear bytes; a NUL follows them (some C interfaces read to the NUL).
    [[nodiscard]] std::string_view expose() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return expose().empty(); }
    [[nodiscard]] bool same_as(const Secret& other) const noexcept;  // Constant time for equal lengths.

private:
    void wipe() noexcept;
    std::vector<char> bytes_;  // Not std::string: short strings stay inline, so a move would leave a copy.
};

// Overwrites memory in a way the compiler keeps.
void wipe_memory(void* begin, std::size_t size) noexcept;

// Overwrites all that the string's own buffer holds, also what a move left in a short one, and empties it.
// For text that came in clear through other hands; what is made here is a Secret from the start.
void wipe(std::string& text) noexcept;

// True when both are equal; time depends on the lengths only.
[[nodiscard]] bool same_in_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace mullion
