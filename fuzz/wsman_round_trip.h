// What was read and written once says the same when it is read and written again.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#include "wsman/envelope.h"

namespace mullion::fuzz {

inline std::string meaning_of(const std::string& text) {
    const auto document = xml::Document::parse(text, wsman::wire_limits(16 * 1024 * 1024));
    if (!document) {
        std::fprintf(stderr, "what we wrote cannot be read: %s\n%s\n", document.error().detail.c_str(),
                     text.c_str());
        std::abort();
    }
    return xml::canonical(document.value().root());
}

inline void expect_round_trip(std::string_view input, Result<std::string> (*rewrite)(std::string_view)) {
    const auto first = rewrite(input);
    if (!first) return;
    const auto second = rewrite(first.value());
    if (!second) {
        std::fprintf(stderr, "refused what we wrote: %s\n%s\n", second.error().message().c_str(),
                     first.value().c_str());
        std::abort();
    }
    if (meaning_of(first.value()) != meaning_of(second.value())) {
        std::fprintf(stderr, "not the same again:\n%s\n%s\n", first.value().c_str(), second.value().c_str());
        std::abort();
    }
}

}  // namespace mullion::fuzz
