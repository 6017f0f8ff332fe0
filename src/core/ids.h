// Randomness and the ids made of it are injected.
#pragma once

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
