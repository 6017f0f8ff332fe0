// What replay-recordings asks when it wants to know how our service would answer.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mullion::recordings {

// One recorded request, and what Windows answered: an answerer scripts its processes with that (output, exit
// code).
struct Exchange {
    std::string_view file;
    std::size_t index = 0;     // Within the file.
    std::string_view request;  // Recorded ids of shells and commands replaced by those our service gave.
    std::string_view windows_answer;
};

class Answerer {
public:
    virtual ~Answerer() = default;
    // A new file, thus a new conversation: nothing is left of the one before.
    virtual void begin() = 0;
    // The envelope that the service answers with; nothing when this version does not serve the request.
    [[nodiscard]] virtual std::optional<std::string> answer(const Exchange& exchange) = 0;
};

// The service of this build; nothing when it has none, then the column stays empty.
[[nodiscard]] std::unique_ptr<Answerer> make_answerer();

}  // namespace mullion::recordings
