#include "simulate/map_reader.h"

#include <charconv>

namespace mullion::simulate {

Error at_line(unsigned line, std::string_view what) {
    return {ErrorId::fleet_file_invalid, fmt::format("line {}: {}", line, what)};
}

Result<std::string> text_of(const yaml::Node::Entry& entry) {
    if (entry.value.kind != yaml::Node::Kind::scalar)
        return at_line(entry.line, fmt::format("{} takes one value", entry.key));
    return entry.value.scalar;
}

Result<bool> truth_of(const yaml::Node::Entry& entry) {
    MULLION_ASSIGN(const std::string text, text_of(entry));
    if (text == "true" || text == "yes") return true;
    if (text == "false" || text == "no") return false;
    return at_line(entry.line, fmt::format("{} is true or false", entry.key));
}

Result<std::uint64_t> number_of(const yaml::Node::Entry& entry, std::uint64_t least, std::uint64_t most) {
    MULLION_ASSIGN(const std::string text, text_of(entry));
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || problem != std::errc() || end != text.data() + text.size() || value < least ||
        value > most)
        return at_line(entry.line, fmt::format("{} is a number from {} to {}", entry.key, least, most));
    return value;
}

Result<Duration> delay_of(const yaml::Node::Entry& entry) {
    MULLION_ASSIGN(const std::string text, text_of(entry));
    if (const auto delay = parse_delay(text)) return *delay;
    return at_line(entry.line, fmt::format("{} is a time such as 50ms, 1.5s, 2m or never", entry.key));
}

Result<std::uint64_t> size_of(const yaml::Node::Entry& entry) {
    MULLION_ASSIGN(const std::string text, text_of(entry));
    if (const auto size = parse_size(text)) return *size;
    return at_line(entry.line, fmt::format("{} is a size such as 500, 64KiB or 100MB", entry.key));
}

Result<std::uint32_t> code_of(const yaml::Node::Entry& entry) {
    MULLION_ASSIGN(const std::string text, text_of(entry));
    if (const auto code = parse_code(text)) return *code;
    return at_line(entry.line, fmt::format("{} is a number of 32 bits, such as 3 or 0x803381A6", entry.key));
}

Result<void> expect_map(const yaml::Node& node, std::string_view what) {
    if (node.kind == yaml::Node::Kind::map) return {};
    return at_line(node.line, fmt::format("{} is a map of keys and values", what));
}

Result<void> expect_list(const yaml::Node::Entry& entry) {
    if (entry.value.kind == yaml::Node::Kind::list) return {};
    return at_line(entry.line, fmt::format("{} is a list", entry.key));
}

}  // namespace mullion::simulate
