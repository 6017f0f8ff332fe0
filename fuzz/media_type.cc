// Content-Type: what is read, written in quotes, reads the same.
#include <cstdint>

#include "check.h"
#include "http/message.h"

using namespace mullion::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto media = parse_media_type({reinterpret_cast<const char*>(data), size});
    if (!media) return 0;
    FUZZ_CHECK(media->parameters.size() <= 16);
    std::string text = media->type;
    for (const auto& [name, value] : media->parameters) {
        FUZZ_CHECK(media->parameter(name) == value);
        text += ";" + name + "=\"";
        for (const char c : value) {
            if (c == '"' || c == '\\') text += '\\';
            text += c;
        }
        text += '"';
    }
    const auto again = parse_media_type(text);
    FUZZ_CHECK(again && again->type == media->type && again->parameters == media->parameters);
    return 0;
}
