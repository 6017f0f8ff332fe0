#include "simulate/cim_reader_parts.h"

#include <algorithm>

#include "wql/fold.h"
#include "wsman/cim/class_uri.h"

namespace mullion::simulate {

using Entry = yaml::Node::Entry;
using yaml::Node;

namespace {

std::optional<cim::Type> type_of(std::string_view name) {
    for (int at = 0; at < static_cast<int>(cim::Type::reference); ++at)
        if (wql::same_name(cim::type_name(static_cast<cim::Type>(at)), name))
            return static_cast<cim::Type>(at);
    return std::nullopt;
}

Error no_value(const Node& node, const CimCell& cell, std::string_view text) {
    return at_line(node.line,
                   fmt::format("{}: \"{}\" is no {}", cell.property, text, cim::type_name(cell.type)));
}

// Whether something is filled in; nothing when it is, but may not be here.
std::optional<bool> is_filled_in(std::string_view text, cim::Type type, bool counted) {
    const auto has = [text](std::string_view name) { return text.find(name) != std::string_view::npos; };
    const bool words = has("{host}") || has("{address}");
    if (words && type != cim::Type::string) return std::nullopt;
    return words || (counted && has("{n}"));
}

Result<void> add_text(CimCell& cell, const Node& node, bool counted, cim::Array& fixed) {
    if (node.kind != Node::Kind::scalar || is_null(node))
        return at_line(node.line, fmt::format("{} takes {}", cell.property,
                                              cell.array ? "a list of single values" : "one value"));
    const auto filled = is_filled_in(node.scalar, cell.type, counted);
    if (!filled) return no_value(node, cell, node.scalar);
    cell.words.push_back(node.scalar);
    if (*filled) return {};
    auto value = cim_scalar(cell.type, node.scalar);
    if (!value) return no_value(node, cell, node.scalar);
    fixed.push_back(*std::move(value));
    return {};
}

}  // namespace

bool is_null(const Node& node) {
    return node.is_null() || (node.kind == Node::Kind::scalar && node.plain && node.scalar == "null");
}

Result<Typed> typed(const Entry& entry, std::string_view mark) {
    MULLION_ASSIGN(const std::string words, text_of(entry));
    std::string_view rest = words;
    Typed found;
    if (rest.ends_with(mark) && rest.size() > mark.size() && rest[rest.size() - mark.size() - 1] == ' ') {
        found.marked = true;
        rest.remove_suffix(mark.size() + 1);
    }
    while (rest.ends_with(' ')) rest.remove_suffix(1);
    if (rest.ends_with("[]")) {
        found.array = true;
        rest.remove_suffix(2);
    }
    const auto type = type_of(rest);
    if (!type)
        return at_line(
            entry.line,
            fmt::format("{}: \"{}\" is no type: boolean, uint8 to uint64, sint8 to sint64, real32, "
                        "real64, string or datetime, with [] for arrays and then {}",
                        entry.key, words, mark));
    found.type = *type;
    return found;
}

Result<void> check_name(const Entry& entry, std::string_view what) {
    if (wsman::cim::is_cim_name(entry.key)) return {};
    return at_line(entry.line, fmt::format("\"{}\" is no name of a {}", entry.key, what));
}

Result<void> expect_few(const Entry& entry) {
    MULLION_TRY(expect_map(entry.value, entry.key));
    if (entry.value.map.size() <= most_cim_names) return {};
    return at_line(entry.line, fmt::format("over {} {}", most_cim_names, entry.key));
}

Result<CimCell> read_cell(FileReader& reader, CimCell cell, const Node& node, bool counted) {
    cim::Array fixed;
    if (cell.array && node.kind == Node::Kind::list) {
        for (const auto& element : node.list) MULLION_TRY(add_text(cell, element, counted, fixed));
    } else {
        MULLION_TRY(add_text(cell, node, counted, fixed));
    }
    reader.cim_values += std::max<std::size_t>(1, cell.words.size());
    if (reader.cim_values > most_cim_values)
        return at_line(node.line, fmt::format("over {} values of CIM", most_cim_values));
    if (fixed.size() != cell.words.size()) return cell;
    std::vector<std::string>().swap(cell.words);  // Their memory too: a million of them may stay.
    if (cell.array)
        cell.value = std::move(fixed);
    else
        cell.value = std::move(fixed.front());
    return cell;
}

bool has_cell(const std::vector<CimCell>& cells, std::string_view name) {
    return std::any_of(cells.begin(), cells.end(), [&](const auto& cell) { return cell.property == name; });
}

}  // namespace mullion::simulate
