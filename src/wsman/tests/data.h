// Messages from tests/data (README.md there says from whom), and how tests read messages.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "source_dir/source_dir.h"
#include "wsman/envelope.h"

namespace mullion::wsman::testing {

inline std::string read_data(const std::string& name) {
    std::ifstream file(source_dir() + "/src/wsman/tests/data/" + name + ".xml", std::ios::binary);
    if (!file) throw std::runtime_error("no test data " + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline Message message_of(const std::string& bytes) {
    auto message = read_message(bytes, wire_limits(4 * 1024 * 1024));
    if (!message) throw std::runtime_error(message.error().message());
    return std::move(message).value();
}

inline Message data_message(const std::string& name) {
    return message_of(read_data(name));
}

inline const RequestSettings& settings() {
    static const RequestSettings value{"http://host:5985/wsman",
                                       "uuid:E3EDC93B-6629-44A6-8F70-2D94D134ACD3",
                                       153'600,
                                       Duration(20'000),
                                       "en-US",
                                       std::string(resource::command_shell)};
    return value;
}

inline constexpr char message_id[] = "uuid:B9C6A568-20B0-4B50-93EE-E7BCAD5C20DB";
inline constexpr char other_id[] = "uuid:31F20919-69F2-4EE2-AE04-758019E427A2";
inline constexpr char shell_id[] = "0D6FCA9D-2D40-44C3-B691-E665BE7AA687";
inline constexpr char command_id[] = "B0973E54-434E-4D99-B4BE-ADE584CE3BFB";

}  // namespace mullion::wsman::testing
