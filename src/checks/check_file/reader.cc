#include "checks/check_file/reader.h"

namespace mullion::checks {

std::string without_dashes(std::string_view detail) {
    return std::string(detail.starts_with("--") ? detail.substr(2) : detail);
}

Error CheckFileReader::at(unsigned line, std::string_view what) const {
    Error error(ErrorId::usage_invalid, fmt::format("{}:{}: {}", file_, line, what));
    error.advice.emplace_back("docs/checks.md has every key of a check file, and an example.");
    return error;
}

Result<void> CheckFileReader::map(const Node& node, std::string_view what) const {
    if (node.kind == Node::Kind::map) return {};
    return at(node.line, fmt::format("{} is a map of keys and values", what));
}

Result<std::string> CheckFileReader::text(const Entry& entry) const {
    if (entry.value.kind != Node::Kind::scalar || entry.value.is_null())
        return at(entry.line, fmt::format("{} takes one value", entry.key));
    if (entry.value.scalar.size() > longest_text)
        return at(entry.line, fmt::format("{} is longer than {} bytes", entry.key, longest_text));
    return entry.value.scalar;
}

Result<std::vector<std::string>> CheckFileReader::texts(const Entry& entry, std::size_t most) const {
    if (entry.value.kind != Node::Kind::list)
        return at(entry.line, fmt::format("{} takes a list", entry.key));
    if (entry.value.list.size() > most)
        return at(entry.line, fmt::format("{} has more than {}", entry.key, most));
    std::vector<std::string> all;
    for (const auto& item : entry.value.list) {
        if (item.kind != Node::Kind::scalar || item.is_null())
            return at(item.line, fmt::format("{} is a list of words", entry.key));
        all.push_back(item.scalar);
    }
    return all;
}

Result<unsigned> CheckFileReader::number(const Entry& entry, unsigned least, unsigned most) const {
    MULLION_ASSIGN(const auto words, text(entry));
    unsigned value = 0;
    const auto read = std::from_chars(words.data(), words.data() + words.size(), value);
    if (read.ec != std::errc() || read.ptr != words.data() + words.size() || value < least || value > most)
        return at(entry.line, fmt::format("{} is a number from {} to {}", entry.key, least, most));
    return value;
}

Result<Status> CheckFileReader::status(const Entry& entry) const {
    MULLION_ASSIGN(const auto word, text(entry));
    if (word == "ok") return Status::ok;
    if (word == "warning") return Status::warning;
    if (word == "critical") return Status::critical;
    if (word == "unknown") return Status::unknown;
    return at(entry.line, fmt::format("{} is ok, warning, critical or unknown", entry.key));
}

Result<Condition> CheckFileReader::condition(const Entry& entry) const {
    MULLION_ASSIGN(const auto words, text(entry));
    auto read = Condition::compile(words, entry.key);
    if (!read.ok()) return at(entry.line, without_dashes(read.error().detail));
    return read;
}

Error CheckFileReader::unknown(const Entry& entry, std::string_view of,
                               const std::vector<std::string_view>& names) const {
    const auto near = nearest(entry.key, names);
    return at(entry.line,
              fmt::format("{} is not a key of {}{}", entry.key, of,
                          near.empty() ? std::string() : fmt::format("; did you mean {}?", near)));
}

}  // namespace mullion::checks
