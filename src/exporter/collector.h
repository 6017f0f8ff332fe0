// A collector: which classes it asks for, and what their rows mean as metrics. One file each in
// exporter/collectors; they do no I/O, and know neither hosts nor time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/ask.h"
#include "exporter/family.h"
#include "exporter/filters.h"
#include "exporter/page.h"
#include "exporter/row.h"

namespace mullion::exporter {

// One class that is asked for exactly these properties. Collectors that want the same class share the
// question.
struct Source {
    enum class Rows : std::uint8_t {
        always,  // Every host has some: none means that the account may not see them, and is an error.
        maybe,   // None is an answer: no page file, no network card.
    };
    enum class Known : std::uint8_t {
        everywhere,
        // Newer hosts only, or those with a feature. A host that refuses the question has no such metrics,
        // and that is no failure of the collector.
        somewhere,
    };

    std::string_view class_name;
    std::span<const std::string_view> properties;
    Rows rows = Rows::always;
    Known known = Known::everywhere;
    std::string_view cim_namespace = "root/cimv2";
};

// What stands for the answers to a collector's sources, in their order.
class Given {
public:
    struct Table {
        const Source* source;
        const checks::Rows* rows;  // Null: there is no such answer.
    };
    Given(std::vector<Table> tables, const Filters& filters, Problems& problems)
        : tables_(std::move(tables)), filters_(filters), problems_(problems) {}

    [[nodiscard]] std::size_t count(std::size_t source) const;
    [[nodiscard]] Row row(std::size_t source, std::size_t at) const;
    // Calls f(row) for each row of that source.
    template <class F>
    void each(std::size_t source, F f) const {
        for (std::size_t at = 0; at < count(source); ++at) f(row(source, at));
    }
    [[nodiscard]] const Filters& filters() const { return filters_; }
    [[nodiscard]] Problems& problems() const { return problems_; }

private:
    std::vector<Table> tables_;
    const Filters& filters_;
    Problems& problems_;
};

struct Collector {
    std::string_view name;  // windows_exporter's, where it has it.
    std::string_view help;
    std::span<const Source> sources;
    std::span<const Family* const> families;  // All that it can show.
    void (*read)(const Given& given, Page& page);
};

// All of them, by name.
[[nodiscard]] std::span<const Collector* const> collectors();
[[nodiscard]] const Collector* find_collector(std::string_view name);

// Most metrics are a property with a unit of its own. monitoring: take 64 bits in 100 ns where there are
// such, not the 32 bits in ticks beside them, which wrap after minutes.
struct Column {
    std::string_view property;
    const Family* family;
    double factor = 1;            // What one of the property is, in the metric's unit.
    std::string_view label = {};  // Of the family's last label, beside those of the row.
};
inline constexpr double per_100ns = 1e-7;
inline constexpr double kibibyte = 1024;
inline constexpr double mebibyte = 1024 * 1024;

// Those of the columns that are not null.
void add_columns(Page& page, const Row& row, std::span<const Column> columns,
                 std::initializer_list<std::string_view> labels = {});

// Times as FILETIME: 100 ns since 1601.
inline constexpr std::uint64_t filetime_of_1970 = 116'444'736'000'000'000;
// Seconds since 1970 of one that is not before.
[[nodiscard]] constexpr double unix_time(std::uint64_t filetime) {
    return static_cast<double>(filetime - filetime_of_1970) / 1e7;
}

// The sum of all instances, which Windows puts beside them: "_Total", "0,_Total". Queries add up by
// themselves.
[[nodiscard]] bool is_total(std::string_view name);

// One series for each state, 1 for the one that is, as windows_exporter has them. The state is the family's
// last label.
void add_states(Page& page, const Family& family, std::span<const std::string_view> states,
                std::string_view now, std::initializer_list<std::string_view> labels);

}  // namespace mullion::exporter
