#include "exporter/collector.h"

#include <algorithm>
#include <array>

namespace mullion::exporter {
namespace {

using Labels = std::array<std::string_view, Family::most_labels>;

// The labels of a row, and one behind them.
std::span<const std::string_view> with_last(Labels& all, std::initializer_list<std::string_view> labels,
                                            std::string_view last) {
    const std::size_t count = std::min(labels.size(), all.size() - 1);
    std::copy_n(labels.begin(), count, all.begin());
    all[count] = last;
    return std::span(all).first(count + 1);
}

// Divided where that is exact in more cases: 1e7 is a number of a double's, 1e-7 is none.
double scaled(std::uint64_t value, double factor) {
    if (factor == per_100ns) return static_cast<double>(value) / 1e7;
    return static_cast<double>(value) * factor;
}

}  // namespace

std::size_t Given::count(std::size_t source) const {
    const auto* rows = tables_.at(source).rows;
    return rows == nullptr ? 0 : rows->size();
}

Row Given::row(std::size_t source, std::size_t at) const {
    const auto& table = tables_.at(source);
    return {table.source->class_name, table.rows->at(at), problems_};
}

void add_columns(Page& page, const Row& row, std::span<const Column> columns,
                 std::initializer_list<std::string_view> labels) {
    for (const auto& column : columns) {
        const auto value = row.whole(column.property);
        if (!value) continue;
        const double number = scaled(*value, column.factor);
        if (column.label.empty()) {
            page.add(*column.family, labels, number);
        } else {
            Labels all = {};
            page.add(*column.family, with_last(all, labels, column.label), number);
        }
    }
}

bool is_total(std::string_view name) {
    return name == "_Total" || name.ends_with(",_Total");
}

void add_states(Page& page, const Family& family, std::span<const std::string_view> states,
                std::string_view now, std::initializer_list<std::string_view> labels) {
    for (const auto state : states) {
        Labels all = {};
        page.add(family, with_last(all, labels, state), state == now ? 1 : 0);
    }
}

}  // namespace mullion::exporter
