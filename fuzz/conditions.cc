// Conditions and what else options of checks are made of: whatever is given is read or refused, and ends.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "check.h"
#include "checks/conditions/condition.h"
#include "checks/output/output.h"
#include "checks/regex.h"

namespace {

using namespace mullion::checks;

std::optional<std::string> variable(std::string_view name) {
    if (name == "value") return "12.5";
    if (name == "state") return "Running";
    return std::nullopt;
}

void check_condition(std::string_view text) {
    const auto condition = Condition::compile(text, "x");
    if (!condition) {
        FUZZ_CHECK(condition.error().detail.starts_with("--x: "));
        return;
    }
    const auto value = condition->value(variable);
    const auto holds = condition->holds(variable);
    FUZZ_CHECK(value.ok() == holds.ok());
    if (value) FUZZ_CHECK(is_true(*value) == *holds);
}

// The text as the value of each option that is parsed.
void check_options(std::string_view text) {
    Report report;
    report.say(Status::warning, "a text of the size of 80 %");
    report.add({.name = "a.size.bytes",
                .legacy = {},
                .instances = {"C:"},
                .value = "512",
                .unit = "B",
                .warning = "0:80",
                .max = "1024"});
    report.add({.name = "b.count", .legacy = {}, .value = "7", .critical = "@1:"});
    ModeInfo mode;
    mode.name = "fuzz";
    for (const auto* option :
         {"change-perfdata", "extend-perfdata-group", "change-short-output", "explode-perfdata-max"}) {
        Words words;
        words.add(option, std::string(text));
        const auto printed = print(report, mode, words, {});
        FUZZ_CHECK(printed.ok() || !printed.error().detail.empty());
        FUZZ_CHECK(!print_refusal(mullion::Error(mullion::ErrorId::usage_invalid, std::string(text)), words)
                        .text.empty());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_condition(text);
    check_options(text.substr(0, 400));
    return 0;
}
