// The files in tests/golden, one folder for each mode: what a host of some version is asked, what it answers,
// and what the check prints then. The format: golden/README.md.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "checks/ask.h"
#include "checks/options.h"

namespace mullion::checks::tests {

// One question as it goes out, and its answer as it stands on the wire.
struct GoldenQuestion {
    enum class Kind { query, call, command } kind = Kind::query;
    std::string asked;
    std::vector<std::string> rows;  // Of a query: XML each. Of a call: its outputs.
    std::string returned;           // Of a call: ReturnValue.
    CommandOutput output;           // Of a command.
};

struct GoldenLook {
    std::int64_t at = 1773144000;  // Seconds since 1970: Tue Mar 10 12:00:00 2026 UTC.
    std::vector<GoldenQuestion> questions = {};
    int exit_code = 3;
    std::string text = {};
};

struct GoldenCase {
    std::string mode, name;
    Words words;
    bool compat = false;
    std::vector<GoldenLook> looks;
};

void PrintTo(const GoldenCase& golden, std::ostream* out);  // For GoogleTest.
// All there are, in the order of their names. A file that cannot be read is a failure of the test.
[[nodiscard]] const std::vector<GoldenCase>& golden_cases();

}  // namespace mullion::checks::tests
