// Masks of secrets in a stream: whatever the secrets, the text and the cuts, the same comes out, no form is
// left in it, and nothing else is lost.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "check.h"
#include "secrets/masking/forms.h"
#include "secrets/masking/masks.h"

using namespace mullion;
using namespace mullion::secrets;

namespace {

std::string in_pieces(const std::shared_ptr<const Patterns>& patterns, std::string_view text,
                      std::size_t piece) {
    Mask mask(patterns);
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += piece) {
        out += mask.add(text.substr(at, piece));
        FUZZ_CHECK(mask.held() <= at + piece);
    }
    out += mask.flush();
    FUZZ_CHECK(mask.held() == 0);
    return out;
}

// A form with stars in it may be made by masks; it is no secret then.
bool has_stars(const Secret& form) {
    return form.expose().find('*') != std::string_view::npos;
}

void check_forms(const Secret& value, const std::shared_ptr<const Patterns>& patterns, std::string_view out) {
    for (const auto& form : forms_of(value).texts) {
        if (!has_stars(form)) FUZZ_CHECK(out.find(form.expose()) == std::string_view::npos);
        std::string around("<");
        around += form.expose();
        around += '>';
        const auto shown = masked(patterns, around);
        FUZZ_CHECK(shown.find(mask_text) != std::string::npos);
        if (!has_stars(form)) FUZZ_CHECK(shown.find(form.expose()) == std::string::npos);
    }
}

}  // namespace

// The first byte is the length of pieces, the second how many secrets follow, each behind its length; the
// rest is the text, in which 0x01 N stands for secret N.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto byte = [&] {
        const auto first = input.empty() ? 0 : static_cast<unsigned char>(input.front());
        input.remove_prefix(input.empty() ? 0 : 1);
        return static_cast<std::size_t>(first);
    };
    const std::size_t piece = 1 + byte() % 9;
    std::vector<Secret> values(byte() % 4);
    for (auto& value : values) {
        const auto length = std::min(byte() % 48, input.size());
        value = Secret(input.substr(0, length));
        input.remove_prefix(length);
    }
    std::string text;
    while (!input.empty()) {
        const auto c = byte();
        if (c == 1 && !values.empty())
            text += values[byte() % values.size()].expose();
        else
            text += static_cast<char>(c);
    }
    Masks masks;
    masks.add(values);
    const auto patterns = masks.patterns();
    const auto whole = masks.masked(text);
    FUZZ_CHECK(in_pieces(patterns, text, piece) == whole);
    FUZZ_CHECK(in_pieces(patterns, text, 1) == whole);
    if (!patterns) FUZZ_CHECK(whole == text);
    for (const auto& value : values) check_forms(value, patterns, whole);
    return 0;
}
