#include "cli/cim_table.h"

#include <algorithm>
#include <utility>

#include "cli/printable.h"
#include "client/cim_text.h"

namespace mullion::cli {
namespace {

constexpr std::size_t rows_for_widths = 200;
constexpr std::size_t widest = 60;  // One long value does not push all others off the screen.

// Characters, as good as that can be known: continuation bytes take no place.
std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::vector<std::string> head_of(std::vector<std::string> columns, bool hosts) {
    if (hosts) columns.insert(columns.begin(), "host");
    return columns;
}

}  // namespace

std::string cim_cell(const wsman::cim::Property& property) {
    std::string text;
    for (const auto& value : property.values) {
        if (&value != &property.values.front()) text += ", ";
        text += value.is_null() && property.values.size() > 1 ? "null" : client::cim_text(value);
    }
    return printable(text);
}

std::string cim_lines(const wsman::cim::Instance& instance) {
    std::string text;
    for (const auto& property : instance.properties) {
        const bool null = property.values.size() == 1 && property.values.front().is_null();
        auto value = null ? std::string("null") : cim_cell(property);
        text += printable(property.name) + (value.empty() ? " =" : " = ") + value + "\n";
    }
    return text;
}

CimTable::CimTable(std::vector<std::string> columns, bool hosts)
    : hosts_(hosts), columns_(head_of(std::move(columns), hosts)) {
    for (const auto& column : columns_) widths_.push_back(width_of(column));
}

std::string CimTable::line(const Cells& cells) const {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        text += cells[i];
        const auto width = width_of(cells[i]);
        text.append((width < widths_[i] ? widths_[i] - width : 0) + 2, ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
}

std::string CimTable::add(const std::string& host, const wsman::cim::Instance& row) {
    Cells cells;
    if (hosts_) cells.push_back(printable(host));
    for (std::size_t i = hosts_ ? 1 : 0; i < columns_.size(); ++i) {
        const auto* property = row.find(columns_[i]);
        cells.push_back(property == nullptr ? std::string() : cim_cell(*property));
    }
    if (begun_) return line(cells);
    waiting_.push_back(std::move(cells));
    return waiting_.size() < rows_for_widths ? std::string() : flush();
}

std::string CimTable::flush() {
    if (waiting_.empty()) return {};
    for (const auto& cells : waiting_)
        for (std::size_t i = 0; i < cells.size(); ++i)
            widths_[i] = std::max(widths_[i], std::min(width_of(cells[i]), widest));
    std::string text = begun_ ? std::string() : line(columns_);
    begun_ = true;
    for (const auto& cells : std::exchange(waiting_, {})) text += line(cells);
    return text;
}

}  // namespace mullion::cli
