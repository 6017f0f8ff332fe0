// What a command printed last: however it is cut into pieces the same end is kept, and a limit of WinRM is
// named once.
#include <cstdint>
#include <set>

#include "check.h"
#include "client/hints.h"

using namespace mullion;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::size_t piece = 1 + data[0] * 16;
    const std::uint32_t code = data[1];
    const std::string_view input(reinterpret_cast<const char*>(data) + 2, size - 2);
    client::Tail whole, pieces;
    whole.add(input);
    for (std::size_t at = 0; at < input.size(); at += piece) pieces.add(input.substr(at, piece));
    FUZZ_CHECK(whole.text() == pieces.text());
    FUZZ_CHECK(whole.text().size() <= client::Tail::most);

    const auto errors = client::hints_of({code, input.substr(0, 200), "", whole.text(), nullptr});
    const auto output = client::hints_of({code, input.substr(0, 200), whole.text(), "", nullptr});
    FUZZ_CHECK(std::set<ErrorId>(errors.begin(), errors.end()).size() == errors.size());
    // Standard output counts like errors, or not at all.
    FUZZ_CHECK(code == 0 ? output.empty() : output == errors);
    return 0;
}
