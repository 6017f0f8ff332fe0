// A check that an operator wrote down: what to ask, what the answers mean, what to say of them.
// docs/checks.md, docs/formats/check.schema.json. Reading it opens no file.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "checks/check_file/template.h"
#include "checks/conditions/condition.h"
#include "checks/formula.h"
#include "checks/status.h"
#include "core/result.h"

namespace mullion::checks {

inline constexpr std::size_t longest_check_file = 256 * 1024;

// What a name stands for in each row, beside the properties of the row.
struct ValueRule {
    enum class Kind : std::uint8_t { plain, difference, counter, calculated };
    std::string name;
    unsigned line = 1;
    Kind kind = Kind::plain;
    std::string property = {};                         // Of all but what is calculated.
    CounterType type = CounterType::rawcount;          // Of a counter; what follows goes with that.
    std::string base = {}, time = {}, frequency = {};  // Empty: the type takes none.
    unsigned bits = 64, base_bits = 64;
    std::optional<Condition> calculation = {};
    std::map<std::string, std::string, std::less<>> words = {};  // What it says, by what the host says.
    std::optional<std::string> otherwise = {};                   // For null, and for what is not in `words`.

    [[nodiscard]] bool two_looks() const {
        return kind == Kind::difference || (kind == Kind::counter && needs_two_looks(type));
    }
};

// How a number is put into a text.
enum class Shown : std::uint8_t { number, bytes, bits, duration };

// What is judged: a number by ranges; without one, the row by conditions.
struct CounterRule {
    std::string label, metric;
    unsigned line = 1;
    std::optional<Condition> value = {};
    std::string unit = {};
    std::optional<int> decimals = {};
    Shown shown = Shown::number;
    Template text = {}, min = {}, max = {};
    std::string warning = {}, critical = {}, unknown = {};
    bool skip_missing = false;
};

struct CheckFile {
    std::string name, help;
    std::string wql;
    std::string cim_namespace = "root/cimv2";
    // All that the host is asked for, where that is known: of a class, not of a query.
    std::optional<std::vector<std::string>> properties = {};
    std::string instance = {};  // The property that names a row; empty: there is one row.
    std::string include = {}, exclude = {};
    std::optional<Condition> only = {};
    std::vector<ValueRule> values = {};
    std::vector<CounterRule> counters = {};
    std::optional<CounterRule> count = {};  // Of the rows.
    Template prefix = {};
    std::optional<Template> line = {};  // Of long output.
    std::string all_ok = {};
    Status empty = Status::unknown;
    std::string empty_text = {};
    std::string text = {};  // Of the file: other words have other last values.

    [[nodiscard]] bool two_looks() const;
    [[nodiscard]] const ValueRule* find(std::string_view value) const;
};

// Errors: usage.invalid, "FILE:LINE: what".
[[nodiscard]] Result<std::shared_ptr<const CheckFile>> read_check_file(std::string_view text,
                                                                       const std::string& file);
// The keys of each map in it, for whoever holds the schema to them.
[[nodiscard]] std::map<std::string, std::set<std::string>> check_file_keys();

// What makes a description whole, wherever it came from: names that are used and not there, labels that
// clash, the query. `properties` are those that the text declares, if it does. Errors: usage.invalid,
// "FILE:LINE: what", or without a file "what".
[[nodiscard]] Result<void> complete(CheckFile& check, const std::string& class_name, const std::string& where,
                                    const std::string& file);
// Of a counter's type: the properties that go with it, and how wide they are.
void set_counter_type(ValueRule& rule, CounterType type);

[[nodiscard]] bool is_cim_name(std::string_view text);
[[nodiscard]] bool is_label(std::string_view text);
[[nodiscard]] bool is_metric_name(std::string_view text);
[[nodiscard]] bool is_cim_namespace(std::string_view text);

}  // namespace mullion::checks
