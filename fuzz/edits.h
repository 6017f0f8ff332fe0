// Changes a token as a fuzzer's input says: four bytes an edit, which are offset (2), kind and value.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mullion::fuzz {

inline std::string change(std::string token, std::string_view edits) {
    for (; edits.size() >= 4; edits.remove_prefix(4)) {
        if (token.empty()) break;
        const auto byte = [&](int i) {
            return static_cast<unsigned char>(edits[static_cast<std::size_t>(i)]);
        };
        const std::size_t at = (byte(0) | static_cast<std::size_t>(byte(1)) << 8) % token.size();
        switch (byte(2) % 4) {
            case 0:
                token[at] = static_cast<char>(token[at] ^ byte(3));
                break;
            case 1:
                token.resize(at);
                break;
            case 2:
                token.insert(at, 1, static_cast<char>(byte(3)));
                break;
            default:
                token.erase(at, 1 + byte(3) % 16);
                break;
        }
    }
    return token;
}

}  // namespace mullion::fuzz
