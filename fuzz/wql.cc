// Queries: what is read prints and reads as the same query, and means the same rows; a fault is inside of the
// text. The parts that can stand alone (paths, patterns, dates, numbers) are fed with the text as well.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "wql/fold.h"
#include "wql/match.h"
#include "wql/parse.h"
#include "wql/shape.h"

namespace {

using namespace mullion::wql;
using Type = PropertyShape::Type;

const ClassShape shape = {"X",
                          {{"t", Type::text},
                           {"b", Type::boolean},
                           {"n", Type::number},
                           {"d", Type::datetime},
                           {"r", Type::reference},
                           {"o", Type::object},
                           {"a", Type::text, true}}};

// Every type under a letter; anything else is NULL.
class SyntheticRow : public Row {
public:
    [[nodiscard]] Value value(std::string_view property) const override {
        switch (property.empty() ? '\0' : property.front() | 0x20) {
            case 't':
                return std::string_view("Some Text_ü [x] %");
            case 'b':
                return true;
            case 'n':
                return Number(std::uint64_t{18446744073709551615u});
            case 'i':
                return Number(std::int64_t{-42});
            case 'f':
                return Number(0.25);
            case 'd':
                return DateTime{false, 1'451'001'600'000'000};
            case 's':
                return DateTime{true, 90'000'000'000};
            case 'r':
                return Reference{"Y.a=\"b\""};
            case 'a':
                return Array{};
            case 'o':
                return static_cast<const Row*>(this);
            default:
                return Null{};
        }
    }
    [[nodiscard]] bool is_a(std::string_view class_name) const override { return same_name(class_name, "X"); }
};

void check_fault(const Fault& fault, std::string_view text) {
    FUZZ_CHECK(fault.place <= text.size() && fault.column <= fault.place + 1 && !fault.expected.empty());
    FUZZ_CHECK(fault.found.empty() == (fault.place == text.size()));
    for (const char c : fault.text()) FUZZ_CHECK(static_cast<unsigned char>(c) >= ' ' && c != 0x7F);
}

void check_select(const Select& select, const Select& again, std::string_view text) {
    const SyntheticRow row;
    const bool meant = matches(select, row);
    FUZZ_CHECK(meant == matches(again, row));
    if (select.where) {
        Expression negated;
        negated.kind = Expression::Kind::negation;
        negated.parts.push_back(*select.where);
        FUZZ_CHECK(
            static_cast<int>(evaluate(*select.where, row)) + static_cast<int>(evaluate(negated, row)) == 2);
    }
    if (const auto fault = check(select, text, shape)) check_fault(*fault, text);
    FUZZ_CHECK(selected(select, shape).size() <= shape.properties.size());
}

void check_query(std::string_view text, const Limits& limits) {
    const auto read = parse(text, limits);
    if (const auto* fault = std::get_if<Fault>(&read)) return check_fault(*fault, text);
    FUZZ_CHECK(text.size() <= limits.bytes);
    const auto& query = std::get<Query>(read);
    const auto printed = print(query);
    Limits wide = limits;
    wide.bytes = 8 * limits.bytes + 1000;  // Escapes and blanks that were not there.
    const auto second = parse(printed, wide);
    FUZZ_CHECK(std::holds_alternative<Query>(second) && std::get<Query>(second) == query);
    const auto& again = std::get<Query>(second);
    FUZZ_CHECK(print(again) == printed);
    if (const auto* select = std::get_if<Select>(&query))
        check_select(*select, std::get<Select>(again), text);
}

void check_path(std::string_view text) {
    const auto read = parse_object_path(text);
    if (const auto* fault = std::get_if<Fault>(&read)) return check_fault(*fault, text);
    const auto again = parse_object_path(print(std::get<ObjectPath>(read)));
    FUZZ_CHECK(std::holds_alternative<ObjectPath>(again));
    FUZZ_CHECK(std::get<ObjectPath>(again) == std::get<ObjectPath>(read));
}

void check_constants(std::string_view text) {
    if (const auto number = read_number(text)) FUZZ_CHECK(read_number(write_number(*number)) == number);
    (void)parse_datetime(text, 60);
    const auto pattern = parse_like(text, 1024);
    if (const auto* good = std::get_if<LikePattern>(&pattern)) {
        const bool plain = text.find_first_of("%_[") == std::string_view::npos;
        FUZZ_CHECK(!plain || good->matches(text));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_query(text, {});
    Limits narrow;
    narrow.bytes = 200;
    narrow.depth = 3;
    narrow.terms = 4;
    narrow.properties = 3;
    narrow.nested = 2;
    narrow.pattern = 6;
    narrow.path = {8, 2, 2};
    check_query(text, narrow);
    check_path(text);
    check_constants(text);
    return 0;
}
