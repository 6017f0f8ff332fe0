// Randomness and the ids made of it are injected.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mullion {

class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

// The kernel's generator; safe from every thread.
[[nodiscard]] Random& system_random();

// Takes many bytes at a time from another generator, and gives out each once: an id costs no call to the
// kernel. Of one thread.
class DrawnAhead final : public Random {
public:
    explicit DrawnAhead(Random& source) : source_(source) {}
    void fill(std::span<std::uint8_t> bytes) override;

private:
    Random& source_;
    std::array<std::uint8_t, 512> drawn_{};
    std::size_t used_ = 512;
};

// Repeats one sequence: for tests only.
class CountingRandom final : public Random {
public:
    void fill(std::span<std::uint8_t> bytes) override;

private:
    std::uint8_t next_ = 0;
};

// A version 4 GUID in the form Windows sends, upper case: "4283CBDC-3706-415B-88BD-B385F3E51A53".
[[nodiscard]] std::string new_guid(Random& random);

// True for the form above in either case, with or without braces being NOT accepted.
[[nodiscard]] bool is_guid(std::string_view text);

}  // namespace mullion
